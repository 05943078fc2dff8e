"""Sentences of the audit log: kept in Chinese, and beside it what they were made of, to be read in another language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from base.templatetags.portal import zh_day, zh_moment
from base.text import in_chinese, spoken_in_chinese

Made = dict[str, Any]
"""What a sentence was made of, fit for JSON: `pattern`, the sentence with places in it, and its `facts` by name.

A fact is data (text, a number: the same in every language), a list of facts, {"day": ...}, {"moment": ...}, or the
`Made` of another sentence or of a label.
"""


class Sentence(str):
    """The Chinese text of a sentence, which knows what it was made of."""

    made_of: Made


def sentence(pattern: str, **facts: object) -> Sentence:
    """`pattern` is marked (gettext_noop) and names its facts.

    Labels are handed over as they are (translated when they are shown), days and moments to be written as the reader
    writes them, several facts as a list. Text is data; a label that is text by now is a sentence without facts.
    """
    made_of: Made = {"pattern": pattern}
    if facts:
        made_of["facts"] = {name: _kept(fact) for name, fact in facts.items()}
    said = Sentence(_in_chinese(made_of))
    said.made_of = made_of
    return said


def read(made_of: object, *, instead: str) -> str:
    """A sentence as the reader of the page reads it; `instead` where the catalogue has no such pattern (any more), or
    pattern and facts do not fit each other: a line of the log stays readable whatever becomes of its words."""
    try:
        return instead if _pattern(made_of) == made_of["pattern"] else str(_told(made_of))  # type: ignore[index]
    except (AttributeError, KeyError, TypeError, ValueError):
        return instead


def _kept(fact: object) -> Any:
    match fact:
        case Sentence():
            return fact.made_of
        case Promise():
            return {"pattern": in_chinese(fact)}
        case int():
            return fact
        case datetime():
            return {"moment": fact.isoformat()}
        case date():
            return {"day": fact.isoformat()}
        case list():
            return [_kept(each) for each in fact]
    return in_chinese(fact)


def _told(fact: Any) -> Any:
    match fact:
        case {"moment": moment}:
            return zh_moment(datetime.fromisoformat(moment))
        case {"day": day}:
            return zh_day(date.fromisoformat(day))
        case {"facts": Mapping() as facts}:
            return _pattern(fact) % {name: _told(each) for name, each in facts.items()}
        case Mapping():
            return _pattern(fact)
        case list():
            return _("、").join(str(_told(each)) for each in fact)
    return fact


def _pattern(made_of: Any) -> str:
    """In the language of the reader. The translation of nothing would be the header of the catalogue."""
    pattern: str = made_of["pattern"]
    return _(pattern) if pattern else pattern


_in_chinese = spoken_in_chinese(_told)
