"""What was decided about a version: by its work notice, or by its edition. A correction leads back to it, never away.

The notice itself is admission's; the first version recorded under its number was written from it and never changes.
"""

from dataclasses import dataclass, replace
from datetime import date

from worklists.content import ItemContent
from worklists.kinds import Ending
from worklists.lists import last_day
from worklists.models import ItemVersion, ListEntry

OPEN = ("", Ending.EXPIRED)  # no later act has ended it: its last day is the decided one


@dataclass(frozen=True)
class Terms:
    """What a version says, where and when; `ends_on` is its last day."""

    content: ItemContent
    scope: tuple[str, ...]
    starts_on: date
    ends_on: date | None

    @property
    def holds(self) -> bool:
        """Is there a day on which they are in force?"""
        return self.ends_on is None or self.ends_on >= self.starts_on


def terms_of(version: ItemVersion) -> Terms:
    """As they are recorded."""
    codes = tuple(sorted(scope.code for scope in version.scopes.all()))
    return Terms(ItemContent.of(version), codes, version.in_force.lower, last_day(version))


def terms_decided(version: ItemVersion) -> Terms:
    """As they were decided. Nobody decided who the department is today, how it is printed and the words of the basis,
    nor a last day that a later act has set: those stay as they are recorded."""
    recorded = terms_of(version)
    given = _of_the_edition(version) if version.edition_id else _of_the_notice(version)
    said = recorded.content
    content = replace(
        given.content, department_id=said.department_id, department_text=said.department_text, basis=said.basis
    )
    ends_on = given.ends_on if version.ending in OPEN else recorded.ends_on
    return Terms(content, given.scope, given.starts_on, ends_on)


def corrected(
    version: ItemVersion, *, department_id: int | None, department_text: str, basis: str, restore: bool
) -> Terms:
    """What a correction makes of a version; `restore` leads the rest back to what was decided."""
    terms = terms_decided(version) if restore else terms_of(version)
    content = replace(terms.content, department_id=department_id, department_text=department_text, basis=basis)
    return replace(terms, content=content)


def can_restore(version: ItemVersion) -> bool:
    """Does the record depart from what was decided, and did a day remain for that? What a later act has ended before
    its decided first day never began."""
    terms = terms_decided(version)
    return terms != terms_of(version) and terms.holds


def content_of(entry: ListEntry) -> ItemContent:
    """What an entry says of its item."""
    return ItemContent(
        title=entry.title, category=entry.category, applies_to=entry.applies_to,
        department_id=entry.department_id, department_text=entry.department_text,
    )  # fmt: skip


def _of_the_notice(version: ItemVersion) -> Terms:
    rows = version.item.versions.filter(notice_number=version.notice_number, edition=None)
    return terms_of(rows.prefetch_related("scopes").order_by("recorded__startswith", "pk")[0])


def _of_the_edition(version: ItemVersion) -> Terms:
    edition = version.edition
    entry = edition.entries.filter(item=version.item_id).first() if edition else None
    if edition is None or entry is None or edition.starts_on is None:
        return terms_of(version)
    return Terms(content_of(entry), (edition.owner.code,), edition.starts_on, None)
