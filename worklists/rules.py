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
from communities.models import CountySetting, Division
from communities.roles import CITY, COUNTY


class Key(models.TextChoices):
    """The settings of this app."""

    REPORT_ANSWER_DAYS = "report_answer_days", _("部门答复报告期限")
    SUPERVISION_DAYS = "supervision_days", _("督办件答复期限")
    SUBSTITUTE_UNIT = "substitute_unit", _("办公室所在单位申请或者被报告时，由哪个单位代行办公室工作")
    REPORT_WORDING = "report_wording", _("报告编号格式")
    COMPLETION_WORDING = "completion_wording", _("完成备案编号格式")
    REFUSAL_WORDING = "refusal_wording", _("拒绝告知书编号格式")


@dataclass(frozen=True)
class Rule:
    """A default value with its basis."""

    default: Any
    basis: Words


LONGEST_SIGN = 16
PLACE = "{place}"
"""In a default wording: where the county is named (docs/adr/0019)."""
WORDING_BASIS = _("默认格式，先用区县名称；区县应写入机关代字")
RULES: Mapping[str, Rule] = {
    Key.REPORT_ANSWER_DAYS: Rule(
        5, _("指导意见没有规定；默认和应急工作补办确认一样，五个工作日，应急工作从报告当天起算")
    ),
    Key.SUPERVISION_DAYS: Rule(10, _("指导意见第十二条没有规定期限，默认 10 个工作日")),
    Key.SUBSTITUTE_UNIT: Rule("组织部", _("指导意见没有规定；民政局自己申请或者被报告时回避，默认由组织部代行")),
    Key.REPORT_WORDING: Rule("{place}准报〔{year}〕{n}号", WORDING_BASIS),
    Key.COMPLETION_WORDING: Rule("{place}准完〔{year}〕{n}号", WORDING_BASIS),
    Key.REFUSAL_WORDING: Rule("{place}社拒〔{year}〕{n}号", WORDING_BASIS),
}


def value(county: str, key: Key, *, on: date) -> Any:
    """The value in force: the county's own where it has one, else the default. One query."""
    own = CountySetting.objects.of(county, on).get(key)
    return own.value if own else default_for(county, RULES[key].default)


def basis(county: str, key: Key, *, on: date) -> str:
    """Where the value in force comes from. One query."""
    own = CountySetting.objects.of(county, on).get(key)
    return own.basis if own else str(RULES[key].basis)


def default_for(county: str, default: Any) -> Any:
    """A default value as it is in a county. Two queries for a wording, else none."""
    return signed(default, sign_of(county)) if isinstance(default, str) and PLACE in default else default


def signed(default: Any, sign: str) -> Any:
    """A default wording with the county in its place; anything else as it is."""
    return default.replace(PLACE, sign) if isinstance(default, str) else default


def sign_of(county: str) -> str:
    """What a county is called in numbers while it has no wording of its own: like no other county of the platform.

    Its name; with its city's where another city has one of that name; with its code where its own city has.
    """
    names = dict(Division.objects.filter(code__in=[county, county[:CITY]]).values_list("code", "name"))
    name = names.get(county, county)[:LONGEST_SIGN]
    same = Division.objects.of_level(COUNTY).filter(name=names.get(county)).exclude(code=county)
    namesakes = list(same.values_list("code", flat=True))
    if any(code.startswith(county[:CITY]) for code in namesakes):
        return f"{name}{county}"
    return f"{names.get(county[:CITY], '')[:LONGEST_SIGN]}{name}" if namesakes else name
