"""What the scheduler clears away in the night: what has ended, and nothing else."""

from datetime import timedelta

import pytest
from axes.models import AccessLog
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from base import tasks
from base.models import KeptCount

pytestmark = pytest.mark.django_db


def test_ended_sessions_go_with_what_was_typed_in_them_and_living_ones_stay():
    for days in (-1, 1):
        session = SessionStore()
        session["carried"] = "what somebody typed"
        session.save()
        Session.objects.filter(pk=session.session_key).update(expire_date=timezone.now() + timedelta(days=days))
    tasks.tidy()
    assert Session.objects.get().expire_date > timezone.now()


def test_sign_ins_are_kept_a_year():
    for days in (364, 366):
        AccessLog.objects.create(username=f"{days} days ago")
        AccessLog.objects.filter(username=f"{days} days ago").update(attempt_time=timezone.now() - timedelta(days=days))
    tasks.tidy()
    assert AccessLog.objects.get().username == "364 days ago"


def test_counts_go_when_they_count_no_more():
    cache.set("counts", 1, timeout=60)
    cache.set("counted", 1, timeout=60)
    KeptCount.objects.filter(cache_key__endswith="counted").update(expires=timezone.now() - timedelta(seconds=1))
    tasks.tidy()
    assert [row.cache_key.rpartition(":")[2] for row in KeptCount.objects.all()] == ["counts"]
