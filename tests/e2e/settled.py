"""When a page has come to rest: known from the page itself, not by waiting for half a second of silence."""

from playwright.sync_api import Page, expect

ON_ITS_WAY = "[hx-trigger=load], .htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def settle(page: Page) -> None:
    """Everything that the page loads by itself is there: its files, its fonts, what htmx fetches at once."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")
    expect(page.locator(ON_ITS_WAY)).to_have_count(0)
