"""The list of applications as a table: exactly the rows and columns that the page shows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from admission.models import Application
from admission.presentation.facts import Facts
from admission.presentation.waiting import Waiting, waiting
from base import acts
from worklists.exports import Sheet

AT_ONCE = 500
"""Rows for which what they wait for is asked together: the memory that a file takes does not grow with its rows."""


def of_applications(rows: Iterable[Application], notes: Sequence[tuple[str, str]], *, on: date) -> Sheet:
    """One row for each application (applicant, prepared_by and office_unit loaded), whom it waits for on this day."""
    columns = [
        _("编号"), _("事项"), _("类型"), _("程序"), _("申请单位"), _("状态"), _("等谁"), _("时限"), _("最晚"),
        _("提交日期"), _("受理日期"), _("开始日期"), _("结束日期"),
    ]  # fmt: skip
    return Sheet(columns, _rows(iter(rows), on), notes)


def _rows(rows: Iterator[Application], on: date) -> Iterator[list[str]]:
    while some := list(islice(rows, AT_ONCE)):
        found, facts = waiting(some, on=on)
        yield from (_cells(row, found[row.pk], facts) for row in some)


def _cells(row: Application, waits: Waiting, facts: Facts) -> list[str]:
    due = facts.due(row)
    return [
        row.number,
        str(row),
        str(row.get_kind_display()),
        str(row.get_procedure_display()),
        str(row.applicant),
        str(row.state_label),
        waits.whom,
        str(due.get_clock_display()) if due else "",
        _day(due.due_on) if due else "",
        _day(acts.legal_day(row.submitted_at)) if row.submitted_at else "",
        _day(acts.legal_day(row.accepted_at)) if row.accepted_at else "",
        _day(row.starts_on),
        _day(row.ends_on),
    ]


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
