"""A county takes over its city's guidance list, entry by entry (S2-P4 art 4; A-10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts
from base.acts import legal_day
from base.errors import RuleViolation
from base.sentences import sentence
from communities.models import Division
from communities.roles import COUNTY, Actor
from worklists import access
from worklists.access import Act
from worklists.actions import ended
from worklists.actions.editions import Head, open_draft, record, save_entries
from worklists.kinds import Origin
from worklists.models import ItemList, ItemVersion, ListEntry


def adopt_edition(guidance: ItemList, *, owner: Division, head: Head, by: Actor, at: datetime) -> ItemList:
    """A county's draft from the city's edition: everything adopted but what the county's last edition dropped, or what
    has left the county's list by the procedure since; what the county had added is added again, unless the city has
    taken it over.

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
        rows = [row for row in gone.values() if row.item.source_item_id]
        of_source: Mapping[int | None, ItemVersion] = {row.item.source_item_id: row for row in rows}
        sources = list(guidance.entries.exclude(fate=ListEntry.Fate.DROPPED).order_by("seq"))
        entries = [_adopted(edition, source, before, of_source) for source in sources]
        entries += _added_again(edition, last, gone, besides=entries)
        save_entries(edition, entries)
        drafted = gettext_noop("依据《%(guidance)s》起草《%(title)s》")
        says = sentence(drafted, guidance=guidance.title, title=edition.title)
        record(edition, "draft", says=says, by=by, at=at)
    return edition


def _last_entries(last: ItemList | None) -> Mapping[int | None, ListEntry]:
    """The county's last entries by the city's item behind them."""
    if last is None:
        return {}
    rows = last.entries.filter(source_entry__isnull=False).select_related("source_entry")
    return {entry.source_entry.item_id: entry for entry in rows if entry.source_entry}


def _gone(owner: Division, edition: ItemList) -> Mapping[int | None, ItemVersion]:
    """How the county's items ended that have left its list by the procedure, by item."""
    rows = ItemVersion.objects.known().filter(item__owner=owner, item__origin=Origin.LIST)
    believed: dict[int, list[ItemVersion]] = {}
    for row in rows.select_related("item").order_by("in_force"):
        believed.setdefault(row.item_id, []).append(row)
    return ended.by_procedure(owner, believed, on=edition.starts_on or legal_day(edition.changed_at))


def _adopted(
    edition: ItemList, source: ListEntry, before: Mapping[int | None, ListEntry],
    gone: Mapping[int | None, ItemVersion],
) -> ListEntry:  # fmt: skip
    last, left = before.get(source.item_id), gone.get(source.item_id)
    entry = ListEntry(
        edition=edition, seq=source.seq, department_text=source.department_text, category=source.category,
        title=source.title, applies_to=last.applies_to if last else source.applies_to, certain=source.certain,
        source_row=source.source_row, source_entry=source,
    )  # fmt: skip
    if last and last.fate == ListEntry.Fate.DROPPED:
        entry.fate, entry.reason = ListEntry.Fate.DROPPED, last.reason
    elif left:
        _leave_out(entry, left)
    return entry


def _added_again(
    edition: ItemList, last: ItemList | None, gone: Mapping[int | None, ItemVersion], *, besides: Sequence[ListEntry]
) -> list[ListEntry]:
    """The county's own additions, but for those that the city has taken over: their items go on as the city's."""
    added = last.entries.filter(fate=ListEntry.Fate.ADDED).order_by("seq") if last else []
    taken_over = {_text(entry) for entry in besides}
    entries = []
    for former in (each for each in added if _text(each) not in taken_over):
        entry = ListEntry(
            edition=edition, department_text=former.department_text, category=former.category, title=former.title,
            applies_to=former.applies_to, certain=former.certain, fate=ListEntry.Fate.ADDED, reason=former.reason,
            decision_number=former.decision_number,
        )  # fmt: skip
        if former.item_id in gone:
            _leave_out(entry, gone[former.item_id])
        entries.append(entry)
    for seq, entry in enumerate(entries, start=max(each.seq for each in besides) + 1):
        entry.seq = seq
    return entries


def _leave_out(entry: ListEntry, left: ItemVersion) -> None:
    entry.fate, entry.reason = ListEntry.Fate.DROPPED, f"已按程序移出清单（{left.ending_number}）"


def _text(entry: ListEntry) -> tuple[str, str, str]:
    return entry.department_text, entry.category, entry.title
