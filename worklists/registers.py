"""The list by kind: of each of the eleven, what is admitted, what must not be asked, and what others allow."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count

from worklists.kinds import SubjectType
from worklists.lists import AsOf
from worklists.models import RegisterRule
from worklists.models.item import ItemVersionQuerySet
from worklists.models.register import RegisterRuleQuerySet

CARRIED = Path(__file__).parent / "data" / "register_rules.csv"


@dataclass(frozen=True)
class Register:
    """One kind in numbers."""

    subject: SubjectType
    admitted: int
    binding: int
    """Rules by which something must not be asked, or only so."""
    reference: int


@dataclass(frozen=True)
class Group:
    """What one document says of several things, all in the same words."""

    basis: str
    quote: str
    since: date
    titles: Sequence[str]


def rules_of(code: str, asof: AsOf) -> RegisterRuleQuerySet:
    """The rules for a place on a day."""
    return RegisterRule.objects.of_place(code, on=asof.on, known_at=asof.known_at)


def overview(listed: ItemVersionQuerySet, rules: RegisterRuleQuerySet) -> list[Register]:
    """The eleven, counted. Two queries."""
    admitted = Counter(dict(listed.order_by().values_list("subject_type").annotate(n=Count("pk"))))
    counted = rules.order_by().values_list("subject_type", "is_binding").annotate(n=Count("pk"))
    said = Counter({(subject, binds): n for subject, binds, n in counted})
    return [Register(each, admitted[each], said[each, True], said[each, False]) for each in SubjectType]


def grouped(rules: Iterable[RegisterRule]) -> list[Group]:
    """Rules in the order in which they were entered, those of one document together."""
    found = []
    for (basis, quote, since), rows in groupby(rules, key=lambda row: (row.basis, row.quote, row.in_force.lower)):
        found.append(Group(basis, quote, since, [row.title for row in rows]))
    return found


def carried() -> list[RegisterRule]:
    """The rules that come with the portal, unsaved (worklists/data)."""
    with CARRIED.open(encoding="utf-8-sig", newline="") as lines:
        return [
            RegisterRule(
                owner_code=row["owner_code"], subject_type=row["subject_type"], stance=row["stance"],
                is_binding=row["binding"] == "yes", title=row["title"], basis=row["basis"], quote=row["quote"],
                in_force=DateRange(date.fromisoformat(row["starts_on"]), None),
            )
            for row in csv.DictReader(lines)
        ]  # fmt: skip
