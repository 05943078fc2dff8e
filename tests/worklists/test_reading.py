"""Files as people hand them in: each fault one sentence, at its row; nothing else is lost."""

import io
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings

from base import cells
from base.errors import RuleViolation
from worklists import rows

GUIDANCE = Path(settings.BASE_DIR) / "worklists/data/guidance_list.csv"
HEAD = "序号,部门,类别,事项\n"
SOURCE_OF_A12 = {4, 7, 27, 33, 34, 49, 50, 57, 62, 97, 101, 109, 110, 112, 114, *range(117, 123), 144, 146}


def read(text, *, encoding="utf-8", name="list.csv"):
    return rows.read(name, text.encode(encoding))


def workbook(*tables, names=None):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        for at, table in enumerate(tables):
            sheet = book.add_worksheet((names or [])[at] if names else None)
            for number, cells in enumerate(table):
                sheet.write_row(number, 0, cells)
    return buffer.getvalue()


def test_the_guidance_list_of_zhuzhou_reads_whole():
    reading = rows.read("guidance_list.csv", GUIDANCE.read_bytes())
    assert (len(reading.rows), reading.bad, reading.empty) == (149, [], ())
    assert Counter(row.category for row in reading.rows) == {"statutory": 19, "undertake": 53, "assist": 77}
    assert len({row.department for row in reading.rows}) == 37
    assert sum(not row.certain for row in reading.rows) == 121
    assert {row.seq for row in reading.rows if rows.speaks_of_villages(row.title)} == SOURCE_OF_A12
    assert reading.rows[3].notes == ("类别系推断，请核对原件。", "像是村里的事项，可在草案里把适用改为“村”。")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_in_the_encodings_that_offices_use(encoding):
    reading = read(HEAD + "1,民政局,承办,各类救助、慈善募捐\n", encoding=encoding)
    assert [(row.department, row.category, row.title) for row in reading.rows] == [
        ("民政局", "undertake", "各类救助、慈善募捐")
    ]


def test_the_original_file_reads_the_same_in_gbk():
    again = rows.read("list.csv", GUIDANCE.read_text(encoding="utf-8").encode("gbk"))
    assert again == rows.read("list.csv", GUIDANCE.read_bytes())


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_other_delimiters_and_a_title_above_the_headings(delimiter):
    text = "社区工作事项指导清单\n" + "类别,事项,部门\n协助,维护社会稳定,公安局\n".replace(",", delimiter)
    row = read(text).rows[0]
    assert (row.line, row.seq, row.department, row.title) == (3, 1, "公安局", "维护社会稳定")


def test_a_workbook_is_read_from_whichever_sheet_has_the_table():
    table = [["序号", "部门", "类别", "事项"], [7, "公安局", "协助", "维护社会稳定"]]
    reading = rows.read("list.xlsx", workbook([["说明"], ["请勿修改"]], table, names=["说明", "清单"]))
    assert [(row.line, row.seq, row.title) for row in reading.rows] == [(2, 7, "维护社会稳定")]


def merged(*, first: int, last: int, across: int = 0) -> bytes:
    """The department beside all of its items in one cell; a title over the whole table."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "天元区社区工作事项清单")
        sheet.write_row(1, 0, ["序号", "部门", "类别", "事项"])
        for number in range(1, 4):
            sheet.write_row(number + 1, 0, [number, "", "协助", f"事项{number}"])
        sheet.merge_range(first, 1, last, 1 + across, "公安局")
    return buffer.getvalue()


def test_a_department_merged_over_its_items_is_the_department_of_each():
    found = rows.read("list.xlsx", merged(first=2, last=4)).rows
    assert [(row.line, row.department, row.title) for row in found] == [
        (3, "公安局", "事项1"), (4, "公安局", "事项2"), (5, "公安局", "事项3"),
    ]  # fmt: skip
    assert not any(row.errors for row in found)


def test_below_a_merged_cell_nothing_is_guessed():
    found = rows.read("list.xlsx", merged(first=2, last=3)).rows
    assert [(row.department, row.errors) for row in found] == [
        ("公安局", ()), ("公安局", ()), ("", ("没有写部门。",)),
    ]  # fmt: skip


def test_headings_that_are_merged_over_two_rows_are_read_once():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(["序号", "部门", "类别", "事项"]):
            sheet.merge_range(0, column, 1, column, name)
        sheet.write_row(2, 0, [1, "公安局", "协助", "巡逻"])
    assert [(row.line, row.title, row.errors) for row in rows.read("a.xlsx", buffer.getvalue()).rows] == [
        (3, "巡逻", ())
    ]


def test_a_cell_merged_over_more_rows_than_there_are_says_nothing_beyond():
    assert len(rows.read("list.xlsx", merged(first=2, last=90_000)).rows) == 3


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "文件是空的"),
        ("a.csv", b"\xef\xbb\xbf\r\n", "文件是空的"),
        (
            "a.csv",
            "序号,部门,事项\n1,公安局,巡逻\n".encode(),
            "文件里第一行是：序号、部门、事项",
        ),
        ("a.csv", b"\x00\x01\x02", "读不出文件里的文字"),
        ("a.csv", (HEAD + '1,公安局,协助,"' + "长" * 140_000).encode(), "这个 CSV 文件的格式有问题"),
        ("a.csv", (HEAD + "1,公安局,协助,巡逻\n" * 5001).encode(), "文件超过 5000 行"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "打不开这个表格文件"),
        ("a.xlsx", workbook([["说明"]]), "文件里第一行是：说明"),
        ("a.xlsx", workbook([]), "文件里第一行是：空的"),
    ],
)
def test_a_file_without_the_table_is_refused_with_the_reason(name, content, says):
    with pytest.raises(RuleViolation, match=says):
        rows.read(name, content)


def spread(*corners):
    """A small workbook whose cells are far apart."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row, column in corners:
            sheet.write(row, column, "部门")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("corners", "says"),
    [
        ([(0, 0), (1_048_575, 16_383)], "展开以后太大"),  # half a terabyte, were it laid out
        ([(0, 0), (5_000, 16_383)], "展开以后太大"),
        ([(0, 0), (100_000, 3)], "文件超过 5000 行"),
    ],
)
def test_a_small_workbook_that_unfolds_hugely_is_refused_and_the_process_lives(corners, says):
    content = spread(*corners)
    assert len(content) < 10_000
    with pytest.raises(RuleViolation, match=says):
        rows.read("list.xlsx", content)


def test_what_a_workbook_says_in_text_is_bounded_too():
    content = workbook([["长" * 30_000] * 1_000])
    with pytest.raises(RuleViolation, match="展开以后太大"):
        rows.read("list.xlsx", content)


@pytest.mark.parametrize(
    ("line", "errors"),
    [
        ("1,,协助,巡逻", ["没有写部门。"]),
        ("1,公安局,协助,", ["没有写事项。"]),
        ("1,公安局,,巡逻", ["类别只能是“法定职责”“承办”“协助”，这里是“”。"]),
        ("1,公安局,配合,巡逻", ["类别只能是“法定职责”“承办”“协助”，这里是“配合”。"]),
        ("一,公安局,协助,巡逻", ["序号应是 1 以上的整数，这里是“一”。"]),
        ("0,公安局,协助,巡逻", ["序号应是 1 以上的整数，这里是“0”。"]),
        ("99999999999,公安局,协助,巡逻", ["序号应是 1 以上的整数，这里是“99999999999”。"]),
        (f"1,公安局,协助,{'长' * 10_000}", ["事项有 10000 个字，最多 200 个。"]),
        (f"1,{'局' * 81},协助,巡逻", ["部门有 81 个字，最多 80 个。"]),
        ("1,公安局,协助,巡\x07逻", ["事项里有看不见的控制字符，请删去。"]),
        ("1,公安局,协助,巡\u202e逻", ["事项里有看不见的控制字符，请删去。"]),
        ("x,,配合,", ["没有写部门。", "没有写事项。", "类别只能是“法定职责”“承办”“协助”，这里是“配合”。",
                    "序号应是 1 以上的整数，这里是“x”。"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_row_is_said_at_once(line, errors):
    assert list(read(HEAD + line + "\n").rows[0].errors) == errors


def test_repeats_are_the_fault_of_the_second_row():
    reading = read(HEAD + "1,公安局,协助,巡逻\n2,公安局,协助,巡 逻\n3,公安局,协助,巡逻\n1,司法局,协助,调解\n")
    assert [row.errors for row in reading.rows] == [(), (), ("与第 2 行重复。",), ("序号 1 在第 2 行已经用过。",)]
    assert [row.line for row in reading.good] == [2, 3]


def test_empty_rows_are_passed_by_and_named():
    reading = read(HEAD + "1,公安局,协助,巡逻\n,,,\n  ,\n2,司法局,协助,调解\n,,,\n")
    assert ([row.line for row in reading.rows], reading.empty) == ([2, 5], (3, 4))


def test_markup_and_formulas_are_only_text():
    reading = read(HEAD + "1,公安局,协助,<script>alert(1)</script>\n2,公安局,协助,=1+1\n3,公安局,协助,'=1+1\n")
    assert [row.title for row in reading.rows] == ["<script>alert(1)</script>", "=1+1", "=1+1"]
    assert reading.rows[2].errors == ("与第 3 行重复。",)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "普通的事项", "'引文"])
def test_a_harmless_cell_comes_back_as_it_was(text):
    assert cells.plain(cells.harmless(text)) == text
    assert not cells.harmless(text).startswith(("=", "+", "-", "@"))


def test_optional_columns_are_understood():
    text = "部门,类别,事项,适用,类别可靠,原文行号,决定文号\n公安局,法定职责,消防,村,否,12,株天发〔2026〕3号\n"
    row = read(text).rows[0]
    assert (row.applies_to, row.certain, row.source_row, row.decision_number) == (
        "rural",
        False,
        12,
        "株天发〔2026〕3号",
    )


def test_a_row_shorter_than_the_headings_lacks_what_is_not_there():
    assert read(HEAD + "1,公安局\n").rows[0].errors[0] == "没有写事项。"


def test_a_row_survives_being_kept_as_json():
    row = read(HEAD + "1,公安局,配合,农村巡逻\n").rows[0]
    kept = {**vars(row), "errors": list(row.errors), "notes": list(row.notes)}
    assert rows.Row.of(kept) == row


def test_the_copy_in_the_project_has_the_columns_its_readme_names():
    head = GUIDANCE.read_text(encoding="utf-8").splitlines()[0].split(",")
    readme = (GUIDANCE.parent / "README.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in readme for name in head)
