"""What must be true before a step, each a sentence or None. `take`, `open_steps` and `why_not` read this table."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from admission.conditions.filing import (
    contact_made,
    defects_answered,
    department_endorsed,
    form_is_complete,
    milestones_within_term,
    names_what_and_where,
    no_version_under_way,
    plan_has_eight_parts,
    plan_is_complete,
    plan_put_to_bodies,
    returned_from_screening,
    streets_answered_or_time_is_up,
    term_is_ahead,
)
from admission.conditions.listed import (
    alone_about_its_item,
    item_where_needed,
    notice_has_effect,
    undecided_or_without_effect,
)
from admission.conditions.meeting import (
    heard_and_concluded,
    meeting_deferred_it,
    meeting_did_not_agree,
    meeting_did_not_refuse,
    meeting_opinions_answered,
    members_may_still_object,
    members_window_over,
    opinions_responded_to,
    revised_plan_attached,
)
from admission.conditions.review import all_agreed, departments_contacted, no_meeting_asked_for, points_handled
from admission.models import Application
from admission.procedure import ORDINARY_ONLY, Procedure, State, Step
from base.errors import RuleViolation
from base.text import in_a_row

Condition = Callable[[Application, date], str | None]


class NotYet(RuleViolation):
    """A condition of the step is not met; the message lists all of them."""


FILLED_IN: tuple[Condition, ...] = (names_what_and_where, plan_has_eight_parts, milestones_within_term)
"""What has to be written before anybody is asked (T2), and before a department makes a street's draft its own (A-7)."""

CONDITIONS: dict[Step, tuple[Condition, ...]] = {
    Step.OPEN_CONSULTATION: (
        *FILLED_IN,
        item_where_needed,
        alone_about_its_item,
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
        term_is_ahead,
    ),
    Step.RETURN: (),
    Step.RESUBMIT: (plan_put_to_bodies, defects_answered, term_is_ahead),
    Step.ACCEPT: (),
    Step.BEGIN_SCREENING: (),
    Step.RETURN_FROM_SCREENING: (),
    Step.RESUBMIT_TO_SCREENING: (plan_put_to_bodies, defects_answered, term_is_ahead),
    Step.PROPOSE_SIMPLE: (all_agreed, no_meeting_asked_for),
    Step.BEGIN_COORDINATION: (),
    Step.BACK_TO_SCREENING: (all_agreed, no_meeting_asked_for, no_version_under_way),
    Step.SCHEDULE_MEETING: (departments_contacted, points_handled, no_version_under_way),
    Step.CLOSE_DELIBERATION: (heard_and_concluded,),
    Step.DEFER: (meeting_deferred_it,),
    Step.TAKE_OFF_AGENDA: (),
    Step.REQUEST_APPROVAL: (
        opinions_responded_to,
        meeting_opinions_answered,
        revised_plan_attached,
        no_version_under_way,
    ),
    Step.REQUEST_MEETING: (members_may_still_object,),
    Step.SEND_BACK_TO_MEETING: (),
    Step.APPROVE: (members_window_over, meeting_did_not_refuse, notice_has_effect),
    Step.REJECT: (members_window_over, meeting_did_not_agree),
    Step.ISSUE_NOTICE: (notice_has_effect,),
    Step.FILE: (),
    Step.WITHDRAW: (undecided_or_without_effect,),
}

OF_THE_PLAN: frozenset[Condition] = frozenset({plan_has_eight_parts, plan_is_complete, milestones_within_term})
"""What the plan itself has to hold."""

# Steps that fit only some cases: where they do not, they are not even mentioned.
APPLIES: dict[Step, Callable[[Application, date], bool]] = {
    Step.RESUBMIT: lambda application, _on: not returned_from_screening([application]),
    Step.RESUBMIT_TO_SCREENING: lambda application, _on: bool(returned_from_screening([application])),
    Step.WITHDRAW: lambda application, on: undecided_or_without_effect(application, on) is None,
    Step.REQUEST_MEETING: lambda application, _on: application.procedure == Procedure.SIMPLE,
    Step.SEND_BACK_TO_MEETING: lambda application, _on: application.procedure == Procedure.ORDINARY,
    Step.DEFER: lambda application, on: not meeting_deferred_it(application, on),
    Step.REQUEST_APPROVAL: lambda application, on: bool(meeting_deferred_it(application, on)),
}


def applies(step: Step, application: Application, on: date) -> bool:
    """Does this step fit the case at all (its procedure, where it was returned from)?"""
    if step in ORDINARY_ONLY and application.procedure != Procedure.ORDINARY:
        return False
    fits = APPLIES.get(step)
    if step in {Step.DEFER, Step.REQUEST_APPROVAL} and application.state != State.DELIBERATED:
        return False
    return fits is None or fits(application, on)


def missing(step: Step, application: Application, on: date) -> list[str]:
    """Everything that stands in the way of a step on this day, a sentence each."""
    return [said for condition in CONDITIONS[step] if (said := condition(application, on))]


def not_endorsable(application: Application, on: date) -> list[str]:
    """What a street has still to write before the department may take its draft over; reads prefetched rows only."""
    return [said for condition in FILLED_IN if (said := condition(application, on))]


def check(step: Step, application: Application, on: date) -> None:
    """Raises NotYet with all that is missing, at once."""
    if not applies(step, application, on):
        raise NotYet(_("这一步不适用于本件。"))
    if gaps := missing(step, application, on):
        raise NotYet(in_a_row(gaps))
