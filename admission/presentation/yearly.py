"""A year of the working-day calendar, month by month, for components/calendar.html."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from base.models import Holiday
from base.workdays import SATURDAY, Calendar

WEEK = 7


@dataclass(frozen=True)
class Month:
    """One month: its name, its weeks from Monday, its working days."""

    name: str
    weeks: list[list[dict[str, Any] | None]]
    workdays: int


@dataclass(frozen=True)
class Span:
    """Days in a row that a notice names: a holiday, or worked weekend days."""

    first: date
    last: date
    name: str
    is_workday: bool


def months(year: int, calendar: Calendar, *, today: date) -> list[Month]:
    """The twelve months of a year."""
    return [_month(year, number, calendar, today) for number in range(1, 13)]


def _month(year: int, number: int, calendar: Calendar, today: date) -> Month:
    first = date(year, number, 1)
    days: list[date] = []
    while first + timedelta(days=len(days)) < _next(first):
        days.append(first + timedelta(days=len(days)))
    cells: list[dict[str, Any] | None] = [None] * first.weekday()
    cells += [_cell(day, calendar, today) for day in days]
    cells += [None] * (-len(cells) % WEEK)
    return Month(
        name=_("%s月") % number,
        weeks=[cells[n : n + WEEK] for n in range(0, len(cells), WEEK)],
        workdays=sum(calendar.is_workday(day) for day in days),
    )


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _cell(day: date, calendar: Calendar, today: date) -> dict[str, Any]:
    works = calendar.is_workday(day)
    kinds = [] if works else ["off"]
    if day == today:
        kinds.append("today")
    special: Mapping[date, Any] = calendar.days
    note = ""
    if day in special:
        note = _("班") if works and day.weekday() >= SATURDAY else "" if works else _("休")
    return {"day": day, "kind": " ".join(kinds), "note": note}


def spans(rows: list[Holiday]) -> list[Span]:
    """The named days of a year, days in a row as one line; rows in the order of their dates."""
    found: list[Span] = []
    for row in rows:
        last = found[-1] if found else None
        follows = last is not None and last.last + timedelta(days=1) == row.date
        if last and follows and (last.name, last.is_workday) == (row.name, row.is_workday):
            found[-1] = Span(last.first, row.date, row.name, row.is_workday)
        else:
            found.append(Span(row.date, row.date, row.name, row.is_workday))
    return found
