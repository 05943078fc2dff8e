"""Meetings: planned, read, recorded, closed, printed, answered; who reads what, and what is refused where."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from admission import actions
from admission.models import Application, Meeting, MeetingOpinion
from base.errors import RuleViolation
from base.models import Event
from tests.admission import world as ways
from tests.admission.signing import signed_in
from tests.factories import admitted

LIST, NEW = reverse("admission:meetings"), reverse("admission:meeting-new")
INSIDERS = ("office", "director", "deputy", "member", "city", "auditor")
OUTSIDERS = ("dept", "street0", "street1", "community0")


@pytest.fixture
def clock(world):
    """The moment after the last act."""
    with time_machine.travel(world.at(), tick=False) as travelled:
        yield travelled


@pytest.fixture
def sitting(world):
    """A meeting with one application on its agenda, whose hour has come."""
    application, meeting = ways.scheduled(world)
    return application, meeting


def of_the_office_itself(world):
    """An application of the office's host, in the hands of the organisation department that stands in (A-9)."""
    stand_in = replace(world, actors={**world.actors, "office": world.actors["member"]})
    return ways.coordinating(stand_in, by="host")


def url(name, meeting):
    return reverse(f"admission:{name}", args=[meeting.pk])


def fresh(meeting):
    return Meeting.objects.get(pk=meeting.pk)


def record_of(client, meeting, **typed):
    """The record as a browser would send it back, with something typed."""
    form = client.get(url("meeting-record", meeting)).context["form"]
    data = {"seen": meeting.version}
    for part in form.parts:
        for one in [part.management_form, *part] if hasattr(part, "management_form") else [part]:
            data |= {field.html_name: "on" if field.value() is True else field.value() for field in one}
    return {name: value for name, value in {**data, **typed}.items() if value is not None and value is not False}


def written(world, meeting, **typed):
    """A whole record: three of four came, one spoke, all agreed."""
    item = meeting.agenda.get()
    units = [world.units[key].pk for key in ("org", "staffing", "legal")]
    return {
        **{f"unit-{pk}-present": "on" for pk in units}, **{f"unit-{pk}-post": "副局长" for pk in units},
        f"item-{item.pk}-report": "请社区带路。", f"item-{item.pk}-conclusion": "admit",
        f"item-{item.pk}-conclusion_text": "经费到位后实施。", f"said-{item.pk}-0-speaker": "编办",
        f"said-{item.pk}-0-text": "经费要到位。", "minutes": "会议同意。", **typed,
    }  # fmt: skip


def recorded(world, meeting, by="office"):
    """Who keeps it has written the record."""
    heard = [
        actions.Heard(item, "汇报。", "admit", "同意。", [{"speaker": "编办", "text": "经费要到位。"}])
        for item in meeting.agenda.all()
    ]
    present = {world.units[key]: "副局长" for key in ("org", "staffing", "legal")}
    by = world.actors[by]
    return actions.record_meeting(meeting, by=by, at=world.at(), present=present, heard=heard, minutes="纪要正文。")


# --- the list ----------------------------------------------------------------------------------------------
def test_the_list_shows_where_each_meeting_stands(world, clock):
    scheduled, held = ways.scheduled(world)[1], ways.scheduled(world)[1]
    recorded(world, held)
    ways.deliberated(world)
    later = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
    planned = actions.plan_meeting(
        by=world.actors["office"], at=world.at(), planned_at=later, place="二楼", chair="director"
    )
    clock.move_to(world.at())
    page = signed_in(world.actors["office"]).get(LIST)
    assert [(row["meeting"], row["standing"].label) for row in page.context["open"]] == [
        (scheduled, "开会时间已到，等记录"), (held, "等主持人定纪要"), (planned, "待开")
    ]  # fmt: skip
    assert [row["standing"].label for row in page.context["over"]] == ["纪要已定"]


def test_a_record_without_minutes_does_not_wait_for_the_chair(world, sitting, clock):
    recorded(world, sitting[1])
    Meeting.objects.filter(pk=sitting[1].pk).update(minutes="")
    page = signed_in(world.actors["office"]).get(LIST)
    assert [row["standing"].label for row in page.context["open"]] == ["已开，等写全记录"]


def test_whoever_has_nothing_on_an_agenda_sees_no_meeting(world, sitting, clock):
    assert signed_in(world.actors["host"]).get(url("meeting", sitting[1])).status_code == 404
    assert "还没有会议" in signed_in(world.actors["host"]).get(LIST).content.decode()
    assert "安排会议" not in signed_in(world.actors["dept"]).get(LIST).content.decode()


# --- planning ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("minutes", "place", "collides"),
    [
        (0, "二楼会议室", True),
        (59, "二楼会议室", True),
        (-59, "二楼会议室", True),
        (60, "二楼会议室", False),
        (180, "三楼会议室", True),
        (180, "二楼会议室", False),
        (24 * 60, "三楼会议室", False),
    ],
)
def test_a_meeting_collides_within_the_hour_or_that_day_in_that_room(world, minutes, place, collides):
    office, first = world.actors["office"], datetime(2026, 12, 8, 2, 0, tzinfo=UTC)
    plan = {"by": office, "at": world.at(), "chair": "deputy"}
    other = actions.plan_meeting(planned_at=first, place="三楼会议室", **plan)
    later = {"planned_at": first + timedelta(minutes=minutes), "place": place}
    if not collides:
        actions.plan_meeting(**plan, **later)
        return
    with pytest.raises(actions.MeetingsCollide, match="2026 年第 1 次成员单位会议（12月8日 10:00，三楼会议室）"):
        actions.plan_meeting(**plan, **later)
    assert actions.plan_meeting(**plan, **later, beside=[other.pk]).number == 2
    with pytest.raises(actions.MeetingsCollide):  # the second was not known to whoever ticked the first
        actions.plan_meeting(**plan, **later, beside=[other.pk])


def test_a_meeting_that_was_held_and_one_of_another_county_are_in_nobodys_way(world):
    held = ways.deliberated(world).agenda_items.get().meeting
    now = {"planned_at": held.planned_at, "place": held.place}
    assert not Meeting.objects.clashing(world.county.code, **now).exists()
    Meeting.objects.filter(pk=ways.scheduled(world)[1].pk).update(**now)
    assert Meeting.objects.clashing(world.county.code, **now).count() == 1
    assert not Meeting.objects.clashing("430204", **now).exists()


def test_what_a_meeting_collides_with_is_named_and_wants_a_tick(world, clock):
    first = datetime(2026, 12, 8, 2, 0, tzinfo=UTC)
    other = actions.plan_meeting(
        by=world.actors["office"], at=world.at(), planned_at=first, place="三楼会议室", chair="deputy"
    )
    clock.move_to(world.at())
    office = signed_in(world.actors["office"])
    assert "撞在一起的会议" not in office.get(NEW).content.decode()
    typed = {"planned_at": "2026-12-08T10:30", "place": "二楼", "chair": "deputy"}
    answer = office.post(NEW, typed)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "已经安排了：2026 年第 1 次成员单位会议（12月8日 10:00，三楼会议室）" in html
    assert "照样安排，已知道有2026 年第 1 次成员单位会议" in html
    assert 'value="二楼"' in html
    assert office.post(NEW, {**typed, "beside": [other.pk]}).status_code == 302
    assert Meeting.objects.count() == 2


def test_the_office_plans_a_meeting(world, clock):
    client = signed_in(world.actors["office"])
    answer = client.post(NEW, {"planned_at": "2026-12-02T09:00", "place": "三楼会议室", "chair": "deputy"})
    planned = Meeting.objects.get()
    assert answer.url == url("meeting", planned)
    assert (timezone.localtime(planned.planned_at).hour, planned.chair, str(planned)) == (
        9, "deputy", "2026 年第 1 次成员单位会议"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"chair": "office"}, "authorisation", "办公室主持会议要写明授权依据；没有授权的，请改由主任或副主任主持。"),
        ({"planned_at": "下周三"}, "planned_at", "这不是一个时间，请按 2026-11-21 09:00 的样子填。"),
        ({"planned_at": "0206-12-02T09:00"}, "planned_at", "年份要在 2000 到 2099 之间，请改。"),
        ({"place": "房" * 121}, "place", "最多 120 字，现在有 121 字，请缩短。"),
        ({"chair": ""}, "chair", "选由谁主持；主持人定会议纪要。"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_said_at_its_question(world, clock, typed, field, sentence):
    data = {"planned_at": "2026-12-02T09:00", "place": "三楼会议室", "chair": "deputy", **typed}
    answer = signed_in(world.actors["office"]).post(NEW, data)
    assert answer.context["form"].errors == {field: [sentence]}
    assert not Meeting.objects.exists()


def test_only_the_office_plans(world, clock):
    for who in ("director", "member", "dept", "street0", "auditor"):
        assert signed_in(world.actors[who]).get(NEW).status_code == 403, who


# --- reading -----------------------------------------------------------------------------------------------
def test_members_read_what_matters_of_each_item(world, sitting, clock):
    page = signed_in(world.actors["member"]).get(url("meeting", sitting[1])).content.decode()
    for said in ("带路、告知、登记、报告。", "不检测线路、不查扣、不收费。", "26.4 万元", "有异议 1", "1 个争议点",
                 "检测线路应由专业队伍承担。", "应到成员单位 4 个，到会要超过 50%"):  # fmt: skip
        assert said in page


def test_what_goes_is_said_to_go_on_its_day(world, sitting, clock):
    _application, meeting = sitting
    gone = {"kind": "exit", "starts_on": date(2026, 12, 19), "ends_on": None, "duration_type": "standing"}
    Application.objects.update(**gone, item=admitted(world.county))
    [item] = signed_in(world.actors["member"]).get(url("meeting", meeting)).context["sitting"].agenda
    assert item.kind == "退出"
    assert ("退出日期", "2026年12月19日") in item.facts
    assert "起止" not in dict(item.facts)


def test_others_read_their_own_items_only_and_the_record_once_it_is_closed(world, clock):
    hidden = of_the_office_itself(world)
    application, meeting = ways.scheduled(world)
    Application.objects.filter(pk=hidden.pk).update(title="办公室自己的申请")
    hidden.refresh_from_db()
    actions.schedule_meeting(hidden, by=world.actors["member"], at=world.at(), meeting=meeting)
    recorded(world, meeting, by="member")
    clock.move_to(world.at())
    mine = signed_in(world.actors["dept"]).get(url("meeting", meeting))
    assert [item.application for item in mine.context["sitting"].agenda] == [application]
    assert "办公室自己的申请" not in mine.content.decode()
    assert "纪要正文。" not in mine.content.decode()
    assert "经费要到位。" not in mine.content.decode()
    inside = signed_in(world.actors["member"]).get(url("meeting", meeting)).content.decode()
    assert "办公室自己的申请" in inside
    assert "经费要到位。" in inside


def test_an_applicant_on_the_agenda_is_recused_and_named(world, clock):
    application = of_the_office_itself(world)
    when = world.soon()
    meeting = actions.plan_meeting(
        by=world.actors["office"], at=when, planned_at=when, place="三楼会议室", chair="deputy"
    )
    actions.schedule_meeting(application, by=world.actors["member"], at=world.at(), meeting=meeting)
    clock.move_to(world.at())
    page = signed_in(world.actors["deputy"]).get(url("meeting", meeting)).content.decode()
    assert "应到成员单位 3 个" in page
    assert "民政局是本次议程的申请单位，回避，不计入。" in page


def test_the_office_does_not_chair_what_it_is_recused_from(world, clock):
    application = of_the_office_itself(world)
    when = world.soon()
    meeting = actions.plan_meeting(
        by=world.actors["office"],
        at=when,
        planned_at=when,
        place="三楼会议室",
        chair="office",
        authorisation="主任授权",
    )
    with pytest.raises(RuleViolation, match="请选主任或副主任主持的会议"):
        actions.schedule_meeting(application, by=world.actors["member"], at=world.at(), meeting=meeting)


def test_the_minutes_are_printed_for_the_committee_not_for_others(world, clock):
    application = ways.deliberated(world)
    meeting = Meeting.objects.get(agenda__application=application)
    for who in INSIDERS:
        assert "会议纪要。" in signed_in(world.actors[who]).get(url("meeting-minutes", meeting)).content.decode(), who
    for who in OUTSIDERS:
        assert signed_in(world.actors[who]).get(url("meeting-minutes", meeting)).status_code == 403, who
    assert signed_in(world.actors["host"]).get(url("meeting-minutes", meeting)).status_code == 404


# --- the record --------------------------------------------------------------------------------------------
def test_the_office_records_who_came_what_was_said_and_concluded(world, sitting, clock):
    client, meeting = signed_in(world.actors["office"]), sitting[1]
    answer = client.post(url("meeting-record", meeting), record_of(client, meeting, **written(world, meeting)))
    assert answer.url == url("meeting", meeting)
    item = meeting.agenda.get()
    assert (item.report, item.conclusion, item.conclusion_text) == ("请社区带路。", "admit", "经费到位后实施。")
    assert [(said.speaker, said.text) for said in item.opinions.all()] == [("编办", "经费要到位。")]
    kept = fresh(meeting)
    assert (kept.state, kept.minutes, kept.seats_counted, kept.seats_present) == ("held", "会议同意。", 4, 3)
    assert kept.attendances.get(unit=world.units["org"]).represented_by == "副局长"


def test_the_record_may_be_half_written_and_taken_up_again(world, sitting, clock):
    client, meeting = signed_in(world.actors["office"]), sitting[1]
    item = meeting.agenda.get()
    half = {f"item-{item.pk}-report": "先记一半。", f"said-{item.pk}-0-speaker": "组织部",
            f"said-{item.pk}-0-text": "同意。"}  # fmt: skip
    client.post(url("meeting-record", meeting), record_of(client, meeting, **half))
    meeting = fresh(meeting)
    again = record_of(client, meeting)
    assert again[f"item-{item.pk}-report"] == "先记一半。"
    emptied = {**again, f"said-{item.pk}-0-speaker": "", f"said-{item.pk}-0-text": "", "minutes": "补写。"}
    client.post(url("meeting-record", meeting), emptied)
    assert (fresh(meeting).minutes, item.opinions.count()) == ("补写。", 0)


def test_a_first_text_of_the_minutes_is_made_from_the_record(world, sitting, clock):
    client, meeting = signed_in(world.actors["office"]), sitting[1]
    typed = written(world, meeting, minutes="", compose="1")
    answer = client.post(url("meeting-record", meeting), record_of(client, meeting, **typed))
    assert answer.url.endswith("#id_minutes")
    lines = fresh(meeting).minutes.splitlines()
    assert lines[1:] == [
        "到会：组织部（副局长）、编办（副局长）、司法局（副局长）。",
        "没有到会：民政局。",
        "1. 住宅小区电动自行车充电安全隐患排查（应急管理局）",
        "汇报：请社区带路。",
        "编办：经费要到位。",
        "结论：同意。经费到位后实施。",
    ]


def test_what_cannot_be_kept_of_a_record_is_said_at_its_row(world, sitting, clock):
    client, meeting = signed_in(world.actors["office"]), sitting[1]
    item, org = meeting.agenda.get(), world.units["org"]
    typed = {
        f"said-{item.pk}-0-text": "谁说的呢",
        f"unit-{org.pk}-post": "长" * 61,
        f"item-{item.pk}-conclusion": "maybe",
    }
    answer = client.post(url("meeting-record", meeting), record_of(client, meeting, **typed))
    assert {sentence for _anchor, _label, sentence in answer.context["problems"]} == {
        "写明哪个单位说的。", "最多 60 字，现在有 61 字，请缩短。", "没有这个选项，请重新选。"
    }  # fmt: skip
    assert "谁说的呢" in answer.content.decode()
    assert fresh(meeting).state == "planned"


def test_one_more_speaker_without_scripts(world, sitting, clock):
    client, meeting = signed_in(world.actors["office"]), sitting[1]
    item = meeting.agenda.get()
    typed = {f"said-{item.pk}-0-speaker": "编办", f"said-{item.pk}-0-text": "同意。", "add": f"said-{item.pk}"}
    page = client.post(url("meeting-record", meeting), record_of(client, meeting, **typed))
    [(_item, _heard, said)] = page.context["form"].items
    assert len(said.forms) == 2
    assert said.forms[0]["speaker"].value() == "编办"
    assert fresh(meeting).state == "planned"


def test_two_clerks_at_once_see_what_the_other_wrote(world, sitting, clock):
    client, meeting = signed_in(world.actors["office"]), sitting[1]
    mine = record_of(client, meeting, **written(world, meeting))
    recorded(world, meeting)
    answer = client.post(url("meeting-record", meeting), mine)
    assert answer.status_code == 409
    assert "民政局 · 审核委员会办公室经办：记录会议" in answer.content.decode()
    assert "请社区带路。" in answer.content.decode()
    assert client.post(url("meeting-record", meeting), {**mine, "seen": answer.context["version"]}).status_code == 302


def test_who_records_and_when(world, sitting, clock):
    meeting = sitting[1]
    for who in ("deputy", "member", "dept", "street0"):
        assert signed_in(world.actors[who]).get(url("meeting-record", meeting)).status_code == 403, who
    later = actions.plan_meeting(
        by=world.actors["office"], at=world.at(), place="二楼", chair="deputy",
        planned_at=datetime(2027, 1, 8, 1, 0, tzinfo=UTC),
    )  # fmt: skip
    early = signed_in(world.actors["office"]).get(url("meeting-record", later))
    assert early.status_code == 409
    assert "会议还没有开，到了开会时间才能记录。" in early.content.decode()


# --- closing -----------------------------------------------------------------------------------------------
def test_the_chair_closes_the_minutes_from_two_pages(world, sitting, clock):
    application, meeting = sitting
    recorded(world, meeting)
    clock.move_to(world.at())
    client = signed_in(world.actors["deputy"])
    [button] = client.get(url("meeting", meeting)).context["actions"]
    assert (button["label"], button["url"]) == ("审定纪要", url("meeting-close", meeting))
    page = client.get(button["url"]).content.decode()
    assert "够了：应到 4，实到 3" in page
    assert client.post(button["url"], {"seen": fresh(meeting).version}).status_code == 302
    assert fresh(meeting).state == "closed"
    assert Application.objects.get(pk=application.pk).state == "deliberated"


def test_minutes_with_something_missing_are_not_closed_and_it_is_said_what(world, sitting, clock):
    meeting = sitting[1]
    heard = [actions.Heard(item, "", "", "", []) for item in meeting.agenda.all()]
    actions.record_meeting(
        meeting, by=world.actors["office"], at=world.at(), present={world.units["org"]: ""}, heard=heard, minutes=""
    )
    clock.move_to(world.at())
    client = signed_in(world.actors["deputy"])
    page = client.get(url("meeting-close", meeting))
    assert page.context["missing"] == [
        "到会成员单位 1 个，应到 4 个，没有超过 50%，会议不能作出结论。",
        "会议纪要还没有写。",
        "“住宅小区电动自行车充电安全隐患排查”还没有写专题汇报和会议结论。",
    ]
    assert "纪要定稿</button>" not in page.content.decode()
    assert client.post(url("meeting-close", meeting), {"seen": fresh(meeting).version}).status_code == 409
    assert fresh(meeting).state == "held"


def test_a_record_changed_meanwhile_is_read_again_before_it_is_closed(world, sitting, clock):
    meeting = recorded(world, sitting[1])
    recorded(world, meeting)
    clock.move_to(world.at())
    answer = signed_in(world.actors["deputy"]).post(url("meeting-close", meeting), {"seen": meeting.version})
    assert answer.status_code == 409
    assert "记录会议" in answer.content.decode()
    assert fresh(meeting).state == "held"


def test_only_who_chairs_closes(world, sitting, clock):
    meeting = recorded(world, sitting[1])
    for who in ("director", "office", "member", "dept"):
        assert signed_in(world.actors[who]).get(url("meeting-close", meeting)).status_code == 403, who
    assert not Event.objects.filter(kind="admission.meeting.close_minutes").exists()


# --- answers -----------------------------------------------------------------------------------------------
def answers(application):
    return reverse("admission:meeting-answer", args=[application.pk])


def test_the_applicant_answers_each_opinion_and_is_led_to_the_next(world, clock):
    application, meeting = ways.scheduled(world)
    heard = [
        actions.Heard(
            item,
            "汇报。",
            "admit",
            "同意。",
            [{"speaker": "编办", "text": "一。"}, {"speaker": "街道", "text": "二。"}],
        )
        for item in meeting.agenda.all()
    ]
    present = {world.units[key]: "" for key in ("org", "staffing", "legal")}
    actions.record_meeting(
        meeting, by=world.actors["office"], at=world.at(), present=present, heard=heard, minutes="纪要。"
    )
    actions.close_minutes(meeting, by=world.actors["deputy"], at=world.at())
    clock.move_to(world.at())
    client = signed_in(world.actors["dept"])
    first, second = MeetingOpinion.objects.order_by("pk")
    said = {"opinion": first.pk, f"opinion-{first.pk}-seen": "1", f"opinion-{first.pk}-fate": "adopted"}
    wrong = client.post(answers(application), said)
    assert "写明怎样采纳，或者为什么不采纳。" in wrong.content.decode()
    said[f"opinion-{first.pk}-answer"] = "已列入预算。"
    assert client.post(answers(application), said).url == answers(application)
    last = {
        "opinion": second.pk, f"opinion-{second.pk}-seen": "1", f"opinion-{second.pk}-fate": "not_adopted",
        f"opinion-{second.pk}-answer": "街道没有这个条件。",
    }  # fmt: skip
    assert client.post(answers(application), last).url == reverse("admission:application", args=[application.pk])
    assert [(one.fate, one.answer) for one in MeetingOpinion.objects.order_by("pk")] == [
        ("adopted", "已列入预算。"), ("not_adopted", "街道没有这个条件。")
    ]  # fmt: skip
    assert client.post(answers(application), last).status_code == 409


@pytest.mark.parametrize(
    ("conclusion", "next_one"),
    [
        ("admit", "会议意见都已答复，等民政局提请核准。"),
        ("admit_amended", "等您提交修改后的方案。"),
        ("defer", "等民政局再次提请会议审议。"),
    ],
)
def test_the_last_answer_says_what_is_due_next(world, clock, conclusion, next_one):
    application = ways.deliberated(world, conclusion=conclusion)
    opinion = MeetingOpinion.objects.get()
    said = {"opinion": opinion.pk, f"opinion-{opinion.pk}-seen": "1", f"opinion-{opinion.pk}-fate": "adopted",
            f"opinion-{opinion.pk}-answer": "已列入预算。"}  # fmt: skip
    clock.move_to(world.at())
    page = signed_in(world.actors["dept"]).post(answers(application), said, follow=True).content.decode()
    assert f"已答复。{next_one}" in page


def test_an_opinion_about_another_application_is_not_found(world, clock):
    mine, other = ways.deliberated(world), ways.deliberated(world)
    foreign = MeetingOpinion.objects.get(agenda_item__application=other)
    said = {"opinion": foreign.pk, f"opinion-{foreign.pk}-seen": "1", f"opinion-{foreign.pk}-fate": "adopted",
            f"opinion-{foreign.pk}-answer": "好。"}  # fmt: skip
    clock.move_to(world.at())
    assert signed_in(world.actors["dept"]).post(answers(mine), said).status_code == 404
    assert signed_in(world.actors["dept"]).post(answers(mine), {"opinion": "x"}).status_code == 200


def test_only_the_applicant_answers(world, clock):
    application = ways.deliberated(world)
    clock.move_to(world.at())
    for who in ("office", "street0", "member", "deputy"):
        assert signed_in(world.actors[who]).get(answers(application)).status_code == 403, who
    assert signed_in(world.actors["host"]).get(answers(application)).status_code == 404


# --- queries -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["meeting", "meeting-record", "meeting-minutes", "meetings"])
def test_the_number_of_queries_does_not_grow_with_the_agenda(world, sitting, clock, name, django_assert_num_queries):
    meeting = recorded(world, sitting[1])
    clock.move_to(world.at())
    client = signed_in(world.actors["office"])
    address = LIST if name == "meetings" else url(name, meeting)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _n in range(3):
        application = ways.coordinating(world)
        Meeting.objects.filter(pk=meeting.pk).update(state="planned", planned_at=world.soon())
        actions.schedule_meeting(application, by=world.actors["office"], at=world.at(), meeting=fresh(meeting))
        ways.scheduled(world)
    recorded(world, fresh(meeting))
    clock.move_to(world.at())
    with django_assert_num_queries(len(few)):
        client.get(address)
