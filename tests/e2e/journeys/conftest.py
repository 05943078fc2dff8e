"""The county in which people walk, and the form as a department fills it in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e import walk
from tests.e2e.walk import Walk
from tests.scene import Scene, account, make_county


@pytest.fixture
def start(transactional_db, live_server, browser: Browser) -> Iterator[Callable[..., Walk]]:
    """start("dept", "office", ...) -> a walk with these accounts; more words are options of the browser."""
    with ExitStack() as stack, walk.clock() as clock:

        def begin(*people: str, **options: Any) -> Walk:
            scene = Scene(make_county(), {})
            for who in people:
                account(scene, who)
            return stack.enter_context(walk.walking(scene, live_server.url, browser, clock, **options))

        yield begin
