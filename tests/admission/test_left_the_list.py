"""An edition may take an item off while its change is on its way: nothing is decided in vain or stays for ever."""

from datetime import date

import pytest

from admission import access, actions
from admission.conditions import NotYet
from admission.procedure import Kind, State, Step
from tests.admission import world as ways
from worklists import actions as worklists
from worklists.kinds import Ending

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)


@pytest.fixture
def item(world):
    return ways.noticed(world).item


def take_off(world, item) -> None:
    worklists.retire_item(
        item, ends_on=date(2027, 1, 4), ending=Ending.REMOVED, by=world.actors["office"], at=world.at()
    )


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.EXIT])
def test_an_approved_change_of_what_has_left_the_list_can_only_be_withdrawn(world, item, kind):
    application = ways.approved(world, kind=kind, item=item)
    dept, office = world.actors["dept"], world.actors["office"]
    assert Step.WITHDRAW not in access.steps_here(dept, application)
    with pytest.raises(NotYet):
        actions.withdraw(application, by=dept, at=world.at(), reason="不办了。")
    assert Step.ISSUE_NOTICE in access.open_steps(office, application, on=TODAY)

    take_off(world, item)
    assert "移出清单" in access.why_not(office, application, on=TODAY)[Step.ISSUE_NOTICE][0]
    with pytest.raises(NotYet, match="移出清单"):
        actions.issue_notice(application, by=office, at=world.at())
    application = actions.withdraw(application, by=dept, at=world.at(), reason="新一版清单已经移出这一项。")
    assert application.state == State.WITHDRAWN


def test_what_has_left_the_list_is_not_approved(world, item):
    application = ways.awaiting(world, kind=Kind.CHANGE, item=item)
    take_off(world, item)
    with pytest.raises(NotYet, match="移出清单"):
        actions.approve(application, by=world.actors["deputy"], at=world.at(), text="同意。")


def test_what_leaves_the_list_later_may_be_changed_until_then(world, item):
    application = ways.approved(world, kind=Kind.CHANGE, item=item)
    worklists.retire_item(
        item, ends_on=date(2027, 3, 1), ending=Ending.REMOVED, by=world.actors["office"], at=world.at()
    )
    assert Step.ISSUE_NOTICE in access.open_steps(world.actors["office"], application, on=TODAY)


def test_an_approved_admission_is_never_withdrawn(world):
    application = ways.approved(world)
    with pytest.raises(NotYet):
        actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="不办了。")
