"""Versions of the plan to read and compare, what becomes of a revision, a change beside the list, endorsement."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admission import actions
from admission.models import Application
from admission.presentation.case import RELATED, Case
from admission.presentation.changes import beside_the_list
from admission.procedure import Kind
from tests.admission import world as ways
from tests.admission.signing import send, signed_in
from tests.factories import admitted, content


@pytest.fixture(autouse=True)
def _a_working_day(world):
    with time_machine.travel(world.at(), tick=False):
        yield


def url(name, application, *further):
    return reverse(f"admission:{name}", args=[application.pk, *further])


def revised(world, application, **plan):
    """The applicant has begun a new version."""
    return actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan=plan or {"goal": "新的目标。"})
    )


def fresh(application):
    return Application.objects.get(pk=application.pk)


# --- reading -----------------------------------------------------------------------------------------------
def test_a_version_under_way_is_the_applicants_alone(world):
    asked = revised(world, ways.consulted(world))
    mine = signed_in(world.actors["dept"]).get(url("plan", asked))
    assert "新的目标。" in mine.content.decode()
    assert [button["label"] for button in mine.context["head_actions"]] == ["修改方案", "和第 1 版比较", "打印"]
    for who in ("office", "street0", "community0"):
        client = signed_in(world.actors[who])
        page = client.get(url("plan", asked))
        assert "新的目标。" not in page.content.decode(), who
        assert [button["label"] for button in page.context["head_actions"]] == ["打印"]
        assert client.get(url("plan", asked, 2)).status_code == 404, who
        assert client.get(url("plan-diff", asked, 1, 2)).status_code == 404, who


def test_a_plan_is_read_by_whoever_may_know_of_the_application(world):
    draft = ways.drafted(world)
    assert signed_in(world.actors["dept"]).get(url("plan", draft)).status_code == 200
    for who in ("office", "street0", "host", "member"):
        assert signed_in(world.actors[who]).get(url("plan", draft)).status_code == 404, who


def test_the_page_and_the_dossier_keep_a_version_under_way_to_the_applicant(world):
    asked = revised(world, ways.consulted(world), goal="只有申请单位知道的目标。")
    pages = [reverse(f"admission:{name}", args=[asked.pk]) for name in ("application", "dossier")]
    seen = {
        who: ["只有申请单位知道的目标。" in signed_in(world.actors[who]).get(page).content.decode() for page in pages]
        for who in ("dept", "office", "street0", "community0", "director")
    }
    assert seen == {who: [who == "dept"] * 2 for who in seen}
    for_office = signed_in(world.actors["office"]).get(pages[0])
    assert "比较方案的版本" not in for_office.content.decode()


def test_two_versions_are_compared_row_by_row(world):
    asked = ways.coordinating(world)
    revised(world, asked, process=["告知", "带路", "登记", "复查", "报告"], people="三名专业人员。")
    page = signed_in(world.actors["dept"]).get(url("plan-diff", asked))
    assert [(row.name, row.before, row.after) for row in page.context["rows"]] == [
        ("操作流程第 4 行", "", "复查"),
        ("人员保障", "每街道两名专业人员。", "三名专业人员。"),
    ]
    assert "工作目标" in page.context["same"]


def test_another_pair_is_chosen_in_the_address(world):
    asked = ways.consulted(world)
    for people in ("三名。", "四名。"):
        revised(world, fresh(asked), people=people)
        actions.reopen_consultation(fresh(asked), by=world.actors["dept"], at=world.at(), bodies=[world.streets[0]])
    client = signed_in(world.actors["street0"])
    newest = client.get(url("plan-diff", asked))
    assert (newest.context["old"].number, newest.context["new"].number) == (2, 3)
    chosen = client.get(url("plan-diff", asked) + "?before=1&after=3")
    assert [(row.before, row.after) for row in chosen.context["rows"]] == [("每街道两名专业人员。", "四名。")]
    assert client.get(url("plan-diff", asked) + "?before=1&after=9").context["new"].number == 3


# --- what becomes of a revision ----------------------------------------------------------------------------
def test_a_revision_that_touches_nobody_is_declared_with_its_reason(world):
    asked = revised(world, ways.consulted(world), guidance_contact="科室电话")
    client = signed_in(world.actors["dept"])
    assert "写明理由；涉及街道、社区要做的事，请再次征询。" in send(client, url("untouched", asked)).content.decode()
    assert send(client, url("untouched", asked), reason="只改了联系电话。").status_code == 302
    assert fresh(asked).revision_untouched_reason == "只改了联系电话。"


def test_without_a_revision_there_is_nothing_to_declare(world):
    asked = ways.consulted(world)
    page = signed_in(world.actors["dept"]).get(url("untouched", asked))
    assert page.context["problems"] == ["方案没有新的修改。先修改方案，再办这一步。"]
    assert signed_in(world.actors["office"]).get(url("untouched", asked)).status_code == 403
    assert signed_in(world.actors["host"]).get(url("untouched", asked)).status_code == 404


def test_a_declaration_made_from_an_old_page_shows_what_changed(world):
    asked = revised(world, ways.consulted(world))
    client = signed_in(world.actors["dept"])
    answer = client.post(url("untouched", asked), {"seen": asked.version - 1, "reason": "没有涉及。"})
    assert answer.status_code == 409
    assert "没有涉及。" in answer.content.decode()
    assert fresh(asked).revision_untouched_reason == ""


def test_the_revised_plan_is_fixed_after_the_meeting(world):
    heard = revised(world, ways.deliberated(world, conclusion="admit_amended"), people="三名专业人员。")
    client = signed_in(world.actors["dept"])
    assert "三名专业人员。" in client.get(url("revised-plan", heard)).content.decode()
    assert send(client, url("revised-plan", heard)).status_code == 302
    assert heard.plans.get(number=2).frozen_at is not None
    assert signed_in(world.actors["street0"]).get(url("revised-plan", heard)).status_code == 403


# --- a change beside the list ------------------------------------------------------------------------------
def changing(world):
    """A change of a listed item, half filled in."""
    said = content(
        department_text="应急管理局", department_id=world.units["dept"].pk, category="undertake", does="上门登记。"
    )
    item = admitted(world.county, said=said, at=world.at(), scope=[world.streets[0].code])
    made = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.CHANGE, item=item)
    return actions.save_draft(
        made, by=world.actors["dept"], at=world.at(),
        fields={"category": "assist", "starts_on": date(2027, 1, 4), "ends_on": date(2027, 12, 31)},
        rows=actions.DraftRows(scope=world.streets, plan={"community_does": "协助登记。"}),
    )  # fmt: skip


def beside(world, application):
    """Every field of a change beside what is listed, for its applicant."""
    row = Application.objects.select_related(*RELATED).get(pk=application.pk)
    return beside_the_list(Case(row, world.actors["dept"], date(2026, 11, 2)))


def test_a_change_is_shown_field_by_field_beside_what_is_listed(world):
    change = changing(world)
    rows = {row.name: (row.before, row.after) for row in beside(world, change) if row.changed}
    assert rows == {
        "类别": ("承办", "协助"),
        "社区做什么": ("上门登记。", "协助登记。"),
        "实施范围": ("嵩山路街道", "嵩山路街道、泰山路街道"),
        "施行期间": ("2026年1月1日起，常态工作", "2027年1月4日至2027年12月31日"),
    }
    client = signed_in(world.actors["dept"])
    for page in (url("difference", change), reverse("admission:edit-check", args=[change.pk])):
        assert "上门登记。" in client.get(page).content.decode()


def test_only_a_change_has_such_a_page(world):
    draft = ways.drafted(world)
    assert signed_in(world.actors["dept"]).get(url("difference", draft)).status_code == 404
    assert beside(world, draft) == []
    assert signed_in(world.actors["host"]).get(url("difference", changing(world))).status_code == 404


# --- endorsement -------------------------------------------------------------------------------------------
def prepared(world):
    """A street's draft for a department."""
    return ways.drafted(world, by="street0", applicant=world.units["dept"])


def test_the_department_reads_the_draft_and_takes_it_over(world):
    draft = prepared(world)
    client = signed_in(world.actors["dept"])
    page = client.get(url("endorse", draft)).content.decode()
    for said in ("嵩山路街道办事处代应急管理局起草", "安全生产法 第九条", "每街道两名专业人员。", "认可，由本单位负责"):
        assert said in page
    assert send(client, url("endorse", draft)).status_code == 302
    assert fresh(draft).endorsed_at is not None
    assert "本件已经认可过了，不用再办。" in client.get(url("endorse", draft)).content.decode()


def test_a_draft_that_the_street_changed_meanwhile_has_to_be_read_again(world):
    draft = prepared(world)
    client = signed_in(world.actors["dept"])
    seen = draft.version
    actions.save_draft(draft, by=world.actors["street0"], at=world.at(), fields={"title": "改过的名称"})
    answer = client.post(url("endorse", draft), {"seen": seen})
    assert answer.status_code == 409
    assert "嵩山路街道办事处 · 街道（乡镇）经办：修改申请" in answer.content.decode()
    assert fresh(draft).endorsed_at is None


def test_only_the_department_endorses(world):
    draft = prepared(world)
    assert signed_in(world.actors["street0"]).get(url("endorse", draft)).status_code == 403
    assert signed_in(world.actors["host"]).get(url("endorse", draft)).status_code == 404
    own = ways.drafted(world)
    assert signed_in(world.actors["dept"]).get(url("endorse", own)).status_code == 403


# --- queries -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["plan", "plan-diff"])
def test_the_number_of_queries_does_not_grow_with_the_versions(world, name, django_assert_num_queries):
    asked = ways.consulted(world)
    revised(world, fresh(asked), people="三名。")
    client = signed_in(world.actors["dept"])
    client.get(url(name, asked))
    with CaptureQueriesContext(connection) as few:
        client.get(url(name, asked))
    for n in range(4, 8):
        actions.reopen_consultation(fresh(asked), by=world.actors["dept"], at=world.at(), bodies=[world.streets[0]])
        revised(world, fresh(asked), people=f"{n} 名。")
    with django_assert_num_queries(len(few)):
        client.get(url(name, asked))
