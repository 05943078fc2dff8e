"""What every act goes through: the row lock, the moment of the act, the version, the stale form."""

from datetime import timedelta

import pytest

from base import acts, events
from base.errors import RuleViolation, Stale
from base.models import Event
from communities.models import Community
from tests.factories import NOW, CommunityFactory, actor
from tests.races import at_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def set_households(community: Community, households: int, *, at=LATER, seen: int | None = None) -> Community:
    """An act, as an app writes it."""
    with acts.locked(community, at=at, seen=seen) as locked:
        locked.households = households
        events.record(
            "communities.community.tested",
            target=locked,
            by=actor(),
            at=locked.changed_at,
            chain="430211",
            data={"version": locked.version + 1, "says": f"户数改为 {households}"},
        )
    return locked


@pytest.fixture
def community() -> Community:
    return CommunityFactory.create()


def test_an_act_changes_the_row_counts_it_and_notes_the_moment(community):
    changed = set_households(community, 100)
    community.refresh_from_db()
    assert (community.households, community.version, community.changed_at) == (100, 2, LATER)
    assert (changed.version, Event.objects.get().data["version"]) == (2, 2)


def test_an_act_works_on_the_fresh_row(community):
    Community.objects.update(residents=7)
    assert set_households(community, 100).residents == 7


def test_the_moment_of_an_act_is_later_than_the_last_change(community):
    assert set_households(community, 1, at=NOW - timedelta(days=1)).changed_at == NOW + acts.JUST_AFTER


def test_an_act_that_fails_changes_nothing(community):
    def fail() -> None:
        with acts.locked(community, at=LATER) as locked:
            locked.households = 100
            raise RuleViolation("不行")

    with pytest.raises(RuleViolation):
        fail()
    community.refresh_from_db()
    assert (community.households, community.version) == (None, 1)


def test_a_form_made_from_the_newest_version_is_taken(community):
    assert set_households(community, 1, seen=1).version == 2


def test_a_stale_form_is_told_what_changed_since(community):
    set_households(community, 1)
    set_households(community, 2)
    with pytest.raises(Stale, match="新的变化") as refused:
        set_households(community, 3, seen=2)
    [line] = refused.value.changes
    assert line.startswith("11月21日 11:00 ")
    assert line.endswith("：户数改为 2")
    assert Event.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_eight_forms_made_from_the_same_version_one_is_taken():
    community = CommunityFactory.create()
    outcomes = at_once(*[lambda n=n: set_households(community, n, seen=1) for n in range(8)])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Community"] + ["Stale"] * 7
    community.refresh_from_db()
    assert (community.version, Event.objects.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_acts_at_once_all_count():
    community = CommunityFactory.create()
    outcomes = at_once(*[lambda n=n: set_households(community, n) for n in range(8)])
    assert sorted(outcome.version for outcome in outcomes) == list(range(2, 10))
    moments = list(Event.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(set(moments))
    assert events.verify("430211") is None
