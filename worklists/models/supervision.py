"""督办: a unit is asked, by a day, to put right what it did against the rules (rulebook 5.5; T21; S2-P4 art 12)."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.models import Attachment
from communities.models import Department, Division
from communities.roles import Actor, Role
from worklists.models.report import UnapprovedReport


class SupervisionCaseQuerySet(models.QuerySet["SupervisionCase"]):
    def visible_to(self, actor: Actor) -> Self:
        """The unit that is supervised, the unit that stood in for the office, the organs of the county and above it.
        Not the streets and communities: who reported reads on its own report what came of it."""
        match actor.role:
            case Role.APPLICANT | Role.STREET:
                return self.filter(unit_id__in=actor.units)
            case Role.MEMBER:
                return self.opened_by(actor) | self.filter(unit_id__in=actor.units)
            case Role.OFFICE | Role.DIRECTOR | Role.DEPUTY | Role.CITY | Role.AUDITOR:
                return self.filter(county__code__startswith=actor.code)
            case _:
                return self.none()

    def running(self) -> Self:
        """Not closed yet."""
        return self.exclude(state=SupervisionCase.State.CLOSED)

    def opened_by(self, actor: Actor) -> Self:
        """Opened by this post, whoever held it then, or by a unit that it has succeeded; as `access.opened` has it."""
        mine = self.filter(opened_role=actor.role)
        if actor.role is Role.MEMBER:
            return mine.filter(opened_unit_id__in=actor.units)
        return mine.filter(opened_code=actor.code)


class SupervisionCase(models.Model):
    """One matter that a unit has to answer for. No number: the sources ask for one on the notice, the filing and the
    dossier's papers; of supervision they name subject, deadline, answers, reminder and result (rulebook 5.5), and no
    paper leaves the portal by which somebody would have to cite it."""

    class State(models.TextChoices):
        OPEN = "open", _("等待答复")
        ANSWERED = "answered", _("已答复")
        CLOSED = "closed", _("已办结")

    class Result(models.TextChoices):
        STOPPED = "stopped", _("已停止交办")
        APPLIED = "applied", _("已申请补充确认")
        CORRECTED = "corrected", _("已整改")
        UNCORRECTED = "uncorrected", _("未整改")
        UNFOUNDED = "unfounded", _("经查不属实")

    county = models.ForeignKey(Division, verbose_name=_("区县"), on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Department, verbose_name=_("被督办单位"), on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(
        UnapprovedReport, verbose_name=_("未经准入报告"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="supervisions",
    )  # fmt: skip
    matter = models.CharField(_("督办的事"), max_length=200)
    basis = models.TextField(_("依据"))
    demand = models.TextField(_("要求"))
    opened_at = models.DateTimeField(_("立件时间"))
    opened_by = models.CharField(_("督办单位"), max_length=200)
    opened_role = models.CharField(_("督办身份"), max_length=12, choices=Role)
    opened_code = models.CharField(_("督办地域"), max_length=12)
    opened_unit = models.ForeignKey(
        Department,
        verbose_name=_("督办单位（部门）"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    counted_from = models.DateField(_("期限起算"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("期限（工作日）"), null=True, blank=True)
    due_on = models.DateField(_("最晚答复"))
    provisional = models.BooleanField(_("暂定"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    result = models.CharField(_("结果"), max_length=15, choices=Result, blank=True)
    reason = models.TextField(_("结果说明"), blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    version = models.PositiveIntegerField(_("修改次数"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    objects = SupervisionCaseQuerySet.as_manager()

    loaded_with_lock = ("county", "unit", "report")

    class Meta:
        verbose_name = _("督办件")
        verbose_name_plural = _("督办件")
        constraints = [
            models.CheckConstraint(
                name="supervision_closed_with_result",
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(result="") & ~Q(reason="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, result="", reason=""),
                violation_error_message=_("办结要有时间、结果和说明。"),
            ),
            models.CheckConstraint(
                name="supervision_period_is_whole",
                condition=Q(counted_from__isnull=True, answer_days__isnull=True)
                | Q(counted_from__isnull=False, answer_days__isnull=False),
                violation_error_message=_("按工作日计算的期限要有起算日和天数。"),
            ),
            models.UniqueConstraint(
                name="supervision_one_open_of_a_report", fields=["report"], condition=~Q(state="closed"),
                violation_error_message=_("这份报告已经在督办。"),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="supervision_county", fields=["county", "-id"])]

    def __str__(self) -> str:
        return self.matter


class SupervisionAnswer(models.Model):
    """What the unit answered, each time; never changed."""

    case = models.ForeignKey(
        SupervisionCase, verbose_name=_("督办件"), on_delete=models.PROTECT, related_name="answers"
    )
    text = models.TextField(_("答复"))
    answered_at = models.DateTimeField(_("答复时间"))
    answered_by = models.CharField(_("答复单位"), max_length=200)
    files = models.ManyToManyField(Attachment, verbose_name=_("附件"), blank=True, related_name="+")

    class Meta:
        verbose_name = _("督办答复")
        verbose_name_plural = _("督办答复")
        triggers = [
            pgtrigger.Protect(name="supervision_answer_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.answered_by}"
