"""A draft is begun: by whom, for whom, of what (S2-P4 art 5, 9, 10; T1)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission.actions import _prefill, _report
from admission.actions._take import record
from admission.actions.committee import office_for
from admission.conditions.listed import ABOUT_AN_ITEM
from admission.models import Application, ImplementationPlan
from admission.procedure import Kind
from admission.rules import CountyRules, Key
from base import acts
from base.errors import NotAllowed, RuleViolation
from communities.models import Department, Division
from communities.roles import COUNTY, Actor, Role
from worklists.kinds import SubjectType
from worklists.models import UnapprovedReport, WorkItem
from worklists.receiving import actions as receiving


def draft_application(
    *,
    by: Actor,
    at: datetime,
    kind: Kind,
    applicant: Department | None = None,
    item: WorkItem | None = None,
    report: UnapprovedReport | None = None,
    earlier: Application | None = None,
    subject_type: str = SubjectType.WORK_ITEM,
) -> Application:
    """T1 (art 5, A-7): a department for itself, a street for itself, or a street on behalf of a department.

    `applicant` is given only by a street that prepares for a department; `subject_type` counts where neither item,
    report nor earlier application says it. Raises NotAllowed for who may not file, RuleViolation for an item that
    does not go with the kind.
    """
    own = _own_unit(by)
    unit = applicant or own
    if by.role is Role.APPLICANT and unit != own:
        raise NotAllowed(_("部门只能为本单位提出申请。"))
    county = Division.objects.get(code=by.code[:COUNTY])
    if unit.division_id != county.pk:
        raise NotAllowed(_("只能为本区县的部门起草申请。"))
    rules = CountyRules(county.code, acts.legal_day(at))
    if unit.kind == Department.Kind.STREET_OFFICE and not rules.value(Key.STREET_MAY_APPLY):
        raise NotAllowed(_("本区县规定街道不能自己提出申请，可以代部门起草，由部门认可后提交。"))
    about = earlier.item if earlier else item
    _must_fit(kind, about)
    host, recused = office_for(unit, county, on=acts.legal_day(at))
    report = report or _report.still_open(earlier)
    with acts.act():
        application = Application.objects.create(
            county=county,
            kind=kind,
            applicant=unit,
            prepared_by=own if unit != own else None,
            office_unit=host,
            office_recused=recused,
            item=about,
            report=report,
            earlier=earlier,
            subject_type=subject_type,
            urgent=bool(report and report.urgent),
            created_at=at,
            changed_at=at,
        )
        known = _prefill.fill(application, preparing=own, by=by)
        ImplementationPlan.objects.create(application=application, number=1, **known)
        record(application, "draft", says=gettext_noop("起草申请"), by=by)
        if report is not None:  # art 9: who did not apply, but needs it done, asks for confirmation
            answer = gettext_noop("已起草确认申请。")
            receiving.answer_report(report, state=UnapprovedReport.State.APPLYING, answer=answer, by=by, at=at)
    return application


def _own_unit(by: Actor) -> Department:
    if by.role not in {Role.APPLICANT, Role.STREET} or by.unit_id is None:
        raise NotAllowed(_("只有部门和街道（乡镇）可以提出申请（指导意见第五条）。"))
    return Department.objects.get(pk=by.unit_id)


def _must_fit(kind: Kind, item: WorkItem | None) -> None:
    """A change or an exit is of an item on the list (art 10); what enters has none yet (art 4, 9)."""
    if kind in ABOUT_AN_ITEM:
        if item is None:
            raise RuleViolation(_("变更和退出要先选定清单上的事项（指导意见第十条）。"))
    elif item is not None:
        raise RuleViolation(_("这一事项清单上已有，不用再申请准入或者确认；情况变了的，请申请变更（指导意见第十条）。"))
