"""Facts that hold from a day to a day, and are never deleted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
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


def once_at_a_time(name: str, same: Sequence[Any], *, says: Any) -> ExclusionConstraint:
    """The constraint of a table with a validity in which no two rows that agree in `same` hold on one day."""
    held = Func(
        "starts_on",
        "ends_on",
        RangeBoundary(inclusive_upper=True),
        function="daterange",
        output_field=DateRangeField(),
    )
    expressions = [*((each, RangeOperators.EQUAL) for each in same), (held, RangeOperators.OVERLAPS)]
    return ExclusionConstraint(name=name, expressions=expressions, violation_error_message=says)
