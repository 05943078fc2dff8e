"""The rules of the registers: what must not, or may only, be asked of communities (rulebook 4.2, 12.2)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_noop

from base import acts, events
from base.sentences import sentence
from communities.roles import Actor
from worklists.models import RegisterRule
from worklists.models.two_times import known

PLATFORM = ""
NAMED_BY = ("owner_code", "subject_type", "title")
SAID = ("stance", "is_binding", "basis", "quote", "in_force")


def enter_rules(rules: Iterable[RegisterRule], *, by: Actor, at: datetime) -> int:
    """Enter unsaved rules; returns how many are new or say something new. Safe to repeat.

    What was believed of the same thing is closed, never overwritten; what is not named stays. One audit line.
    """
    with acts.act():
        stored = RegisterRule.objects.select_for_update().filter(known(None))
        believed = {_named(row): row for row in stored}
        written: list[RegisterRule] = []
        for rule in rules:
            row = believed.get(_named(rule))
            if row is not None and _said(row) == _said(rule):
                continue
            since = at
            if row is not None:
                since = max(at, row.recorded.lower + acts.JUST_AFTER)
                RegisterRule.objects.filter(pk=row.pk).update(recorded=DateTimeTZRange(row.recorded.lower, since))
            rule.recorded = DateTimeTZRange(since, None)
            written.append(rule)
        RegisterRule.objects.bulk_create(written)
        if written:
            says = sentence(gettext_noop("载入分类清单规定：%(count)s 条"), count=len(written))
            events.record(
                "worklists.register.enter", target=written[0], by=by, at=at, chain=PLATFORM,
                data={"says": says, "titles": [rule.title for rule in written]},
            )  # fmt: skip
    return len(written)


def _named(rule: RegisterRule) -> tuple[str, ...]:
    return tuple(getattr(rule, name) for name in NAMED_BY)


def _said(rule: RegisterRule) -> tuple[object, ...]:
    return tuple(getattr(rule, name) for name in SAID)
