"""Sample data for the components. It belongs to nobody; the day is 23 November 2026, a Monday."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.utils.html import format_html

from base.saved import Kept, SavedView
from base.workdays import Calendar, Day
from config.styleguide.forms import STREETS

TODAY = date(2026, 11, 23)
STANCES = [
    {"value": "no_objection", "label": "无异议", "tone": "done", "total": 2},
    {"value": "conditional", "label": "有条件同意", "short": "有条件", "tone": "wait", "total": 1},
    {"value": "objection", "label": "有异议", "tone": "object", "total": 1},
    {"value": "", "label": "未答复", "tone": "", "total": 1},
]


DUE: list[dict[str, Any]] = [
    {"due_on": date(2026, 11, 19), "left": -2},
    {"due_on": TODAY, "left": 0},
    {"due_on": date(2026, 11, 25), "left": 2},
    {"due_on": date(2026, 12, 3), "left": 8},
    {"due_on": date(2027, 1, 8), "left": 32, "provisional": True},
]


def frame() -> dict[str, Any]:
    """What stands around the components."""
    sections = [
        ("status", "状态"),
        ("application", "申请页"),
        ("lists", "列表"),
        ("form", "表单"),
        ("check", "查一查"),
        ("public", "清单"),
        ("job", "后台任务"),
        ("document", "公文"),
    ]
    names = ["待办", "申请", "清单", "会议", "报告", "备案", "设置", "审计"]
    return {
        "today": TODAY,
        "place": "株洲市天元区",
        "nav": [(name, "#main", name == "待办", 8 if name == "待办" else 0) for name in names],
        "crumbs": [("申请", "#main"), ("组件", "")],
        "state": {"label": "沟通协调", "tone": "doing"},
        "meta": ["普通程序", "区应急管理局", "新增准入，拟列“协助”"],
        "page_actions": [{"label": "关注", "url": "#main"}, {"label": "打印", "print": True}],
        "contents": [(name, f"#{key}", False, None) for key, name in sections],
        "samples": [
            Message(constants.SUCCESS, "已受理，核准时限从明天起算，最晚 12月14日。"),
            Message(constants.INFO, "这一版方案已发 2 个街道，请等书面答复。"),
            Message(constants.WARNING, "还差 1 个街道的意见，今天到期。"),
            Message(constants.ERROR, "没有保存：别人刚刚改过这份申请，请看看改了什么再提交。"),
        ],
        "issuer": ["株洲市天元区", "社区工作事项审核委员会"],
        "signed_on": date(2026, 9, 18),
    }


def _opinions() -> list[dict[str, Any]]:
    said = [
        ("no_objection", date(2026, 11, 4), "", ""),
        (
            "conditional",
            date(2026, 11, 5),
            "“同意协助。方案要写明社区只登记、只报告，不查扣、不收费，每月不超过一次。”",
            "区应急管理局：采纳，第 2 版方案第三部分已改。等街道书面答复。",
        ),
        (
            "objection",
            date(2026, 11, 6),
            "“检查线路要懂电工，社区工作者没有这个条件，应由专业队伍承担。”",
            "区应急管理局：部分采纳，改为专业机构检测、社区带路和告知，检测费由区级承担。等街道书面答复。",
        ),
        ("", None, "期满没有答复，已记录。不算同意，不能走简易程序；不影响普通程序。", ""),
        ("no_objection", date(2026, 11, 9), "", ""),
    ]
    return [
        {
            "name": name,
            "sub": "连同 12 个社区",
            "stance": stance,
            "day": day,
            "note": "" if day else "11月9日期满",
            "words": words,
            "reply": reply,
        }
        for name, (stance, day, words, reply) in zip(STREETS, said, strict=True)
    ]


def application() -> dict[str, Any]:
    calendar = Calendar(
        {date(2026, 11, 26): Day(False, "停电"), date(2026, 11, 28): Day(True, "调休")}, frozenset({2026})
    )
    return {
        "count": calendar.count(date(2026, 11, 12), 15),
        "due": DUE,
        "explain": ["11月12日受理，当天不算，从次日起数 15 个工作日。"],
        "stances": STANCES,
        "opinions": _opinions(),
        "steps": [
            {"label": "事前征询", "note": "11月2日—9日", "state": "done"},
            {"label": "提交受理", "note": "11月12日", "state": "done"},
            {"label": "初审", "note": "11月16日", "state": "done"},
            {"label": "沟通协调", "note": "11月16日起", "state": "now"},
            {"label": "会议审议"},
            {"label": "核准"},
            {"label": "告知和备案"},
        ],
        "buttons": [
            {"label": "登记协调结果", "url": "#now", "primary": True},
            {"label": "催办 2 个街道", "url": "#now"},
            {"label": "上传补充材料", "url": "#now"},
        ],
        "blocked": [
            ("提请会议审议", "2 个争议点都还没有处理结果。登记后就可以办。"),
            ("转回简易程序", "异议要全部书面撤回，现在还有 1 个（栗雨街道）；马家河街道没有答复。"),
            ("提请核准", "普通程序要先开成员单位会议，并逐条答复会上意见。"),
        ],
        "history": [
            {
                "at": datetime(2026, 11, 20, 8, 12, tzinfo=UTC),
                "text": "区应急管理局提交第 2 版方案",
                "detail": "同时发泰山路街道、栗雨街道，请在 5 个工作日内书面答复。",
                "url": "#history",
                "link": "比较两版",
            },
            {"at": datetime(2026, 11, 12, 1, 5, tzinfo=UTC), "text": "准入办受理，核准时限开始"},
            {"at": datetime(2025, 12, 31, 1, 0, tzinfo=UTC), "text": "发出征询，5 个街道（镇）、44 个社区"},
        ],
        "facts": [
            ("社区做", "带路、告知、登记、报告"),
            ("社区不做", "检测线路、查扣、收费"),
            ("起止", "2027年1月4日—6月30日"),
            ("新增台账", ""),
        ],
        "changes": [
            {"name": "事项名称", "before": "安全生产网格化管理", "after": "安全生产网格化管理"},
            {"name": "类别", "before": "承办", "after": "协助"},
            {"name": "每社区工时", "before": "", "after": "每月 4 小时"},
        ],
        "files": [
            {
                "name": "住宅小区电动自行车充电安全隐患排查实施方案（第2版）.pdf",
                "url": "#files",
                "size": 482133,
                "at": datetime(2026, 11, 20, 8, 2, tzinfo=UTC),
                "by": "区应急管理局",
                "remove_url": "#files",
            },
            {
                "name": "现场照片.jpg",
                "url": "#files",
                "size": 2482133,
                "at": datetime(2026, 11, 20, 8, 5, tzinfo=UTC),
                "by": "区应急管理局",
            },
        ],
    }


def public_list() -> dict[str, Any]:
    """Two departments of the public list, and what resembles a text."""
    assist = {"category": "assist", "category_label": "协助"}
    undertake = {"category": "undertake", "category_label": "承办"}
    statutory = {"category": "statutory", "category_label": "法定职责"}
    examined = {
        "number": "准1",
        "title": "65岁及以上老年人免费健康体检组织发动",
        "source": "株天社准告〔2026〕1号",
        "source_url": "#document",
        **assist,
    }
    watched = "隐患排查整治、事故善后处理以及安全生产宣传教育，查看非法生产经营情况并及时向有关部门报告"
    health = [
        {"number": 54, "title": "公共卫生工作", **statutory},
        {"number": 55, "title": "基本公共卫生管理", **undertake},
    ]
    safety = [{"number": 132, "title": "安全生产网格化管理", **assist}, {"number": 133, "title": watched, **assist}]
    found = format_html("<mark>{}</mark>{}", "隐患排查", watched.removeprefix("隐患排查"))
    return {
        "departments": [
            {"id": "d1", "name": "卫计委", "note": "现为区卫生健康局，3 项", "total": 3, "items": [*health, examined]},
            {"id": "d2", "name": "安监局", "note": "现为区应急管理局，2 项", "total": 2, "items": safety},
        ],
        "candidates": [
            {
                "where": "安监局（现区应急管理局） 133",
                "title": found,
                "url": "#check",
                "why": "说的是生产经营场所，不是住宅小区。",
                **assist,
            },
            {
                "where": "房产局 96",
                "title": format_html("<mark>{}</mark>{}", "小区", "物业管理"),
                "url": "#check",
                **undertake,
            },
        ],
    }


def lists() -> dict[str, Any]:
    rows = [
        (
            "沿街商铺垃圾分类入户宣传",
            "株天社准申〔2026〕10号",
            "区城市管理和综合执法局",
            "退回补正",
            "wait",
            "准入办",
            0,
        ),
        ("居民小区二次供水设施巡查信息报送", "株天社准申〔2026〕11号", "区水利局", "初审", "doing", "准入办", 1),
        (
            "住宅小区电动自行车充电安全隐患排查",
            "株天社准申〔2026〕7号",
            "区应急管理局",
            "沟通协调",
            "doing",
            "泰山路街道、栗雨街道",
            3,
        ),
        ("报告：在工作群布置“反诈宣传截图上报”", "没有文号", "栗雨街道", "未经准入在用", "stop", "准入办", 2),
    ]
    names = ("title", "number", "unit", "state", "tone", "waits_for", "due")
    return {
        "rows": [{**dict(zip(names, row, strict=True)), **DUE[row[-1]]} for row in rows],
        "kept": Kept(
            [
                SavedView(pk=n, path="/styleguide/", query=query, name=name)
                for n, (name, query) in enumerate((("退回补正的", "state=returned"), ("河西的退出", "kind=exit")), 1)
            ],
            "/styleguide/",
            "kind=change",
        ),
        "confirm_lines": [
            "泰山路街道、栗雨街道：住宅小区电动自行车充电安全隐患排查",
            "马家河街道：河道排口巡查信息上报",
        ],
        "verdict_actions": [
            {"label": "拒绝并留痕", "url": "#check", "danger": True},
            {"label": "报告准入办", "url": "#check"},
        ],
        "page": Paginator(range(195), 8).page(3),
        "tabs": [
            ("办理中", "#lists", True, 15),
            ("我经办的", "#lists", False, 14),
            ("一周内到期", "#lists", False, 6),
            ("有异议的", "#lists", False, 4),
            ("全部", "#lists", False, 23),
        ],
        "chips": [
            ("全部", "#lists", True, 150),
            ("法定职责", "#lists", False, 19),
            ("承办", "#lists", False, 53),
            ("协助", "#lists", False, 78),
        ],
        "list_actions": [
            {"label": "保存这个视图", "url": "#lists", "text": True},
            {"label": "导出 XLSX", "url": "#lists", "text": True},
            {"label": "打印", "print": True, "text": True},
        ],
        "bulk": [
            {"label": "催办", "name": "do", "value": "remind"},
            {"label": "转给别人", "name": "do", "value": "assign"},
            {"label": "导出选中的", "name": "do", "value": "export"},
        ],
        "evidence": [
            {
                "text": "未经审核批准的事项，不得擅自新增。",
                "source": "《关于建立社区工作事项准入、变更及退出制度的指导意见》第四条",
            },
            {"text": "湘银社区今天有效的 150 项里，没有这一项。", "source": "2026年11月23日的清单", "url": "#check"},
        ],
    }
