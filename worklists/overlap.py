"""What resembles a text, and why: pairs of characters and other names for the same thing, weighed by how rare they are
among the candidates. Pure, offline, and the same every time: nothing is learned, nothing is guessed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import log, sqrt

from worklists.bigrams import WORD, normalised
from worklists.thesaurus import Concept, Mention, Thesaurus

Span = tuple[int, int]
Term = str | Concept
Weights = dict[Term, float]

FIELDS = {"title": 1.0, "department": 0.5, "does": 0.4}
"""How much a word counts in each field of a candidate."""
CHARACTER, PAIR, CONCEPT = 0.25, 1.0, 1.6
"""How much a character alone, a pair and a concept count."""
OFFICE = 0.1
"""Of that, for a pair that stands in every second official sentence."""
ENOUGH, SOME, FEW = 0.5, 0.2, 3
"""What was typed must be covered by more than half; or by a fifth and at least so many characters."""

NEAR, INSIDE, MOST_OF_IT = 0.45, 0.33, 0.6
"""Two names are near each other from this score on; or from a lower one, where one holds all that the other says, which
is most of its own words."""


@dataclass(frozen=True)
class Candidate:
    """Something that may resemble: an item, an application, an entry of a register. Only the `fields` named in FIELDS
    are compared; others go along for the page that shows it."""

    kind: str
    key: str
    fields: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class Likeness:
    """How a candidate resembles what was typed. Spans are [start, end) in the text they belong to."""

    candidate: Candidate
    score: float
    covered: float
    typed: Sequence[Span]
    marks: Mapping[str, Sequence[Span]]
    said: Sequence[tuple[str, str]]
    is_alike: bool
    """Whether there is enough evidence to offer it at all."""


@dataclass(frozen=True)
class Pair:
    """Two candidates whose names are near each other, with what is the same in either name."""

    first: Candidate
    second: Candidate
    score: float
    marks: tuple[Sequence[Span], Sequence[Span]]


class Corpus:
    """The candidates, and how rare each of their words is among them."""

    def __init__(self, candidates: Iterable[Candidate], thesaurus: Thesaurus) -> None:
        self.candidates = list(candidates)
        self.thesaurus = thesaurus
        counts = [self._weighed(candidate) for candidate in self.candidates]
        frequency = Counter(term for terms in counts for term in terms)
        self._rarity = {term: log(1 + len(counts) / n) for term, n in frequency.items()}
        self._vectors = [{term: n * self._rarity[term] for term, n in terms.items()} for terms in counts]
        self._lengths = [_length(vector) for vector in self._vectors]
        self._holding: dict[Term, list[int]] = {}
        for number, vector in enumerate(self._vectors):
            for term in vector:
                self._holding.setdefault(term, []).append(number)

    def like(self, text: str, *, most: int = 5) -> list[Likeness]:
        """The candidates nearest to a text, best first, each with its reasons; whether it is alike is said in each."""
        typed = _read(normalised(text), self.thesaurus)
        terms = {term: n * self._rarity[term] for term, n in typed.terms.items() if term in self._rarity}
        scores: defaultdict[int, float] = defaultdict(float)
        for term, weight in terms.items():
            for number in self._holding[term]:
                scores[number] += weight * self._vectors[number][term]
        length = _length(terms)
        ranked = sorted((-score / length / self._lengths[number], number) for number, score in scores.items())
        return [self._explained(typed, number, -score) for score, number in ranked[:most]]

    def find(self, text: str, *, most: int = 5) -> list[Likeness]:
        """Those of them for which there is enough evidence; none is an answer, too."""
        return [found for found in self.like(text, most=most) if found.is_alike]

    def pairs(self, *, most: int = 8) -> list[Pair]:
        """Candidates whose names are near each other, the nearest pair first; by their names alone."""
        names = Corpus(
            (replace(each, fields={"title": each.fields["title"]}) for each in self.candidates), self.thesaurus
        )
        number = {id(each): n for n, each in enumerate(names.candidates)}
        likes = [
            {number[id(one.candidate)]: one for one in names.like(each.fields["title"], most=most)}
            for each in names.candidates
        ]
        found = []
        for first, there in enumerate(likes):
            for second, likeness in there.items():
                back = likes[second].get(first)
                if first < second and back and _near(likeness, back):
                    marks = (back.marks.get("title", ()), likeness.marks.get("title", ()))
                    found.append(Pair(self.candidates[first], self.candidates[second], likeness.score, marks))
        return sorted(found, key=lambda pair: -pair.score)

    def _weighed(self, candidate: Candidate) -> Weights:
        found: Weights = {}
        for name, weight in FIELDS.items():
            for term, n in _read(normalised(candidate.fields.get(name, "")), self.thesaurus).terms.items():
                found[term] = max(found.get(term, 0), n * weight)
        return found

    def _explained(self, typed: "_Text", number: int, score: float) -> Likeness:
        has, candidate = self._vectors[number], self.candidates[number]
        pairs = [span for span in typed.pairs if typed.said(span) in has]
        mentions = [mention for mention in typed.mentions if mention.concept in has]
        names = [(mention.start, mention.end) for mention in mentions if not mention.concept.is_act]
        told, all_of_it = (typed.telling(spans, names, self.thesaurus) for spans in (pairs, [(0, len(typed.text))]))
        covered = told / all_of_it if all_of_it else 0.0
        said = {(typed.text[mention.start : mention.end], mention.concept.standard) for mention in mentions}
        return Likeness(
            candidate, score, covered, _joined([*pairs, *((each.start, each.end) for each in mentions)]),
            self._marks(candidate, typed), sorted((word, standard) for word, standard in said if word != standard),
            is_alike=any(mention.is_decisive for mention in mentions)
            or covered > ENOUGH or (covered >= SOME and told >= FEW),
        )  # fmt: skip

    def _marks(self, candidate: Candidate, typed: "_Text") -> dict[str, Sequence[Span]]:
        """What is the same in each field of the candidate."""
        found: dict[str, Sequence[Span]] = {}
        for name in FIELDS.keys() & candidate.fields.keys():
            text = candidate.fields[name]
            theirs = _read(normalised(text), self.thesaurus)
            if len(theirs.text) != len(text):  # folding has moved the characters
                continue
            spans = [span for span in theirs.pairs if theirs.said(span) in typed.terms]
            spans += [(each.start, each.end) for each in theirs.mentions if each.concept in typed.terms]
            if spans:
                found[name] = _joined(spans)
        return found


def _near(there: Likeness, back: Likeness) -> bool:
    less, more = sorted((there.covered, back.covered))
    return there.score >= NEAR or (there.score >= INSIDE and more >= 1 and less >= MOST_OF_IT)


@dataclass(frozen=True)
class _Text:
    """A normalised text and what is in it: each pair of neighbouring characters, Latin word or number; each mention of
    a concept; and how much it has of each term that texts are compared by."""

    text: str
    pairs: Sequence[Span]
    mentions: Sequence[Mention]
    terms: Weights

    def said(self, span: Span) -> str:
        """The characters of a span."""
        return self.text[span[0] : span[1]]

    def telling(self, spans: Iterable[Span], names: Iterable[Span], thesaurus: Thesaurus) -> int:
        """How many characters in these spans say what is meant; those of a name do, whatever they are."""
        words = thesaurus.words
        official = {at for span in self.pairs if self.said(span) in words.official for at in range(*span)}
        inside = {at for span in spans for at in range(*span)} - official
        inside |= {at for span in names for at in range(*span)}
        return sum(1 for at in inside if WORD.match(self.text[at]) and self.text[at] not in words.little)


@lru_cache(maxsize=4096)
def _read(text: str, thesaurus: Thesaurus) -> _Text:
    """Read a normalised text."""
    pairs: list[Span] = []
    terms: Weights = {}
    for start, end in (match.span() for match in WORD.finditer(text)):
        if text[start].isascii():
            pairs.append((start, end))
        else:
            pairs += [(at, at + 2) for at in range(start, end - 1)]
            terms |= dict.fromkeys(text[start:end], CHARACTER)
    official = thesaurus.words.official
    terms |= {text[at:to]: PAIR * OFFICE if text[at:to] in official else PAIR for at, to in pairs}
    mentions = list(thesaurus.mentions(text))
    return _Text(text, pairs, mentions, terms | {mention.concept: CONCEPT for mention in mentions})


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch, as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _length(weights: Weights) -> float:
    return sqrt(sum(weight * weight for weight in weights.values())) or 1.0
