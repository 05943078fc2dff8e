"""Facts that hold from a day to a day, and are never deleted."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def valid_on(day: date) -> Q:
    """The rows of a table with `starts_on`/`ends_on` that hold on this day (`ends_on` is the last day)."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint every table with a validity carries."""
    return models.CheckConstraint(
        name=name,
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        violation_error_message=_("结束日期不能早于开始日期。"),
    )
