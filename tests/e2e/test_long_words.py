"""A title, a plan or an address without a space breaks no page: nothing scrolls sideways, on a phone or a desk."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from admission import actions
from tests.admission import world as ways
from tests.admission.browsing import holding

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]
TITLE = "a" * 170
ADDRESS = "https://www.example.gov.cn/" + "x" * 300
PLAN = {"requirements": "b" * 900, "community_does": "c" * 900, "powers": ADDRESS, "guidance": ADDRESS}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def wide_ones(browser: Browser, client: Client, url: str, addresses: list[str]) -> list[tuple[str, int, int]]:
    """Which pages scroll sideways: (address, width of the window, by how much)."""
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(locale="zh-CN")
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    page, found = context.new_page(), []
    for address in addresses:
        page.goto(url + address)
        assert urlsplit(page.url).path == urlsplit(address).path
        page.evaluate("document.querySelectorAll('main details').forEach(node => { node.open = true; })")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if more := page.evaluate(SIDEWAYS):
                found.append((address, width, more))
    context.close()
    return found


def test_long_unbroken_text_makes_no_page_wider(live_server, browser):
    world = ways.make_world()
    world.title = TITLE
    draft = actions.save_draft(
        ways.drafted(world), by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan=PLAN)
    )
    case = ways.carry_through(world, draft)
    other = actions.save_draft(
        ways.drafted(world), by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan=PLAN)
    )
    of_case = [reverse(f"admission:{name}", args=[case.pk]) for name in ("application", "dossier", "plan")]
    of_draft = [reverse("admission:edit-check", args=[other.pk]), reverse("admission:edit", args=[other.pk, "all"])]
    notice = reverse("admission:notice", args=[case.notice.pk])
    item = reverse("worklists:item", args=[case.item.code])
    everywhere = ["/", reverse("admission:applications") + "?view=all", *of_case, *of_draft, notice, item]
    assert wide_ones(browser, holding(world.actors["dept"]), live_server.url, everywhere) == []
    for_all = ["/", reverse("admission:outcomes"), "/lists/430211001001/", reverse("admission:notices"), of_case[0]]
    assert wide_ones(browser, holding(world.actors["community0"]), live_server.url, for_all) == []
