"""Due dates: pure arithmetic over working days, pauses and 调休."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admission.deadlines import Pause, due, paused_days
from base.workdays import REMINDERS, Calendar, Day, reminder_due

OCTOBER = Calendar(
    days={
        **{date(2026, 10, n): Day(is_workday=False, name="国庆节") for n in range(1, 8)},
        date(2026, 9, 20): Day(is_workday=True, name="国庆节调休上班"),
        date(2026, 10, 10): Day(is_workday=True, name="国庆节调休上班"),
    },
    published=frozenset({2026}),
)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def test_the_day_of_the_act_does_not_count_and_the_holiday_is_named():
    count = due(date(2026, 9, 30), 3, [], OCTOBER, today=date(2026, 9, 30))
    assert count.last == date(2026, 10, 10)
    assert {day.reason for day in count.skipped} == {"国庆节"}
    assert not count.provisional


def test_a_year_without_a_notice_is_provisional_not_an_error():
    assert due(date(2026, 12, 30), 3, [], OCTOBER, today=date(2026, 12, 30)).provisional


def test_days_on_which_the_clock_stood_still_do_not_count():
    pauses = [Pause(date(2026, 11, 4), date(2026, 11, 9))]
    plain = due(date(2026, 11, 2), 5, [], OCTOBER, today=date(2026, 11, 20))
    paused = due(date(2026, 11, 2), 5, pauses, OCTOBER, today=date(2026, 11, 20))
    assert (plain.last, paused.last) == (date(2026, 11, 9), date(2026, 11, 12))
    assert [day.reason for day in paused.skipped].count("停钟") == 5


@given(start=days, workdays=st.integers(0, 60))
def test_counting_forward_and_the_days_left_agree(start, workdays):
    last = due(start, workdays, [], OCTOBER, today=start).last
    assert OCTOBER.left(start, last) == workdays
    assert workdays == 0 or OCTOBER.is_workday(last)


@given(start=days, workdays=st.integers(1, 30), since=st.integers(0, 20), length=st.integers(0, 20))
def test_a_pause_never_brings_a_date_forward(start, workdays, since, length):
    pause = Pause(start + timedelta(days=since), start + timedelta(days=since + length))
    free = due(start, workdays, [], OCTOBER, today=start).last
    held = due(start, workdays, [pause], OCTOBER, today=start).last
    assert held >= free
    assert held not in paused_days([pause], today=start)


@pytest.mark.parametrize(
    ("left", "mark"), [(9, None), (3, None), (2, 2), (1, 2), (0, 0), (-1, -1), (-2, -1), (-4, -3), (-40, -10)]
)
def test_reminders_before_on_and_after_the_due_date(left, mark):
    assert reminder_due(left) == mark
    assert mark is None or mark in REMINDERS


def test_a_negative_period_is_a_bug():
    with pytest.raises(ValueError, match="-1"):
        OCTOBER.count(date(2026, 1, 1), -1)
