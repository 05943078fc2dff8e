"""A table as a workbook: text and nothing else, whatever is in it."""

import io

import pytest
import python_calamine

from worklists.exports import LONGEST_CELL, Sheet, to_xlsx

COLUMNS = ["编号", "事项"]
NOTES = [("清单", "湘银社区"), ("日期", "2026-11-21")]


def pages(content: bytes) -> dict[str, list[list[object]]]:
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "007", "https://portal.example/", "一行\n又一行", "TRUE", "<&>"])
def test_a_cell_is_the_text_that_it_was(cell):
    assert pages(to_xlsx(Sheet(COLUMNS, [["1", cell]], NOTES)))["清单"] == [COLUMNS, ["1", cell]]


def test_the_notes_are_a_page_of_their_own():
    assert pages(to_xlsx(Sheet(COLUMNS, [["1", "巡逻"]], NOTES)))["说明"] == [list(note) for note in NOTES]


def test_without_rows_there_are_still_headings():
    assert pages(to_xlsx(Sheet(COLUMNS, [], NOTES)))["清单"] == [COLUMNS]


def test_rows_are_read_once_and_all_of_them_are_written():
    found = pages(to_xlsx(Sheet(COLUMNS, ([str(n), "巡逻"] for n in range(1200)), NOTES)))["清单"]
    assert [row[0] for row in found[1:]] == [str(n) for n in range(1200)]


def test_a_text_longer_than_a_cell_may_be_is_cut():
    found = pages(to_xlsx(Sheet(COLUMNS, [["1", "长" * (LONGEST_CELL + 1)]], NOTES)))["清单"]
    assert found[1][1] == "长" * LONGEST_CELL
