"""The working-day calendar changes, and every running clock is counted anew, in one transaction (decisions: Clocks)."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _

from admission.actions.closing import recompute_deadlines
from base import acts, calendar
from base.calendar import Changed
from base.errors import NotAllowed
from communities.roles import Actor, Role


def set_workday(on: date, *, by: Actor, at: datetime, is_workday: bool, name: str, source: str) -> int:
    """Enter or correct one day. Returns how many due dates moved."""
    return _change(
        lambda: calendar.set_day(on, is_workday=is_workday, name=name, source=source, by=by, at=at), by=by, at=at
    )


def clear_workday(on: date, *, by: Actor, at: datetime) -> int:
    """Take back a day that was entered by mistake. Returns how many due dates moved."""
    return _change(lambda: calendar.clear_day(on, by=by, at=at), by=by, at=at)


def publish_workdays(year: int, *, by: Actor, at: datetime, source: str, published_on: date | None = None) -> int:
    """The notice of a year has been entered in full: its dates are provisional no longer."""
    return _change(
        lambda: calendar.publish_year(year, source=source, published_on=published_on, by=by, at=at), by=by, at=at
    )


def may_change(actor: Actor) -> bool:
    """The platform's administrators keep the calendar, which is the same for every county."""
    return actor.role in {Role.ADMIN, Role.SYSTEM}


def _change(change: Callable[[], Changed], *, by: Actor, at: datetime) -> int:
    if not may_change(by):
        raise NotAllowed(_("工作日历由平台管理员维护。有错的，请联系平台管理员。"))
    with acts.act():
        return recompute_deadlines(by=by, at=at) if change() else 0
