"""Every page that somebody can open, as it looks in Chromium at both widths: accessible, narrow enough, light, quiet.

Generated from the URL configuration and the table of `tests/pages.py`: a new page is looked at by itself.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from admission.procedure import State
from tests.e2e.settled import settle
from tests.e2e.shape import shape
from tests.factories import PASSWORD
from tests.pages import OK, PAGES, addresses
from tests.scene import NOBODY, VISITOR, Scene, make_scene, now

pytestmark = pytest.mark.django_db

LOOKERS = (
    VISITOR, NOBODY, "dept", "office", "director", "deputy", "member", "street", "community", "city", "auditor",
    "admin", "hr", "other_street", "other_community", "foreign_city",
)  # fmt: skip
SOME = (State.DRAFT, State.COORDINATION, State.FILED)
EVERY = tuple(State)
FEW = ("home", "worklists:community", "admission:application", "admission:edit", "admission:notice")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FIRST_VISIT, LATER_VISIT = 400_000, 20_000
A_DAY = 24 * 60 * 60
OPEN_ALL = "document.querySelectorAll('main details').forEach(node => { node.open = true; })"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Gallery:
    """Everything to look at, and the browsers of those who look."""

    scene: Scene
    url: str
    browser: Browser
    pages: dict[str, Page] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    loaded: set[str] = field(default_factory=set)

    def page(self, who: str) -> Page:
        """A browser that says what goes wrong in it."""
        if who not in self.pages:
            context = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            if who != VISITOR:
                name = settings.SESSION_COOKIE_NAME
                value = self.scene.clients[who].cookies[name].value
                context.add_cookies([{"name": name, "value": value, "url": self.url}])
            page = self.pages[who] = context.new_page()
            page.on("console", lambda said: self.heard.append(said.text) if said.type in {"error", "warning"} else None)
            page.on("pageerror", lambda error: self.heard.append(str(error)))
            page.on("request", lambda request: self.loaded.add(urlsplit(request.url).path))
        return self.pages[who]


def sign_in(scene: Scene) -> None:
    """By the sign-in page, as people do: then what asks for the password again is open too."""
    for who in LOOKERS:
        if who != VISITOR:
            scene.clients[who] = Client()
            scene.clients[who].post(reverse("account_login"), {"login": who, "password": PASSWORD})


@pytest.fixture(scope="module")
def gallery(request, django_db_setup, django_db_blocker, browser: Browser, tmp_path_factory) -> Iterator[Gallery]:
    """A committed scene behind a live server; swept away afterwards."""
    place = tmp_path_factory.mktemp("files")
    around = override_settings(
        MEDIA_ROOT=place,
        ALLOWED_HOSTS=[*settings.ALLOWED_HOSTS, "localhost"],
        ACCOUNT_REAUTHENTICATION_TIMEOUT=A_DAY,  # the sign-in counts as fresh until the last page
    )
    with django_db_blocker.unblock(), now(), around:
        scene = make_scene(request.param)
        scene.things["files"] = place
        sign_in(scene)
        server = LiveServer("localhost")
        made = Gallery(scene, server.url, browser)
        yield made
        for page in made.pages.values():
            page.context.close()
        server.stop()
        call_command("flush", verbosity=0, interactive=False, allow_cascade=True, inhibit_post_migrate=False)
        connections.close_all()  # Playwright's loop has one of its own, which nobody finds when the loop is gone


@pytest.fixture(autouse=True)
def files(gallery, settings, media) -> None:
    """The files lie where the scene put them."""
    settings.MEDIA_ROOT = gallery.scene.things["files"]


def worth_a_look(gallery: Gallery, name: str) -> Iterator[tuple[str, str, str]]:
    """(who, address, html) of the pages of a name, each with something in it that those before had not."""
    known: set[str] = set()
    for row in PAGES[name]:
        if row.sent != "html":
            continue
        for case, address in addresses(row, name, gallery.scene):
            for who in LOOKERS:
                if row.expect(who, case) != OK:
                    continue
                response = asked(gallery.scene.clients[who], address)
                if response.status_code != OK or not response["Content-Type"].startswith("text/html"):
                    continue
                html = response.content.decode()
                if new := shape(html) - known:
                    known |= new
                    yield who, address, html


def asked(client: Client, address: str) -> Any:
    """The answer, without what asking for it has changed: the browser must not wait for it."""
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(True)
    return response


@cache
def weight_of(path: str) -> int:
    """A static file as it is sent: compressed, unless it is compressed already."""
    if not path.startswith(settings.STATIC_URL):
        return 0  # the page itself, counted by its own answer
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    assert isinstance(found, str), f"{path} is not among the static files"
    with open(found, "rb") as file:  # noqa: PTH123 finders speak of paths as text
        content = file.read()
    return len(content) if path.endswith((".woff2", ".png")) else len(gzip.compress(content))


def faults(gallery: Gallery, who: str, address: str, html: str, violations: Any) -> Iterator[str]:
    """What is wrong with one page."""
    page = gallery.page(who)
    gallery.heard.clear()
    gallery.loaded.clear()
    page.set_viewport_size(WIDE)
    page.goto(gallery.url + address)
    settle(page)
    page.evaluate(OPEN_ALL)
    yield from (f"1280: {rule} {nodes}" for rule, nodes in violations(page))
    page.set_viewport_size(NARROW)
    yield from (f"390: {rule} {nodes}" for rule, nodes in violations(page))
    if (over := page.evaluate(SIDEWAYS)) > 0:
        yield f"390: {over} px too wide"
    if (headings := page.locator("h1").count()) != 1:
        yield f"{headings} h1"
    yield from (f"console: {said}" for said in gallery.heard)
    own = len(gzip.compress(html.encode()))
    if own > LATER_VISIT:
        yield f"{own} bytes on a later visit"
    if (first := own + sum(map(weight_of, gallery.loaded))) > FIRST_VISIT:
        yield f"{first} bytes on the first visit"


def names() -> Iterator[Any]:
    """Every address that can be a page, shared between two browsers; few, in few states, in the fast round."""
    for name in FEW:
        yield pytest.param(SOME, name, id=f"some-{name}", marks=pytest.mark.xdist_group("axe"))
    pages = sorted(name for name, rows in PAGES.items() if any(row.sent == "html" for row in rows))
    for n, name in enumerate(pages):
        half = pytest.mark.xdist_group(f"axe-{n % 2}")
        yield pytest.param(EVERY, name, id=f"every-{name}", marks=[pytest.mark.slow, half])


# By its scope the county is made once: without it, `parametrize` would have it made and swept away for every page.
@pytest.mark.parametrize(("gallery", "name"), list(names()), indirect=["gallery"], scope="module")
def test_a_page_is_accessible_narrow_light_and_quiet(gallery, violations, name):
    wrong = []
    for who, address, html in worth_a_look(gallery, name):
        wrong += [f"{who} {address}  {fault}" for fault in faults(gallery, who, address, html, violations)]
    assert not wrong, "\n".join(wrong)
