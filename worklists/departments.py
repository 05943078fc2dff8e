"""Departments as they are printed in old lists, and who they are today (A-30). The printed text is never rewritten."""

from collections.abc import Iterable, Mapping
from datetime import date

from communities.choices import local_name
from communities.models import Department


def mapping(county: str, texts: Iterable[str], *, on: date) -> Mapping[str, Department | None]:
    """The county's unit behind each printed name on a day: by its name, with or without that of the county, by short
    name or alias; one that has ended is followed to its successor. None when nobody or more than one fits.

    One query.
    """
    units = list(Department.objects.of(county).select_related("division").order_by("pk"))
    by_pk = {unit.pk: unit for unit in units}
    return {text: _find(text, units, by_pk, on) for text in set(texts)}


def _find(text: str, units: Iterable[Department], by_pk: Mapping[int, Department], on: date) -> Department | None:
    ranks = (
        lambda unit: unit.name == text,
        lambda unit: unit.short_name == text,
        lambda unit: local_name(unit) == text,
        lambda unit: text in unit.aliases,
    )
    for fits in ranks:
        named = [unit for unit in units if fits(unit)]
        now = {unit.pk for unit in named if holds(unit, on)} or {
            heir.pk for unit in named if (heir := _heir(unit, by_pk, on))
        }
        if len(now) == 1:
            return by_pk[now.pop()]
        if now:
            return None
    return None


def holds(unit: Department, on: date) -> bool:
    """Does this unit exist on the day?"""
    return unit.starts_on <= on and (unit.ends_on is None or unit.ends_on >= on)


def _heir(unit: Department, by_pk: Mapping[int, Department], on: date) -> Department | None:
    seen = set()
    while unit.successor_id and unit.successor_id in by_pk and unit.pk not in seen:
        seen.add(unit.pk)
        unit = by_pk[unit.successor_id]
        if holds(unit, on):
            return unit
    return None


def now(unit: Department, on: date) -> Department:
    """Who answers for a unit on a day: itself until its last day, then whoever succeeded it (art 10)."""
    seen: set[int] = set()
    while unit.ends_on and unit.ends_on < on and unit.successor and unit.pk not in seen:
        seen.add(unit.pk)
        unit = unit.successor
    return unit


def acting_for(unit_id: int | None) -> set[int]:
    """The units whose items this unit answers for: itself and those it has succeeded (art 10)."""
    if unit_id is None:
        return set()
    found, newest = {unit_id}, {unit_id}
    while newest:
        before = set(Department.objects.filter(successor_id__in=newest).values_list("pk", flat=True))
        newest = before - found
        found |= newest
    return found
