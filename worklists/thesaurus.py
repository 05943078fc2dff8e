"""Other words for the same thing: what people say, and what the lists say. Pure; the words are data."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
SYNONYMS, COMMON = DATA / "synonyms.csv", DATA / "common_words.txt"


@dataclass(frozen=True, eq=False)
class Concept:
    """One thing by its names. `decisive` words mean nothing else: one of them is enough to tell what is meant; the
    standard word and those in `also` need company. What is done with a matter (申报, 核查) never tells which."""

    standard: str
    is_act: bool
    decisive: frozenset[str]
    also: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """All of its names."""
        return self.decisive | self.also | {self.standard}


@dataclass(frozen=True)
class Mention:
    """A name of a concept in a text, from `start` up to `end`."""

    concept: Concept
    start: int
    end: int
    is_decisive: bool


@dataclass(frozen=True)
class CommonWords:
    """What stands in every text: pairs of characters of official language, and characters without meaning."""

    official: frozenset[str]
    little: frozenset[str]


class Thesaurus:
    """Finds concepts in normalised text."""

    def __init__(self, concepts: Iterable[Concept], words: CommonWords) -> None:
        self.words = words
        self._by_word: dict[str, list[Concept]] = {}
        for concept in concepts:
            for word in concept.words:
                self._by_word.setdefault(word, []).append(concept)
        self._lengths = sorted({len(word) for word in self._by_word})

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every name in the text, also where one lies in another."""
        for start in range(len(text)):
            for length in self._lengths:
                word = text[start : start + length]
                for concept in self._by_word.get(word, ()) if len(word) == length else ():
                    yield Mention(concept, start, start + length, word in concept.decisive)


@cache
def standard() -> Thesaurus:
    """The words that come with the portal."""
    with SYNONYMS.open(encoding="utf-8-sig", newline="") as lines:
        return Thesaurus([_concept(row) for row in csv.DictReader(lines)], _common())


def _concept(row: dict[str, str]) -> Concept:
    decisive, also = frozenset(row["decisive"].split()), frozenset(row["also"].split())
    return Concept(row["standard"], row["kind"] == "act", decisive, also)


def _common() -> CommonWords:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    found = [word for line in lines if not line.startswith("#") for word in line.split()]
    return CommonWords(
        frozenset(word for word in found if len(word) > 1), frozenset(word for word in found if len(word) == 1)
    )
