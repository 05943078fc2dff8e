"""拒绝告知书: a street or a community tells who asked that it does not take on what was not admitted (PR-2, PR-13)."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Department, Division
from communities.roles import Actor, Role
from worklists import departments
from worklists.kinds import Wrong
from worklists.models.item import WorkItem
from worklists.models.register import RegisterRule
from worklists.models.report import UnapprovedReport


class RefusalQuerySet(models.QuerySet["Refusal"]):
    def visible_to(self, actor: Actor) -> Self:
        """The place its own, the street those of its communities, whoever asked what was refused it, the county's
        organs all. A refusal is open: unlike a report it says who refuses."""
        match actor.role:
            case Role.APPLICANT:
                return self.filter(department__in=departments.acting_for(actor.unit_id))
            case Role.STREET:
                asked_by_us = Q(department__in=departments.acting_for(actor.unit_id))
                return self.filter(Q(place__code__startswith=actor.code) | asked_by_us)
            case Role.COMMUNITY:
                return self.filter(place__code=actor.code)
            case Role.OFFICE | Role.DIRECTOR | Role.DEPUTY | Role.CITY | Role.AUDITOR:
                return self.filter(county__code__startswith=actor.code)
            case _:
                return self.none()


class Refusal(models.Model):
    """One refusal as it was issued: who refused what, of whom, why, and what the list said that day. Never changed."""

    county = models.ForeignKey(Division, verbose_name=_("区县"), on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("拒绝告知书编号"), max_length=60, unique=True)
    place = models.ForeignKey(Division, verbose_name=_("出具单位"), on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, verbose_name=_("交办单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department_text = models.CharField(_("交办单位（所写）"), max_length=80)
    what = models.CharField(_("交办的事"), max_length=300)
    wrong = models.CharField(_("拒绝的理由"), max_length=15, choices=Wrong)
    channel = models.CharField(_("怎么交办的"), max_length=12, choices=UnapprovedReport.Channel)
    happened_on = models.DateField(_("交办日期"))
    verdict = models.CharField(_("核对结果"), max_length=15)
    item = models.ForeignKey(
        WorkItem, verbose_name=_("相近的清单事项"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rule = models.ForeignKey(
        RegisterRule, verbose_name=_("违反的规定"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    content = models.JSONField(_("告知书内容"))
    issued_at = models.DateTimeField(_("出具时间"))
    issued_by = models.CharField(_("出具人"), max_length=200)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("拒绝告知书")
        verbose_name_plural = _("拒绝告知书")
        constraints = [
            models.CheckConstraint(
                name="refusal_not_of_what_is_on_the_list",
                condition=~Q(verdict="listed") | ~Q(wrong="unapproved"),
                violation_error_message=_("清单上的事项不能以没有准入为由拒绝。"),
            ),
            models.CheckConstraint(
                name="refusal_of_what_is_forbidden_by_a_rule",
                condition=Q(verdict="forbidden", rule__isnull=False, item__isnull=True)
                | (~Q(verdict="forbidden") & Q(rule__isnull=True)),
                violation_error_message=_("明文禁止的，要写明是哪一条规定。"),
            ),
        ]
        indexes = [models.Index(name="refusal_county", fields=["county", "-id"])]
        triggers = [pgtrigger.Protect(name="refusal_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number

    @property
    def issuer(self) -> list[str]:
        """The head of the paper: the place as it was called on the day."""
        return [str(self.content["place"])]
