"""The decision, the numbered work notice with its receipts, the filing (S2-P4 art 7(三), 8(四))."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admission.models.application import Application
from communities.models import Department, Division


class Decision(models.Model):
    """Approval or refusal by the director or a deputy. Never edited (ADR 0005)."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("准予")
        REJECTED = "rejected", _("不予")

    class Capacity(models.TextChoices):
        DIRECTOR = "director", _("主任")
        DEPUTY = "deputy", _("副主任")

    application = models.OneToOneField(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="decision"
    )
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    capacity = models.CharField(_("身份"), max_length=10, choices=Capacity)
    text = models.TextField(_("核准意见"))
    decided_at = models.DateTimeField(_("核准时间"))
    decided_on = models.DateField(_("核准日期"))
    decided_by = models.CharField(_("核准人"), max_length=200)

    class Meta:
        verbose_name = _("核准决定")
        verbose_name_plural = _("核准决定")
        constraints = [
            models.CheckConstraint(
                name="decision_with_text", condition=~Q(text=""), violation_error_message=_("核准意见不能空着。")
            )
        ]
        triggers = [pgtrigger.Protect(name="decision_never_edited", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"


class WorkNotice(models.Model):
    """工作告知单: the numbered notice; what it said is kept in `content`, word for word. Never edited."""

    application = models.OneToOneField(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="notice"
    )
    number = models.CharField(_("编号"), max_length=60, unique=True)
    issued_at = models.DateTimeField(_("下发时间"))
    issued_on = models.DateField(_("下发日期"))
    issued_by = models.CharField(_("经手"), max_length=200)
    starts_on = models.DateField(_("施行日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    content = models.JSONField(_("内容"))

    class Meta:
        verbose_name = _("工作告知单")
        verbose_name_plural = _("工作告知单")
        triggers = [pgtrigger.Protect(name="notice_never_edited", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number


class NoticeReceiptQuerySet(models.QuerySet["NoticeReceipt"]):
    def open(self) -> Self:
        """Receipts that have not been acknowledged."""
        return self.filter(acknowledged_at__isnull=True)


class NoticeReceipt(models.Model):
    """One addressee of a notice (street, community or applicant) and its acknowledgement."""

    notice = models.ForeignKey(WorkNotice, verbose_name=_("告知单"), on_delete=models.PROTECT, related_name="receipts")
    body = models.ForeignKey(
        Division, verbose_name=_("街道或社区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Department, verbose_name=_("单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    acknowledged_by = models.CharField(_("签收人"), max_length=200, blank=True)

    objects = NoticeReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("签收")
        verbose_name_plural = _("签收")
        constraints = [
            models.UniqueConstraint(name="receipt_once", fields=["notice", "body", "unit"], nulls_distinct=False),
            models.CheckConstraint(
                name="receipt_has_one_addressee",
                condition=Q(body__isnull=False, unit__isnull=True) | Q(body__isnull=True, unit__isnull=False),
                violation_error_message=_("签收要写明是哪个单位。"),
            ),
            models.CheckConstraint(
                name="receipt_acknowledged_by_whom",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by="")),
                violation_error_message=_("签收要有时间和签收人。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="receipt_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__acknowledged_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.body_id or self.unit_id}"


class FilingRecord(models.Model):
    """备案: the office's register entry that closes the case (A-36)."""

    application = models.OneToOneField(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="filing"
    )
    number = models.CharField(_("备案编号"), max_length=60, unique=True)
    filed_at = models.DateTimeField(_("备案时间"))
    filed_by = models.CharField(_("经手"), max_length=200)
    remarks = models.TextField(_("备注"), blank=True)

    class Meta:
        verbose_name = _("备案")
        verbose_name_plural = _("备案")
        triggers = [pgtrigger.Protect(name="filing_never_edited", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number
