"""Who may take which step: one table. `check` refuses, `open_steps` feeds the buttons, `why_not` explains."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from admission import conditions
from admission.models import AgendaItem, Application
from admission.procedure import TRANSITIONS, State, Step
from base.errors import NotAllowed
from base.text import Words
from communities.roles import APPLICANTS, DECIDERS, MEMBERS, Actor, Role


def applicant(actor: Actor, application: Application) -> bool:
    """The applicant's own people; a prepared draft is the street's until the department has endorsed it."""
    if actor.role not in APPLICANTS or actor.unit_id is None:
        return False
    if application.prepared_by_id and application.endorsed_at is None:
        return actor.unit_id in {application.applicant_id, application.prepared_by_id}
    return actor.unit_id == application.applicant_id


def applicant_unit(actor: Actor, application: Application) -> bool:
    """The applicant itself, not who prepared the draft for it."""
    return actor.role in APPLICANTS and actor.unit_id is not None and actor.unit_id == application.applicant_id


def office(actor: Actor, application: Application) -> bool:
    """The committee office; where its host applies, the member unit that stands in for it (A-9)."""
    role = Role.MEMBER if application.office_recused else Role.OFFICE
    return actor.role is role and actor.unit_id == application.office_unit_id


def decider(actor: Actor, application: Application) -> bool:
    """Director or deputy of the county, except on an application of their own unit."""
    return actor.role in DECIDERS and actor.county == county(application) and not_own(actor, application)


def member(actor: Actor, application: Application) -> bool:
    """A member unit of the county's committee, except on its own application."""
    return actor.role in MEMBERS and actor.county == county(application) and not_own(actor, application)


def chair(actor: Actor, application: Application) -> bool:
    """Who chairs the meeting that hears it: director, deputy, or the office where authorised (art 8(三))."""
    if actor.role not in {*DECIDERS, Role.OFFICE, Role.MEMBER}:
        return False
    heard = AgendaItem.objects.filter(application=application).select_related("meeting").order_by("-pk").first()
    if heard is None:
        return False
    if heard.meeting.chair == "office":
        return office(actor, application)
    return actor.role.value == heard.meeting.chair and decider(actor, application)


def convener(actor: Actor, application: Application) -> bool:
    """Who calls the meeting that hears it: the county's office, or who stands in for it on the same agenda (A-9)."""
    if actor.county != county(application):
        return False
    if actor.role is not Role.MEMBER:
        return actor.role is Role.OFFICE
    return AgendaItem.objects.filter(
        meeting__agenda__application=application,
        application__office_recused=True,
        application__office_unit_id=actor.unit_id,
    ).exists()


def not_own(actor: Actor, application: Application) -> bool:
    """Nobody decides on the application of their own unit (A-9)."""
    return actor.unit_id is None or actor.unit_id != application.applicant_id


def county(application: Application) -> str:
    """The county's code."""
    return application.county.code


@dataclass(frozen=True)
class Who:
    """Who may, and what is said to somebody else."""

    may: Callable[[Actor, Application], bool]
    else_says: Words


APPLICANT = Who(applicant, _("这一步由申请单位办理。"))
APPLICANT_UNIT = Who(applicant_unit, _("这一步由申请单位自己办理，代办街道不能代为提交。"))
OFFICE = Who(office, _("这一步由审核委员会办公室办理；办公室所在单位自己申请时，由代行单位办理。"))
DECIDER = Who(decider, _("这一步由审核委员会主任或副主任办理，不能核准本单位的申请。"))
MEMBER = Who(member, _("这一步由成员单位提出，不能就本单位的申请提出。"))
CHAIR = Who(chair, _("这一步由主持会议的主任、副主任办理；经授权由办公室主持的，由办公室办理。"))
CONVENER = Who(convener, _("改期、取消和流会由审核委员会办公室办理。"))

WHO_MAY: dict[Step, Who] = {
    Step.OPEN_CONSULTATION: APPLICANT,
    Step.SUBMIT: APPLICANT_UNIT,
    Step.RETURN: OFFICE,
    Step.RESUBMIT: APPLICANT_UNIT,
    Step.ACCEPT: OFFICE,
    Step.BEGIN_SCREENING: OFFICE,
    Step.RETURN_FROM_SCREENING: OFFICE,
    Step.RESUBMIT_TO_SCREENING: APPLICANT_UNIT,
    Step.PROPOSE_SIMPLE: OFFICE,
    Step.BEGIN_COORDINATION: OFFICE,
    Step.BACK_TO_SCREENING: OFFICE,
    Step.SCHEDULE_MEETING: OFFICE,
    Step.CLOSE_DELIBERATION: CHAIR,
    Step.DEFER: CHAIR,
    Step.TAKE_OFF_AGENDA: CONVENER,
    Step.REQUEST_APPROVAL: OFFICE,
    Step.REQUEST_MEETING: MEMBER,
    Step.SEND_BACK_TO_MEETING: DECIDER,
    Step.APPROVE: DECIDER,
    Step.REJECT: DECIDER,
    Step.ISSUE_NOTICE: OFFICE,
    Step.FILE: OFFICE,
    Step.WITHDRAW: APPLICANT,
}


def check(actor: Actor, step: Step, application: Application) -> None:
    """Raises NotAllowed with the reason when this actor may not take this step."""
    who = WHO_MAY[step]
    if not who.may(actor, application):
        raise NotAllowed(str(who.else_says))


def steps_here(actor: Actor, application: Application) -> list[Step]:
    """The steps that start from the present state, fit this case, and are this actor's to take."""
    state = State(application.state)
    return [
        step
        for step, (starts, _end) in TRANSITIONS.items()
        if state in starts and conditions.applies(step, application) and WHO_MAY[step].may(actor, application)
    ]


def open_steps(actor: Actor, application: Application, *, on: date) -> list[Step]:
    """What this actor can do now: feeds the page's buttons and the API's `steps`."""
    return [step for step in steps_here(actor, application) if not conditions.missing(step, application, on)]


def why_not(actor: Actor, application: Application, *, on: date) -> dict[Step, list[str]]:
    """The steps that would be this actor's, with what still stands in the way of each."""
    here = {step: conditions.missing(step, application, on) for step in steps_here(actor, application)}
    return {step: sentences for step, sentences in here.items() if sentences}
