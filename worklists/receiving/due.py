"""By when a report or a supervision case is answered: counted when it is asked, and again when the calendar changes."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from base import acts
from base.models import Holiday
from base.sentences import sentence
from base.workdays import Calendar
from communities.roles import Actor
from worklists.models import SupervisionCase, UnapprovedReport
from worklists.receiving.log import Subject, record


def count(row: Subject, calendar: Calendar) -> bool:
    """Set the last day from where its period begins; did anything change? Saves nothing. A day that was named stays."""
    if row.counted_from is None or row.answer_days is None:
        return False
    found = calendar.count(row.counted_from, row.answer_days)
    before = (row.due_on, row.provisional)
    row.due_on, row.provisional = found.last, found.provisional
    return before != (row.due_on, row.provisional)


def recount_answers(*, by: Actor, at: datetime) -> int:
    """The calendar has changed: count anew what units still have to answer; a moved date leaves an event.
    Returns how many changed."""
    calendar = Holiday.objects.calendar()
    waiting: list[QuerySet[Any]] = [
        UnapprovedReport.objects.filter(state=UnapprovedReport.State.PASSED_ON), SupervisionCase.objects.running(),
    ]  # fmt: skip
    return sum(
        _move(rows, row, calendar, by=by, at=at)
        for rows in waiting
        for row in rows.order_by("pk")
        if count(row, calendar)
    )


def _move(waiting: QuerySet[Any], row: Subject, calendar: Calendar, *, by: Actor, at: datetime) -> bool:
    """The same again under the lock, unless it was answered meanwhile."""
    with acts.act():
        fresh = waiting.select_for_update().filter(pk=row.pk).first()
        if fresh is None or not count(fresh, calendar):
            return False
        with acts.locked(row, at=at) as locked:
            before = locked.due_on
            count(locked, calendar)
            moved = gettext_noop("最晚答复由%(before)s改为%(after)s（放假安排有变化）")
            says = sentence(moved, before=before, after=locked.due_on)
            record(locked, "recount", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
    return True
