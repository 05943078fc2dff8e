"""催办: the office reminds whoever an application waits for, outside the committee."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission import access, notifications
from admission.actions._take import record
from admission.deadlines import Clock
from admission.models import Application
from base import acts
from base.errors import NotAllowed, RuleViolation
from base.models import Message
from base.sentences import sentence
from communities.roles import Actor

REMINDABLE = (Clock.CONSULTATION, Clock.CORRECTION, Clock.ACKNOWLEDGEMENT)
"""The clocks that wait for streets, communities and the applicant."""


class NobodyToRemind(RuleViolation):
    """Nobody outside the committee is waited for, or they were reminded today."""


def remind_silent(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> int:
    """Remind who has not answered, corrected or acknowledged, once a day. Returns how many posts were told."""
    with acts.locked(application, at=at, seen=seen) as locked:
        if not access.office(by, locked):
            raise NotAllowed(_("由审核委员会办公室催办。"))
        boxes = notifications.silent(locked, acts.legal_day(locked.changed_at))
        if not boxes:
            raise NobodyToRemind(_("本件没有等着答复、补正或者签收的单位，不用催办。"))
        key = f"admission:{locked.pk}:urge:{acts.legal_day(locked.changed_at)}"
        if Message.objects.filter(dedupe=key).exists():
            raise NobodyToRemind(_("今天已经催办过了，明天还没有办的再催。"))
        running = locked.deadlines.filter(clock__in=REMINDABLE, stopped_on__isnull=True).order_by("-pk").first()
        due_on = running.due_on if running else None
        notifications.urge(locked, to=boxes, due_on=due_on, dedupe=key, at=locked.changed_at)
        says = sentence(gettext_noop("催办 %(count)s 个单位"), count=len(boxes))
        record(locked, "remind_silent", says=says, by=by)
    return len(boxes)


def remind_all(applications: Sequence[Application], *, by: Actor, at: datetime) -> dict[int, int]:
    """Remind for several at once, in one transaction; those with nobody to remind are left out.

    Returns how many posts were told, by application. Raises NobodyToRemind when it is none at all.
    """
    told: dict[int, int] = {}
    with acts.act():
        for application in sorted(applications, key=lambda row: row.pk):
            try:
                told[application.pk] = remind_silent(application, by=by, at=at)
            except NobodyToRemind:
                continue
        if not told:
            raise NobodyToRemind(_("选中的申请都没有要催办的单位，或者今天已经催办过了。"))
    return told
