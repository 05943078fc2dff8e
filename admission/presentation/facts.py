"""What is open on some applications, read at once: the ground for whom they wait for and for what is to be done."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, IntegerField, Max, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from admission.conditions.filing import returned_from_screening
from admission.conditions.listed import others_under_way, without_effect
from admission.deadlines import SPANS, Clock
from admission.models import (
    AgendaItem,
    Application,
    CoordinationContact,
    Deadline,
    DisputedPoint,
    ImplementationPlan,
    MeetingOpinion,
    NoticeReceipt,
    Opinion,
)
from admission.requirements import STREET_KINDS
from communities.models import Department
from communities.roles import APPLICANTS, Actor, Role


class Facts:
    """What is open on some applications: thirteen queries, whatever their number. `reader`: who looks, and is 您."""

    def __init__(self, applications: Sequence[Application], *, on: date, reader: Actor | None = None) -> None:
        self.on, self.rows, self.reader = on, applications, reader
        keys = [application.pk for application in applications]
        silent = Opinion.objects.unanswered().filter(round__application__in=keys)
        streets = Opinion.objects.filter(round__application__in=keys, body__kind__in=STREET_KINDS)
        self.with_streets = set(streets.values_list("round__application", flat=True).distinct())
        # Streets are waited for; communities where no street was asked (T3).
        awaited = Q(body__kind__in=STREET_KINDS) | ~Q(round__application__in=self.with_streets)
        bodies = silent.filter(awaited).order_by("body__code").annotate(nobody=Value(None, IntegerField()))
        named = bodies.values_list("round__application", "body__name", "body__code", "nobody")
        self.silent_bodies = self._lists(named)
        self.asked_bodies = self._lists(named.filter(round__due_on__gte=on))
        self.silent_others = _counts(silent.exclude(awaited), "round__application")
        points = DisputedPoint.objects.filter(coordination__application__in=keys)
        self.points: dict[int, int] = dict(
            points.order_by()
            .values("coordination__application")
            .annotate(left=Count("pk", filter=Q(handled_at__isnull=True)))
            .values_list("coordination__application", "left")
        )
        talked = CoordinationContact.objects.with_others().filter(coordination__application__in=keys)
        self.talked_of = set(talked.values_list("coordination__application", flat=True))
        self.unanswered = _counts(
            MeetingOpinion.objects.filter(agenda_item__application__in=keys, answered_at__isnull=True),
            "agenda_item__application",
        )
        self.without_response = _counts(Opinion.objects.to_respond(keys), "round__application")
        receipts = NoticeReceipt.objects.open().filter(notice__application__in=keys).order_by("body__code", "pk")
        self.receipts = self._lists(
            receipts.values_list(
                "notice__application", Coalesce("body__name", "unit__name"), Coalesce("body__code", Value("")), "unit"
            )
        )
        versions = ImplementationPlan.objects.filter(application__in=keys).values("application")
        under_way = versions.annotate(last=Max("frozen_at"), open=Count("pk", filter=Q(frozen_at__isnull=True)))
        self.frozen = {row["application"]: row["last"] for row in under_way}
        self.revising = {row["application"] for row in under_way if row["open"]}
        heard = AgendaItem.objects.filter(application__in=keys).select_related("meeting")
        self.heard = {row.application_id: row for row in heard.order_by("application", "-pk").distinct("application")}
        self.clocks: dict[int, dict[str, Deadline]] = {key: {} for key in keys}
        for row in Deadline.objects.filter(application__in=keys, stopped_on__isnull=True):
            self.clocks[row.application_id][row.clock] = row

    @cached_property
    def without_effect(self) -> dict[int, str]:
        """Those whose notice could bring nothing about any more, and why: asked only where it matters."""
        return without_effect(self.rows, self.on)

    @cached_property
    def beside(self) -> dict[int, str]:
        """Those whose item another application is about, and what is said of it: asked only where it matters."""
        return others_under_way(self.rows)

    @cached_property
    def from_screening(self) -> set[int]:
        """Those whose newest return came out of screening: asked only where it matters."""
        return returned_from_screening(self.rows)

    def unit(self, unit: Department) -> str:
        """A unit that files or prepares; 您 for who reads it in that post."""
        return _("您") if self._reads_as(APPLICANTS, unit.pk) else str(unit)

    def office(self, application: Application) -> str:
        """The committee's office, or who stands in for it (A-9); 您 for who reads it in that post."""
        role = Role.MEMBER if application.office_recused else Role.OFFICE
        return _("您") if self._reads_as({role}, application.office_unit_id) else str(application.office_unit)

    def _reads_as(self, roles: Collection[Role], unit_id: int | None) -> bool:
        return self.reader is not None and self.reader.role in roles and unit_id in self.reader.units

    def _lists(self, rows: Iterable[tuple[int, str, str, int | None]]) -> dict[int, list[str]]:
        """The names of the bodies and units of each application, by (application, name, code of a body, unit)."""
        own = self.reader.code if self.reader and self.reader.role in {Role.STREET, Role.COMMUNITY} else None
        found: dict[int, list[str]] = {}
        for key, name, code, unit_id in rows:
            mine = code == own if code else self._reads_as(APPLICANTS, unit_id)
            found.setdefault(key, []).append(_("您") if mine else name)
        return found

    def due(self, application: Application) -> Deadline | None:
        """The running clock that is due first; what merely runs out is left out. A closed case waits for nobody.

        Receipts may still be signed after filing: that clock runs for those who sign, not for the case.
        """
        if application.is_closed:
            return None
        running = [row for row in self.clocks[application.pk].values() if row.due_on and row.clock not in SPANS]
        return min(running, key=lambda row: (row.due_on, row.pk), default=None)

    def running_until(self, application: Application, clock: Clock) -> date | None:
        """When this clock is due, if it runs and is not over."""
        row = self.clocks[application.pk].get(clock)
        return row.due_on if row and row.due_on and row.due_on >= self.on else None


def _counts(rows: QuerySet[Any], key: str) -> dict[int, int]:
    return dict(rows.order_by().values(key).annotate(n=Count("pk")).values_list(key, "n"))
