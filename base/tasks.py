"""The scheduler's doorways of base. What runs when is CELERY_BEAT_SCHEDULE in config/settings.py."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from base import delivery

logger = logging.getLogger(__name__)


@shared_task
def sweep(**_later: object) -> None:
    """Deliver what is due: woken after a commit, and by the scheduler. Safe to run twice."""
    delivery.deliver_due(at=timezone.now())


def wake() -> None:
    """Ask for a sweep now. The broker only hastens: when it is away, the scheduler's next sweep finds the rows."""
    try:
        sweep.delay()
    except OperationalError as error:
        logger.warning("the broker is away; the scheduled sweep will deliver: %s", error)
