"""The statutory clocks: how many working days under which article, and which step starts, pauses or stops which. Pure.

The Zhuzhou text sets no limits for admission; the defaults are settings, each with where it comes from (rulebook 5.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from admission.procedure import Step
from base.text import Words
from base.workdays import Calendar, Count


class Clock(models.TextChoices):
    """What is being waited for."""

    CONSULTATION = "consultation", _("征询答复")
    CORRECTION = "correction", _("补正")
    ACCEPTANCE = "acceptance", _("受理")
    DECISION = "decision", _("核准")
    MEMBER_OBJECTION = "member_objection", _("成员单位提出开会")
    ACKNOWLEDGEMENT = "acknowledgement", _("告知单签收")
    PUBLICITY = "publicity", _("结果公示")


SPANS = frozenset({Clock.PUBLICITY, Clock.MEMBER_OBJECTION})
"""Clocks that simply run out: reaching their end is not being late."""


@dataclass(frozen=True)
class Period:
    """A number of working days and where it comes from."""

    workdays: int
    basis: Words


PERIODS: dict[Clock, Period] = {
    Clock.CONSULTATION: Period(5, _("指导意见第六条没有规定期限，默认 5 个工作日")),
    Clock.CORRECTION: Period(5, _("指导意见没有规定补正期限，默认 5 个工作日")),
    Clock.ACCEPTANCE: Period(5, _("指导意见第三条没有规定受理期限，默认 5 个工作日")),
    Clock.DECISION: Period(15, _("指导意见没有规定核准期限，参照北京西城 2018 年做法，受理后 15 个工作日")),
    Clock.MEMBER_OBJECTION: Period(2, _("指导意见没有规定，成员单位默认可在 2 个工作日内要求开会")),
    Clock.ACKNOWLEDGEMENT: Period(3, _("指导意见没有规定签收期限，默认 3 个工作日")),
    Clock.PUBLICITY: Period(5, _("指导意见没有规定公示期限，默认 5 个工作日")),
}


class Turn(StrEnum):
    """What a step does to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


Move = tuple[Turn, Clock]
EVERY_CLOCK_STOPS: list[Move] = [(Turn.STOP, clock) for clock in Clock]

CLOCKS: dict[Step, list[Move]] = {
    Step.OPEN_CONSULTATION: [(Turn.STOP, Clock.CORRECTION), (Turn.START, Clock.CONSULTATION)],
    Step.SUBMIT: [(Turn.STOP, Clock.CONSULTATION), (Turn.RESUME, Clock.ACCEPTANCE)],
    Step.RETURN: [(Turn.PAUSE, Clock.ACCEPTANCE), (Turn.START, Clock.CORRECTION)],
    Step.RESUBMIT: [(Turn.STOP, Clock.CORRECTION), (Turn.RESUME, Clock.ACCEPTANCE)],
    Step.ACCEPT: [(Turn.STOP, Clock.ACCEPTANCE), (Turn.RESUME, Clock.DECISION)],
    Step.BEGIN_SCREENING: [],
    Step.RETURN_FROM_SCREENING: [(Turn.PAUSE, Clock.DECISION), (Turn.START, Clock.CORRECTION)],
    Step.RESUBMIT_TO_SCREENING: [(Turn.STOP, Clock.CORRECTION), (Turn.RESUME, Clock.DECISION)],
    Step.PROPOSE_SIMPLE: [(Turn.START, Clock.MEMBER_OBJECTION)],
    Step.BEGIN_COORDINATION: [],
    Step.BACK_TO_SCREENING: [(Turn.STOP, Clock.CONSULTATION)],
    Step.SCHEDULE_MEETING: [(Turn.STOP, Clock.CONSULTATION)],
    Step.CLOSE_DELIBERATION: [],
    Step.DEFER: [],
    Step.TAKE_OFF_AGENDA: [],
    Step.REQUEST_APPROVAL: [],
    Step.REQUEST_MEETING: [(Turn.STOP, Clock.MEMBER_OBJECTION)],
    Step.SEND_BACK_TO_MEETING: [],
    Step.APPROVE: [(Turn.STOP, Clock.DECISION), (Turn.STOP, Clock.MEMBER_OBJECTION), (Turn.START, Clock.PUBLICITY)],
    Step.REJECT: [*EVERY_CLOCK_STOPS, (Turn.START, Clock.PUBLICITY)],
    Step.ISSUE_NOTICE: [(Turn.START, Clock.ACKNOWLEDGEMENT)],
    Step.FILE: [(Turn.STOP, Clock.PUBLICITY)],
    Step.WITHDRAW: EVERY_CLOCK_STOPS,
}
"""RESUME starts a clock that was never started: a case that comes back goes on where it stood (T4, T5)."""


@dataclass(frozen=True)
class Pause:
    """Days on which a clock stood still: from the day after `since` to `until` (None: it stands still now)."""

    since: date
    until: date | None


def paused_days(pauses: Sequence[Pause], *, today: date) -> frozenset[date]:
    """Every day inside a pause; an open pause lasts to `today`."""
    spans = [(pause.since, pause.until or max(today, pause.since)) for pause in pauses]
    return frozenset(since + timedelta(days=n) for since, until in spans for n in range(1, (until - since).days + 1))


def due(start: date, workdays: int, pauses: Sequence[Pause], calendar: Calendar, *, today: date) -> Count:
    """The due date with every day on the way: `workdays` working days from the day after `start`, pauses left out."""
    return calendar.count(start, workdays, paused=paused_days(pauses, today=today))
