"""What the list must say of the item that a change or an exit is about (art 10)."""

from datetime import date

from django.utils.translation import gettext as _

from admission.models import Application
from admission.procedure import Kind, State
from worklists import departments
from worklists.kinds import ENDED_BY_AN_ACT
from worklists.models import ItemVersion


def item_where_needed(application: Application, on: date) -> str | None:
    """A change or an exit is of an item on the list, by its original department or its successor (art 10)."""
    if application.kind not in {Kind.CHANGE, Kind.EXIT}:
        return None
    if application.item is None:
        return _("变更和退出要先选定清单上的事项（指导意见第十条）。")
    listed = last_said(application)
    if listed is None or (listed.in_force.upper is not None and listed.in_force.upper <= on):
        return _("所选事项已经不在清单上，不能再申请变更或退出。")
    if listed.department_id and listed.department_id not in departments.acting_for(application.applicant_id):
        return _("变更和退出由原申请部门提出（指导意见第十条），这一事项的部门是%s。") % listed.department_text
    return None


def last_said(application: Application) -> ItemVersion | None:
    """What the item says last; None where there is no item."""
    rows = ItemVersion.objects.known().filter(item=application.item_id)
    return rows.order_by("-in_force").first() if application.item_id else None


def left_the_list(application: Application) -> bool:
    """Did an edition or another act end the item before the planned day, so that nothing is left to change?"""
    last = last_said(application)
    if last is None:
        return application.item_id is not None
    until = last.in_force.upper if last.ending in ENDED_BY_AN_ACT else None
    return until is not None and (application.starts_on is None or until <= application.starts_on)


def item_still_listed(application: Application, _on: date) -> str | None:
    """An edition may have dropped the item since the application was filed."""
    if application.kind in {Kind.CHANGE, Kind.EXIT} and left_the_list(application):
        return _("所选事项后来已经移出清单，没有可以变更或退出的了。请申请单位撤回本件。")
    return None


def undecided_or_without_object(application: Application, _on: date) -> str | None:
    """T18 ends with the decision, but where nothing is left that the notice could change."""
    if application.state == State.APPROVED and not left_the_list(application):
        return _("已经核准的，不能撤回。")
    return None
