"""Characters and character pairs of Chinese text: what the search index holds. Pure."""

import re
import unicodedata

WORD = re.compile(r"[0-9a-z]+|[\u3400-\u9fff\uf900-\ufaff]+")


def normalised(text: str) -> str:
    """Full-width forms folded, lower case: what is compared."""
    return unicodedata.normalize("NFKC", text).lower()


def terms(text: str) -> list[str]:
    """The sorted terms of a text: each Chinese character, each pair of neighbours, each Latin word or number."""
    found: set[str] = set()
    for run in WORD.findall(normalised(text)):
        if run[0].isascii():
            found.add(run)
        else:
            found.update(run)
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(found)


def query_terms(text: str) -> list[str]:
    """The terms a row must have to hold `text`: the pairs of each run, or its one character."""
    found: set[str] = set()
    for run in WORD.findall(normalised(text)):
        if run[0].isascii() or len(run) == 1:
            found.add(run)
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(found)
