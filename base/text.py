"""Text as people send it, made fit to be kept: no control characters, one kind of newline. Pure."""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from base.errors import RuleViolation

P = ParamSpec("P")
R = TypeVar("R")
Words = str | Promise
"""What a person reads: text, or a text that is translated when it is shown."""

NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters but tab and newline, halves of surrogate pairs, marks that turn the reading direction of what
# follows and marks without width (they make a text or a file name look like another one), and the byte order mark.
# The joiners U+200C and U+200D stay: scripts and emoji are written with them.
UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
ENCODINGS = ("utf-8-sig", "gb18030")  # gb18030 contains GBK and GB2312


def in_chinese(words: object) -> str:
    """As the audit log and documents say it, whatever language the one who acts reads: a text, the name of a thing."""
    with override(settings.LANGUAGE_CODE):
        return str(words)


def spoken_in_chinese(told: Callable[P, R]) -> Callable[P, R]:
    """For what is kept or sent to others: written in Chinese, whatever language the one who acts reads."""

    @wraps(told)
    def speak(*args: P.args, **facts: P.kwargs) -> R:
        with override(settings.LANGUAGE_CODE):
            return told(*args, **facts)

    return speak


def in_a_row(sentences: Iterable[str]) -> str:
    """Sentences one after another: the Chinese full stop holds the gap by itself, others need a space."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentences)


class NotText(RuleViolation):
    """The bytes are no text in UTF-8 or GBK."""


def clean(text: str) -> str:
    """Without what PostgreSQL refuses (NUL), what spreadsheets refuse (controls), and what deceives the eye."""
    return UNWANTED.sub("", NEWLINES.sub("\n", text))


def one_line(text: str) -> str:
    """Clean, and every run of white space one space: for titles, names and cells."""
    return " ".join(clean(text).split())


def masked(name: str) -> str:
    """A person's name for who need not know it: 张*, 欧**."""
    return name[:1] + "*" * min(len(name) - 1, 2) if len(name) > 1 else "*" * len(name)


def decode(content: bytes) -> str:
    """The text of a CSV or TXT file: UTF-8 with or without its mark, else GBK. Raises NotText."""
    if b"\x00" not in content:
        for encoding in ENCODINGS:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise NotText(_("读不出文件里的文字，请另存为 UTF-8 编码的 CSV 文件再上传。"))
