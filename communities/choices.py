"""How units are offered to choose from: by kind, in the order of their sound, without the county that all share."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.forms.models import ModelChoiceIterator

from communities.models import Department

KINDS = list(Department.Kind)
PARTY = "委"


def by_sound(name: str) -> bytes:
    """A key for the order of pinyin, as far as GB 2312 has it: the characters of its first level are sorted so."""
    return name.encode("gb18030")


def local_name(unit: Department) -> str:
    """民政局 for 天元区民政局; 区委组织部 for 天元区委组织部. The unit comes with its `division`."""
    county = unit.division.name
    rest = unit.name.removeprefix(county)
    if rest.startswith(PARTY):  # 区委 is one word
        return unit.name.removeprefix(county[:-1])
    return rest or unit.name


def in_order(unit: Department) -> tuple[int, str, bytes]:
    """Departments, coordinating bodies, streets by their code. The unit comes with `division` and `street`."""
    return KINDS.index(Department.Kind(unit.kind)), unit.street.code if unit.street else "", by_sound(local_name(unit))


def grouped(units: list[Department]) -> list[tuple[str, list[Department]]]:
    """(kind, units) in order."""
    rows = groupby(sorted(units, key=in_order), key=lambda unit: str(Department.Kind(unit.kind).label))
    return [(kind, list(found)) for kind, found in rows]


class GroupedUnits(ModelChoiceIterator):
    """The choices of a field: one group for each kind; none where there is one kind only."""

    def __iter__(self) -> Iterator[Any]:
        """What stands for none, then the units: one query."""
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        groups = grouped(list(self.queryset.select_related("division", "street")))
        for kind, units in groups:
            choices = [self.choice(unit) for unit in units]
            yield from choices if len(groups) == 1 else [(kind, choices)]


class OfUnits:
    """Makes a ModelChoiceField one of units."""

    iterator: Any = GroupedUnits

    def label_from_instance(self, unit: Any) -> str:
        """As the county says it."""
        return local_name(unit)
