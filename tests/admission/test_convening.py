"""A meeting that does not come about: moved, called off, too few came; minutes that no longer fit the record."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from admission import access, actions, reports, todo
from admission.models import Application, Meeting
from admission.presentation.waiting import waiting
from admission.procedure import State, Step
from base.errors import NotAllowed, RuleViolation
from base.models import Event, Message, Outbox
from communities.roles import Actor, Role
from tests.admission import world as ways
from tests.admission.signing import signed_in
from tests.factories import AppointmentFactory

LATER = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def sitting(world):
    """A meeting with one application on its agenda, whose hour has come."""
    return ways.scheduled(world)


def url(name, meeting):
    return reverse(f"admission:{name}", args=[meeting.pk])


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def record(
    world, meeting, *, by=None, came=("org", "staffing", "legal"), minutes="纪要正文。", conclusion="admit", **more
):
    heard = [actions.Heard(item, "汇报。", conclusion, "说明。", []) for item in meeting.agenda.all()]
    present = {world.units[key]: "副局长" for key in came}
    by = by or world.actors["office"]
    return actions.record_meeting(meeting, by=by, at=world.at(), present=present, heard=heard, minutes=minutes, **more)


def told(kind):
    """Who got a message of this kind in the portal."""
    messages = Message.objects.filter(kind=f"admission.{kind}")
    return set(Outbox.objects.filter(message__in=messages, channel="portal").values_list("inbox", flat=True))


# --- another time ------------------------------------------------------------------------------------------
def test_a_meeting_is_moved_and_everybody_invited_is_told(world, sitting):
    application, meeting = sitting
    office = world.actors["office"]
    moved = actions.move_meeting(meeting, by=office, at=world.at(), planned_at=LATER, place="二楼会议室")
    assert (moved.planned_at, moved.place, moved.state) == (LATER, "二楼会议室", "planned")
    assert told("meeting_moved") >= told("invitation") > set()
    assert "12月2日 09:00" in Message.objects.get(kind="admission.meeting_moved").body
    assert Event.objects.filter(kind="admission.meeting.move").count() == 1
    assert fresh(application).state == State.MEETING_SCHEDULED
    with pytest.raises(RuleViolation, match="会议还没有开"):
        record(world, meeting)
    new_year = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
    moved = actions.move_meeting(meeting, by=office, at=world.at(), planned_at=new_year, place="二楼会议室")
    assert (moved.year, moved.number) == (2027, 1)


def test_a_meeting_is_moved_neither_into_the_past_nor_far_away_nor_once_recorded(world, sitting):
    meeting, office = sitting[1], world.actors["office"]
    at = world.at()
    for planned_at, said in ((at - timedelta(hours=1), "已经过了"), (at + timedelta(days=800), "一年以内")):
        with pytest.raises(RuleViolation, match=said):
            actions.move_meeting(meeting, by=office, at=at, planned_at=planned_at, place="二楼")
    record(world, meeting)
    with pytest.raises(RuleViolation, match="已经开过"):
        actions.move_meeting(meeting, by=office, at=world.at(), planned_at=LATER, place="二楼")
    with pytest.raises(RuleViolation, match="已经开过"):
        actions.cancel_meeting(meeting, by=office, at=world.at(), reason="不开了。")


def test_a_meeting_moved_onto_another_is_moved_after_a_tick_only(world, sitting):
    meeting, office = sitting[1], world.actors["office"]
    plan = {"planned_at": LATER, "place": "二楼"}
    other = actions.plan_meeting(by=office, at=world.at(), chair="deputy", **plan)
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(office)
        typed = {"seen": fresh(meeting).version, "planned_at": "2026-12-02T09:30", "place": "三楼", "chair": "deputy"}
        asked = client.post(url("meeting-move", meeting), typed)
        assert asked.status_code == 409
        assert f"照样安排，已知道有{other}" in asked.content.decode()
        assert client.post(url("meeting-move", meeting), {**typed, "beside": other.pk}).status_code == 302
        assert client.post(url("meeting-move", other), {"seen": 1, **plan, "planned_at": "x"}).status_code == 200


# --- not at all --------------------------------------------------------------------------------------------
def test_what_was_on_the_agenda_of_a_cancelled_meeting_goes_on_another_one(world, sitting):
    application, meeting = sitting
    office = world.actors["office"]
    clocks = list(application.deadlines.values_list("clock", "due_on", "stopped_on"))
    off = actions.cancel_meeting(meeting, by=office, at=world.at(), reason="场地停电。")
    assert (off.state, off.reason) == ("off", "场地停电。")
    application = fresh(application)
    assert application.state == State.DEFERRED
    assert list(application.deadlines.values_list("clock", "due_on", "stopped_on")) == clocks
    assert told("meeting_off") >= told("invitation") > set()
    assert not Message.objects.filter(kind="admission.take_off_agenda").exists()
    assert Event.objects.filter(kind="admission.application.take_off_agenda").count() == 1
    said = waiting([application], on=date(2026, 11, 3))[0][application.pk]
    assert said.sentence == "等民政局再次提请会议审议"
    assert said.text == "2026 年第 1 次成员单位会议已取消：场地停电。"
    assert reports.next_meeting(office, world.at()) is None
    for again in (
        lambda: record(world, meeting),
        lambda: actions.cancel_meeting(meeting, by=office, at=world.at(), reason="再取消。"),
        lambda: actions.schedule_meeting(application, by=office, at=world.at(), meeting=meeting),
    ):
        with pytest.raises(RuleViolation):
            again()
    another = actions.plan_meeting(by=office, at=world.at(), planned_at=world.soon(), place="二楼", chair="deputy")
    actions.schedule_meeting(application, by=office, at=world.at(), meeting=another)
    world.jump(days=1)
    ways.hold(world, another)
    assert fresh(application).state == State.DELIBERATED


def printed(world, meeting, who="office"):
    """What the address of the minutes prints."""
    answer = signed_in(world.actors[who]).get(url("meeting-minutes", meeting))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1]))


def test_of_a_cancelled_meeting_the_record_is_printed_that_it_was_called_off_not_minutes(world, sitting):
    application, meeting = sitting
    when = fresh(meeting).planned_at
    actions.cancel_meeting(meeting, by=world.actors["office"], at=world.at(), reason="场地停电。")
    off = timezone.localtime(fresh(meeting).changed_at)
    for who in ("office", "member", "deputy", "auditor"):
        text = printed(world, meeting, who)
        assert "成员单位会议取消记录" in text
        assert f"原定时间 2026年11月2日 {timezone.localtime(when):%H:%M}" in text
        assert "取消原因 场地停电。" in text
        assert f"取消时间 2026年11月2日 {off:%H:%M}" in text
        assert "办理 民政局 · 审核委员会办公室经办" in text
        assert f"1. {application}" in text
        assert "没有作出结论" in text
        for word in ("会议纪要", "未定稿", "法定人数", "应到"):
            assert word not in text, word
    page = signed_in(world.actors["office"]).get(url("meeting", meeting)).content.decode()
    assert url("meeting-minutes", meeting) in page
    for outsider in ("dept", "street0"):
        client = signed_in(world.actors[outsider])
        assert client.get(url("meeting-minutes", meeting)).status_code == 403
        assert url("meeting-minutes", meeting) not in client.get(url("meeting", meeting)).content.decode()


def test_of_a_meeting_without_a_quorum_the_record_is_printed_who_came_and_that_it_concluded_nothing(world, sitting):
    meeting = sitting[1]
    record(world, meeting, came=("org",))
    present = {world.units["org"]: "副部长"}
    actions.end_without_quorum(fresh(meeting), by=world.actors["office"], at=world.at(), present=present)
    text = printed(world, meeting)
    assert "成员单位会议流会记录" in text
    assert "流会原因 应到成员单位 4 个，实到 1 个，不够法定人数。" in text
    assert "组织部（到会，副部长）" in text
    assert "汇报：汇报。" in text
    assert "办理 民政局 · 审核委员会办公室经办" in text
    assert "没有作出结论" in text
    for word in ("会议纪要", "未定稿"):
        assert word not in text, word


def test_only_the_office_moves_cancels_and_ends_a_meeting(world, sitting):
    meeting = sitting[1]
    for who in ("deputy", "member", "dept", "street0"):
        by = world.actors[who]
        with pytest.raises(NotAllowed):
            actions.move_meeting(meeting, by=by, at=world.at(), planned_at=LATER, place="二楼")
        with pytest.raises(NotAllowed):
            actions.cancel_meeting(meeting, by=by, at=world.at(), reason="不开了。")
        with pytest.raises(NotAllowed):
            actions.end_without_quorum(meeting, by=by, at=world.at(), present={})
    assert fresh(meeting).state == "planned"


def test_who_stands_in_for_the_office_calls_off_what_it_has_on_the_agenda(world):
    application = ways.screening_by_substitute(world)
    meeting = ways.plan_by_substitute(world, application)
    actions.cancel_meeting(meeting, by=world.actors["member"], at=world.at(), reason="改日再开。")
    assert fresh(application).state == State.DEFERRED


def heard_with_the_host(world):
    """A department's application and one of the office's host at one meeting, its hour come."""
    meeting = ways.plan_by_substitute(world, ways.screening_by_substitute(world))
    application = ways.coordinating(world)
    Meeting.objects.filter(pk=meeting.pk).update(planned_at=world.soon())
    application = actions.schedule_meeting(application, by=world.actors["office"], at=world.at(), meeting=meeting)
    return application, fresh(meeting)


def test_the_recused_office_neither_calls_nor_records_the_meeting_that_hears_its_own_application(world):
    _application, meeting = heard_with_the_host(world)
    office, stand_in = world.actors["office"], world.actors["member"]
    with pytest.raises(NotAllowed, match="代行单位记录"):
        record(world, meeting)
    with pytest.raises(NotAllowed, match="代行单位办理"):
        actions.move_meeting(meeting, by=office, at=world.at(), planned_at=LATER, place="二楼")
    with pytest.raises(NotAllowed, match="代行单位办理"):
        actions.cancel_meeting(meeting, by=office, at=world.at(), reason="不开了。")
    with pytest.raises(NotAllowed, match="代行单位办理"):
        actions.end_without_quorum(meeting, by=office, at=world.at(), present={})
    with time_machine.travel(world.at(), tick=False):
        today = timezone.localdate()
        for name in ("meeting-record", "meeting-move", "meeting-cancel", "meeting-lapse"):
            assert signed_in(office).get(url(name, meeting)).status_code == 403
        assert url("meeting-record", meeting) not in signed_in(office).get(url("meeting", meeting)).content.decode()
        assert [line.act for line in todo.lines(office, today)].count("record_meeting") == 0
        assert [line.act for line in todo.lines(stand_in, today)].count("record_meeting") == 1
    assert record(world, meeting, by=stand_in).state == "held"


def test_who_keeps_the_record_for_the_office_has_no_application_at_that_meeting(world):
    meeting = ways.plan_by_substitute(world, ways.screening_by_substitute(world))
    own = actor_of(world, Role.APPLICANT, "org")
    application = ways.coordinating(replace(world, actors={**world.actors, "org": own}), by="org")
    Meeting.objects.filter(pk=meeting.pk).update(planned_at=world.soon())
    with pytest.raises(RuleViolation, match="由组织部代行办公室记录"):
        actions.schedule_meeting(application, by=world.actors["office"], at=world.at(), meeting=meeting)


def lines_of(world, who):
    with time_machine.travel(world.at(), tick=False):
        return {
            line.act: str(line.what)
            for line in todo.lines(world.actors[who], timezone.localdate())
            if "meet" in line.url
        }


def test_minutes_wait_for_the_chair_once_they_can_be_closed(world, sitting):
    """Before, whoever keeps the record is told what it lacks."""
    meeting = sitting[1]
    record(world, meeting, came=("org",))
    assert "close_minutes" not in lines_of(world, "deputy")
    assert "不够法定人数" in lines_of(world, "office")["record_meeting"]
    record(world, fresh(meeting), minutes="")
    assert "close_minutes" not in lines_of(world, "deputy")
    assert "还没有写全" in lines_of(world, "office")["record_meeting"]
    record(world, fresh(meeting))
    assert "close_minutes" in lines_of(world, "deputy")
    assert "record_meeting" not in lines_of(world, "office")


# --- who chairs --------------------------------------------------------------------------------------------
def actor_of(world, role, key):
    unit = world.units[key]
    return Actor(None, None, role, world.county.code, unit.pk, unit.name)


def test_where_the_deputy_s_own_unit_applies_the_director_closes_the_minutes(world, sitting):
    application, meeting = sitting
    record(world, meeting)
    deputy, director = actor_of(world, Role.DEPUTY, "dept"), world.actors["director"]
    with pytest.raises(NotAllowed, match="由主持人定稿"):
        actions.close_minutes(meeting, by=director, at=world.at())
    AppointmentFactory.create(role=Role.DEPUTY, division=world.county, unit=world.units["dept"])
    with time_machine.travel(world.at(), tick=False):
        offers = {
            who.role: (
                signed_in(who).get(url("meeting-close", meeting)).status_code,
                "审定纪要</a>" in signed_in(who).get(url("meeting", meeting)).content.decode(),
                "close_minutes" in [line.act for line in todo.lines(who, timezone.localdate())],
                Step.CLOSE_DELIBERATION in access.steps_here(who, fresh(application), on=timezone.localdate()),
            )
            for who in (deputy, director)
        }
    assert offers == {Role.DEPUTY: (403, False, False, False), Role.DIRECTOR: (200, True, True, True)}
    with pytest.raises(NotAllowed, match="另一位主任或副主任"):
        actions.close_minutes(meeting, by=deputy, at=world.at())
    assert actions.close_minutes(meeting, by=director, at=world.at()).state == "closed"
    assert fresh(application).state == State.DELIBERATED


# --- too few came ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("recorded", [False, True])
def test_a_meeting_without_a_quorum_concludes_nothing_and_leaves_a_true_attendance(world, sitting, recorded):
    application, meeting = sitting
    two = {world.units["org"]: "副部长", world.units["legal"]: "副局长"}
    if recorded:
        record(world, meeting, came=("org", "legal"))
    ended = actions.end_without_quorum(meeting, by=world.actors["office"], at=world.at(), present=two)
    assert (ended.state, ended.seats_counted, ended.seats_present, ended.minutes) == ("lapsed", 4, 2, "")
    assert ended.reason == "应到成员单位 4 个，实到 2 个，不够法定人数。"
    assert [(item.conclusion, item.conclusion_text) for item in meeting.agenda.all()] == [("", "")]
    assert meeting.attendances.filter(present=True).count() == 2
    assert fresh(application).state == State.DEFERRED
    assert told("meeting_off") >= told("invitation")


def test_a_meeting_with_a_quorum_or_before_its_hour_is_not_ended_so(world, sitting):
    meeting, office = sitting[1], world.actors["office"]
    three = {world.units[key]: "" for key in ("org", "legal", "staffing")}
    with pytest.raises(RuleViolation, match="不是流会"):
        actions.end_without_quorum(meeting, by=office, at=world.at(), present=three)
    assert not meeting.attendances.exists()
    actions.move_meeting(meeting, by=office, at=world.at(), planned_at=LATER, place="二楼")
    with pytest.raises(RuleViolation, match="还没有开"):
        actions.end_without_quorum(meeting, by=office, at=world.at(), present={})


def test_what_was_withdrawn_meanwhile_does_not_hold_up_the_minutes(world, sitting):
    application, meeting = sitting
    actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="改由部门自己做。")
    record(world, meeting, conclusion="")
    assert actions.close_minutes(meeting, by=world.actors["deputy"], at=world.at()).state == "closed"


# --- minutes and record ------------------------------------------------------------------------------------
def test_minutes_that_were_written_from_another_record_are_not_closed(world, sitting):
    meeting, deputy = sitting[1], world.actors["deputy"]
    record(world, meeting, came=("org", "legal"))
    record(world, meeting)
    with pytest.raises(RuleViolation, match="按现在的记录重新起草"):
        actions.close_minutes(meeting, by=deputy, at=world.at())
    record(world, meeting, minutes_fit=True)
    assert actions.close_minutes(meeting, by=deputy, at=world.at()).state == "closed"


def test_minutes_are_drafted_again_until_they_are_closed(world, sitting):
    meeting = sitting[1]
    record(world, meeting, came=("org", "legal"))
    changed = record(world, meeting)
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["office"])
        assert "或者确认纪要仍然符合" in client.get(url("meeting-record", meeting)).content.decode()
        assert (
            "按现在的记录重新起草"
            in signed_in(world.actors["deputy"]).get(url("meeting-close", meeting)).content.decode()
        )
        item = meeting.agenda.get()
        data = {"seen": changed.version, "minutes": changed.minutes, "compose": "1", f"item-{item.pk}-report": "汇报。",
                f"item-{item.pk}-conclusion": "admit", f"said-{item.pk}-TOTAL_FORMS": "0",
                f"said-{item.pk}-INITIAL_FORMS": "0"}  # fmt: skip
        data |= {f"unit-{world.units[key].pk}-present": "on" for key in ("org", "staffing", "legal")}
        assert client.post(url("meeting-record", meeting), data).status_code == 302
        assert "到会：组织部、编办、司法局。" in fresh(meeting).minutes
        assert not client.get(url("meeting-record", meeting)).context["sitting"].minutes_behind


# --- the pages ---------------------------------------------------------------------------------------------
def test_the_office_does_all_this_on_the_pages_of_the_meeting(world, sitting):
    application, meeting = sitting
    with time_machine.travel(world.at(), tick=False) as clock:
        client = signed_in(world.actors["office"])
        page = client.get(url("meeting", meeting)).content.decode()
        assert all(url(f"meeting-{act}", meeting) in page for act in ("move", "cancel", "lapse", "record"))
        assert 'value="2026-11-02T' in client.get(url("meeting-move", meeting)).content.decode()
        wrong = {"seen": 1, "planned_at": "2062-12-02T09:00", "place": "二楼", "chair": "deputy"}
        assert "一年以内" in client.post(url("meeting-move", meeting), wrong).content.decode()
        stale = client.post(url("meeting-move", meeting), {**wrong, "planned_at": "2026-12-02T09:00"})
        assert stale.status_code == 409
        seen = {"seen": fresh(meeting).version}
        moved = client.post(url("meeting-move", meeting), {**wrong, **seen, "planned_at": "2026-12-02T09:00"})
        assert (moved.url, fresh(meeting).planned_at) == (url("meeting", meeting), LATER)
        clock.move_to(LATER + timedelta(minutes=30))
        client = signed_in(world.actors["office"])
        units = {f"unit-{world.units[key].pk}-present": "on" for key in ("org", "staffing", "legal")}
        seen = {"seen": fresh(meeting).version}
        refused = client.post(url("meeting-lapse", meeting), {**seen, **units})
        assert refused.status_code == 409
        assert "不是流会" in refused.content.decode()
        units.popitem()
        assert client.post(url("meeting-lapse", meeting), {**seen, **units}).status_code == 302
        assert "应到成员单位 4 个，实到 2 个，不够法定人数。" in client.get(url("meeting", meeting)).content.decode()
        assert "流会" in client.get(reverse("admission:application", args=[application.pk])).content.decode()
        assert [line["standing"].label for line in client.get(reverse("admission:meetings")).context["over"]] == [
            "流会"
        ]
        assert client.get(url("meeting-cancel", meeting)).status_code == 409


def test_a_meeting_is_cancelled_on_its_page_with_a_reason(world, sitting):
    meeting = sitting[1]
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["office"])
        seen = {"seen": meeting.version + 1}
        assert "写明为什么取消。" in client.post(url("meeting-cancel", meeting), seen).content.decode()
        client.post(url("meeting-cancel", meeting), {"seen": fresh(meeting).version, "reason": "场地停电。"})
        assert "场地停电。" in signed_in(world.actors["dept"]).get(url("meeting", meeting)).content.decode()
    assert (Meeting.objects.get().state, Application.objects.get().state) == ("off", State.DEFERRED)
