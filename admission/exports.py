"""The list of applications as a table: exactly the rows and columns that the page shows."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from admission.models import Application
from admission.presentation.waiting import Facts, Waiting
from base import acts
from worklists.exports import Sheet

MOST_ROWS = 5000


def of_applications(
    rows: Sequence[Application], waiting: dict[int, Waiting], facts: Facts, notes: Sequence[tuple[str, str]]
) -> Sheet:
    """One row for each application."""
    columns = [
        _("编号"), _("事项"), _("类型"), _("程序"), _("申请单位"), _("状态"), _("等谁"), _("时限"), _("最晚"),
        _("提交日期"), _("受理日期"), _("开始日期"), _("结束日期"),
    ]  # fmt: skip
    return Sheet(columns, [_cells(row, waiting[row.pk], facts) for row in rows], notes)


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
