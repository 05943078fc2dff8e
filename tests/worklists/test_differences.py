"""Two lists beside each other: what came, what went, what says something else."""

import pytest

from worklists.differences import Line, compare, likeness


def line(seq, title, department="公安局", identity=None, **said):
    return Line(seq, {"department": department, "category": "协助", "title": title, **said}, identity)


def titles(lines):
    return [each.title for each in lines]


def test_equal_lists_do_not_differ():
    lines = [line(1, "巡逻"), line(2, "登记")]
    found = compare(lines, [line(5, "登记"), line(6, "巡逻")])
    assert (found.added, found.removed, found.changed, found.same) == ([], [], [], 2)


def test_what_came_and_what_went():
    found = compare([line(1, "巡逻"), line(2, "征兵宣传", "武装部")], [line(1, "巡逻"), line(2, "养老服务", "民政局")])
    assert (titles(found.added), titles(found.removed), found.same) == (["养老服务"], ["征兵宣传"], 1)


def test_a_change_is_shown_field_by_field():
    found = compare([line(1, "巡逻")], [line(1, "巡逻", category="承办", reason="调整")])
    assert dict(found.changed[0].fields) == {"category": ("协助", "承办"), "reason": ("", "调整")}


def test_the_same_item_is_recognised_whatever_it_says_now():
    found = compare([line(1, "甲", identity=7), line(2, "乙", identity=8)], [line(1, "乙", identity=7)])
    assert (titles(found.removed), dict(found.changed[0].fields)) == (["乙"], {"title": ("甲", "乙")})


def test_a_title_that_moved_to_another_department():
    found = compare([line(1, "社区矫正")], [line(1, "社区矫正", "司法局")])
    assert dict(found.changed[0].fields) == {"department": ("公安局", "司法局")}


def test_a_reworded_title_of_the_same_department_is_a_change():
    before = [line(1, "流动人口登记管理"), line(2, "出租房屋登记")]
    after = [line(1, "出租房屋信息登记"), line(2, "流动人口登记和管理")]
    found = compare(before, after)
    assert [(pair.before.title, pair.after.title) for pair in found.changed] == [
        ("出租房屋登记", "出租房屋信息登记"),
        ("流动人口登记管理", "流动人口登记和管理"),
    ]
    other = compare(before, [line(1, "出租房屋信息登记", "住建局")])
    assert (len(other.changed), len(other.added)) == (0, 1)


def test_titles_that_occur_twice_are_not_confused():
    found = compare([line(1, "巡查", "甲"), line(2, "巡查", "乙")], [line(1, "巡查", "丙")])
    assert (len(found.removed), len(found.added), found.changed) == (2, 1, [])


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [("巡逻", "巡逻", 1, 1), ("巡逻", "养老", 0, 0), ("", "", 0, 0), ("巡逻", "巡查", 0.1, 0.5)],
)
def test_likeness_is_the_share_of_common_terms(one, other, low, high):
    assert low <= likeness(one, other) <= high


def test_what_the_second_list_leaves_out_has_gone_and_says_why():
    left_out = Line(1, {"department": "公安局", "title": "巡逻", "reason": "不要"}, stands=False)
    found = compare([line(1, "巡逻"), line(2, "登记")], [left_out, line(2, "登记")])
    assert (titles(found.removed), found.changed, found.same) == (["巡逻"], [], 1)
    assert found.removed[0].said["reason"] == "不要"


def test_what_was_left_out_and_is_taken_again_has_come():
    left_out = Line(1, {"department": "公安局", "title": "巡逻"}, stands=False)
    found = compare([left_out], [line(1, "巡逻")])
    assert (titles(found.added), found.removed, found.changed) == (["巡逻"], [], [])


def test_what_stands_on_neither_list_is_not_spoken_of():
    left_out = Line(1, {"department": "公安局", "title": "巡逻"}, stands=False)
    found = compare([left_out], [left_out])
    assert (found.added, found.removed, found.changed, found.same) == ([], [], [], 0)
