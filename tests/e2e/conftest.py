"""Browser tests: Chromium against a live server, judged by axe-core."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

# Playwright's loop runs in this thread; the tests use the database from it nevertheless.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

AXE = Path(__file__).parent.parent / "vendor/axe/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(
  found => found.violations.map(each => [each.id, each.nodes.map(node => node.target.join(" "))]))"""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A Chinese browser in the county."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def violations() -> Callable[[Page], list[list[object]]]:
    """What axe-core finds wrong with a page: [[rule, [selectors]]]."""
    source = AXE.read_text(encoding="utf-8")

    def judge(page: Page) -> list[list[object]]:
        if not page.evaluate("'axe' in window"):  # half a megabyte: once for each page, not for each width
            page.evaluate(source)
        return page.evaluate(RUN, RULES)

    return judge
