"""The scheduler's doorways of places. What runs when is CELERY_BEAT_SCHEDULE in config/settings.py."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from communities.imports import divisions

logger = logging.getLogger(__name__)


@shared_task
def run_imports(**_later: object) -> None:
    """Check what was handed in, carry out what was confirmed. Safe to run twice: one worker at a time on a file."""
    for run in divisions.waiting():
        divisions.proceed(run, at=timezone.now())


def wake() -> None:
    """Ask for it now. The broker only hastens: when it is away, the scheduler's next round finds the file."""
    try:
        run_imports.delay()
    except OperationalError as error:
        logger.warning("the broker is away; the scheduled round will read the file: %s", error)
