"""The implementation plan (实施方案): versions, each frozen once it has been put to consultation."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admission.models.application import Application


class ImplementationPlan(models.Model):
    """One version of the plan: the eight parts of art 6, and what art 2 adds.

    `division`: [{"party": str, "duty": str}]; `process`: [str]; `milestones`: [{"on": "2026-11-21", "result": str}].
    `form`: what of the application form goes to consultation with this version (`differences.asked_about`).
    """

    application = models.ForeignKey(Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(_("版次"), default=1)
    goal = models.TextField(_("工作目标"), blank=True)
    requirements = models.TextField(_("工作内容和要求"), blank=True)
    community_does = models.TextField(_("社区做什么"), blank=True)
    community_does_not = models.TextField(_("社区不做什么"), blank=True)
    powers = models.TextField(_("权限"), blank=True)
    division = models.JSONField(_("职责分工"), default=list, blank=True)
    process = models.JSONField(_("操作流程"), default=list, blank=True)
    milestones = models.JSONField(_("时间节点"), default=list, blank=True)
    people = models.TextField(_("人员保障"), blank=True)
    people_count = models.PositiveIntegerField(_("投入人数"), null=True, blank=True)
    money_amount = models.DecimalField(_("经费（万元）"), max_digits=10, decimal_places=2, null=True, blank=True)
    money_source = models.CharField(_("经费来源"), max_length=200, blank=True)
    money_schedule = models.CharField(_("拨付方式和时间"), max_length=200, blank=True)
    money_zero_reason = models.CharField(_("不需要经费的理由"), max_length=300, blank=True)
    premises = models.TextField(_("场地、设备"), blank=True)
    training = models.TextField(_("业务培训"), blank=True)
    training_hours = models.DecimalField(_("培训学时"), max_digits=6, decimal_places=1, null=True, blank=True)
    guidance = models.TextField(_("业务指导"), blank=True)
    guidance_contact = models.CharField(_("业务指导联系人"), max_length=80, blank=True)
    rules = models.TextField(_("工作制度"), blank=True)
    form = models.JSONField(_("一并征询的申请表内容"), default=dict, blank=True, editable=False)
    frozen_at = models.DateTimeField(_("定稿时间"), null=True, blank=True)

    personal_fields = ("guidance_contact",)

    class Meta:
        verbose_name = _("实施方案")
        verbose_name_plural = _("实施方案")
        constraints = [
            models.UniqueConstraint(name="plan_version_once", fields=["application", "number"]),
            models.UniqueConstraint(
                name="plan_one_open_version", fields=["application"], condition=Q(frozen_at__isnull=True)
            ),
            models.CheckConstraint(
                name="plan_money_not_negative",
                condition=Q(money_amount__isnull=True) | Q(money_amount__gte=0),
                violation_error_message=_("经费不能是负数。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="plan_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(_("第 %(number)s 版方案") % {"number": self.number})
