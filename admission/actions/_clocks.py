"""Move the clocks of an application as its steps say (`admission.deadlines.CLOCKS`)."""

from datetime import date

from admission.deadlines import CLOCKS, Clock, Turn, due
from admission.models import Application, Deadline
from admission.procedure import Step
from admission.rules import CountyRules
from base.models import Holiday
from base.workdays import Calendar


def move(application: Application, step: Step, *, on: date) -> None:
    """Start, pause, resume and stop what the step says, on the legal day `on`."""
    if not CLOCKS[step]:
        return
    rows = {row.clock: row for row in application.deadlines.select_for_update().filter(stopped_on__isnull=True)}
    for turn, clock in CLOCKS[step]:
        running = rows.pop(clock, None)
        match turn, running:
            case Turn.START, _:
                start_anew(application, clock, running, on=on)
            case Turn.RESUME, None:
                start(application, clock, on=on)
            case Turn.RESUME, Deadline():
                resume(running, on=on)
            case Turn.PAUSE, Deadline():
                pause(running, on=on)
            case Turn.STOP, _:
                stop(running, on=on)


def start(application: Application, clock: Clock, *, on: date) -> date:
    """Start a clock: the period of the county (or the default), counted from the next day. Returns the due date."""
    period = CountyRules(application.county.code, on).period(clock)
    count = due(on, period.workdays, [], Holiday.objects.calendar(), today=on)
    Deadline.objects.create(
        application=application,
        clock=clock,
        started_on=on,
        workdays=period.workdays,
        basis=str(period.basis),
        due_on=count.last,
        provisional=count.provisional,
    )
    return count.last


def start_anew(application: Application, clock: Clock, running: Deadline | None, *, on: date) -> date:
    """Start a clock in place of the one that runs; one that began today says the same. Returns the due date."""
    if running and running.started_on == on and running.due_on:
        return running.due_on
    stop(running, on=on)
    return start(application, clock, on=on)


def pause(deadline: Deadline, *, on: date) -> None:
    """Stand still from the day after `on`; there is no due date until it goes on."""
    if deadline.standing_still:
        return
    deadline.pauses.append({"since": on.isoformat(), "until": None})
    deadline.due_on = None
    deadline.save()


def resume(deadline: Deadline, *, on: date) -> None:
    """Go on from the day after `on`."""
    if not deadline.standing_still:
        return
    deadline.pauses[-1]["until"] = on.isoformat()
    recount(deadline, Holiday.objects.calendar(), on=on)
    deadline.save()


def stop(deadline: Deadline | None, *, on: date) -> None:
    """Stop for good."""
    if deadline is None:
        return
    if deadline.standing_still:
        deadline.pauses[-1]["until"] = on.isoformat()
    deadline.stopped_on = on
    deadline.save()


def recount(deadline: Deadline, calendar: Calendar, *, on: date) -> bool:
    """Compute the due date anew from start, period, pauses and calendar; did it change?"""
    count = due(deadline.started_on, deadline.workdays, deadline.pause_spans(), calendar, today=on)
    before = (deadline.due_on, deadline.provisional)
    deadline.due_on, deadline.provisional = count.last, count.provisional
    return before != (deadline.due_on, deadline.provisional)
