"""Completion and early exit: filed with the office, no approval (S2-P4 art 10; T19)."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Department, Division
from communities.roles import Actor, Role
from worklists import departments
from worklists.models.item import ItemScope, ItemVersion, WorkItem


class CompletionFilingQuerySet(models.QuerySet["CompletionFiling"]):
    def visible_to(self, actor: Actor) -> Self:
        """The department its own and those of units it succeeded; streets and communities what reached them; the
        county's organs all (section 3)."""
        match actor.role:
            case Role.APPLICANT:
                return self.filter(filed_by_id__in=departments.acting_for(actor.unit_id))
            case Role.STREET | Role.COMMUNITY:
                reach = ItemScope.objects.filter(version__item=OuterRef("item"))
                own = reach.filter(Q(code__in=actor.lineage) | Q(code__startswith=actor.code))
                return self.filter(Q(filed_by_id__in=departments.acting_for(actor.unit_id)) | Exists(own))
            case Role.ADMIN | Role.SYSTEM | Role.HR | Role.WORKER:
                return self.none()
            case _:
                return self.filter(item__owner__code__startswith=actor.code)


class CompletionFiling(models.Model):
    """An item that was completed or ended early, filed by its original department."""

    class Kind(models.TextChoices):
        COMPLETED = "completed", _("完成")
        EXITED_EARLY = "exited_early", _("提前退出")

    item = models.ForeignKey(WorkItem, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="filings")
    ended_version = models.ForeignKey(
        ItemVersion, verbose_name=_("终止的版本"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("备案种类"), max_length=15, choices=Kind)
    number = models.CharField(_("备案编号"), max_length=60, unique=True)
    filed_by = models.ForeignKey(Department, verbose_name=_("备案单位"), on_delete=models.PROTECT)
    filed_at = models.DateTimeField(_("备案时间"))
    ended_on = models.DateField(_("实际结束日期"))
    reason = models.TextField(_("原因"))
    results = models.TextField(_("完成情况"))
    unfinished = models.TextField(_("对社区未了事项"), blank=True)
    handover = models.TextField(_("台账、系统、牌子交接"), blank=True)
    acknowledged_at = models.DateTimeField(_("办公室收讫时间"), null=True, blank=True)
    acknowledged_by = models.CharField(_("收讫人"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("修改次数"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    objects = CompletionFilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("完成和退出备案")
        verbose_name_plural = _("完成和退出备案")
        constraints = [
            models.CheckConstraint(
                name="filing_acknowledged_by_whom",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by="")),
                violation_error_message=_("收讫要有时间和收讫人。"),
            )
        ]

    def __str__(self) -> str:
        return self.number


class FilingComment(models.Model):
    """What a street or community says of a completed item."""

    filing = models.ForeignKey(
        CompletionFiling, verbose_name=_("备案"), on_delete=models.PROTECT, related_name="comments"
    )
    body = models.ForeignKey(Division, verbose_name=_("街道或社区"), on_delete=models.PROTECT)
    text = models.TextField(_("意见"))
    said_at = models.DateTimeField(_("时间"))
    said_by = models.CharField(_("经手"), max_length=200)

    class Meta:
        verbose_name = _("备案意见")
        verbose_name_plural = _("备案意见")

    def __str__(self) -> str:
        return f"{self.body_id}: {self.text[:30]}"
