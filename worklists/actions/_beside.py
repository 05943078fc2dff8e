"""The entries of a draft from the rows of a file: a county's beside its city's newest edition (S2-P4 art 4)."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from base.errors import RuleViolation
from worklists.models import ItemList, ListEntry
from worklists.rows import Row

NOT_IN_THE_FILE = "导入的清单没有列入"


def entries(edition: ItemList, rows: Sequence[Row]) -> list[ListEntry]:
    """What the rows say; of a county also which the city has, which it adds, and which of the city's it leaves out.

    Saves nothing. Raises RuleViolation for an addition without the number of its decision.
    """
    own = [_entry(edition, row) for row in rows]
    if edition.kind != ItemList.Kind.COUNTY:
        return own
    above = _above(edition)
    sources = _sources(above, rows)
    for entry, row, source in zip(own, rows, sources, strict=True):
        if source:
            entry.source_entry = source
            continue
        entry.fate, entry.decision_number = ListEntry.Fate.ADDED, row.decision_number or edition.issue_number
        if not entry.decision_number:
            raise RuleViolation(_("第 %(line)d 行：%(why)s") % {"line": row.line, "why": _no_decision()})
    last = max(entry.seq for entry in own)
    met = {source.pk for source in sources if source}
    left_out = [entry for entry in above if entry.pk not in met]
    return [*own, *(_dropped(edition, entry, last + n) for n, entry in enumerate(left_out, start=1))]


def decided(edition: ItemList, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, those that would be refused for want of a decision with that among their errors."""
    if edition.kind != ItemList.Kind.COUNTY or edition.issue_number:
        return tuple(rows)
    good = [row for row in rows if not row.errors]
    lacking = {
        row.line
        for row, source in zip(good, _sources(_above(edition), good), strict=True)
        if source is None and not row.decision_number
    }
    return tuple(replace(row, errors=(_no_decision(),)) if row.line in lacking else row for row in rows)


def _no_decision() -> str:
    return _("市级清单没有这一项，要写明增列的决定文号：在表里加“决定文号”一列，或者填写清单的文号。")


def _above(edition: ItemList) -> list[ListEntry]:
    return list(edition.based_on.entries.order_by("seq")) if edition.based_on else []


def _sources(above: Sequence[ListEntry], rows: Sequence[Row]) -> list[ListEntry | None]:
    """The city's entry behind each row, each once."""
    by_text = {(entry.department_text, entry.title): entry for entry in reversed(above)}
    return [by_text.pop((row.department, row.title), None) for row in rows]


def _entry(edition: ItemList, row: Row) -> ListEntry:
    return ListEntry(
        edition=edition, seq=row.seq, department_text=row.department, category=row.category, title=row.title,
        applies_to=row.applies_to, certain=row.certain, source_row=row.source_row, decision_number=row.decision_number,
    )  # fmt: skip


def _dropped(edition: ItemList, source: ListEntry, seq: int) -> ListEntry:
    return ListEntry(
        edition=edition, seq=seq, department_text=source.department_text, category=source.category, title=source.title,
        applies_to=source.applies_to, certain=source.certain, source_row=source.source_row, source_entry=source,
        fate=ListEntry.Fate.DROPPED, reason=NOT_IN_THE_FILE,
    )  # fmt: skip
