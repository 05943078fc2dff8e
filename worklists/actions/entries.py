"""The entries of a draft: taken, dropped with a reason, added with a decision, corrected."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base.acts import legal_day
from base.errors import RuleViolation
from base.sentences import sentence
from communities.roles import Actor
from worklists import departments
from worklists.actions.editions import changing, record
from worklists.kinds import AppliesTo
from worklists.models import ItemList, ListEntry


@dataclass(frozen=True)
class EntryText:
    """What an entry says."""

    department_text: str
    category: str
    title: str
    applies_to: str = AppliesTo.BOTH


def drop_entry(entry: ListEntry, *, reason: str, by: Actor, at: datetime, seen: int | None = None) -> ListEntry:
    """不采用, with the reason."""
    if not reason.strip():
        raise RuleViolation(_("不采用的事项要写明理由。"), field="reason")
    with changing(entry.edition, by=by, at=at, seen=seen) as edition:
        entry.fate, entry.reason = ListEntry.Fate.DROPPED, reason
        entry.save(update_fields=["fate", "reason"])
        says = sentence(gettext_noop("不采用“%(title)s”：%(reason)s"), title=entry.title, reason=reason)
        record(edition, "revise", says=says, by=by, at=edition.changed_at)
    return entry


def keep_entry(entry: ListEntry, *, by: Actor, at: datetime, seen: int | None = None) -> ListEntry:
    """Take it after all: as the city has it, or as an addition of one's own."""
    with changing(entry.edition, by=by, at=at, seen=seen) as edition:
        own = edition.kind == ItemList.Kind.COUNTY and entry.source_entry_id is None
        entry.fate = ListEntry.Fate.ADDED if own else ListEntry.Fate.ADOPTED
        entry.reason = ""
        entry.save(update_fields=["fate", "reason"])
        says = sentence(gettext_noop("采用“%(title)s”"), title=entry.title)
        record(edition, "revise", says=says, by=by, at=edition.changed_at)
    return entry


def correct_entry(entry: ListEntry, *, text: EntryText, by: Actor, at: datetime, seen: int | None = None) -> ListEntry:
    """Change what an entry says. Its category then counts as known. Raises RuleViolation for a repeat."""
    with changing(entry.edition, by=by, at=at, seen=seen) as edition:
        _check_once(edition, text, besides=entry.pk)
        entry.department_text, entry.category = text.department_text, text.category
        entry.title, entry.applies_to, entry.certain = text.title, text.applies_to, True
        _place(edition, entry)
        entry.save()
        says = sentence(gettext_noop("修改第 %(seq)s 项“%(title)s”"), seq=entry.seq, title=entry.title)
        record(edition, "revise", says=says, by=by, at=edition.changed_at)
    return entry


def add_entry(
    edition: ItemList, *, text: EntryText, decision_number: str, by: Actor, at: datetime, seen: int | None = None
) -> ListEntry:
    """增列 (A-10): a county's own item needs the number of the decision behind it."""
    with changing(edition, by=by, at=at, seen=seen) as locked:
        own = locked.kind == ItemList.Kind.COUNTY
        if own and not decision_number.strip():
            raise RuleViolation(_("增列的事项要写明决定文号。"), field="decision_number")
        _check_once(locked, text)
        last = locked.entries.aggregate(seq=Max("seq"))["seq"] or 0
        entry = ListEntry(
            edition=locked, seq=last + 1, department_text=text.department_text, category=text.category,
            title=text.title, applies_to=text.applies_to, decision_number=decision_number,
            fate=ListEntry.Fate.ADDED if own else ListEntry.Fate.ADOPTED,
        )  # fmt: skip
        _place(locked, entry)
        entry.save()
        says = sentence(gettext_noop("增列“%(title)s”"), title=entry.title)
        record(locked, "revise", says=says, by=by, at=locked.changed_at)
    return entry


def _place(edition: ItemList, entry: ListEntry) -> None:
    day = edition.starts_on or legal_day(edition.changed_at)
    entry.department = departments.mapping(edition.owner.code, [entry.department_text], on=day)[entry.department_text]


def _check_once(edition: ItemList, text: EntryText, *, besides: int = 0) -> None:
    same = edition.entries.filter(department_text=text.department_text, category=text.category, title=text.title)
    if same.exclude(pk=besides).exists():
        raise RuleViolation(_("同一部门、同一类别下已有这一条。"), field="title")
