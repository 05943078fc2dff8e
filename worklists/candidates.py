"""What a text is compared with: every item that was ever on a county's list, what the city lists beside it, and what
must not be asked at all."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef

from communities.roles import CITY
from worklists import thesaurus
from worklists.bigrams import normalised
from worklists.kinds import SubjectType
from worklists.lists import AsOf
from worklists.models import ItemVersion, ListEntry, RegisterRule, WorkItem
from worklists.overlap import Candidate, Corpus, Likeness, Pair

ITEM, RULE = "item", "rule"
ASKED_AS = {SubjectType.PROOF: ("证明", "盖章", "出证")}
"""Kinds that are named when they are asked for: only then is one of its rules meant. A task about 残疾人, 户口 or 档案
is none about a proof of them."""


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


def forbidden(text: str, county: str, asof: AsOf, *, most: int) -> list[Likeness]:
    """What must not be asked in this county and is meant by these words, the nearest first. Up to two queries."""
    rules = RegisterRule.objects.of_place(county, on=asof.on, known_at=asof.known_at).forbidding()
    state = rules.aggregate(newest=Max("pk"), number=Count("pk"))
    found = _forbidden(county, asof, state["newest"] or 0, state["number"]).find(text, most=most)
    said = normalised(text)
    return [each for each in found if _is_named(each.candidate.fields["subject_type"], said)]


@lru_cache(maxsize=32)
def _forbidden(county: str, asof: AsOf, newest: int, number: int) -> Corpus:
    """Kept as the items are."""
    rules = RegisterRule.objects.of_place(county, on=asof.on, known_at=asof.known_at).forbidding().order_by("pk")
    return Corpus([_rule(rule) for rule in rules], thesaurus.standard())


def _rule(rule: RegisterRule) -> Candidate:
    return Candidate(RULE, str(rule.pk), {"title": rule.title, "subject_type": rule.subject_type, "basis": rule.basis})


def _is_named(subject: str, said: str) -> bool:
    words = ASKED_AS.get(SubjectType(subject))
    return words is None or any(word in said for word in words)


def near_pairs(entries: Iterable[ListEntry]) -> list[Pair]:
    """Entries of one edition whose names are near each other: the same work handed down twice, perhaps (减负)."""
    rows = [
        Candidate("entry", str(entry.pk), {"title": entry.title, "department": entry.department_text})
        for entry in entries
    ]
    return Corpus(rows, thesaurus.standard()).pairs()
