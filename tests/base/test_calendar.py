"""The calendar's acts: editable, each change one audit line on the platform's chain, safe to repeat."""

from datetime import date

import holidays
import pytest
from django.core.management import CommandError, call_command

from base import calendar
from base.calendar import BadDay, Changed
from base.models import CalendarYear, Event, Holiday
from tests.factories import NOW, HolidayFactory, actor

BY = actor(code="")
NATIONAL_DAY = date(2026, 10, 1)


def enter(on: date = NATIONAL_DAY, *, is_workday: bool = False, name: str = "国庆节", source: str = "通知") -> Changed:
    return calendar.set_day(on, is_workday=is_workday, name=name, source=source, by=BY, at=NOW)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_notices_we_carry_agree_with_an_independent_table(year):
    china = holidays.country_holidays("CN", years=year)
    days = {day.on: day.is_workday for notice in calendar.official() if notice.year == year for day in notice.days}
    for offset in range(365):
        on = date.fromordinal(date(year, 1, 1).toordinal() + offset)
        assert days.get(on, on.weekday() < 5) is china.is_working_day(on), on


@pytest.mark.django_db
def test_setting_a_day_changes_the_calendar_and_leaves_one_line():
    assert enter() == Changed(days=frozenset({NATIONAL_DAY}))
    assert not Holiday.objects.calendar().is_workday(NATIONAL_DAY)
    event = Event.objects.get()
    assert (event.chain, event.kind, event.data["source"]) == ("", "base.holiday.set", "通知")


@pytest.mark.django_db
def test_setting_the_same_day_again_changes_nothing():
    enter()
    assert not enter()
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_a_day_can_be_corrected():
    enter()
    assert enter(is_workday=True, name="更正")
    assert Holiday.objects.calendar().is_workday(NATIONAL_DAY)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "source"), [("", "通知"), ("国庆节", " ")])
def test_a_day_needs_a_name_and_a_source(name, source):
    with pytest.raises(BadDay):
        enter(name=name, source=source)
    assert not Holiday.objects.exists()


@pytest.mark.django_db
def test_a_day_entered_by_mistake_is_cleared_with_a_line():
    HolidayFactory.create(date=NATIONAL_DAY)
    assert calendar.clear_day(NATIONAL_DAY, by=BY, at=NOW) == Changed(days=frozenset({NATIONAL_DAY}))
    assert Holiday.objects.calendar().is_workday(NATIONAL_DAY)
    assert Event.objects.get().kind == "base.holiday.cleared"
    assert not calendar.clear_day(NATIONAL_DAY, by=BY, at=NOW)


@pytest.mark.django_db
def test_publishing_a_year_ends_its_being_provisional():
    year = 2027
    assert Holiday.objects.calendar().count(date(year, 3, 1), 1).provisional
    changed = calendar.publish_year(year, source="通知", published_on=date(2026, 11, 20), by=BY, at=NOW)
    assert changed == Changed(years=frozenset({year}))
    assert not Holiday.objects.calendar().count(date(year, 3, 1), 1).provisional


@pytest.mark.django_db
def test_loading_the_official_years_twice_keeps_what_people_corrected():
    assert calendar.load_official(by=BY, at=NOW).years == {2024, 2025, 2026}
    enter(date(2026, 10, 10), is_workday=False, name="更正")
    assert not calendar.load_official(by=BY, at=NOW)
    assert not Holiday.objects.calendar().is_workday(date(2026, 10, 10))
    assert Event.objects.filter(kind="base.calendaryear.published").count() == 3


# --- manage.py import_holidays -----------------------------------------------------------------------------
GOOD = "date,is_workday,name\n2027-01-01,0,元旦\n2027-01-03,1,元旦调休上班\n"


def load(path, content: str | bytes) -> None:
    path = path / "2027.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    call_command("import_holidays", path, year=2027, source="国务院办公厅关于2027年的通知", verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [GOOD.encode(), GOOD.encode("utf-8-sig"), GOOD.encode("gbk")])
def test_a_notice_is_imported_from_utf8_with_and_without_mark_and_from_gbk(tmp_path, content):
    load(tmp_path, content)
    assert list(Holiday.objects.order_by("date").values_list("date", "is_workday", "name")) == [
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 1, 3), True, "元旦调休上班"),
    ]
    assert CalendarYear.objects.get().year == 2027


@pytest.mark.django_db
def test_importing_twice_is_safe(tmp_path):
    load(tmp_path, GOOD)
    load(tmp_path, GOOD)
    assert (Holiday.objects.count(), Event.objects.count()) == (2, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("day,work\n2027-01-01,0\n", "缺少列：date、is_workday、name"),
        (GOOD + "2027-13-01,0,错\n", "第 4 行：日期“2027-13-01”"),
        (GOOD + "2027-01-01,1,元旦\n", "第 4 行：日期 2027-01-01 重复"),
        (GOOD + "2027-02-01,maybe,错\n", "第 4 行：is_workday“maybe”"),
        (GOOD + "2027-02-01,1\n", "第 4 行：没有写名称"),
        ("date,is_workday,name\n", "没有一天"),
        (b"\xff\xfe\x00\x01", "读不出"),
    ],
)
def test_a_bad_file_is_refused_whole_and_says_where(tmp_path, content, says):
    with pytest.raises(CommandError, match=says):
        load(tmp_path, content)
    assert not Holiday.objects.exists()


@pytest.mark.django_db
def test_days_of_another_year_are_refused_and_the_year_is_not_published(tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text(GOOD)
    with pytest.raises(CommandError, match="2027年1月1日不是 2028 年的安排"):
        call_command("import_holidays", path, year=2028, source="通知")
    assert not Holiday.objects.exists()
    assert not CalendarYear.objects.exists()


@pytest.mark.django_db
def test_days_off_of_the_new_year_may_lie_in_the_old_one(tmp_path):
    load(tmp_path, "date,is_workday,name\n2026-12-31,0,元旦\n2026-12-27,1,元旦调休上班\n")
    assert Holiday.objects.count() == 2


@pytest.mark.django_db
def test_an_installation_gets_the_notices_we_carry_by_one_command_that_may_be_repeated(capsys):
    call_command("import_holidays", "--official")
    assert set(CalendarYear.objects.values_list("year", flat=True)) == {2024, 2025, 2026}
    assert not Holiday.objects.calendar().is_workday(NATIONAL_DAY)
    enter(name="改过的")
    call_command("import_holidays", "--official")
    assert capsys.readouterr().out.splitlines() == [
        "导入了2024、2025、2026年的放假安排。",
        "平台自带的放假安排都已经有了，没有改动。",
    ]
    assert Holiday.objects.get(pk=NATIONAL_DAY).name == "改过的"


@pytest.mark.django_db
@pytest.mark.parametrize("given", [{}, {"year": 2027}, {"source": "通知"}])
def test_a_file_needs_its_year_and_its_source(given):
    with pytest.raises(CommandError, match="--year"):
        call_command("import_holidays", "2027.csv", **given)


@pytest.mark.django_db
def test_a_missing_file_is_one_sentence():
    with pytest.raises(CommandError, match="2027"):
        call_command("import_holidays", "/nowhere/2027.csv", year=2027, source="通知")
