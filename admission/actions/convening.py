"""Calling meetings: planned, the agenda, moved, called off, ended for want of a quorum (art 8(三); T10, T13, A-5)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission import access, invitations
from admission.actions._take import take
from admission.actions.attendance import Came, attend, quorum_gap
from admission.actions.meeting import note, preside, waiting_items, why_not_chaired, why_over
from admission.models import AgendaItem, Application, Meeting
from admission.procedure import Step
from base import acts
from base.errors import NotAllowed, RuleViolation
from base.sentences import Sentence, sentence
from base.templatetags.portal import zh_moment
from communities.models import Division
from communities.roles import COUNTY, Actor, Role

FURTHEST = timedelta(days=366)


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
    if said := why_not_chaired(chair, authorisation) or why_not_at(planned_at, at=at):
        raise RuleViolation(said)
    county = Division.objects.select_for_update().filter(code=by.code[:COUNTY])
    with acts.act():
        owner = county.get()
        _check_clash(Meeting.objects.clashing(owner.code, planned_at=planned_at, place=place), beside)
        year, number = _next_number(owner, planned_at)
        meeting = Meeting.objects.create(
            county=owner,
            year=year,
            number=number,
            planned_at=planned_at,
            place=place,
            chair=chair,
            authorisation=authorisation,
            changed_at=at,
        )
        note(meeting, "plan", says=gettext_noop("安排会议"), by=by)
    return meeting


def _check_clash(clashing: Iterable[Meeting], beside: Collection[int]) -> None:
    found = list(clashing)
    if {row.pk for row in found} - set(beside):
        raise MeetingsCollide(found)


def _next_number(county: Division, planned_at: datetime) -> tuple[int, int]:
    """The year of a meeting and its number in it. The county's row is locked by the caller."""
    year = acts.legal_day(planned_at).year
    last = Meeting.objects.filter(county=county, year=year).aggregate(last=Max("number"))["last"] or 0
    return year, last + 1


def why_not_at(planned_at: datetime, *, at: datetime) -> str:
    """Why a meeting cannot be called for that moment: it has passed, or is further off than anybody plans."""
    if planned_at < at:
        return _("开会时间已经过了，请填以后的时间。")
    return _("开会时间最远安排到一年以内，请改。") if planned_at > at + FURTHEST else ""


def may_plan(by: Actor) -> bool:
    """The office, or a member unit that has an application in hand for the office, which is recused (A-9)."""
    if by.role is Role.OFFICE:
        return True
    in_hand = Application.objects.in_progress().filter(office_recused=True, office_unit_id__in=by.units)
    return by.role is Role.MEMBER and in_hand.exists()


def schedule_meeting(
    application: Application, *, by: Actor, at: datetime, meeting: Meeting, seen: int | None = None
) -> Application:
    """T10 (and out of 暂缓): onto the agenda; applicant, members, streets and communities are invited."""
    with take(application, Step.SCHEDULE_MEETING, by=by, at=at, seen=seen, details={"meeting": meeting.pk}) as locked:
        with acts.locked(meeting, at=at) as planned:
            if planned.state != Meeting.State.PLANNED or planned.county_id != locked.county_id:
                raise RuleViolation(_("请选择本区县还没有开的会议。"), field="meeting")
            if planned.planned_at < locked.changed_at:
                raise RuleViolation(
                    _("这次会议的开会时间已经过了，不能再列入议程，请另选或者另安排会议。"), field="meeting"
                )
            if locked.office_recused and planned.chair == Meeting.Chair.OFFICE:
                raise RuleViolation(
                    _("办公室回避的申请不能由办公室主持审议，请选主任或副主任主持的会议。"), field="meeting"
                )
            if said := _nobody_to_keep_it(planned, locked):
                raise RuleViolation(said)
            last = planned.agenda.aggregate(last=Max("seq"))["last"] or 0
            AgendaItem.objects.create(meeting=planned, application=locked, seq=last + 1)
            note(planned, "add_item", says=sentence(gettext_noop("列入议程：%(title)s"), title=locked), by=by)
        locked.coordination.closed_at = locked.coordination.closed_at or locked.changed_at
        locked.coordination.save()
        invitations.invite(meeting, locked, at=locked.changed_at)
    return locked


def _nobody_to_keep_it(meeting: Meeting, application: Application) -> str:
    """A-9: who stands in for the office keeps the record of the whole meeting, so its own application is not heard."""
    heard = [*Application.objects.filter(agenda_items__meeting=meeting).select_related("office_unit"), application]
    applying = {one.applicant_id for one in heard}
    for one in heard:
        if one.office_recused and one.office_unit_id in applying:
            return _("这次会议由%s代行办公室记录，它自己的申请不能同时上会，请另选会议。") % one.office_unit
    return ""


def move_meeting(
    meeting: Meeting, *, by: Actor, at: datetime, planned_at: datetime, place: str, chair: str = "",
    authorisation: str = "", beside: Collection[int] = (), seen: int | None = None,
) -> Meeting:  # fmt: skip
    """Another time, place or chair for a meeting that has not been recorded; of time and place the invited are told.

    Moved into another year, it takes the next number of that year. `beside`: as in `plan_meeting`.
    """
    with acts.locked(meeting, at=at, seen=seen) as locked:
        _may_call(by, locked)
        if locked.state != Meeting.State.PLANNED:
            raise RuleViolation(_("会议已经开过，不能改期。"))
        another_chair = preside(locked, by=by, chair=chair, authorisation=authorisation)
        if (planned_at, place) == (locked.planned_at, locked.place):
            if another_chair:
                return locked
            raise RuleViolation(_("时间、地点和主持人都没有变，不用改期。"))
        if said := why_not_at(planned_at, at=locked.changed_at):
            raise RuleViolation(said)
        owner = Division.objects.select_for_update().get(pk=locked.county_id)  # one at a time, as in plan_meeting
        others = Meeting.objects.clashing(owner.code, planned_at=planned_at, place=place)
        _check_clash(others.exclude(pk=locked.pk), beside)
        before = {"planned_at": locked.planned_at.isoformat(), "place": locked.place}
        if acts.legal_day(planned_at).year != locked.year:
            locked.year, locked.number = _next_number(owner, planned_at)
        locked.planned_at, locked.place = planned_at, place
        data = {"before": before, "planned_at": planned_at.isoformat(), "place": place}
        says = sentence(gettext_noop("会议改期：%(when)s，%(place)s"), when=planned_at, place=place)
        note(locked, "move", says=says, by=by, data=data)
        for item in waiting_items(locked):
            invitations.moved(locked, item.application, at=locked.changed_at)
    return locked


def cancel_meeting(meeting: Meeting, *, by: Actor, at: datetime, reason: str, seen: int | None = None) -> Meeting:
    """It will not be held, and why; what was on its agenda can be put on another one."""
    with acts.locked(meeting, at=at, seen=seen) as locked:
        _may_call(by, locked)
        if locked.state != Meeting.State.PLANNED:
            raise RuleViolation(_("会议已经开过，不能取消。"))
        if not reason:
            raise RuleViolation(_("取消会议要写明原因。"))
        locked.state, locked.reason = Meeting.State.CANCELLED, reason
        says = sentence(gettext_noop("取消会议：%(reason)s"), reason=reason)
        note(locked, "cancel", says=says, by=by, data={"reason": reason})
        _give_back(locked, by=by)
    return locked


def end_without_quorum(meeting: Meeting, *, by: Actor, at: datetime, present: Came, seen: int | None = None) -> Meeting:
    """流会 (A-5): who came is recorded (unit -> post), too few; it concludes nothing, its items go to another meeting.

    What was said stays; conclusions and draft minutes written before go, for such a meeting has none.
    """
    with acts.locked(meeting, at=at, seen=seen) as locked:
        _may_call(by, locked)
        if locked.planned_at > locked.changed_at:
            raise RuleViolation(_("会议还没有开，不能按流会办；开不成的，请改期或者取消。"))
        attend(locked, present)
        if quorum_gap(locked) is None:
            raise RuleViolation(_("到会的成员单位够了，不是流会，请记录会议。"))
        too_few = _too_few(locked)
        locked.state, locked.reason = Meeting.State.INQUORATE, str(too_few)
        locked.minutes = locked.minutes_from = ""
        locked.agenda.update(conclusion="", conclusion_text="")
        counts = {"counted": locked.seats_counted, "present": locked.seats_present}
        note(locked, "lapse", says=sentence(gettext_noop("流会：%(reason)s"), reason=too_few), by=by, data=counts)
        _give_back(locked, by=by)
    return locked


def _too_few(meeting: Meeting) -> Sentence:
    said = gettext_noop("应到成员单位 %(counted)s 个，实到 %(present)s 个，不够法定人数。")
    return sentence(said, counted=meeting.seats_counted, present=meeting.seats_present)


def _may_call(by: Actor, meeting: Meeting) -> None:
    if not access.keeps(by, meeting):
        raise NotAllowed(str(access.CONVENER.else_says))
    if said := why_over(meeting):
        raise RuleViolation(said)


def _give_back(meeting: Meeting, *, by: Actor) -> None:
    """Each item that waits on the agenda is put off to another meeting, and everybody who was invited is told."""
    at, details = meeting.changed_at, {"meeting": meeting.pk, "reason": meeting.reason}
    for item in waiting_items(meeting):
        with take(item.application, Step.TAKE_OFF_AGENDA, by=by, at=at, details=details) as locked:
            pass
        invitations.fell_through(meeting, locked, at=locked.changed_at)
