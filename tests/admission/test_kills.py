"""The process is killed in the middle of an act: nothing is half done, and the act can simply be done again.

So it is with the broker, which no act needs: what waited for it is delivered when it is back.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection, transaction

from admission import actions
from admission.models import Application, Opinion
from admission.procedure import State
from base import tasks
from base.errors import RuleViolation
from base.models import DocumentNumber, Event, EventChain, Outbox, User
from communities import actions as communities
from communities.roles import Role, system
from config import embedded, places
from config.embedded import broker, home
from config.embedded.process import service_account
from tests import doomed
from tests.admission import world as ways
from tests.admission.world import World
from tests.mailing import mail_server, worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Act = Callable[[], object]


@dataclass(frozen=True)
class Deed:
    """An act that is ready to be done: how to come to it, the state that it leads to, and its audit lines."""

    ready: Callable[[World], Act]
    state: State
    lines: int = 1


def submitting(world: World) -> Act:
    return partial(actions.submit, ways.consulted(world), by=world.actors["dept"], at=world.at())


def answering(world: World) -> Act:
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    asked = Opinion.objects.current(application).select_related("body", "round__application")
    return partial(
        actions.give_opinion, next(row for row in asked if row.body == world.streets[0]), by=world.actors["street0"],
        at=world.at(), stance="no_objection", points="", on_behalf_of=world.communities[:2],
    )  # fmt: skip


def closing_minutes(world: World) -> Act:
    """One act that moves two applications."""
    second = ways.coordinating(world)
    application, meeting = ways.scheduled(world)
    other = actions.schedule_meeting(second, by=world.actors["office"], at=meeting.planned_at, meeting=meeting)
    heard = [
        actions.Heard(row, "专题汇报。", "admit", "结论说明。", [])
        for case in (application, other)
        for row in case.agenda_items.all()
    ]
    present = {world.units[key]: "副局长" for key in ("org", "host", "staffing", "legal")}
    actions.record_meeting(
        meeting, by=world.actors["office"], at=world.at(), present=present, heard=heard, minutes="会议纪要。"
    )
    return partial(actions.close_minutes, meeting, by=world.actors["deputy"], at=world.at())


def approving(world: World) -> Act:
    return partial(actions.approve, ways.awaiting(world), by=world.actors["deputy"], at=world.at(), text="同意准入。")


def issuing(world: World) -> Act:
    """The second notice of the year: there is a number before it."""
    ways.noticed(world)
    return partial(actions.issue_notice, ways.approved(world), by=world.actors["office"], at=world.at())


def filing(world: World) -> Act:
    return partial(actions.file_application, ways.noticed(world), by=world.actors["office"], at=world.at())


DEEDS = {
    "submit": Deed(submitting, State.SUBMITTED),
    "give_opinion": Deed(answering, State.PRE_CONSULTATION),
    "close_minutes": Deed(closing_minutes, State.DELIBERATED, lines=3),
    "approve": Deed(approving, State.APPROVED),
    "issue_notice": Deed(issuing, State.NOTICE_ISSUED, lines=2),
    "file": Deed(filing, State.FILED),
}


@pytest.fixture(params=DEEDS)
def deed(request) -> Deed:
    return DEEDS[request.param]


@pytest.fixture
def world() -> World:
    """The county; the departments and the office have an e-mail address, so that the outbox takes part."""
    made = ways.make_world()
    for role, unit in ((Role.APPLICANT, "dept"), (Role.OFFICE, "host")):
        communities.appoint(
            User.objects.create_user(unit, email=f"{unit}@example.gov.cn"), role=role, division=made.county,
            unit=made.units[unit], starts_on=ways.MONDAY.date(), by=system(), at=made.at(),
        )  # fmt: skip
    return made


def rehearsed(act: Act) -> dict[str, int]:
    """How many rows each table will have when the act is done. It is done, counted, and undone."""
    with transaction.atomic():
        act()
        rows = doomed.sizes()
        transaction.set_rollback(True)
    return rows


def is_whole(deed: Deed, expected: dict[str, int]) -> None:
    """Everything happened, once: every row that belongs to the act, a chain without a break, numbers without a gap."""
    assert doomed.sizes() == expected
    assert Application.objects.latest("changed_at").state == deed.state
    call_command("verify_events")
    for series in DocumentNumber.objects.values_list("series", flat=True).distinct():
        numbers = list(DocumentNumber.objects.filter(series=series).order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


def test_killed_after_any_statement_nothing_or_everything_has_happened(deed, world):
    act = deed.ready(world)
    expected, before = rehearsed(act), doomed.everything()
    for statements in count(1):
        process = doomed.start(doomed.dying_after, statements, act)
        assert doomed.done(process) == -signal.SIGKILL
        if doomed.everything() != before:
            break
    assert statements > 12, "it was killed at many places before it was done"
    is_whole(deed, expected)
    with pytest.raises(RuleViolation):
        act()
    is_whole(deed, expected)


def test_killed_while_it_waits_for_the_last_lock_it_can_be_done_again(deed, world):
    act = deed.ready(world)
    expected, before, lines = rehearsed(act), doomed.everything(), Event.objects.count()
    with transaction.atomic():
        EventChain.objects.select_for_update().get(code="430211")  # the last lock that an act takes
        process = doomed.start(act)
        [waiting] = doomed.until(lambda: doomed.waiting_for(connection.connection))
        doomed.killed(process)
    doomed.until(lambda: doomed.is_gone(waiting))  # the server notices when it gets the lock
    assert doomed.everything() == before
    call_command("verify_events")

    assert doomed.done(doomed.start(act)) == 0
    is_whole(deed, expected)
    assert Event.objects.count() - lines == deed.lines
    assert doomed.done(doomed.start(act)) == 1, "a second time it is refused"
    is_whole(deed, expected)


# --- The broker --------------------------------------------------------------------------------------------
@dataclass
class Broker:
    """One of our own, beside the database of the test."""

    place: Path
    url: str
    process: embedded.Child

    def kill(self) -> None:
        os.kill(self.process.process.pid, signal.SIGKILL)
        self.process.process.wait(doomed.PATIENCE)

    def start(self) -> None:
        """Again, at the same address."""
        self.process = broker.start(places.services_home(self.place), account=service_account())


@pytest.fixture
def own_broker(monkeypatch) -> Iterator[Broker]:
    place = home.fresh_place("x-")
    with ExitStack() as stack:
        with monkeypatch.context() as without:
            without.delenv("REDIS_URL")
            services = stack.enter_context(embedded.running(place))
        made = Broker(place, services.broker_url, services.children[0])
        yield made
        made.process.stop()
    shutil.rmtree(places.services_home(place), ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


def told_by(broker_url: str, act: Act) -> None:
    """An act whose process speaks to another broker than that of the tests."""
    current_app.conf.broker_url = current_app.conf.broker_write_url = broker_url
    act()


def letters(state: str) -> int:
    return Outbox.objects.filter(channel=Outbox.Channel.EMAIL, state=state).count()


def test_a_broker_killed_during_a_decision_does_not_stop_it_and_the_letters_go_out_when_it_is_back(world, own_broker):
    act = approving(world)
    expected, url = rehearsed(act), own_broker.url
    with mail_server() as mail, worker(url, mail=mail, data=own_broker.place):
        assert doomed.done(doomed.start(told_by, url, tasks.wake)) == 0
        doomed.until(lambda: letters("queued") == 0)
        before = len(mail.letters)
        with transaction.atomic():
            EventChain.objects.select_for_update().get(code="430211")
            process = doomed.start(told_by, url, act)
            doomed.until(lambda: doomed.waiting_for(connection.connection))
            own_broker.kill()
        assert doomed.done(process) == 0
        is_whole(DEEDS["approve"], expected)
        waiting = letters("queued")
        assert (waiting > 0, len(mail.letters)) == (True, before)

        own_broker.start()
        assert doomed.done(doomed.start(told_by, url, tasks.wake)) == 0
        doomed.until(lambda: letters("queued") == 0)
    assert len({letter["Message-ID"] for letter in mail.letters}) == len(mail.letters) == before + waiting
