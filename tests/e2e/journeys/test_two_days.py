"""An auditor puts a past day of the county's list beside today: what came, what went, what became of it."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.e2e.walk import fill, follow
from tests.factories import actor, admitted, content
from worklists import actions
from worklists.kinds import Ending

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("change")]
STAYS, CAME, GONE = "出租房屋登记", "燃气安全宣传", "每月台账报送"


def test_what_came_and_went_since_a_past_day_and_the_item_behind_it(start):
    walk = start("auditor")
    county, at = walk.world.county, walk.world.at
    for title in (STAYS, GONE):
        gone = admitted(county, said=content(title), starts_on=date(2026, 3, 1), at=at())
    admitted(county, said=content(CAME), starts_on=date(2026, 10, 8), at=at(), notice_number="株天社准告〔2026〕2号")
    number = "株天社准告〔2026〕3号"
    actions.retire_item(
        gone, ends_on=date(2026, 11, 1), ending=Ending.REMOVED, notice_number=number, by=actor(), at=at()
    )

    page = walk.go("auditor", "/lists/430211/")
    expect(page.locator("main")).to_contain_text(CAME)
    expect(page.locator("main")).not_to_contain_text(GONE)
    follow(page.locator("main a[href$='/lists/430211/changes/']").first)
    fill(page, {"before": "2026-10-07", "after": "2026-11-23"})
    follow(page.get_by_role("button", name="对照"))

    expect(page.get_by_role("status")).to_have_text("多了 1 项，少了 1 项，改了 0 项，1 项没有变")
    came, went = (page.locator("section", has=page.get_by_role("heading", name=name)) for name in ("多了的", "少了的"))
    expect(came).to_contain_text(CAME)
    expect(came).to_contain_text("株天社准告〔2026〕2号")
    expect(went).to_contain_text(f"{GONE}公安局，最后一天 2026年10月31日")

    follow(went.get_by_role("link", name=GONE))
    expect(page.locator("h1")).to_contain_text(GONE)
    expect(page.locator("main")).to_contain_text("已移出清单")
    expect(page.locator("main")).to_contain_text(number)
