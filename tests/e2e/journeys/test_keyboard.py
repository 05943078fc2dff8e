"""The main path by keyboard alone: Tab, arrows, Space, Enter and typing; where the focus is can always be seen."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from admission.models import Application
from tests.e2e.form import PARTS, TITLE
from tests.factories import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keyboard")]
MOST = 400
SEEN = """node => { const style = getComputedStyle(node), box = node.getBoundingClientRect();
  return box.width > 0 && (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    || style.boxShadow !== "none" || style.borderColor !== style.backgroundColor); }"""
ABOUT = """node => ({name: node.name || "", value: node.value || "", type: node.type || node.tagName.toLowerCase(),
  words: (node.getAttribute("aria-label") || node.innerText || "").trim(), checked: node.checked || false})"""


class Keys:
    """Hands that never touch the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def about(self) -> dict[str, Any]:
        """Where the focus is; it must be visible there."""
        focus = self.page.locator("*:focus")
        if focus.count() == 0:
            return {"name": "", "value": "", "type": "", "words": "", "checked": False}
        assert focus.evaluate(SEEN), f"nobody sees the focus on {focus.evaluate(ABOUT)}"
        return focus.evaluate(ABOUT)

    def to(self, **wanted: str) -> dict[str, Any]:
        """Tab until the focus is on what has this name or says these words."""
        for _press in range(MOST):
            here = self.about()
            if all(
                here[key] == value or (key == "words" and here[key].startswith(value)) for key, value in wanted.items()
            ):
                return here
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {wanted}")

    def press(self, words: str) -> None:
        """A link or a button."""
        self.to(words=words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def answer(self, name: str, value: Any) -> None:
        """One question, by the kind of its control."""
        here = self.to(name=name)
        ways = {"radio": self.choose, "checkbox": self.tick, "select-one": self.pick, "date": self.date}
        ways.get(here["type"], self.write)(value)

    def choose(self, value: str) -> None:
        """One of several: arrows move the choice."""
        while self.about()["value"] != value:
            self.page.keyboard.press("ArrowDown")
        if not self.about()["checked"]:
            self.page.keyboard.press("Space")

    def tick(self, value: bool | list[str]) -> None:
        """A box, or some boxes of a list."""
        name = self.about()["name"]
        for code in value if isinstance(value, list) else [self.about()["value"]]:
            self.to(name=name, value=code)
            self.page.keyboard.press("Space")

    def pick(self, value: str) -> None:
        """From a list that opens: arrows go through it."""
        while self.about()["value"] != value:
            self.page.keyboard.press("ArrowDown")

    def date(self, value: str) -> None:
        """Year, month and day are three small fields, in the order of the browser's own language."""
        year, month, day = value.split("-")
        for fields in ([year, "ArrowRight", month, day], [month, day, year]):
            for _field in range(2):
                self.page.keyboard.press("ArrowLeft")
            for typed in fields:
                self.page.keyboard.type(typed) if typed.isdigit() else self.page.keyboard.press(typed)
            if self.about()["value"] == value:
                return
        raise AssertionError(f"{value} cannot be typed, it became {self.about()['value']}")

    def write(self, value: str) -> None:
        """Instead of what stands there."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(value)

    def answer_all(self, answers: Mapping[str, Any]) -> None:
        """In the order of the page."""
        order = self.page.locator("main [name]").evaluate_all("nodes => nodes.map(node => node.name)")
        for name in sorted(answers, key=order.index):
            self.answer(name, answers[name])


def test_a_draft_is_written_answered_and_decided_by_keyboard_alone(start):
    walk = start("dept", "community", "street", "other_street", "other_community", "office", "deputy")
    page = walk.page("visitor")
    page.goto(walk.url)
    keys = Keys(page)
    keys.press("跳到正文")
    keys.press("登录")
    keys.answer("login", "dept")
    keys.answer("password", PASSWORD)
    keys.press("登录")
    keys.press("申请")
    keys.press("新建申请")
    keys.press("新增准入")
    keys.press("开始填写")
    for slug, answers in PARTS:
        page.wait_for_url(f"**/edit/{slug}/")
        keys.answer_all(answers)
        keys.press("保存并")
    keys.press("发出征询")
    keys.press("发出征询")
    expect(page.locator("main")).to_contain_text("已发出征询")

    page = walk.open("community", TITLE)
    keys = Keys(page)
    keys.press("答复征询")
    keys.answer("stance", "no_objection")
    keys.press("提交答复")
    expect(page.locator("main")).to_contain_text("答复已提交")
    assert Application.objects.get().title == TITLE
