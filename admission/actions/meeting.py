"""Meetings of member units: planning, agenda, record, minutes, the answers to what was said (art 8(三); T10-T13)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission import access, notifications
from admission.actions._revision import freeze_plan
from admission.actions._take import record, take
from admission.actions.consultation import dispute
from admission.models import AgendaItem, Application, Attendance, CommitteeSeat, Meeting, MeetingOpinion
from admission.models.consultation import Fate
from admission.procedure import Procedure, State, Step
from admission.rules import CountyRules, Key
from base import acts, events
from base.errors import NotAllowed, RuleViolation
from base.templatetags.portal import zh_moment
from base.text import in_chinese
from communities.models import Department, Division
from communities.roles import COUNTY, Actor, Role


@dataclass(frozen=True)
class Heard:
    """What happened on one item of the agenda. `opinions`: [{"speaker": ..., "text": ...}]."""

    agenda_item: AgendaItem
    report: str
    conclusion: str
    conclusion_text: str
    opinions: Sequence[Mapping[str, str]]


class MeetingsCollide(RuleViolation):
    """Another meeting stands at that time, or that day in that room; `meetings` names them all."""

    def __init__(self, meetings: Sequence[Meeting]) -> None:
        said = _("、").join(
            _("%(meeting)s（%(when)s，%(place)s）")
            % {"meeting": row, "when": zh_moment(row.planned_at), "place": row.place}
            for row in meetings
        )
        super().__init__(
            _("同一时段，或者同一天同一地点，已经安排了：%s。请改时间或地点；确实要照样安排的，勾选以后再提交。") % said
        )
        self.meetings = meetings


def plan_meeting(
    *, by: Actor, at: datetime, planned_at: datetime, place: str, chair: str, authorisation: str = "",
    beside: Collection[int] = (),
) -> Meeting:  # fmt: skip
    """A meeting of member units; director or deputy chairs, or the office with a recorded authority (art 8(三)).

    `beside`: the keys of the meetings it collides with, seen and accepted. Raises MeetingsCollide for any other.
    """
    if not may_plan(by):
        raise NotAllowed(_("由审核委员会办公室安排会议。"))
    if chair == Meeting.Chair.OFFICE and not authorisation:
        raise RuleViolation(_("办公室主持会议要写明授权依据（指导意见第八条第三项）。"))
    if acts.legal_day(planned_at) < acts.legal_day(at):
        raise RuleViolation(_("开会时间不能早于今天。"))
    county = Division.objects.select_for_update().filter(code=by.code[:COUNTY])
    with acts.act():
        owner = county.get()
        clashing = list(Meeting.objects.clashing(owner.code, planned_at=planned_at, place=place))
        if {row.pk for row in clashing} - set(beside):
            raise MeetingsCollide(clashing)
        year = acts.legal_day(planned_at).year
        last = Meeting.objects.filter(county=owner, year=year).aggregate(last=Max("number"))["last"] or 0
        meeting = Meeting.objects.create(
            county=owner,
            year=year,
            number=last + 1,
            planned_at=planned_at,
            place=place,
            chair=chair,
            authorisation=authorisation,
            changed_at=at,
        )
        _record(meeting, "plan", says=gettext_noop("安排会议"), by=by)
    return meeting


def may_plan(by: Actor) -> bool:
    """The office, or a member unit that has an application in hand for the office, which is recused (A-9)."""
    if by.role is Role.OFFICE:
        return True
    in_hand = Application.objects.in_progress().filter(office_recused=True, office_unit_id=by.unit_id)
    return by.role is Role.MEMBER and in_hand.exists()


def _record(meeting: Meeting, act: str, *, says: str, by: Actor, data: dict[str, Any] | None = None) -> None:
    events.record(
        f"admission.meeting.{act}",
        target=meeting,
        by=by,
        at=meeting.changed_at,
        chain=meeting.county.code,
        data={"version": meeting.version + 1, "says": says, **(data or {})},
        audience=[meeting.county.code],
    )


def schedule_meeting(
    application: Application, *, by: Actor, at: datetime, meeting: Meeting, seen: int | None = None
) -> Application:
    """T10 (and out of 暂缓): onto the agenda; applicant, members, streets and communities are invited."""
    with take(application, Step.SCHEDULE_MEETING, by=by, at=at, seen=seen, details={"meeting": meeting.pk}) as locked:
        with acts.locked(meeting, at=at) as planned:
            if planned.state != Meeting.State.PLANNED or planned.county_id != locked.county_id:
                raise RuleViolation(_("请选择本区县还没有开的会议。"))
            if planned.planned_at < locked.changed_at:
                raise RuleViolation(_("这次会议的开会时间已经过了，不能再列入议程，请另选或者另安排会议。"))
            if locked.office_recused and planned.chair == Meeting.Chair.OFFICE:
                raise RuleViolation(_("办公室回避的申请不能由办公室主持审议，请选主任或副主任主持的会议。"))
            last = planned.agenda.aggregate(last=Max("seq"))["last"] or 0
            AgendaItem.objects.create(meeting=planned, application=locked, seq=last + 1)
            _record(planned, "add_item", says=gettext_noop("列入议程：%s") % locked, by=by)
        locked.coordination.closed_at = locked.coordination.closed_at or locked.changed_at
        locked.coordination.save()
        notifications.invite(meeting, locked, at=locked.changed_at)
    return locked


def record_meeting(
    meeting: Meeting,
    *,
    by: Actor,
    at: datetime,
    present: Mapping[Department, str],
    heard: Sequence[Heard],
    minutes: str,
    seen: int | None = None,
) -> Meeting:
    """The office writes down who came (unit -> post of its representative), what was said, and the draft minutes.

    May be repeated until the minutes are closed.
    """
    with acts.locked(meeting, at=at, seen=seen) as locked:
        if not may_record(by, locked):
            raise NotAllowed(_("由审核委员会办公室记录会议。"))
        if locked.state == Meeting.State.CLOSED:
            raise RuleViolation(_("会议纪要已经定稿，不能再改。"))
        if locked.planned_at > locked.changed_at:
            raise RuleViolation(_("会议还没有开，不能记录。"))
        locked.state, locked.minutes = Meeting.State.HELD, minutes
        locked.attendances.all().delete()
        Attendance.objects.bulk_create(
            Attendance(
                meeting=locked, unit=seat.unit, present=seat.unit in present, represented_by=present.get(seat.unit, "")
            )
            for seat in seats(locked)
        )
        for item in heard:
            _record_item(locked, item)
        locked.seats_counted, locked.seats_present = count_seats(locked)
        _record(locked, "record", says=gettext_noop("记录会议"), by=by)
    return locked


def may_record(by: Actor, meeting: Meeting) -> bool:
    """The county's office, or a member unit that does its steps for an application on the agenda (A-9)."""
    if by.county != meeting.county.code:
        return False
    items = meeting.agenda.select_related("application")
    return by.role is Role.OFFICE or any(access.office(by, item.application) for item in items)


def _record_item(meeting: Meeting, heard: Heard) -> None:
    item = meeting.agenda.select_for_update().get(pk=heard.agenda_item.pk)
    item.report, item.conclusion, item.conclusion_text = heard.report, heard.conclusion, heard.conclusion_text
    item.save()
    item.opinions.all().delete()
    MeetingOpinion.objects.bulk_create(
        MeetingOpinion(agenda_item=item, speaker=said["speaker"], text=said["text"]) for said in heard.opinions
    )


def seats(meeting: Meeting) -> list[CommitteeSeat]:
    """The member units of the committee on the day of the meeting."""
    held_on = acts.legal_day(meeting.planned_at)
    rows = CommitteeSeat.objects.valid(held_on).filter(county=meeting.county, post=CommitteeSeat.Post.MEMBER)
    return list(rows.select_related("unit").order_by("pk"))


def count_seats(meeting: Meeting) -> tuple[int, int]:
    """Member units that count and those present; units that apply on this agenda are recused and leave both (A-9)."""
    applying = set(meeting.agenda.values_list("application__applicant", flat=True))
    rows = [row for row in meeting.attendances.all() if row.unit_id not in applying]
    return len(rows), sum(row.present for row in rows)


def quorum_gap(meeting: Meeting) -> str | None:
    """A-5: more than the county's share of the counted member units must be present; the sentence, or None."""
    percent = CountyRules(meeting.county.code, acts.legal_day(meeting.planned_at)).value(Key.QUORUM_PERCENT)
    counted, present = count_seats(meeting)
    if present * 100 > counted * percent:
        return None
    return _("到会成员单位 %(present)s 个，应到 %(counted)s 个，没有超过百分之 %(percent)s，会议不能作出结论。") % {
        "present": present,
        "counted": counted,
        "percent": percent,
    }


def close_minutes(meeting: Meeting, *, by: Actor, at: datetime, seen: int | None = None) -> Meeting:
    """T11, T13: the chair closes the minutes; every item on the agenda is deliberated, or deferred with its reason."""
    with acts.locked(meeting, at=at, seen=seen) as locked:
        _may_close(locked, by)
        if gap := quorum_gap(locked):
            raise RuleViolation(gap)
        locked.state, locked.closed_at, locked.closed_by = Meeting.State.CLOSED, locked.changed_at, by.label
        for item in locked.agenda.select_related("application").order_by("seq"):
            _conclude(item, by=by, at=locked.changed_at)
        _record(locked, "close_minutes", says=gettext_noop("会议纪要定稿"), by=by)
    return locked


def chairs(by: Actor, meeting: Meeting) -> bool:
    """Is this who chairs the meeting: director, deputy, or the office where it has the authority (art 8(三))?"""
    return by.county == meeting.county.code and by.role.value == meeting.chair


def _may_close(meeting: Meeting, by: Actor) -> None:
    if not chairs(by, meeting):
        raise NotAllowed(_("会议纪要由主持人定稿。"))
    if meeting.state != Meeting.State.HELD or not meeting.minutes:
        raise RuleViolation(_("会议还没有记录，或者纪要已经定稿。"))


def _conclude(item: AgendaItem, *, by: Actor, at: datetime) -> None:
    with take(item.application, Step.CLOSE_DELIBERATION, by=by, at=at, details={"conclusion": item.conclusion}):
        pass
    if item.conclusion == AgendaItem.Conclusion.DEFER:
        with take(item.application, Step.DEFER, by=by, at=at, details={"reason": item.conclusion_text}):
            pass


def answer_meeting_opinion(
    opinion: MeetingOpinion, *, by: Actor, at: datetime, fate: str, answer: str
) -> MeetingOpinion:
    """T12: the applicant answers each opinion: adopted, partly, or not, with the reason (A-33)."""
    with acts.locked(opinion.agenda_item.application, at=at) as locked:
        if not access.applicant(by, locked):
            raise NotAllowed(_("会议意见由申请单位答复。"))
        if locked.state not in {State.DELIBERATED, State.DEFERRED}:
            raise RuleViolation(_("本件现在是“%s”，不能答复会议意见。") % locked.state_label)
        row = MeetingOpinion.objects.select_for_update().get(pk=opinion.pk)
        if row.answered_at is not None:
            raise RuleViolation(_("这条意见已经答复过了。"))
        row.fate, row.answer, row.answered_at = fate, answer, locked.changed_at
        row.save()
        says = gettext_noop("答复会议意见（%(who)s）：%(fate)s") % {
            "who": row.speaker,
            "fate": in_chinese(Fate(fate).label),
        }
        record(locked, "answer_meeting_opinion", says=says, by=by)
    return row


def attach_revised_plan(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T12: the plan as revised after the meeting is fixed as a new version."""
    with acts.locked(application, at=at, seen=seen) as locked:
        if not access.applicant(by, locked):
            raise NotAllowed(_("修改后的方案由申请单位提交。"))
        if locked.state != State.DELIBERATED:
            raise RuleViolation(_("本件现在是“%s”，不能提交修改后的方案。") % locked.state_label)
        if not locked.plans.filter(frozen_at__isnull=True).exists():
            raise RuleViolation(_("方案没有新的修改。"))
        plan = freeze_plan(locked)
        says = gettext_noop("提交第 %s 版方案（会后修改）") % plan.number
        record(locked, "attach_revised_plan", says=says, by=by, data={"plan": plan.number})
    return locked


def request_approval(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T12: the case goes to the committee's director or deputy."""
    with take(application, Step.REQUEST_APPROVAL, by=by, at=at, seen=seen) as locked:
        pass
    return locked


def request_meeting(
    application: Application, *, by: Actor, at: datetime, reason: str, seen: int | None = None
) -> Application:
    """A-2: within its window a member unit asks for a meeting; the case becomes ordinary."""
    with take(application, Step.REQUEST_MEETING, by=by, at=at, seen=seen, details={"reason": reason}) as locked:
        locked.stricter_reason = gettext_noop("%(unit)s要求开会审议：%(reason)s") % {
            "unit": by.unit_name,
            "reason": reason,
        }
        locked.procedure = Procedure.ORDINARY
        dispute(locked, [])
    return locked
