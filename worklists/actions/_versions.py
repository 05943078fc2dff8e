"""How versions are written: what was believed is closed, what is believed now is added. Nothing is ever overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import DateTimeField, F, Func, Value
from django.utils.translation import gettext as _

from base.errors import RuleViolation
from communities.models import Division
from worklists import search
from worklists.content import ItemContent, searchable
from worklists.models import ItemScope, ItemVersion, WorkItem

DAY = timedelta(days=1)
SHOWN = 5
OF_THE_ROW = {"id", "recorded", "in_force", "ending", "ending_number", "search"}


@dataclass(frozen=True)
class Authority:
    """What lets a version stand on the list: an edition, or a decision and its work notice."""

    edition_id: int | None = None
    notice_number: str = ""
    decided_on: date | None = None


@dataclass(frozen=True)
class Draft:
    """A version that is about to be written, with the codes it reaches."""

    version: ItemVersion
    scope: tuple[str, ...]


def until(last_day: date | None) -> date | None:
    """The first day that is no longer in force; None for a standing item."""
    return last_day + DAY if last_day else None


def believed(item: WorkItem) -> list[ItemVersion]:
    """The versions of an item that we believe now, in legal order, with their scopes."""
    return list(item.versions.known().prefetch_related("scopes").order_by("in_force"))


def compose(
    item: WorkItem, content: ItemContent, *, in_force: DateRange, since: datetime, authority: Authority,
    scope: Sequence[str], scope_text: str, ending: str = "", ending_number: str = "",
) -> Draft:  # fmt: skip
    """A new version of an item, believed from `since` on."""
    version = ItemVersion(
        item=item, in_force=in_force, recorded=DateTimeTZRange(since, None), side=content.side,
        search=search.vector(content.search_terms), scope_text=scope_text, ending=ending, ending_number=ending_number,
        edition_id=authority.edition_id, notice_number=authority.notice_number, decided_on=authority.decided_on,
        title=content.title, subject_type=content.subject_type, category=content.category,
        applies_to=content.applies_to, executor=content.executor, department_id=content.department_id,
        department_text=content.department_text, does=content.does, does_not=content.does_not, basis=content.basis,
    )  # fmt: skip
    return Draft(version, tuple(sorted(set(scope))))


def shortened(row: ItemVersion, *, day: date, since: datetime, ending: str, ending_number: str) -> Draft:
    """The part of a version before `day`, with why it ended; everything else as it was."""
    same = [field.attname for field in ItemVersion._meta.concrete_fields if field.name not in OF_THE_ROW]
    version = ItemVersion(
        **{name: getattr(row, name) for name in same},
        in_force=DateRange(row.in_force.lower, day), recorded=DateTimeTZRange(since, None),
        search=search.vector(searchable(row.title, row.department_text, row.does)),
        ending=ending, ending_number=ending_number,
    )  # fmt: skip
    return Draft(version, tuple(scope.code for scope in row.scopes.all()))


def reaching(rows: Sequence[ItemVersion], day: date) -> list[ItemVersion]:
    """Those that hold on `day` or later, or that end with the day before."""
    return [row for row in rows if row.in_force.upper is None or row.in_force.upper >= day]


def cut(rows: Sequence[ItemVersion], *, day: date, since: datetime, ending: str, ending_number: str) -> list[Draft]:
    """Stop believing in these versions; what is left of them before `day` comes back as drafts to be written."""
    close(rows, at=since)
    return [
        shortened(row, day=day, since=since, ending=ending, ending_number=ending_number)
        for row in rows
        if row.in_force.lower < day
    ]


def close(rows: Sequence[ItemVersion], *, at: datetime) -> None:
    """From `at` on we no longer believe these."""
    lower = Func(F("recorded"), function="lower", output_field=DateTimeField())
    closed = Func(
        lower, Value(at, output_field=DateTimeField()), function="tstzrange",
        output_field=ItemVersion._meta.get_field("recorded"),
    )  # fmt: skip
    ItemVersion.objects.filter(pk__in=[row.pk for row in rows]).update(recorded=closed)


def write(drafts: Sequence[Draft]) -> list[ItemVersion]:
    """Save versions with their scopes: two statements, however many there are."""
    versions = ItemVersion.objects.bulk_create([draft.version for draft in drafts])
    ItemScope.objects.bulk_create(
        ItemScope(version=version, code=code)
        for version, draft in zip(versions, drafts, strict=True)
        for code in draft.scope
    )
    return versions


def scope_text(owner: Division, scope: Sequence[str]) -> str:
    """The places in words. Raises RuleViolation for none, an unknown code, or a place outside the owner's territory."""
    if not scope:
        raise RuleViolation(_("请写明实施范围：至少一个街道（乡镇）或社区。"))
    places = list(Division.objects.filter(code__in=set(scope)).order_by("code"))
    known = {place.code for place in places}
    foreign = sorted(code for code in set(scope) if code not in known or not code.startswith(owner.code))
    if foreign:
        words = {"codes": _("、").join(foreign), "owner": owner.name}
        raise RuleViolation(_("实施范围里的 %(codes)s 不在%(owner)s的区划里，请改正。") % words)
    names = "、".join(place.name for place in places[:SHOWN])
    if len(places) <= SHOWN:
        return names
    return f"{names}等 {len(places)} 处"
