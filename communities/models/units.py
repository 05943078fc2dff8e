"""Departments, coordinating bodies and street offices."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from communities.models.places import Division
from communities.models.validity import ends_after_start, valid_on


class DepartmentQuerySet(models.QuerySet["Department"]):
    def valid(self, day: date) -> Self:
        """Departments that exist on this day."""
        return self.filter(valid_on(day))

    def of(self, county: str) -> Self:
        """The departments, coordinating bodies and street offices of one county (or city)."""
        return self.filter(division__code=county)

    def hosting(self, day: date) -> Self:
        """The unit at which the committee's office of each county sits on a day.

        Where a host is to end, its successor is marked too: until the last day it is the one that ends first.
        """
        ending = F("ends_on").asc(nulls_last=True)
        return self.valid(day).filter(hosts_office=True).order_by("division_id", ending, "pk").distinct("division_id")

    def listed(self) -> Self:
        """Departments first, then coordinating bodies, then streets; each as they were entered."""
        kinds = (When(kind=kind, then=Value(place)) for place, kind in enumerate(Department.Kind))
        return self.order_by(Case(*kinds, output_field=models.SmallIntegerField()), "pk")

    def named(self, text: str) -> Self:
        """By full name, short name or an older name, as printed in a list (A-30)."""
        return self.filter(Q(name=text) | Q(short_name=text) | Q(aliases__contains=[text]))


class Department(models.Model):
    """A functional department, a coordinating body, or a street office, with its validity and successor."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("职能部门")
        COORDINATING_BODY = "coordinating_body", _("议事协调机构")
        STREET_OFFICE = "street_office", _("街道办事处（乡镇政府）")

    division = models.ForeignKey(
        Division, verbose_name=_("所属区县"), on_delete=models.PROTECT, related_name="departments"
    )
    kind = models.CharField(_("类型"), max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    aliases = ArrayField(models.CharField(max_length=80), verbose_name=_("曾用名和别名"), default=list, blank=True)
    street = models.OneToOneField(
        Division, verbose_name=_("街道（乡镇）"), null=True, blank=True, on_delete=models.PROTECT, related_name="office"
    )
    hosts_office = models.BooleanField(_("审核委员会办公室设在本单位"), default=False)
    starts_on = models.DateField(_("设立日期"), default=date(1949, 10, 1))
    ends_on = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey("self", verbose_name=_("承继单位"), null=True, blank=True, on_delete=models.PROTECT)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        constraints = [
            models.UniqueConstraint(name="department_name_once", fields=["division", "name", "starts_on"]),
            models.CheckConstraint(
                name="department_street_office_has_street",
                condition=Q(kind="street_office", street__isnull=False)
                | (~Q(kind="street_office") & Q(street__isnull=True)),
                violation_error_message=_("街道办事处（乡镇政府）要写明所在街道，其他单位不写。"),
            ),
            models.UniqueConstraint(
                name="department_one_host", fields=["division"], condition=Q(hosts_office=True, ends_on__isnull=True)
            ),
            ends_after_start("department_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name
