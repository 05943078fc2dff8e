"""The procedure walked from draft to every state, and what the list says at the end."""

from datetime import date

import pytest

from admission.procedure import State
from base.models import Event
from tests.admission import world as ways
from worklists.models import ItemVersion


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_by_the_acts_alone(world, state):
    application = ways.WAYS[state](world)
    application.refresh_from_db()
    assert application.state == state
    assert Event.objects.about(application).first().data["version"] == application.version


def test_an_approved_item_stands_on_the_lists_from_its_start_and_not_a_day_earlier(world):
    ways.filed(world)
    place = world.communities[0].code
    lists = ItemVersion.objects
    assert not lists.for_community(place, "urban", on=date(2027, 1, 3)).exists()
    assert lists.for_community(place, "urban", on=date(2027, 1, 4)).count() == 1
    assert not lists.for_community(place, "urban", on=date(2027, 7, 1)).exists()
