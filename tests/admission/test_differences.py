"""What changed: fields as fields, rows as rows, nothing said to have changed that stayed. No database."""

from datetime import date
from decimal import Decimal

import pytest

from admission.differences import PLAN_FIELDS, changed, of_plans, term, unchanged_names
from admission.models import ImplementationPlan

BEFORE = {
    "goal": "消除隐患。",
    "division": [{"party": "部门", "duty": "检测"}, {"party": "社区", "duty": "带路"}],
    "process": ["告知", "带路", "报告"],
    "milestones": [{"on": "2027-03-31", "result": "第一轮"}],
    "money_amount": Decimal("26.40"),
    "people": "两名。",
}


def said(**fields):
    """What differs between a plan and the same plan with these fields."""
    rows = changed(of_plans(ImplementationPlan(**BEFORE), ImplementationPlan(**{**BEFORE, **fields})))
    return [(row.name, row.before, row.after) for row in rows]


def test_the_same_plan_has_no_differences():
    assert said() == []


def test_every_field_of_the_plan_is_compared():
    own = {"application", "number", "form", "frozen_at", "id", "rounds", "search"}
    columns = {field.name for field in ImplementationPlan._meta.get_fields()} - own
    assert columns == set(PLAN_FIELDS)


@pytest.mark.parametrize(
    ("fields", "differences"),
    [
        ({"goal": "消除充电隐患。"}, [("工作目标", "消除隐患。", "消除充电隐患。")]),
        ({"money_amount": Decimal("26.4")}, []),
        ({"money_amount": Decimal("30.00")}, [("经费（万元）", "26.4", "30")]),
        ({"money_amount": None}, [("经费（万元）", "26.4", "")]),
        ({"people": ""}, [("人员保障", "两名。", "")]),
        ({"training_hours": Decimal("4.0")}, [("培训学时", "", "4")]),
        ({"process": ["告知", "带路", "复查", "报告"]}, [("操作流程第 3 行", "", "复查")]),
        ({"process": ["告知", "报告"]}, [("操作流程第 2 行", "带路", "")]),
        ({"process": ["报告", "告知", "带路"]}, [("操作流程第 1 行", "", "报告"), ("操作流程第 3 行", "报告", "")]),
        (
            {"division": [{"party": "部门", "duty": "检测、付费"}, {"party": "社区", "duty": "带路"}]},
            [("职责分工第 1 行", "部门：检测", "部门：检测、付费")],
        ),
        (
            {"milestones": [{"on": "2027-04-30", "result": "第一轮"}]},
            [("时间节点第 1 行", "2027年3月31日：第一轮", "2027年4月30日：第一轮")],
        ),
        ({"milestones": []}, [("时间节点第 1 行", "2027年3月31日：第一轮", "")]),
    ],
)
def test_a_change_is_said_where_it_is(fields, differences):
    assert said(**fields) == differences


def test_what_did_not_change_is_named_once_whatever_its_rows():
    after = ImplementationPlan(**{**BEFORE, "process": ["告知", "带路"]})
    names = unchanged_names(of_plans(ImplementationPlan(**BEFORE), after))
    assert names.count("职责分工") == 1
    assert "操作流程" not in names


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2027, 1, 4), date(2027, 6, 30), "2027年1月4日至2027年6月30日"),
        (date(2027, 1, 4), None, "2027年1月4日起，常态工作"),
        (None, None, ""),
    ],
)
def test_a_term_in_words(starts_on, ends_on, words):
    assert term(starts_on, ends_on) == words
