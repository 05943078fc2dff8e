"""Every address of the portal for every role in every state: who may open it, who is told why not, who never knows.

Generated from the URL configuration and `tests/pages.py`; an address without a row there fails by its name.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from math import ceil

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import override_settings

from admission.procedure import State
from base.models import Event
from tests.pages import MISSING, PAGES, PUBLIC, Page, addresses, patterns, readers
from tests.scene import EVERYBODY, Scene, make_scene, now, title_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix")]  # one county for all of them
OF_LIBRARIES = ("admin:", "account_")
"""Addresses that come with Django and allauth; those of them that we dress have rows all the same."""


SOME = (
    State.DRAFT, State.PRE_CONSULTATION, State.COORDINATION, State.MEETING_SCHEDULED, State.AWAITING_APPROVAL,
    State.FILED,
)  # fmt: skip
"""Enough to tell who sees a case from who does not."""
ALL = tuple(State)
WITNESS = "admission:application"
"""Opened by every stranger to every case, in the short round too: it proves who may not know of which case."""
STRANGERS = 3
"""That the other addresses ask the same question is proved in the short round by so many strangers for each address of
each case; all of them would make half of all requests. Who has come least comes next. In the long round all come."""


@pytest.fixture(
    scope="module", params=[pytest.param(SOME, id="some"), pytest.param(ALL, id="all", marks=pytest.mark.slow)]
)
def scene(request, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Scene]:
    """The county, once for this module; it is never committed."""
    place = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), now(), transaction.atomic():
        with override_settings(MEDIA_ROOT=place):
            made = make_scene(request.param)
        made.things["files"] = place
        made.things["strangers"] = STRANGERS if request.param is SOME else len(EVERYBODY)
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def stage(scene, settings, media) -> None:
    """The files lie where the scene put them. What a test changes is rolled back, as everywhere."""
    settings.MEDIA_ROOT = scene.things["files"]


def text_of(response: HttpResponseBase) -> str:
    """What stands in an answer, whatever its form; a workbook is unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return body.decode("utf-8", "replace")


def leaks(scene: Scene, who: str, text: str) -> list[str]:
    """The cases named in an answer that this account may not know of."""
    known = {name for name in scene.cases if name in PUBLIC or who in readers(name)}
    return [name for name in scene.cases if name not in known and title_of(name) in text]


def strangers_to(row: Page, case: str) -> set[str]:
    """Those to whom an address of a case is not there because they may not know of the case."""
    about = case.rpartition(" of ")[2]
    return {who for who in EVERYBODY if about and row.expect(who, case) == MISSING} - readers(about)


def callers(scene: Scene, name: str, row: Page) -> Iterator[tuple[str, str, str]]:
    """(case, address, who) of a row of the table: everybody, but of strangers only as many as the round wants."""
    found = list(addresses(row, name, scene))
    turns: Counter[str] = Counter()
    chances = Counter(who for case, _address in found for who in strangers_to(row, case))
    for case, address in found:
        strangers = strangers_to(row, case)
        wanted = max(scene.things["strangers"], ceil(len(EVERYBODY) / len(found)))
        rarest = sorted(strangers, key=lambda who: (turns[who], chances[who], who))
        called = strangers if name == WITNESS else set(rarest[:wanted])
        turns.update(called)
        yield from ((case, address, who) for who in EVERYBODY if who not in strangers or who in called)


def test_every_address_has_a_row_and_every_row_an_address():
    found = {name for name in patterns() if not name.startswith((*OF_LIBRARIES, "styleguide"))}
    assert sorted(found - PAGES.keys()) == []
    assert sorted(PAGES.keys() - patterns().keys()) == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_who_may_open_it(scene, name):
    wrong = []
    lines = Event.objects.count()
    for row in PAGES[name]:
        for case, address, who in callers(scene, name, row):
            response = scene.clients[who].get(address)
            expected = row.expect(who, case)
            if response.status_code != expected:
                wrong.append(f"{who} {address} ({case}): {response.status_code}, not {expected}")
            wrong += [f"{who} {address} names {title}" for title in leaks(scene, who, text_of(response))]
    assert not wrong, "\n".join(wrong)
    assert Event.objects.count() == lines, "a GET has done something"
