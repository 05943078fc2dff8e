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
    plan_has_eight_parts,
    plan_is_complete,
    plan_put_to_bodies,
    streets_answered_or_time_is_up,
)
from admission.conditions.listed import (
    item_still_listed,
    item_where_needed,
    undecided_or_without_object,
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

Condition = Callable[[Application, date], str | None]


class NotYet(RuleViolation):
    """A condition of the step is not met; the message lists all of them."""


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
    Step.APPROVE: (members_window_over, meeting_did_not_refuse, item_still_listed),
    Step.REJECT: (members_window_over, meeting_did_not_agree),
    Step.ISSUE_NOTICE: (item_still_listed,),
    Step.FILE: (),
    Step.WITHDRAW: (undecided_or_without_object,),
}

# Steps that fit only some cases: where they do not, they are not even mentioned.
APPLIES: dict[Step, Callable[[Application], bool]] = {
    Step.RESUBMIT: lambda application: application.accepted_at is None,
    Step.RESUBMIT_TO_SCREENING: lambda application: application.accepted_at is not None,
    Step.WITHDRAW: lambda application: undecided_or_without_object(application, date.min) is None,
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
