"""The handbook for users (docs/handbook/*.md): chapters by role, in a small part of Markdown.

Understood: one `#` title, `##` headings, paragraphs, `-` and `1.` lists, **bold**. The rest stands as typed.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from communities.roles import Role

BOLD = re.compile(r"\*\*(.+?)\*\*")
LIST_LINE = re.compile(r"(-|\d+\.) (.+)")
CHAPTER_OF = {
    Role.APPLICANT: "department", Role.STREET: "street", Role.COMMUNITY: "community", Role.OFFICE: "office",
    Role.DIRECTOR: "committee", Role.DEPUTY: "committee", Role.MEMBER: "committee", Role.ALTERNATE: "committee",
    Role.CITY: "supervision", Role.AUDITOR: "supervision", Role.ADMIN: "administration",
}  # fmt: skip
ORDER = ("start", "department", "street", "community", "office", "committee", "supervision", "administration", "public")


@dataclass
class Block:
    """A piece of a chapter: `h2`, `p`, `ul` or `ol`; a list has its items, the others one line."""

    kind: str
    lines: list[SafeString] = field(default_factory=list)


@dataclass(frozen=True)
class Chapter:
    """One chapter: the name in its address, its title, what it says."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@lru_cache(maxsize=1)
def chapters() -> dict[str, Chapter]:
    """Every chapter by name, in order."""
    folder = Path(settings.BASE_DIR) / "docs" / "handbook"
    return {name: read(name, (folder / f"{name}.md").read_text(encoding="utf-8")) for name in ORDER}


def read(name: str, text: str) -> Chapter:
    """A chapter from its Markdown."""
    title, blocks, last = "", [], None
    for line in text.splitlines():
        if line.startswith("# "):
            title = line[2:]
            continue
        kind, said = _classify(line)
        if kind and (last is None or kind != last.kind or kind == "h2"):
            last = Block(kind)
            blocks.append(last)
        if kind == "p" and last and last.lines:
            last.lines[0] = mark_safe(last.lines[0] + _inline(said))  # noqa: S308 both escaped by _inline
        elif kind and last:
            last.lines.append(_inline(said))
        else:
            last = None
    return Chapter(name, title, tuple(blocks))


def _classify(line: str) -> tuple[str, str]:
    if not line.strip():
        return "", ""
    if line.startswith("## "):
        return "h2", line[3:]
    if item := LIST_LINE.match(line):
        return ("ul" if item[1] == "-" else "ol"), item[2]
    return "p", line


def _inline(text: str) -> SafeString:
    return mark_safe(BOLD.sub(r"<strong>\1</strong>", conditional_escape(text)))  # noqa: S308 escaped just here
