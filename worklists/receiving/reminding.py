"""Whom a report or a supervision case waits for is reminded before, on and after its last day (art 9; rulebook 5.5)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from base import acts
from base.acts import legal_day
from base.models import Holiday
from base.workdays import Calendar, reminder_due
from worklists import notifications
from worklists.models import SupervisionCase, UnapprovedReport
from worklists.receiving import telling

Tells = Callable[..., None]


def remind_due(*, at: datetime) -> int:
    """On working days; each mark once. Returns how many rows stand at a mark."""
    calendar = Holiday.objects.calendar()
    if not calendar.is_workday(legal_day(at)):
        return 0
    cases = SupervisionCase.objects.running().select_related("county", "unit__street", "opened_unit")
    reports = UnapprovedReport.objects.filter(state=UnapprovedReport.State.PASSED_ON)
    reports = reports.select_related("county", "department", "substitute")
    tasks: list[tuple[QuerySet[Any], Tells]] = [(cases, telling.remind), (reports, notifications.report_due)]
    return sum(
        _remind(rows.filter(pk=pk), tells, calendar, at)
        for rows, tells in tasks
        for pk in list(rows.order_by("pk").values_list("pk", flat=True))
    )


def _remind(one: QuerySet[Any], tells: Tells, calendar: Calendar, at: datetime) -> bool:
    """One row in its own transaction, if it still waits."""
    with acts.act():
        row = one.first()
        if row is None:
            return False
        left = calendar.left(legal_day(at), row.due_on)
        mark = reminder_due(left)
        if mark is None:
            return False
        tells(row, mark=mark, left=left, at=at)
        return True
