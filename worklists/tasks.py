"""The scheduler's doorways of the lists. What runs when is CELERY_BEAT_SCHEDULE in config/settings.py."""

from celery import shared_task
from django.utils import timezone

from communities.roles import system
from worklists.receiving import due, reminding


@shared_task
def remind(**_later: object) -> None:
    """Remind of reports and supervision cases that are due soon, today or late, after the last days have followed the
    calendar. Safe to run twice."""
    now = timezone.now()
    due.recount_answers(by=system(), at=now)
    reminding.remind_due(at=now)
