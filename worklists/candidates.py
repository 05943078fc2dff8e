"""What a text is compared with: every item that was ever on a county's list, and what the city lists beside it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef

from communities.roles import CITY
from worklists import thesaurus
from worklists.lists import AsOf
from worklists.models import ItemVersion, ListEntry, WorkItem
from worklists.overlap import Candidate, Corpus, Pair

ITEM = "item"


def corpus_of(county: str, asof: AsOf) -> Corpus:
    """The items of a county by what is believed at that moment. Two queries; one where nothing was recorded since."""
    known = ItemVersion.objects.known(asof.known_at).owned_by(county, county[:CITY])
    state = known.aggregate(newest=Max("pk"), number=Count("pk"))
    return _corpus(county, asof, state["newest"] or 0, state["number"])


@lru_cache(maxsize=32)
def _corpus(county: str, asof: AsOf, newest: int, number: int) -> Corpus:
    """Each item once, in its latest words. Kept until what is believed has another newest version or another number of
    them: whatever is recorded adds a version, what is taken back before its first day only takes one away."""
    known = ItemVersion.objects.known(asof.known_at).owned_by(county, county[:CITY])
    adopted = WorkItem.objects.filter(owner__code=county, source_item=OuterRef("item"))
    rows = known.exclude(Exists(adopted)).order_by("item", "-in_force").distinct("item")
    words = rows.values_list("item__code", "title", "department_text", "does", "category", "in_force")
    return Corpus([_item(row) for row in words], thesaurus.standard())


def _item(row: tuple[str, str, str, str, str, Any]) -> Candidate:
    code, title, department, does, category, in_force = row
    until = in_force.upper.isoformat() if in_force.upper else ""
    told = {"category": category, "starts_on": in_force.lower.isoformat(), "ends_on": until}
    return Candidate(ITEM, code, {"title": title, "department": department, "does": does, **told})


def near_pairs(entries: Iterable[ListEntry]) -> list[Pair]:
    """Entries of one edition whose names are near each other: the same work handed down twice, perhaps (减负)."""
    rows = [
        Candidate("entry", str(entry.pk), {"title": entry.title, "department": entry.department_text})
        for entry in entries
    ]
    return Corpus(rows, thesaurus.standard()).pairs()
