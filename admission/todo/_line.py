"""A line about an application: its title, its state, its clock, and where the button leads."""

from datetime import date

from django.urls import reverse

from admission.models import Application, Deadline
from admission.presentation.words import state_of
from admission.procedure import Step
from base.todo import TodoLine


def page(application: Application) -> str:
    """The page of the application."""
    return reverse("admission:application", args=[application.pk])


def address(name: str, pk: int, *more: str) -> str:
    """An address of admission by its name."""
    return reverse(f"admission:{name}", args=[pk, *more])


def step(application: Application, what: Step) -> str:
    """The form of a step."""
    return address("step", application.pk, what.value)


def line(
    application: Application, act: str, *, what: str, button: str, url: str, clock: Deadline | None = None
) -> TodoLine:
    """`clock`: the one that runs for this act, if any; a clock that stands still has no date."""
    state = state_of(application)
    return TodoLine(
        act=act,
        title=str(application),
        what=what,
        button=button,
        url=url,
        page=page(application),
        due_on=clock.due_on if clock else None,
        provisional=bool(clock and clock.provisional),
        state=state["label"],
        tone=state["tone"],
    )


def late(clock: Deadline | None, today: date) -> bool:
    """Is this clock past its date?"""
    return bool(clock and clock.due_on and clock.due_on < today)
