"""How a state and a stance look: the tone of components/status.html beside their word."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from admission.models import Application, Opinion
from admission.procedure import Kind, State

TONES: dict[State, str] = {
    State.DRAFT: "",
    State.PRE_CONSULTATION: "doing",
    State.SUBMITTED: "",
    State.RETURNED: "wait",
    State.ACCEPTED: "doing",
    State.SCREENING: "doing",
    State.COORDINATION: "doing",
    State.MEETING_SCHEDULED: "wait",
    State.DELIBERATED: "doing",
    State.DEFERRED: "wait",
    State.AWAITING_APPROVAL: "wait",
    State.APPROVED: "done",
    State.REJECTED: "stop",
    State.NOTICE_ISSUED: "done",
    State.FILED: "done",
    State.WITHDRAWN: "",
}


def state_of(application: Application) -> dict[str, str]:
    """The state in the words of its kind, with its tone."""
    return {"label": str(application.state_label), "tone": TONES[State(application.state)]}


def kind_of(application: Application) -> str:
    """What is applied for, with the category it is to have on the list; what goes from the list has none to come."""
    kind = str(application.get_kind_display())
    if not application.category or application.kind == Kind.EXIT:
        return kind
    return gettext("%(kind)s，拟列“%(category)s”") % {"kind": kind, "category": application.get_category_display()}


@dataclass(frozen=True)
class StanceLook:
    """A stance as the matrix shows it; an empty value is silence."""

    value: str
    label: Promise
    tone: str
    short: Promise


STANCES = (
    StanceLook(Opinion.Stance.NO_OBJECTION, _("无异议"), "done", _("无异议")),
    StanceLook(Opinion.Stance.CONDITIONAL, _("有条件同意"), "wait", _("有条件")),
    StanceLook(Opinion.Stance.OBJECTION, _("有异议"), "object", _("有异议")),
    StanceLook("", _("未答复"), "", _("未答复")),
)
