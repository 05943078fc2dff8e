"""Working-day arithmetic, 调休 included, explained day by day. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """What the notice of the State Council says of one day that differs from its weekday."""

    is_workday: bool
    name: str


@dataclass(frozen=True)
class Counted:
    """One day of a count: its number when it is a working day, the reason when it is skipped."""

    on: date
    number: int | None
    reason: str = ""


@dataclass(frozen=True)
class Count:
    """The result of counting: the last working day, every day on the way, and whether a year is not yet published."""

    last: date
    days: tuple[Counted, ...]
    provisional: bool

    @property
    def skipped(self) -> tuple[Counted, ...]:
        """The days that do not count, each with its reason."""
        return tuple(day for day in self.days if day.number is None)


@dataclass(frozen=True)
class Calendar:
    """Days that differ from their weekday, and the years whose notice is published. An unpublished year uses plain
    weekdays and is provisional, never an error."""

    days: Mapping[date, Day] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def is_workday(self, on: date) -> bool:
        """Is this a working day? The notice decides, else Monday to Friday."""
        special = self.days.get(on)
        return special.is_workday if special else on.weekday() < SATURDAY

    def reason(self, on: date) -> str:
        """Why this day is not counted: the name of the holiday, or the weekend."""
        special = self.days.get(on)
        return special.name if special else "周末"

    def count(self, start: date, workdays: int, *, paused: frozenset[date] = frozenset()) -> Count:
        """Count `workdays` working days (>= 0) from the day after `start`; days in `paused` do not count.

        Zero working days end on `start` itself. Raises ValueError for a negative number.
        """
        if workdays < 0:
            raise ValueError(f"cannot count {workdays} working days")
        days: list[Counted] = []
        on, number = start, 0
        while number < workdays:
            on += timedelta(days=1)
            if on in paused:
                days.append(Counted(on, None, "停钟"))
            elif self.is_workday(on):
                number += 1
                days.append(Counted(on, number))
            else:
                days.append(Counted(on, None, self.reason(on)))
        years = {start.year, *(day.on.year for day in days)}
        return Count(last=on, days=tuple(days), provisional=not years <= self.published)

    def left(self, today: date, due: date) -> int:
        """Working days from the day after `today` to `due`; negative when `due` is past; 0 on the day itself."""
        if due >= today:
            return self._between(today, due)
        return -self._between(due, today)

    def _between(self, after: date, until: date) -> int:
        return sum(self.is_workday(after + timedelta(days=n)) for n in range(1, (until - after).days + 1))


REMINDERS = (2, 0, -1, -3, -5, -10)
"""Working days left at which a reminder goes out: before, on, and after the due date."""


def reminder_due(left: int) -> int | None:
    """The reminder that belongs to `left` working days (negative when late), None when none does yet."""
    passed = [mark for mark in REMINDERS if left <= mark]
    return min(passed) if passed else None
