"""What must be true before a step, each a sentence or None. `take`, `open_steps` and `why_not` read this table."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from admission import requirements
from admission.deadlines import Clock
from admission.models import AgendaItem, Application, DisputedPoint, MeetingOpinion, Opinion
from admission.procedure import ORDINARY_ONLY, Kind, Procedure, State, Step
from base.errors import RuleViolation
from base.templatetags.portal import zh_month_day
from worklists import departments

Condition = Callable[[Application, date], str | None]


class NotYet(RuleViolation):
    """A condition of the step is not met; the message lists all of them."""


# --- before consultation and submission


def plan_has_eight_parts(application: Application, _on: date) -> str | None:
    """Art 6: requirements, division, process, milestones; people, money, training, guidance."""
    gaps = requirements.plan_gaps(application, requirements.for_consultation(application))
    return _("实施方案还缺：%s（指导意见第六条）。") % _("、").join(gaps) if gaps else None


def names_what_and_where(application: Application, _on: date) -> str | None:
    """Nobody can be asked about a thing without a name or a place."""
    gaps = [*requirements.title_gaps(application), *requirements.scope_gaps(application)]
    return _("还缺：%s。") % _("、").join(gaps) if gaps else None


def item_where_needed(application: Application, on: date) -> str | None:
    """A change or an exit is of an item on the list, by its original department or its successor (art 10)."""
    if application.kind not in {Kind.CHANGE, Kind.EXIT}:
        return None
    if application.item is None:
        return _("变更和退出要先选定清单上的事项（指导意见第十条）。")
    listed = application.item.versions.known().order_by("-in_force").first()
    if listed is None or (listed.in_force.upper is not None and listed.in_force.upper <= on):
        return _("所选事项已经不在清单上，不能再申请变更或退出。")
    if listed.department_id and listed.department_id not in departments.acting_for(application.applicant_id):
        return _("变更和退出由原申请部门提出（指导意见第十条），这一事项的部门是%s。") % listed.department_text
    return None


def form_is_complete(application: Application, _on: date) -> str | None:
    """Every field marked R in the rulebook's section 11; PR-1 guarantees among them."""
    gaps = requirements.form_gaps(application)
    return _("申请表还缺：%s。") % _("、").join(gaps) if gaps else None


def plan_is_complete(application: Application, _on: date) -> str | None:
    """All parts of the plan that art 2 and art 6 name."""
    gaps = requirements.plan_gaps(application, requirements.for_submission(application))
    return _("实施方案还缺：%s（指导意见第二条、第六条）。") % _("、").join(gaps) if gaps else None


def milestones_within_term(application: Application, _on: date) -> str | None:
    """The milestones lie between the first and the last day of the work (art 6; A-24)."""
    gaps = requirements.milestone_gaps(application)
    return _("时间节点要在起止日期之内（指导意见第六条）：%s。") % _("；").join(gaps) if gaps else None


def contact_made(application: Application, on: date) -> str | None:
    """Art 6: prior communication with the committee office."""
    if any(contact.held_on <= on for contact in application.prior_contacts.all()):
        return None
    return _("提交前要与审核委员会办公室沟通并记录（指导意见第六条）。")


def department_endorsed(application: Application, _on: date) -> str | None:
    """A street's draft on behalf of a department is submitted only after the department endorsed it."""
    if application.prepared_by_id and application.endorsed_at is None:
        return _("街道代办的申请，要等申请单位认可后才能提交。")
    return None


def streets_answered_or_time_is_up(application: Application, on: date) -> str | None:
    """T3: every target street has answered, or its reply time has run out (silence is recorded, never agreement)."""
    silent = [
        opinion.body.name
        for opinion in Opinion.objects.current(application).select_related("body")
        if opinion.answered_at is None and opinion.body.kind in requirements.STREET_KINDS
    ]
    clock = application.deadlines.filter(clock=Clock.CONSULTATION).order_by("-pk").first()
    if not silent or clock is None or (clock.due_on is not None and clock.due_on < on):
        return None
    return _("还差 %(count)s 个街道（镇）的意见：%(names)s。全部答复，或者 %(day)s 期满以后，才能提交。") % {
        "count": len(silent),
        "names": _("、").join(silent),
        "day": zh_month_day(clock.due_on),
    }


def plan_put_to_bodies(application: Application, _on: date) -> str | None:
    """A version under way, of the plan or of what the form says to the bodies, is put to them or declared untouched."""
    if application.plans.filter(frozen_at__isnull=True).exists() and not application.revision_untouched_reason:
        return _("征询以后又改了申请表或者方案：请重新发出征询，或者说明修改不涉及街道和社区的工作。")
    return None


def defects_answered(application: Application, on: date) -> str | None:
    """T5: what the office asked for has been mended; the form and plan are whole."""
    rules = (form_is_complete, plan_is_complete, milestones_within_term)
    return next((said for rule in rules if (said := rule(application, on))), None)


# --- screening and coordination


def all_agreed(application: Application, on: date) -> str | None:
    """T8s, T9: every addressed street and community answered 无异议 (art 7; silence is not agreement, A-4)."""
    counts = requirements.standing_counts(application, on)
    if counts.only_agreement:
        return None
    return _(
        "简易程序要求全部无异议（指导意见第七条），现在有异议 %(objection)s 个、有条件同意 %(conditional)s 个、"
        "未答复 %(silent)s 个。"
    ) % {"objection": counts.objection, "conditional": counts.conditional, "silent": counts.silent}


def no_meeting_asked_for(application: Application, _on: date) -> str | None:
    """What the office or a member made stricter does not become simple again (A-2)."""
    if application.stricter_reason:
        return _("本件已决定适用普通程序：%s") % application.stricter_reason
    return None


def departments_contacted(application: Application, _on: date) -> str | None:
    """Art 8(二): the office has talked to the departments concerned; the applicant itself is none of them."""
    if application.coordination.contacts.with_others().exists():
        return None
    return _("还没有登记与有关部门沟通的情况（指导意见第八条第二项）。")


def points_handled(application: Application, _on: date) -> str | None:
    """T10: each disputed point has a result and its reason."""
    left = DisputedPoint.objects.filter(coordination__application=application, handled_at__isnull=True).count()
    return _("还有 %s 个争议点没有处理结果。登记后就可以办。") % left if left else None


# --- meeting and decision


def newest_agenda_item(application: Application) -> AgendaItem | None:
    """The last time it was put before a meeting."""
    return application.agenda_items.select_related("meeting").order_by("-pk").first()


def heard_and_concluded(application: Application, _on: date) -> str | None:
    """T11: the applicant's report was given and the chair concluded."""
    heard = newest_agenda_item(application)
    if heard is None or not heard.report or not heard.conclusion:
        return _("“%s”还没有写专题汇报和会议结论。") % application
    return None


def meeting_deferred_it(application: Application, _on: date) -> str | None:
    """T13: the chair concluded to defer."""
    heard = newest_agenda_item(application)
    return None if heard and heard.conclusion == AgendaItem.Conclusion.DEFER else _("会议没有作出暂缓的结论。")


def meeting_opinions_answered(application: Application, _on: date) -> str | None:
    """T12, A-33: each meeting opinion is answered: adopted, partly, or not, with the reason."""
    left = MeetingOpinion.objects.filter(agenda_item__application=application, answered_at__isnull=True).count()
    return _("会议意见还有 %s 条没有答复，由申请单位逐条答复（指导意见第八条第三项）。") % left if left else None


def opinions_responded_to(application: Application, _on: date) -> str | None:
    """Field 35, art 8(三): each condition and objection of the consultation has the applicant's word on it (A-33)."""
    left = Opinion.objects.to_respond([application]).count()
    return _("征询中的不同意见还有 %s 条没有说明采纳情况，由申请单位逐条说明。") % left if left else None


def revised_plan_attached(application: Application, _on: date) -> str | None:
    """T12: where the meeting agreed subject to changes, a plan version newer than the meeting is on file."""
    heard = newest_agenda_item(application)
    if heard is None or heard.conclusion != AgendaItem.Conclusion.ADMIT_AMENDED:
        return None
    if application.plans.filter(frozen_at__gt=heard.meeting.closed_at).exists():
        return None
    return _("会议结论是修改后同意，申请单位还没有提交修改后的方案。")


def members_may_still_object(application: Application, on: date) -> str | None:
    """A-2: members may ask for a meeting within the window only."""
    clock = application.deadlines.filter(clock=Clock.MEMBER_OBJECTION, stopped_on__isnull=True).first()
    if clock and clock.due_on and on <= clock.due_on:
        return None
    return _("成员单位要求开会的期限已经过了。")


def members_window_over(application: Application, on: date) -> str | None:
    """A-2: a simple case is decided after the members' window."""
    clock = application.deadlines.filter(clock=Clock.MEMBER_OBJECTION, stopped_on__isnull=True).first()
    if clock is None or clock.due_on is None or on > clock.due_on:
        return None
    return _("成员单位可以在 %s 前要求开会，期满以后才能核准。") % zh_month_day(clock.due_on)


def _against(application: Application, conclusions: set[str]) -> bool:
    heard = newest_agenda_item(application)
    return heard is not None and heard.conclusion in conclusions


def meeting_did_not_refuse(application: Application, _on: date) -> str | None:
    """A-34: the chair's conclusion binds; it can only be sent back to a meeting."""
    if application.procedure == Procedure.ORDINARY and _against(application, {AgendaItem.Conclusion.REFUSE}):
        return _("会议结论是不同意，不能准予；如有不同看法，请退回会议再议。")
    return None


def meeting_did_not_agree(application: Application, _on: date) -> str | None:
    """A-34, the other way round."""
    agreed = {AgendaItem.Conclusion.ADMIT, AgendaItem.Conclusion.ADMIT_AMENDED}
    if application.procedure == Procedure.ORDINARY and _against(application, {str(one) for one in agreed}):
        return _("会议结论是同意，不能不予；如有不同看法，请退回会议再议。")
    return None


CONDITIONS: dict[Step, tuple[Condition, ...]] = {
    Step.OPEN_CONSULTATION: (
        names_what_and_where,
        item_where_needed,
        plan_has_eight_parts,
        milestones_within_term,
    ),
    Step.SUBMIT: (
        department_endorsed,
        contact_made,
        streets_answered_or_time_is_up,
        plan_put_to_bodies,
        item_where_needed,
        form_is_complete,
        plan_is_complete,
        milestones_within_term,
    ),
    Step.RETURN: (),
    Step.RESUBMIT: (plan_put_to_bodies, defects_answered),
    Step.ACCEPT: (),
    Step.BEGIN_SCREENING: (),
    Step.RETURN_FROM_SCREENING: (),
    Step.RESUBMIT_TO_SCREENING: (plan_put_to_bodies, defects_answered),
    Step.PROPOSE_SIMPLE: (all_agreed, no_meeting_asked_for),
    Step.BEGIN_COORDINATION: (),
    Step.BACK_TO_SCREENING: (all_agreed, no_meeting_asked_for),
    Step.SCHEDULE_MEETING: (departments_contacted, points_handled),
    Step.CLOSE_DELIBERATION: (heard_and_concluded,),
    Step.DEFER: (meeting_deferred_it,),
    Step.TAKE_OFF_AGENDA: (),
    Step.REQUEST_APPROVAL: (opinions_responded_to, meeting_opinions_answered, revised_plan_attached),
    Step.REQUEST_MEETING: (members_may_still_object,),
    Step.SEND_BACK_TO_MEETING: (),
    Step.APPROVE: (members_window_over, meeting_did_not_refuse),
    Step.REJECT: (members_window_over, meeting_did_not_agree),
    Step.ISSUE_NOTICE: (),
    Step.FILE: (),
    Step.WITHDRAW: (),
}

# Steps that fit only some cases: where they do not, they are not even mentioned.
APPLIES: dict[Step, Callable[[Application], bool]] = {
    Step.RESUBMIT: lambda application: application.accepted_at is None,
    Step.RESUBMIT_TO_SCREENING: lambda application: application.accepted_at is not None,
    Step.REQUEST_MEETING: lambda application: application.procedure == Procedure.SIMPLE,
    Step.SEND_BACK_TO_MEETING: lambda application: application.procedure == Procedure.ORDINARY,
    Step.DEFER: lambda application: not meeting_deferred_it(application, date.min),
    Step.REQUEST_APPROVAL: lambda application: bool(meeting_deferred_it(application, date.min)),
}


def applies(step: Step, application: Application) -> bool:
    """Does this step fit the case at all (its procedure, where it was returned from)?"""
    if step in ORDINARY_ONLY and application.procedure != Procedure.ORDINARY:
        return False
    fits = APPLIES.get(step)
    if step in {Step.DEFER, Step.REQUEST_APPROVAL} and application.state != State.DELIBERATED:
        return False
    return fits is None or fits(application)


def missing(step: Step, application: Application, on: date) -> list[str]:
    """Everything that stands in the way of a step on this day, a sentence each."""
    return [said for condition in CONDITIONS[step] if (said := condition(application, on))]


def check(step: Step, application: Application, on: date) -> None:
    """Raises NotYet with all that is missing, at once."""
    if not applies(step, application):
        raise NotYet(_("这一步不适用于本件。"))
    if gaps := missing(step, application, on):
        raise NotYet(" ".join(gaps))
