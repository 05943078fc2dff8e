"""What becomes of the report of unapproved work behind a late confirmation (art 9; T21), its application locked."""

from django.utils.translation import gettext_noop

from admission.models import Application
from admission.procedure import CLOSED
from communities.roles import Actor
from worklists import departments
from worklists.models import UnapprovedReport, WorkItem
from worklists.receiving import actions as receiving

REFUSED = gettext_noop("确认申请不予确认：%s")
WITHDRAWN = gettext_noop("确认申请已撤回：%s")


def still_open(earlier: Application | None) -> UnapprovedReport | None:
    """The report behind a refused application that is made again (A-23), unless it was settled, or passed on to another
    department, meanwhile."""
    report = earlier.report if earlier else None
    if earlier is None or report is None or report.closed_at is not None:
        return None
    return report if report.department_id in departments.acting_for(earlier.applicant_id) else None


def settle(application: Application, *, item: WorkItem, notice_number: str, by: Actor) -> None:
    """The notice is out: the report is closed with its number."""
    if report := _applying(application):
        receiving.close_as_confirmed(report, item=item, notice_number=notice_number, by=by, at=application.changed_at)


def give_back(application: Application, *, why: str, by: Actor) -> None:
    """Refused or withdrawn: the office has the report again, unless another application about it is still open."""
    if (report := _applying(application)) and not _others_open(application):
        receiving.hand_back(report, why=why, by=by, at=application.changed_at)


def _applying(application: Application) -> UnapprovedReport | None:
    """The report, locked, if it waits for this: the department may have stopped the work meanwhile."""
    if application.report_id is None:
        return None
    rows = UnapprovedReport.objects.select_for_update().filter(pk=application.report_id)
    return rows.filter(state=UnapprovedReport.State.APPLYING).first()


def _others_open(application: Application) -> bool:
    others = Application.objects.filter(report=application.report_id).exclude(pk=application.pk)
    return others.exclude(state__in=CLOSED).exists()
