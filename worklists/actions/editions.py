"""Editions of a list: drafted, decided and published. A published edition is frozen."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from base import acts, events
from base.acts import legal_day
from base.errors import RuleViolation
from base.sentences import sentence
from base.templatetags.portal import zh_day
from communities.models import Division
from communities.roles import COUNTY, Actor
from worklists import access, departments, notifications
from worklists.access import Act
from worklists.actions import _beside, _standing
from worklists.fingerprint import fingerprint
from worklists.models import ItemList, ListEntry
from worklists.rows import Row

FROZEN = lazy("这一版已经公布，内容不能再改。要调整的，请起草新的一版。")


@dataclass(frozen=True)
class Head:
    """What stands on the cover of an edition."""

    title: str
    issue_number: str = ""
    source: str = ""
    issued_on: date | None = None
    starts_on: date | None = None


def draft_edition(owner: Division, *, head: Head, rows: Sequence[Row], by: Actor, at: datetime) -> ItemList:
    """A draft from rows: of the city's guidance list, or of a county's own (then beside the city's newest edition).

    A county's row that the city does not have is an addition and needs the number of its decision; what the city has
    and the rows do not is dropped, with that as the reason. Raises RuleViolation, NotAllowed.
    """
    access.check(by, Act.DRAFT_EDITION, owner.code)
    if not rows:
        raise RuleViolation(_("没有可以导入的行。请按提示改好文件再上传。"))
    with acts.act():
        edition = open_draft(owner, head=head, based_on=newest_guidance(owner), at=at)
        save_entries(edition, _beside.entries(edition, rows))
        says = sentence(gettext_noop("起草《%(title)s》，%(count)s 项"), title=edition.title, count=len(rows))
        record(edition, "draft", says=says, by=by, at=at)
    return edition


def publish_edition(edition: ItemList, *, by: Actor, at: datetime, seen: int | None = None) -> ItemList:
    """审定公布: the edition is frozen with its hash, and its items stand on the list from its first day.

    Raises RuleViolation for a list without a first day, one that does not follow the last edition, or one that begins
    in the past without the document that was in force then.
    """
    with acts.locked(edition, at=at, seen=seen) as locked:
        access.check(by, Act.PUBLISH_EDITION, locked.owner.code)
        starts_on = _check_publishable(locked, legal_day(locked.changed_at))
        items = _standing.lock_items(locked)
        locked.changed_at = _standing.moment(locked, items)
        _place(locked, on=starts_on)
        effect = _standing.put_in_force(locked, items, since=locked.changed_at, starts_on=starts_on)
        locked.sha256 = fingerprint(locked.entries.all())
        locked.state, locked.published_at, locked.decided_by = ItemList.State.PUBLISHED, locked.changed_at, by.label
        says = sentence(
            gettext_noop("公布《%(title)s》：新列入 %(begun)s 项，变更 %(changed)s 项，移出 %(ended)s 项"),
            title=locked.title, begun=len(effect.begun), changed=len(effect.changed), ended=len(effect.ended),
        )  # fmt: skip
        record(locked, "publish", says=says, by=by, at=locked.changed_at, sha256=locked.sha256)
        notifications.edition_published(
            locked, begun=effect.begun, changed=effect.changed, ended=effect.ended, at=locked.changed_at
        )
    return locked


def revise_edition(edition: ItemList, *, head: Head, by: Actor, at: datetime, seen: int | None = None) -> ItemList:
    """The cover of a draft, written anew; the units behind the printed names become those of its first day."""
    with changing(edition, by=by, at=at, seen=seen) as locked:
        locked.title, locked.issue_number, locked.source = head.title, head.issue_number, head.source
        locked.issued_on, locked.starts_on = head.issued_on, head.starts_on
        _place(locked, on=locked.starts_on or legal_day(locked.changed_at))
        says = sentence(gettext_noop("修改草案封面《%(title)s》"), title=head.title)
        record(locked, "revise", says=says, by=by, at=locked.changed_at)
    return locked


def discard_edition(edition: ItemList, *, by: Actor, at: datetime, seen: int | None = None) -> None:
    """A draft that nobody wants: gone, but for its audit line. What is published stays. Raises Stale when somebody has
    worked on it since the form was opened."""
    with acts.act():
        locked = ItemList.objects.select_for_update(of=("self",)).select_related("owner").get(pk=edition.pk)
        _check_draft(locked, by)
        acts.check_seen(locked, seen)
        says = sentence(gettext_noop("删去草案《%(title)s》"), title=locked.title)
        record(locked, "discard", says=says, by=by, at=at)
        locked.entries.all().delete()
        locked.delete()


@contextmanager
def changing(edition: ItemList, *, by: Actor, at: datetime, seen: int | None = None) -> Iterator[ItemList]:
    """Lock a draft for whoever may change it."""
    with acts.locked(edition, at=at, seen=seen) as locked:
        _check_draft(locked, by)
        yield locked


def newest_guidance(owner: Division) -> ItemList | None:
    """The city's newest published edition, for a county; nothing stands above the city's own."""
    if len(owner.code) != COUNTY:
        return None
    return ItemList.objects.published().filter(owner__code=owner.code[:4], kind=ItemList.Kind.GUIDANCE).first()


def open_draft(owner: Division, *, head: Head, based_on: ItemList | None, at: datetime) -> ItemList:
    """The cover of a new draft."""
    edition = cover(owner, head=head, based_on=based_on, at=at)
    edition.save()
    return edition


def cover(owner: Division, *, head: Head, based_on: ItemList | None, at: datetime) -> ItemList:
    """The cover alone, saved nowhere."""
    kind = ItemList.Kind.COUNTY if len(owner.code) == COUNTY else ItemList.Kind.GUIDANCE
    return ItemList(
        owner=owner, kind=kind, based_on=based_on, changed_at=at, title=head.title, issue_number=head.issue_number,
        source=head.source, issued_on=head.issued_on, starts_on=head.starts_on,
    )  # fmt: skip


def save_entries(edition: ItemList, entries: Sequence[ListEntry]) -> None:
    """The entries of a draft, each with the unit behind the printed name (A-30)."""
    day = edition.starts_on or legal_day(edition.changed_at)
    units = departments.mapping(edition.owner.code, (entry.department_text for entry in entries), on=day)
    for entry in entries:
        entry.department = units[entry.department_text]
    ListEntry.objects.bulk_create(entries)


def record(edition: ItemList, verb: str, *, says: str, by: Actor, at: datetime, **facts: object) -> None:
    """The audit line of an act on an edition; a draft stays out of the feed."""
    events.record(
        f"worklists.itemlist.{verb}", target=edition, by=by, at=at, chain=edition.owner.code,
        data={"version": edition.version + (verb != "draft"), "says": says, **facts},
        audience=[edition.owner.code], in_feed=verb == "publish",
    )  # fmt: skip


def _check_draft(edition: ItemList, by: Actor) -> None:
    access.check(by, Act.DRAFT_EDITION, edition.owner.code)
    if edition.state != ItemList.State.DRAFT:
        raise RuleViolation(FROZEN)


def _check_publishable(edition: ItemList, today: date) -> date:
    if edition.state != ItemList.State.DRAFT:
        raise RuleViolation(FROZEN)
    if edition.starts_on is None:
        raise RuleViolation(_("还没有写施行日期。请先补上再公布。"))
    if not edition.entries.exclude(fate=ListEntry.Fate.DROPPED).exists():
        raise RuleViolation(_("清单里没有一项是采用的，不能公布。"))
    last = ItemList.objects.published().filter(owner=edition.owner).first()
    if last and last.starts_on and last.starts_on >= edition.starts_on:
        raise RuleViolation(_("施行日期要晚于上一版的施行日期（%s）。") % zh_day(last.starts_on))
    if edition.starts_on < today and not (edition.issue_number and edition.issued_on):
        raise RuleViolation(_("施行日期早于今天的，要写明当时印发的文号和日期。"))
    return edition.starts_on


def _place(edition: ItemList, *, on: date) -> None:
    """The units behind the printed names as they are on a day: one may have become known since, another have ended."""
    entries = list(edition.entries.all())
    units = departments.mapping(edition.owner.code, (entry.department_text for entry in entries), on=on)
    for entry in entries:
        entry.department = units[entry.department_text]
    ListEntry.objects.bulk_update(entries, ["department"])
