"""The rows of a list as somebody hands them in: which column is which, and what is wrong with each row. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from base.cells import plain
from base.text import one_line
from worklists import sheets
from worklists.kinds import AppliesTo, Category

HEADINGS: dict[str, tuple[str, ...]] = {
    "seq": ("seq", "序号"),
    "department": ("department", "部门", "部门（原文）", "责任部门"),
    "category": ("category", "类别"),
    "title": ("title", "事项", "事项名称", "工作事项"),
    "applies_to": ("applies_to", "适用"),
    "source_row": ("source_row", "原文行号"),
    "certain": ("certain", "类别可靠"),
    "decision_number": ("decision_number", "决定文号"),
}
REQUIRED = ("department", "category", "title")
CATEGORIES = {
    **{choice.value: choice for choice in Category},
    "法定职责": Category.STATUTORY, "社区法定职责": Category.STATUTORY,
    "承办": Category.UNDERTAKE, "需社区承办": Category.UNDERTAKE,
    "协助": Category.ASSIST, "需社区协助": Category.ASSIST,
}  # fmt: skip
APPLIES_TO = {
    **{choice.value: choice for choice in AppliesTo},
    "": AppliesTo.BOTH, "城市和农村": AppliesTo.BOTH, "城乡": AppliesTo.BOTH,
    "城市社区": AppliesTo.URBAN, "城市": AppliesTo.URBAN, "村": AppliesTo.RURAL, "农村": AppliesTo.RURAL,
}  # fmt: skip
CERTAIN = {"": True, "yes": True, "是": True, "no": False, "否": False}
LONGEST = {"title": 200, "department": 80, "decision_number": 60}
NAMES = {"title": lazy("事项"), "department": lazy("部门"), "decision_number": lazy("决定文号")}
LARGEST_NUMBER = 100_000
CONTROLS = {"Cc", "Cf", "Cs", "Co", "Cn"}
SHOWN = 60
# titles that speak of villages, but neither of both kinds of committee nor of loudspeakers in every village.
VILLAGE = re.compile(r"农村|乡[村土]|农家|农民素质|现代农业|村(?!村?响)")
BOTH = re.compile(r"社区|[(（]居[)）]")


@dataclass(frozen=True)
class Row:
    """One row of a file, with what must be mended (`errors`) and what the editor should look at (`notes`)."""

    line: int
    seq: int
    department: str
    category: str
    title: str
    applies_to: str = AppliesTo.BOTH
    certain: bool = True
    source_row: int | None = None
    decision_number: str = ""
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """A row back from JSON."""
        return cls(**{**kept, "errors": tuple(kept["errors"]), "notes": tuple(kept["notes"])})


@dataclass(frozen=True)
class Reading:
    """What was found in a file."""

    rows: tuple[Row, ...]
    empty: tuple[int, ...] = field(default=())

    @property
    def good(self) -> list[Row]:
        """The rows that can be taken."""
        return [row for row in self.rows if not row.errors]

    @property
    def bad(self) -> list[Row]:
        """The rows that must be mended first."""
        return [row for row in self.rows if row.errors]


def is_head(cells: Sequence[str]) -> bool:
    """Are the three columns there without which nothing can be said?"""
    return set(REQUIRED) <= set(_columns(cells))


def read(name: str, content: bytes) -> Reading:
    """The rows of a file. Raises sheets.Unreadable when it holds no such table."""
    table = sheets.read(name, content, is_head=is_head)
    columns = _columns(table.head)
    _check_columns(table.head, columns)
    rows: list[Row] = []
    empty: list[int] = []
    for line, cells in table.rows:
        if not any(cell.strip() for cell in cells):
            empty.append(line)
            continue
        raw = {key: cells[at] if at < len(cells) else "" for key, at in columns.items()}
        rows.append(_row(line, len(rows) + 1, raw))
    if not rows:
        raise sheets.Unreadable(_("文件里只有表头，没有事项。请检查是不是选错了文件或者工作表。"))
    return Reading(_without_repeats(rows), _before_the_end(empty, rows))


def speaks_of_villages(title: str) -> bool:
    """A title that may be meant for villages only (A-12)."""
    return VILLAGE.search(title) is not None and BOTH.search(title) is None


def _columns(cells: Sequence[str]) -> dict[str, int]:
    known = {name: key for key, names in HEADINGS.items() for name in names}
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        key = known.get(one_line(cell).lower())
        if key:
            found.setdefault(key, at)
    return found


def _check_columns(cells: Sequence[str], columns: Mapping[str, int]) -> None:
    """Two columns for one thing: nobody knows which of them counts."""
    twice = [name for at, cell in enumerate(cells) if at not in columns.values() and _columns([name := one_line(cell)])]
    if twice:
        raise sheets.Unreadable(
            _("表头里有几列说的是同一项，不知道以哪一列为准：%(columns)s。请只留一列。") % {"columns": "、".join(twice)}
        )


def _row(line: int, position: int, raw: Mapping[str, str]) -> Row:
    errors: list[str] = []
    text = {key: _text(key, raw.get(key, ""), errors) for key in LONGEST}
    for key in ("department", "title"):
        if not text[key] and not raw.get(key, "").strip():
            errors.append(_("没有写%s。") % NAMES[key])
    category = _choice(CATEGORIES, raw["category"], errors, _("类别只能是“法定职责”“承办”“协助”，这里是“%s”。"))
    applies_to = _choice(
        APPLIES_TO, raw.get("applies_to", ""), errors, _("适用只能是“城市和农村”“城市社区”“村”，这里是“%s”。")
    )
    certain = _choice(CERTAIN, raw.get("certain", "").lower(), errors, _("“类别可靠”只能写是或否，这里是“%s”。"))
    row = Row(
        line=line, seq=_number(_("序号"), raw.get("seq", ""), errors) or position, department=text["department"],
        category=category or "", title=text["title"], applies_to=applies_to or AppliesTo.BOTH,
        certain=certain is not False, source_row=_number(_("原文行号"), raw.get("source_row", ""), errors),
        decision_number=text["decision_number"],
    )  # fmt: skip
    return replace(row, errors=tuple(errors), notes=tuple(_notes(row)))


def _notes(row: Row) -> list[str]:
    notes = []
    if not row.certain:
        notes.append(_("类别系推断，请核对原件。"))
    if row.applies_to == AppliesTo.BOTH and speaks_of_villages(row.title):
        notes.append(_("像是村里的事项，可在草案里把适用改为“村”。"))
    return notes


def _text(key: str, raw: str, errors: list[str]) -> str:
    """The cell on one line; cut short when it is refused, so that a preview can show it."""
    text = plain(" ".join(raw.split()))
    if any(unicodedata.category(char) in CONTROLS for char in text):
        errors.append(_("%s里有看不见的控制字符，请删去。") % NAMES[key])
        return one_line(text)[:SHOWN]
    if len(text) > LONGEST[key]:
        errors.append(
            _("%(name)s有 %(length)d 个字，最多 %(most)d 个。")
            % {"name": NAMES[key], "length": len(text), "most": LONGEST[key]}
        )
        return f"{text[:SHOWN]}…"
    return text


def _choice(choices: Mapping[str, Any], raw: str, errors: list[str], sentence: str) -> Any:
    found = choices.get("".join(raw.split()))
    if found is None:
        errors.append(sentence % one_line(raw)[:SHOWN])
    return found


def _number(name: str, raw: str, errors: list[str]) -> int | None:
    text = raw.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= LARGEST_NUMBER and len(text) < len(str(10**9)):
        return int(text)
    errors.append(_("%(name)s应是 1 以上的整数，这里是“%(text)s”。") % {"name": name, "text": one_line(text)[:SHOWN]})
    return None


def _without_repeats(rows: Sequence[Row]) -> tuple[Row, ...]:
    """A second row that says the same, or has the same number, is an error of the second."""
    said: dict[tuple[str, str, str], int] = {}
    numbered: dict[int, int] = {}
    checked: list[Row] = []
    for row in rows:
        errors = list(row.errors)
        same = said.setdefault((row.department, row.category, row.title), row.line)
        if same != row.line and not row.errors:
            errors.append(_("与第 %d 行重复。") % same)
        first = numbered.setdefault(row.seq, row.line)
        if first != row.line and same == row.line:
            errors.append(_("序号 %(seq)d 在第 %(line)d 行已经用过。") % {"seq": row.seq, "line": first})
        checked.append(replace(row, errors=tuple(errors)))
    return tuple(checked)


def _before_the_end(empty: Sequence[int], rows: Sequence[Row]) -> tuple[int, ...]:
    last = rows[-1].line if rows else 0
    return tuple(line for line in empty if line < last)
