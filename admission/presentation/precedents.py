"""What resembles an application, as lines to read: where it stands, the words that are the same, what it shares."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from admission.models import Application
from admission.precedents import Precedent, precedents, resembling
from admission.presentation.case import Case
from admission.presentation.words import state_of
from admission.procedure import State
from base.templatetags.portal import zh_day
from base.text import in_a_row
from communities.roles import Actor
from worklists.kinds import Category
from worklists.marking import marked, why

Line = dict[str, Any]


def precedent_lines(case: Case) -> dict[str, list[Line]]:
    """Of an application that would put something new on the list: the items and the applications like it."""
    plan = case.plan
    found = precedents(case.application, does=plan.community_does if plan else "", actor=case.actor, on=case.today)
    return {
        "items": [_item_line(one, case.today) for one in found.items],
        "applications": application_lines(found.applications),
    }


def application_lines(found: Sequence[Precedent]) -> list[Line]:
    """As `components/candidates.html` shows them."""
    return [_application_line(one, one.application) for one in found if one.application]


def lines_like(text: str, actor: Actor) -> list[Line]:
    """For who checks a task: applications under way or refused in their county that resemble its words."""
    return application_lines(resembling(text, actor=actor, county=actor.county))


def _item_line(found: Precedent, today: date) -> Line:
    fields = found.candidate.fields
    return {
        "category": fields["category"],
        "category_label": Category(fields["category"]).label,
        "where": _("，").join([fields["department"], _stands(fields["starts_on"], fields["ends_on"], today)]),
        "title": marked(fields["title"], found.likeness.marks.get("title", ())),
        "url": reverse("worklists:item", args=[found.candidate.key]),
        "why": _why(found),
    }


def _stands(starts_on: str, ends_on: str, today: date) -> str:
    """Is it on the list? The end is the first day on which it is not."""
    if ends_on and date.fromisoformat(ends_on) <= today:
        return _("%s起不在清单上") % zh_day(date.fromisoformat(ends_on))
    if date.fromisoformat(starts_on) > today:
        return _("%s起列入清单") % zh_day(date.fromisoformat(starts_on))
    return _("在清单上")


def _application_line(found: Precedent, application: Application) -> Line:
    state = state_of(application)
    return {
        "state": state,
        "where": _("，").join(part for part in (application.applicant.name, application.number) if part),
        "title": marked(application.title, found.likeness.marks.get("title", ())),
        "url": reverse("admission:application", args=[application.pk]),
        "why": _why(found),
    }


def _why(found: Precedent) -> str:
    return in_a_row([*_shares(found), why(found.likeness), *_history(found)])


def _shares(found: Precedent) -> Iterator[str]:
    if found.shares:
        yield _("%s。") % _("，").join(found.shares)


def _history(found: Precedent) -> Iterator[str]:
    """What became of it, and what its unit has filed since."""
    application = found.application
    if application is None or application.state != State.REJECTED:
        return
    decision = application.decision
    yield _("%(day)s不予准入：%(reason)s") % {"day": zh_day(decision.decided_on), "reason": decision.text}
    if found.split:
        others = _("、").join(f"“{row.title}”" for row in found.split)
        yield _("同一单位后来又申请了%s，也和它相近，请核对是不是拆开再报。") % others
