"""Who holds which role, where, how long."""

from datetime import date
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from communities.models.places import Division
from communities.models.units import Department
from communities.models.validity import ends_after_start, once_at_a_time, valid_on
from communities.roles import Actor, Role


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def valid(self, day: date) -> Self:
        """Appointments that hold on this day."""
        return self.filter(valid_on(day))

    def acting(self) -> Self:
        """With all that `actor` reads, in one query: the place, the unit, the units it succeeded (three deep)."""
        unit = OuterRef("unit")
        heirs = Q(successor=unit) | Q(successor__successor=unit) | Q(successor__successor__successor=unit)
        succeeded = ArraySubquery(Department.objects.filter(heirs).values("pk"))
        return self.select_related("division", "unit").annotate(succeeded=succeeded)

    def visible_to(self, actor: Actor) -> Self:
        """Who holds what is for administrators and auditors, in their territory."""
        if actor.role in {Role.ADMIN, Role.AUDITOR}:
            return self.filter(division__code__startswith=actor.code)
        return self.none()

    def holding(self, inbox_role: str, code: str, unit_id: int | None) -> Self:
        """Who holds a post: role and unit, or role and territory."""
        return self.filter(role=inbox_role, **({"unit_id": unit_id} if unit_id else {"division__code": code}))


class Appointment(models.Model):
    """Who holds which role, for which unit, over which territory, how long: the only source for acting (ADR 0010)."""

    user = models.ForeignKey("base.User", verbose_name=_("账号"), on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(_("角色"), max_length=10, choices=Role)
    division = models.ForeignKey(Division, verbose_name=_("辖区"), on_delete=models.PROTECT)
    unit = models.ForeignKey(Department, verbose_name=_("单位"), null=True, blank=True, on_delete=models.PROTECT)
    capacity = models.CharField(_("身份"), max_length=40, blank=True)
    starts_on = models.DateField(_("任职日期"))
    ends_on = models.DateField(_("离任日期"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            ends_after_start("appointment_ends_after_start"),
            models.CheckConstraint(
                name="appointment_unit_where_needed",
                condition=~Q(role__in=["applicant", "street", "office", "member", "alternate"]) | Q(unit__isnull=False),
                violation_error_message=_("这个角色要写明单位。"),
            ),
            once_at_a_time(
                "appointment_once_at_a_time",
                ["user", "role", "division", Coalesce("unit", Value(0))],
                says=_("这个账号在这段时间里已经有同样的任职。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.division_id}"

    def actor(self) -> Actor:
        """The actor of this appointment, loaded by `acting`."""
        return Actor(
            user_id=self.user_id, appointment_id=self.pk, role=Role(self.role), code=self.division.code,
            unit_id=self.unit_id, unit_name=self.unit.name if self.unit else self.division.name, capacity=self.capacity,
            succeeds=frozenset(getattr(self, "succeeded", ())),
        )  # fmt: skip
