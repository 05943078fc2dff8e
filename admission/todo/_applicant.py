"""What waits for who applies: draft, endorsement, submission, correction, answers to what was said (T1-T5, T12)."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from admission import conditions
from admission.deadlines import Clock
from admission.models import AgendaItem, Application
from admission.presentation.facts import Facts
from admission.procedure import BEFORE_DECISION, State, Step
from admission.todo._line import address, line, page, step
from base.todo import TodoLine
from communities.roles import Actor

BEFORE_APPROVAL = BEFORE_DECISION - {State.DRAFT, State.AWAITING_APPROVAL}
"""While an answer to an opinion still serves: nothing goes to the committee without it (form field 35)."""

WHOLE = (
    conditions.contact_made, conditions.form_is_complete, conditions.plan_is_complete,
    conditions.milestones_within_term, conditions.term_is_ahead,
)  # fmt: skip
"""What form and plan need before they are handed in, for the first time or again."""


def lines(actor: Actor, today: date) -> list[TodoLine]:
    """The applications of this unit, and the drafts that it prepares for another."""
    rows = list(
        Application.objects.visible_to(actor)
        .filter(Q(applicant_id__in=actor.units) | Q(prepared_by_id__in=actor.units, endorsed_at__isnull=True))
        .filter(state__in=BEFORE_DECISION | {State.APPROVED})
        .select_related("applicant", "prepared_by", "office_unit")
        .prefetch_related("plans", "scope", "bases", "prior_contacts")
    )
    facts = Facts(rows, on=today)
    return [found for row in rows for found in _of_one(row, facts, actor)]


def _of_one(application: Application, facts: Facts, actor: Actor) -> Iterator[TodoLine]:
    own = application.applicant_id in actor.units
    if own and application.awaits_endorsement:
        if conditions.not_endorsable(application, facts.on):
            return
        yield line(
            application,
            "endorse",
            what=_("%s代为起草，等您认可后才能提交") % application.prepared_by,
            button=_("看过后认可"),
            url=address("endorse", application.pk),
        )
        return
    if why := facts.without_effect.get(application.pk, ""):
        yield _withdraw(application, why)
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


def _withdraw(application: Application, why: str) -> TodoLine:
    """Its item has left the list since, or its term is over: whatever else waits would be done in vain."""
    return line(
        application,
        Step.WITHDRAW,
        what=_("%s，等您撤回本件") % why,
        button=_("撤回"),
        url=step(application, Step.WITHDRAW),
    )


def _gap(application: Application, rules: tuple[conditions.Condition, ...], today: date) -> str | None:
    """The first of these conditions that is not met; all of them read prefetched rows only."""
    return next((said for rule in rules if (said := rule(application, today))), None)


def _open_plan(application: Application) -> bool:
    return any(plan.frozen_at is None for plan in application.plans.all()) and not application.revision_untouched_reason


def _draft(application: Application, facts: Facts) -> TodoLine:
    if gap := _gap(application, conditions.FILLED_IN, facts.on):
        return line(application, "save_draft", what=gap, button=_("接着填"), url=_edit(application))
    if other := facts.beside.get(application.pk):
        return line(application, "save_draft", what=other, button=_("看草稿"), url=page(application))
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
    silent = facts.silent_bodies.get(application.pk)
    if silent and facts.running_until(application, Clock.CONSULTATION):
        return None
    if gap := _gap(application, WHOLE, facts.on):
        return line(application, "save_draft", what=gap, button=_("补齐申请表"), url=_edit(application))
    all_said = _("街道都已答复，可以提交") if application.pk in facts.with_streets else _("社区都已答复，可以提交")
    what = _("征询期满，可以提交") if silent else all_said
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
    again = Step.RESUBMIT_TO_SCREENING if application.pk in facts.from_screening else Step.RESUBMIT
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
    if application.pk in facts.revising:
        return _revise(application, _("方案改了还没有提交，提交以后才能往下办"), _("提交修改后的方案"), "revised-plan")
    heard, frozen = facts.heard[application.pk], facts.frozen.get(application.pk)
    amended = heard.conclusion == AgendaItem.Conclusion.ADMIT_AMENDED
    if application.state == State.DEFERRED or not amended or (frozen and frozen > heard.meeting.closed_at):
        return None
    return _revise(application, _("会议结论是修改后同意，等您提交修改后的方案"), _("修改方案"), "plan")


def _revise(application: Application, what: str, button: str, name: str) -> TodoLine:
    return line(application, "attach_revised_plan", what=what, button=button, url=address(name, application.pk))


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
