"""Tables out of files: CSV in UTF-8 or GBK, XLSX, XLS. Finds the row of headings; every cell is text."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from base.errors import RuleViolation
from base.text import decode
from worklists import workbook

MOST_ROWS = 5_000
HEAD_WITHIN = 10  # a title and a note may stand above the headings
DELIMITERS = (",", "\t", ";")
Cells = tuple[str, ...]
IsHead = Callable[[Sequence[str]], bool]


class Unreadable(RuleViolation):
    """No table can be read from this file; the sentence says why and what to do."""


@dataclass(frozen=True)
class Table:
    """The headings and the rows below them, each with its number in the file."""

    head: Cells
    rows: tuple[tuple[int, Cells], ...]


def read(name: str, content: bytes, *, is_head: IsHead) -> Table:
    """The first table whose headings satisfy `is_head`: in a workbook on whichever sheet. Raises Unreadable."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Unreadable(_("文件是空的，请检查后重新选择。"))
    delimited = PurePosixPath(name.lower()).suffix in {".csv", ".txt"}
    sheets = _from_text(content) if delimited else _from_workbook(content)
    seen: list[str] = []
    for lines in sheets:
        table = _find(lines, is_head)
        if table:
            return table
        seen += [cell for cell in (lines[0] if lines else ()) if cell][:HEAD_WITHIN]
    raise Unreadable(
        _("没有找到表头。表头要有“部门”“类别”“事项”三列；文件里第一行是：%(head)s。")
        % {"head": "、".join(seen) or _("空的")}
    )


def _find(lines: Sequence[Cells], is_head: IsHead) -> Table | None:
    for index, cells in enumerate(lines[:HEAD_WITHIN]):
        if is_head(cells):
            below = enumerate(lines[index + 1 :], start=index + 2)
            # Headings that are merged over two rows come twice.
            return Table(cells, tuple((number, row) for number, row in below if row != cells))
    return None


def _from_text(content: bytes) -> Iterable[list[Cells]]:
    text = decode(content)
    beginning = "\n".join(text.splitlines()[:HEAD_WITHIN])
    delimiter = max(DELIMITERS, key=beginning.count)
    try:
        return [_capped(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))]
    except csv.Error as error:
        raise Unreadable(_("这个 CSV 文件的格式有问题，请用表格软件打开后另存为 CSV 或 XLSX 再上传。")) from error


def _from_workbook(content: bytes) -> Iterable[list[Cells]]:
    try:
        reading = subprocess.run(  # noqa: S603  our own file, no shell
            [sys.executable, "-I", workbook.__file__, str(MOST_ROWS)],
            input=content, capture_output=True, check=False, timeout=workbook.MOST_SECONDS + 5,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Unreadable(_too_large()) from error
    if reading.returncode == workbook.UNREADABLE:
        raise Unreadable(_("打不开这个表格文件，可能已损坏或者设了密码。请去掉密码、另存为 XLSX 再上传。"))
    if reading.returncode:  # the limit of memory or time, whatever way the process went
        raise Unreadable(_too_large())
    return [_capped(rows) for rows in json.loads(reading.stdout)]


def _too_large() -> str:
    return _("这个表格文件展开以后太大，不像一份清单。请把清单单独复制到一个新的表格文件里，存为 XLSX 再上传。")


def _capped(rows: Iterable[Sequence[str]]) -> list[Cells]:
    kept: list[Cells] = []
    for row in rows:
        if len(kept) > MOST_ROWS:
            raise Unreadable(
                _("文件超过 %(most)d 行，不像一份清单，请看是不是选错了文件。一份清单要在一个文件里，不能分几次导入。")
                % {"most": MOST_ROWS}
            )
        kept.append(tuple(row))
    return kept
