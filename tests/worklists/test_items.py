"""An item on the list: from which day, to which day, over whom, and what we believed of it when."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from base.errors import RuleViolation
from base.models import Event
from tests.factories import NOW, DivisionFactory, actor, admitted, city_edition, content, misrecorded
from worklists import actions
from worklists.actions import decided
from worklists.content import ItemContent
from worklists.kinds import Ending
from worklists.models import ItemVersion

LATER = NOW + timedelta(days=3)
XIANGYIN, CHANGJIANG = "430211001001", "430211002001"


def titles(on, *, place="430211", known_at=None):
    rows = ItemVersion.objects.owned_by("430211").in_force(on).known(known_at).over(place)
    return sorted(rows.values_list("title", flat=True))


def life(item):
    """(first day, first day after, title, ending) of what is believed now."""
    rows = item.versions.known().order_by("in_force")
    return [(row.in_force.lower, row.in_force.upper, row.title, row.ending) for row in rows]


def amended(item, *, starts_on, said=None, ends_on=None, scope=("430211",), at=LATER):
    return actions.amend_item(
        item, content=said or content("新的内容"), scope=scope, starts_on=starts_on, ends_on=ends_on,
        notice_number="株天社准告〔2026〕2号", decided_on=starts_on, by=actor(), at=at,
    )  # fmt: skip


def test_an_item_stands_on_the_list_from_its_first_day_to_its_last(county):
    item = admitted(county, starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 30))
    assert titles(date(2026, 2, 28)) == []
    assert titles(date(2026, 3, 1)) == titles(date(2026, 6, 30)) == ["流动人口登记管理"]
    assert titles(date(2026, 7, 1)) == []
    assert life(item) == [(date(2026, 3, 1), date(2026, 7, 1), "流动人口登记管理", Ending.EXPIRED)]


def test_a_standing_item_has_no_end(county):
    item = admitted(county)
    assert life(item) == [(date(2026, 1, 1), None, "流动人口登记管理", "")]
    assert titles(date(2099, 1, 1)) == ["流动人口登记管理"]


def test_codes_run_on_within_the_county_and_year(county):
    first, second, next_year = (
        admitted(county, starts_on=day) for day in (date(2026, 1, 1), date(2026, 5, 1), date(2027, 1, 1))
    )
    assert [first.code, second.code, next_year.code] == ["430211-2026-0001", "430211-2026-0002", "430211-2027-0001"]


def test_only_the_places_in_its_scope_are_reached(county):
    item = admitted(county, scope=["430211001", CHANGJIANG])
    day = date(2026, 5, 1)
    assert titles(day, place=XIANGYIN) == titles(day, place=CHANGJIANG) == titles(day, place="430211001")
    assert titles(day, place="430211002") == titles(day, place="430211") == []
    assert item.versions.get().scope_text == "嵩山路街道、长江社区"


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        ([], "请写明实施范围：至少一个街道（乡镇）或社区。"),
        (["430211", "430211009"], "实施范围里的 430211009 不在天元区的区划里，请改正。"),
        (["430204"], "实施范围里的 430204 不在天元区的区划里，请改正。"),
    ],
)
def test_a_scope_is_within_the_county(county, scope, says):
    with pytest.raises(RuleViolation, match=says):
        actions.admit_item(
            county, content=content(), scope=scope, starts_on=date(2026, 1, 1), ends_on=None, origin="admission",
            notice_number="一号", decided_on=date(2026, 1, 1), by=actor(), at=NOW,
        )  # fmt: skip


def test_many_places_are_named_and_counted(county):
    codes = [f"430211001{n:03}" for n in range(3, 9)]
    for code in codes:
        DivisionFactory.create(code=code, name=f"社区{code[-1]}")
    assert admitted(county, scope=codes).versions.get().scope_text == "社区3、社区4、社区5、社区6、社区7等 6 处"


def test_dates_reversed_are_refused(county):
    with pytest.raises(RuleViolation, match="结束日期不能早于开始日期"):
        admitted(county, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 1))


def test_a_change_holds_from_its_day_and_leaves_what_was(county):
    item = admitted(county)
    amended(item, starts_on=date(2026, 12, 1))
    assert titles(date(2026, 11, 30)) == ["流动人口登记管理"]
    assert titles(date(2026, 12, 1)) == ["新的内容"]
    assert life(item) == [
        (date(2026, 1, 1), date(2026, 12, 1), "流动人口登记管理", Ending.SUPERSEDED),
        (date(2026, 12, 1), None, "新的内容", ""),
    ]
    old = item.versions.known().get(ending=Ending.SUPERSEDED)
    assert (old.notice_number, old.ending_number) == ("株天社准告〔2026〕1号", "株天社准告〔2026〕2号")


def test_the_page_of_an_item_to_come_says_what_comes_first(county, client):
    item = admitted(county, starts_on=NOW.date() + timedelta(days=30))
    amended(item, starts_on=NOW.date() + timedelta(days=90))
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("worklists:item", args=[item.code]))
    assert page.context["version"].title == "流动人口登记管理"


def test_a_change_restates_the_whole_scope(county):
    item = admitted(county, scope=["430211001"])
    amended(item, starts_on=date(2026, 12, 1), scope=["430211002"])
    assert titles(date(2026, 11, 30), place=XIANGYIN) == ["流动人口登记管理"]
    assert titles(date(2026, 12, 1), place=XIANGYIN) == []
    assert titles(date(2026, 12, 1), place=CHANGJIANG) == ["新的内容"]


def test_a_change_replaces_one_that_was_still_to_come(county):
    item = admitted(county)
    amended(item, starts_on=date(2027, 6, 1), said=content("明年的内容"))
    amended(item, starts_on=date(2027, 1, 1))
    assert [row[:3] for row in life(item)] == [
        (date(2026, 1, 1), date(2027, 1, 1), "流动人口登记管理"),
        (date(2027, 1, 1), None, "新的内容"),
    ]


def test_a_change_may_continue_a_term_that_ran_out(county):
    item = admitted(county, ends_on=date(2026, 6, 30))
    amended(item, starts_on=date(2026, 9, 1))
    assert [row[:2] for row in life(item)] == [
        (date(2026, 1, 1), date(2026, 7, 1)),
        (date(2026, 9, 1), None),
    ]


@pytest.mark.parametrize("starts_on", [date(2026, 7, 1), date(2026, 9, 1)])
def test_what_was_completed_cannot_be_changed(county, starts_on):
    item = admitted(county)
    actions.retire_item(item, ends_on=date(2026, 7, 1), ending=Ending.COMPLETED, by=actor(), at=LATER)
    with pytest.raises(RuleViolation, match="请申请准入"):
        amended(item, starts_on=starts_on)


def test_a_retired_item_stands_until_the_day_before(county):
    item = admitted(county)
    actions.retire_item(
        item,
        ends_on=date(2026, 12, 1),
        ending=Ending.REMOVED,
        by=actor(),
        at=LATER,
        notice_number="株天社准告〔2026〕5号",
    )
    assert titles(date(2026, 11, 30)) == ["流动人口登记管理"]
    assert titles(date(2026, 12, 1)) == []
    assert item.versions.known().get().ending_number == "株天社准告〔2026〕5号"


def test_retiring_ends_a_term_early_but_not_twice(county):
    item = admitted(county, ends_on=date(2026, 12, 31))
    actions.retire_item(item, ends_on=date(2027, 1, 1), ending=Ending.COMPLETED, by=actor(), at=LATER)
    assert life(item)[0][3] == Ending.COMPLETED
    with pytest.raises(RuleViolation, match="此前已经终止"):
        actions.retire_item(item, ends_on=date(2027, 1, 1), ending=Ending.REMOVED, by=actor(), at=LATER)
    actions.retire_item(item, ends_on=date(2026, 12, 1), ending=Ending.EXITED_EARLY, by=actor(), at=LATER)
    assert life(item) == [(date(2026, 1, 1), date(2026, 12, 1), "流动人口登记管理", Ending.EXITED_EARLY)]


def test_an_item_retired_before_its_first_day_never_starts(county):
    item = admitted(county, starts_on=date(2027, 1, 1))
    actions.retire_item(item, ends_on=date(2026, 12, 1), ending=Ending.REMOVED, by=actor(), at=LATER)
    assert life(item) == []
    assert titles(date(2027, 1, 1), known_at=NOW) == ["流动人口登记管理"]


def corrected(item, version, *, restore=True, basis="", at=LATER):
    return actions.correct_item(
        item, version=version, department_id=None, department_text="公安局", basis=basis, restore=restore,
        reason="录入时写错了", by=actor(), at=at,
    )  # fmt: skip


def test_a_correction_keeps_what_was_believed(county):
    item = admitted(county, scope=["430211002"], starts_on=date(2026, 2, 1))
    wrong = misrecorded(
        item, said=content("出租房屋登记"), scope=["430211"], starts_on=date(2026, 1, 1), ends_on=None,
        at=NOW + timedelta(days=1),
    )  # fmt: skip
    corrected(item, wrong)
    day = date(2026, 3, 1)
    assert titles(day, place=CHANGJIANG) == ["流动人口登记管理"]
    assert titles(date(2026, 1, 15)) == []
    assert titles(day, place=XIANGYIN, known_at=LATER - timedelta(seconds=1)) == ["出租房屋登记"]
    assert item.versions.known().get().notice_number == "株天社准告〔2026〕1号"


def test_a_correction_may_not_run_into_another_version(county):
    item = admitted(county, ends_on=date(2026, 12, 31))
    old = misrecorded(
        item, said=content(), scope=["430211"], starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30),
        at=NOW + timedelta(days=1),
    )  # fmt: skip
    amended(item, starts_on=date(2026, 12, 1))
    with pytest.raises(RuleViolation, match="与这一事项的另一个版本重叠"):
        corrected(item, old)


def test_what_was_ended_before_its_decided_first_day_has_no_days_to_be_led_back_to(county):
    item = admitted(county, starts_on=date(2027, 3, 1))
    misrecorded(
        item, said=content(), scope=["430211"], starts_on=date(2026, 3, 1), ends_on=None, at=NOW + timedelta(days=1)
    )
    actions.retire_item(item, ends_on=date(2026, 12, 1), ending=Ending.REMOVED, by=actor(), at=LATER)
    version = item.versions.known().get()
    with pytest.raises(RuleViolation, match="2027年3月1日才施行，而它此前已经终止"):
        corrected(item, version)
    assert not decided.can_restore(version)
    corrected(item, version, restore=False, basis="《条例》")
    assert life(item) == [(date(2026, 3, 1), date(2026, 12, 1), "流动人口登记管理", Ending.REMOVED)]


def test_the_day_on_which_a_later_act_ended_it_is_not_taken_back_by_a_correction(county):
    item = admitted(county)
    actions.retire_item(item, ends_on=date(2026, 12, 1), ending=Ending.COMPLETED, by=actor(), at=NOW)
    corrected(item, item.versions.known().get(), basis="《条例》")
    assert life(item) == [(date(2026, 1, 1), date(2026, 12, 1), "流动人口登记管理", Ending.COMPLETED)]


def test_a_version_of_an_edition_is_led_back_to_its_entry(county, city):
    edition = city_edition(city, "巡逻", starts_on=date(2026, 1, 1))
    item = edition.entries.get().item
    said = content("巡查", category="statutory", applies_to="urban")
    wrong = misrecorded(
        item, said=said, scope=["430211"], starts_on=date(2026, 2, 1), ends_on=date(2026, 12, 31),
        at=NOW + timedelta(days=1),
    )  # fmt: skip
    right = decided.terms_decided(wrong)
    assert (right.content.title, right.content.category, right.content.applies_to) == ("巡逻", "assist", "both")
    assert (right.scope, right.starts_on, right.ends_on) == (("4302",), date(2026, 1, 1), None)


def test_what_is_believed_no_longer_cannot_be_corrected(county):
    item = admitted(county)
    first = item.versions.get()
    amended(item, starts_on=date(2026, 12, 1))
    with pytest.raises(RuleViolation, match="已经更正或者变更过"):
        corrected(item, first, basis="《条例》")


def test_an_act_that_comes_with_an_older_moment_is_recorded_after_the_last(county):
    item = admitted(county)
    amended(item, starts_on=date(2026, 12, 1), at=NOW)
    amended(item, starts_on=date(2027, 1, 1), said=content("再改"), at=datetime(2020, 1, 1, tzinfo=UTC))
    starts = sorted(item.versions.values_list("recorded__startswith", flat=True).distinct())
    assert starts == [NOW, NOW + timedelta(microseconds=1), NOW + timedelta(microseconds=2)]


def test_each_act_leaves_one_line_in_the_countys_chain(county):
    item = admitted(county, scope=["430211001"])
    amended(item, starts_on=date(2026, 12, 1), scope=["430211002"])
    actions.retire_item(item, ends_on=date(2027, 1, 1), ending=Ending.REMOVED, by=actor(), at=LATER)
    lines = Event.objects.about(item).order_by("seq")
    assert [(line.kind, line.data["version"]) for line in lines] == [
        ("worklists.workitem.admit", 1),
        ("worklists.workitem.amend", 2),
        ("worklists.workitem.retire", 3),
    ]
    assert [line.audience for line in lines] == [["430211001"], ["430211001", "430211002"], ["430211002"]]
    assert {line.chain for line in lines} == {"430211"}
    assert lines[2].data["says"] == "已移出清单，2027年1月1日起不再列入清单"


def test_the_content_reads_back_as_it_was_written(county):
    said = content(
        does="上门登记", does_not="不参与处罚", basis="《条例》第三条", executor="station", applies_to="urban"
    )
    version = admitted(county, said=said).versions.get()
    assert ItemContent.of(version) == said
    assert version.side == "government"
