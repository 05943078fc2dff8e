"""Items and their versions in two times: `in_force` (legal days) and `recorded` (when we knew)."""

from datetime import date, datetime
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, Q
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from communities.models import Department, Division
from communities.roles import CITY, COUNTY, lineage
from worklists import search
from worklists.kinds import APPLIES, AppliesTo, Category, Ending, Executor, Origin, Side, SubjectType
from worklists.models.edition import PUBLISHED, ItemList
from worklists.models.two_times import closes_once, known


class WorkItem(models.Model):
    """The identity of one item; what it says is in its versions. `owner` is the city or county that keeps it."""

    owner = models.ForeignKey(Division, verbose_name=_("所属区划"), on_delete=models.PROTECT)
    code = models.CharField(_("事项编号"), max_length=30, unique=True)
    origin = models.CharField(_("来源"), max_length=12, choices=Origin)
    source_item = models.ForeignKey(
        "self", verbose_name=_("上级清单事项"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(_("修改次数"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    loaded_with_lock = ("owner",)

    class Meta:
        verbose_name = _("工作事项")
        verbose_name_plural = _("工作事项")

    def __str__(self) -> str:
        return self.code


class ItemVersionQuerySet(models.QuerySet["ItemVersion"]):
    def in_force(self, on: date) -> Self:
        """Versions whose legal time holds this day."""
        return self.filter(in_force__contains=on)

    def known(self, at: datetime | None = None) -> Self:
        """Versions as they were known at a moment; None means now."""
        return self.filter(known(at))

    def owned_by(self, *owners: str) -> Self:
        """The versions of the items that these divisions keep."""
        return self.filter(item__owner__code__in=owners)

    def over(self, code: str) -> Self:
        """Versions that reach a place: their scope holds one of its prefixes."""
        return self.filter(pk__in=_reaching(code))

    def followed_in(self, code: str, *, on: date, known_at: datetime | None = None) -> Self:
        """The versions that stand on a place's list on a day, as known at a moment: the county's own, and where it has
        not published a list of its own, those of its city's guidance list (PR-3)."""
        county = code[:COUNTY]
        without = ~Exists(own_lists(county, on=on, known_at=known_at))
        return self.filter(
            Q(item__owner__code=county) | without, known(known_at), item__owner__code__in=[county, county[:CITY]],
            in_force__contains=on,
        )  # fmt: skip

    def for_community(self, code: str, kind: str, *, on: date, known_at: datetime | None = None) -> Self:
        """What a community (12-digit code, kind urban/rural/converted) had to do on a day, as known at a moment."""
        rows = self.followed_in(code, on=on, known_at=known_at)
        return rows.filter(_IsTrue(In(F("pk"), _reaching(code))), applies_to__in=APPLIES[kind])

    def holding(self, text: str) -> Self:
        """Versions in which what somebody typed is found, by pairs of characters; nothing to look for finds nothing."""
        query = search.holding(text)
        return self.filter(search=query) if query else self.none()


def list_owner(code: str, *, on: date, known_at: datetime | None = None) -> str:
    """Whose list a place follows on a day: its county's where one is published, else its city's."""
    county = code[:COUNTY]
    return county if own_lists(county, on=on, known_at=known_at).exists() else county[:CITY]


def own_lists(county: str, *, on: date, known_at: datetime | None = None) -> models.QuerySet[ItemList]:
    """What a county has published itself by a day, as known at a moment."""
    own = ItemList.objects.filter(PUBLISHED, owner__code=county, starts_on__lte=on)
    return own if known_at is None else own.filter(published_at__lte=known_at)


def _reaching(code: str) -> models.QuerySet["ItemScope", Any]:
    """The keys of the versions over a place."""
    return ItemScope.objects.filter(code__in=lineage(code)).values("version")


class _IsTrue(Func):
    """Around a condition with a subquery: PostgreSQL then looks that up once and hashes it, and need not plan it among
    the joined tables. Only where another condition finds the rows."""

    template = "(%(expressions)s) IS TRUE"
    output_field = models.BooleanField()


class ItemVersion(models.Model):
    """What an item said, over whom and when, and from when to when we believed so."""

    item = models.ForeignKey(WorkItem, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="versions")
    in_force = DateRangeField(_("施行期间"))
    recorded = DateTimeRangeField(_("记录期间"))
    title = models.CharField(_("事项名称"), max_length=200)
    subject_type = models.CharField(_("对象"), max_length=15, choices=SubjectType, default=SubjectType.WORK_ITEM)
    category = models.CharField(_("类别"), max_length=10, choices=Category)
    side = models.CharField(_("两清单"), max_length=16, choices=Side)
    applies_to = models.CharField(_("适用"), max_length=6, choices=AppliesTo, default=AppliesTo.BOTH)
    executor = models.CharField(_("承接主体"), max_length=10, choices=Executor, default=Executor.COMMITTEE)
    department = models.ForeignKey(
        Department, verbose_name=_("部门"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department_text = models.CharField(_("部门（原文）"), max_length=80)
    does = models.TextField(_("社区做什么"), blank=True)
    does_not = models.TextField(_("社区不做什么"), blank=True)
    basis = models.TextField(_("依据"), blank=True)
    edition = models.ForeignKey(
        ItemList, verbose_name=_("版次"), null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    notice_number = models.CharField(_("工作告知单编号"), max_length=60, blank=True)
    decided_on = models.DateField(_("核准日期"), null=True, blank=True)
    ending = models.CharField(_("终止原因"), max_length=15, choices=Ending, blank=True)
    ending_number = models.CharField(_("终止文号"), max_length=60, blank=True)
    scope_text = models.CharField(_("范围"), max_length=300, blank=True)
    search = SearchVectorField(_("检索"), editable=False)

    objects = ItemVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("事项版本")
        verbose_name_plural = _("事项版本")
        constraints = [
            ExclusionConstraint(
                name="version_once_in_both_times",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    ("in_force", RangeOperators.OVERLAPS),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("同一事项在同一时间只能有一个版本。"),
            ),
            models.CheckConstraint(
                name="version_ranges_not_empty",
                condition=Q(in_force__isempty=False) & Q(recorded__isempty=False),
                violation_error_message=_("施行期间和记录期间不能是空的。"),
            ),
            models.CheckConstraint(
                name="version_from_edition_or_notice",
                condition=Q(edition__isnull=False) | (~Q(notice_number="") & Q(decided_on__isnull=False)),
                violation_error_message=_("列入清单的事项要有清单版次，或者有告知单编号和核准日期。"),
            ),
        ]
        indexes = [
            GinIndex(name="version_search", fields=["search"]),
            GistIndex(name="version_force", fields=["in_force"]),
        ]
        triggers = [
            pgtrigger.Protect(name="version_never_deleted", operation=pgtrigger.Delete),
            closes_once("version_only_closes", "a version"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemScope(models.Model):
    """A division (county, street or community) that a version reaches."""

    version = models.ForeignKey(ItemVersion, verbose_name=_("版本"), on_delete=models.PROTECT, related_name="scopes")
    code = models.CharField(_("区划代码"), max_length=12, db_collation="C")

    class Meta:
        verbose_name = _("范围")
        verbose_name_plural = _("范围")
        constraints = [models.UniqueConstraint(name="scope_once", fields=["code", "version"])]
        triggers = [pgtrigger.Protect(name="scope_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.code
