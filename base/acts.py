"""What every act of every app goes through: one transaction, the row lock, the stale check, the audit lines."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from base import events
from base.errors import Stale
from base.models import Event
from base.templatetags.portal import zh_moment

M = TypeVar("M", bound=models.Model)
JUST_AFTER = timedelta(microseconds=1)


def act() -> AbstractContextManager[None]:
    """The transaction of an act that locks no existing row (creating, importing)."""
    return events.collecting()


@contextmanager
def locked(subject: M, *, at: datetime, seen: int | None = None) -> Iterator[M]:
    """Lock `subject` and yield the fresh row; its `changed_at` is the moment of the act, later than the last change.

    On leaving, `version` goes up by one and the row is saved. `seen` is the version that the caller's form (or
    If-Match) was made from; raises Stale, with what changed since, when it is not the newest. A model names in
    `loaded_with_lock` the neighbours that every act on it reads.
    """
    with act():
        rows = type(subject)._base_manager.select_for_update(of=("self",))
        neighbours: tuple[str, ...] = getattr(subject, "loaded_with_lock", ())
        row = (rows.select_related(*neighbours) if neighbours else rows).get(pk=subject.pk)
        check_seen(row, seen)
        row.changed_at = max(at, row.changed_at + JUST_AFTER)  # type: ignore[attr-defined]
        yield row
        row.version += 1  # type: ignore[attr-defined]
        row.save()


def check_seen(row: models.Model, seen: int | None) -> None:
    """Raises Stale, with what changed since, when a form was made from an older version of this row."""
    if seen is not None and row.version != seen:  # type: ignore[attr-defined]
        raise Stale(_("您打开以后，这条记录有了新的变化。请看过再办，您填写的内容还在。"), changes=_since(row, seen))


def _since(row: models.Model, seen: int) -> list[str]:
    lines = Event.objects.about(row).filter(data__version__gt=seen).order_by("seq")[:20]
    return [_("：").join([f"{zh_moment(line.at)} {line.by_label}", events.said(line)]) for line in lines]


def legal_day(at: datetime) -> date:
    """The calendar day of a moment in the portal's time zone (Asia/Shanghai)."""
    return timezone.localtime(at).date()
