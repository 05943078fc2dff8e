"""Names and numbers of contact persons: whole for who works on the case, masked for the other readers (ADR 0020)."""

from copy import copy

from admission import access
from admission.models import Application, ImplementationPlan
from base import telephone
from base.text import masked
from communities.roles import Actor, Role

NOT_SHOWN = "***"


def reads_contacts(actor: Actor, application: Application) -> bool:
    """The applicant, the office of this case, and the streets and communities, who have to ask about the work."""
    asked = actor.role in {Role.STREET, Role.COMMUNITY}
    return asked or access.applicant(actor, application) or access.office(actor, application)


def form_as_read(application: Application, actor: Actor) -> Application:
    """The application as this person reads it: a copy, never to be saved, where the contacts are masked."""
    if reads_contacts(actor, application):
        return application
    shown = copy(application)
    shown.responsible_person, shown.contact_name = masked(shown.responsible_person), masked(shown.contact_name)
    shown.responsible_phone = telephone.masked(shown.responsible_phone)
    shown.contact_phone = telephone.masked(shown.contact_phone)
    return shown


def plan_as_read(plan: ImplementationPlan, application: Application, actor: Actor) -> ImplementationPlan:
    """A version of the plan as this person reads it: a copy, never to be saved, where the contact is masked."""
    if not plan.guidance_contact or reads_contacts(actor, application):
        return plan
    shown = copy(plan)
    shown.guidance_contact = NOT_SHOWN
    return shown
