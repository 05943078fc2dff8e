"""The paper form, part by part, as somebody types it."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.walk import Walk, fill, follow, send

TITLE = "住宅小区电动自行车充电安全隐患排查"
BASICS = {
    "title": TITLE, "category": "assist", "responsible_person": "安全科负责人", "responsible_phone": "0731-00000000",
    "contact_name": "经办人", "contact_phone": "0731-00000001",
}  # fmt: skip
GROUNDS = {
    "bases-0-title": "中华人民共和国安全生产法", "bases-0-level": "law", "bases-0-article": "第九条",
    "justification": "隐患在小区内，部门入户要社区带路。", "can_be_purchased": "True",
    "purchase_alternative": "检测向专业机构购买，带路不能购买。",
}  # fmt: skip
SCOPE = {
    "scope": ["430211001", "430211002001"], "starts_on": "2027-01-04", "ends_on": "2027-06-30",
    "duration_type": "phase", "workload_hours": "6",
}  # fmt: skip
PLAN = {
    "goal": "消除充电安全隐患。", "requirements": "登记并报告充电安全隐患。",
    "community_does": "带路、告知、登记、报告。",
    "community_does_not": "不检测线路、不查扣、不收费。", "powers": "社区只登记、报告。",
    "division-0-party": "应急管理局", "division-0-duty": "检测和整改",
    "process-0-step": "社区带路，部门检测。", "milestones-0-on": "2027-03-31", "milestones-0-result": "完成第一轮",
}  # fmt: skip
GUARANTEES = {
    "people": "每街道两名专业人员。", "money_amount": "26.4", "money_source": "区级财政预算",
    "money_schedule": "每季度第一个月拨到街道账户", "premises": "不需要场地。", "training": "开工前培训一次。",
    "guidance": "安全科专人指导。", "rules": "按本部门工作规程。",
}  # fmt: skip
BURDEN = {"adds_declared": True}
CONTACT = {
    "prior_contacts-0-held_on": "2026-11-20", "prior_contacts-0-counterpart": "审核委员会办公室经办",
    "prior_contacts-0-conclusion": "同意开始征询。", "requested_procedure": "ordinary",
}  # fmt: skip
DECLARATION = {"seal_confirmed": True}
PARTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("basics", BASICS), ("grounds", GROUNDS), ("scope", SCOPE), ("plan", PLAN), ("guarantees", GUARANTEES),
    ("burden", BURDEN), ("contact", CONTACT), ("declaration", DECLARATION),
)  # fmt: skip
FINDINGS = {
    "completeness": "材料齐全。", "legality": "依据现行有效。", "necessity": "确需社区协助。",
    "guarantees": "人员和经费已落实。", "burden": "每月约 6 小时。", "opinion": "建议提请审核。",
}  # fmt: skip


def begin(walk: Walk, who: str, kind: str = "新增准入", **typed: Any) -> Page:
    """From the list to the first part of a fresh draft."""
    page = walk.go(who, "/applications/")
    follow(page.get_by_role("link", name="新建申请"))
    follow(page.get_by_role("link", name=kind, exact=True))
    fill(page, typed)
    send(page, "开始填写")
    expect(page.locator("h2").first).to_contain_text("一、基本情况")
    return page


def fill_in(page: Page, *, without: frozenset[str] = frozenset(), **changes: Any) -> None:
    """Every part, one page after the other, to the check at the end."""
    for slug, answers in PARTS:
        expect(page).to_have_url(re.compile(f"/edit/{slug}/"))
        fill(page, {name: changes.get(name, value) for name, value in answers.items() if name not in without})
        send(page)
    expect(page).to_have_url(re.compile("/edit/check/"))
