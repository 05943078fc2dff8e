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
from tests.pages import PAGES, PUBLIC, Page, addresses, patterns, readers
from tests.scene import EVERYBODY, Scene, make_scene, now, title_of

pytestmark = pytest.mark.django_db
OF_LIBRARIES = ("admin:", "account_")
"""Addresses that come with Django and allauth; those of them that we dress have rows all the same."""


SOME = (State.DRAFT, State.PRE_CONSULTATION, State.MEETING_SCHEDULED, State.FILED)
"""Enough to tell who sees a case from who does not: its applicant, whoever is asked, the members, everybody."""
ALL = tuple(State)
WITNESS = "admission:application"
"""Opened by everybody in every case, in the short round too: it proves who may know of which case."""
ALIKE = 2
"""That the other addresses ask the same question is proved in the short round by so many of those who are to get the
same answer, for each address of each case. Who has come least comes next. In the long round all come."""


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
        made.things["alike"] = ALIKE if request.param is SOME else len(EVERYBODY)
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


def answers(row: Page, case: str) -> dict[tuple[int, bool], list[str]]:
    """Who is to get the same answer: by its status, and by whether they may know of the case at all."""
    about, found = case.rpartition(" of ")[2], {}
    for who in EVERYBODY:
        found.setdefault((row.expect(who, case), bool(about) and who in readers(about)), []).append(who)
    return found


def callers(scene: Scene, name: str, row: Page) -> Iterator[tuple[str, str, str]]:
    """(case, address, who) of a row of the table: everybody, or of those alike as many as the round wants."""
    found = list(addresses(row, name, scene))
    groups = [answers(row, case) for case, _address in found]
    chances = Counter((answer, who) for group in groups for answer, alike in group.items() for who in alike)
    occurs = Counter(answer for group in groups for answer in group)
    turns: Counter[tuple[tuple[int, bool], str]] = Counter()
    for (case, address), group in zip(found, groups, strict=True):
        for answer, alike in group.items():
            wanted = (
                len(EVERYBODY) if name == WITNESS else max(scene.things["alike"], ceil(len(alike) / occurs[answer]))
            )
            rarest = sorted((turns[answer, who], chances[answer, who], who) for who in alike)
            called = [who for _turns, _chances, who in rarest[:wanted]]
            turns.update((answer, who) for who in called)
            yield from ((case, address, who) for who in called)


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
