"""One step of the procedure: lock, check, move, save, record, announce. The only caller of `next_state`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from admission import access, conditions, notifications, requirements
from admission.actions import _clocks
from admission.models import Application, Opinion
from admission.procedure import State, Step, next_state
from base import acts, events
from base.text import in_chinese
from communities.roles import Actor


@contextmanager
def take(
    application: Application,
    step: Step,
    *,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    details: dict[str, Any] | None = None,
) -> Iterator[Application]:
    """One step of the procedure. The caller only fills in fields of the locked row.

    `seen`: the version its form or If-Match was made from. `details`: what the audit line keeps besides; the caller may
    fill it inside the block. Raises NotAllowed, IllegalTransition, NotYet, Stale.
    """
    with acts.locked(application, at=at, seen=seen) as locked:
        on = acts.legal_day(locked.changed_at)
        before = State(locked.state)
        access.check(by, step, locked)
        after = next_state(before, step)
        conditions.check(step, locked, on)
        locked.state = after
        yield locked
        _clocks.move(locked, step, on=on)
        record(
            locked,
            step.value,
            says=in_chinese(step.label),
            by=by,
            data={"from": before, "to": after, **(details or {})},
        )
        notifications.announce(locked, step, before=before, at=locked.changed_at)


def record(application: Application, act: str, *, says: str, by: Actor, data: dict[str, Any] | None = None) -> None:
    """The audit line of an act on a locked application: what was done, in words and in fields."""
    events.record(
        f"admission.application.{act}",
        target=application,
        by=by,
        at=application.changed_at,
        chain=application.county.code,
        data={"version": application.version + 1, "says": says, **(data or {})},
        audience=_places(application) or [application.county.code],
    )


def _places(application: Application) -> list[str]:
    """The codes of the places that may know of it: its scope, and the communities outside of it that lose the item."""
    scope = sorted(application.scope.values_list("code", flat=True))
    if application.item_id is None:
        return scope
    asked = Opinion.objects.filter(round__application=application).exclude(body__kind__in=requirements.STREET_KINDS)
    codes = asked.order_by("body__code").values_list("body__code", flat=True).distinct()
    return [*scope, *(code for code in codes if not code.startswith(tuple(scope)))]
