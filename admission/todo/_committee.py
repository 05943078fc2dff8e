"""What waits for the committee: decisions, the members' window, records and minutes of meetings (art 7, 8; A-2)."""

from datetime import date

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from admission.deadlines import Clock
from admission.models import AgendaItem, Application, Meeting
from admission.presentation.waiting import Facts
from admission.procedure import Procedure, State, Step
from admission.todo._line import address, line, page
from base import acts
from base.todo import TodoLine
from communities.roles import DECIDERS, Actor, Role


def _to_decide(actor: Actor) -> list[Application]:
    """What awaits approval in the county, except what the actor's own unit applies for (A-9)."""
    rows = Application.objects.visible_to(actor).filter(state=State.AWAITING_APPROVAL, county__code=actor.county)
    if actor.unit_id is not None:
        rows = rows.exclude(applicant_id=actor.unit_id)
    return list(rows.select_related("applicant", "office_unit"))


def decisions(actor: Actor, today: date) -> list[TodoLine]:
    """Director and deputy: simple cases once the members' window is over, ordinary ones with their conclusion."""
    rows = _to_decide(actor)
    facts = Facts(rows, on=today)
    return [
        _decision(row, facts)
        for row in rows
        if row.procedure == Procedure.ORDINARY or not facts.running_until(row, Clock.MEMBER_OBJECTION)
    ]


def _decision(application: Application, facts: Facts) -> TodoLine:
    heard = facts.heard.get(application.pk)
    refused = bool(heard and heard.conclusion == AgendaItem.Conclusion.REFUSE)
    if application.procedure == Procedure.SIMPLE or heard is None:
        said = _("简易程序，没有成员单位要求开会")
    else:
        said = _("普通程序，会议结论：%s") % heard.get_conclusion_display()
    return line(
        application,
        Step.REJECT if refused and application.procedure == Procedure.ORDINARY else Step.APPROVE,
        what=f"{application.applicant} · {said}",
        button=_("核准"),
        url=page(application),
        clock=facts.clocks[application.pk].get(Clock.DECISION),
    )


def windows(actor: Actor, today: date) -> list[TodoLine]:
    """Member units: simple cases that they may still ask to be heard at a meeting. Saying nothing is an answer too."""
    rows = [row for row in _to_decide(actor) if row.procedure == Procedure.SIMPLE]
    facts = Facts(rows, on=today)
    return [
        line(
            row,
            Step.REQUEST_MEETING,
            what=_("%s · 简易程序，有不同看法的可以要求开会；没有意见不用办") % row.applicant,
            button=_("看一看"),
            url=page(row),
            clock=facts.clocks[row.pk].get(Clock.MEMBER_OBJECTION),
        )
        for row in rows
        if facts.running_until(row, Clock.MEMBER_OBJECTION)
    ]


def meetings(actor: Actor, today: date) -> list[TodoLine]:
    """Meetings that were held and not recorded; minutes that wait for who chaired. One query."""
    rows = (
        Meeting.objects.visible_to(actor)
        .filter(county__code=actor.county, state__in=[Meeting.State.PLANNED, Meeting.State.HELD])
        .annotate(
            heard=Count("agenda"),
            stands_in=Exists(
                AgendaItem.objects.filter(
                    meeting=OuterRef("pk"), application__office_recused=True, application__office_unit_id=actor.unit_id
                )
            ),
        )
        .filter(heard__gt=0)
    )
    return [found for row in rows if (found := _meeting(row, actor, today))]


def _meeting(meeting: Meeting, actor: Actor, today: date) -> TodoLine | None:
    held_on = acts.legal_day(meeting.planned_at)
    keeps_record = actor.role is Role.OFFICE or meeting.stands_in  # type: ignore[attr-defined]
    if meeting.state == Meeting.State.PLANNED and held_on <= today and keeps_record:
        return _of_meeting(meeting, "record_meeting", _("会议日期到了，等您记录"), _("记录会议"))
    if meeting.state == Meeting.State.HELD and _chaired(meeting, actor):
        return _of_meeting(meeting, "close_minutes", _("已记录，等您审定纪要"), _("审定纪要"))
    return None


def _chaired(meeting: Meeting, actor: Actor) -> bool:
    if meeting.chair == Meeting.Chair.OFFICE:
        return actor.role is Role.OFFICE
    return actor.role in DECIDERS and actor.role.value == meeting.chair


def _of_meeting(meeting: Meeting, act: str, said: str, button: str) -> TodoLine:
    name = {"record_meeting": "meeting-record", "close_minutes": "meeting-close"}[act]
    heard: int = meeting.heard  # type: ignore[attr-defined]
    return TodoLine(
        act=act,
        title=str(meeting),
        what=_("%(said)s，议程 %(count)s 件") % {"said": said, "count": heard},
        button=button,
        url=address(name, meeting.pk),
        page=address("meeting", meeting.pk),
        state=meeting.get_state_display(),
        tone="wait",
    )
