"""What stands on a list, and from which day to which: admitted, amended, retired, corrected.

Called by admission with the work notice, by editions, and by filings. A start or an end that lies ahead takes effect
by its date alone. Whoever calls has asked whether the actor may; only `correct_item`, an act of its own, asks itself.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events, numbering
from base.errors import RuleViolation
from base.sentences import Sentence, sentence
from base.templatetags.portal import zh_day
from communities.models import Division
from communities.roles import Actor
from worklists import access, notifications
from worklists.access import Act
from worklists.actions import _versions, decided
from worklists.actions._versions import Authority
from worklists.content import ItemContent
from worklists.kinds import ENDED_BY_AN_ACT, Ending, Origin
from worklists.models import ItemVersion, WorkItem

SERIES = "work_item"


def admit_item(
    owner: Division, *, content: ItemContent, scope: Sequence[str], starts_on: date, ends_on: date | None,
    origin: Origin, notice_number: str, decided_on: date, by: Actor, at: datetime,
) -> WorkItem:  # fmt: skip
    """列入清单 (art 7(三), 8(四)): in force from `starts_on` to its last day `ends_on`, None for a standing item."""
    with acts.act():
        _check_order(starts_on, ends_on)
        words = _versions.scope_text(owner, scope)
        [code] = next_codes(owner, count=1, on=starts_on, at=at)
        item = WorkItem.objects.create(owner=owner, code=code, origin=origin, changed_at=at)
        draft = _versions.compose(
            item, content, in_force=DateRange(starts_on, _versions.until(ends_on)), since=at,
            authority=Authority(notice_number=notice_number, decided_on=decided_on),
            scope=scope, scope_text=words, ending=_end_of_term(ends_on),
        )  # fmt: skip
        _versions.write([draft])
        _record("admit", item, by=by, at=at, scope=draft.scope, says=_starts_words(starts_on, ends_on), version=1,
                title=content.title, notice_number=notice_number, starts_on=starts_on)  # fmt: skip
    return item


def amend_item(
    item: WorkItem, *, content: ItemContent, scope: Sequence[str], starts_on: date, ends_on: date | None,
    notice_number: str, decided_on: date, by: Actor, at: datetime,
) -> WorkItem:  # fmt: skip
    """变更 (art 10): from `starts_on` on the new content, before it the old; the scope is restated whole (T20).

    `ends_on` is the last day of the new term, None for a standing item. Raises RuleViolation when the item was
    completed, ended or removed before `starts_on`: that needs an admission.
    """
    with acts.locked(item, at=at) as locked:
        _check_order(starts_on, ends_on)
        words = _versions.scope_text(locked.owner, scope)
        rows = _versions.believed(locked)
        _check_not_ended(rows, starts_on)
        kept = _versions.cut(
            _versions.reaching(rows, starts_on), day=starts_on, since=locked.changed_at,
            ending=Ending.SUPERSEDED, ending_number=notice_number,
        )  # fmt: skip
        draft = _versions.compose(
            locked, content, in_force=DateRange(starts_on, _versions.until(ends_on)), since=locked.changed_at,
            authority=Authority(notice_number=notice_number, decided_on=decided_on),
            scope=scope, scope_text=words, ending=_end_of_term(ends_on),
        )  # fmt: skip
        _versions.write([*kept, draft])
        says = sentence(gettext_noop("变更：%(terms)s"), terms=_starts_words(starts_on, ends_on))
        _record("amend", locked, by=by, at=locked.changed_at, scope=_both(rows, draft.scope), says=says,
                version=locked.version + 1, title=content.title, notice_number=notice_number,
                starts_on=starts_on)  # fmt: skip
    return locked


def retire_item(
    item: WorkItem, *, ends_on: date, ending: Ending, by: Actor, at: datetime, notice_number: str = "",
    seen: int | None = None,
) -> WorkItem:  # fmt: skip
    """移出清单、完结或者提前退出 (art 4, 10): `ends_on` is the first day that the item no longer stands on the list;
    its last day in force is the day before. An item that was to start later never starts.

    Raises RuleViolation when it had ended before.
    """
    with acts.locked(item, at=at, seen=seen) as locked:
        rows = _versions.reaching(_versions.believed(locked), ends_on)
        if not rows or (rows[-1].in_force.upper == ends_on and rows[-1].ending in ENDED_BY_AN_ACT):
            raise RuleViolation(_("这一事项此前已经终止，不需要再办。"))
        kept = _versions.cut(rows, day=ends_on, since=locked.changed_at, ending=ending, ending_number=notice_number)
        _versions.write(kept)
        says = sentence(gettext_noop("%(ending)s，%(day)s起不再列入清单"), ending=ending.label, day=ends_on)
        _record("retire", locked, by=by, at=locked.changed_at, scope=_both(rows, ()), says=says,
                version=locked.version + 1, title=rows[-1].title, notice_number=notice_number,
                ends_on=ends_on)  # fmt: skip
    return locked


def correct_item(
    item: WorkItem, *, version: ItemVersion, department_id: int | None, department_text: str, basis: str,
    restore: bool = False, reason: str, by: Actor, at: datetime, seen: int | None = None,
) -> WorkItem:  # fmt: skip
    """更正: what was entered wrongly is believed no longer, what is right is written beside it; both stay readable.

    Who the department is, how it is printed and the basis may be mended; what was decided may only be restored
    (`restore`), for changing it is an application (art 4, 10; ADR 0018). `version` is the one, believed now, that was
    wrong; its edition, notice and decision stay. Raises NotAllowed, Stale; RuleViolation without a reason, when nothing
    differs, when `version` is believed no longer, when no day is left to restore, or when the restored days touch
    another version of the item.
    """
    if not (reason.strip() and department_text.strip()):
        raise RuleViolation(_("请写明部门和更正的理由。"))
    with acts.locked(item, at=at, seen=seen) as locked:
        access.check(by, Act.CORRECT_ITEM, locked.owner.code)
        rows = _versions.believed(locked)
        wrong = next((row for row in rows if row.pk == version.pk), None)
        if wrong is None:
            raise RuleViolation(_("这个版本已经更正或者变更过。请打开事项，看现在的版本。"))
        terms = decided.corrected(
            wrong, department_id=department_id, department_text=department_text, basis=basis, restore=restore
        )
        if terms == decided.terms_of(wrong):
            raise RuleViolation(_("和现在记录的一样，没有要更正的。"))
        _check_holds(terms)
        in_force = DateRange(terms.starts_on, _versions.until(terms.ends_on))
        _check_free(in_force, [row for row in rows if row is not wrong])
        words = _versions.scope_text(locked.owner, terms.scope)
        _versions.close([wrong], at=locked.changed_at)
        same_end = wrong.in_force.upper == in_force.upper
        draft = _versions.compose(
            locked, terms.content, in_force=in_force, since=locked.changed_at,
            authority=Authority(wrong.edition_id, wrong.notice_number, wrong.decided_on),
            scope=terms.scope, scope_text=words, ending=wrong.ending if same_end else _end_of_term(terms.ends_on),
            ending_number=wrong.ending_number if same_end else "",
        )  # fmt: skip
        [right] = _versions.write([draft])
        says = sentence(gettext_noop("更正：%(reason)s"), reason=reason)
        _record("correct", locked, by=by, at=locked.changed_at, scope=_both([wrong], draft.scope), says=says,
                version=locked.version + 1, title=terms.content.title, reason=reason,
                starts_on=terms.starts_on)  # fmt: skip
        notifications.item_corrected(wrong, right, reason=reason, at=locked.changed_at)
    return locked


def next_codes(owner: Division, *, count: int, on: date, at: datetime) -> list[str]:
    """The codes of new items: county, year, running number ("430211-2026-0001")."""
    wording = f"{owner.code}-{{year}}-{{n:04}}"
    numbers = numbering.next_numbers(owner.code, SERIES, count=count, wording=wording, on=on, at=at)
    return [number.text for number in numbers]


def _check_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise RuleViolation(_("结束日期不能早于开始日期，请改正。"), field="ends_on")


def _check_not_ended(rows: Sequence[ItemVersion], starts_on: date) -> None:
    last = rows[-1] if rows else None
    ended = last is not None and last.in_force.upper is not None and last.in_force.upper <= starts_on
    if last is None or (ended and last.ending in ENDED_BY_AN_ACT):
        raise RuleViolation(_("这一事项在变更生效以前已经终止，不能变更；仍要开展的，请申请准入（第十条）。"))


def _check_holds(terms: decided.Terms) -> None:
    if not terms.holds:
        raise RuleViolation(
            _("按核准的内容，这一事项%(day)s才施行，而它此前已经终止，没有可以恢复的日期；部门和依据仍然可以更正。")
            % {"day": zh_day(terms.starts_on)}
        )


def _check_free(in_force: DateRange, others: Sequence[ItemVersion]) -> None:
    for row in others:
        starts_before_end = in_force.upper is None or row.in_force.lower < in_force.upper
        ends_after_start = row.in_force.upper is None or row.in_force.upper > in_force.lower
        if starts_before_end and ends_after_start:
            raise RuleViolation(
                _("更正后的日期与这一事项的另一个版本重叠（%(day)s起），请先看清楚各版本的起止日期。")
                % {"day": zh_day(row.in_force.lower)}
            )


def _end_of_term(ends_on: date | None) -> str:
    return Ending.EXPIRED if ends_on else ""


def _both(rows: Sequence[ItemVersion], scope: Sequence[str]) -> list[str]:
    """Everybody reached before or after."""
    return sorted({code.code for row in rows for code in row.scopes.all()} | set(scope))


def _starts_words(starts_on: date, ends_on: date | None) -> Sentence:
    term = sentence(gettext_noop("，到%(day)s为止"), day=ends_on) if ends_on else ""
    return sentence(gettext_noop("列入清单，%(day)s起施行%(term)s"), day=starts_on, term=term)


def _record(
    verb: str, item: WorkItem, *, by: Actor, at: datetime, scope: Sequence[str], says: str, version: int,
    **facts: object,
) -> None:  # fmt: skip
    data = {key: value.isoformat() if isinstance(value, date) else value for key, value in facts.items()}
    events.record(
        f"worklists.workitem.{verb}", target=item, by=by, at=at, chain=item.owner.code,
        data={"version": version, "says": says, **data}, audience=list(scope),
    )  # fmt: skip
