"""A book of lists kept by hand, for tests: it knows nothing of the code that it is compared with."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

HAMLET = "430211002002"
KINDS = {"430211001001": "urban", "430211001002": "converted", HAMLET: "rural"}
FITS = {"urban": {"both", "urban"}, "rural": {"both", "rural"}, "converted": {"both", "urban", "rural"}}
COMMUNITY = 12  # digits
DAY = timedelta(days=1)
DAYS = [date(2026, 11, 15) + n * DAY for n in range(15)]
"""Everything begins on one of these days, or long ago; what holds on the last goes on."""


@dataclass(frozen=True)
class Says:
    """What an item says, of whom it asks it, and the act that decided so: a notice or an edition of the list."""

    title: str
    printed: str
    reach: tuple[str, ...]
    applies_to: str
    act: int
    notice: bool

    def asks(self, place: str) -> bool:
        fits = len(place) < COMMUNITY or self.applies_to in FITS[KINDS[place]]
        inside = len(place) < COMMUNITY and any(code.startswith(place) for code in self.reach)
        return fits and (inside or any(place.startswith(code) for code in self.reach))


@dataclass
class Term:
    """What was decided for an item: from this day on, until the first day that it no longer holds."""

    first: date
    until: date | None
    says: Says


@dataclass
class Book:
    """Only ever added to: at this moment we learned that from this day on, until that one, an item says this or
    nothing. Of several lines about a day the last one holds."""

    lines: list[tuple[datetime, str, date, date | None, Says | None]] = field(default_factory=list)
    own_lists: list[tuple[datetime, date]] = field(default_factory=list)
    decided: dict[tuple[str, int], Term] = field(default_factory=dict)

    def write(self, at: datetime, item: str, first: date, until: date | None, says: Says | None) -> None:
        self.lines.append((at, item, first, until, says))

    def read(self, item: str, day: date, known_at: datetime | None = None) -> Says | None:
        for at, about, first, until, says in reversed(self.lines):
            known = known_at is None or at <= known_at
            if about == item and known and first <= day and (until is None or day < until):
                return says
        return None

    def listed(self, place: str, day: date, known_at: datetime | None = None) -> list[tuple[str, str]]:
        """The city's items where the county has not published a list of its own by then, and the county's."""
        own = any(first <= day and (known_at is None or at <= known_at) for at, first in self.own_lists)
        owned = {item for _at, item, *_rest in self.lines if item.startswith("county") or not own}
        found = [self.read(item, day, known_at) for item in owned]
        return sorted((says.title, says.printed) for says in found if says and says.asks(place))

    def spell(self, item: str, day: date) -> tuple[date, date | None, Says] | None:
        """The days around this one on which the item says what the same act decided: first, first after."""
        says = self.read(item, day)
        if says is None:
            return None
        same = [day for day in DAYS if (there := self.read(item, day)) and there.act == says.act]
        goes_on = same[-1] == DAYS[-1]
        return same[0], None if goes_on else same[-1] + DAY, says

    # what the acts make of it
    def decide(self, at: datetime, item: str, term: Term) -> None:
        self.decided[item, term.says.act] = replace(term)
        self.write(at, item, term.first, term.until, term.says)

    def end(self, at: datetime, item: str, day: date) -> None:
        """From a day on it says nothing; that is then the decided end of what held until there."""
        for each in (DAYS[DAYS.index(day) - 1], *DAYS[DAYS.index(day) :]):
            if says := self.read(item, each):
                self.decided[item, says.act].until = day
        self.write(at, item, day, None, None)

    def name(self, at: datetime, item: str, day: date, says: Says) -> None:
        """An edition names an item: a notice goes on, a gap is filled until the next notice."""
        now = self.spell(item, day)
        if now is None:
            later = [each for each in DAYS if each > day and self.read(item, each)]
            self.decide(at, item, Term(day, later[0] if later else None, says))
        elif not now[2].notice and (now[2].title, now[2].printed) != (says.title, says.printed):
            former = self.decided[item, now[2].act]
            self.decide(at, item, Term(day, now[1], says))
            self.decided[item, says.act].until, former.until = former.until, day

    def correct(self, at: datetime, item: str, day: date, printed: str, *, restore: bool) -> None:
        """Printed otherwise on all its days; or on the days and in the words that were decided."""
        first, until, says = self.spell(item, day)
        right = self.decided[item, says.act] if restore else Term(first, until, says)
        self.write(at, item, first, until, None)
        self.write(at, item, right.first, right.until, replace(right.says, printed=printed))
