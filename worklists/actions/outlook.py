"""What a list would become, counted before anything is decided: how many items stay, come, go and change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from worklists.actions import _beside, _standing, ended
from worklists.actions.decided import content_of
from worklists.kinds import Origin
from worklists.models import ItemList, ItemVersion, ListEntry, WorkItem
from worklists.rows import Row

MANY = 10  # more than one in ten


@dataclass(frozen=True)
class Outlook:
    """Items of the list by what becomes of them on `on`, against what stands there by then."""

    on: date
    stay: int
    come: int
    go: int
    change: int

    @property
    def before(self) -> int:
        """How many stand on the list without the draft."""
        return self.stay + self.go + self.change

    @property
    def many_go(self) -> bool:
        """So many that nobody should overlook it."""
        return self.go * MANY > self.before


def of_draft(edition: ItemList, *, today: date) -> Outlook:
    """What a draft would do on its first day; on `today` while it has none."""
    return _count(edition, _standing.chosen_of(edition), on=edition.starts_on or today)


def of_rows(edition: ItemList, rows: Sequence[Row], *, today: date) -> Outlook:
    """What a draft of these rows would do; `edition` is its cover, saved nowhere."""
    found = _beside.entries(edition, rows) if rows else []
    chosen = [entry for entry in found if entry.fate != ListEntry.Fate.DROPPED]
    return _count(edition, chosen, on=edition.starts_on or today)


def coming_back(edition: ItemList, *, today: date) -> list[tuple[ListEntry, ItemVersion]]:
    """The chosen entries of a draft whose items have left the list by the procedure: it cannot be published so."""
    chosen = _standing.chosen_of(edition)
    mine = list(WorkItem.objects.filter(owner=edition.owner, origin=Origin.LIST))
    _standing.match(edition, chosen, mine)
    return ended.coming_back(edition, chosen, _standing.believed_of(mine), on=edition.starts_on or today)


def _count(edition: ItemList, chosen: Sequence[ListEntry], *, on: date) -> Outlook:
    """A county without a list of its own has followed its city's so far (PR-3)."""
    followed = ItemVersion.objects.followed_in(edition.owner.code, on=on).filter(item__origin=Origin.LIST)
    before = {row.item_id: row for row in followed}
    _standing.match(edition, chosen, list(WorkItem.objects.filter(owner=edition.owner, origin=Origin.LIST)))
    named: dict[int, bool] = {}
    for entry in chosen:
        row = before.get(entry.item_id or 0)
        if row is None and entry.source_entry:
            row = before.get(entry.source_entry.item_id or 0)
        if row:
            named[row.item_id] = _standing.goes_on(row, content_of(entry))
    stay = sum(named.values())
    return Outlook(on, stay, come=len(chosen) - len(named), go=len(before) - len(named), change=len(named) - stay)
