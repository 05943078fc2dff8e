"""What the list says of the item of a change or an exit (art 10), and what a notice could still bring about (T16)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from admission.models import Application
from admission.procedure import BEFORE_DECISION, FORM_OPEN, Kind, State
from base.templatetags.portal import zh_day
from worklists import departments
from worklists.kinds import ENDED_BY_AN_ACT
from worklists.models import ItemVersion, WorkItem

UNDER_WAY = (BEFORE_DECISION | {State.APPROVED}) - {State.DRAFT}
"""Put to somebody, and not yet decided and noticed."""
ABOUT_AN_ITEM = frozenset({Kind.CHANGE, Kind.EXIT})
BEYOND_CORRECTION = frozenset(
    {
        State.COORDINATION, State.MEETING_SCHEDULED, State.DELIBERATED, State.DEFERRED, State.AWAITING_APPROVAL,
        State.APPROVED,
    }
)  # fmt: skip
"""Where the form, and the term in it, is neither open nor can be returned."""


def item_where_needed(application: Application, on: date) -> str | None:
    """A change or an exit is of an item on the list, by its original department or its successor (art 10)."""
    if application.kind not in ABOUT_AN_ITEM:
        return None
    if application.item is None:
        return _("变更和退出要先选定清单上的事项（指导意见第十条）。")
    listed = last_said(application.item)
    if listed is None or (listed.in_force.upper is not None and listed.in_force.upper <= on):
        return _("所选事项已经不在清单上，不能再申请变更或退出。")
    if listed.department_id and listed.department_id not in departments.acting_for(application.applicant_id):
        return _("变更和退出由原申请部门提出（指导意见第十条），这一事项的部门是%s。") % listed.department_text
    return None


def last_said(item: WorkItem) -> ItemVersion | None:
    """What the item says last."""
    return item.versions.known().order_by("-in_force").first()


def stood(application: Application) -> ItemVersion | None:
    """What the item said before the application's own notice; None where there was nothing."""
    if application.item is None:
        return None
    rows = application.item.versions.known().order_by("-in_force")
    notice = getattr(application, "notice", None)
    return (rows.exclude(notice_number=notice.number) if notice else rows).first()


def in_force_from(application: Application, issued_on: date) -> date:
    """T16: never before the notice: the later of the planned start and the day of the notice."""
    return max(application.starts_on or issued_on, issued_on)


def without_effect(applications: Sequence[Application], on: date) -> dict[int, str]:
    """Why a notice of this day could bring nothing about, by application: one query at most. The others are left out.

    An edition or another act may have taken the item off, or its term may have run out, while the case was on its way.
    """
    about = {row.pk: row.item_id for row in applications if row.kind in ABOUT_AN_ITEM and row.item_id is not None}
    rows = ItemVersion.objects.known().filter(item__in=set(about.values()))
    last = {version.item_id: version for version in rows.order_by("item", "-in_force").distinct("item")}
    why = {
        row.pk: (_gone(last.get(about[row.pk]), row, on) if row.pk in about else "") or _run_out(row, on)
        for row in applications
    }
    return {key: said for key, said in why.items() if said}


def _gone(last: ItemVersion | None, application: Application, on: date) -> str:
    """The item has ended before the notice would change it or take it off. What ran out may still be changed anew."""
    if last is None:
        return _("所选事项后来已经移出清单，没有可以变更或退出的了")
    until, day = last.in_force.upper, in_force_from(application, on)
    if until is None or until > day:
        return ""
    if last.ending in ENDED_BY_AN_ACT:
        return _("所选事项后来已经移出清单，没有可以变更或退出的了")
    if application.kind == Kind.EXIT and until < day and application.state not in FORM_OPEN:
        return _("所选事项到 %s 已经期满，没有可以退出的了") % zh_day(until - timedelta(days=1))
    return ""


def _run_out(application: Application, on: date) -> str:
    """The term that was applied for is over before it could begin (A-24); an exit has none."""
    if application.kind == Kind.EXIT or application.state not in BEYOND_CORRECTION or application.ends_on is None:
        return ""
    if application.ends_on >= in_force_from(application, on):
        return ""
    return _("申请的期限到 %s 为止，已经过了，不能再施行") % zh_day(application.ends_on)


def others_under_way(applications: Sequence[Application]) -> dict[int, str]:
    """Which of these changes and exits have another of the same item before them: one query at most.

    A second one is asked about what the first is about to change (art 10). Who writes a draft may know the other by
    its number or name where it is theirs; else that there is one, and of whom.
    """
    about = {row.item_id: row for row in applications if row.kind in ABOUT_AN_ITEM and row.item_id is not None}
    if not about:
        return {}
    under_way = Application.objects.filter(item__in=about, state__in=UNDER_WAY, kind__in=ABOUT_AN_ITEM)
    others = list(under_way.select_related("applicant").order_by("-pk"))
    return {
        row.pk: _under_way(row, other)
        for row in applications
        for other in others
        if row.item_id == other.item_id and row.pk != other.pk and row.kind in ABOUT_AN_ITEM
    }


def _under_way(application: Application, other: Application) -> str:
    theirs = other.applicant_id == application.applicant_id
    if theirs and application.prepared_by_id in {None, other.prepared_by_id}:
        said = _("这一事项另有一件申请在办：%(which)s，现在是“%(state)s”。等它办结，或者撤回其中一件，再发出征询。")
        return said % {"which": other.number or _("《%s》") % other.title, "state": other.state_label}
    return _("%s对这一事项另有一件申请在办，等它办结再发出征询。") % other.applicant


def alone_about_its_item(application: Application, _on: date) -> str | None:
    """One change or exit of an item at a time is put to anybody (T2)."""
    return others_under_way([application]).get(application.pk)


def notice_has_effect(application: Application, on: date) -> str | None:
    """Nothing is approved or noticed that could bring nothing about: the item is gone, or the term is over (T16)."""
    why = without_effect([application], on).get(application.pk)
    return _("%s。请申请单位撤回本件。") % why if why else None


def undecided_or_without_effect(application: Application, on: date) -> str | None:
    """T18 ends with the decision, but where the notice could bring nothing about any more."""
    if application.state == State.APPROVED and not without_effect([application], on):
        return _("已经核准的，不能撤回。")
    return None
