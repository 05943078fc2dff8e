"""The list of a place or a department on a day, as known on a day: what its page shows and its export holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Protocol

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Case, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from base.templatetags.portal import zh_day
from communities.models import Community, Department, Division
from communities.roles import COUNTY, lineage
from worklists import departments
from worklists.kinds import Category, Origin
from worklists.models import ItemScope, ItemVersion, ListEntry
from worklists.models.item import ItemVersionQuerySet

STREET = 9
MARKS: dict[str, str] = {Origin.ADMISSION: "准", Origin.CONFIRMATION: "确"}
SHOWN = (
    "title", "category", "side", "applies_to", "executor", "department_id", "department_text", "in_force",
    "scope_text", "notice_number", "does", "does_not", "code", "origin", "unit_name", "edition_title", "seq",
)  # fmt: skip

# Where the item is printed: in the version's own edition, or in the newest that had begun when a notice changed it.
PRINTED = ListEntry.objects.filter(
    item=OuterRef("item"),
    edition__starts_on__lte=Coalesce(OuterRef("edition__starts_on"), OuterRef("in_force__startswith")),
).order_by("-edition__starts_on")
# One unit, one heading, by whatever names it was printed; by its printed name what no unit answers for.
PRINTED_NAME = Case(When(department__isnull=True, then=F("department_text")))
# The same for every list, so put together once: that takes Django longer than the database needs for the rows.
COLUMNS = {
    "code": F("item__code"), "origin": F("item__origin"), "unit_name": F("department__name"),
    "edition_title": F("edition__title"), "seq": Subquery(PRINTED.values("seq")[:1]),
    "department_first": Window(Min("item__code"), partition_by=[F("department"), PRINTED_NAME]),
}  # fmt: skip


class Term(Protocol):
    """The days and the notice of a version: a row of `shown`, or a version itself."""

    @property
    def in_force(self) -> DateRange: ...
    @property
    def notice_number(self) -> str: ...


class Shown(Term, Protocol):
    """A row of `shown`. Values, not records: a list has two hundred of them, an export a hundred thousand."""

    title: str
    category: str
    side: str
    applies_to: str
    executor: str
    department_id: int | None
    department_text: str
    scope_text: str
    does: str
    does_not: str
    code: str
    origin: str
    unit_name: str | None
    edition_title: str | None
    seq: int | None


@dataclass(frozen=True)
class AsOf:
    """Which day's list, and what was known of it at the end of which day; None is what is known now."""

    on: date
    known_on: date | None = None

    @property
    def known_at(self) -> datetime | None:
        """The last moment of the day, by the county's clock."""
        if self.known_on is None:
            return None
        following = datetime.combine(self.known_on + timedelta(days=1), time.min)
        return timezone.make_aware(following) - timedelta(microseconds=1)


@dataclass(frozen=True)
class Line:
    """One line of a list: its number, what it says, and its term and notice where it has them."""

    number: str
    version: Shown
    category_label: str
    note: str


@dataclass(frozen=True)
class Group:
    """The items of one department as printed (first), and its name today where that is another."""

    printed: str
    today: str
    lines: Sequence[Line]
    unit_id: int | None = None


def of_county(code: str, asof: AsOf) -> ItemVersionQuerySet:
    """Everything that is asked of anybody in the county."""
    return ItemVersion.objects.followed_in(code, on=asof.on, known_at=asof.known_at)


def of_street(code: str, asof: AsOf) -> ItemVersionQuerySet:
    """What reaches the street, whole or in part."""
    reach = ItemScope.objects.filter(Q(code__in=lineage(code)) | Q(code__startswith=code), version=OuterRef("pk"))
    return of_county(code, asof).filter(Exists(reach))


def of_community(place: Division, asof: AsOf) -> ItemVersionQuerySet:
    """What this community has to do. `place.community` must be loaded where it exists."""
    return ItemVersion.objects.for_community(place.code, kind_of(place), on=asof.on, known_at=asof.known_at)


def of_department(unit: Department, asof: AsOf) -> ItemVersionQuerySet:
    """The items of a department and of those that it has succeeded (art 10)."""
    rows = of_county(unit.division.code[:COUNTY], asof)
    return rows.filter(department__in=departments.acting_for(unit.pk))


def of_place(place: Division, asof: AsOf) -> ItemVersionQuerySet:
    """By the level of the place."""
    if len(place.code) <= COUNTY:
        return of_county(place.code, asof)
    return of_street(place.code, asof) if len(place.code) == STREET else of_community(place, asof)


def kind_of(place: Division) -> str:
    """Urban, rural or converted: by the facts of the community, else by what the place is called."""
    facts: Community | None = getattr(place, "community", None)
    if facts is not None:
        return facts.kind
    return Community.Kind.RURAL if place.kind == Division.Kind.VILLAGE else Community.Kind.URBAN


def shown(rows: ItemVersionQuerySet) -> QuerySet[ItemVersion, Any]:
    """The rows as `Shown`, and where the department stands in the list."""
    return rows.annotate(**COLUMNS).values_list(*SHOWN, named=True)


def number(row: Shown) -> str:
    """63 in the printed list, 准12 for what was admitted since."""
    mark = MARKS.get(row.origin)
    if mark is None and row.seq is not None:
        return str(row.seq)
    return f"{mark or ''}{int(row.code.rsplit('-', 1)[-1])}"


def lines(rows: Sequence[Shown]) -> list[Line]:
    """The rows with their numbers, and their categories in words."""
    words = {category.value: str(category.label) for category in Category}
    return [Line(number(row), row, words[row.category], note(row)) for row in rows]


def note(row: Term) -> str:
    """Its term, when it has one or came with a notice, and the notice."""
    last = last_day(row)
    if last:
        first = zh_day(row.in_force.lower)
        one_day = row.in_force.lower == last
        term = first if one_day else _("%(first)s至%(last)s") % {"first": first, "last": zh_day(last)}
    else:
        term = _("%(first)s起") % {"first": zh_day(row.in_force.lower)} if row.notice_number else ""
    return _("，").join(filter(None, [term, row.notice_number]))


def last_day(row: Term) -> date | None:
    """The last day in force; None for a standing item."""
    return row.in_force.upper - timedelta(days=1) if row.in_force.upper else None


def grouped(rows: Sequence[Shown]) -> list[Group]:
    """Neighbours of the same department, in the order they come. A row that is printed under another name than the
    first of its unit carries that name itself."""
    found: list[Group] = []
    for _key, neighbours in groupby(rows, key=lambda row: row.department_id or row.department_text):
        same = list(neighbours)
        printed, name = same[0].department_text, same[0].unit_name
        found.append(Group(printed, name if name and name != printed else "", lines(same), same[0].department_id))
    return found
