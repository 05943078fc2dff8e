"""Approval and refusal by director or deputy (art 7(三), 8(四); T14, T15). The list changes later, in `notice`."""

from datetime import datetime

from admission.actions import _report
from admission.actions._take import take
from admission.models import Application, Decision
from admission.procedure import Step
from base import acts
from communities.roles import Actor


def approve(application: Application, *, by: Actor, at: datetime, text: str, seen: int | None = None) -> Application:
    """T14: approved; `text` is what stands on the form. The work notice follows."""
    return _decide(application, Step.APPROVE, Decision.Outcome.APPROVED, by=by, at=at, text=text, seen=seen)


def reject(application: Application, *, by: Actor, at: datetime, text: str, seen: int | None = None) -> Application:
    """T15: refused with its reason; nothing of it may be handed down (PR-2)."""
    return _decide(application, Step.REJECT, Decision.Outcome.REJECTED, by=by, at=at, text=text, seen=seen)


def _decide(
    application: Application, step: Step, outcome: str, *, by: Actor, at: datetime, text: str, seen: int | None
) -> Application:
    with take(application, step, by=by, at=at, seen=seen, details={"text": text}) as locked:
        Decision.objects.create(
            application=locked,
            outcome=outcome,
            capacity=by.role.value,
            text=text,
            decided_at=locked.changed_at,
            decided_on=acts.legal_day(locked.changed_at),
            decided_by=by.label,
        )
        if step is Step.REJECT:
            _report.give_back(locked, why=_report.REFUSED % text, by=by)
    return locked


def send_back_to_meeting(
    application: Application, *, by: Actor, at: datetime, reason: str, seen: int | None = None
) -> Application:
    """A-34: whoever disagrees with the meeting's conclusion cannot overrule it, only have it heard again."""
    with take(application, Step.SEND_BACK_TO_MEETING, by=by, at=at, seen=seen, details={"reason": reason}) as locked:
        pass
    return locked
