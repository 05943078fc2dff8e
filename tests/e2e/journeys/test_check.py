"""A community worker on a phone: is this ours to do? And if not: refused, with a number."""

import pytest
from playwright.sync_api import expect

from tests.e2e.walk import fill, follow, send
from tests.factories import admitted, content
from worklists.models import Refusal

pytestmark = pytest.mark.xdist_group("short")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_task_is_checked_and_refused_on_a_phone(start, scripts):
    walk = start("community", **PHONE, java_script_enabled=scripts)
    admitted(walk.world.county, said=content("出租房屋登记"), at=walk.world.at())
    page = walk.go("community", "/")
    follow(page.get_by_role("link", name="查一查").first)

    fill(page, {"q": "街道要我们摸底出租屋，周五前交表"})
    follow(page.get_by_role("button", name="查一查"))
    expect(page.locator("mark").first).to_have_text("出租房屋")
    follow(page.get_by_role("link", name="出租房屋登记"))
    expect(page.locator(".verdict--yes")).to_contain_text("责任主体是部门")

    fill(page, {"q": "每天早晚在群里打卡签到"})
    follow(page.get_by_role("button", name="查一查"))
    expect(page.locator(".verdict")).to_contain_text("未找到，请核对")
    follow(page.get_by_role("link", name="清单里确实没有"))
    expect(page.locator(".verdict--no")).to_contain_text("您可以不做")

    follow(page.get_by_role("link", name="拒绝并留痕"))
    expect(page.locator("[name=what]")).to_have_value("每天早晚在群里打卡签到")
    fill(page, {"wrong": "system", "department_text": "区数据局", "channel": "group_chat"})
    send(page, "出具拒绝告知书")
    expect(page.locator(".sheet")).to_contain_text("社区工作拒绝告知书")
    expect(page.locator(".sheet")).to_contain_text(Refusal.objects.get().number)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
