"""An edition and what a committee has decided besides: what each day says, and what neither may undo."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from base.errors import RuleViolation
from communities.roles import Role
from tests.factories import NOW, actor, city_edition, content, county_draft, county_edition, row
from worklists import actions
from worklists.actions import EntryText
from worklists.kinds import Ending
from worklists.models import ItemVersion, WorkItem

pytestmark = pytest.mark.django_db
OFFICE, DIRECTOR = actor(Role.OFFICE), actor(Role.DIRECTOR)
DAY = timedelta(days=1)
FIRST, BEGAN = date(2026, 11, 16), date(2026, 1, 1)  # the acts happen on 21 November: editions may begin before it
DAYS = [FIRST + n * DAY for n in range(12)]
Y2027, MARCH = date(2027, 1, 1), date(2027, 3, 1)
PATROL, REWORDED, KEPT = "巡逻", "治安巡查", "登记"


@pytest.fixture
def guidance(county, city):
    return city_edition(city, PATROL, KEPT)


@pytest.fixture
def patrol(county, guidance):
    county_edition(guidance, county, starts_on=BEGAN)
    return WorkItem.objects.get(owner=county, versions__title=PATROL)


def reworded(draft, title=REWORDED):
    text = EntryText(department_text="公安局", category="assist", title=title)
    actions.correct_entry(draft.entries.get(title=PATROL), text=text, by=OFFICE, at=NOW)
    return draft


def publish(draft):
    return actions.publish_edition(draft, by=DIRECTOR, at=NOW)


def amend(item, title, *, starts_on, ends_on=None, number="准告〔2026〕3号"):
    actions.amend_item(
        item, content=content(title), scope=["430211"], starts_on=starts_on, ends_on=ends_on, notice_number=number,
        decided_on=date(2026, 11, 20), by=OFFICE, at=NOW,
    )  # fmt: skip


def exit_from(item, day, number="准告〔2026〕7号"):
    actions.retire_item(item, ends_on=day, ending=Ending.REMOVED, by=OFFICE, at=NOW, notice_number=number)


def history(item):
    rows = item.versions.known().order_by("in_force")
    return [(row.title, row.in_force.lower, row.in_force.upper, row.ending, row.ending_number) for row in rows]


# --- what was decided stays --------------------------------------------------------------------------------
def test_a_change_that_takes_effect_after_the_first_day_of_an_edition_follows_it(county, guidance, patrol):
    amend(patrol, "联合巡逻", starts_on=MARCH)
    edition = publish(reworded(county_draft(guidance, county, starts_on=Y2027)))
    assert history(patrol) == [
        (PATROL, BEGAN, Y2027, Ending.SUPERSEDED, edition.issue_number),
        (REWORDED, Y2027, MARCH, Ending.SUPERSEDED, "准告〔2026〕3号"),
        ("联合巡逻", MARCH, None, "", ""),
    ]


def test_an_exit_that_takes_effect_after_the_first_day_of_an_edition_still_ends_the_item(county, guidance, patrol):
    exit_from(patrol, MARCH)
    edition = publish(reworded(county_draft(guidance, county, starts_on=Y2027)))
    assert history(patrol) == [
        (PATROL, BEGAN, Y2027, Ending.SUPERSEDED, edition.issue_number),
        (REWORDED, Y2027, MARCH, Ending.REMOVED, "准告〔2026〕7号"),
    ]


def test_an_edition_with_a_past_first_day_leaves_the_change_in_force_today(county, guidance, patrol):
    amend(patrol, "联合巡逻", starts_on=date(2026, 11, 10))
    publish(reworded(county_draft(guidance, county, starts_on=date(2026, 10, 1))))
    assert [row[:3] for row in history(patrol)] == [
        (PATROL, BEGAN, date(2026, 10, 1)),
        (REWORDED, date(2026, 10, 1), date(2026, 11, 10)),
        ("联合巡逻", date(2026, 11, 10), None),
    ]


def test_only_dropping_the_entry_takes_off_a_change_that_is_to_come(county, guidance, patrol):
    amend(patrol, "联合巡逻", starts_on=MARCH)
    draft = county_draft(guidance, county, starts_on=Y2027)
    actions.drop_entry(draft.entries.get(title=PATROL), reason="不要", by=OFFICE, at=NOW)
    edition = publish(draft)
    assert history(patrol) == [(PATROL, BEGAN, Y2027, Ending.REMOVED, edition.issue_number)]


# --- every day, beside a clerk with a pencil ---------------------------------------------------------------
GONE, EXPIRED = "已移出", "期满"


@dataclass
class Pencil:
    """For each day what the list says: a text of the list, what a notice said, or why there is nothing."""

    days: dict[date, str] = field(default_factory=lambda: dict.fromkeys(DAYS, PATROL))
    of_the_list: set[str] = field(default_factory=lambda: {PATROL, REWORDED})

    def amend(self, first, last, title):
        self.days |= {day: EXPIRED if last and day > last else title for day in DAYS if day >= first}

    def exit(self, first):
        before = self.days.get(first - DAY, PATROL)
        why = before if before == EXPIRED else GONE
        self.days |= {day: why for day in DAYS if day >= first}

    def publish(self, first, title):
        """What is decided stays, its end too; a gap on the first day is filled until something decided begins."""
        later = [day for day in DAYS if day >= first]
        fills = True
        for day in later:
            fills = fills and self.days[day] == EXPIRED
            if title is None:
                self.days[day] = GONE
            elif fills or self.days[day] in self.of_the_list:
                self.days[day] = title

    def listed(self, day):
        return [] if self.days[day] in {GONE, EXPIRED} else [self.days[day]]


terms = st.tuples(st.sampled_from(DAYS), st.none() | st.integers(0, 5))
decisions = st.lists(st.tuples(st.sampled_from(["amend", "amend", "exit"]), terms), max_size=4)


def decide(item, pencil, decided):
    """The acts, and what the pencil makes of them; a refused act changes nothing."""
    for n, (act, (first, length)) in enumerate(decided):
        last = None if length is None else first + length * DAY
        try:
            if act == "exit":
                exit_from(item, first)
                pencil.exit(first)
            else:
                amend(item, f"变更{n}", starts_on=first, ends_on=last, number=f"准告〔2026〕{n}号")
                pencil.amend(first, last, f"变更{n}")
        except RuleViolation:
            continue


def worded(draft, title):
    """The draft that says `title`; None drops the entry."""
    if title is None:
        actions.drop_entry(draft.entries.get(title=PATROL), reason="不要", by=OFFICE, at=NOW)
        return draft
    return draft if title == PATROL else reworded(draft, title)


@given(decisions, st.tuples(st.sampled_from(DAYS), st.sampled_from([PATROL, REWORDED, None])))
@example([("amend", (DAYS[8], None))], (DAYS[4], REWORDED))
@example([("exit", (DAYS[8], None))], (DAYS[4], REWORDED))
@example([("exit", (DAYS[2], None))], (DAYS[4], PATROL))
@example([("amend", (DAYS[2], 1)), ("amend", (DAYS[8], None))], (DAYS[6], PATROL))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_list_after_publication_equals_a_naive_replay(county, guidance, patrol, decided, edition):
    starts_on, title = edition
    pencil = Pencil()
    with transaction.atomic():
        draft = worded(county_draft(guidance, county, starts_on=starts_on), title)
        decide(patrol, pencil, decided)
        if title and pencil.days[starts_on] == GONE:
            with pytest.raises(RuleViolation, match="已按程序移出清单"):
                publish(draft)
        else:
            publish(draft)
            pencil.publish(starts_on, title)
        for day in DAYS:
            found = ItemVersion.objects.for_community("430211001001", "urban", on=day).exclude(title=KEPT)
            assert list(found.values_list("title", flat=True)) == pencil.listed(day), day
        transaction.set_rollback(True)


# --- what has left the list by the procedure ---------------------------------------------------------------
def test_what_has_left_by_the_procedure_does_not_come_back_through_an_older_draft(county, guidance, patrol):
    draft = county_draft(guidance, county, starts_on=Y2027)
    exit_from(patrol, date(2026, 12, 1))
    with pytest.raises(RuleViolation, match="巡逻（准告〔2026〕7号）已按程序移出清单，请改为不采用"):
        publish(draft)
    actions.drop_entry(draft.entries.get(title=PATROL), reason="已退出", by=OFFICE, at=NOW)
    publish(draft)
    assert [row[2:] for row in history(patrol)] == [(date(2026, 12, 1), Ending.REMOVED, "准告〔2026〕7号")]


def test_what_has_left_by_the_procedure_is_not_kept_after_all(county, guidance, patrol):
    exit_from(patrol, date(2026, 12, 1))
    draft = county_draft(guidance, county, starts_on=Y2027)
    actions.keep_entry(draft.entries.get(title=PATROL), by=OFFICE, at=NOW)
    with pytest.raises(RuleViolation, match="请申请准入"):
        publish(draft)


def test_what_leaves_after_the_first_day_of_the_edition_stays_until_then(county, guidance, patrol):
    exit_from(patrol, MARCH)
    publish(county_draft(guidance, county, starts_on=Y2027))
    assert [row[2:] for row in history(patrol)] == [(MARCH, Ending.REMOVED, "准告〔2026〕7号")]


def test_the_draft_and_its_publication_name_what_would_come_back(sign_in, county, guidance, patrol):
    draft = county_draft(guidance, county, starts_on=Y2027)
    exit_from(patrol, date(2026, 12, 1))
    office = sign_in(Role.OFFICE)
    words = "巡逻（准告〔2026〕7号）已按程序移出清单"
    assert words in office.get(f"/lists/editions/{draft.pk}/").content.decode()
    director = sign_in(Role.DIRECTOR)
    assert words in director.get(f"/lists/editions/{draft.pk}/publish/").content.decode()
    actions.drop_entry(draft.entries.get(title=PATROL), reason="已退出", by=OFFICE, at=NOW)
    assert words not in director.get(f"/lists/editions/{draft.pk}/publish/").content.decode()


# --- what the county had added before the city did ---------------------------------------------------------
VISITS = EntryText(department_text="民政局", category="undertake", title="为老服务走访")


@pytest.fixture
def added(county, guidance):
    """The item of an addition of the county's own."""
    draft = county_draft(guidance, county, starts_on=BEGAN)
    actions.add_entry(draft, text=VISITS, decision_number="株天社准〔2026〕2号", by=OFFICE, at=NOW)
    publish(draft)
    return WorkItem.objects.get(owner=county, versions__title=VISITS.title)


def taken_over(city, *, year):
    rows = [
        row(1, PATROL), row(2, KEPT),
        row(3, VISITS.title, department=VISITS.department_text, category=VISITS.category),
    ]  # fmt: skip
    return city_edition(city, rows=rows, starts_on=date(year, 1, 1))


def test_an_addition_that_the_city_takes_over_goes_on_as_the_citys_item(county, city, added):
    newer = taken_over(city, year=2027)
    draft = county_draft(newer, county, starts_on=Y2027)
    assert list(draft.entries.filter(title=VISITS.title).values_list("fate", flat=True)) == ["adopted"]
    publish(draft)
    assert WorkItem.objects.filter(owner=county).count() == 3
    assert history(added) == [(VISITS.title, BEGAN, None, "", "")]
    added.refresh_from_db()
    assert added.source_item == newer.entries.get(title=VISITS.title).item


def test_an_addition_that_the_city_has_taken_over_is_the_same_item_when_the_county_words_it_anew(county, city, added):
    newer = taken_over(city, year=2027)
    publish(county_draft(newer, county, starts_on=Y2027))
    again = county_draft(newer, county, starts_on=date(2028, 1, 1))
    text = EntryText(department_text=VISITS.department_text, category=VISITS.category, title="老年人走访")
    actions.correct_entry(again.entries.get(title=VISITS.title), text=text, by=OFFICE, at=NOW)
    publish(again)
    assert [row_[0] for row_ in history(added)] == [VISITS.title, "老年人走访"]


def test_an_addition_that_has_left_by_the_procedure_is_not_added_again(county, guidance, added):
    exit_from(added, date(2026, 12, 1))
    draft = county_draft(guidance, county, starts_on=Y2027)
    entry = draft.entries.get(title=VISITS.title)
    assert (entry.fate, entry.reason) == ("dropped", "已按程序移出清单（准告〔2026〕7号）")
    publish(draft)
    assert [row[2:] for row in history(added)] == [(date(2026, 12, 1), Ending.REMOVED, "准告〔2026〕7号")]
