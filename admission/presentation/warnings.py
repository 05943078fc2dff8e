"""What an attentive clerk would point out on top of the page: dates that are too near, special treatment and why."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from admission.presentation.case import Case
from admission.presentation.opinions import answered_for
from admission.procedure import BEFORE_DECISION, Kind, State
from admission.rules import Key
from base import acts
from base.templatetags.portal import zh_day
from worklists import rules as lists

Warns = Callable[[Case], str | None]


def too_near_the_start(case: Case) -> str | None:
    """The county asks for some working days between application and start."""
    application = case.application
    if application.kind == Kind.EXIT:  # applying ahead prepares communities for work that comes (section 11, 22)
        return None
    if application.starts_on is None or case.state not in BEFORE_DECISION or application.urgent:
        return None
    asked = acts.legal_day(application.submitted_at) if application.submitted_at else case.today
    wanted = int(case.rules.value(Key.APPLY_AHEAD_DAYS))
    days = case.calendar.left(asked, application.starts_on)
    if days >= wanted:
        return None
    said = {"start": zh_day(application.starts_on), "basis": case.rules.basis(Key.APPLY_AHEAD_DAYS), "wanted": wanted}
    if days < 0:
        return _("计划的开始日期 %(start)s 已经过了；核准以后从工作告知单下发之日起施行，不会倒签。") % said
    return _("到计划的开始日期 %(start)s 只有 %(days)s 个工作日，少于 %(wanted)s 个（%(basis)s）。") % {
        **said,
        "days": days,
    }


def decision_before_application(case: Case) -> str | None:
    """Art 9: apply before the matter is put to Party and government."""
    planned = case.application.planned_decision_on
    if planned is None or case.state not in BEFORE_DECISION:
        return None
    asked = acts.legal_day(case.application.submitted_at) if case.application.submitted_at else case.today
    if planned > asked:
        return None
    return _("拟提请党委政府决策的日期 %s 不晚于申请日期：应当在提请决策以前申请准入（指导意见第九条）。") % zh_day(
        planned
    )


def office_recused(case: Case) -> str | None:
    """A-9: who does the office's steps instead."""
    application = case.application
    if not application.office_recused:
        return None
    return _("申请单位就是办公室所在单位，办公室回避，由%(unit)s代行办公室工作（%(basis)s）。") % {
        "unit": application.office_unit,
        "basis": case.rules.basis(lists.Key.SUBSTITUTE_UNIT),
    }


def prepared_for_it(case: Case) -> str | None:
    """A street prepared it; endorsed or not yet."""
    application = case.application
    if application.prepared_by is None:
        return None
    names = {"street": application.prepared_by, "unit": application.applicant}
    if application.endorsed_at:
        return _("本件由%(street)s代%(unit)s起草，%(unit)s已经认可，由它负责。") % names
    return _("本件由%(street)s代%(unit)s起草，%(unit)s认可以后才能提交。") % names


def made_stricter(case: Case) -> str | None:
    """Why it takes the ordinary procedure although it need not."""
    reason = case.application.stricter_reason
    return _("从严适用普通程序：%s") % reason if reason else None


def untouched_revision(case: Case) -> str | None:
    """A revision that was not put to anybody again, and why."""
    reason = case.application.revision_untouched_reason
    return _("方案的修改没有再次征询，申请单位说明：%s") % reason if reason else None


def urgent(case: Case) -> str | None:
    """Urgent work came first and is confirmed afterwards."""
    return _("应急工作，事后补办确认。") if case.application.urgent else None


def withdrawn(case: Case) -> str | None:
    """Why it was taken back."""
    return _("撤回原因：%s") % case.application.withdrawn_reason if case.state is State.WITHDRAWN else None


def answered_by_its_street(case: Case) -> str | None:
    """A-4: the street has answered for this community, which may still answer for itself."""
    mine = case.mine_to_answer
    return answered_for(mine) if mine and mine.on_behalf_by_id else None


WARNINGS: tuple[Warns, ...] = (
    answered_by_its_street,
    withdrawn,
    urgent,
    office_recused,
    prepared_for_it,
    decision_before_application,
    too_near_the_start,
    made_stricter,
    untouched_revision,
)


def warnings(case: Case) -> list[str]:
    """The sentences that apply, in this order."""
    return [said for warns in WARNINGS if (said := warns(case))]
