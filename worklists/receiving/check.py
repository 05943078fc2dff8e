"""May this be asked of this place on this day? What resembles the words, and the verdict on what somebody picked.

The verdict is computed from the list and the rules beside it alone (S2-P4 art 4, 10; PR-2, PR-3), of the day asked
about, as known at a moment: it can be computed again later and says the same. What is found, and why a county did not
adopt an item, is of today.
"""

from collections.abc import Sequence

from communities.models import Division
from communities.roles import CITY, COUNTY, lineage
from worklists.candidates import corpus_of, forbidden
from worklists.kinds import APPLIES
from worklists.lists import AsOf, kind_of
from worklists.models import ItemList, ItemScope, ItemVersion, ListEntry, RegisterRule, WorkItem
from worklists.models.item import list_owner
from worklists.overlap import Likeness
from worklists.receiving.verdicts import Code, Verdict

COMMUNITY = 12
MOST = 5


def like(text: str, place: Division, asof: AsOf) -> list[Likeness]:
    """What must not be asked, then the items nearest to these words that were ever on the list this place follows, and
    those of the city's list that its county did not adopt; none where nothing is alike."""
    county = place.code[:COUNTY]
    return [*forbidden(text, county, asof, most=MOST), *corpus_of(county, asof).find(text, most=MOST)]


def owners_of(code: str, asof: AsOf) -> list[str]:
    """Whose items may be asked of a place: its county's; with a city's list, also those (PR-3)."""
    owner = list_owner(code, on=asof.on, known_at=asof.known_at)
    return [code[:COUNTY]] if len(owner) == COUNTY else [code[:COUNTY], code[:CITY]]


def picked_verdict(picked: WorkItem | RegisterRule | None, place: Division, asof: AsOf) -> Verdict:
    """On what somebody picked; None where it was none of what was found."""
    match picked:
        case None:
            return never_admitted(place, asof)
        case RegisterRule():
            return Verdict(Code.FORBIDDEN, place, asof, None, rule=picked)
        case _:
            return verdict(picked, place, asof)


def rule_of(key: str, place: Division, asof: AsOf) -> RegisterRule | None:
    """The rule by its key that forbids something here on the day; None where it does not. One query."""
    if not (key.isascii() and key.isdigit()):
        return None
    rules = RegisterRule.objects.of_place(place.code[:COUNTY], on=asof.on, known_at=asof.known_at)
    return rules.forbidding().filter(pk=key).first()


def verdict(item: WorkItem, place: Division, asof: AsOf) -> Verdict:
    """On this item for this place on the day. `item.owner` must be loaded. Up to four queries."""
    rows = ItemVersion.objects.known(asof.known_at).filter(item=item).select_related("edition", "department")
    believed = list(rows.order_by("in_force"))
    for row in believed:
        row.item = item  # its evidence names the item
    if item.owner.code not in owners_of(place.code, asof):
        return Verdict(Code.OTHER_LIST, place, asof, believed[-1] if believed else None, _why_dropped(item, place))
    now = next((row for row in believed if asof.on in row.in_force), None)
    if now is None:
        return _not_in_force(believed, place, asof)
    if not _reaches(now, place):
        return Verdict(Code.BEYOND_SCOPE, place, asof, now)
    if len(place.code) == COMMUNITY and now.applies_to not in APPLIES[kind_of(place)]:
        return Verdict(Code.OTHER_KIND, place, asof, now)
    return Verdict(Code.LISTED, place, asof, now)


def never_admitted(place: Division, asof: AsOf) -> Verdict:
    """Somebody has looked through what resembles it, and says that it is none of it."""
    return Verdict(Code.NEVER, place, asof, None)


def _why_dropped(item: WorkItem, place: Division) -> str:
    """The reason that the county gave when it did not adopt an item of the city's list; "" where it gave none."""
    dropped = ListEntry.objects.filter(
        edition__in=ItemList.objects.published().filter(owner__code=place.code[:COUNTY]),
        source_entry__item=item, fate=ListEntry.Fate.DROPPED,
    )  # fmt: skip
    return dropped.order_by("-edition__starts_on").values_list("reason", flat=True).first() or ""


def _not_in_force(believed: Sequence[ItemVersion], place: Division, asof: AsOf) -> Verdict:
    past = [row for row in believed if row.in_force.upper is not None and row.in_force.upper <= asof.on]
    coming = [row for row in believed if row not in past]
    if coming and not past:
        return Verdict(Code.NOT_YET, place, asof, coming[0])
    if past:
        return Verdict(Code.ENDED, place, asof, past[-1])
    return Verdict(Code.TAKEN_BACK, place, asof, None)


def _reaches(version: ItemVersion, place: Division) -> bool:
    """The whole of a community; for a street or county, any part of it."""
    scopes = ItemScope.objects.filter(version=version)
    if scopes.filter(code__in=lineage(place.code)).exists():
        return True
    return len(place.code) < COMMUNITY and scopes.filter(code__startswith=place.code).exists()
