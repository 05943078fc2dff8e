"""What must not, or may only, be asked of communities, by kind (rulebook 4.2): rules with a basis beside the list."""

from datetime import date, datetime
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.roles import lineage
from worklists.kinds import SubjectType
from worklists.models.two_times import closes_once, known

WHOLE_COUNTRY = ""


class RegisterRuleQuerySet(models.QuerySet["RegisterRule"]):
    def of_place(self, code: str, *, on: date, known_at: datetime | None = None) -> Self:
        """The rules of a place and of all that contain it, in force on a day, as known at a moment."""
        return self.filter(known(known_at), owner_code__in=[WHOLE_COUNTRY, *lineage(code)], in_force__contains=on)

    def forbidding(self) -> Self:
        """What must not be asked; not what another place has forbidden for itself."""
        return self.filter(stance=RegisterRule.Stance.FORBIDDEN, is_binding=True)


class RegisterRule(models.Model):
    """One thing of one kind, and what a document says of it. A `reference` binds nobody here: another place's rule."""

    class Stance(models.TextChoices):
        FORBIDDEN = "forbidden", _("不得要求")
        ONLY = "only", _("只许这些")

    owner_code = models.CharField(_("适用区划代码"), max_length=6, blank=True, db_collation="C")
    subject_type = models.CharField(_("对象"), max_length=15, choices=SubjectType)
    stance = models.CharField(_("规定"), max_length=10, choices=Stance)
    is_binding = models.BooleanField(_("有约束力"))
    title = models.CharField(_("名称"), max_length=200)
    basis = models.CharField(_("依据"), max_length=300)
    quote = models.TextField(_("原文"), blank=True)
    in_force = DateRangeField(_("有效期间"))
    recorded = DateTimeRangeField(_("记录期间"))

    objects = RegisterRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("分类清单规定")
        verbose_name_plural = _("分类清单规定")
        constraints = [
            ExclusionConstraint(
                name="rule_once_in_both_times",
                expressions=[
                    ("owner_code", RangeOperators.EQUAL),
                    ("subject_type", RangeOperators.EQUAL),
                    ("title", RangeOperators.EQUAL),
                    ("in_force", RangeOperators.OVERLAPS),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("同一事项在同一时间只能有一条规定。"),
            ),
            models.CheckConstraint(
                name="rule_ranges_not_empty",
                condition=Q(in_force__isempty=False, recorded__isempty=False, in_force__startswith__isnull=False),
                violation_error_message=_("有效期间和记录期间不能是空的。"),
            ),
            models.CheckConstraint(
                name="rule_named_with_its_basis",
                condition=~Q(title="") & ~Q(basis=""),
                violation_error_message=_("规定要写明名称和依据。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="rule_never_deleted", operation=pgtrigger.Delete),
            closes_once("rule_only_closes", "a rule"),
        ]

    def __str__(self) -> str:
        return self.title
