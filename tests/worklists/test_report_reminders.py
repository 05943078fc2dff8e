"""A report that was passed on: the department is reminded of its answer; late, so is the office (art 9)."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from base.models import Message, Outbox
from communities.roles import Role, inbox
from tests.factories import NOW, DepartmentFactory, actor
from tests.worklists.test_reports import answered, passed_on
from worklists.receiving import reminding


@pytest.fixture
def bureau(county):
    DepartmentFactory.create(division=county, name="区民政局", hosts_office=True)
    return DepartmentFactory.create(division=county, name="区城管局")


def remind(day):
    return reminding.remind_due(at=timezone.make_aware(datetime.combine(day, time(8, 35))))


def reminded():
    """(when, inbox) in the order in which they were told."""
    rows = Outbox.objects.filter(message__kind="worklists.report_reminder", channel="portal").order_by("pk")
    return [(row.message.title.partition("，")[2].partition("：")[0], row.inbox) for row in rows]


def test_the_department_is_reminded_of_its_answer_and_the_office_once_it_is_late(bureau):
    report, day = passed_on(bureau), NOW.date()
    while day <= report.due_on + timedelta(days=4):
        remind(day)
        remind(day)
        day += timedelta(days=1)
    own = inbox(Role.APPLICANT, "", bureau.pk)
    assert [when for when, box in reminded() if box == own][:3] == ["还有 2 个工作日", "今天到期", "已超 1 个工作日"]
    others = [when for when, box in reminded() if box != own]
    assert others
    assert all(when.startswith("已超") for when in others)


def test_a_reminder_does_not_say_who_reported(bureau):
    remind(passed_on(bureau, details="湘银社区群里布置的。").due_on)
    message = Message.objects.get(kind="worklists.report_reminder")
    assert "湘银" not in message.title + message.body


def test_who_has_answered_is_reminded_no_more(bureau):
    report = passed_on(bureau)
    answered(report, actor(Role.APPLICANT, unit=bureau))
    assert remind(report.due_on) == 0
    assert reminded() == []


def test_nobody_is_reminded_on_a_day_off(bureau):
    report = passed_on(bureau)
    day = next(day for n in range(1, 9) if (day := report.due_on + timedelta(days=n)).weekday() == 6)
    assert remind(day) == 0
