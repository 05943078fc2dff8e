"""The Celery application. What runs on a schedule is CELERY_BEAT_SCHEDULE in config/settings.py."""

import os

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_later: object) -> None:
    """Celery would replace the logging that settings.LOGGING describes; a receiver here tells it not to."""
