"""Eight at once, with real transactions: one wins, the others get a sentence, nothing is lost and nothing doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from admission import actions
from admission.models import Application, Decision, Meeting, Opinion, WorkNotice
from admission.procedure import State
from base import events
from base.errors import RuleViolation
from base.models import DocumentNumber, Event
from tests.admission import world as ways

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def world():
    return ways.make_world()


def all_at_once(act: Callable[[int], object], times: int = AT_ONCE) -> list[object]:
    """Run `act(n)` in threads that start together; a refusal is a result."""
    start = Barrier(times)

    def one(n: int) -> object:
        try:
            start.wait()
            return act(n)
        except RuleViolation as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def winners(results: list[object]) -> list[object]:
    return [result for result in results if not isinstance(result, RuleViolation)]


def test_one_of_eight_accepts(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    when = world.at()
    results = all_at_once(lambda _n: actions.accept(application, by=world.actors["office"], at=when))
    assert len(winners(results)) == 1
    assert Event.objects.filter(kind="admission.application.accept").count() == 1
    assert events.verify("430211") is None


def test_one_of_eight_decides(world):
    application = ways.awaiting(world)
    when = world.at()
    deciders = [world.actors["director"], world.actors["deputy"]]
    results = all_at_once(lambda n: actions.approve(application, by=deciders[n % 2], at=when, text="同意。"))
    assert len(winners(results)) == 1
    assert Decision.objects.count() == 1


def test_approval_and_withdrawal_at_once_leave_one_of_them(world):
    application = ways.awaiting(world)
    when = world.at()

    def act(n: int) -> object:
        if n % 2:
            return actions.withdraw(application, by=world.actors["dept"], at=when, reason="不办了。")
        return actions.approve(application, by=world.actors["deputy"], at=when, text="同意。")

    assert len(winners(all_at_once(act))) == 1
    application.refresh_from_db()
    assert Decision.objects.exists() is (application.state == State.APPROVED)


def test_numbers_of_eight_notices_have_no_gap(world):
    made = [ways.approved(world) for _n in range(AT_ONCE)]
    when = world.at()
    results = all_at_once(lambda n: actions.issue_notice(made[n], by=world.actors["office"], at=when))
    assert len(winners(results)) == AT_ONCE
    numbers = DocumentNumber.objects.filter(series__kind="work_notice").order_by("seq")
    assert [row.seq for row in numbers] == list(range(1, AT_ONCE + 1))
    assert WorkNotice.objects.count() == AT_ONCE
    assert events.verify("430211") is None


def test_of_eight_meetings_moved_to_one_hour_one_gets_it(world):
    office = world.actors["office"]
    days = [datetime(2026, 12, n, 1, 0, tzinfo=UTC) for n in range(1, AT_ONCE + 1)]
    meetings = [
        actions.plan_meeting(by=office, at=world.at(), planned_at=day, place="三楼", chair="deputy") for day in days
    ]
    when, wanted = world.at(), datetime(2026, 12, 21, 1, 0, tzinfo=UTC)
    results = all_at_once(
        lambda n: actions.move_meeting(meetings[n], by=office, at=when, planned_at=wanted, place=f"{n}楼")
    )
    assert len(winners(results)) == 1
    assert Meeting.objects.filter(planned_at=wanted).count() == 1


def test_one_of_eight_acknowledges(world):
    application = ways.noticed(world)
    receipt = application.notice.receipts.select_related("notice__application").get(unit__isnull=False)
    when = world.at()
    results = all_at_once(lambda _n: actions.acknowledge(receipt, by=world.actors["dept"], at=when))
    assert len(winners(results)) == 1


def test_a_street_and_a_community_answering_at_once_both_count_once(world):
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    rows = list(Opinion.objects.current(application).select_related("body", "round__application"))
    when = world.at()
    street = next(row for row in rows if row.body == world.streets[0])
    own = next(row for row in rows if row.body == world.communities[0])

    def act(n: int) -> object:
        if n:
            return actions.give_opinion(
                own, by=world.actors["community0"], at=when, stance="objection", points="人手不够。"
            )
        places = world.communities[:2]
        return actions.give_opinion(
            street, by=world.actors["street0"], at=when, stance="no_objection", on_behalf_of=places
        )

    all_at_once(act, times=2)
    answered = Opinion.objects.current(application).filter(answered_at__isnull=False)
    assert answered.count() == 3
    assert answered.get(body=own.body).stance == "objection"  # its own word, whoever came first
    assert Application.objects.get(pk=application.pk).state == State.PRE_CONSULTATION
