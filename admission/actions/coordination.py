"""Coordination of disputed points between applicant, streets and communities (art 8(二); T9)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission import access, notifications, requirements
from admission.actions._take import record, take
from admission.models import Application, ConsultationRound, CoordinationContact, DisputedPoint, Opinion
from admission.models.consultation import LAST_WORD
from admission.procedure import State, Step
from base import acts
from base.errors import NotAllowed, RuleViolation
from base.sentences import sentence
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
            raise RuleViolation(
                _("%s是申请单位；有关部门是申请单位以外的部门（指导意见第八条第二项）。") % department,
                field="department",
            )
        if held_on > acts.legal_day(locked.changed_at):
            raise RuleViolation(_("沟通日期不能晚于今天。"), field="held_on")
        contact = CoordinationContact.objects.create(
            coordination=locked.coordination, department=department, held_on=held_on, summary=summary
        )
        record(locked, "record_contact", says=sentence(gettext_noop("与%(unit)s沟通"), unit=department), by=by)
    return contact


def handle_point(
    point: DisputedPoint, *, by: Actor, at: datetime, result: str, reason: str, seen: int | None = None
) -> DisputedPoint:
    """The result of one disputed point, with its reason. 已书面撤回 and 已协商一致 need the body's written 无异议."""
    with acts.locked(point.coordination.application, at=at, seen=seen) as locked:
        _coordinating(locked, by)
        row = DisputedPoint.objects.select_for_update().get(pk=point.pk)
        if result != DisputedPoint.Result.TO_MEETING and not _confirmed_in_writing(row):
            raise RuleViolation(
                _("提出意见的单位还没有书面答复无异议；请先请它书面撤回异议，或者提交会议审议。"), field="result"
            )
        row.result, row.reason = result, reason
        row.handled_at, row.handled_by = locked.changed_at, by.label
        row.save()
        says = sentence(gettext_noop("争议点处理结果：%(result)s"), result=DisputedPoint.Result(result).label)
        record(locked, "handle_point", says=says, by=by, data={"point": row.pk, "result": result})
    return row


def _confirmed_in_writing(point: DisputedPoint) -> bool:
    """The body that disputed has answered 无异议 in a later round, or withdrawn what it said."""
    if point.opinion is None:
        return True
    later = type(point.opinion).objects.filter(
        round__application=point.opinion.round.application, body=point.opinion.body, answered_at__isnull=False
    )
    newest = later.order_by(*LAST_WORD).first()
    return newest is not None and newest.stance == newest.Stance.NO_OBJECTION


def withdraw_objection(opinion: Opinion, *, by: Actor, at: datetime, reason: str, seen: int | None = None) -> Opinion:
    """A-3, T9: who objected, or set a condition, insists no more: a new written answer 无异议, the old one stays.

    It is about the plan as it was last put to anybody. Nobody is asked, so no clock starts. What a street said for
    communities as well it takes back for them too.
    """
    with acts.locked(opinion.round.application, at=at, seen=seen) as locked:
        row = Opinion.objects.select_related("body", "round__application").get(pk=opinion.pk)
        if not access.asked(by, row):
            raise NotAllowed(_("只能由提出意见的街道、社区自己撤回。"))
        if said := why_not_withdrawn(row):
            raise RuleViolation(said)
        if not reason.strip():
            raise RuleViolation(_("撤回异议要写明原因。"))
        echoes = list(Opinion.objects.echoing(row).select_related("body"))
        answers = _no_objection(locked, row, echoes, reason=reason, by=by)
        says = sentence(
            gettext_noop("%(body)s书面撤回异议%(also)s：%(reason)s"),
            body=row.body.name,
            also=sentence(gettext_noop("（连同 %(count)s 个社区）"), count=len(echoes)) if echoes else "",
            reason=reason,
        )
        record(
            locked,
            "withdraw_objection",
            says=says,
            by=by,
            data={"body": row.body.code, "round": answers[0].round.number},
        )
        notifications.tell(
            locked,
            kind="admission.withdraw_objection",
            title=sentence(gettext_noop("%(title)s：%(body)s书面撤回异议"), title=locked, body=row.body.name),
            body=reason,
            to=[*notifications.applicant(locked), *notifications.the_office(locked)],
            dedupe=f"withdraw_objection:{row.pk}",
            at=locked.changed_at,
        )
        notifications.answered_for(answers[1:], at=locked.changed_at)
    return answers[0]


def why_not_withdrawn(opinion: Opinion) -> str:
    """Why this answer cannot be withdrawn now; empty where it can."""
    application = opinion.round.application
    if application.state != State.COORDINATION:
        return _("本件现在是“%s”，不在沟通协调阶段。") % application.state_label
    if opinion.stance not in {Opinion.Stance.CONDITIONAL, Opinion.Stance.OBJECTION}:
        return _("只有有条件同意和有异议的答复可以撤回。")
    if opinion.on_behalf_by is not None:
        return _("这条意见由%s代答；本社区不同意的，可以自己答复。") % opinion.on_behalf_by
    if not Opinion.objects.withdrawable_by(opinion.body.code).filter(pk=opinion.pk).exists():
        return _("本单位后来又有新的征询或者答复，请看最新的一轮。")
    return ""


def _no_objection(
    application: Application, withdrawn: Opinion, echoes: Sequence[Opinion], *, reason: str, by: Actor
) -> list[Opinion]:
    """A round that is answered as it is opened: the body's own answer first, then what it says for its communities."""
    opened = ConsultationRound.objects.create(
        application=application,
        number=application.rounds.count() + 1,
        plan=requirements.fixed_plan(application),
        opened_at=application.changed_at,
        due_on=acts.legal_day(application.changed_at),
        whole=False,
    )
    said = {"round": opened, "stance": Opinion.Stance.NO_OBJECTION, "points": reason}
    said |= {"answered_at": application.changed_at, "answered_by": by.label}
    own = Opinion(body=withdrawn.body, **said)
    others = [Opinion(body=row.body, on_behalf_by=withdrawn.body, **said) for row in echoes]
    return Opinion.objects.bulk_create([own, *others])


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
