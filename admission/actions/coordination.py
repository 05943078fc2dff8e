"""Coordination of disputed points between applicant, streets and communities (art 8(二); T9)."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission import access
from admission.actions._take import record, take
from admission.models import Application, CoordinationContact, DisputedPoint
from admission.models.consultation import LAST_WORD
from admission.procedure import State, Step
from base import acts
from base.errors import NotAllowed, RuleViolation
from base.text import in_chinese
from communities.models import Department
from communities.roles import Actor


def _coordinating(application: Application, by: Actor) -> None:
    if not access.office(by, application):
        raise NotAllowed(_("由审核委员会办公室登记协调情况。"))
    if application.state != State.COORDINATION:
        raise RuleViolation(_("本件现在是“%s”，不在沟通协调阶段。") % application.state_label)


def record_contact(
    application: Application,
    *,
    by: Actor,
    at: datetime,
    department: Department,
    held_on: date,
    summary: str,
    seen: int | None = None,
) -> CoordinationContact:
    """The office has talked to a department concerned: another one than the applicant, whose word is the application.

    `held_on`: the legal day of the talk, not in the future.
    """
    with acts.locked(application, at=at, seen=seen) as locked:
        _coordinating(locked, by)
        if department.pk == locked.applicant_id:
            raise RuleViolation(_("%s是申请单位；有关部门是申请单位以外的部门（指导意见第八条第二项）。") % department)
        if held_on > acts.legal_day(locked.changed_at):
            raise RuleViolation(_("沟通日期不能晚于今天。"))
        contact = CoordinationContact.objects.create(
            coordination=locked.coordination, department=department, held_on=held_on, summary=summary
        )
        record(locked, "record_contact", says=gettext_noop("与%s沟通") % department, by=by)
    return contact


def handle_point(
    point: DisputedPoint, *, by: Actor, at: datetime, result: str, reason: str, seen: int | None = None
) -> DisputedPoint:
    """The result of one disputed point, with its reason. 已书面撤回 and 已协商一致 need the body's written 无异议."""
    with acts.locked(point.coordination.application, at=at, seen=seen) as locked:
        _coordinating(locked, by)
        row = DisputedPoint.objects.select_for_update().get(pk=point.pk)
        if result != DisputedPoint.Result.TO_MEETING and not _confirmed_in_writing(row):
            raise RuleViolation(_("提出意见的单位还没有书面答复无异议；请先请它答复，或者提交会议审议。"))
        row.result, row.reason = result, reason
        row.handled_at, row.handled_by = locked.changed_at, by.label
        row.save()
        says = gettext_noop("争议点处理结果：%s") % in_chinese(DisputedPoint.Result(result).label)
        record(locked, "handle_point", says=says, by=by, data={"point": row.pk, "result": result})
    return row


def _confirmed_in_writing(point: DisputedPoint) -> bool:
    """The body that disputed has answered 无异议 in a later round."""
    if point.opinion is None:
        return True
    later = type(point.opinion).objects.filter(
        round__application=point.opinion.round.application, body=point.opinion.body, answered_at__isnull=False
    )
    newest = later.order_by(*LAST_WORD).first()
    return newest is not None and newest.stance == newest.Stance.NO_OBJECTION


def summarise(
    application: Application, *, by: Actor, at: datetime, summary: str, seen: int | None = None
) -> Application:
    """The course of the coordination in the office's words (form field 41)."""
    with acts.locked(application, at=at, seen=seen) as locked:
        _coordinating(locked, by)
        locked.coordination.summary = summary
        locked.coordination.save()
        record(locked, "summarise", says=gettext_noop("登记协调情况"), by=by)
    return locked


def back_to_screening(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T9, A-3: every objection was withdrawn in writing; the case may go on as simple."""
    with take(application, Step.BACK_TO_SCREENING, by=by, at=at, seen=seen) as locked:
        locked.coordination.closed_at = locked.changed_at
        locked.coordination.save()
    return locked
