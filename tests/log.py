"""What lines of the audit log say to whoever reads English, apart from the data in them."""

import re
from typing import Any

from django.utils.translation import override

from base import events, sentences
from base.models import Event

IDEOGRAPH = re.compile("[\u4e00-\u9fff]")


def without_data(fact: Any) -> Any:
    """The same sentence with a letter for every text that is data: names, titles, reasons, numbers of documents."""
    match fact:
        case str():
            return "x"
        case {"pattern": pattern, "facts": facts}:
            return {"pattern": pattern, "facts": {name: without_data(each) for name, each in facts.items()}}
        case list():
            return [without_data(each) for each in fact]
    return fact


def left_in_chinese(line: Event) -> str:
    """What a line still says in Chinese to who reads English; nothing, when every word of ours is translated."""
    if made_of := line.data.get(events.MADE_OF):
        line = Event(kind=line.kind, data={**line.data, events.MADE_OF: without_data(made_of)})
    with override("en"):
        said = events.said(line)
    return said if IDEOGRAPH.search(said) else ""


def said_again(line: Event) -> str:
    """The Chinese of a line, made once more from its facts."""
    made_of = line.data.get(events.MADE_OF)
    return sentences._in_chinese(made_of) if made_of else line.data["says"]
