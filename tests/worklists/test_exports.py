"""A table as a file: text and nothing else, whatever is in it; a list comes back from its file cell by cell."""

import csv
import io
import os
import shutil
import subprocess
from datetime import date, timedelta

import pytest
import python_calamine
import time_machine
from django.urls import reverse

from base.cells import plain
from tests.factories import NOW, DepartmentFactory, admitted, city_edition, content, county_edition, row
from worklists.exports import LONGEST_CELL, Sheet, to_xlsx
from worklists.kinds import AppliesTo, Executor, Side

COLUMNS = ["编号", "事项"]
NOTES = [("清单", "湘银社区"), ("日期", "2026-11-21")]
SOFFICE = shutil.which("soffice")
NO_OFFICE = "没有找到 LibreOffice（soffice），跳过；安装后会自动运行：apt-get install libreoffice-calc-nogui。"
TEXTS = [
    "=1+1", "+86", "-1", "@SUM(A1)", "007", "2026-11-21", "１２号“台账”，含\"引号\"", "<&>", "治安巡逻", "1E5", "TRUE",
]  # fmt: skip


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


# --- a list and its file -------------------------------------------------------------------------------------
@pytest.fixture
def listed(county, city):
    """A county's list with all that a cell may hold, some of it with a term."""
    guidance = city_edition(city, rows=[row(n, text) for n, text in enumerate(TEXTS, start=1)], at=NOW)
    county_edition(guidance, county, starts_on=date(2026, 11, 21), at=NOW + timedelta(minutes=1))
    unit = DepartmentFactory.create(division=county, name="天元公安分局")
    for text in TEXTS:
        said = content(
            f"{text} ", department_text=text, department_id=unit.pk, does=f"{text}\n第二行", does_not=text,
            executor="station", applies_to="urban",
        )  # fmt: skip
        admitted(county, said=said, scope=["430211001"], ends_on=date(2026, 12, 31), notice_number=text)


@pytest.fixture
def shown(client, listed):
    """The cells as the page has them, and the file in a format."""
    query = {"on": "2026-11-21", "sort": "code"}
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("worklists:county", args=["430211"]), query)
        files = {
            ending: client.get(reverse("worklists:county-export", args=["430211", ending]), query).content
            for ending in ("csv", "xlsx")
        }
    return [cells(line) for group in page.context["groups"] for line in group.lines], files


def cells(line) -> list[str]:
    said = line.version
    last = "2026-12-31" if said.notice_number else ""
    return [
        line.number, said.code, said.department_text, said.unit_name or "", line.category_label, said.title,
        str(Side(said.side).label), str(AppliesTo(said.applies_to).label), str(Executor(said.executor).label),
        said.in_force.lower.isoformat(), last, said.scope_text, said.edition_title or said.notice_number, said.does,
        said.does_not,
    ]  # fmt: skip


def read_csv(content_: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content_.decode("utf-8-sig"), newline="")))


@pytest.mark.django_db
def test_every_cell_of_a_list_comes_back_from_its_files(shown):
    page, files = shown
    assert len(page) == 2 * len(TEXTS)
    assert pages(files["xlsx"])["清单"][1:] == page
    assert [[plain(cell) for cell in each] for each in read_csv(files["csv"])[1:]] == page


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(SOFFICE is None, reason=NO_OFFICE)
def test_libreoffice_opens_the_workbook_and_reads_the_same_cells(shown, tmp_path):
    """Converted to CSV in UTF-8, every text quoted, the cells as they are shown."""
    page, files = shown
    (tmp_path / "list.xlsx").write_bytes(files["xlsx"])
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false"
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", as_csv,
         "--outdir", tmp_path, tmp_path / "list.xlsx"],
        check=True, timeout=180, capture_output=True, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert read_csv((tmp_path / "list.csv").read_bytes())[1:] == page
