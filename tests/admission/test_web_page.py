"""The page of one application: for every state and everybody who may know of it, in a fixed number of queries."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from admission import actions
from admission.models import Application, Opinion, Watch
from admission.presentation.case import RELATED, Case
from admission.presentation.possible import possible
from admission.presentation.warnings import warnings
from admission.procedure import State
from base.errors import RuleViolation
from communities.models import Community, Division
from communities.roles import Role
from tests.admission import world as ways
from tests.admission.signing import signed_in


def page(application):
    return reverse("admission:application", args=[application.pk])


def case_of(world, application, who: str) -> Case:
    row = Application.objects.select_related(*RELATED).get(pk=application.pk)
    return Case(row, world.actors[who], timezone.localtime(row.changed_at).date())


@pytest.mark.parametrize("state", list(State))
def test_whoever_may_know_of_it_reads_it_and_no_button_leads_to_a_refusal(world, state):
    application = ways.WAYS[state](world)
    with time_machine.travel(world.at(), tick=False):
        for actor in world.actors.values():
            seen = Application.objects.visible_to(actor).filter(pk=application.pk).exists()
            client = signed_in(actor)
            shown = client.get(page(application))
            assert shown.status_code == (200 if seen else 404), actor.label
            buttons = shown.context["possible"].actions if seen else []
            assert sum(button["primary"] for button in buttons) <= 1
            for button in buttons:
                answer = client.get(button["url"], follow=True)
                assert answer.status_code == 200, (actor.label, button)
                assert not answer.context.get("problems"), (actor.label, button)


def test_the_page_says_who_it_waits_for_until_when_and_why(world):
    application = ways.drafted(world)
    actions.open_consultation(application, by=world.actors["dept"], at=world.at())
    with time_machine.travel(world.at(), tick=False):
        html = signed_in(world.actors["office"]).get(page(application)).content.decode()
    assert "等嵩山路街道、泰山路街道书面答复" in html
    assert "11月9日（周一）" in html
    assert "还有 5 个工作日" in html
    assert "11月2日发出征询，当天不算，从次日起数 5 个工作日。" in html


def test_what_cannot_be_done_yet_is_listed_with_its_reason(world):
    application = ways.drafted(world)
    application = actions.open_consultation(application, by=world.actors["dept"], at=world.at())
    blocked = dict(possible(case_of(world, application, "dept")).blocked)
    assert "还差 2 个街道（镇）的意见：嵩山路街道、泰山路街道" in blocked["提交申请"]


def test_a_recused_office_reads_who_does_its_steps(world):
    application = ways.consulted(world, by="host")
    application = actions.submit(application, by=world.actors["host"], at=world.at())
    case = case_of(world, application, "office")
    assert ("受理", "这一步由审核委员会办公室办理；办公室所在单位自己申请时，由代行单位办理。") in possible(
        case
    ).blocked
    assert any("由组织部代行办公室工作" in said for said in warnings(case))
    assert "受理" in [button["label"] for button in possible(case_of(world, application, "member")).actions]


def test_the_simple_procedure_has_no_coordination_and_no_meeting_on_its_track(world):
    application = ways.awaiting_simple(world)
    shown = signed_in(world.actors["office"]).get(page(application))
    assert [station["label"] for station in shown.context["track"]] == [
        "起草", "事前征询", "提交受理", "初审", "核准", "告知和备案",
    ]  # fmt: skip
    assert [station["state"] for station in shown.context["track"]] == ["done"] * 4 + ["now", ""]


def test_opinions_show_the_last_word_of_each_body_and_its_words(world):
    application = ways.coordinating(world)
    shown = signed_in(world.actors["dept"]).get(page(application))
    matrix = shown.context["case"].matrix
    assert [(row.name, row.stance, row.sub) for row in matrix.rows] == [
        ("嵩山路街道", "no_objection", "2 个社区：无异议 2"),
        ("泰山路街道", "objection", "2 个社区：无异议 2"),
    ]
    assert "“检测线路应由专业队伍承担。”" in shown.content.decode()
    assert matrix.without_reply[0].name == "泰山路街道"


def test_what_a_street_says_for_its_communities_is_read_and_answered_once(world):
    application = ways.drafted(world)
    dept, street = world.actors["dept"], world.actors["street1"]
    application = actions.open_consultation(application, by=dept, at=world.at())
    asked = {row.body.code: row for row in Opinion.objects.current(application).select_related("body")}
    own = asked[street.code]
    below = [row for code, row in asked.items() if code.startswith(street.code) and row != own]
    said = {"stance": "objection", "points": "社区人手不够。", "on_behalf_of": [row.body for row in below]}
    own = actions.give_opinion(own, by=street, at=world.at(), **said)
    shown = signed_in(dept).get(page(application))
    matrix = shown.context["case"].matrix
    assert [(voice.name, voice.speaks_for) for voice in matrix.contested] == [(own.body.name, len(below))]
    assert shown.content.decode().count("社区人手不够。") == 1
    assert "街道一并答复" in shown.content.decode()
    with pytest.raises(RuleViolation, match="在街道的意见下一并说明"):
        actions.respond_to_opinion(
            Opinion.objects.get(pk=below[0].pk), by=dept, at=world.at(), fate="adopted", reason="照办。"
        )
    actions.respond_to_opinion(own, by=dept, at=world.at(), fate="adopted", reason="照办。")
    assert case_of(world, application, "dept").matrix.without_reply == []


def test_markup_in_what_people_typed_stays_text(world):
    application = ways.drafted(world)
    fields = {"title": "<script>alert(1)</script>", "justification": "<b>x</b>"}
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields=fields)
    html = signed_in(world.actors["dept"]).get(page(application)).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_on": date(2026, 11, 16)}, "只有 10 个工作日，少于 30 个"),
        ({"starts_on": date(2026, 10, 1)}, "已经过了"),
        ({"planned_decision_on": date(2026, 11, 2)}, "应当在提请决策以前申请准入（指导意见第九条）"),
    ],
)
def test_dates_that_are_too_near_are_pointed_out(world, fields, sentence):
    application = ways.drafted(world)
    said = {"ends_on": None, "is_standing": True, **fields}
    application = actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields=said)
    assert any(sentence in line for line in warnings(case_of(world, application, "dept")))
    enough = {"starts_on": date(2027, 1, 4), "planned_decision_on": date(2026, 12, 1)}
    application = actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields=enough)
    assert warnings(case_of(world, application, "dept")) == []


def test_a_paused_clock_says_that_it_stands_still(world):
    application = ways.screening(world)
    application = actions.return_from_screening(
        application, by=world.actors["office"], at=world.at(), defects=[{"part": "经费", "what": "写明账户。"}]
    )
    shown = signed_in(world.actors["dept"]).get(page(application))
    clocks = {clock.clock: clock for clock in shown.context["clocks"]}
    assert clocks["decision"].paused == "停着，补正以后接着算"
    assert "写明账户。" in shown.content.decode()


def test_following_and_no_longer_following(world):
    application = ways.consulted(world)
    client, url = signed_in(world.actors["city"]), reverse("admission:watch", args=[application.pk])
    for _twice in range(2):
        assert client.post(url, {"watch": "1"}).status_code == 302
    assert Watch.objects.filter(application=application, inbox=world.actors["city"].inbox).count() == 1
    assert "取消关注" in client.get(page(application)).content.decode()
    client.post(url, {"watch": "0"})
    assert not Watch.objects.exists()


def test_nobody_follows_what_they_may_not_know_of(world):
    application = ways.drafted(world)
    url = reverse("admission:watch", args=[application.pk])
    assert signed_in(world.actors["office"]).post(url, {"watch": "1"}).status_code == 404


def test_the_timeline_folds_what_many_did_on_one_day(world):
    application = ways.consulted(world)
    lines = signed_in(world.actors["dept"]).get(page(application)).context["newest_lines"]
    assert lines[0].text == "6 个单位答复：无异议 6"
    assert len(re.findall("答复", " ".join(line.text for line in lines))) == 1


def grow(world, *, streets: int, communities: int) -> None:
    """More places in the county."""
    for n in range(3, streets + 1):
        street = Division.objects.create(code=f"4302110{n:02}", name=f"第{n}街道", kind="street")
        world.streets.append(street)
        for m in range(1, communities + 1):
            place = Division.objects.create(code=f"{street.code}{m:03}", name=f"{n}-{m}社区", kind="community")
            Community.objects.create(division=place, kind="urban", changed_at=ways.MONDAY)


def queries_for(world, who: str, application) -> int:
    client = signed_in(world.actors[who])
    with CaptureQueriesContext(connection) as seen, time_machine.travel(world.at(), tick=False):
        assert client.get(page(application)).status_code == 200
    return len(seen)


@pytest.mark.parametrize("who", ["office", "dept", "street1", "director"])
def test_the_number_of_queries_does_not_grow_with_streets_communities_and_points(world, who):
    few = ways.coordinating(world)
    before = queries_for(world, who, few)
    grow(world, streets=7, communities=20)
    many = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    rows = Opinion.objects.filter(round__application=many).exclude(
        body__code__in=[a.code for a in world.actors.values()]
    )
    rows.update(stance="objection", points="做不了。", answered_at=world.at(), answered_by="街道")
    ways.answer_all(world, many, {world.streets[1].code: "objection"})
    many = actions.submit(many, by=world.actors["dept"], at=world.at())
    office = world.actors["office"]
    many = actions.accept(many, by=office, at=world.at())
    many = actions.begin_screening(many, by=office, at=world.at())
    many = actions.begin_coordination(many, by=office, at=world.at(), findings=ways.FINDINGS)
    day = date(2026, 11, 2)
    for summary in ("同意。", "不同意。"):
        actions.record_contact(
            many, by=office, at=world.at(), department=world.units["legal"], held_on=day, summary=summary
        )
    for point in many.coordination.points.all():
        actions.handle_point(point, by=office, at=world.at(), result="to_meeting", reason="未能一致。")
    assert many.coordination.points.count() > 50
    assert queries_for(world, who, Application.objects.get(pk=many.pk)) == before
    assert before <= 75


def test_roles_without_casework_see_nothing(world):
    application = ways.filed(world)
    assert signed_in(world.actors["admin"]).get(page(application)).status_code == 404
    assert world.actors["admin"].role is Role.ADMIN


def test_the_decision_is_said_in_the_words_of_the_kind(world):
    application = ways.filed(world)
    html = signed_in(world.actors["community0"]).get(page(application)).content.decode()
    assert "<b>准予准入</b>：同意准入。" in html
