"""What waits for whom agrees with what the tables allow, and costs the same whatever the number of rows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admission import access, todo
from admission.deadlines import Clock
from admission.models import Application, Deadline, MeetingOpinion, NoticeReceipt, Opinion
from admission.procedure import BEFORE_DECISION, State, Step
from admission.todo._applicant import BEFORE_APPROVAL
from base.todo import TodoLine
from communities.roles import Actor, Role
from tests.admission import crowd
from tests.admission import world as ways
from tests.admission.world import World

DAYS = (date(2026, 11, 2), date(2026, 11, 13), date(2027, 1, 15))
NEVER_A_DUTY = {Step.WITHDRAW, Step.SEND_BACK_TO_MEETING, Step.TAKE_OFF_AGENDA}
OF_A_MEETING = {Step.CLOSE_DELIBERATION}
"""Taken on the page of the meeting, whose line stands for it."""


def of_application(line: TodoLine) -> int | None:
    """The application that a line is about; None for a meeting."""
    parts = line.page.strip("/").split("/")
    return int(parts[1]) if parts[0] == "applications" else None


def steps_in(lines: list[TodoLine]) -> set[tuple[int, str]]:
    return {(pk, line.act) for line in lines if line.act in Step.values and (pk := of_application(line))}


def open_to(actor: Actor, on: date) -> dict[int, set[Step]]:
    """What the tables say, application by application."""
    rows = Application.objects.visible_to(actor).select_related("county", "applicant", "prepared_by", "office_unit")
    return {row.pk: set(access.open_steps(actor, row, on=on)) for row in rows}


def test_lines_offer_open_steps_only_and_leave_none_out(world):
    """Every role, three days: on the day, when periods have run out, and long after."""
    crowd.gather(world)
    for on in DAYS:
        for name, actor in world.actors.items():
            lines, allowed = todo.lines(actor, on), open_to(actor, on)
            offered = steps_in(lines)
            assert {(pk, act) for pk, act in offered if act not in allowed[pk]} == set(), (name, on)
            shown = {of_application(line) for line in lines}
            waiting = {pk for pk, steps in allowed.items() if steps - NEVER_A_DUTY - OF_A_MEETING}
            assert waiting <= shown, (name, on, [Application.objects.get(pk=pk).state for pk in waiting - shown])
            if any(steps & OF_A_MEETING for steps in allowed.values()):
                assert "close_minutes" in {line.act for line in lines}, (name, on)

    offered_to_exactly_those_who_may(world, DAYS[0])


def offered_to_exactly_those_who_may(world: World, on: date) -> None:
    """The acts that are no steps of the procedure."""
    for name, actor in world.actors.items():
        acts = [(line.act, of_application(line)) for line in todo.lines(actor, on)]
        for act, expected in expectations(actor).items():
            assert sorted(pk for done, pk in acts if done == act) == sorted(expected), (name, act)


def expectations(actor: Actor) -> dict[str, list[int]]:
    """By the models alone, act by act: the applications where this actor may do it."""
    asked = Opinion.objects.waiting_for(actor.code) if actor.role in {Role.STREET, Role.COMMUNITY} else []
    receipts = [row for row in NoticeReceipt.objects.open() if received(row, actor)]
    own = [row for row in Application.objects.visible_to(actor) if access.applicant(actor, row)]
    heard = MeetingOpinion.objects.filter(answered_at__isnull=True).values_list("agenda_item__application", flat=True)
    unendorsed = [row for row in own if row.prepared_by_id and row.endorsed_at is None]
    return {
        "give_opinion": [row.round.application_id for row in asked],
        "acknowledge": [row.notice.application_id for row in receipts],
        "endorse": [row.pk for row in unendorsed if row.applicant_id == actor.unit_id and row.state in BEFORE_DECISION],
        "answer_meeting_opinion": [row.pk for row in own if row.pk in set(heard)],
        "respond_to_opinion": [
            row.pk for row in own if row not in unendorsed and row.state in BEFORE_APPROVAL and objected(row)
        ],
    }


def received(row: NoticeReceipt, actor: Actor) -> bool:
    if row.body is not None:
        return actor.role in {Role.STREET, Role.COMMUNITY} and actor.code == row.body.code
    return actor.role in {Role.APPLICANT, Role.STREET} and actor.unit_id == row.unit_id


def objected(application: Application) -> bool:
    standing = Opinion.objects.standing(application)
    return any(row.stance in {"conditional", "objection"} and not hasattr(row, "response") for row in standing)


@pytest.mark.parametrize("name", ["city", "auditor", "admin"])
def test_who_watches_has_nothing_to_do(world, name):
    ways.screening(world)
    assert todo.lines(world.actors[name], DAYS[0]) == []


def test_a_line_carries_the_date_of_its_own_clock_and_the_earliest_comes_first(world):
    returned, submitted = ways.returned(world), ways.WAYS[State.SUBMITTED](world)
    later = submitted.deadlines.get(clock=Clock.ACCEPTANCE)
    Deadline.objects.filter(pk=later.pk).update(due_on=later.due_on + timedelta(days=7))
    line = next(line for line in todo.lines(world.actors["dept"], DAYS[0]) if of_application(line) == returned.pk)
    assert line.due_on == returned.deadlines.get(clock=Clock.CORRECTION).due_on
    assert (line.state, line.button) == ("退回补正", "补正后提交")
    dates = [line.due_on or date.max for line in todo.lines(world.actors["office"], DAYS[0])]
    assert dates == sorted(dates)


def test_silence_after_the_period_is_shown_late_and_may_still_be_mended(world):
    application = crowd.nobody_answered(world)
    due_on = application.deadlines.get(clock=Clock.CONSULTATION, stopped_on=None).due_on
    line = next(line for line in todo.lines(world.actors["street0"], due_on + timedelta(days=1)))
    assert (line.act, line.due_on) == ("give_opinion", due_on)
    assert "期满没有答复" in line.what


def test_the_office_reads_what_was_said_before_it_screens(world):
    ways.screening(world, stances={world.streets[0].code: "objection", world.communities[0].code: "conditional"})
    assert [line.what for line in todo.lines(world.actors["office"], DAYS[0])] == [
        "应急管理局 · 有异议 1 个、有条件同意 1 个"
    ]


def queries(actor: Actor) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        todo.lines(actor, DAYS[1])
    return len(caught)


def test_the_number_of_queries_does_not_grow(world):
    """Every role that acts has lines, and more lines cost no more queries."""
    names = ("dept", "street0", "community1", "office", "director", "deputy", "member")
    crowd.gather(world)
    once = {name: queries(world.actors[name]) for name in names}
    lines = {name: len(todo.lines(world.actors[name], DAYS[1])) for name in names}
    assert 0 not in lines.values()
    several(world)
    assert {name: queries(world.actors[name]) for name in names} == once
    assert all(len(todo.lines(world.actors[name], DAYS[1])) > lines[name] for name in ("dept", "office", "street0"))


def several(world: World) -> None:
    """More of everything."""
    for way in (crowd.said_no, crowd.endorsed, ways.returned, crowd.window_open, ways.noticed, crowd.points_open):
        way(world)
