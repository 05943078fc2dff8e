"""完成和提前退出备案 (S2-P4 art 10; T19): the original department files, the office acknowledges, no approval."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events, numbering
from base.acts import legal_day
from base.errors import NotAllowed, RuleViolation
from base.sentences import sentence
from base.templatetags.portal import zh_day
from communities.models import Department, Division
from communities.roles import Actor, lineage
from worklists import access, departments, notifications, rules
from worklists.access import Act
from worklists.actions.items import retire_item
from worklists.kinds import Ending, Origin
from worklists.models import CompletionFiling, FilingComment, ItemVersion, WorkItem

SERIES = "completion"
DAY = timedelta(days=1)
FILED = {Ending.COMPLETED, Ending.EXITED_EARLY}


def file_completion(
    item: WorkItem, *, kind: CompletionFiling.Kind, ended_on: date, reason: str, results: str, unfinished: str,
    handover: str, by: Actor, at: datetime, seen: int | None = None,
) -> CompletionFiling:  # fmt: skip
    """The item ends with `ended_on`, its last day in force; filed by the original department or its successor.

    Only for what was admitted or confirmed: taking an item of the list off it needs an approval (A-1). `seen` is the
    version of the item. Raises NotAllowed, RuleViolation, Stale.
    """
    with acts.act():
        locked = WorkItem.objects.select_for_update(of=("self",)).select_related("owner").get(pk=item.pk)
        version = _ending_version(locked, ended_on)
        _check_may_file(version, by)
        _check_can_end(locked, version, ended_on, today=legal_day(at))
        ending = Ending(CompletionFiling.Kind(kind).value)
        if not (reason.strip() and results.strip()):
            missing = "results" if reason.strip() else "reason"
            raise RuleViolation(_("请写明原因和完成情况。"), field=missing)
        wording = rules.value(locked.owner.code, rules.Key.COMPLETION_WORDING, on=legal_day(at))
        number = numbering.next_number(locked.owner.code, SERIES, wording=wording, on=legal_day(at), at=at).text
        last = ended_on + DAY
        retired = retire_item(locked, ends_on=last, ending=ending, by=by, at=at, notice_number=number, seen=seen)
        filing = CompletionFiling.objects.create(
            item=retired, ended_version=retired.versions.known().get(in_force__endswith=last), kind=kind,
            number=number, filed_by=Department.objects.get(pk=by.unit_id or 0), filed_at=at, ended_on=ended_on,
            reason=reason, results=results, unfinished=unfinished, handover=handover, changed_at=at,
        )  # fmt: skip
        filed = gettext_noop("备案：%(ending)s，实际结束日期 %(day)s")
        says = sentence(filed, ending=ending.label, day=ended_on)
        _record(filing, "file", says=says, by=by, at=at, version=1)
        notifications.completion_filed(filing, at=at)
    return filing


def acknowledge_filing(
    filing: CompletionFiling, *, by: Actor, at: datetime, seen: int | None = None
) -> CompletionFiling:
    """收讫, once."""
    with acts.locked(filing, at=at, seen=seen) as locked:
        access.check(by, Act.ACKNOWLEDGE_FILING, locked.item.owner.code)
        if locked.acknowledged_at:
            raise RuleViolation(_("这份备案已经收讫，不用再办。"))
        locked.acknowledged_at, locked.acknowledged_by = locked.changed_at, by.label
        says = gettext_noop("收讫备案")
        _record(locked, "acknowledge", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
        notifications.completion_acknowledged(locked, at=locked.changed_at)
    return locked


def comment_filing(filing: CompletionFiling, *, text: str, by: Actor, at: datetime) -> FilingComment:
    """What a street or a community says of an item that it has carried out."""
    with acts.locked(filing, at=at) as locked:
        access.check(by, Act.COMMENT_FILING, locked.item.owner.code)
        if not was_reached(locked.ended_version, by.code):
            raise NotAllowed(_("这一事项没有在您那里施行过，不用填写意见。"))
        if not text.strip():
            raise RuleViolation(_("请写下意见。"), field="text")
        comment = FilingComment.objects.create(
            filing=locked, body=Division.objects.get(code=by.code), text=text, said_at=locked.changed_at,
            said_by=by.label,
        )  # fmt: skip
        says = gettext_noop("填写备案意见")
        _record(locked, "comment", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
    return comment


def was_reached(version: ItemVersion, code: str) -> bool:
    """Did the version reach this place, whole or in part?"""
    scope = [scope.code for scope in version.scopes.all()]
    return any(reach in lineage(code) or reach.startswith(code) for reach in scope)


def _ending_version(item: WorkItem, ended_on: date) -> ItemVersion:
    rows = list(item.versions.known().order_by("in_force"))
    found = next((row for row in rows if ended_on in row.in_force), None)
    if found is None:
        first = zh_day(rows[0].in_force.lower) if rows else _("没有施行")
        last = zh_day(rows[-1].in_force.upper - DAY) if rows and rows[-1].in_force.upper else _("今天")
        term = {"first": first, "last": last}
        raise RuleViolation(_("实际结束日期要在这一事项的施行期间里（%(first)s至%(last)s）。") % term, field="ended_on")
    return found


def _check_may_file(version: ItemVersion, by: Actor) -> None:
    if not access.speaks_for(by, version.department_id, departments.acting_for(by.unit_id)):
        raise NotAllowed(_("完成和退出由原申请单位（或者承继它的单位）备案。请联系%s。") % version.department_text)


def _check_can_end(item: WorkItem, version: ItemVersion, ended_on: date, *, today: date) -> None:
    if item.origin == Origin.LIST:
        raise RuleViolation(_("清单列入的事项要移出，须经审核委员会核准（第四条）。请提出退出申请。"))
    if ended_on > today:
        raise RuleViolation(_("实际结束日期不能晚于今天；还没有结束的，到时再备案。"), field="ended_on")
    if version.ending in FILED:
        raise RuleViolation(_("这一事项已经备案（%s），不用再办。") % version.ending_number)


def _record(filing: CompletionFiling, verb: str, *, says: str, by: Actor, at: datetime, version: int) -> None:
    owner = filing.item.owner.code
    events.record(
        f"worklists.completionfiling.{verb}", target=filing, by=by, at=at, chain=owner,
        data={"version": version, "says": says, "item": filing.item.code}, audience=[owner],
    )  # fmt: skip
