"""What is written in the forms of the demo: plausible, short, without persons."""

from datetime import date, timedelta
from typing import Any

from admission.procedure import Kind
from config.demo_county.case import Case

FINDINGS = {
    "completeness": "申请表、实施方案、征询意见和依据文件齐全。",
    "legality": "所列依据现行有效，层级在区县级以上。",
    "necessity": "需要熟悉居民的人带路和告知，部门单独做不到。",
    "guarantees": "人员、经费已列明来源和拨付时间。",
    "burden": "每个社区每月约四小时，不新设台账和报表。",
    "alternatives": "专业工作已改由购买服务。",
    "opinion": "建议提请审核委员会审核。",
}
DEFECTS = [
    {"part": "经费保障", "what": "写明经费拨付到哪一级账户、什么时候拨付。"},
    {"part": "实施范围", "what": "写明涉及的社区名单。"},
]
REPORT = "申请单位汇报了事项依据、社区承担的部分、人员经费安排和征询意见的处理。"
SAID = [
    {"speaker": "编办", "text": "社区承担的环节要以告知、登记、报告为限。"},
    {"speaker": "嵩山路街道", "text": "经费要在开始前拨付到位。"},
]
CONCLUSIONS = {
    "admit": "按方案实施，经费在开始前拨付。",
    "admit_amended": "方案中的社区职责按会议意见修改，改好后提请核准。",
    "refuse": "专业性强，不宜由社区承担。",
    "defer": "经费来源没有落实，下次会议再议。",
}
MINUTES = "会议听取专题汇报，成员单位和街道发表意见，逐件作出结论。"
WHY_COMMUNITIES = "这项工作要进小区、进家门，居民熟悉社区，由社区带路和告知效果好、扰民少。"
WHY_OFF = "这项工作可以由部门自己完成，继续交社区办理只增加负担。"
BOUGHT = "专业检测、数据录入由部门购买服务；带路和告知不宜购买。"
OBJECTIONS = (
    "专业检测社区没有条件，应由专业队伍承担。",
    "社区人手不够，每月增加的时间要有经费保障。",
    "与网格巡查重复，建议并入现有巡查，不另设报表。",
)
RESPONSES = (
    ("adopted", "专业部分由部门委托的机构承担，社区不做。"),
    ("partly", "每月不超过一次，增加的时间由部门按方案拨付经费；不另加人。"),
    ("adopted", "并入现有网格巡查，不另设报表。"),
)
"""What the applicant says to each of the objections."""


def form(case: Case, on: date) -> dict[str, Any]:
    """The form's fields. A date of start some weeks ahead; some standing, some with an end."""
    starts_on = on + timedelta(days=35 + case.n % 20)
    leaves = case.row["kind"] == Kind.EXIT
    standing = case.n % 3 == 0 and not leaves
    return {
        "title": case.listed.title if case.item else case.row["title"],
        "category": case.listed.category if case.item else case.row["category"],
        "applies_to": case.listed.applies_to if case.item else "both",
        "responsible_person": "分管负责人",
        "responsible_phone": "0731-28000000",
        "contact_name": "经办人",
        "contact_phone": "0731-28000001",
        "justification": WHY_OFF if leaves else WHY_COMMUNITIES,
        "can_be_purchased": case.n % 2 == 0 or leaves,
        "purchase_alternative": "由部门自己承担。"
        if leaves
        else "专业检测、数据录入由部门购买服务；带路和告知不宜购买。",
        "starts_on": starts_on,
        "ends_on": None if standing or leaves else starts_on + timedelta(days=180),
        "is_standing": standing,
        "duration_type": "long_term" if standing or leaves else "phase",
        "workload_hours": (2 + case.n % 6) if case.n % 2 and not leaves else None,
        "adds_declared": True,
        "seal_confirmed": not case.row["for_street"],  # of a prepared one the endorsement declares it
        "planned_decision_on": starts_on - timedelta(days=3),
        "requested_procedure": "simple" if case.has("simple") else "ordinary",
        "urgent": case.n == 36,  # noqa: PLR2004  one emergency among the confirmations
    }


def plan(case: Case, on: date) -> dict[str, Any]:
    """The eight parts of art 6, and what art 2 adds."""
    return _taking_off(case, on) if case.row["kind"] == Kind.EXIT else _doing(case, on)


def _taking_off(case: Case, on: date) -> dict[str, Any]:
    """An exit: what ends for communities, who takes over, what is settled and handed over."""
    last = on + timedelta(days=70)
    return {
        "goal": f"“{case.row['title']}”不再交社区办理，由部门自己承担。",
        "requirements": "部门收回这项工作，接收社区手里的材料；社区从退出之日起不再办理。",
        "community_does": "退出前移交手里的材料，告知居民今后找谁办。",
        "community_does_not": "退出以后不再登记、报送，不再接受这项工作的检查。",
        "powers": "退出以后仍有人要求社区办理的，社区可以拒绝并报告。",
        "division": [
            {"party": case.unit.name, "duty": "收回工作，接收材料，答复居民"},
            {"party": "街道（镇）", "duty": "核对移交清单"},
            {"party": "社区", "duty": "移交材料，告知居民"},
        ],
        "process": ["部门下发移交清单", "社区移交材料", "街道核对", "部门公布今后的办理地点"],
        "milestones": [{"on": last.isoformat(), "result": "材料移交完毕"}],
        "people": "部门指定两名人员接收材料、答复居民。",
        "people_count": 2,
        "money_zero_reason": "工作收回，社区不再产生费用，以前的经费已经结清。",
        "premises": "不占用社区场所。",
        "training": "移交前向社区说明一次。",
        "training_hours": "1",
        "guidance": "部门业务科室专人答复移交中的问题。",
        "guidance_contact": "业务科室 0731-28000002",
        "rules": "社区为这项工作设的台账同时取消。",
    }


def _doing(case: Case, on: date) -> dict[str, Any]:
    """What is admitted, changed or confirmed: the community takes part in something."""
    first = on + timedelta(days=70)
    return {
        "goal": f"把“{case.row['title']}”做实，居民知晓，问题有人管。",
        "requirements": "社区告知、登记、报告；部门检查、处理、答复。每月不超过一次，不重复要数据。",
        "community_does": "带路、告知、登记、报告。",
        "community_does_not": "不执法、不检测、不收费，不承担专业责任。",
        "powers": "社区可以要求部门三个工作日内答复所报问题。",
        "division": [
            {"party": case.unit.name, "duty": "组织实施，检查处理，培训和经费"},
            {"party": "街道（镇）", "duty": "协调安排"},
            {"party": "社区", "duty": "带路、告知、登记、报告"},
        ],
        "process": ["部门下发清单和告知书", "社区告知居民、登记情况", "部门派人处理并答复", "每月汇总一次"],
        "milestones": [
            {"on": first.isoformat(), "result": "完成第一轮告知"},
            {"on": (first + timedelta(days=60)).isoformat(), "result": "处理完第一批问题"},
        ],
        "people": "部门每个街道安排两名联络人员。",
        "people_count": 6,
        "money_amount": "12.60" if case.n % 4 else None,
        "money_source": "区级财政预算" if case.n % 4 else "",
        "money_schedule": "开始前拨付一半，年中拨付一半，拨到街道账户" if case.n % 4 else "",
        "money_zero_reason": "" if case.n % 4 else "只转发告知书，不产生费用。",
        "premises": "利用社区现有场所，不增加设备。",
        "training": "开始前集中培训一次。",
        "training_hours": "4",
        "guidance": "部门业务科室专人指导，工作日随时答复。",
        "guidance_contact": "业务科室 0731-28000002",
        "rules": "按部门规程办理，社区不另建制度。",
    }


def bases(case: Case) -> list[dict[str, str]]:
    """A basis of district level or above."""
    return [
        {"title": "城市居民委员会组织法", "issue_number": "", "level": "law", "article": "协助政府工作的规定"},
        {
            "title": f"关于做好{case.row['title']}的通知",
            "issue_number": f"株天政办〔2026〕{10 + case.n}号",
            "level": "county",
            "article": "第二条",
        },
    ]


def contacts(_case: Case, on: date) -> list[dict[str, Any]]:
    """Prior communication with the office (art 6)."""
    return [{"held_on": on, "counterpart": "审核委员会办公室", "conclusion": "同意先征询街道和社区意见。"}]


def response(n: int) -> tuple[str, str]:
    """What becomes of the objection of the case, and why."""
    return RESPONSES[n % len(RESPONSES)]


def opinion(stance: str, n: int) -> dict[str, str]:
    """What a street says besides its stance."""
    if stance == "no_objection":
        return {}
    return {"points": OBJECTIONS[n % len(OBJECTIONS)], "suggested_change": "请在方案中写明。"}
