"""What is known is filled in when a draft begins: the listed version, a report, a refused application, the street."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from admission import requirements
from admission.conditions.listed import last_said
from admission.differences import PLAN_FIELDS
from admission.models import Application, Basis
from admission.procedure import Kind, State
from base.errors import RuleViolation
from communities.models import Department, Division
from communities.roles import Actor
from worklists import departments
from worklists.models import ItemVersion

LISTED = ("title", "category", "subject_type", "applies_to", "executor")
PEOPLE = ("responsible_person", "responsible_phone", "contact_name", "contact_phone")
FROM_EARLIER = (
    *LISTED,
    *("justification", "can_be_purchased"),
    *("purchase_alternative", "is_standing", "duration_type", "workload_hours", "requested_procedure"),
    *("adds_ledger", "adds_report", "adds_system", "adds_plate", "adds_evaluation", "adds_proof"),
)
"""What a new application takes from the refused one; dates, prior contacts and declarations are given anew."""
FROM_STANDING = (
    *("ends_on", "is_standing", "duration_type", "workload_hours", "can_be_purchased", "purchase_alternative"),
    *("adds_ledger", "adds_report", "adds_system", "adds_plate", "adds_evaluation", "adds_proof"),
)
"""What a change takes from the application that its item stands on; why it changes is asked anew."""
DONE_SO_FAR = frozenset({"requirements", "community_does", "community_does_not"})


def fill(application: Application, *, preparing: Department, by: Actor) -> dict[str, Any]:
    """Fill in the new row with what is known and `by` may read; returns what is known of the plan.

    The caller holds the transaction.
    """
    item, earlier, report = application.item, application.earlier, application.report
    known: dict[str, Any] = {}
    if earlier is not None:
        known = _from_earlier(application, earlier, by=by)
        restate(application)
    elif item is not None and (listed := last_said(item)):
        _copy(listed, application, LISTED)
        application.scope.set(places_of(listed))
        known = _from_standing(application, by=by)
        known |= {"community_does": listed.does, "community_does_not": listed.does_not}
        if (
            application.kind == Kind.EXIT
        ):  # what is handed over is asked; what was done before must not be ordered again
            known = {name: value for name, value in known.items() if name not in DONE_SO_FAR}
    elif report is not None:
        application.title, application.subject_type = report.what, report.subject_type
    if not any(getattr(application, name) for name in PEOPLE):
        for name, value in known_people(application).items():
            setattr(application, name, value)
    if preparing.street and not application.scope.exists():
        application.scope.set([preparing.street])
    application.save()
    return known


def restate(application: Application) -> None:
    """An exit is of the item as it is listed now, name and places, whatever the list said when it was begun."""
    listed = last_said(application.item) if application.kind == Kind.EXIT and application.item else None
    if listed is not None:
        _copy(listed, application, requirements.AS_LISTED)
        application.scope.set(places_of(listed))


def _from_standing(application: Application, *, by: Actor) -> dict[str, Any]:
    """A change asks for what changes: the rest stands as it was last admitted (art 10). From when on is said anew.

    A street may prepare the change of an item that is done elsewhere: of that case it gets what the list says.
    """
    before = requirements.put_on_list(application, by=by)
    if before is None:
        return {}
    _copy(before, application, (*FROM_STANDING, *_people_of(before, application)))
    return _rows_and_plan(application, before)


def _people_of(before: Application, application: Application) -> tuple[str, ...]:
    """Names and numbers go to who gave them: the applicant itself, or the street that prepared that one too."""
    same = before.applicant_id == application.applicant_id
    return PEOPLE if same and application.prepared_by_id in {None, before.prepared_by_id} else ()


def places_of(listed: ItemVersion) -> QuerySet[Division]:
    """Where it is done."""
    return Division.objects.filter(code__in=listed.scopes.values("code"))


def known_people(application: Application) -> dict[str, str]:
    """Who answered for the unit's latest application; of a prepared one, for the latest that the street prepared.

    Kept with the draft, not only shown: a required field (section 11, 5 and 6) that reads as filled in is filled in.
    """
    earlier = Application.objects.filter(applicant=application.applicant_id, prepared_by=application.prepared_by_id)
    earlier = earlier.exclude(contact_name="").exclude(pk=application.pk)
    return earlier.order_by("-pk").values(*PEOPLE).first() or {}


def _copy(source: ItemVersion | Application, target: Application, names: tuple[str, ...]) -> None:
    for name in names:
        setattr(target, name, getattr(source, name))


def _from_earlier(application: Application, earlier: Application, *, by: Actor) -> dict[str, Any]:
    """A-23: after a refusal, a new application with a changed plan, linked to the old one."""
    ours = departments.acting_for(application.applicant_id)
    seen = Application.objects.visible_to(by).filter(pk=earlier.pk)
    if earlier.applicant_id not in ours or not seen.exists() or earlier.state != State.REJECTED:
        raise RuleViolation(_("只有本单位不予准入的申请，才能接着重新申请。"))
    _copy(earlier, application, (*FROM_EARLIER, *_people_of(earlier, application)))
    application.scope.set(earlier.scope.all())
    return _rows_and_plan(application, earlier)


def _rows_and_plan(application: Application, earlier: Application) -> dict[str, Any]:
    rows = earlier.bases.order_by("pk").values("title", "issue_number", "level", "article")
    Basis.objects.bulk_create(Basis(application=application, **row) for row in rows)
    plan = requirements.newest_plan(earlier)
    return {name: getattr(plan, name) for name in PLAN_FIELDS} if plan else {}
