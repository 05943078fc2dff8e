"""Everything about one application, each part read once, when a page first asks for it."""

from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from admission import access
from admission.conditions.listed import stood
from admission.models import (
    AgendaItem,
    Application,
    ApplicationFile,
    ConsultationRound,
    Coordination,
    CoordinationContact,
    DefectNote,
    DisputedPoint,
    ImplementationPlan,
    NoticeReceipt,
    Opinion,
    Screening,
)
from admission.presentation import progress
from admission.presentation.contacts import plan_as_read
from admission.presentation.facts import Facts
from admission.presentation.opinions import Matrix, matrix
from admission.presentation.waiting import Waiting, waiting
from admission.procedure import State
from admission.rules import CountyRules
from base.models import Event, Holiday
from base.workdays import Calendar
from communities.models import Division
from communities.roles import STREET, Actor, Role
from worklists.models import ItemVersion

RELATED = (
    "county", "applicant__street", "prepared_by__street", "office_unit", "item", "report", "earlier",
    "decision", "notice", "filing", "coordination",
)  # fmt: skip
"""What the row of an application is loaded with before a Case is made of it."""


class Case:
    """One application as one person sees it on one day."""

    def __init__(self, application: Application, actor: Actor, today: date) -> None:
        self.application = application
        self.actor = actor
        self.today = today
        self.state = State(application.state)

    # --- who is looking
    @cached_property
    def is_applicant(self) -> bool:
        """The applicant's people, and who prepares the draft for it."""
        return access.applicant(self.actor, self.application)

    @cached_property
    def is_office(self) -> bool:
        """The office, or who stands in for it here."""
        return access.office(self.actor, self.application)

    @cached_property
    def is_watched(self) -> bool:
        """Does this post follow it?"""
        return self.application.watches.filter(inbox=self.actor.inbox).exists()

    # --- time
    @cached_property
    def calendar(self) -> Calendar:
        """Working days."""
        return Holiday.objects.calendar()

    @cached_property
    def rules(self) -> CountyRules:
        """The county's settings today."""
        return CountyRules(self.application.county.code, self.today)

    @cached_property
    def lines(self) -> list[Event]:
        """The audit lines, newest first."""
        return progress.audit_lines(self.application)

    @cached_property
    def _waiting(self) -> tuple[Waiting, Facts]:
        found, facts = waiting([self.application], on=self.today, reader=self.actor)
        return found[self.application.pk], facts

    @property
    def waiting(self) -> Waiting:
        """Who it waits for."""
        return self._waiting[0]

    @property
    def facts(self) -> Facts:
        """What is open."""
        return self._waiting[1]

    # --- what was put down
    @cached_property
    def plans(self) -> list[ImplementationPlan]:
        """The versions of the plan that this person may read, newest first."""
        return plans_for(self.actor, self.application)

    @property
    def plan(self) -> ImplementationPlan | None:
        """The newest version that this person may read."""
        return self.plans[0] if self.plans else None

    @property
    def has_open_plan(self) -> bool:
        """Is a version under way that nobody has been asked about? Known to the applicant alone."""
        return bool(self.plan and self.plan.frozen_at is None)

    @cached_property
    def listed(self) -> ItemVersion | None:
        """What the list said of the item of a change or an exit, before its own notice."""
        return stood(self.application)

    @cached_property
    def scope(self) -> list[Division]:
        """The places chosen, by code."""
        return list(self.application.scope.order_by("code"))

    @cached_property
    def bases(self) -> list[str]:
        """The documents it rests on."""
        return [str(basis) for basis in self.application.bases.order_by("pk")]

    @cached_property
    def files(self) -> list[ApplicationFile]:
        """What is attached now, newest first."""
        rows = self.application.files.filter(removed_at__isnull=True)
        return list(rows.select_related("attachment").order_by("-added_at", "-pk"))

    # --- consultation and coordination
    @cached_property
    def rounds(self) -> list[ConsultationRound]:
        """The rounds, newest first."""
        return list(self.application.rounds.select_related("plan").order_by("-number"))

    @property
    def last_asked(self) -> ConsultationRound | None:
        """The newest round in which somebody was asked."""
        return next((each for each in self.rounds if not each.asked_nobody), None)

    @cached_property
    def matrix(self) -> Matrix | None:
        """The opinions, None before anybody was asked."""
        return matrix(self.application, on=self.today)

    @cached_property
    def mine_to_answer(self) -> Opinion | None:
        """The row this street or community may answer now: its own, or what its street said for it (A-4)."""
        if self.actor.role not in {Role.STREET, Role.COMMUNITY}:
            return None
        rows = Opinion.objects.answerable_by(self.actor.code).filter(round__application=self.application)
        return rows.select_related("body", "on_behalf_by", "round__plan").first()

    @cached_property
    def mine_to_withdraw(self) -> Opinion | None:
        """The objection or condition that this street or community may withdraw in writing now (A-3)."""
        if self.actor.role not in {Role.STREET, Role.COMMUNITY} or self.state is not State.COORDINATION:
            return None
        return Opinion.objects.withdrawable_by(self.actor.code).filter(round__application=self.application).first()

    @cached_property
    def defects(self) -> DefectNote | None:
        """The last return for correction."""
        return self.application.defect_notes.order_by("-returned_at").first()

    @property
    def saved_since_return(self) -> bool:
        """Has anything been mended since the last return?"""
        of_interest = (line.kind.rpartition(".")[2] for line in self.lines)
        return next((kind for kind in of_interest if kind == "save" or kind.startswith("return")), "") == "save"

    @cached_property
    def screening(self) -> Screening | None:
        """The last initial screening."""
        return self.application.screenings.order_by("-screened_at").first()

    @property
    def coordination(self) -> Coordination | None:
        """The coordination, if there was any."""
        return getattr(self.application, "coordination", None)

    @cached_property
    def contacts(self) -> list[CoordinationContact]:
        """The departments the office talked to."""
        rows = CoordinationContact.objects.filter(coordination__application=self.application)
        return list(rows.select_related("department").order_by("held_on", "pk"))

    @cached_property
    def points(self) -> list[DisputedPoint]:
        """The disputed points, the open ones first."""
        rows = DisputedPoint.objects.filter(coordination__application=self.application)
        return sorted(
            rows.select_related("opinion__body", "opinion__round").order_by("pk"), key=lambda p: bool(p.result)
        )

    # --- meeting, notice
    @cached_property
    def heard(self) -> list[AgendaItem]:
        """Each time it was put before a meeting, newest first, with what was said."""
        rows = self.application.agenda_items.select_related("meeting").prefetch_related("opinions")
        return list(rows.order_by("-pk"))

    @cached_property
    def receipts(self) -> list[NoticeReceipt]:
        """Who has to acknowledge the notice."""
        rows = NoticeReceipt.objects.filter(notice__application=self.application)
        return list(rows.select_related("body", "unit").order_by("body__code", "pk"))

    @property
    def open_receipts(self) -> list[NoticeReceipt]:
        """Who has not acknowledged yet."""
        return [row for row in self.receipts if row.acknowledged_at is None]

    @property
    def received(self) -> int:
        """How many have acknowledged."""
        return len(self.receipts) - len(self.open_receipts)

    @property
    def my_receipt(self) -> NoticeReceipt | None:
        """The receipt this person has still to give."""
        return next((row for row in self.open_receipts if access.addressed(self.actor, row)), None)


def plans_for(actor: Actor, application: Application) -> list[ImplementationPlan]:
    """The versions as this person may read them, newest first; one under way is the applicant's alone."""
    everything = access.applicant(actor, application)
    plans = [plan for plan in application.plans.all() if everything or plan.frozen_at]
    readable = [plan_as_read(plan, application, actor) for plan in plans]
    return sorted(readable, key=lambda plan: plan.number, reverse=True)


def where(places: list[Division]) -> str:
    """The scope in words: the streets (towns), then how many single communities of others."""
    whole = [place.name for place in places if len(place.code) <= STREET]
    single = [place.name for place in places if len(place.code) > STREET]
    return _("、").join([*whole, *single])
