"""What a county may set for its reports, its filings and the seat that stands in: each with its default and basis.

Admission's settings page shows these beside its own, so that each default is written once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.text import Words
from communities.models import CountySetting


class Key(models.TextChoices):
    """The settings of this app."""

    REPORT_ANSWER_DAYS = "report_answer_days", _("部门答复报告期限")
    SUBSTITUTE_UNIT = "substitute_unit", _("办公室所在单位申请或者被报告时，由哪个单位代行办公室工作")
    REPORT_WORDING = "report_wording", _("报告编号格式")
    COMPLETION_WORDING = "completion_wording", _("完成备案编号格式")


@dataclass(frozen=True)
class Rule:
    """A default value with its basis."""

    default: Any
    basis: Words


RULES: Mapping[str, Rule] = {
    Key.REPORT_ANSWER_DAYS: Rule(
        5, _("指导意见没有规定；默认和应急工作补办确认一样，五个工作日，应急工作从报告当天起算")
    ),
    Key.SUBSTITUTE_UNIT: Rule("组织部", _("指导意见没有规定；民政局自己申请或者被报告时回避，默认由组织部代行")),
    Key.REPORT_WORDING: Rule("准报〔{year}〕{n}号", _("默认格式，区县应写入机关代字")),
    Key.COMPLETION_WORDING: Rule("准完〔{year}〕{n}号", _("默认格式，区县应写入机关代字")),
}


def value(county: str, key: Key, *, on: date) -> Any:
    """The value in force: the county's own where it has one, else the default. One query."""
    own = CountySetting.objects.of(county, on).get(key)
    return own.value if own else RULES[key].default
