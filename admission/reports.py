"""Figures and rows for the home page: cases by stage, what is overdue, what is followed, the next meeting."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from admission.deadlines import SPANS
from admission.models import Application, Deadline, Meeting
from admission.procedure import CLOSED, STAGES
from communities.roles import Actor


@dataclass(frozen=True)
class StageCount:
    """How many cases stand at one station of the procedure."""

    label: str
    states: tuple[str, ...]
    count: int


def in_progress(actor: Actor) -> list[StageCount]:
    """The cases that are not closed and that this actor may know of, its own drafts among them as in the list 在办, by
    stage; stages without any are left out. One query."""
    rows = (
        Application.objects.visible_to(actor)
        .exclude(state__in=CLOSED)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    counts = dict(rows)
    found = [
        StageCount(
            str(stage.label),
            tuple(sorted(state.value for state in stage.states - CLOSED)),
            sum(counts.get(state.value, 0) for state in stage.states),
        )
        for stage in STAGES
    ]
    return [stage for stage in found if stage.count]


def overdue(actor: Actor, today: date) -> QuerySet[Deadline]:
    """Clocks past their date, the latest first to be due first; what merely runs out (公示) is never late."""
    return (
        Deadline.objects.overdue(today)
        .exclude(clock__in=SPANS)
        .filter(application__in=Application.objects.visible_to(actor).exclude(state__in=CLOSED))
        .select_related(
            "application__applicant", "application__prepared_by", "application__office_unit", "application__county"
        )
        .order_by("due_on", "pk")
    )


def followed(actor: Actor) -> QuerySet[Application]:
    """What this post follows (我关注的), the last changed first."""
    return (
        Application.objects.visible_to(actor)
        .filter(watches__inbox=actor.inbox)
        .select_related("applicant", "prepared_by", "office_unit")
        .order_by("-changed_at")
    )


def next_meeting(actor: Actor, at: datetime) -> Meeting | None:
    """The next meeting this actor may know of, with the number of items on its agenda. One query."""
    rows = Meeting.objects.visible_to(actor).to_come(at)
    return rows.annotate(heard=Count("agenda")).order_by("planned_at", "pk").first()
