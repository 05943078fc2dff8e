"""Who would be told when the office reminds (admission.actions.remind_silent), in words and in number."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from admission.models import Application
from admission.presentation.facts import Facts
from admission.presentation.waiting import joined
from admission.procedure import State

MOST_NAMES = 8


@dataclass(frozen=True)
class Told:
    """The names for a preview, and how many posts get a message."""

    names: str
    posts: int


def told(application: Application, facts: Facts) -> Told:
    """Streets by name, communities by number (by name where no street was asked), who has not acknowledged, who
    corrects, who is to withdraw."""
    key = application.pk
    named = [*facts.silent_bodies.get(key, []), *facts.receipts.get(key, [])]
    blocked = application.state == State.APPROVED and key in facts.without_effect
    if application.state == State.RETURNED or blocked:
        named += [str(unit) for unit in (application.applicant, application.prepared_by) if unit]
    communities = facts.silent_others.get(key, 0)
    words = [joined(named, most=MOST_NAMES) if named else "", _("%s 个社区") % communities if communities else ""]
    return Told(_("、").join(filter(None, words)), len(named) + communities)
