"""The scheduler's doorways of admission. What runs when is CELERY_BEAT_SCHEDULE in config/settings.py."""

from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from admission import notifications
from admission.actions import follow_office, recompute_deadlines
from admission.deadlines import SPANS
from admission.models import Deadline
from admission.procedure import CLOSED
from base import acts
from base.models import Holiday
from base.workdays import Calendar, reminder_due
from communities.roles import system


@shared_task
def remind(**_later: object) -> None:
    """Remind of what is due soon, today or late. Safe to run twice: each mark of each due date is told once.

    First the due dates follow the calendar, whichever way it was changed (its page, the admin, a command), and open
    cases follow the office whose unit ended yesterday.
    """
    now = timezone.now()
    recompute_deadlines(by=system(), at=now)
    follow_office(by=system(), at=now)
    remind_due(at=now)


def remind_due(*, at: datetime) -> int:
    """Every clock that has come to a mark, each in its own transaction; it stops when the case is closed.

    Nobody is reminded on a day off: the number of working days left is then that of the working day before.
    Returns how many clocks stand at a mark and wait for somebody.
    """
    calendar = Holiday.objects.calendar()
    if not calendar.is_workday(acts.legal_day(at)):
        return 0
    running = Deadline.objects.running().exclude(clock__in=SPANS).exclude(application__state__in=CLOSED)
    return sum(_remind(pk, calendar, at) for pk in list(running.order_by("pk").values_list("pk", flat=True)))


def _remind(pk: int, calendar: Calendar, at: datetime) -> bool:
    """One clock, if it still runs and somebody is waited for."""
    with transaction.atomic():
        clock = Deadline.objects.running().select_related("application__county").filter(pk=pk).first()
        if clock is None or clock.due_on is None:
            return False
        left = calendar.left(acts.legal_day(at), clock.due_on)
        mark = reminder_due(left)
        if mark is None or not notifications.waited_for(clock):
            return False
        notifications.remind(clock, mark=mark, left=left, at=at)
        return True
