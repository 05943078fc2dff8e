"""The life of an item, read from its versions: where it stands on a day, and what changed when. Asks no database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from base.templatetags.portal import zh_day
from worklists.kinds import Ending, Origin
from worklists.lists import last_day
from worklists.models import ItemVersion

FIELDS = {
    "title": lazy("事项"), "category": lazy("类别"), "department_text": lazy("部门"), "subject_type": lazy("对象"),
    "applies_to": lazy("适用"), "executor": lazy("承接主体"), "scope_text": lazy("范围"), "does": lazy("社区做什么"),
    "does_not": lazy("社区不做什么"), "basis": lazy("依据"),
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """The words for where an item stands, and their tone."""

    label: str
    tone: str


@dataclass(frozen=True)
class Chapter:
    """One version in legal order: its days, and what it changed of the one before."""

    version: ItemVersion
    first_day: date
    last_day: date | None
    changes: Sequence[dict[str, str]]


def standing(versions: Sequence[ItemVersion], *, origin: str, on: date) -> Standing:
    """清单内, 执行中, 尚未施行, or how it ended (rulebook 5.3). `versions`: those believed, in legal order."""
    if any(on in row.in_force for row in versions):
        return Standing(_("清单内") if origin == Origin.LIST else _("执行中"), "done")
    past = [row for row in versions if row.in_force.upper is not None and row.in_force.upper <= on]
    if len(past) < len(versions):
        return Standing(_("尚未施行"), "wait")
    if past:
        return Standing(str(Ending(past[-1].ending).label) if past[-1].ending else _("已终止"), "")
    return Standing(_("没有施行"), "")


def chapters(versions: Sequence[ItemVersion]) -> list[Chapter]:
    """The versions in legal order, each beside the one before."""
    return [
        Chapter(row, row.in_force.lower, last_day(row), _changes(versions[at - 1], row) if at else ())
        for at, row in enumerate(versions)
    ]


def term(starts_on: date | None, ends_on: date | None) -> str:
    """From when to when, in words; standing work has no end."""
    if starts_on is None:
        return ""
    if ends_on is None:
        return _("%s起，常态工作") % zh_day(starts_on)
    if starts_on == ends_on:
        return zh_day(starts_on)
    return _("%(start)s至%(end)s") % {"start": zh_day(starts_on), "end": zh_day(ends_on)}


def listed_term(listed: ItemVersion) -> str:
    """The legal time of a version in words; the range excludes its upper end."""
    return term(listed.in_force.lower, last_day(listed))


def stopped_being_believed(rows: Sequence[ItemVersion]) -> list[tuple[datetime, datetime, ItemVersion]]:
    """What was once believed: from when, until when, which version; the latest first."""
    closed = [(row.recorded.lower, row.recorded.upper, row) for row in rows if row.recorded.upper is not None]
    return sorted(closed, key=lambda each: each[1], reverse=True)


def compared(
    before: ItemVersion, after: ItemVersion, *, skipping: Collection[str] = frozenset()
) -> list[dict[str, str]]:
    """Two versions beside each other, a row for each field, whether it differs or not."""
    return [
        {"name": str(name), "before": _shown(before, field), "after": _shown(after, field)}
        for field, name in FIELDS.items()
        if field not in skipping
    ]


def _changes(before: ItemVersion, after: ItemVersion) -> list[dict[str, str]]:
    return [row for row in compared(before, after) if row["before"] != row["after"]]


def _shown(row: ItemVersion, field: str) -> str:
    display = getattr(row, f"get_{field}_display", None)
    return str(display() if display else getattr(row, field))
