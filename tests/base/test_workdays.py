"""Working-day arithmetic: pure, against the official notices and against a naive count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import calendar
from base.workdays import Calendar, Day

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(0, 60)


def official() -> Calendar:
    notices = calendar.official()
    return Calendar(
        days={day.on: Day(day.is_workday, day.name) for notice in notices for day in notice.days},
        published=frozenset(notice.year for notice in notices),
    )


OFFICIAL = official()


@pytest.mark.parametrize(
    ("on", "is_workday"),
    [
        (date(2026, 10, 1), False),  # a Thursday in the holiday
        (date(2026, 10, 10), True),  # a Saturday that is worked
        (date(2026, 9, 20), True),  # a Sunday that is worked
        (date(2026, 10, 11), False),  # a plain Sunday
        (date(2026, 10, 8), True),  # a plain Thursday
        (date(2025, 1, 26), True),
        (date(2025, 10, 8), False),
        (date(2024, 2, 18), True),
    ],
)
def test_a_notice_decides_over_the_weekday(on, is_workday):
    assert OFFICIAL.is_workday(on) is is_workday


def test_counting_over_a_holiday_names_every_skipped_day():
    count = OFFICIAL.count(date(2026, 9, 30), 3)
    assert count.last == date(2026, 10, 10)
    assert [day.on.day for day in count.days if day.number] == [8, 9, 10]
    assert {day.reason for day in count.skipped} == {"国庆节"}
    assert len(count.skipped) == 7


def test_a_weekend_is_named_as_such():
    count = OFFICIAL.count(date(2026, 11, 20), 1)
    assert (count.last, [day.reason for day in count.skipped]) == (date(2026, 11, 23), ["周末", "周末"])


@pytest.mark.parametrize(
    ("start", "workdays", "provisional"),
    [
        (date(2026, 12, 1), 5, False),
        (date(2026, 12, 30), 5, True),  # reaches into 2027, whose notice is not published
        (date(2027, 3, 1), 1, True),
        (date(2023, 12, 29), 1, True),  # begins in a year that was never entered
    ],
)
def test_a_count_that_touches_an_unpublished_year_is_provisional(start, workdays, provisional):
    assert OFFICIAL.count(start, workdays).provisional is provisional


def test_an_unpublished_year_counts_plain_weekdays():
    assert OFFICIAL.count(date(2027, 9, 30), 2).last == date(2027, 10, 4)


def test_paused_days_do_not_count_and_say_so():
    paused = frozenset({date(2026, 11, 24), date(2026, 11, 25)})
    count = OFFICIAL.count(date(2026, 11, 23), 1, paused=paused)
    assert count.last == date(2026, 11, 26)
    assert [day.reason for day in count.skipped] == ["停钟", "停钟"]


def test_a_negative_count_is_a_mistake():
    with pytest.raises(ValueError, match="-1"):
        OFFICIAL.count(date(2026, 1, 5), -1)


@given(start=DAYS, workdays=COUNTS)
def test_what_is_left_on_the_first_day_is_what_was_counted(start, workdays):
    assert OFFICIAL.left(start, OFFICIAL.count(start, workdays).last) == workdays


@given(start=DAYS, workdays=st.integers(1, 60))
def test_the_last_day_is_a_working_day_and_every_day_is_explained(start, workdays):
    count = OFFICIAL.count(start, workdays)
    assert OFFICIAL.is_workday(count.last)
    assert [day.on for day in count.days] == [start + timedelta(days=n + 1) for n in range(len(count.days))]
    assert [day.number for day in count.days if day.number] == list(range(1, workdays + 1))
    assert all(day.reason for day in count.skipped)


@given(today=DAYS, due=DAYS)
def test_days_left_and_days_late_are_the_same_count_with_another_sign(today, due):
    assert OFFICIAL.left(today, due) == -OFFICIAL.left(due, today)


@given(start=DAYS, first=COUNTS, second=COUNTS)
def test_counting_in_two_parts_ends_on_the_same_day(start, first, second):
    assert OFFICIAL.count(OFFICIAL.count(start, first).last, second).last == OFFICIAL.count(start, first + second).last


@given(start=DAYS, workdays=st.integers(1, 20), offset=st.integers(1, 30), length=st.integers(0, 15))
def test_a_pause_costs_exactly_its_working_days_before_the_end(start, workdays, offset, length):
    paused = frozenset(start + timedelta(days=offset + n) for n in range(length))
    last = OFFICIAL.count(start, workdays, paused=paused).last
    lost = sum(OFFICIAL.is_workday(day) for day in paused if day <= last)
    assert last == OFFICIAL.count(start, workdays + lost).last


@given(start=DAYS, workdays=COUNTS)
def test_without_any_notice_weeks_have_five_days(start, workdays):
    count = Calendar().count(start, workdays)
    assert sum(day.on.weekday() < 5 for day in count.days) == workdays
    assert count.provisional
