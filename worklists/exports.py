"""Lists as files: exactly the rows that a page shows, in columns that our own import understands."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext as _
from rustpy_xlsxwriter import Format, write_worksheets

from base.cells import harmless
from worklists import lists, opendata
from worklists.kinds import AppliesTo, Category, Executor, Side
from worklists.models import ListEntry

WIDEST = 60
NARROWEST = 8
MEASURED = 500  # rows; the columns are as wide as these need
LONGEST_CELL = 32_767  # of a workbook


@dataclass(frozen=True)
class Sheet:
    """A table with its headings, and what must be known to read it. The rows are read once, one at a time."""

    columns: Sequence[str]
    rows: Iterable[Sequence[str]]
    notes: Sequence[tuple[str, str]] = ()


def of_items(versions: Iterable[lists.Shown], notes: Sequence[tuple[str, str]]) -> Sheet:
    """A list of items; the rows come from `lists.shown`."""
    return Sheet([str(column.heading) for column in opendata.ITEM], _items(versions), notes)


def of_entries(entries: Iterable[ListEntry], notes: Sequence[tuple[str, str]]) -> Sheet:
    """An edition, entry by entry, in columns that can be read in again."""
    columns = [
        _("序号"), _("部门"), _("现部门"), _("类别"), _("事项"), _("适用"), _("类别可靠"), _("去留"), _("理由"),
        _("决定文号"), _("原文行号"),
    ]  # fmt: skip
    return Sheet(columns, (_entry(row) for row in entries), notes)


def to_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read the Chinese; no cell that they would calculate."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in chain([sheet.columns], sheet.rows))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(sheet: Sheet) -> bytes:
    """A workbook of text cells: nothing in it is a formula or a link. Holds no more than some rows at a time."""
    rows = iter(sheet.rows)
    first = list(islice(rows, MEASURED)) or [[""] * len(sheet.columns)]  # without any row there would be no headings
    listed, about = _("清单"), _("说明")
    wrap = Format().set_text_wrap().set_align("top")
    pages: list[tuple[str, Any]] = [(listed, _records(sheet.columns, chain(first, rows)))]
    if sheet.notes:
        pages.append((about, _records(sheet.notes[0], sheet.notes[1:] or [("", "")])))
    buffer = io.BytesIO()
    write_worksheets(
        pages, buffer, freeze_panes={listed: {"row": 1, "col": 0}},
        header_format={listed: Format().set_bold()},
        column_widths={listed: dict(zip(sheet.columns, _widths(sheet.columns, first), strict=True))},
        column_formats={listed: dict.fromkeys(sheet.columns, wrap)},
    )  # fmt: skip
    return buffer.getvalue()


FORMATS = {
    "csv": ("text/csv; charset=utf-8", to_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
}


def _items(versions: Iterable[lists.Shown]) -> Iterator[list[str]]:
    words = {
        (kind, choice.value): str(choice.label) for kind in (Category, Side, AppliesTo, Executor) for choice in kind
    }  # each once, not once in every row
    for row in versions:
        last = lists.last_day(row)
        yield [
            lists.number(row), row.code, row.department_text, row.unit_name or "", words[Category, row.category],
            row.title, words[Side, row.side], words[AppliesTo, row.applies_to], words[Executor, row.executor],
            row.in_force.lower.isoformat(), last.isoformat() if last else "", row.scope_text,
            row.edition_title or row.notice_number, row.does, row.does_not,
        ]  # fmt: skip


def _entry(row: ListEntry) -> list[str]:
    return [
        str(row.seq), row.department_text, row.department.name if row.department else "",
        str(row.get_category_display()), row.title, str(row.get_applies_to_display()),
        str(_("是") if row.certain else _("否")), str(row.get_fate_display()), row.reason, row.decision_number,
        str(row.source_row or ""),
    ]  # fmt: skip


def _records(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {heading: cell[:LONGEST_CELL] for heading, cell in zip(headings, row, strict=True)}


def _widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    return [max(map(_width, column)) for column in zip(headings, *rows, strict=True)]


def _width(cell: str) -> float:
    """Of the column that shows this cell; a Chinese character is as wide as two others."""
    wide = len(cell) if cell.isascii() else sum(2 if char > "\xff" else 1 for char in cell)
    return float(max(NARROWEST, min(wide + 2, WIDEST)))
