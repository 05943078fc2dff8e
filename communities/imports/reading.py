"""The rows of a divisions file (CSV in UTF-8 or GBK), read as a stream, and what is wrong with each."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, NamedTuple, TypeVar

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from base.errors import RuleViolation
from base.text import NotText, one_line
from communities.codes import LENGTH_OF_KIND, VILLAGE_LENGTH, clean_code, clean_name, cut, kind_of
from communities.models import Division

HEADINGS = {
    "code": ("code", "区划代码", "统计用区划代码", "代码"),
    "name": ("name", "名称", "区划名称"),
    "kind": ("kind", "类型"),
    "level": ("level", "级别"),
    "starts_on": ("starts_on", "启用日期", "设立日期"),
}
KINDS = {name: kind.value for kind in Division.Kind for name in (kind.value, str(kind.label))}
LEVELS = {
    name: length
    for length, names in {
        2: ("1", "省", "省级"), 4: ("2", "市", "地", "市级", "地级"), 6: ("3", "县", "县级"),
        9: ("4", "乡", "乡级", "街道", "乡镇"), 12: ("5", "村", "村级", "社区"),
    }.items()
    for name in names
}  # fmt: skip
LEVEL_NAMES = {2: lazy("省级"), 4: lazy("市级"), 6: lazy("县级"), 9: lazy("街道、乡镇"), 12: lazy("社区、村")}
UNKNOWN_KIND = lazy("类型“%s”不认识，可以写街道、镇、乡、社区、村等。")
UNKNOWN_LEVEL = lazy("级别“%s”不认识，可以写省级、市级、县级、乡级、村级。")
UNKNOWN_DAY = lazy("启用日期“%s”读不出来，请写成 2026-11-21 的样子。")
DELIMITERS = (",", "\t", ";")
CHUNK = 1024 * 1024
SHOWN = 40
T = TypeVar("T")


@dataclass(frozen=True)
class Columns:
    """Where in a row each thing stands."""

    code: int
    name: int
    kind: int | None = None
    level: int | None = None
    starts_on: int | None = None

    @cached_property
    def most(self) -> int:
        """How many cells a row must have."""
        return max(at for at in (self.code, self.name, self.kind, self.level, self.starts_on) if at is not None) + 1


class Row(NamedTuple):
    """A place as the file gives it. `said`: the file itself names the kind, else it follows from the digits.

    `starts_on`: its first day where the file says it.
    """

    line: int
    code: str
    name: str
    kind: str
    said: bool
    starts_on: date | None = None


class Refused(NamedTuple):
    """A row that cannot be taken, with the reason."""

    line: int
    text: str
    why: str


def read(stream: IO[bytes], *, level: int | None = None) -> Iterator[Row | Refused]:
    """Every row below the headings, one at a time. `level`: the length of all codes, where the file has one level.

    Raises RuleViolation at once when the file is empty, no text, or without its two columns.
    """
    lines = _lines(stream, _encoding(stream))
    head = next(lines, "").lstrip("\ufeff")
    delimiter = max(DELIMITERS, key=head.count)
    columns = _columns(head.rstrip("\r\n").split(delimiter))
    return _rows(csv.reader(lines, delimiter=delimiter), columns, level)


def _lines(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """In UTF-8 and GBK no other character holds the line feed; a line may also end with a carriage return alone."""
    for line in stream:
        text = line.decode(encoding)
        if "\r" in text[:-2]:
            yield from io.StringIO(text, newline="")
        else:
            yield text


def _encoding(stream: IO[bytes]) -> str:
    """UTF-8 when the whole file is, else GBK."""
    for encoding in ("utf-8", "gb18030"):  # gb18030 contains GBK
        if _fits(stream, encoding):
            return encoding
    raise NotText(_("读不出文件里的文字，请另存为 UTF-8 编码的 CSV 文件再上传。"))


def _fits(stream: IO[bytes], encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _columns(cells: Sequence[str]) -> Columns:
    known = {name: key for key, names in HEADINGS.items() for name in names}
    headed = [(known.get(one_line(cell).strip('"').lower()), at) for at, cell in enumerate(cells)]
    found = {key: at for key, at in headed if key}
    twice = [one_line(cells[at])[:SHOWN] for key, at in headed if key and [each for each, _at in headed].count(key) > 1]
    if twice:
        raise RuleViolation(
            _("表头里有几列说的是同一项，不知道以哪一列为准：%(columns)s。请只留一列。") % {"columns": "、".join(twice)}
        )
    if not {"code", "name"} <= set(found):
        shown = "、".join(one_line(cell)[:SHOWN] for cell in cells[:10] if cell.strip()) or _("空的")
        raise RuleViolation(
            _("没有找到表头。第一行要有“区划代码”（code）和“名称”（name）两列；文件里第一行是：%(head)s。")
            % {"head": shown}
        )
    return Columns(**found)


def _rows(reader: Any, columns: Columns, level: int | None) -> Iterator[Row | Refused]:
    """`reader` is csv.reader, whose type has no public name. A line that it cannot read does not stop the rest."""
    while True:
        try:
            for cells in reader:
                row = _row(reader.line_num + 1, cells, columns, level)
                if type(row) is Row or any(map(str.strip, cells)):
                    yield row
        except csv.Error:
            yield Refused(reader.line_num + 1, "", _("这一行读不出来：引号不成对，或者一格太长。"))
        else:
            return


def _row(line: int, cells: list[str], columns: Columns, level: int | None) -> Row | Refused:
    if len(cells) < columns.most:
        cells += [""] * (columns.most - len(cells))
    try:
        kind = None
        if columns.kind is not None:
            kind = _choice(KINDS, cells[columns.kind], UNKNOWN_KIND)
            level = LENGTH_OF_KIND.get(kind or "") or level
        if columns.level is not None:
            level = _choice(LEVELS, cells[columns.level], UNKNOWN_LEVEL) or level
        code = _code(cells[columns.code], level)
        first = None if columns.starts_on is None else _day(cells[columns.starts_on])
        return Row(line, code, clean_name(cells[columns.name]), kind or kind_of(code), kind is not None, first)
    except RuleViolation as refusal:
        return Refused(line, one_line(" ".join(cells))[:SHOWN], str(refusal))


def _day(raw: str) -> date | None:
    """2026-01-01 or as spreadsheets write it, 2026/1/1; nothing where the file does not say it."""
    text = raw.strip()
    if not text:
        return None
    try:
        year, month, day = map(int, text.replace("/", "-").split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise RuleViolation(str(UNKNOWN_DAY) % one_line(text)[:SHOWN]) from error


def _choice(choices: Mapping[str, T], raw: str, unknown: Promise) -> T | None:
    text = raw.strip()
    if text and text not in choices:
        raise RuleViolation(str(unknown) % one_line(text)[:SHOWN])
    return choices.get(text)


def _code(raw: str, length: int | None) -> str:
    """The code of its level: as said by the file, else by its groups of zeros."""
    if "+" in raw:
        raise RuleViolation(_("区划代码成了科学记数法，请在表格软件里把这一列设成文本，再重新另存。"))
    code = clean_code(raw)
    if length is None:
        return cut(code)
    if len(code) == length:
        return code
    if len(code) == VILLAGE_LENGTH and not code[length:].strip("0"):
        return code[:length]
    raise RuleViolation(_("区划代码 %(code)s 与级别“%(level)s”不符。") % {"code": code, "level": LEVEL_NAMES[length]})
