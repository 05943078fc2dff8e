"""What a county may set for itself, each with its default and where that comes from.

The settings that the lists read too are declared in `worklists/rules.py` and counted in here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from admission.deadlines import PERIODS, Clock, Period
from base import numbering
from communities.models import CountySetting, Division
from communities.roles import COUNTY
from worklists import rules as lists
from worklists.rules import Rule


class Key(models.TextChoices):
    """The settings of the procedure besides its periods."""

    STREET_MAY_APPLY = "street_may_apply", _("街道可以为本街道的工作提出申请")
    SIMPLE_NEEDS_COMMUNITIES = "simple_needs_communities", _("简易程序须每个社区都答复无异议")
    QUORUM_PERCENT = "quorum_percent", _("会议法定人数（超过成员单位的百分之几）")
    NOTICE_WORDING = "notice_wording", _("工作告知单编号格式")
    APPLICATION_WORDING = "application_wording", _("申请编号格式")
    FILING_WORDING = "filing_wording", _("备案编号格式")
    APPLY_AHEAD_DAYS = "apply_ahead_days", _("开始前至少多少个工作日提出申请")


RULES: Mapping[str, Rule] = {
    **lists.RULES,
    Key.STREET_MAY_APPLY: Rule(
        True, _("指导意见第五条只写部门和议事协调机构；街道为自己的工作申请依据天宁方案三（一）")
    ),
    Key.SIMPLE_NEEDS_COMMUNITIES: Rule(True, _("指导意见第七条：与乡镇（街道）、社区协商无异议")),
    Key.QUORUM_PERCENT: Rule(50, _("指导意见没有规定，默认超过成员单位的半数")),
    Key.NOTICE_WORDING: Rule("{place}准告〔{year}〕{n}号", lists.WORDING_BASIS),
    Key.APPLICATION_WORDING: Rule("{place}准申〔{year}〕{n}号", lists.WORDING_BASIS),
    Key.FILING_WORDING: Rule("{place}准备〔{year}〕{n}号", lists.WORDING_BASIS),
    Key.APPLY_AHEAD_DAYS: Rule(30, _("指导意见没有规定，参照北京西城 2018 年做法，开始前 30 个工作日")),
}


WORDINGS: tuple[Key | lists.Key, ...] = (
    Key.APPLICATION_WORDING, Key.NOTICE_WORDING, Key.FILING_WORDING, lists.Key.COMPLETION_WORDING,
    lists.Key.REPORT_WORDING, lists.Key.REFUSAL_WORDING,
)  # fmt: skip


def wording_taken(county: str, key: str, wording: str, *, since: date) -> str:
    """Which other series would come to the same numbers from that day on; empty where none would."""
    rules = CountyRules(county, since)
    own = [(str(other.label), rules.value(other)) for other in WORDINGS if other != key]
    kept = CountySetting.objects.filter(key__in=WORDINGS).exclude(county__code=county, since__lt=since)
    labels = {other.value: str(other.label) for other in WORDINGS}
    for row in kept.exclude(county__code=county, key=key).select_related("county"):
        own.append((labels[row.key] if row.county.code == county else f"{row.county}{labels[row.key]}", row.value))
    taken = next((label for label, value in own if numbering.same_series(value, wording)), "")
    return taken or _default_elsewhere(county, wording)


def _default_elsewhere(county: str, wording: str) -> str:
    """Is it the default of another county, which has no wording of its own yet or had none?"""
    names = {wording[start:end] for end in range(len(wording)) for start in range(end)}
    named = Division.objects.of_level(COUNTY).filter(name__in=names).exclude(code=county)
    for place in named:
        sign = lists.sign_of(place.code)
        for key in WORDINGS:
            if numbering.same_series(lists.signed(RULES[key].default, sign), wording):
                return f"{place}{key.label}"
    return ""


class CountyRules:
    """One county's settings on a day: its own where it has one, else the default. One query when made."""

    def __init__(self, county: str, on: date) -> None:
        self.county = county
        self.own = CountySetting.objects.of(county, on)

    def value(self, key: Key | lists.Key) -> Any:
        """The value in force."""
        own = self.own.get(key)
        if own:
            return own.value
        default = RULES[key].default
        return lists.signed(default, self.sign) if key in WORDINGS else default

    @cached_property
    def sign(self) -> str:
        """What the county is called in default wordings."""
        return lists.sign_of(self.county)

    def basis(self, key: Key | lists.Key) -> str:
        """Where the value comes from."""
        own = self.own.get(key)
        return own.basis if own else str(RULES[key].basis)

    def period(self, clock: Clock) -> Period:
        """The period of a clock: the county's own (key `period_<clock>`), else the default."""
        own = self.own.get(f"period_{clock}")
        return Period(int(own.value), own.basis) if own else PERIODS[clock]
