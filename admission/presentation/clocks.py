"""The clocks in the margin, each with 怎么算的: every day that does not count with its reason, and every pause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission import deadlines
from admission.deadlines import SPANS, Clock
from admission.models import Deadline
from base.templatetags.portal import zh_month_day
from base.workdays import SATURDAY, Calendar, Count, Counted

BEGINS: dict[Clock, Promise] = {
    Clock.CONSULTATION: gettext_lazy("发出征询"),
    Clock.CORRECTION: gettext_lazy("退回补正"),
    Clock.ACCEPTANCE: gettext_lazy("提交"),
    Clock.DECISION: gettext_lazy("受理"),
    Clock.MEMBER_OBJECTION: gettext_lazy("提请核准"),
    Clock.ACKNOWLEDGEMENT: gettext_lazy("下发告知单"),
    Clock.PUBLICITY: gettext_lazy("作出决定"),
}


@dataclass(frozen=True)
class ClockCard:
    """One clock, as components/clock.html takes it."""

    name: str
    clock: str
    due_on: date | None
    left: int | None
    explain: list[str]
    count: Count
    basis: str
    paused: str
    stopped_on: date | None
    provisional: bool


def cards(rows: Sequence[Deadline], calendar: Calendar, *, today: date) -> list[ClockCard]:
    """Those that run first, by due date; then those that stand still; then those that are over."""

    def place(row: Deadline) -> tuple[bool, bool, date, int]:
        over = bool(row.stopped_on or _ran_out(row, today))
        return (over, row.standing_still, row.due_on or date.max, row.pk)

    return [card(row, calendar, today=today) for row in sorted(rows, key=place)]


def card(row: Deadline, calendar: Calendar, *, today: date) -> ClockCard:
    """One clock explained from its start, its period, its pauses and the calendar."""
    until = row.stopped_on or today
    count = deadlines.due(row.started_on, row.workdays, row.pause_spans(), calendar, today=until)
    return ClockCard(
        name=row.get_clock_display(),
        clock=row.clock,
        due_on=row.due_on,
        left=left(row, calendar, today=today),
        explain=explained(row, count),
        count=count,
        basis=row.basis,
        paused=_("停着，补正以后接着算") if row.standing_still and not row.stopped_on else "",
        stopped_on=row.stopped_on or _ran_out(row, today),
        provisional=row.provisional,
    )


def _ran_out(row: Deadline, today: date) -> date | None:
    """A clock that simply runs out is over with its last day."""
    return row.due_on if row.clock in SPANS and row.due_on and row.due_on < today else None


def left(row: Deadline, calendar: Calendar, *, today: date) -> int | None:
    """Working days left after today, negative when late; None when it stands still."""
    if row.due_on is None:
        return None
    return calendar.left(today, row.due_on)


def explained(row: Deadline, count: Count) -> list[str]:
    """The sentences of 怎么算的."""
    said = [
        _("%(day)s%(begins)s，当天不算，从次日起数 %(count)s 个工作日。")
        % {"day": zh_month_day(row.started_on), "begins": BEGINS[Clock(row.clock)], "count": row.workdays}
    ]
    holidays = [day for day in count.skipped if not _plain_weekend(day) and day.reason != "停钟"]
    said += [
        _("%(days)s %(name)s，不计算。") % {"days": span([day.on for day in days]), "name": name}
        for name, days in ((name, list(found)) for name, found in groupby(holidays, key=lambda day: day.reason))
    ]
    worked = [day.on for day in count.days if day.number is not None and day.on.weekday() >= SATURDAY]
    if worked:
        said.append(_("%s 是周末调休上班，计算。") % _("、").join(zh_month_day(day) for day in worked))
    said += [_pause(pause) for pause in row.pause_spans()]
    if not holidays and not worked and not row.pauses:
        said.append(_("其间没有节假日和调休，没有停过钟。"))
    if count.provisional:
        years = _("、").join(str(year) for year in sorted({day.on.year for day in count.days}))
        said.append(_("%s 年的放假安排还没有公布齐，先按周一至周五推算，公布后会重新计算。") % years)
    return said


def span(days: Sequence[date]) -> str:
    """10月1日至10月8日, or one day."""
    return (
        zh_month_day(days[0])
        if len(days) == 1
        else _("%(first)s至%(last)s") % {"first": zh_month_day(days[0]), "last": zh_month_day(days[-1])}
    )


def _plain_weekend(day: Counted) -> bool:
    return day.on.weekday() >= SATURDAY and day.reason == "周末"


def _pause(pause: deadlines.Pause) -> str:
    if pause.until is None:
        return _("%s起停钟，等补正。") % zh_month_day(pause.since)
    return _("%s停钟，不计算。") % span(sorted({pause.since, pause.until}))
