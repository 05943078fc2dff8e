"""The ordinary procedure from the first line of a draft to the lists of exactly the communities concerned (art 8)."""

import pytest
from playwright.sync_api import expect

from tests.e2e.form import FINDINGS, TITLE, begin, fill_in
from tests.e2e.walk import Walk, fill, follow, said, send

pytestmark = pytest.mark.xdist_group("ordinary")
STREETS = ("street", "other_street")


def consult(walk: Walk) -> None:
    """The first street agrees for its communities, one community answers itself, the second street objects."""
    page = walk.page("dept")
    follow(page.get_by_role("link", name="发出征询"))
    send(page, "发出征询")
    walk.take("community", TITLE, "答复征询", submit="提交答复", stance="no_objection", capacity="1 人，每月 6 小时")
    walk.take("street", TITLE, "答复征询", submit="提交答复", stance="no_objection", all_communities=True)
    walk.take(
        "other_street", TITLE, "答复征询", submit="提交答复", stance="objection",
        points="检测线路应由专业队伍承担。", suggested_change="写明社区不检测。",
    )  # fmt: skip
    walk.take("other_community", TITLE, "答复征询", submit="提交答复", stance="no_objection")
    walk.take("dept", TITLE, "说明采纳情况", submit="提交说明", fate="adopted", reason="方案已写明社区不检测线路。")


def screen(walk: Walk) -> None:
    """Submitted, accepted, screened: an objection leads to the ordinary procedure."""
    walk.take("dept", TITLE, "提交申请", submit="提交申请")
    walk.take("office", TITLE, "受理", submit="受理")
    walk.take("office", TITLE, "开始初审", submit="开始初审")
    page = walk.open("office", TITLE)
    expect(page.locator("section.now")).to_contain_text("简易程序要求全部无异议")
    walk.take("office", TITLE, "转普通程序", submit="转普通程序", **FINDINGS)


def coordinate(walk: Walk) -> None:
    """A talk with a department, the disputed point, a meeting planned, the case on its agenda."""
    walk.take("office", TITLE, "登记与部门沟通", submit="登记", department="司法局", summary="依据有效。")
    walk.take("office", TITLE, "登记争议点处理结果", submit="登记结果", result="to_meeting", reason="双方未能一致。")
    page = walk.go("office", "/meetings/")
    follow(page.get_by_role("link", name="安排会议"))
    fill(page, {"planned_at": "2026-11-24T09:00", "place": "三楼会议室", "chair": "deputy"})
    send(page)
    page = walk.open("office", TITLE)
    follow(page.locator("section.now").get_by_role("link", name="提请会议审议"))
    page.locator("[name=meeting]").first.check()
    send(page, "列入议程")


def meet(walk: Walk) -> None:
    """Held the next day, recorded by the office, closed by the deputy who chaired it, answered by the department."""
    walk.days(2)
    page = walk.go("office", "/meetings/")
    follow(page.locator("main").get_by_role("link", name="成员单位会议").first)
    follow(page.get_by_role("link", name="记录会议").first)
    for row in page.locator(".attendance tbody tr").all():
        row.locator("input[type=checkbox]").check()
        row.locator("input[type=text]").fill("副局长")
    page.locator("[name$=-report]").fill("专题汇报：一年发生充电火情 3 起。")
    page.locator("[name^=said-][name$='-0-speaker']").fill("编办")
    page.locator("[name^=said-][name$='-0-text']").fill("经费要到位。")
    page.locator("[name$=-conclusion][value=admit]").check()
    page.locator("[name$=-conclusion_text]").fill("同意，经费列入预算。")
    follow(page.locator("button[name=compose]"))
    expect(page.locator("[name=minutes]")).not_to_have_value("")
    send(page, "保存记录")
    page = walk.go("deputy", "/")
    follow(page.locator("main").get_by_role("link", name="审定纪要").first)
    send(page, "纪要定稿")
    assert "纪要已定稿" in said(page)
    page = walk.open("dept", TITLE)
    follow(page.locator("section.now").get_by_role("link", name="答复会议意见"))
    page.locator("[name$=-fate][value=adopted]").check()
    page.locator("[name$=-answer]").fill("已列入明年预算。")
    send(page, "答复这一条")


def decide(walk: Walk) -> None:
    """Approval asked for and given; the notice; received, then filed."""
    walk.take("office", TITLE, "提请核准", submit="提请核准")
    walk.take("deputy", TITLE, "准予准入", submit="准予准入", text="同意。请落实人员和经费。")
    page = walk.take("office", TITLE, "下发工作告知单", submit="编号并下发")
    assert "号已下发，自" in said(page)


@pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="with scripts"), pytest.param(False, id="without", marks=pytest.mark.slow)]
)
def test_a_departments_item_travels_from_draft_to_the_lists(start, scripts):
    people = ("dept", "street", "other_street", "community", "other_community", "office", "deputy")
    walk = start(*people, java_script_enabled=scripts)
    fill_in(begin(walk, "dept"))
    consult(walk)
    screen(walk)
    coordinate(walk)
    meet(walk)
    decide(walk)

    page = walk.open("community", TITLE)
    follow(page.get_by_role("link", name="签收工作告知单").first)
    follow(page.get_by_role("button", name="签收").first)
    assert "已签收" in said(page)
    page = walk.take("office", TITLE, "备案", submit="编号备案")
    assert "已备案，编号" in said(page)

    for community in ("430211001001", "430211001002", "430211002001"):
        expect(walk.go("visitor", f"/lists/{community}/?on=2027-01-04").locator("main")).to_contain_text(TITLE)
        expect(walk.go("visitor", f"/lists/{community}/?on=2027-01-03").locator("main")).not_to_contain_text(TITLE)
    for day in ("2027-01-04", "2027-06-30"):
        expect(walk.go("visitor", f"/lists/430211002002/?on={day}").locator("main")).not_to_contain_text(TITLE)
