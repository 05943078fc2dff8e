"""What this person can do now, as buttons, and what they cannot do yet, with what stands in the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from admission import access, conditions
from admission.presentation.case import Case
from admission.presentation.offers import BACK, FORWARD, Button, offers, waits_for_endorsement
from admission.procedure import TRANSITIONS, Kind, State, Step, state_label
from base.text import in_a_row
from communities.roles import APPLICANTS, DECIDERS, MEMBERS, Role

LEAVE = 90
RANKS: dict[Step, int] = {
    Step.BEGIN_COORDINATION: FORWARD + 1,
    Step.BACK_TO_SCREENING: FORWARD + 5,
    Step.REJECT: FORWARD + 6,
    Step.SEND_BACK_TO_MEETING: BACK,
    Step.REQUEST_MEETING: BACK,
    Step.RETURN: BACK,
    Step.RETURN_FROM_SCREENING: BACK,
    Step.WITHDRAW: LEAVE,
}
"""Where a button stands; a step that is not named here goes forward."""
DANGER = frozenset({Step.REJECT, Step.WITHDRAW})
IN_MEETING = frozenset({Step.CLOSE_DELIBERATION, Step.DEFER, Step.TAKE_OFF_AGENDA})
"""Steps that happen on the page of a meeting: by closing its minutes, by calling it off."""


@dataclass(frozen=True)
class Possible:
    """What the box on top of the page offers."""

    actions: list[dict[str, Any]]
    blocked: list[tuple[str, str]]


def possible(case: Case) -> Possible:
    """The steps and acts of this person now; each step that is theirs but not open, with its reasons."""
    here = access.steps_here(case.actor, case.application, on=case.today)
    missing = {step: conditions.missing(step, case.application, case.today) for step in here}
    buttons = [*_steps(case, [step for step in here if not missing[step]]), *offers(case)]
    blocked = [(label_of(step, case), in_a_row(said)) for step, said in missing.items() if said]
    return Possible(actions=_as_actions(buttons), blocked=[*blocked, *_not_endorsable(case), *_somebody_elses(case)])


def _as_actions(buttons: list[Button]) -> list[dict[str, Any]]:
    ordered = sorted(buttons, key=lambda button: button.rank)
    return [
        {
            "label": button.label,
            "url": button.url,
            "primary": n == 0 and button.rank < BACK and not button.danger,
            "danger": button.danger,
        }
        for n, button in enumerate(ordered)
    ]


def _steps(case: Case, steps: list[Step]) -> Iterator[Button]:
    for step in steps:
        if step not in IN_MEETING:
            url = reverse("admission:step", args=[case.application.pk, step.value])
            yield Button(_rank(step, case), label_of(step, case), url, danger=step in DANGER)


def _rank(step: Step, case: Case) -> int:
    """Asking everybody again after a return is the exception: usually it is mended and handed in."""
    if step is Step.OPEN_CONSULTATION and case.state is State.RETURNED:
        return BACK
    return RANKS.get(step, FORWARD)


def label_of(step: Step, case: Case) -> str:
    """The verb on a button; approval and refusal in the words of the kind: 准予变更, 不予退出."""
    if step is Step.OPEN_CONSULTATION and case.state is State.RETURNED:
        return _("重新征询全部单位")
    outcome = {Step.APPROVE: State.APPROVED, Step.REJECT: State.REJECTED}.get(step)
    return str(state_label(outcome, Kind(case.application.kind)) if outcome else step.label)


def _somebody_elses(case: Case) -> list[tuple[str, str]]:
    """Steps that people of this role usually take, but not on this case, and why."""
    usual = _usual_steps(case)
    return [
        (label_of(step, case), str(access.WHO_MAY[step].else_says))
        for step, (starts, _end) in TRANSITIONS.items()
        if step in usual and case.state in starts and conditions.applies(step, case.application, case.today)
        and not access.WHO_MAY[step].may(case.actor, case.application)
    ]  # fmt: skip


def _usual_steps(case: Case) -> set[Step]:
    role, application = case.actor.role, case.application
    wanted = []
    if role in APPLICANTS and case.actor.units & {application.applicant_id, application.prepared_by_id}:
        wanted = [access.APPLICANT_UNIT]
    elif role is Role.OFFICE:
        wanted = [access.OFFICE]
    elif role in DECIDERS:
        wanted = [access.DECIDER]
    elif role in MEMBERS and application.applicant_id in case.actor.units:
        wanted = [access.MEMBER]
    return {step for step, who in access.WHO_MAY.items() if who in wanted}


def _not_endorsable(case: Case) -> list[tuple[str, str]]:
    """What the department still waits for, said to it and to the street that writes."""
    if not (waits_for_endorsement(case) and case.is_applicant):
        return []
    gaps = conditions.not_endorsable(case.application, case.today)
    return [(_("%s认可") % case.application.applicant, in_a_row(gaps))] if gaps else []
