"""Reminders before, on and after the due date; to whom the clock waits for; never twice, never after closure."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from admission import actions, tasks
from admission.deadlines import Clock
from admission.models import Application, Deadline
from base import calendar
from base.models import Holiday, Message, Outbox
from base.workdays import REMINDERS
from communities.roles import Role, inbox, system
from tests.admission import crowd
from tests.admission import world as ways

KIND = "admission.reminder"


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8, 30)))


def due_of(application: Application, clock: Clock) -> date:
    return application.deadlines.get(clock=clock, stopped_on=None).due_on


def remind_through(first: date, last: date) -> None:
    """Every morning, days off included."""
    day = first
    while day <= last:
        tasks.remind_due(at=morning(day))
        day += timedelta(days=1)


def told() -> list[Message]:
    return list(Message.objects.filter(kind=KIND).order_by("pk"))


def test_one_reminder_at_each_mark_before_on_and_after(world):
    application = ways.WAYS["submitted"](world)
    due_on = due_of(application, Clock.ACCEPTANCE)
    remind_through(due_on - timedelta(days=10), due_on + timedelta(days=30))
    marks = [int(message.dedupe.rsplit(":", 1)[1]) for message in told()]
    assert marks == list(REMINDERS)
    words = ["受理还有 2 个工作日", "受理今天到期", "受理已超 1 个工作日"]
    assert [message.title.split("：")[1] for message in told()][:3] == words
    boxes = set(Outbox.objects.filter(message__kind=KIND).values_list("inbox", flat=True))
    assert boxes == {inbox(Role.OFFICE, "", world.units["host"].pk)}


def test_twice_the_same_day_is_once(world):
    application = ways.WAYS["submitted"](world)
    due_on = due_of(application, Clock.ACCEPTANCE)
    tasks.remind_due(at=morning(due_on))
    tasks.remind_due(at=morning(due_on) + timedelta(hours=3))
    assert len(told()) == 1


def test_nothing_goes_out_before_the_first_mark(world):
    application = ways.WAYS["submitted"](world)
    tasks.remind_due(at=morning(due_of(application, Clock.ACCEPTANCE) - timedelta(days=6)))
    assert told() == []


def test_nobody_is_reminded_on_a_day_off(world):
    application = ways.WAYS["submitted"](world)
    saturday = due_of(application, Clock.ACCEPTANCE) + timedelta(days=5)
    assert saturday.weekday() == 5
    assert tasks.remind_due(at=morning(saturday)) == 0
    Holiday.objects.create(date=saturday, is_workday=True, name="调休")
    assert tasks.remind_due(at=morning(saturday)) == 1


def test_only_the_silent_are_reminded_of_a_consultation(world):
    application = crowd.nobody_answered(world)
    opinion = application.rounds.get().opinions.get(body=world.streets[0])
    actions.give_opinion(opinion, by=world.actors["street0"], at=world.at(), stance="no_objection")
    tasks.remind_due(at=morning(due_of(application, Clock.CONSULTATION)))
    boxes = set(Outbox.objects.filter(message__kind=KIND).values_list("inbox", flat=True))
    silent = [world.streets[1], *world.communities]
    assert {box.split(":")[1] for box in boxes} == {body.code for body in silent}


@pytest.mark.parametrize("close", ["withdraw", "reject"])
def test_reminders_stop_at_closure(world, close):
    application = ways.awaiting(world, conclusion="refuse")
    due_on = due_of(application, Clock.DECISION)
    if close == "withdraw":
        actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="不办了。")
    else:
        actions.reject(application, by=world.actors["deputy"], at=world.at(), text="不宜由社区承担。")
    remind_through(due_on, due_on + timedelta(days=20))
    assert told() == []


def test_filing_stops_the_reminder_to_acknowledge_though_receipts_are_missing(world):
    application = ways.noticed(world)
    due_on = due_of(application, Clock.ACKNOWLEDGEMENT)
    actions.file_application(application, by=world.actors["office"], at=world.at())
    assert Deadline.objects.running().filter(clock=Clock.ACKNOWLEDGEMENT).exists()
    remind_through(due_on, due_on + timedelta(days=20))
    assert told() == []


def test_a_clock_that_stands_still_reminds_nobody(world):
    application = ways.screening(world)
    due_on = due_of(application, Clock.DECISION)
    actions.return_from_screening(
        application, by=world.actors["office"], at=world.at(), defects=[{"part": "经费", "what": "写明账户。"}]
    )
    Deadline.objects.filter(clock=Clock.CORRECTION).update(due_on=due_on + timedelta(days=90))
    remind_through(due_on - timedelta(days=5), due_on + timedelta(days=20))
    assert told() == []


def test_publicity_and_the_members_window_merely_run_out(world):
    application = crowd.window_open(world)
    last = due_of(application, Clock.MEMBER_OBJECTION)
    remind_through(last - timedelta(days=3), last + timedelta(days=1))
    assert told() == []


def test_a_moved_due_date_is_reminded_of_again(world):
    application = ways.WAYS["submitted"](world)
    due_on = due_of(application, Clock.ACCEPTANCE)
    tasks.remind_due(at=morning(due_on))
    Deadline.objects.filter(clock=Clock.ACCEPTANCE).update(due_on=due_on + timedelta(days=7))
    tasks.remind_due(at=morning(due_on + timedelta(days=7)))
    assert len(told()) == 2


def test_the_scheduled_task_counts_anew_when_the_calendar_was_changed_elsewhere(world):
    application = ways.WAYS["submitted"](world)
    due_on = due_of(application, Clock.ACCEPTANCE)
    calendar.set_day(due_on, is_workday=False, name="停电", source="测试", by=system(), at=world.at())
    with time_machine.travel(morning(due_on - timedelta(days=4)), tick=False):
        tasks.remind.apply()
    assert due_of(application, Clock.ACCEPTANCE) > due_on
