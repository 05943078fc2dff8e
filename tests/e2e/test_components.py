"""The living page in a browser: accessible at both widths, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.settled import settle
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.e2e.living_urls")]

SMALL_TARGETS = """() => [...document.querySelectorAll("button, .btn, select, summary, nav a, input")]
  .filter(node => node.checkVisibility())
  .filter(node => (node.closest(".form-check, .pick") || node).getBoundingClientRect().height < 43.5)
  .map(node => node.outerHTML.slice(0, 120))"""
TYPED = "第二个节点：每月检测一次"


@pytest.fixture
def living(live_server, page: Page) -> Page:
    """The living page, opened by somebody who is signed in."""
    account = UserFactory.create()
    page.goto(f"{live_server.url}/accounts/login/?next=/styleguide/")
    page.fill("[name=login]", account.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/styleguide/")
    return page


def expect_kept(page: Page, number: int) -> None:
    """So many unsent forms are kept on this computer, now or within two seconds."""
    for _attempt in range(20):
        kept = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kept:'))")
        if len(kept) == number:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"kept {kept}, expected {number}")


def leave(page: Page) -> None:
    """Reload although something is typed."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    settle(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_component_is_accessible(live_server, page, violations, width):
    page.set_viewport_size({"width": width, "height": 900})
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)

    page.goto(f"{live_server.url}/styleguide/")
    settle(page)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL_TARGETS) == []
    assert said == []


def test_without_scripts_nothing_is_offered_that_needs_them(live_server, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/styleguide/")

    for hidden in ("[data-print]", "[data-rows-add]", "[data-boxes-bar]", "[data-boxes-all]", "[data-pick-all]"):
        assert page.locator(hidden).count()
        assert not page.locator(hidden).first.is_visible()
    page.locator("#wrong [name=title]").fill(TYPED)
    page.click("#wrong button.btn-primary")
    expect(page.locator("h1")).to_have_text("组件一览")


def test_what_was_typed_is_offered_again_until_it_is_thrown_away(living):
    living.click("[data-rows-add]")
    living.fill("[name=milestones-1-name]", TYPED)
    leave(living)

    expect(living.locator("[name=milestones-1-name]")).to_have_count(0)  # never put back unasked
    living.click(".kept >> text=接着填")
    expect(living.locator("[name=milestones-1-name]")).to_have_value(TYPED)

    leave(living)
    living.click(".kept >> text=不要了")
    expect_kept(living, 0)
    living.reload()
    expect(living.locator(".kept")).to_have_count(0)


def test_an_ended_session_loses_nothing_and_signing_out_clears_the_computer(living):
    living.fill("[name=milestones-0-name]", TYPED)
    cookies = living.context.cookies()
    living.context.clear_cookies()
    living.evaluate("document.querySelector('[name=milestones-0-name]').form.requestSubmit()")
    expect(living.locator("main h1")).to_have_text("没有提交成，请再提交一次")
    expect_kept(living, 1)

    living.context.add_cookies(cookies)
    living.goto(living.url.partition("#")[0])
    expect(living.locator(".kept")).to_have_count(1)

    living.click("details.menu summary")
    living.click("form[data-sign-out] button")
    living.wait_for_url("**/accounts/login/")
    expect_kept(living, 0)


def test_a_draft_is_stored_while_typing_and_survives_a_lost_network(living):
    title, saved = living.locator("#wrong [name=title]"), living.locator("#saved")
    title.fill(TYPED)
    title.blur()
    expect(saved).not_to_contain_text("11月23日 14:32")
    expect(saved).to_have_text(re.compile("草稿已存，.+"))
    expect_kept(living, 0)

    living.context.set_offline(True)
    title.fill(f"{TYPED}。")
    title.blur()
    expect(saved).to_contain_text("网络断了")
    expect_kept(living, 1)

    living.context.set_offline(False)
    expect(saved).to_contain_text("草稿已存")
    expect_kept(living, 0)


def test_a_draft_that_the_server_cannot_store_now_says_so_and_is_stored_with_the_next_words(living):
    title, saved = living.locator("#wrong [name=title]"), living.locator("#saved")
    living.route(living.url, lambda route: route.fulfill(status=503, body="<h1>系统暂时办不了</h1>"))
    title.fill(TYPED)
    title.blur()
    expect(saved).to_contain_text("系统暂时办不了，草稿没有存到服务器")
    expect_kept(living, 1)

    living.unroute(living.url)
    title.fill(f"{TYPED}。")
    title.blur()
    expect(saved).to_contain_text("草稿已存")
    expect_kept(living, 0)


def test_a_double_click_sends_once(living):
    sent = []
    living.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    living.evaluate(
        "() => { const form = document.querySelector('[data-rows]').closest('form');"
        " form.requestSubmit(); form.requestSubmit(); }"
    )
    living.wait_for_load_state("networkidle")

    assert len(sent) == 1


def test_long_lists_are_searched_picked_and_filtered(live_server, page):
    page.goto(f"{live_server.url}/styleguide/")
    boxes = page.locator("[data-boxes]")
    boxes.locator("[data-boxes-find]").fill("泰山")
    expect(boxes.locator(".form-check:visible")).to_have_count(8)
    boxes.locator("[data-boxes-all]:visible").click()
    expect(boxes.locator("input:checked")).to_have_count(8)
    expect(boxes.locator("[data-boxes-count]")).to_have_text("已选 8 个")

    page.locator("[data-pick-all] input").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 4 件")
    page.locator("[data-pick]").first.uncheck()
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 3 件")

    page.select_option("[name=department]", "1")
    page.wait_for_url("**/styleguide/?*department=1*")
    expect(page.locator("[data-pick]:checked")).to_have_count(0)  # the list is a new one
    expect(page.locator("[data-pick-all]")).to_be_visible()

    page.context.set_offline(True)
    page.select_option("[name=street]", "1")
    expect(page.locator("main [role=alert]").first).to_contain_text("请再试一次")


def test_on_a_phone_the_filters_fold_behind_the_search_box_without_scripts(live_server, browser):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{live_server.url}/styleguide/")
    fold, rest = page.locator(".filters-fold summary"), page.locator(".filters [name=state]")
    expect(fold).to_be_hidden()
    expect(rest).to_be_visible()

    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".filters [name=q]")).to_be_visible()
    expect(rest).to_be_hidden()
    fold.click()
    expect(rest).to_be_visible()
