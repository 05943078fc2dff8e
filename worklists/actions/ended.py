"""What has left an owner's list by the procedure, and does not come back through an edition: that is an admission."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from communities.models import Division
from worklists.kinds import ENDED_BY_AN_ACT
from worklists.models import ItemList, ItemVersion, ListEntry

SHOWN = 5


def by_procedure(
    owner: Division, believed: Mapping[int, Sequence[ItemVersion]], *, on: date
) -> Mapping[int | None, ItemVersion]:
    """The last version of each item that a notice or a filing has ended by a day; what an edition left out may be taken
    up again. `believed`: the versions of items, in legal order. One query."""
    published = ItemList.objects.published().filter(owner=owner)
    editions = set(published.values_list("starts_on", "issue_number"))
    last = {item: rows[-1] for item, rows in believed.items() if rows}
    return {
        item: row
        for item, row in last.items()
        if row.ending in ENDED_BY_AN_ACT and row.in_force.upper <= on
        and (row.in_force.upper, row.ending_number) not in editions
    }  # fmt: skip


def coming_back(
    edition: ItemList, chosen: Sequence[ListEntry], believed: Mapping[int, Sequence[ItemVersion]], *, on: date
) -> list[tuple[ListEntry, ItemVersion]]:
    """The chosen entries, with their items, whose items had left the list by then."""
    gone = by_procedure(edition.owner, believed, on=on)
    return [(entry, gone[entry.item_id]) for entry in chosen if entry.item_id in gone]


def refusal(back: Sequence[tuple[ListEntry, ItemVersion]]) -> str:
    """Which they are, and what to do."""
    names = _("、").join(f"{entry.title}（{row.ending_number}）" for entry, row in back[:SHOWN])
    more = _("等 %d 项") % len(back) if len(back) > SHOWN else ""
    words = {"names": names + more}
    return _("%(names)s已按程序移出清单，请改为不采用；仍要开展的，请申请准入（第十条）。") % words
