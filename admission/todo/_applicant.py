"""What waits for who applies: draft, endorsement, submission, correction, answers to what was said (T1-T5, T12)."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from admission import conditions
from admission.deadlines import Clock
from admission.models import AgendaItem, Application
from admission.presentation.waiting import Facts
from admission.procedure import BEFORE_DECISION, Kind, State, Step
from admission.todo._line import address, line, page, step
from base.todo import TodoLine
from communities.roles import Actor

BEFORE_APPROVAL = BEFORE_DECISION - {State.DRAFT, State.AWAITING_APPROVAL}
"""While an answer to an opinion still serves: nothing goes to the committee without it (form field 35)."""

WHOLE = (conditions.form_is_complete, conditions.plan_is_complete, conditions.milestones_within_term)
"""What form and plan need before they are handed in."""


def lines(actor: Actor, today: date) -> list[TodoLine]:
    """The applications of this unit, and the drafts that it prepares for another."""
    rows = list(
        Application.objects.visible_to(actor)
        .filter(Q(applicant_id=actor.unit_id) | Q(prepared_by_id=actor.unit_id, endorsed_at__isnull=True))
        .filter(state__in=BEFORE_DECISION)
        .select_related("applicant", "prepared_by", "office_unit")
        .prefetch_related("plans", "scope", "bases", "prior_contacts")
    )
    facts = Facts(rows, on=today)
    return [found for row in rows for found in _of_one(row, facts, actor)]


def _of_one(application: Application, facts: Facts, actor: Actor) -> Iterator[TodoLine]:
    own = application.applicant_id == actor.unit_id
    if own and application.prepared_by_id and application.endorsed_at is None:
        yield line(
            application,
            "endorse",
            what=_("%s代为起草，等您认可后才能提交") % application.prepared_by,
            button=_("看过后认可"),
            url=address("endorse", application.pk),
        )
        return
    unanswered = facts.without_response.get(application.pk, 0)
    if unanswered and application.state in BEFORE_APPROVAL:
        yield line(
            application,
            "respond_to_opinion",
            what=_("有 %s 条不同意见，等您说明采纳情况") % unanswered,
            button=_("说明采纳情况"),
            url=f"{page(application)}#opinions",
        )
    turn = TURNS.get(State(application.state))
    if turn and (found := turn(application, facts)):
        yield found


def _gap(application: Application, rules: tuple[conditions.Condition, ...], today: date) -> str | None:
    """The first of these conditions that is not met; all of them read prefetched rows only."""
    return next((said for rule in rules if (said := rule(application, today))), None)


def _item_is_missing(application: Application) -> str | None:
    if application.kind in {Kind.CHANGE, Kind.EXIT} and application.item_id is None:
        return _("变更和退出要先选定清单上的事项（指导意见第十条）。")
    return None


def _open_plan(application: Application) -> bool:
    return any(plan.frozen_at is None for plan in application.plans.all()) and not application.revision_untouched_reason


def _draft(application: Application, facts: Facts) -> TodoLine:
    rules = (conditions.names_what_and_where, conditions.plan_has_eight_parts, conditions.milestones_within_term)
    gap = _gap(application, rules, facts.on) or _item_is_missing(application)
    if gap:
        return line(application, "save_draft", what=gap, button=_("接着填"), url=_edit(application))
    return line(
        application,
        Step.OPEN_CONSULTATION,
        what=_("申请和方案可以发给街道和社区征询了"),
        button=_("发出征询"),
        url=step(application, Step.OPEN_CONSULTATION),
    )


def _pre_consultation(application: Application, facts: Facts) -> TodoLine | None:
    if application.prepared_by_id and application.endorsed_at is None:
        return None
    if _open_plan(application):
        return _ask_again(application)
    silent = facts.silent_streets.get(application.pk)
    if silent and facts.running_until(application, Clock.CONSULTATION):
        return None
    rules = (conditions.contact_made, *WHOLE)
    gap = _gap(application, rules, facts.on) or _item_is_missing(application)
    if gap:
        return line(application, "save_draft", what=gap, button=_("补齐申请表"), url=_edit(application))
    what = _("征询期满，可以提交") if silent else _("街道都已答复，可以提交")
    return line(application, Step.SUBMIT, what=what, button=_("提交申请"), url=step(application, Step.SUBMIT))


def _ask_again(application: Application) -> TodoLine:
    return line(
        application,
        "reopen_consultation",
        what=_("方案有了新的修改，等您再次征询，或者说明不涉及街道和社区"),
        button=_("再次征询"),
        url=address("reopen", application.pk),
    )


def _returned(application: Application, facts: Facts) -> TodoLine:
    clock = facts.clocks[application.pk].get(Clock.CORRECTION)
    gap = _gap(application, WHOLE, facts.on)
    if gap or _open_plan(application):
        what = gap or _("方案有了新的修改，先再次征询或者说明不涉及街道和社区")
        return line(application, "save_draft", what=what, button=_("补正"), url=_edit(application), clock=clock)
    again = Step.RESUBMIT if application.accepted_at is None else Step.RESUBMIT_TO_SCREENING
    return line(
        application,
        again,
        what=_("按补正通知改好后提交"),
        button=_("补正后提交"),
        url=step(application, again),
        clock=clock,
    )


def _coordination(application: Application, _facts: Facts) -> TodoLine | None:
    return _ask_again(application) if _open_plan(application) else None


def _heard(application: Application, facts: Facts) -> TodoLine | None:
    """After a meeting: each opinion answered, then the revised plan where the meeting wanted one."""
    left = facts.unanswered.get(application.pk, 0)
    if left:
        return line(
            application,
            "answer_meeting_opinion",
            what=_("会上有 %s 条意见等您逐条答复") % left,
            button=_("答复会议意见"),
            url=address("meeting-answer", application.pk),
        )
    heard, frozen = facts.heard[application.pk], facts.frozen.get(application.pk)
    amended = heard.conclusion == AgendaItem.Conclusion.ADMIT_AMENDED
    if application.state == State.DEFERRED or not amended or (frozen and frozen > heard.meeting.closed_at):
        return None
    if any(plan.frozen_at is None for plan in application.plans.all()):
        button, name = _("提交修改后的方案"), "revised-plan"
    else:
        button, name = _("修改方案"), "plan"
    return line(
        application,
        "attach_revised_plan",
        what=_("会议结论是修改后同意，等您提交修改后的方案"),
        button=button,
        url=address(name, application.pk),
    )


def _edit(application: Application) -> str:
    return address("edit", application.pk)


TURNS: dict[State, Callable[[Application, Facts], TodoLine | None]] = {
    State.DRAFT: _draft,
    State.PRE_CONSULTATION: _pre_consultation,
    State.RETURNED: _returned,
    State.COORDINATION: _coordination,
    State.DELIBERATED: _heard,
    State.DEFERRED: _heard,
}
