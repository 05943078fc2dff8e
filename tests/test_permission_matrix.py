"""Every address of the portal for every role in every state: who may open it, who is told why not, who never knows.

Generated from the URL configuration and `tests/pages.py`; an address without a row there fails by its name.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from math import ceil
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import override_settings

from admission.procedure import State
from base.models import Event
from tests.pages import MISSING, PAGES, PUBLIC, Page, addresses, patterns, readers
from tests.scene import EVERYBODY, Scene, make_scene, now, title_of

pytestmark = pytest.mark.django_db
OF_LIBRARIES = ("admin:", "account_")
"""Addresses that come with Django and allauth; those of them that we dress have rows all the same."""


SOME = (State.DRAFT, State.PRE_CONSULTATION, State.MEETING_SCHEDULED, State.FILED)
"""Enough to tell who sees a case from who does not: its applicant, whoever is asked, the members, everybody."""
ALL = tuple(State)
WITNESS = "admission:application"
"""Opened by every stranger to every case, in the short round too: it proves who may not know of which case."""
STRANGERS = 3
"""That the other addresses ask the same question is proved in the short round by so many strangers for each address of
each case; all of them would make half of all requests. Who has come least comes next. In the long round all come."""


def names() -> Iterator[Any]:
    """Every address in some states; in the long round in all of them, shared between two workers."""
    for n, name in enumerate(sorted(PAGES)):
        half = pytest.mark.xdist_group(f"matrix-{n % 2}")
        yield pytest.param(SOME, name, id=f"some-{name}", marks=pytest.mark.xdist_group("matrix"))
        yield pytest.param(ALL, name, id=f"all-{name}", marks=[pytest.mark.slow, half])


@pytest.fixture(scope="module")
def scene(request, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Scene]:
    """The county, once for each worker's round; it is never committed."""
    place = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), now(), transaction.atomic():
        with override_settings(MEDIA_ROOT=place):
            made = make_scene(request.param)
        made.things["files"] = place
        made.things["strangers"] = STRANGERS if request.param is SOME else len(EVERYBODY)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
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


def is_dead_end(response: HttpResponseBase) -> bool:
    """Nothing stands in the way of the act, and yet its form cannot be sent."""
    context = getattr(response, "context", None) or {}
    return "problems" in context and "submit" in context and not context["problems"] and not context["submit"]


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


# By its scope the county is made once: without it, `parametrize` would have it made and swept away for every address.
@pytest.mark.parametrize(("scene", "name"), list(names()), indirect=["scene"], scope="module")
@pytest.mark.usefixtures("stage")
def test_who_may_open_it(scene, name):
    wrong = []
    lines = Event.objects.count()
    for row in PAGES[name]:
        for case, address, who in callers(scene, name, row):
            response = scene.clients[who].get(address)
            expected = row.expect(who, case)
            if response.status_code != expected:
                wrong.append(f"{who} {address} ({case}): {response.status_code}, not {expected}")
            wrong += [f"{who} {address}: a form without its button"] if is_dead_end(response) else []
            wrong += [f"{who} {address} names {title}" for title in leaks(scene, who, text_of(response))]
    assert not wrong, "\n".join(wrong)
    assert Event.objects.count() == lines, "a GET has done something"
