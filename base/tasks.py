"""The scheduler's doorways of base. What runs when is CELERY_BEAT_SCHEDULE in config/settings.py."""

import logging
from datetime import timedelta

from axes.models import AccessLog
from celery import shared_task
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from base import delivery
from base.visitors import KeptCount

logger = logging.getLogger(__name__)
SIGN_INS_KEPT = timedelta(days=365)
"""Who signed in when and from where: the law wants half a year at least, and nobody needs more than one."""


@shared_task
def sweep(**_later: object) -> None:
    """Deliver what is due: woken after a commit, and by the scheduler. Safe to run twice."""
    delivery.deliver_due(at=timezone.now())


@shared_task
def tidy(**_later: object) -> None:
    """Sessions that have ended go, with what was typed in them; so do old sign-ins and counts. Safe to run twice."""
    now = timezone.now()
    call_command("clearsessions")
    AccessLog.objects.filter(attempt_time__lt=now - SIGN_INS_KEPT).delete()
    KeptCount.objects.filter(expires__lt=now).delete()


def wake() -> None:
    """Ask for a sweep now. The broker only hastens: when it is away, the scheduler's next sweep finds the rows."""
    try:
        sweep.delay()
    except OperationalError as error:
        logger.warning("the broker is away; the scheduled sweep will deliver: %s", error)
