"""What an edition does to the items of its owner: those it brings, those it changes, those it no longer names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F

from base.acts import JUST_AFTER
from base.errors import RuleViolation
from worklists.actions import _versions, ended, items
from worklists.actions._versions import Authority, Draft
from worklists.actions.decided import content_of
from worklists.content import ItemContent
from worklists.kinds import Ending, Origin
from worklists.models import ItemList, ItemVersion, ListEntry, WorkItem

Key = tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What an edition begins, changes (before, after) and ends (as it was)."""

    begun: Sequence[ItemVersion]
    changed: Sequence[tuple[ItemVersion, ItemVersion]]
    ended: Sequence[ItemVersion]


@dataclass(frozen=True)
class Change:
    """What becomes of one item: versions believed no longer, versions written."""

    item: WorkItem
    closed: Sequence[ItemVersion]
    written: Sequence[Draft]


def lock_items(edition: ItemList) -> list[WorkItem]:
    """The owner's items that stand there by a list, locked in the order of their keys."""
    mine = WorkItem.objects.filter(owner=edition.owner, origin=Origin.LIST)
    return list(mine.select_for_update(of=("self",)).order_by("pk"))


def moment(edition: ItemList, locked: Iterable[WorkItem]) -> datetime:
    """When it is recorded: after the last change of everything it touches."""
    return max([edition.changed_at, *(item.changed_at + JUST_AFTER for item in locked)])


def put_in_force(edition: ItemList, locked: Sequence[WorkItem], *, since: datetime, starts_on: date) -> Effect:
    """From `starts_on` the items of `edition` stand on the list; those it does not name end with the day before.

    Each chosen entry is given its item. What a committee decided about an item since then (a version that rests on a
    notice, an end) stays; only dropping the entry takes it off. Raises RuleViolation for an entry whose item has left
    the list by the procedure.
    """
    chosen = chosen_of(edition)
    _give_items(edition, chosen, locked, since=since, starts_on=starts_on)
    believed = believed_of(locked)
    if back := ended.coming_back(edition, chosen, believed, on=starts_on):
        raise RuleViolation(ended.refusal(back))
    kept = [_entry_change(entry, believed, edition, since, starts_on) for entry in chosen]
    named = {entry.item_id for entry in chosen}
    gone = [
        _end(item, believed[item.pk], edition, since, starts_on)
        for item in locked
        if item.pk not in named and _stands(believed[item.pk], starts_on)
    ]
    changes = [change for change in kept if change] + gone
    _versions.close([row for change in changes for row in change.closed], at=since)
    _versions.write([draft for change in changes for draft in change.written])
    touched = [change.item.pk for change in changes if change.closed]
    WorkItem.objects.filter(pk__in=touched).update(version=F("version") + 1, changed_at=since)
    made = [change for change in kept if change]
    return Effect(
        begun=[change.written[-1].version for change in made if not change.closed],
        changed=[(change.closed[-1], change.written[-1].version) for change in made if change.closed],
        ended=[change.closed[-1] for change in gone],
    )


def chosen_of(edition: ItemList) -> list[ListEntry]:
    """The entries that are to stand on the list, in its order."""
    entries = edition.entries.exclude(fate=ListEntry.Fate.DROPPED)
    return list(entries.select_related("source_entry").order_by("seq"))


def match(edition: ItemList, chosen: Sequence[ListEntry], items_of: Sequence[WorkItem]) -> list[ListEntry]:
    """The item an entry continues: the same item of the city, else the same text in the owner's last edition. Saves
    nothing; those that continue none come back."""
    by_source = {item.source_item_id: item for item in items_of if item.source_item_id}
    by_text = _last_texts(edition, {item.pk: item for item in items_of})
    taken: set[int] = set()
    fresh: list[ListEntry] = []
    for entry in chosen:
        source = entry.source_entry.item_id if entry.source_entry else None
        known = by_source.get(source) if source else None
        item = known or next((by_text[key] for key in _keys(entry) if key in by_text), None)
        if item is None or item.pk in taken:
            fresh.append(entry)
            continue
        taken.add(item.pk)
        entry.item = item
    return fresh


def _give_items(
    edition: ItemList, chosen: Sequence[ListEntry], locked: Sequence[WorkItem], *, since: datetime, starts_on: date
) -> None:
    fresh = match(edition, chosen, locked)
    _remember_sources(chosen)
    _number(edition, fresh, since=since, starts_on=starts_on)
    ListEntry.objects.bulk_update(chosen, ["item"])


def _remember_sources(chosen: Sequence[ListEntry]) -> None:
    """The county's own addition that the city has taken over is the city's item from now on, however it is worded."""
    taken_over = []
    for entry in chosen:
        if entry.item and entry.source_entry and entry.item.source_item_id is None:
            entry.item.source_item_id = entry.source_entry.item_id
            taken_over.append(entry.item)
    WorkItem.objects.bulk_update(taken_over, ["source_item"])


def _number(edition: ItemList, fresh: Sequence[ListEntry], *, since: datetime, starts_on: date) -> None:
    if not fresh:
        return
    codes = items.next_codes(edition.owner, count=len(fresh), on=starts_on, at=since)
    made = WorkItem.objects.bulk_create(
        WorkItem(
            owner=edition.owner, code=code, origin=Origin.LIST,
            source_item_id=entry.source_entry.item_id if entry.source_entry else None, changed_at=since,
        )
        for entry, code in zip(fresh, codes, strict=True)
    )  # fmt: skip
    for entry, item in zip(fresh, made, strict=True):
        entry.item = item


def _keys(entry: ListEntry) -> tuple[Key, Key]:
    return (entry.department_text, entry.title, entry.category), (entry.department_text, entry.title)


def _last_texts(edition: ItemList, by_pk: Mapping[int, WorkItem]) -> dict[Key, WorkItem]:
    last = ItemList.objects.published().filter(owner=edition.owner).first()
    rows = ListEntry.objects.filter(edition=last, item__in=by_pk).order_by("-seq") if last else []
    return {key: by_pk[entry.item_id] for entry in rows if entry.item_id for key in _keys(entry)}


def believed_of(locked: Sequence[WorkItem]) -> dict[int, list[ItemVersion]]:
    """The versions of items that we believe now, in legal order."""
    rows: dict[int, list[ItemVersion]] = {item.pk: [] for item in locked}
    versions = ItemVersion.objects.known().filter(item__in=rows).prefetch_related("scopes")
    for row in versions.order_by("item_id", "in_force"):
        rows[row.item_id].append(row)
    return rows


def _stands(rows: Sequence[ItemVersion], on: date) -> bool:
    return any(row.in_force.upper is None or row.in_force.upper > on for row in rows)


def _entry_change(
    entry: ListEntry, believed: Mapping[int, Sequence[ItemVersion]], edition: ItemList, since: datetime, starts_on: date
) -> Change | None:
    """None when the list goes on saying what it said, or what a committee has decided since.

    What the list says instead lasts until what is decided already: the end of what it replaces, or the first version
    that begins later, which can only rest on a notice.
    """
    item = cast("WorkItem", entry.item)
    rows = believed.get(item.pk, [])
    now = next((row for row in rows if starts_on in row.in_force), None)
    content = content_of(entry)
    if now and goes_on(now, content):
        return None
    until, ending, number = _decided_end(now, [row for row in rows if row.in_force.lower > starts_on])
    draft = _versions.compose(
        item, content, in_force=DateRange(starts_on, until), since=since, authority=Authority(edition_id=edition.pk),
        scope=[edition.owner.code], scope_text=edition.owner.name, ending=ending, ending_number=number,
    )  # fmt: skip
    replaced = [now] if now else []
    return Change(item, replaced, [*_before(replaced, edition, since, starts_on, Ending.SUPERSEDED), draft])


def _decided_end(now: ItemVersion | None, later: Sequence[ItemVersion]) -> tuple[date | None, str, str]:
    """The first day that a new version no longer holds, why, and the number of the decision."""
    if now:
        return now.in_force.upper, now.ending, now.ending_number
    if later:
        return later[0].in_force.lower, Ending.SUPERSEDED, later[0].notice_number
    return None, "", ""


def _end(item: WorkItem, rows: Sequence[ItemVersion], edition: ItemList, since: datetime, starts_on: date) -> Change:
    later = [row for row in rows if row.in_force.upper is None or row.in_force.upper > starts_on]
    return Change(item, later, _before(later, edition, since, starts_on, Ending.REMOVED))


def _before(
    rows: Sequence[ItemVersion], edition: ItemList, since: datetime, starts_on: date, ending: Ending
) -> list[Draft]:
    return [
        _versions.shortened(row, day=starts_on, since=since, ending=ending, ending_number=edition.issue_number)
        for row in rows
        if row.in_force.lower < starts_on
    ]


def goes_on(now: ItemVersion, content: ItemContent) -> bool:
    """Does this version stay: a committee decided it, or the list says of it what it said?"""
    return now.edition_id is None or _text(ItemContent.of(now)) == _text(content)


def _text(content: ItemContent) -> tuple[str, ...]:
    """What is printed; who the department is today does not make another item of it."""
    return (content.title, content.category, content.applies_to, content.department_text)
