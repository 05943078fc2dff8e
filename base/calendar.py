"""The working-day calendar (放假和调休): entered from the yearly notices, editable, each change an audit line.

Every act returns what changed, so that an app above can recompute the due dates that depend on it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events
from base.errors import RuleViolation
from base.models import CalendarYear, Holiday
from base.sentences import sentence
from base.templatetags.portal import zh_day

OFFICIAL = Path(__file__).parent / "data" / "workdays_cn.json"
PLATFORM = ""
BEYOND = timedelta(days=10)
"""A notice arranges its own year; the New Year's days off, and who works for them, may lie in the year before."""


class BadDay(RuleViolation):
    """A day that cannot be entered."""


@dataclass(frozen=True)
class SpecialDay:
    """What a notice says of one day: a holiday, or a weekend day that is worked (调休)."""

    on: date
    is_workday: bool
    name: str


@dataclass(frozen=True)
class Notice:
    """One year's notice: the days that differ from their weekday."""

    year: int
    source: str
    published_on: date | None
    days: tuple[SpecialDay, ...]


@dataclass(frozen=True)
class Changed:
    """The days and years whose meaning changed; false when nothing did."""

    days: frozenset[date] = field(default_factory=frozenset)
    years: frozenset[int] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.days or self.years)

    def __or__(self, other: "Changed") -> "Changed":
        return Changed(self.days | other.days, self.years | other.years)


def set_day(on: date, *, is_workday: bool, name: str, source: str, by: events.Doer, at: datetime) -> Changed:
    """Enter or correct one day. Raises BadDay without a name or a source."""
    with acts.act():
        changed = _enter([SpecialDay(on, is_workday, name)], source)
        if changed:
            work = gettext_noop("上班") if is_workday else gettext_noop("放假")
            fixed = gettext_noop("把%(day)s定为%(work)s（%(name)s）")
            says = sentence(fixed, day=on, work=sentence(work), name=name)
            _record("set", Holiday.objects.get(pk=on), says=says, by=by, at=at, data={"source": source})
    return changed


def clear_day(on: date, *, by: events.Doer, at: datetime) -> Changed:
    """Take back a day that was entered by mistake: its weekday decides again."""
    with acts.act():
        row = Holiday.objects.select_for_update().filter(pk=on).first()
        if row is None:
            return Changed()
        says = sentence(gettext_noop("取消%(day)s的安排（%(name)s）"), day=on, name=row.name)
        _record("cleared", row, says=says, by=by, at=at, data={"is_workday": row.is_workday, "source": row.source})
        row.delete()
    return Changed(days=frozenset({on}))


def publish_year(year: int, *, source: str, published_on: date | None, by: events.Doer, at: datetime) -> Changed:
    """The notice of this year has been entered in full: its dates are provisional no longer."""
    return enter_notice(Notice(year, source, published_on, days=()), by=by, at=at)


def enter_notice(notice: Notice, *, by: events.Doer, at: datetime) -> Changed:
    """A whole year at once, one audit line. Safe to repeat; days that the notice does not name stay as they are."""
    _check_year(notice)
    with acts.act():
        days = _enter(notice.days, notice.source)
        row, is_new = CalendarYear.objects.get_or_create(
            year=notice.year, defaults={"source": notice.source, "published_on": notice.published_on}
        )
        changed = days | Changed(years=frozenset({notice.year} if is_new else set()))
        if changed:
            entered = gettext_noop("录入%(source)s：%(count)s 天")
            says = sentence(entered, source=notice.source, count=len(changed.days))
            _record("published", row, says=says, by=by, at=at, data={"days": sorted(changed.days)})
    return changed


def load_official(*, by: events.Doer, at: datetime) -> Changed:
    """The notices we carry (base/data). A year that has been entered already is left as people have made it."""
    entered = set(CalendarYear.objects.values_list("year", flat=True))
    changed = Changed()
    for notice in official():
        if notice.year not in entered:
            changed |= enter_notice(notice, by=by, at=at)
    return changed


def official() -> list[Notice]:
    """The State Council's notices as published, every day of a holiday by itself."""
    years: dict[str, Any] = json.loads(OFFICIAL.read_text(encoding="utf-8"))["years"]
    return [_notice(int(year), printed) for year, printed in years.items()]


def _notice(year: int, printed: dict[str, Any]) -> Notice:
    off = [
        SpecialDay(on, is_workday=False, name=name)
        for first, last, name in printed["off"]
        for on in _each(date.fromisoformat(first), date.fromisoformat(last))
    ]
    worked = [
        SpecialDay(date.fromisoformat(on), is_workday=True, name=f"{name}调休上班") for on, name in printed["make_up"]
    ]
    return Notice(year, printed["source"], date.fromisoformat(printed["published_on"]), (*off, *worked))


def _each(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _check_year(notice: Notice) -> None:
    """A year published without its days would make every due date in it final, and wrong."""
    first, last = date(notice.year, 1, 1) - BEYOND, date(notice.year, 12, 31) + BEYOND
    foreign = [day.on for day in notice.days if not first <= day.on <= last]
    if foreign:
        raise BadDay(
            _("%(day)s不是 %(year)s 年的安排，请核对年份。") % {"day": zh_day(min(foreign)), "year": notice.year}
        )


def _enter(days: Iterable[SpecialDay], source: str) -> Changed:
    """Write the days that are new or different; the others are left alone."""
    if not source.strip():
        raise BadDay(_("请写明依据的文件，例如放假通知的名称和日期。"))
    stood = {row.date: row for row in Holiday.objects.select_for_update().filter(date__in=[day.on for day in days])}
    changed: dict[date, Holiday] = {}
    for day in days:
        if not day.name.strip():
            raise BadDay(_("请写明%s是什么节日，或者为什么调休。") % zh_day(day.on))
        row = stood.get(day.on)
        if row and (row.is_workday, row.name, row.source) == (day.is_workday, day.name, source):
            continue
        changed[day.on] = Holiday(date=day.on, is_workday=day.is_workday, name=day.name, source=source)
    Holiday.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source"],
    )
    return Changed(days=frozenset(changed))


def _record(
    act: str, target: Holiday | CalendarYear, *, says: str, by: events.Doer, at: datetime, data: dict[str, Any]
) -> None:
    kind = f"base.{target._meta.model_name}.{act}"
    events.record(kind, target=target, by=by, at=at, chain=PLATFORM, data={"says": says, **data})
