"""Everything that changes lists, in any order, beside a book kept by hand: the list of every place on every day, as it
was known at every moment, is what the book says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from base.errors import RuleViolation
from communities.models import Division
from communities.roles import Role
from tests.factories import (
    NOW,
    CommunityFactory,
    DepartmentFactory,
    DivisionFactory,
    actor,
    admitted,
    city_edition,
    content,
    county_draft,
    misrecorded,
)
from tests.worklists.book import DAY, DAYS, HAMLET, KINDS, Book, Says, Term
from worklists import actions, lists
from worklists.actions import EntryText
from worklists.kinds import Ending
from worklists.lists import AsOf
from worklists.models import ItemVersion, ListEntry

CITY, COUNTY, STREET = "4302", "430211", "430211001"
REACHES = [(COUNTY,), (STREET,), (HAMLET,), ("430211001001", "430211002")]
TICK = timedelta(microseconds=1)
ZONE = ZoneInfo("Asia/Shanghai")
LONG_AGO, FAR = date(2019, 1, 1), date(2099, 1, 1)
POLICE = "公安局"


# --- the acts, done and written into the book ----------------------------------------------------------------
class NothingThere(Exception):
    """No item to act upon, or none on that day."""


class Office:
    """Does what changes lists, one step after the other, and keeps the book."""

    def __init__(self, county: Division, city: Division) -> None:
        self.county, self.city = county, city
        self.unit = DepartmentFactory.create(division=county, name=POLICE)
        self.book, self.items, self.at, self.n = Book(), {}, NOW, 0
        self.titles: list[str] = ["巡逻", "登记"]
        self.guidance = city_edition(city, *self.titles, starts_on=LONG_AGO, at=self.at - TICK)
        for title in self.titles:
            self.book.write(self.at, title, LONG_AGO, None, self.of_list(title, CITY))

    def do(self, step: tuple, pause: timedelta) -> bool:
        """Was it done? What is refused changes nothing."""
        self.n, self.at = self.n + 1, self.at + pause
        kind, *told = step
        try:
            with transaction.atomic():
                getattr(self, kind)(*told)
        except (RuleViolation, NothingThere):
            return False
        return True

    def of_list(self, title: str, owner: str) -> Says:
        return Says(title, POLICE, (owner,), "both", self.n, notice=False)

    def of_notice(self, first: date, until: date | None, reach: tuple[tuple[str, ...], str]) -> Term:
        codes, applies_to = reach
        return Term(first, until, Says(f"第{self.n}件", POLICE, codes, applies_to, self.n, notice=True))

    def words(self, term: Term) -> dict[str, object]:
        """A term as the acts take it."""
        says = content(term.says.title, applies_to=term.says.applies_to, department_id=self.unit.pk)
        last = term.until - DAY if term.until else None
        return {"content": says, "scope": list(term.says.reach), "starts_on": term.first, "ends_on": last}

    def chosen(self, which: int) -> str:
        if not self.items:
            raise NothingThere
        return sorted(self.items)[which % len(self.items)]

    def admit(self, term, reach) -> None:
        self.enter(self.of_notice(*term, reach))

    def misrecord(self, term, reach, wrong) -> None:
        """The notice says one thing, the record another: other days, other places, other words."""
        right = self.of_notice(*term, reach)
        item = self.enter(right, at=self.at - TICK)
        said = replace(right.says, title="录错的", reach=(COUNTY,), applies_to="both")
        words = self.words(Term(*wrong, said))
        misrecorded(self.items[item], said=words.pop("content"), at=self.at, **words)
        self.book.write(self.at, item, LONG_AGO, None, None)
        self.book.write(self.at, item, *wrong, said)

    def enter(self, term: Term, at: datetime | None = None) -> str:
        words, at, item = self.words(term), at or self.at, f"county {self.n}"
        self.items[item] = admitted(
            self.county, said=words.pop("content"), at=at, notice_number=f"准告{self.n}号", **words
        )
        self.book.decide(at, item, term)
        return item

    def amend(self, which, term, reach) -> None:
        item = self.chosen(which)
        new = self.of_notice(*term, reach)
        number = {"notice_number": f"准告{self.n}号", "decided_on": new.first}
        actions.amend_item(self.items[item], **self.words(new), **number, by=actor(), at=self.at)
        self.book.end(self.at, item, new.first)
        self.book.decide(self.at, item, new)

    def exit(self, which, day) -> None:
        item = self.chosen(which)
        actions.retire_item(self.items[item], ends_on=day, ending=Ending.REMOVED, by=actor(), at=self.at)
        self.book.end(self.at, item, day)

    def file(self, which, day, kind) -> None:
        item = self.chosen(which)
        texts = {"reason": "办完", "results": "好", "unfinished": "", "handover": ""}
        by = actor(Role.APPLICANT, unit=self.unit)
        actions.file_completion(self.items[item], kind=kind, ended_on=day, by=by, at=self.at, **texts)
        self.book.end(self.at, item, day + DAY)

    def correct(self, which, day, restore) -> None:
        item, printed = self.chosen(which), f"{POLICE}{self.n}科"
        version = self.items[item].versions.filter(recorded__upper_inf=True, in_force__contains=day).first()
        if version is None:
            raise NothingThere
        actions.correct_item(
            self.items[item], version=version, department_id=self.unit.pk, department_text=printed, basis="",
            restore=restore, reason="录错了", by=actor(), at=self.at,
        )  # fmt: skip
        self.book.correct(self.at, item, day, printed, restore=restore)

    def publish_city(self, day, shorter) -> None:
        """A new item of the city's each time; sometimes the oldest goes, and never comes back."""
        titles = [*self.titles[shorter:], f"市{self.n}"]
        self.guidance = city_edition(self.city, *titles, starts_on=day, at=self.at - TICK)
        for title in self.titles[:shorter]:
            self.book.write(self.at, title, day, None, None)
        self.book.write(self.at, titles[-1], day, None, self.of_list(titles[-1], CITY))
        self.titles = titles

    def publish_county(self, day, fates) -> None:
        """Of the city's items some are taken, some reworded, some left out."""
        edition = county_draft(self.guidance, self.county, starts_on=day, at=self.at - 1000 * TICK)
        worded = dict(self.settle(edition, fates))
        actions.publish_edition(edition, by=actor(Role.DIRECTOR), at=self.at)
        for entry in edition.entries.exclude(fate=ListEntry.Fate.DROPPED).select_related("item"):
            self.items[f"county {entry.source_entry.title}"] = entry.item
        self.book.own_lists.append((self.at, day))
        for item in [each for each in self.items if not each.removeprefix("county ").isdigit()]:
            if item in worded:
                self.book.name(self.at, item, day, self.of_list(worded[item], COUNTY))
            else:
                self.book.end(self.at, item, day)

    def settle(self, edition, fates) -> Iterator[tuple[str, str]]:
        """The entries as they are to be published: which items, in which words."""
        by = {"by": actor(), "at": self.at - 1000 * TICK}
        for entry, fate in zip(edition.entries.order_by("seq"), cycle(fates), strict=False):
            title = entry.title
            if fate == "drop":
                actions.drop_entry(entry, reason="不要", **by)
            elif fate == "take":
                actions.keep_entry(entry, **by)
            elif fate == "reword" and entry.fate != ListEntry.Fate.DROPPED:
                text = EntryText(department_text=POLICE, category="assist", title=f"{title}（{self.n}）")
                actions.correct_entry(entry, text=text, **by)
            if entry.fate != ListEntry.Fate.DROPPED:
                yield f"county {title}", entry.title


# --- any sequence --------------------------------------------------------------------------------------------
days = st.sampled_from(DAYS[1:-1])
terms = st.tuples(days, st.none() | st.integers(1, 7)).map(
    lambda term: (term[0], None if term[1] is None else min(term[0] + term[1] * DAY, DAYS[-1]))
)
reaches = st.tuples(st.sampled_from(REACHES), st.sampled_from(["both", "urban", "rural"]))
which = st.integers(0, 5)
fates = st.lists(st.sampled_from(["as drafted", "as drafted", "drop", "take", "reword"]), min_size=6, max_size=6)
steps = st.one_of(
    st.tuples(st.just("admit"), terms, reaches),
    st.tuples(st.just("misrecord"), terms, reaches, terms),
    st.tuples(st.just("amend"), which, terms, reaches),
    st.tuples(st.just("exit"), which, days),
    st.tuples(st.just("file"), which, st.sampled_from(DAYS[1:9]), st.sampled_from(["completed", "exited_early"])),
    st.tuples(st.just("correct"), which, days, st.booleans()),
    st.tuples(st.just("publish_city"), days, st.integers(0, 1)),
    st.tuples(st.just("publish_county"), days, fates),
)
pauses = st.sampled_from([timedelta(minutes=1), DAY, 2 * DAY])
ACTS = {"admit", "misrecord", "amend", "exit", "file", "correct", "publish_city", "publish_county"}


def grid(book: Book) -> tuple[list[date], list[datetime | None]]:
    """Every day on which something begins or ends with the day before, and a far one; every moment of recording,
    from which it is known, the moment before it, and now."""
    bounds = {day for _at, _item, first, until, _says in book.lines for day in (first, until) if day}
    bounds |= {first for _at, first in book.own_lists}
    learned = {at for at, *_rest in book.lines}
    return sorted({FAR, *bounds, *(day - DAY for day in bounds)}), [
        None, *sorted({moment for at in learned for moment in (at - TICK, at)})
    ]  # fmt: skip


def check(book: Book) -> None:
    on_days, moments = grid(book)
    for place, kind in KINDS.items():
        for known_at in moments:
            for on in on_days:
                found = ItemVersion.objects.for_community(place, kind, on=on, known_at=known_at)
                assert said(found) == book.listed(place, on, known_at), (place, on, known_at)
    places = list(Division.objects.filter(code__in=[COUNTY, STREET, HAMLET]).select_related("community"))
    for known_on in sorted({at.astimezone(ZONE).date() for at in moments if at}):
        evening = datetime.combine(known_on + DAY, datetime.min.time(), ZONE) - TICK
        for place in places:
            for on in on_days:
                found = lists.of_place(place, AsOf(on, known_on))
                assert said(found) == book.listed(place.code, on, evening), (place, on, known_on)


def said(found) -> list[tuple[str, str]]:
    return sorted(found.values_list("title", "department_text"))


def replay(county: Division, city: Division, told: list[tuple[tuple, timedelta]]) -> set[str]:
    """Do it, compare, undo it; which acts were done, not refused."""
    with transaction.atomic():
        office = Office(county, city)
        done = {step[0] for step, pause in told if office.do(step, pause)}
        check(office.book)
        transaction.set_rollback(True)
    return done


EVERYWHERE, BRIEFLY = ((COUNTY,), "both"), timedelta(minutes=1)
STORY = [
    (("publish_county", DAYS[2], ["as drafted", "reword"]), BRIEFLY),
    (("admit", (DAYS[1], None), ((STREET,), "urban")), BRIEFLY),
    (("misrecord", (DAYS[8], None), EVERYWHERE, (DAYS[3], DAYS[12])), DAY),
    (("file", 0, DAYS[4], "completed"), BRIEFLY),
    (("amend", 2, (DAYS[9], DAYS[11]), EVERYWHERE), DAY),
    (("correct", 1, DAYS[5], True), DAY),
    (("publish_city", DAYS[7], 1), BRIEFLY),
    (("exit", 3, DAYS[6]), BRIEFLY),
    (("publish_county", DAYS[10], ["as drafted", "as drafted"]), DAY),
]
NEVER_BEGAN = [
    (("misrecord", (DAYS[8], None), EVERYWHERE, (DAYS[2], None)), BRIEFLY),
    (("exit", 0, DAYS[5]), BRIEFLY),
    (("correct", 0, DAYS[3], True), BRIEFLY),
]


@pytest.fixture
def places(county):
    """A community of each kind."""
    DivisionFactory.create(code=HAMLET, name="月塘村", kind="village")
    for code, kind in KINDS.items():
        CommunityFactory.create(division=Division.objects.get(code=code), kind=kind)


@pytest.mark.usefixtures("places")
def test_every_list_equals_the_book_after_each_kind_of_act(county, city):
    assert replay(county, city, STORY) == ACTS
    assert replay(county, city, NEVER_BEGAN) == {"misrecord", "exit"}


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(("sequences", "longest"), [(8, 5), pytest.param(40, 10, marks=pytest.mark.slow)])
def test_every_list_equals_the_book_whatever_was_done_in_whatever_order(county, city, sequences, longest):
    @given(st.lists(st.tuples(steps, pauses), min_size=2, max_size=longest))
    @settings(max_examples=sequences, deadline=None)
    def run(told):
        replay(county, city, told)

    run()
