"""Pictures of the main pages of a running demo, wide and narrow: `python scripts/screenshots.py ADDRESS DIRECTORY`.

Look at them before calling a page done: wrapping, alignment, empty and overfull states. Needs Debian's Chromium.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "tianyuan-2026"  # noqa: S105  the demo's sign-in page shows it
WIDTHS = (1280, 390)


@dataclass(frozen=True)
class Picture:
    """A page, who looks at it, and where they click from its address on."""

    name: str
    who: str
    address: str
    then: Callable[[Page], None] = lambda page: None


def first_row(page: Page) -> None:
    """The first thing of a list."""
    page.locator("main tbody a.t").first.click()


def button(words: str) -> Callable[[Page], None]:
    """A row of a list, then a button on its page."""

    def press(page: Page) -> None:
        first_row(page)
        page.locator("main").get_by_role("link", name=words).first.click()

    return press


def link(words: str) -> Callable[[Page], None]:
    """Something to do on the page itself."""
    return lambda page: page.locator("main").get_by_role("link", name=words).first.click()


PICTURES = (
    Picture("01-welcome", "", "/"),
    Picture("02-sign-in", "", "/accounts/login/"),
    Picture("03-home-office", "office", "/"),
    Picture("04-home-street", "street", "/"),
    Picture("05-applications", "office", "/applications/?view=all"),
    Picture("06-application", "office", "/applications/?view=all&state=coordination", first_row),
    Picture("07-application-applicant", "office", "/applications/?view=all&state=notice_issued", first_row),
    Picture("08-form", "dept", "/applications/?view=all&state=draft", button("填写申请")),
    Picture("09-check", "dept", "/applications/?view=all&state=returned", first_row),
    Picture("10-opinion", "street", "/", link("答复")),
    Picture("11-decision", "deputy", "/", link("核准")),
    Picture("12-meeting", "office", "/meetings/", first_row),
    Picture("13-notice", "community", "/notices/", first_row),
    Picture("14-list", "", "/lists/430211001001/"),
    Picture("15-county-list", "", "/lists/430211/"),
    Picture("16-editions", "office", "/lists/editions/"),
    Picture("17-dossier", "auditor", "/applications/?view=all&state=filed", button("卷宗")),
    Picture("18-report", "community", "/unapproved/new/"),
    Picture("19-audit", "auditor", "/audit/"),
    Picture("20-settings", "office", "/settings/"),
    Picture("21-community", "community", "/communities/430211001001/"),
    Picture("22-city", "city", "/"),
    Picture("23-outcomes", "", "/outcomes/"),
    Picture("24-record", "office", "/", link("记录会议")),
    Picture("25-county", "admin", "/communities/430211/"),
    Picture("26-appointments", "admin", "/communities/appointments/"),
)


def take(browser: Browser, base: str, out: Path, picture: Picture) -> None:
    """Both widths of one page, each from top to bottom."""
    for width in WIDTHS:
        page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
        if picture.who:
            page.goto(f"{base}/accounts/login/")
            page.fill("[name=login]:visible", picture.who)
            page.fill("[name=password]:visible", PASSWORD)
            page.locator("main form button[type=submit]").first.click()
        page.goto(base + picture.address)
        picture.then(page)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=out / f"{picture.name}-{width}.png", full_page=True)
        page.context.close()


def main(base: str, directory: str, names: Sequence[str]) -> None:
    """Every picture, or those whose names begin as asked."""
    out = Path(directory)
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for picture in PICTURES:
            if not names or picture.name.startswith(tuple(names)):
                take(browser, base.rstrip("/"), out, picture)
                sys.stdout.write(f"{picture.name}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
