"""The consultation on its pages: a body answers once, a street also for its communities, the applicant responds."""

from datetime import date

import pgtrigger
import pytest
import time_machine
from django.urls import reverse

from admission import actions
from admission.models import Application, ConsultationRound, Opinion
from admission.presentation.facts import Facts
from base.errors import RuleViolation
from tests.admission import world as ways
from tests.admission.signing import hidden_fields, send, signed_in


@pytest.fixture
def asked(world) -> Application:
    """Everybody was asked, nobody has answered."""
    return actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())


def row(application, place) -> Opinion:
    return Opinion.objects.current(application).filter(body=place)[0]


def page(name: str, opinion: Opinion) -> str:
    return reverse(f"admission:{name}", args=[opinion.pk])


def test_a_community_answers_in_its_own_words(world, asked):
    opinion = row(asked, world.communities[0])
    client = signed_in(world.actors["community0"])
    shown = client.get(page("opinion", opinion)).content.decode()
    assert "带路、告知、登记、报告。" in shown
    assert "本街道没有答复的" not in shown
    said = {"stance": "conditional", "points": "要有人带队。", "suggested_change": "加一名网格员", "capacity": "2 人"}
    done = client.post(page("opinion", opinion), said, follow=True)
    assert "答复已提交。" in done.content.decode()
    opinion.refresh_from_db()
    assert (opinion.stance, opinion.points, opinion.capacity) == ("conditional", "要有人带队。", "2 人")
    assert opinion.answered_by == "嵩山1社区 · 社区"


@pytest.mark.parametrize("stance", ["conditional", "objection"])
def test_who_does_not_simply_agree_says_why(world, asked, stance):
    opinion = row(asked, world.streets[0])
    answer = signed_in(world.actors["street0"]).post(page("opinion", opinion), {"stance": stance, "capacity": "3 人"})
    assert answer.context["form"].errors == {"points": ["有条件或者有异议的，写明是哪一点、为什么。"]}
    assert 'value="3 人"' in answer.content.decode()
    assert row(asked, world.streets[0]).answered_at is None


def test_a_stance_must_be_chosen(world, asked):
    answer = signed_in(world.actors["street0"]).post(page("opinion", row(asked, world.streets[0])), {})
    assert answer.context["form"].errors == {"stance": ["还没有选态度。"]}


def test_a_street_answers_for_all_its_communities_or_for_some(world, asked):
    own, other = world.communities[:2], world.communities[2:]
    client = signed_in(world.actors["street0"])
    said = {"stance": "no_objection", "all_communities": "on"}
    done = client.post(page("opinion", row(asked, world.streets[0])), said, follow=True)
    assert "答复已提交，连同 2 个社区。" in done.content.decode()
    assert [row(asked, place).on_behalf_by for place in own] == [world.streets[0]] * 2
    some = {"stance": "no_objection", "on_behalf_of": [other[1].pk]}
    signed_in(world.actors["street1"]).post(page("opinion", row(asked, world.streets[1])), some)
    assert [row(asked, place).stance for place in other] == ["", "no_objection"]


def test_a_community_reads_what_its_street_answered_for_it(world, asked):
    said = {"stance": "conditional", "points": "人手不够。", "on_behalf_of": world.communities[:1]}
    actions.give_opinion(row(asked, world.streets[0]), by=world.actors["street0"], at=world.at(), **said)
    answer = signed_in(world.actors["community0"]).get(page("opinion", row(asked, world.communities[0])))
    assert "街道已代为答复：有条件同意。" in answer.content.decode()
    assert "嵩山路街道代本社区的答复" in answer.content.decode()
    assert "“人手不够。”" in answer.content.decode()


def test_a_street_cannot_answer_for_the_communities_of_another(world, asked):
    said = {"stance": "no_objection", "on_behalf_of": [world.communities[3].pk]}
    answer = signed_in(world.actors["street0"]).post(page("opinion", row(asked, world.streets[0])), said)
    assert "on_behalf_of" in answer.context["form"].errors
    assert row(asked, world.streets[0]).answered_at is None


def test_an_answer_is_given_once(world, asked):
    opinion = row(asked, world.streets[0])
    client = signed_in(world.actors["street0"])
    assert client.post(page("opinion", opinion), {"stance": "no_objection"}).status_code == 302
    second = client.post(page("opinion", opinion), {"stance": "objection", "points": "改主意了。"})
    assert second.status_code == 409
    assert "本单位已经答复过了，答复不能修改。" in second.content.decode()
    assert "改主意了。" in second.content.decode()
    assert row(asked, world.streets[0]).stance == "no_objection"


@pytest.mark.parametrize(("who", "status"), [("street1", 403), ("community0", 403), ("office", 403), ("admin", 404)])
def test_nobody_answers_for_a_street(world, asked, who, status):
    opinion = row(asked, world.streets[0])
    answer = signed_in(world.actors[who]).get(page("opinion", opinion))
    assert answer.status_code == status
    if status == 403:
        assert "只能由被征询的街道、社区自己答复。" in answer.content.decode()


def test_the_applicant_responds_once_to_what_was_contested(world):
    application = ways.consulted(world, stances={world.streets[1].code: "objection"})
    opinion = row(application, world.streets[1])
    client = signed_in(world.actors["dept"])
    assert "检测线路应由专业队伍承担。" in client.get(page("respond", opinion)).content.decode()
    empty = send(client, page("respond", opinion))
    assert set(empty.context["form"].errors) == {"fate", "reason"}
    said = {"fate": "partly", "reason": "改由专业机构检测。"}
    form = hidden_fields(client.get(page("respond", opinion)))
    assert "每条意见都有了说明" in client.post(page("respond", opinion), form | said, follow=True).content.decode()
    again = client.post(page("respond", opinion), form | said)
    assert again.status_code == 409
    assert "这条意见已经说明过采纳情况。" in again.content.decode()
    agreed = row(application, world.streets[0])
    assert "只有有条件同意和有异议的意见需要说明采纳情况。" in client.get(page("respond", agreed)).content.decode()


def test_only_the_applicant_responds(world):
    application = ways.consulted(world, stances={world.streets[1].code: "objection"})
    refused = signed_in(world.actors["street1"]).get(page("respond", row(application, world.streets[1])))
    assert refused.status_code == 403
    assert "由申请单位说明采纳情况。" in refused.content.decode()


def head(world, application, who) -> str:
    """Whom the page of the application says it waits for."""
    shown = signed_in(world.actors[who]).get(reverse("admission:application", args=[application.pk]))
    return shown.context["case"].waiting.sentence


def revise(world, application) -> None:
    rows = actions.DraftRows(plan={"people": "每街道三名专业人员。"})
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=rows)


def test_a_new_version_goes_to_those_it_touches_and_they_read_what_changed(world):
    application = ways.consulted(world, stances={world.streets[1].code: "objection"})
    client, url = signed_in(world.actors["dept"]), reverse("admission:reopen", args=[application.pk])
    assert "方案没有新的版本，先修改方案再征询。" in client.get(url).content.decode()
    revise(world, application)
    shown = client.get(url)
    assert shown.context["form"].initial["bodies"] == [str(world.streets[1].pk)]
    assert "每街道三名专业人员。" in shown.content.decode()
    assert ">发出征询</button>" in shown.content.decode()
    assert send(client, url).context["form"].errors == {"bodies": ["至少选一个单位。"]}
    done = client.post(url, {**hidden_fields(shown), "bodies": [world.streets[1].pk]})
    assert done.status_code == 302
    assert ConsultationRound.objects.filter(application=application).count() == 2
    asked_again = signed_in(world.actors["street1"]).get(page("opinion", row(application, world.streets[1])))
    html = asked_again.content.decode()
    for words in ("第 1 轮您是这样答复的", "检测线路应由专业队伍承担。", "每街道三名专业人员。", "第 2 版方案要点"):
        assert words in html


def edit_after_asking(world, application) -> None:
    """The applicant works on: form and plan both say something else now."""
    actions.save_draft(
        application, by=world.actors["dept"], at=world.at(),
        fields={
            "subject_type": "ledger", "starts_on": date(2027, 2, 1), "workload_hours": "40", "adds_ledger": "新的台账",
        },
        rows=actions.DraftRows(plan={"community_does": "社区自己检测。", "people": "每街道三名专业人员。"}),
    )  # fmt: skip


def facts_of(answer) -> dict[str, tuple[str, str]]:
    return {fact.name: (fact.before, fact.after) for fact in answer.context["facts"]}


def test_a_body_reads_what_the_round_put_to_it_not_what_the_draft_says_by_now(world, asked):
    edit_after_asking(world, asked)
    Application.objects.filter(pk=asked.pk).update(title="改了名的事项")
    asked.scope.set(world.streets[:1])
    answer = signed_in(world.actors["street0"]).get(page("opinion", row(asked, world.streets[0])))
    html = answer.content.decode()
    for put in ("2027年1月4日", "带路、告知、登记、报告。", "每街道两名专业人员。", ways.FIELDS["title"], "泰山路街道"):
        assert put in html
    for later in ("2027年2月1日", "社区自己检测。", "每街道三名专业人员。", "40 人时", "新的台账", "改了名的事项"):
        assert later not in html
    assert reverse("admission:plan", args=[asked.pk, 1]) in html
    assert "对象" not in facts_of(answer)
    assert not any(fact.changed for fact in answer.context["facts"])


def test_in_a_new_round_what_changed_since_the_last_answer_is_marked(world):
    application = ways.consulted(world, stances={world.streets[1].code: "objection"})
    edit_after_asking(world, application)
    for people in ("每街道四名专业人员。", "每街道五名专业人员。"):  # asked again twice, and edited on after that
        actions.reopen_consultation(application, by=world.actors["dept"], at=world.at(), bodies=world.streets[1:])
        rows = actions.DraftRows(plan={"people": people})
        actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=rows)
    answer = signed_in(world.actors["street1"]).get(page("opinion", row(application, world.streets[1])))
    assert {name: said for name, said in facts_of(answer).items() if said[0] != said[1]} == {
        "对象": ("工作事项", "台账"),
        "社区做": ("带路、告知、登记、报告。", "社区自己检测。"),
        "起止": ("2027年1月4日至2027年6月30日", "2027年2月1日至2027年6月30日"),
        "人员": ("每街道两名专业人员。", "每街道四名专业人员。"),
        "工作量": ("", "每社区每月 40 人时"),
        "新增负担": ("没有", "新设台账：新的台账"),
    }
    html = answer.content.decode()
    assert "<ins>每街道四名专业人员。</ins>" in html
    assert "原来：每街道两名专业人员。" in html
    assert "每街道五名专业人员。" not in html
    assert "第 1 轮您是这样答复的" in html  # the second round was not answered
    assert reverse("admission:plan-diff", args=[application.pk, 1, 3]) in html


def test_a_version_older_than_the_kept_form_counts_as_unchanged_in_what_it_does_not_hold(world, asked):
    edit_after_asking(world, asked)
    with pgtrigger.ignore("admission.ImplementationPlan:plan_frozen"):
        asked.plans.update(form={})
    answer = signed_in(world.actors["street0"]).get(page("opinion", row(asked, world.streets[0])))
    assert facts_of(answer)["起止"] == ("2027年2月1日至2027年6月30日",) * 2


def test_a_body_that_was_never_asked_cannot_be_chosen(world):
    application = ways.consulted(world)
    revise(world, application)
    answer = send(
        signed_in(world.actors["dept"]), reverse("admission:reopen", args=[application.pk]), bodies=[world.county.pk]
    )
    assert "bodies" in answer.context["form"].errors


def test_an_old_round_is_not_answered_any_more(world):
    application = ways.consulted(world, stances={world.streets[1].code: "objection"})
    old = row(application, world.streets[1])
    revise(world, application)
    actions.reopen_consultation(application, by=world.actors["dept"], at=world.at(), bodies=world.streets[1:])
    client = signed_in(world.actors["street1"])
    assert "本单位已经答复过了" in client.get(page("opinion", old)).content.decode()
    assert client.get(page("opinion", row(application, world.streets[1]))).status_code == 200


def test_markup_in_an_opinion_stays_text(world, asked):
    said = {"stance": "objection", "points": "<script>alert(1)</script>"}
    signed_in(world.actors["street0"]).post(page("opinion", row(asked, world.streets[0])), said)
    for who, url in (
        ("dept", page("respond", row(asked, world.streets[0]))),
        ("office", reverse("admission:application", args=[asked.pk])),
    ):
        html = signed_in(world.actors[who]).get(url).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_text_of_ten_thousand_characters_is_refused_at_its_field(world, asked):
    said = {"stance": "objection", "points": "长" * 10_000}
    answer = signed_in(world.actors["street0"]).post(page("opinion", row(asked, world.streets[0])), said)
    assert answer.context["form"].errors["points"] == ["最多 4000 字，现在有 10000 字，请缩短。"]


def test_the_answering_page_needs_a_fixed_number_of_queries(world, asked, django_assert_max_num_queries):
    client = signed_in(world.actors["street0"])
    with django_assert_max_num_queries(25):
        client.get(page("opinion", row(asked, world.streets[0])))


def test_who_has_no_objection_asks_for_no_change(world, asked):
    """What is to be changed is a condition: a case that everybody has no objection to may go the simple way."""
    opinion = row(asked, world.streets[0])
    url, typed = page("opinion", opinion), {"stance": "no_objection", "suggested_change": "检测线路不要社区做。"}
    refused = send(signed_in(world.actors["street0"]), url, **typed)
    assert list(refused.context["form"].errors) == ["suggested_change"]
    assert typed["suggested_change"] in refused.content.decode()
    with pytest.raises(RuleViolation, match="没有别的要求"):
        actions.give_opinion(opinion, by=world.actors["street0"], at=world.at(), **typed)
    opinion.refresh_from_db()
    assert opinion.answered_at is None


def test_who_reads_is_addressed_where_the_application_waits_for_them(world, asked):
    with time_machine.travel(world.at(), tick=False):
        heads = {who: head(world, asked, who) for who in ("street0", "street1", "office")}
    assert heads["street0"].startswith("等您、")
    assert heads["street1"].count("您") == 1
    assert "您" not in heads["office"]


def test_who_has_not_signed_is_addressed_and_who_only_shares_the_unit_is_not(world):
    application = ways.noticed(world)
    with time_machine.travel(world.at(), tick=False):
        for who in ("street0", "community0", "dept"):
            assert "您" in as_read_by(world, application, who).receipts[application.pk], who
        assert "您" not in as_read_by(world, application, "member_host").receipts[application.pk]
    before = ways.approved(world)
    with time_machine.travel(world.at(), tick=False):
        assert head(world, before, "office") == "准予准入，等您下发工作告知单"
        assert head(world, before, "member_host") == "准予准入，等民政局下发工作告知单"


def as_read_by(world, application, who) -> Facts:
    return Facts([application], on=date(2026, 11, 21), reader=world.actors[who])


def test_a_changed_plan_waits_for_its_applicant_whatever_was_answered_before(world):
    application = ways.consulted(world)
    revise(world, application)
    assert head(world, application, "street0") == "方案有了新的修改，等应急管理局再次征询，或者说明不涉及街道和社区"
    assert head(world, application, "dept") == "方案有了新的修改，等您再次征询，或者说明不涉及街道和社区"
