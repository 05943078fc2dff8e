"""The county of the admission tests."""

from collections.abc import Iterator

import pytest

from base import events
from tests.admission.world import World, make_world


@pytest.fixture
def world(db) -> Iterator[World]:
    """The county; after the test every audit chain is still whole."""
    yield make_world()
    assert [events.verify(chain) for chain in events.chains()].count(None) == len(events.chains())
