"""The days of the demo: working days before today, office hours, with the calendar as it was published."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from base.calendar import official
from base.workdays import Calendar, Day

YEAR = timedelta(days=365)
MORNING = time(9, 0)
CLOSING = time(16, 30)


def published() -> Calendar:
    """The calendar of the notices that the portal brings along."""
    notices = official()
    days = {day.on: Day(is_workday=day.is_workday, name=day.name) for notice in notices for day in notice.days}
    return Calendar(days=days, published=frozenset(notice.year for notice in notices))


@dataclass(frozen=True)
class Days:
    """Counted backwards from the moment the demo is made."""

    now: datetime
    calendar: Calendar = field(default_factory=published)

    @property
    def today(self) -> date:
        """The day on which the demo is made; it may be a holiday."""
        return timezone.localtime(self.now).date()

    def ago(self, days: int) -> date:
        """A working day, at least so many days ago."""
        return self.before(self.today - timedelta(days=days), 0)

    def before(self, day: date, workdays: int) -> date:
        """The working day so many working days before `day` (which becomes a working day first)."""
        while not self.calendar.is_workday(day):
            day -= timedelta(days=1)
        for _n in range(workdays):
            day -= timedelta(days=1)
            while not self.calendar.is_workday(day):
                day -= timedelta(days=1)
        return day

    def after(self, day: date, workdays: int) -> date:
        """The working day so many working days after `day`."""
        return self.calendar.count(day, workdays).last

    def opening(self) -> datetime:
        """The morning on which everything begins, a year ago."""
        return at(self.before((self.now - YEAR).date(), 0), MORNING)


def at(day: date, hour: time) -> datetime:
    """A moment of a day, by the clock of the county."""
    return timezone.make_aware(datetime.combine(day, hour))
