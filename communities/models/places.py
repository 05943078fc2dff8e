"""Divisions by their statistical code, and the facts of communities."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from communities.models.validity import ends_after_start, valid_on
from communities.roles import LEVEL_LENGTHS, lineage

models.CharField.register_lookup(Length)


class DivisionQuerySet(models.QuerySet["Division"]):
    def under(self, code: str) -> Self:
        """The division and everything inside it: a prefix, served by the index."""
        return self.filter(code__startswith=code)

    def above(self, code: str) -> Self:
        """The division and everything that contains it, by the prefixes of its own code."""
        return self.filter(code__in=lineage(code))

    def valid(self, day: date) -> Self:
        """Divisions that exist on this day."""
        return self.filter(valid_on(day))

    def of_level(self, *levels: int) -> Self:
        """Divisions whose code has one of these lengths (2, 4, 6, 9, 12 digits)."""
        return self.filter(code__length__in=levels)


class Division(models.Model):
    """A place by its statistical division code, cut to the length of its level (2, 4, 6, 9, 12 digits)."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")
        STREET = "street", _("街道")
        TOWN = "town", _("镇")
        TOWNSHIP = "township", _("乡")
        COMMUNITY = "community", _("社区")
        VILLAGE = "village", _("村")
        OTHER = "other", _("其他")

    code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    starts_on = models.DateField(_("启用日期"), default=date(1949, 10, 1))
    ends_on = models.DateField(_("停用日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", verbose_name=_("承继区划"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("区划")
        verbose_name_plural = _("区划")
        constraints = [
            # Not unique=True: that would add an index for LIKE, which the "C" collation makes superfluous.
            models.UniqueConstraint(name="division_code_once", fields=["code"]),
            models.CheckConstraint(
                name="division_code_is_digits",
                condition=Q(code__regex=r"^[0-9]+$", code__length__in=LEVEL_LENGTHS),
                violation_error_message=_("区划代码应为 2、4、6、9 或 12 位数字。"),
            ),
            ends_after_start("division_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def county_code(self) -> str:
        """The first six digits: the tenant."""
        return self.code[:6]


class CommunityQuerySet(models.QuerySet["Community"]):
    def under(self, code: str) -> Self:
        """The communities inside a division."""
        return self.filter(division__code__startswith=code)

    def valid(self, day: date) -> Self:
        """Communities whose division exists on this day."""
        ended = Q(division__ends_on__isnull=True) | Q(division__ends_on__gte=day)
        return self.filter(ended, division__starts_on__lte=day)


class Community(models.Model):
    """The facts of one community (rulebook section 7)."""

    class Kind(models.TextChoices):
        URBAN = "urban", _("城市社区")
        RURAL = "rural", _("村")
        CONVERTED = "converted", _("村改居")

    division = models.OneToOneField(
        Division, verbose_name=_("区划"), on_delete=models.PROTECT, related_name="community"
    )
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    residents = models.PositiveIntegerField(_("常住人口"), null=True, blank=True)
    registered_population = models.PositiveIntegerField(_("户籍人口"), null=True, blank=True)
    facility_area = models.PositiveIntegerField(_("综合服务设施面积（平方米）"), null=True, blank=True)
    has_service_station = models.BooleanField(_("设社区服务站"), null=True, blank=True)
    phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    version = models.PositiveIntegerField(_("修改次数"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    objects = CommunityQuerySet.as_manager()

    loaded_with_lock = ("division",)

    class Meta:
        verbose_name = _("社区")
        verbose_name_plural = _("社区")

    def __str__(self) -> str:
        return self.division.name
