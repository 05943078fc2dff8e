"""Bad luck while working: the session ends, two clerks at once, a form gone stale, a button pressed twice."""

import pytest
from playwright.sync_api import expect

from admission import actions
from admission.models import Application
from admission.procedure import Kind
from base.models import Event
from communities.models import Appointment
from tests.admission.world import consulted, drafted
from tests.e2e.walk import Walk, fill, follow, send
from tests.factories import PASSWORD

pytestmark = pytest.mark.xdist_group("short")
TYPED = "登记、劝告、报告三件事，每月一次"


def edit(walk: Walk, who: str, application: Application, part: str = "plan"):
    """The part of a draft, opened for typing."""
    return walk.go(who, f"/applications/{application.pk}/edit/{part}/")


def test_a_session_that_ends_while_typing_loses_nothing(start):
    walk = start("dept")
    draft = drafted(walk.world)
    page = edit(walk, "dept", draft)
    page.locator("[name=goal]").fill(TYPED)
    page.context.clear_cookies(name="sessionid")
    page.once("dialog", lambda dialog: dialog.accept())
    send(page, "保存并继续")

    expect(page.locator("[name=login]")).to_be_visible()
    page.fill("[name=login]", "dept")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    follow(page.get_by_role("button", name="再提交一次"))
    page.wait_for_url("**/edit/guarantees/")
    assert draft.plans.get().goal == TYPED


def test_a_double_click_begins_one_draft_and_leads_to_it(start):
    walk = start("dept")
    page = walk.go("dept", "/applications/new/?kind=admission")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="开始填写").dblclick()
    page.wait_for_url("**/edit/**")
    assert len(sent) == 1
    assert Application.objects.count() == 1


def test_two_autosaves_of_one_page_keep_every_row(start):
    walk = start("dept")
    draft = actions.draft_application(by=walk.world.actors["dept"], at=walk.world.at(), kind=Kind.ADMISSION)
    page = edit(walk, "dept", draft, "all")

    def stored() -> tuple[list[str], list[str]]:
        return [basis.title for basis in draft.bases.all()], draft.plans.get().process

    for typed in (
        {"bases-0-title": "消防法", "bases-0-level": "law", "process-0-step": "社区带路"},
        {"justification": TYPED},
    ):
        with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true") as answer:
            fill(page, typed)
            page.locator("#draft").dispatch_event("change")
        assert answer.value.status == 200
        page.wait_for_load_state("networkidle")
        assert stored() == (["消防法"], ["社区带路"])
    draft.refresh_from_db()
    assert draft.justification == TYPED


def test_saving_while_the_draft_is_on_its_way_is_no_conflict_with_oneself(start):
    walk = start("dept")
    draft = drafted(walk.world)
    page, held = edit(walk, "dept", draft), []
    page.route("**/edit/**", lambda way: held.append(way) if way.request.headers.get("hx-request") else way.continue_())
    with page.expect_request(lambda request: request.headers.get("hx-request") == "true"):
        page.locator("[name=goal]").fill(TYPED)
        page.locator("#draft").dispatch_event("change")
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/edit/plan/")
    held.pop().continue_()
    page.wait_for_url("**/edit/guarantees/")
    assert draft.plans.get().goal == TYPED


def test_what_is_pasted_beyond_the_limit_stays_and_is_said(start):
    walk = start("dept")
    page = edit(walk, "dept", drafted(walk.world), "basics")
    page.locator("[name=title]").fill("长" * 10_000)
    expect(page.locator("[name=title] + .counter")).to_have_text("多了 9800 字，请缩短")
    send(page, "保存并继续")
    expect(page.locator("#id_title_error")).to_have_text("最多 200 字，现在有 10000 字，请缩短。")
    expect(page.locator("[name=title]")).to_have_value("长" * 10_000)


def test_what_was_typed_under_another_post_is_still_there_after_the_way_back(start):
    walk = start("dept", "office")
    draft = drafted(walk.world)
    page = edit(walk, "dept", draft)
    people = walk.scene.accounts
    Appointment.objects.filter(user=people["office"]).update(user=people["dept"])
    other = page.context.new_page()
    other.goto(walk.url)
    other.locator(".site-me summary").click()
    follow(other.locator(".site-me button[name=appointment]:not([aria-current])"))
    page.locator("[name=goal]").fill(TYPED)
    page.once("dialog", lambda dialog: dialog.accept())
    send(page, "保存并继续")
    expect(page.locator("h1")).to_have_text("这一页是另一个职务的")
    follow(page.get_by_role("button", name="接着填"))
    page.locator(".kept >> text=接着填").click()
    expect(page.locator("[name=goal]")).to_have_value(TYPED)


def test_of_two_clerks_the_second_sees_what_the_first_changed_and_keeps_what_was_typed(start):
    walk = start("dept")
    draft = drafted(walk.world)
    first = edit(walk, "dept", draft)
    second = first.context.browser.new_context(
        storage_state=first.context.storage_state(), java_script_enabled=False, locale="zh-CN"
    ).new_page()
    second.goto(first.url)
    fill(first, {"goal": "三个月内无火情。"})
    send(first, "保存并继续")
    first.wait_for_url("**/edit/guarantees/")

    fill(second, {"goal": TYPED})
    send(second, "保存并继续")
    alert = second.locator("[role=alert]")
    expect(alert).to_contain_text("三个月内无火情。")
    expect(alert).to_contain_text(TYPED)
    expect(second.locator("[name=goal]")).to_have_value(TYPED)
    assert draft.plans.get().goal == "三个月内无火情。"

    send(second, "保存并继续")
    second.wait_for_url("**/edit/guarantees/")
    assert draft.plans.get().goal == TYPED
    second.context.close()


def test_a_step_taken_meanwhile_is_told_to_who_comes_second(start):
    walk = start("dept", "office")
    application = consulted(walk.world)
    walk.take("dept", application.title, "提交申请", submit="提交申请")
    walk.open("office", application.title)
    late = walk.page("office").context.new_page()
    late.goto(f"{walk.url}/applications/{application.pk}/do/return/")
    fill(late, {"what1": TYPED})
    walk.take("office", application.title, "受理", submit="受理")

    send(late, "退回补正")
    expect(late.locator("main")).to_contain_text("已受理")
    expect(late.locator("[name=what1]")).to_have_value(TYPED)
    application.refresh_from_db()
    assert application.state == "accepted"


def test_a_button_pressed_twice_acts_once(start):
    walk = start("dept")
    application = consulted(walk.world)
    page = walk.go("dept", f"/applications/{application.pk}/do/submit/")
    other = page.context.new_page()
    other.goto(page.url)
    page.evaluate(
        "() => { const form = document.querySelector('main form'); form.requestSubmit(); form.requestSubmit(); }"
    )
    page.wait_for_url(f"**/applications/{application.pk}/")
    send(other, "提交申请")

    expect(other.locator("main")).to_contain_text("已提交")
    done = Event.objects.filter(kind="admission.application.submit", target_pk=str(application.pk))
    assert done.count() == 1
    assert Application.objects.get(pk=application.pk).number.endswith("1号")
