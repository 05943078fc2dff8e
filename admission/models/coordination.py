"""What the office writes: defects on return, the screening, the coordination of disputed points (art 7(二), 8(二))."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from admission.models.application import Application
from admission.models.consultation import Opinion
from admission.procedure import Procedure
from communities.models import Department


class DefectNote(models.Model):
    """A return for correction: all defects at once (一次性告知). `defects`: [{"part": str, "what": str}]."""

    application = models.ForeignKey(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="defect_notes"
    )
    defects = models.JSONField(_("需要补正的内容"))
    from_screening = models.BooleanField(_("初审中退回"), default=False)
    returned_at = models.DateTimeField(_("退回时间"))
    returned_by = models.CharField(_("经手"), max_length=200)
    answered_at = models.DateTimeField(_("补正时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("补正通知")
        verbose_name_plural = _("补正通知")
        constraints = [
            models.CheckConstraint(
                name="defects_not_empty", condition=~Q(defects=[]), violation_error_message=_("退回要写明缺什么。")
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.returned_at:%Y-%m-%d}"


class Screening(models.Model):
    """The office's initial screening (初审把关), by the points of the committee's review form."""

    application = models.ForeignKey(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="screenings"
    )
    completeness = models.TextField(_("材料是否齐全"))
    legality = models.TextField(_("依据是否合法有效"))
    necessity = models.TextField(_("是否确有必要"))
    guarantees = models.TextField(_("人员、经费、权限是否落实"))
    burden = models.TextField(_("对社区负担的影响"))
    alternatives = models.TextField(_("有无替代办法"), blank=True)
    opinion = models.TextField(_("初审意见"))
    derived = models.CharField(_("按征询结果应适用"), max_length=8, choices=Procedure)
    chosen = models.CharField(_("办公室决定适用"), max_length=8, choices=Procedure)
    screened_at = models.DateTimeField(_("初审时间"))
    screened_by = models.CharField(_("经手"), max_length=200)

    class Meta:
        verbose_name = _("初审")
        verbose_name_plural = _("初审")
        constraints = [
            models.CheckConstraint(
                name="screening_only_stricter",
                condition=Q(derived=Procedure.SIMPLE) | Q(chosen=Procedure.ORDINARY),
                violation_error_message=_("征询有异议或未答复的，只能走普通程序。"),
            )
        ]
        triggers = [pgtrigger.Protect(name="screening_frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.application_id} {self.chosen}"


class Coordination(models.Model):
    """The coordination of one application: its course and its end."""

    application = models.OneToOneField(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="coordination"
    )
    opened_at = models.DateTimeField(_("开始时间"))
    summary = models.TextField(_("协调情况"), blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("沟通协调")
        verbose_name_plural = _("沟通协调")

    def __str__(self) -> str:
        return str(self.application_id)


class CoordinationContactQuerySet(models.QuerySet["CoordinationContact"]):
    def with_others(self) -> Self:
        """Talks with another unit than the applicant: only these are with a department concerned (art 8(二))."""
        return self.exclude(department=F("coordination__application__applicant"))


class CoordinationContact(models.Model):
    """A department concerned that the office talked to (art 8(二) 与有关部门充分沟通)."""

    coordination = models.ForeignKey(
        Coordination, verbose_name=_("协调"), on_delete=models.PROTECT, related_name="contacts"
    )
    department = models.ForeignKey(Department, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(_("日期"))
    summary = models.TextField(_("情况"))

    objects = CoordinationContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("协调联系")
        verbose_name_plural = _("协调联系")

    def __str__(self) -> str:
        return f"{self.department_id} {self.held_on:%Y-%m-%d}"


class DisputedPoint(models.Model):
    """One disputed point: from which opinion it comes, and what became of it, with the reason."""

    class Result(models.TextChoices):
        SETTLED = "settled", _("已协商一致")
        WITHDRAWN = "withdrawn", _("已书面撤回")
        TO_MEETING = "to_meeting", _("提交会议审议")

    coordination = models.ForeignKey(
        Coordination, verbose_name=_("协调"), on_delete=models.PROTECT, related_name="points"
    )
    opinion = models.ForeignKey(
        Opinion, verbose_name=_("意见"), null=True, blank=True, on_delete=models.PROTECT, related_name="points_disputed"
    )
    subject = models.TextField(_("争议点"))
    result = models.CharField(_("处理结果"), max_length=12, choices=Result, blank=True)
    reason = models.TextField(_("说明"), blank=True)
    handled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    handled_by = models.CharField(_("经手"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("争议点")
        verbose_name_plural = _("争议点")
        constraints = [
            models.CheckConstraint(
                name="point_handled_whole",
                condition=Q(handled_at__isnull=True, result="")
                | (Q(handled_at__isnull=False) & ~Q(result="") & ~Q(reason="")),
                violation_error_message=_("处理结果要写明说明和时间。"),
            )
        ]

    def __str__(self) -> str:
        return self.subject[:60]
