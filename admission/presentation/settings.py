"""A county's settings to read: value in words, where it comes from, since when, and what is to come."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission.deadlines import PERIODS, Clock
from admission.rules import RULES, WORDINGS, Key
from base.numbering import worded
from base.text import Words
from communities.models import CountySetting, Division
from worklists import rules as lists

PERIOD = "period_"


@dataclass(frozen=True)
class Kind:
    """One setting: its key, its name, its default with its basis, and how a value reads."""

    key: str
    label: Words
    default: Any
    basis: Words
    unit: Words = ""

    def words(self, value: Any) -> str:
        """A value as people read it."""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        return f"{value}{self.unit}"


def _rule(key: Key | lists.Key, unit: Words = "") -> Kind:
    return Kind(key.value, key.label, RULES[key].default, RULES[key].basis, unit)


def _period(clock: Clock) -> Kind:
    period = PERIODS[clock]
    label = format_lazy(gettext_lazy("{clock}期限"), clock=clock.label)
    return Kind(f"{PERIOD}{clock.value}", label, period.workdays, period.basis, gettext_lazy(" 个工作日"))


GROUPS: tuple[tuple[Promise, tuple[Kind, ...]], ...] = (
    (
        gettext_lazy("期限"),
        (
            *(_period(clock) for clock in Clock),
            _rule(lists.Key.REPORT_ANSWER_DAYS, gettext_lazy(" 个工作日")),
            _rule(lists.Key.SUPERVISION_DAYS, gettext_lazy(" 个工作日")),
            _rule(Key.APPLY_AHEAD_DAYS, gettext_lazy(" 个工作日")),
        ),
    ),
    (
        gettext_lazy("规则"),
        (
            _rule(Key.STREET_MAY_APPLY),
            _rule(Key.SIMPLE_NEEDS_COMMUNITIES),
            _rule(Key.QUORUM_PERCENT, "%"),
            _rule(lists.Key.SUBSTITUTE_UNIT),
        ),
    ),
    (
        gettext_lazy("编号格式"),
        (
            _rule(Key.APPLICATION_WORDING),
            _rule(Key.NOTICE_WORDING),
            _rule(Key.FILING_WORDING),
            _rule(lists.Key.COMPLETION_WORDING),
            _rule(lists.Key.REPORT_WORDING),
            _rule(lists.Key.REFUSAL_WORDING),
        ),
    ),
)
KINDS: dict[str, Kind] = {kind.key: kind for _label, kinds in GROUPS for kind in kinds}


@dataclass(frozen=True)
class Dated:
    """A value of the county's own and the day from which it applies."""

    value: str
    basis: str
    since: date


@dataclass(frozen=True)
class Row:
    """One setting on a day."""

    kind: Kind
    value: str
    basis: str
    since: date | None
    own: bool
    default: str
    example: str = ""
    coming: list[Dated] = field(default_factory=list)
    past: list[Dated] = field(default_factory=list)


def rows(county: Division, on: date) -> dict[str, Row]:
    """Every setting of a county by its key. Three queries."""
    sign = lists.sign_of(county.code)
    own: dict[str, list[CountySetting]] = {key: [] for key in KINDS}
    for setting in CountySetting.objects.filter(county=county).order_by("since"):
        own.setdefault(setting.key, []).append(setting)
    return {key: _row(kind, own[key], on, sign) for key, kind in KINDS.items()}


def _row(kind: Kind, settings: list[CountySetting], on: date, sign: str) -> Row:
    default = lists.signed(kind.default, sign)
    applied = [setting for setting in settings if setting.since <= on]
    now = applied[-1] if applied else None
    return Row(
        kind=kind,
        value=kind.words(now.value if now else default),
        basis=now.basis if now else str(kind.basis),
        since=now.since if now else None,
        own=now is not None,
        default=kind.words(default),
        example=worded(now.value if now else default, year=on.year, n=1) if kind.key in WORDINGS else "",
        coming=[_dated(kind, setting) for setting in settings if setting.since > on],
        past=[_dated(kind, setting) for setting in reversed(applied[:-1])],
    )


def _dated(kind: Kind, setting: CountySetting) -> Dated:
    return Dated(kind.words(setting.value), setting.basis, setting.since)
