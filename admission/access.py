"""Who may take which step: one table. `check` refuses, `open_steps` feeds the buttons, `why_not` explains."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from admission import conditions
from admission.models import AgendaItem, Application, Meeting, NoticeReceipt, Opinion
from admission.models.meeting import MeetingQuerySet
from admission.procedure import TRANSITIONS, State, Step
from base.errors import NotAllowed
from base.text import Words
from communities.models import Appointment
from communities.roles import APPLICANTS, DECIDERS, MEMBERS, Actor, Role


def applicant(actor: Actor, application: Application) -> bool:
    """The applicant's own people; a prepared draft is the street's until the department has endorsed it."""
    if application.awaits_endorsement and actor.role in APPLICANTS and application.prepared_by_id in actor.units:
        return True
    return applicant_unit(actor, application)


def applicant_unit(actor: Actor, application: Application) -> bool:
    """The applicant itself, or the unit that succeeded it (art 10, A-30); not who prepared the draft for it."""
    return actor.role in APPLICANTS and application.applicant_id in actor.units


def office(actor: Actor, application: Application) -> bool:
    """The committee office; where its host applies, the member unit that stands in for it (A-9)."""
    role = Role.MEMBER if application.office_recused else Role.OFFICE
    return actor.role is role and application.office_unit_id in actor.units


def decider(actor: Actor, application: Application) -> bool:
    """Director or deputy of the county, except on an application of their own unit."""
    return actor.role in DECIDERS and actor.county == county(application) and not_own(actor, application)


def member(actor: Actor, application: Application) -> bool:
    """A member unit of the county's committee, except on its own application."""
    return actor.role in MEMBERS and actor.county == county(application) and not_own(actor, application)


def chair(actor: Actor, application: Application) -> bool:
    """Who chairs the meeting that hears it."""
    return _hearing(application).filter(chaired_by(actor)).exists()


def convener(actor: Actor, application: Application) -> bool:
    """Who calls the meeting that hears it."""
    return _hearing(application).filter(kept_by(actor)).exists()


def chairs(actor: Actor, meeting: Meeting) -> bool:
    """Does this actor close the minutes of the meeting?"""
    return Meeting.objects.filter(chaired_by(actor), pk=meeting.pk).exists()


def keeps(actor: Actor, meeting: Meeting) -> bool:
    """Does this actor call the meeting and write its record?"""
    return Meeting.objects.filter(kept_by(actor), pk=meeting.pk).exists()


def chaired_by(actor: Actor) -> Q:
    """The meetings this actor chairs: director, deputy, or the office where authorised (art 8(三)).

    Nobody chairs where their own unit's application is heard (A-9): there the other one of director and deputy does.
    """
    if actor.role not in {*DECIDERS, Role.OFFICE}:
        return Q(pk__in=[])
    named = Q(chair=actor.role)
    if actor.role in DECIDERS:
        named |= Q(chair__in=DECIDERS - {actor.role}) & Q(Exists(_recused_chair()))
    return named & Q(county__code=actor.county) & ~Q(Exists(_heard().filter(application__applicant__in=actor.units)))


def kept_by(actor: Actor) -> Q:
    """The meetings this actor calls and records: the office; where it is recused from something on the agenda, who
    stands in for it, the whole meeting (A-9): attendance and minutes are of one piece."""
    recused = AgendaItem.objects.filter(meeting=OuterRef("pk"), application__office_recused=True)
    match actor.role:
        case Role.OFFICE:
            return Q(county__code=actor.county) & ~Q(Exists(recused))
        case Role.MEMBER:
            mine = recused.filter(application__office_unit__in=actor.units)
            return Q(county__code=actor.county) & Q(Exists(mine))
        case _:
            return Q(pk__in=[])


def _hearing(application: Application) -> MeetingQuerySet:
    """The meeting that hears it, the newest."""
    heard = AgendaItem.objects.filter(application=application).order_by("-pk")
    return Meeting.objects.filter(pk__in=heard.values("meeting")[:1])


def _heard() -> QuerySet[AgendaItem]:
    """What is heard at a meeting of an outer query, without what was withdrawn."""
    return AgendaItem.objects.filter(meeting=OuterRef("pk")).exclude(application__state=State.WITHDRAWN)


def _recused_chair() -> QuerySet[Appointment]:
    """Who holds the chair of a meeting of an outer query, while their own unit's application is heard at it."""
    heard = AgendaItem.objects.filter(meeting=OuterRef(OuterRef("pk")))
    applying = heard.exclude(application__state=State.WITHDRAWN)
    held_on = TruncDate(ExpressionWrapper(OuterRef("planned_at"), DateTimeField()))
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=held_on)
    own = Q(unit__in=applying.values("application__applicant"))
    own |= Q(unit__in=applying.values("application__applicant__successor"))
    place = OuterRef("county__code")
    return Appointment.objects.filter(still, own, role=OuterRef("chair"), division__code=place)


def addressed(actor: Actor, receipt: NoticeReceipt) -> bool:
    """Who acknowledges a notice: the very street, community or unit that it was sent to."""
    if receipt.body is not None:
        return actor.role in {Role.STREET, Role.COMMUNITY} and actor.code == receipt.body.code
    return receipt.unit_id in actor.units and actor.role in APPLICANTS


def asked(actor: Actor, opinion: Opinion) -> bool:
    """Who answers in the consultation, and withdraws what it objected: the very street or community that was asked."""
    return actor.role in {Role.STREET, Role.COMMUNITY} and actor.code == opinion.body.code


def not_own(actor: Actor, application: Application) -> bool:
    """Nobody decides on the application of their own unit (A-9)."""
    return application.applicant_id not in actor.units


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
CONVENER = Who(convener, _("改期、取消和流会由审核委员会办公室办理；议程上有办公室所在单位的申请时，由代行单位办理。"))

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


def steps_here(actor: Actor, application: Application, *, on: date) -> list[Step]:
    """The steps that start from the present state, fit this case, and are this actor's to take."""
    state = State(application.state)
    return [
        step
        for step, (starts, _end) in TRANSITIONS.items()
        if state in starts and conditions.applies(step, application, on) and WHO_MAY[step].may(actor, application)
    ]


def open_steps(actor: Actor, application: Application, *, on: date) -> list[Step]:
    """What this actor can do now: feeds the page's buttons and the API's `steps`."""
    return [step for step in steps_here(actor, application, on=on) if not conditions.missing(step, application, on)]


def why_not(actor: Actor, application: Application, *, on: date) -> dict[Step, list[str]]:
    """The steps that would be this actor's, with what still stands in the way of each."""
    here = {step: conditions.missing(step, application, on) for step in steps_here(actor, application, on=on)}
    return {step: sentences for step, sentences in here.items() if sentences}
