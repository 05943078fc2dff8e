"""What two lists have in common and where they differ, entry by entry and field by field. Pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from worklists import bigrams

ALIKE = 0.5  # share of common terms from which a title counts as reworded, not as another item


@dataclass(frozen=True)
class Line:
    """One line of a list: what identifies it across lists (if anything does), and what it says."""

    seq: int
    said: Mapping[str, str]
    identity: Hashable | None = None
    stands: bool = True  # an edition also names what it leaves out: that is not on the list

    @property
    def department(self) -> str:
        return self.said.get("department", "")

    @property
    def title(self) -> str:
        return self.said.get("title", "")


@dataclass(frozen=True)
class Pair:
    """The same item in both lists, with the fields that differ: name -> (before, after)."""

    before: Line
    after: Line
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    """What came, what went (with why, where the second list says so), what says something else; how many are the same.

    What stands on neither list is not spoken of.
    """

    added: Sequence[Line]
    removed: Sequence[Line]
    changed: Sequence[Pair]
    same: int = field(default=0)


def compare(before: Iterable[Line], after: Iterable[Line]) -> Difference:
    """Pair the lines of two lists: by identity, then by equal text, then by a like title of the same department."""
    old, new = list(before), list(after)
    pairs: list[tuple[Line, Line]] = []
    rules: list[Callable[[Line], Hashable | None]] = [
        lambda line: line.identity,
        lambda line: (line.department, line.title),
        lambda line: line.title,
    ]
    for key in rules:
        old, new = _pair(old, new, key, pairs)
    old, new = _pair_alike(old, new, pairs)
    both = [(first, second) for first, second in pairs if first.stands and second.stands]
    went = [_with_reason(first, second) for first, second in pairs if first.stands and not second.stands]
    came = [second for first, second in pairs if second.stands and not first.stands]
    changed = [Pair(first, second, fields) for first, second in both if (fields := _fields(first, second))]
    return Difference(
        added=sorted([*came, *(line for line in new if line.stands)], key=_seq),
        removed=sorted([*went, *(line for line in old if line.stands)], key=_seq),
        changed=sorted(changed, key=lambda pair: pair.after.seq),
        same=len(both) - len(changed),
    )


def _with_reason(line: Line, dropped: Line) -> Line:
    return replace(line, said={**line.said, "reason": dropped.said.get("reason", "")})


def _seq(line: Line) -> int:
    return line.seq


def _pair(
    old: Sequence[Line], new: Sequence[Line], key: Callable[[Line], Hashable | None], pairs: list[tuple[Line, Line]]
) -> tuple[list[Line], list[Line]]:
    """Pair what has the same key and has it once on either side only."""
    by_key: dict[Hashable, list[Line]] = {}
    for line in new:
        by_key.setdefault(key(line), []).append(line)
    once: dict[Hashable, int] = {}
    for line in old:
        once[key(line)] = once.get(key(line), 0) + 1
    paired_old, paired_new = set(), set()
    for line in old:
        found = by_key.get(key(line), [])
        if key(line) is not None and len(found) == 1 and once[key(line)] == 1:
            pairs.append((line, found[0]))
            paired_old.add(id(line))
            paired_new.add(id(found[0]))
    return [line for line in old if id(line) not in paired_old], [line for line in new if id(line) not in paired_new]


def _pair_alike(
    old: Sequence[Line], new: Sequence[Line], pairs: list[tuple[Line, Line]]
) -> tuple[list[Line], list[Line]]:
    """The most alike first; the order of the lists decides between equals."""
    scored = [
        (-likeness(first.title, second.title), m, n)
        for m, first in enumerate(old)
        for n, second in enumerate(new)
        if first.department == second.department
    ]
    used_old: set[int] = set()
    used_new: set[int] = set()
    for score, m, n in sorted(scored):
        if -score < ALIKE or m in used_old or n in used_new:
            continue
        used_old.add(m)
        used_new.add(n)
        pairs.append((old[m], new[n]))
    return [line for m, line in enumerate(old) if m not in used_old], [
        line for n, line in enumerate(new) if n not in used_new
    ]


def likeness(first: str, second: str) -> float:
    """The share of terms that two titles have in common (Jaccard), 0 to 1."""
    one, other = set(bigrams.terms(first)), set(bigrams.terms(second))
    return len(one & other) / len(one | other) if one | other else 0.0


def _fields(first: Line, second: Line) -> dict[str, tuple[str, str]]:
    names = [*first.said, *(name for name in second.said if name not in first.said)]
    both = {name: (first.said.get(name, ""), second.said.get(name, "")) for name in names}
    return {name: values for name, values in both.items() if values[0] != values[1]}
