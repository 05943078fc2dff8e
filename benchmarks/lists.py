"""A community's list: among many communities against the same among a hundred, and against hand-written SQL."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import cycle
from statistics import median

import psycopg
from django.utils import timezone

from benchmarks import counties, county, scratch
from benchmarks.measure import Result, Work, in_turn
from benchmarks.sizes import Sizes
from communities.models import Division
from communities.roles import COUNTY, lineage
from worklists import lists
from worklists.filters import BY_DEPARTMENT, ORDERS
from worklists.kinds import APPLIES
from worklists.lists import AsOf

BY_HAND = """
WITH owner AS (
    SELECT id FROM communities_division WHERE code = %(county)s OR (code = left(%(county)s, 4) AND NOT EXISTS (
        SELECT FROM worklists_itemlist AS l JOIN communities_division AS o ON o.id = l.owner_id
        WHERE l.state = 'published' AND o.code = %(county)s AND l.starts_on <= %(on)s
        AND (%(at)s::timestamptz IS NULL OR l.published_at <= %(at)s)
    ))
)
SELECT v.id, v.title, v.category, v.side, v.applies_to, v.executor, v.department_text, v.in_force, v.scope_text,
    v.notice_number, v.does, v.does_not, i.code, i.origin, d.id, d.name, e.id, e.title,
    coalesce(
        (SELECT seq FROM worklists_listentry AS p WHERE p.item_id = v.item_id AND p.edition_id = v.edition_id LIMIT 1),
        (SELECT seq FROM worklists_listentry AS p JOIN worklists_itemlist AS pe ON pe.id = p.edition_id
         WHERE p.item_id = v.item_id AND pe.starts_on <= lower(v.in_force) ORDER BY pe.starts_on DESC LIMIT 1)
    ),
    min(i.code) OVER (
        PARTITION BY v.department_id, CASE WHEN v.department_id IS NULL THEN v.department_text END
    ) AS department_first
FROM worklists_itemversion AS v JOIN worklists_workitem AS i ON i.id = v.item_id
LEFT JOIN communities_department AS d ON d.id = v.department_id
LEFT JOIN worklists_itemlist AS e ON e.id = v.edition_id
WHERE i.owner_id IN (SELECT id FROM owner) AND v.in_force @> %(on)s::date AND v.applies_to = ANY(%(applies)s)
AND CASE WHEN %(at)s::timestamptz IS NULL THEN upper_inf(v.recorded) ELSE v.recorded @> %(at)s::timestamptz END
AND EXISTS (SELECT FROM worklists_itemscope AS s WHERE s.version_id = v.id AND s.code = ANY(%(lineage)s))
ORDER BY department_first, i.code
"""


def measure(sizes: Sizes, *, url: str, single: str) -> Iterator[Result]:
    """Today's list, that of a past day, and that of a past day as it was known on another."""
    today = timezone.localdate()
    past = today - timedelta(days=(county.CHANGED + county.CHANGE_RECORDED) // 2)
    before = today - timedelta(days=county.CHANGE_RECORDED + 20)
    yield from _measure("a community's list", AsOf(today), sizes, url, single)
    yield from _measure("the same on a past day", AsOf(past), sizes, url, single)
    yield from _measure("the same as known on a past day", AsOf(today, before), sizes, url, single)


def _measure(name: str, asof: AsOf, sizes: Sizes, url: str, single: str) -> Iterator[Result]:
    with psycopg.connect(url, autocommit=True) as bare, scratch.opened(single) as there:
        places, few = counties.sample(sizes.requests), there(lambda: counties.sample(sizes.requests))
        items = _same_length(bare, places, asof)
        count = Division.objects.of_level(county.COMMUNITY).count()
        many_s, few_s, by_hand_s = in_turn(
            [
                _each(places, lambda place: shown(place, asof)),
                partial(there, _each(few, lambda place: shown(place, asof))),
                _each(places, lambda place: by_hand(bare, place, asof)),
            ],
            rounds=sizes.rounds * sizes.requests,
        )
    yield Result(f"{name} ({items} items), {count:,} communities", many_s / few_s, 1.3, "the same with 100 communities")
    yield Result(f"{name} ({items} items), {count:,} communities", many_s / by_hand_s, 3, "hand-written SQL for it")


def _same_length(bare: psycopg.Connection, places: Sequence[Division], asof: AsOf) -> int:
    """How many items there are in the middle; raises ValueError where the two ways do not find the same number."""
    lengths = [(len(shown(place, asof)), len(by_hand(bare, place, asof))) for place in places]
    if any(ours != theirs for ours, theirs in lengths):
        raise ValueError(f"the portal and the hand-written SQL differ: {lengths}")
    return round(median(ours for ours, _theirs in lengths))


def _each(places: Sequence[Division], look: Callable[[Division], object]) -> Work:
    """Another place each time."""
    following = cycle(places)
    return lambda: look(next(following))


def shown(place: Division, asof: AsOf) -> Sequence[lists.Shown]:
    """The rows as the page and the export take them."""
    return list(lists.shown(lists.of_community(place, asof)).order_by(*ORDERS[BY_DEPARTMENT]))


def by_hand(bare: psycopg.Connection, place: Division, asof: AsOf) -> list[tuple[object, ...]]:
    """The same rows in one statement."""
    said = {
        "county": place.code[:COUNTY], "lineage": lineage(place.code), "on": asof.on, "at": asof.known_at,
        "applies": [str(each) for each in APPLIES[lists.kind_of(place)]],
    }  # fmt: skip
    return bare.execute(BY_HAND, said).fetchall()
