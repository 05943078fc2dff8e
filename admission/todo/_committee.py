"""What waits for the committee: decisions, the members' window, records and minutes of meetings (art 7, 8; A-2)."""

from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext as _

from admission import access
from admission.deadlines import Clock
from admission.models import AgendaItem, Application, Meeting
from admission.presentation.facts import Facts
from admission.procedure import Procedure, State, Step
from admission.rules import CountyRules, Key
from admission.todo._line import address, line, page
from base import acts
from base.todo import TodoLine
from communities.roles import Actor


def _to_decide(actor: Actor) -> list[Application]:
    """What awaits approval in the county, except what the actor's own unit applies for (A-9)."""
    rows = Application.objects.visible_to(actor).filter(state=State.AWAITING_APPROVAL, county__code=actor.county)
    return list(rows.exclude(applicant_id__in=actor.units).select_related("applicant", "office_unit"))


def decisions(actor: Actor, today: date) -> list[TodoLine]:
    """Director and deputy: simple cases once the members' window is over, ordinary ones with their conclusion."""
    rows = _to_decide(actor)
    facts = Facts(rows, on=today)
    ripe = [
        row
        for row in rows
        if row.procedure == Procedure.ORDINARY or not facts.running_until(row, Clock.MEMBER_OBJECTION)
    ]
    return [found for row in ripe if (found := _decision(row, facts))]


def _decision(application: Application, facts: Facts) -> TodoLine | None:
    heard = facts.heard.get(application.pk)
    refused = bool(heard and heard.conclusion == AgendaItem.Conclusion.REFUSE)
    why = facts.without_effect.get(application.pk, "")
    if why and not refused:
        return _without_effect(application, why)
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


def _without_effect(application: Application, why: str) -> TodoLine | None:
    """It would bring nothing about: what a meeting agreed to waits for the applicant, a simple case may be refused."""
    if application.procedure == Procedure.ORDINARY:
        return None
    said = _("%s，不能核准；申请单位没有撤回的，可以不予核准") % why
    what = f"{application.applicant} · {said}"
    return line(application, Step.REJECT, what=what, button=_("看一看"), url=page(application))


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
    """Meetings that were held and not wholly recorded; minutes that wait for who chaired. Two queries."""
    unheard = AgendaItem.objects.filter(
        Q(report="") | Q(conclusion=""), meeting=OuterRef("pk"), application__state=State.MEETING_SCHEDULED
    )
    rows = (
        Meeting.objects.visible_to(actor)
        .filter(county__code=actor.county, state__in=[Meeting.State.PLANNED, Meeting.State.HELD])
        .annotate(
            heard=Count("agenda"),
            unfinished=Exists(unheard),
            kept=ExpressionWrapper(access.kept_by(actor), BooleanField()),
            chaired=ExpressionWrapper(access.chaired_by(actor), BooleanField()),
        )
        .filter(heard__gt=0)
    )
    percent = int(CountyRules(actor.county, today).value(Key.QUORUM_PERCENT))
    return [found for row in rows if (found := _meeting(row, today, percent))]


def _meeting(meeting: Any, today: date, percent: int) -> TodoLine | None:
    """The line of one row of `meetings`, if it waits for this reader."""
    if meeting.state == Meeting.State.PLANNED:
        begun = acts.legal_day(meeting.planned_at) <= today
        return (
            _of_meeting(meeting, "record_meeting", _("会议日期到了，等您记录"), _("记录会议"))
            if begun and meeting.kept
            else None
        )
    if missing := _missing(meeting, percent):
        return _of_meeting(meeting, "record_meeting", missing, _("接着记录")) if meeting.kept else None
    return _of_meeting(meeting, "close_minutes", _("已记录，等您审定纪要"), _("审定纪要")) if meeting.chaired else None


def _missing(meeting: Any, percent: int) -> str:
    """What keeps its minutes from being closed, by the counts that its record left; empty for nothing."""
    if (meeting.seats_present or 0) * 100 <= (meeting.seats_counted or 0) * percent:
        return _("到会的成员单位不够法定人数，等您补记出席，或者按流会办")
    if meeting.unfinished or not meeting.minutes:
        return _("记录还没有写全，等您接着记")
    return ""


def _of_meeting(meeting: Any, act: str, said: str, button: str) -> TodoLine:
    name = {"record_meeting": "meeting-record", "close_minutes": "meeting-close"}[act]
    return TodoLine(
        act=act,
        title=str(meeting),
        what=_("%(said)s，议程 %(count)s 件") % {"said": said, "count": meeting.heard},
        button=button,
        url=address(name, meeting.pk),
        page=address("meeting", meeting.pk),
        state=meeting.get_state_display(),
        tone="wait",
    )
