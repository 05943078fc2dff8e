"""How the journeys walk: people of one county, each in a browser of their own; pages are used by what they say."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Literal
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from tests.admission.world import World
from tests.scene import BACKEND, Scene

BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday with five working days behind it."""

READY: Literal["domcontentloaded"] = "domcontentloaded"
"""A page can be used once its scripts have run; a font that is late keeps nobody waiting."""
PATIENCE = 40_000
"""Milliseconds: seven browsers of one journey, on a machine that does other work beside it."""
expect.set_options(timeout=PATIENCE)


class Walk:
    """One county on a live server, and a clock that can be put forward."""

    def __init__(self, scene: Scene, url: str, browser: Browser, clock: Any) -> None:
        self.scene, self.url, self.browser, self.clock = scene, url, browser, clock
        self.pages: dict[str, Page] = {}
        self.options: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}

    @property
    def world(self) -> World:
        """Its units and actors, for what is not done in a browser; its clock is the portal's."""
        begin = timezone.now()
        self.scene.world.clock = (begin + timedelta(seconds=n) for n in count())
        return self.scene.world

    def page(self, who: str) -> Page:
        """The browser of this account, signed in; "visitor" for nobody."""
        if who not in self.pages:
            self.pages[who] = self.browser.new_context(**self.options).new_page()
            self.pages[who].set_default_timeout(PATIENCE)
            self.sign_in(who)
        return self.pages[who]

    def sign_in(self, who: str) -> None:
        """As if they had gone through the sign-in page."""
        if who in self.scene.accounts:
            session = Client()
            session.force_login(self.scene.accounts[who], backend=BACKEND)
            cookie = session.cookies[settings.SESSION_COOKIE_NAME].value
            self.pages[who].context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}]
            )

    def days(self, number: int) -> None:
        """So many days later; everybody has to sign in again."""
        self.clock.shift(timedelta(days=number))
        for who in self.pages:
            self.sign_in(who)

    def go(self, who: str, address: str) -> Page:
        """Open an address of the portal."""
        page = self.page(who)
        page.goto(self.url + address, wait_until=READY)
        return page

    def open(self, who: str, title: str) -> Page:
        """From the list of applications to the one with this title."""
        page = self.go(who, "/applications/?view=all")
        follow(page.get_by_role("link", name=title).first)
        expect(page.locator("h1")).to_contain_text(title)
        return page

    def take(self, who: str, title: str, button: str, *, submit: str = "", **typed: Any) -> Page:
        """A button of the application's page, the form behind it, its main button."""
        page = self.open(who, title)
        follow(page.locator("section.now").get_by_role("link", name=re.compile(f"^{button}")).first)
        fill(page, typed)
        send(page, submit)
        return page


@contextmanager
def walking(scene: Scene, url: str, browser: Browser, clock: Any, **options: Any) -> Iterator[Walk]:
    """A walk whose browsers are closed at its end."""
    walk = Walk(scene, url, browser, clock)
    walk.options |= options
    try:
        yield walk
    finally:
        for page in walk.pages.values():
            page.context.close()


def fill(page: Page, typed: Mapping[str, Any]) -> None:
    """Answer questions by the names of their controls; a name that is not there is an error."""
    for name, value in typed.items():
        put(page.locator(f"main [name='{name}']"), value)


def put(control: Locator, value: Any) -> None:
    """One answer, whatever kind of control it is. Boxes take a list."""
    kind = control.first.evaluate("node => node.type")
    if kind == "checkbox" and isinstance(value, list):
        for box in control.all():
            box.set_checked(box.get_attribute("value") in value)
    elif kind == "checkbox":
        control.set_checked(value)
    elif kind == "radio":
        control.and_(control.page.locator(f"[value='{value}']")).check()
    elif kind == "select-one":
        control.select_option(value)
    else:
        control.fill(str(value))


def send(page: Page, submit: str = "") -> None:
    """The main button of the page's form; the answer is there when this returns."""
    buttons = page.locator("main form[method=post] .form-actions button[type=submit]")
    follow((buttons.filter(has_text=re.compile(f"^{submit}$")) if submit else buttons).first)


def follow(way: Locator) -> None:
    """Press what leads to another page; all of that page is there when this returns.

    A click alone returns when the page begins: whoever counts rows then counts those that have arrived.
    """
    with way.page.expect_navigation(wait_until=READY):
        way.click()


def said(page: Page) -> str:
    """What the page reports about what was done."""
    return page.locator("[data-done], .message--success").first.inner_text()


@contextmanager
def clock() -> Iterator[Any]:
    """The portal's clock, from `BEGIN` on."""
    with time_machine.travel(BEGIN) as traveller:
        yield traveller
