"""The check of a task: found among all that a county ever had, and judged; against raw SQL plus an empty view."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

import psycopg
from django.urls import reverse
from django.utils import timezone

from base.models import User
from benchmarks import county
from benchmarks.measure import Result, in_turn
from benchmarks.pages import answer, cookie_of, environ_of
from benchmarks.sizes import Sizes
from communities.roles import lineage
from config.wsgi import application
from worklists import bigrams
from worklists.models import ItemVersion

SIGNED_IN_AS = "community"
TYPED = "街道要我们摸底出租房屋，逐户登记租客信息，周五前交表"
FIND = """
SELECT i.code, v.title, v.department_text, v.does, v.category FROM worklists_itemversion AS v
JOIN worklists_workitem AS i ON i.id = v.item_id JOIN communities_division AS o ON o.id = i.owner_id
WHERE o.code IN (%(county)s, %(city)s) AND upper_inf(v.recorded) AND v.search @@ %(terms)s::tsquery
"""
JUDGE = """
SELECT v.id, v.title, v.in_force, v.notice_number, v.scope_text, v.does, v.does_not, EXISTS (
    SELECT FROM worklists_itemscope AS s WHERE s.version_id = v.id AND s.code = ANY(%(lineage)s)
) FROM worklists_itemversion AS v JOIN worklists_workitem AS i ON i.id = v.item_id
WHERE i.code = %(item)s AND upper_inf(v.recorded) AND v.in_force @> %(on)s::date
"""


def measure(sizes: Sizes, *, url: str) -> Iterator[Result]:
    """A community's question, answered with a page; in-process, no server between."""
    user = User.objects.get(username=SIGNED_IN_AS)
    place = user.appointments.get().division.code
    item = ItemVersion.objects.known().filter(item__owner__code=county.CODE, title="出租房屋登记").first()
    code = item.item.code if item else ""
    cookie = cookie_of(user)
    asked = f"{reverse('worklists:check')}?{urlencode({'q': TYPED, 'item': code})}"
    ours, empty = environ_of(asked, cookie), environ_of(reverse("healthz"), cookie)
    said = {
        "county": county.CODE, "city": county.CODE[:4], "lineage": lineage(place), "item": code,
        "terms": " | ".join(f"'{term}'" for term in bigrams.query_terms(TYPED)), "on": timezone.localdate(),
    }  # fmt: skip
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as bare:

        def by_hand() -> None:
            bare.execute(FIND, said).fetchall()
            bare.execute(JUDGE, said).fetchall()
            answer(application, empty)

        check_s, by_hand_s = in_turn(
            [partial(answer, application, ours), by_hand], rounds=sizes.rounds * sizes.requests
        )
    versions = ItemVersion.objects.count()
    yield Result(f"check of a task in {versions:,} versions", check_s / by_hand_s, 4, "raw SQL plus an empty view")
