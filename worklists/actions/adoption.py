"""A county takes over its city's guidance list, entry by entry (S2-P4 art 4; A-10)."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from base import acts
from base.acts import legal_day
from base.errors import RuleViolation
from communities.models import Division
from communities.roles import COUNTY, Actor
from worklists import access
from worklists.access import Act
from worklists.actions.editions import Head, open_draft, record, save_entries
from worklists.kinds import Ending
from worklists.models import ItemList, ItemVersion, ListEntry

GONE = {Ending.COMPLETED, Ending.EXITED_EARLY, Ending.REMOVED}


def adopt_edition(guidance: ItemList, *, owner: Division, head: Head, by: Actor, at: datetime) -> ItemList:
    """A county's draft from the city's edition: everything adopted but what the county's last edition dropped, or what
    has left the county's list by the procedure since; what the county had added is added again.

    Each entry can then be dropped with a reason. Raises RuleViolation, NotAllowed.
    """
    access.check(by, Act.DRAFT_EDITION, owner.code)
    fits = guidance.kind == ItemList.Kind.GUIDANCE and owner.code.startswith(guidance.owner.code)
    if not fits or len(owner.code) != COUNTY or guidance.state != ItemList.State.PUBLISHED:
        raise RuleViolation(_("只能采用本市已经公布的指导清单。"))
    with acts.act():
        edition = open_draft(owner, head=head, based_on=guidance, at=at)
        last = ItemList.objects.published().filter(owner=owner).first()
        before = _last_entries(last)
        gone = _gone(owner, edition)
        sources = list(guidance.entries.exclude(fate=ListEntry.Fate.DROPPED).order_by("seq"))
        entries = [_adopted(edition, source, before, gone) for source in sources]
        entries += _added_again(edition, last, start=max(entry.seq for entry in entries))
        save_entries(edition, entries)
        record(edition, "draft", says=f"依据《{guidance.title}》起草《{edition.title}》", by=by, at=at)
    return edition


def _last_entries(last: ItemList | None) -> Mapping[int | None, ListEntry]:
    """The county's last entries by the city's item behind them."""
    if last is None:
        return {}
    rows = last.entries.filter(source_entry__isnull=False).select_related("source_entry")
    return {entry.source_entry.item_id: entry for entry in rows if entry.source_entry}


def _gone(owner: Division, edition: ItemList) -> Mapping[int | None, ItemVersion]:
    """How the county's items ended that rest on an item of the city, by the city's item."""
    day = edition.starts_on or legal_day(edition.changed_at)
    mine = ItemVersion.objects.known().filter(item__owner=owner, item__source_item__isnull=False)
    rows = mine.select_related("item").order_by("in_force")
    last = {row.item.source_item_id: row for row in rows}
    return {
        source: row
        for source, row in last.items()
        if row.ending in GONE and row.in_force.upper is not None and row.in_force.upper <= day and row.ending_number
    }


def _adopted(
    edition: ItemList, source: ListEntry, before: Mapping[int | None, ListEntry],
    gone: Mapping[int | None, ItemVersion],
) -> ListEntry:  # fmt: skip
    last, ended = before.get(source.item_id), gone.get(source.item_id)
    entry = ListEntry(
        edition=edition, seq=source.seq, department_text=source.department_text, category=source.category,
        title=source.title, applies_to=last.applies_to if last else source.applies_to, certain=source.certain,
        source_row=source.source_row, source_entry=source,
    )  # fmt: skip
    if last and last.fate == ListEntry.Fate.DROPPED:
        entry.fate, entry.reason = ListEntry.Fate.DROPPED, last.reason
    elif ended:
        entry.fate, entry.reason = ListEntry.Fate.DROPPED, f"已按程序移出清单（{ended.ending_number}）"
    return entry


def _added_again(edition: ItemList, last: ItemList | None, *, start: int) -> list[ListEntry]:
    added = last.entries.filter(fate=ListEntry.Fate.ADDED).order_by("seq") if last else []
    return [
        ListEntry(
            edition=edition, seq=start + n, department_text=entry.department_text, category=entry.category,
            title=entry.title, applies_to=entry.applies_to, certain=entry.certain, fate=ListEntry.Fate.ADDED,
            reason=entry.reason, decision_number=entry.decision_number,
        )
        for n, entry in enumerate(added, start=1)
    ]  # fmt: skip
