"""A page asks the database as often for many rows as for few: measured on a small county and on a large one.

Generated from the URL configuration and `tests/pages.py`. A page whose number grows, or is above the ceiling, has its
reason in a table below.
"""

from collections.abc import Iterator

import pytest
from django.db import connection, reset_queries, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from admission.procedure import State
from tests.pages import OK, PAGES, addresses
from tests.scene import Scene, make_scene, now

SOME = (State.PRE_CONSULTATION, State.DELIBERATED, State.FILED)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize(
        "counted",
        [
            pytest.param(
                SOME,
                id="some",
                marks=pytest.mark.xdist_group("counts"),
            ),
            pytest.param(
                (State.DRAFT, State.PRE_CONSULTATION, State.COORDINATION, State.DELIBERATED, State.FILED),
                id="more",
                marks=[pytest.mark.slow, pytest.mark.xdist_group("more-counts")],
            ),
        ],
        indirect=True,
        scope="module",
    ),
]

LOOKERS = ("visitor", "dept", "office", "deputy", "member", "street", "community", "city", "auditor", "admin", "root")
CEILING = 30
HIGHER: dict[str, tuple[int, str]] = {
    "admission:application": (
        49,
        "one question for each part of the case: opinions, plans, meetings, clocks, notice, rivals",
    ),
    "admission:applications": (55, "a list, its filters with counts, and what each row waits for"),
    "admission:applications-file": (46, "the same rows as the list"),
    "admission:edit-check": (41, "the whole form, and what stands in the way, rivals too"),
    "home": (45, "four tabs with their counts, from every app that gives people something to do"),
}
"""Pages that may ask more often, and why."""
GROWS: dict[str, str] = {}
"""Pages whose number of queries may depend on the rows, and why."""

Counts = dict[tuple[str, int, str, str], int]


def count(scene: Scene, *, by_turns: bool) -> Counts:
    """How often each page asks, by (name, row of the table, case, who); by turns: each case by every other looker."""
    found: Counts = {}
    for name, rows in PAGES.items():
        for number, row in enumerate(rows):
            open_to = list(addresses(row, name, scene))
            turns = {case: turn % 2 for turn, case in enumerate(dict.fromkeys(case for case, _address in open_to))}
            for case, address in open_to:
                for place, who in enumerate(LOOKERS):
                    looks = not by_turns or len(turns) == 1 or place % 2 == turns[case]
                    if looks and row.expect(who, case) == OK:
                        found[name, number, case, who] = queries(scene, who, address)
    return found


def queries(scene: Scene, who: str, address: str) -> int:
    """The queries of one request; what it changes is taken back."""
    reset_queries()  # the log keeps only the last few thousand
    with transaction.atomic():
        with CaptureQueriesContext(connection) as captured:
            response = scene.clients[who].get(address)
            if response.streaming:
                b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return len(captured)


@pytest.fixture(scope="module")
def counted(request, django_db_setup, django_db_blocker, tmp_path_factory) -> tuple[Counts, Counts]:
    """The small county first, then the large one, with cases in the states of the round; neither is committed.

    The small one has two of each kind: a page that finds none of a kind leaves out the questions that follow.
    """
    found = []
    for size in (2, 4):
        place = tmp_path_factory.mktemp("files")
        with django_db_blocker.unblock(), now(), override_settings(MEDIA_ROOT=place), transaction.atomic():
            found.append(count(make_scene(request.param, size=size), by_turns=request.param is SOME))
            transaction.set_rollback(True)
    return found[0], found[1]


def of(name: str, counts: Counts) -> Iterator[tuple[tuple[str, int, str, str], int]]:
    """The counts of one address."""
    return ((key, number) for key, number in counts.items() if key[0] == name)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_many_rows_ask_no_more_often_than_few(counted, name):
    few, many = counted
    grown = [f"{key[1:]}: {few[key]} -> {number}" for key, number in of(name, many) if number > few.get(key, number)]
    if name in GROWS:
        assert grown, f"{name} does not grow any more: take it out of the table"
    else:
        assert not grown, "\n".join(grown)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_page_asks_more_often_than_its_ceiling(counted, name):
    ceiling, _why = HIGHER.get(name, (CEILING, ""))
    above = [f"{key[1:]}: {number}" for key, number in of(name, counted[1]) if number > ceiling]
    assert not above, "\n".join(above)
