"""The simple procedure (art 7), and who files: a street for itself, a street on behalf of a department (A-7)."""

import re

import pytest
from playwright.sync_api import expect

from admission.models import Application
from tests.e2e.form import FINDINGS, TITLE, begin, fill_in
from tests.e2e.walk import follow, said, send

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("simple")]


def test_a_streets_own_item_is_approved_without_a_meeting(start):
    walk = start("street", "other_street", "community", "other_community", "office", "member", "deputy")
    page = begin(walk, "street", whose="own", subject_type="work_item")
    fill_in(page, scope=["430211001001", "430211002001"], requested_procedure="simple")
    follow(page.get_by_role("link", name="发出征询"))
    send(page, "发出征询")
    for who in ("other_street", "community", "other_community"):  # the applying street is not asked
        walk.take(who, TITLE, "答复征询", submit="提交答复", stance="no_objection")
    walk.take("street", TITLE, "提交申请", submit="提交申请")
    walk.take("office", TITLE, "受理", submit="受理")
    walk.take("office", TITLE, "开始初审", submit="开始初审")
    walk.take("office", TITLE, "按简易程序提请核准", submit="提请核准", **FINDINGS)

    expect(walk.open("member", TITLE).locator("section.now")).to_contain_text("要求开会审议")
    expect(walk.open("deputy", TITLE).locator("section.now .blocked")).to_contain_text("成员单位可以在")
    walk.days(3)
    walk.take("deputy", TITLE, "准予准入", submit="准予准入", text="同意。")
    page = walk.take("office", TITLE, "下发工作告知单", submit="编号并下发")

    assert "已下发，自2027年1月4日起施行" in said(page)
    on_the_list = walk.go("visitor", "/lists/430211001001/?on=2027-01-04").locator("main")
    expect(on_the_list).to_contain_text(TITLE)
    expect(walk.go("visitor", "/lists/430211001002/?on=2027-01-04").locator("main")).not_to_contain_text(TITLE)


def test_a_street_prepares_and_the_department_takes_it_over(start):
    walk = start("street", "dept", "office")
    page = begin(walk, "street", whose="on_behalf", applicant="应急管理局", subject_type="work_item")
    fill_in(page, without=frozenset({"seal_confirmed"}))
    draft = Application.objects.get()

    page = walk.go("dept", "/")
    follow(page.get_by_role("link", name=re.compile("^看过后认可")).first)
    expect(page.locator("main")).to_contain_text("检测和整改")
    send(page, "认可，由本单位负责")
    assert "由本单位负责" in said(page)

    answer = walk.page("street").goto(f"{walk.url}/applications/{draft.pk}/edit/plan/")
    assert answer.status == 403
    walk.take("dept", TITLE, "发出征询", submit="发出征询")
    expect(walk.open("office", TITLE).locator("main")).to_contain_text("应急管理局")
    draft.refresh_from_db()
    assert (draft.applicant.name, draft.state) == ("应急管理局", "pre_consultation")
