"""The rows behind the lists: what the database refuses, and that every past list can be read again."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Func, TextField
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.errors import RuleViolation
from communities.roles import Role
from tests.factories import NOW, actor, admitted, city_edition, content, misrecorded, row
from worklists import actions, search
from worklists.content import searchable
from worklists.kinds import Ending
from worklists.models import ItemScope, ItemVersion

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
BY = actor(Role.OFFICE)
PLACES = ("430211001001", "430211002001")
SCOPES = (("430211",), ("430211001",), ("430211002001",))
FIRST = date(2026, 12, 1)
DAYS = [FIRST + n * DAY for n in range(12)]


# --- what the database refuses -----------------------------------------------------------------------------
def copy_of(version, **changes):
    fields = {each.attname: getattr(version, each.attname) for each in ItemVersion._meta.concrete_fields}
    return ItemVersion(**{**fields, "id": None, "search": search.vector(["x"]), **changes})


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({}, "version_once_in_both_times"),
        ({"in_force": DateRange(date(2030, 1, 1), None)}, "version_once_in_both_times"),
        ({"in_force": DateRange(date(2020, 1, 1), date(2026, 1, 2))}, "version_once_in_both_times"),  # by a day
        ({"recorded": DateTimeTZRange(NOW - DAY, NOW + MOMENT)}, "version_once_in_both_times"),  # by a microsecond
        ({"in_force": DateRange(empty=True)}, "version_ranges_not_empty"),
        ({"recorded": DateTimeTZRange(empty=True)}, "version_ranges_not_empty"),
        ({"notice_number": "", "in_force": DateRange(date(2020, 1, 1), date(2021, 1, 1))},
         "version_from_edition_or_notice"),
        ({"decided_on": None, "in_force": DateRange(date(2020, 1, 1), date(2021, 1, 1))},
         "version_from_edition_or_notice"),
    ],
)  # fmt: skip
def test_constraints_of_versions(county, changes, constraint):
    version = admitted(county).versions.get()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        copy_of(version, **changes).save()


def test_neighbours_in_either_time_do_not_overlap(county):
    version = admitted(county, starts_on=FIRST).versions.get()
    copy_of(version, in_force=DateRange(date(2020, 1, 1), FIRST)).save()
    copy_of(version, recorded=DateTimeTZRange(NOW - DAY, version.recorded.lower)).save()
    assert ItemVersion.objects.count() == 3


def test_scope_once(county):
    version = admitted(county).versions.get()
    with pytest.raises(IntegrityError, match="scope_once"), transaction.atomic():
        ItemScope.objects.create(version=version, code="430211")


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "改写"}, {"in_force": DateRange(FIRST, None)}, {"ending": "removed"},
        {"recorded": DateTimeTZRange(NOW - DAY, NOW)}, {"recorded": DateTimeTZRange(NOW - DAY, None)},
        {"title": "改写", "recorded": DateTimeTZRange(NOW, NOW + DAY)},
    ],
)  # fmt: skip
def test_a_version_is_never_rewritten(county, changes):
    version = admitted(county).versions.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ItemVersion.objects.filter(pk=version.pk).update(**changes)


def test_a_version_is_closed_once_and_never_deleted(county):
    version = admitted(county).versions.get()
    mine = ItemVersion.objects.filter(pk=version.pk)
    mine.update(recorded=DateTimeTZRange(version.recorded.lower, NOW + DAY))
    for again in (NOW + 2 * DAY, NOW + MOMENT, None):  # later, earlier, opened again
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            mine.update(recorded=DateTimeTZRange(version.recorded.lower, again))
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        mine._raw_delete("default")
    scope = ItemScope.objects.filter(version=version)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        scope._raw_delete("default")
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        scope.update(code="430211001")


# --- search ------------------------------------------------------------------------------------------------
def test_every_search_vector_is_that_of_its_row(county, city):
    city_edition(city, rows=[row(1, "村(居)务公开"), row(2, "２４小时“12345”热线 Ab")])
    item = admitted(county, said=content(does="上门登记；It's OK"), ends_on=date(2027, 1, 1))
    actions.amend_item(
        item, content=content("变更后的内容"), scope=["430211"], starts_on=date(2026, 12, 1), ends_on=None,
        notice_number="二号", decided_on=date(2026, 11, 30), by=BY, at=NOW,
    )  # fmt: skip
    actions.retire_item(item, ends_on=date(2026, 12, 31), ending=Ending.REMOVED, by=BY, at=NOW)
    stored = Func("search", function="tsvector_to_array", output_field=ArrayField(TextField()))
    rows = ItemVersion.objects.annotate(terms=stored)
    assert rows.count() == 6
    for each in rows:
        assert sorted(each.terms) == searchable(each.title, each.department_text, each.does)


# --- every past list can be read again ---------------------------------------------------------------------
@dataclass
class Replay:
    """What a clerk with a pencil would know: for each day what the item says there and whom it reaches."""

    days: dict[date, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    beliefs: list[tuple[datetime, dict[date, tuple[str, tuple[str, ...]]]]] = field(default_factory=list)

    def write(self, first, last, said):
        self.days |= {day: said for day in DAYS if first <= day and (last is None or day <= last)}

    def forget(self, first, upper=None):
        self.days = {day: said for day, said in self.days.items() if day < first or (upper and day >= upper)}

    def believe(self, at):
        self.beliefs.append((at, dict(self.days)))

    def titles(self, on, place, known_at):
        days = next((days for at, days in reversed(self.beliefs) if at <= known_at), {})
        title, scope = days.get(on, ("", ()))
        return [title] if any(place.startswith(code) for code in scope) else []


terms = st.tuples(st.sampled_from(DAYS), st.none() | st.integers(0, 8)).map(
    lambda term: (term[0], None if term[1] is None else term[0] + term[1] * DAY)
)
said = st.tuples(st.sampled_from(["甲事", "乙事", "丙事"]), st.sampled_from(SCOPES))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("amend"), terms, said),
        st.tuples(st.just("retire"), st.sampled_from(DAYS), st.sampled_from(list(Ending))),
        st.tuples(st.just("correct"), st.integers(0, 3)),
    ),
    min_size=1,
    max_size=5,
)


def perform(item, replay, act, at):
    """The act and what the pencil makes of it; a refused act changes nothing."""
    match act:
        case "amend", (first, last), (title, scope):
            actions.amend_item(
                item, content=content(title), scope=scope, starts_on=first, ends_on=last, notice_number="变更",
                decided_on=first, by=BY, at=at,
            )  # fmt: skip
            replay.forget(first)
            replay.write(first, last, (title, scope))
        case "retire", day, ending:
            actions.retire_item(item, ends_on=day, ending=ending, by=BY, at=at)
            replay.forget(day)
        case "correct", which:
            believed = list(item.versions.known().order_by("in_force"))
            wrong = believed[which % len(believed)] if believed else item.versions.first()
            actions.correct_item(
                item, version=wrong, department_id=None, department_text="公安局", basis=f"{at}",
                reason="录错了", by=BY, at=at,
            )  # fmt: skip
    replay.believe(item_changed_at(item))


def item_changed_at(item):
    item.refresh_from_db()
    return item.changed_at


@given(start=terms, first=said, later=acts)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_list_as_known_at_any_moment_equals_a_naive_replay(county, start, first, later):
    with transaction.atomic():
        replay = Replay()
        title, scope = first
        item = admitted(county, said=content(title), scope=list(scope), starts_on=start[0], ends_on=start[1], at=NOW)
        replay.write(*start, first)
        replay.believe(NOW)
        for n, act in enumerate(later, start=1):
            try:
                with transaction.atomic():
                    perform(item, replay, act, NOW + n * timedelta(minutes=1))
            except RuleViolation:
                continue
        moments = [NOW - DAY, *(at for at, _days in replay.beliefs), NOW + DAY]
        for place in PLACES:
            for known_at in moments:
                for on in DAYS[::2]:
                    rows = ItemVersion.objects.owned_by("430211").in_force(on).known(known_at).over(place)
                    assert list(rows.values_list("title", flat=True)) == replay.titles(on, place, known_at)
        newest = [known.title for known in ItemVersion.objects.known().in_force(DAYS[3]).over(PLACES[0])]
        assert newest == replay.titles(DAYS[3], PLACES[0], NOW + DAY)
        transaction.set_rollback(True)


TITLES = ["治安巡逻", "征兵宣传", "环境整治", "普法宣传", "就业登记"]


@given(chosen=st.lists(st.sets(st.sampled_from(TITLES), min_size=1), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_every_day_the_list_is_that_of_the_last_edition(city, chosen):
    def listed(on):
        rows = ItemVersion.objects.for_community(PLACES[0], "urban", on=on)
        return set(rows.values_list("title", flat=True))

    with transaction.atomic():
        for n, titles in enumerate(chosen):
            city_edition(city, *sorted(titles), starts_on=date(2027 + n, 1, 1), at=NOW + n * DAY)
        assert listed(date(2026, 12, 31)) == set()
        for n, titles in enumerate(chosen):
            assert listed(date(2027 + n, 1, 1)) == listed(date(2027 + n, 12, 31)) == titles
        transaction.set_rollback(True)


def test_a_correction_of_the_past_does_not_change_what_was_known_before(county):
    """The example of the architecture: the list of 1 March as known on 1 April."""
    at = datetime(2026, 2, 1, tzinfo=UTC)
    item = admitted(county, starts_on=date(2026, 3, 15), at=at - DAY)
    wrong = misrecorded(
        item, said=content(), scope=["430211"], starts_on=date(2026, 2, 1), ends_on=None, at=at
    )  # fmt: skip
    actions.correct_item(
        item, version=wrong, department_id=None, department_text="公安局", basis="", restore=True, reason="日期写错",
        by=BY, at=datetime(2026, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    march = ItemVersion.objects.owned_by("430211").in_force(date(2026, 3, 1))
    assert [each.title for each in march.known(datetime(2026, 4, 1, tzinfo=UTC))] == ["流动人口登记管理"]
    assert list(march.known()) == []
