"""May this be asked of us today? Found by its words, judged by the list of the place on the day, with its reasons."""

from datetime import date, timedelta

import pytest
import time_machine

from communities.models import Community, Division
from communities.roles import Role
from tests.factories import NOW, actor, admitted, city_edition, content, county_draft, row
from worklists import actions
from worklists.kinds import Category, Ending
from worklists.lists import AsOf
from worklists.models import WorkItem
from worklists.receiving import check
from worklists.receiving.verdicts import Code

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
STREET, HERE, THERE = "430211001", "430211001001", "430211001002"


@pytest.fixture
def place(county):
    return Division.objects.select_related("community").get(code=HERE)


def verdict(item, code=HERE, on=TODAY):
    return check.verdict(item, Division.objects.select_related("community").get(code=code), AsOf(on))


@pytest.mark.parametrize("category", Category)
def test_what_stands_on_the_list_may_be_asked_and_what_follows_is_said(county, category):
    found = verdict(admitted(county, said=content(category=category, does="登记。", does_not="不收费。")))
    assert (found.code, found.is_lawful) == (Code.LISTED, True)
    assert {Category.STATUTORY: "法定职责", Category.UNDERTAKE: "承办", Category.ASSIST: "协助"}[
        category
    ] in found.title
    assert [line.text for line in found.evidence][-2:] == ["社区做什么：登记。", "社区不做什么：不收费。"]
    assert found.evidence[0].source == "株天社准告〔2026〕1号"


def test_before_its_first_day_it_may_not_be_asked(county):
    item = admitted(county, starts_on=TODAY + timedelta(days=1))
    assert [verdict(item, on=on).code for on in (TODAY, TODAY + timedelta(days=1))] == [Code.NOT_YET, Code.LISTED]


def test_after_its_last_day_it_may_not_be_asked_any_more(county):
    item = admitted(county, ends_on=TODAY)
    found = [verdict(item, on=on) for on in (TODAY, TODAY + timedelta(days=1))]
    assert [each.code for each in found] == [Code.LISTED, Code.ENDED]
    assert "最后一天是2026年" in found[1].text
    assert "第四条" in found[1].evidence[0].source


def test_what_has_left_the_list_says_by_which_paper(county):
    item = admitted(county)
    actions.retire_item(
        item, ends_on=TODAY, ending=Ending.REMOVED, notice_number="株天社准告〔2026〕9号", by=actor(), at=NOW
    )
    found = verdict(item, on=TODAY + timedelta(days=2))
    assert found.code is Code.ENDED
    assert "株天社准告〔2026〕9号" in [line.source for line in found.evidence]


def test_what_was_taken_back_before_its_first_day_was_never_in_force(county):
    item = admitted(county, starts_on=TODAY)
    actions.retire_item(item, ends_on=TODAY, ending=Ending.REMOVED, notice_number="9号", by=actor(), at=NOW)
    found = verdict(item)
    assert (found.code, found.version) == (Code.TAKEN_BACK, None)
    assert "没有施行过" in found.text


def test_outside_its_scope_it_may_not_be_asked(county):
    item = admitted(county, scope=[THERE])
    assert [verdict(item, code).code for code in (THERE, HERE, STREET, county.code)] == [
        Code.LISTED, Code.BEYOND_SCOPE, Code.LISTED, Code.LISTED,
    ]  # fmt: skip


def test_what_is_for_villages_may_not_be_asked_of_a_town(county, place):
    item = admitted(county, said=content(applies_to="rural"))
    Community.objects.update_or_create(division=place, defaults={"kind": "urban", "changed_at": NOW})
    assert verdict(item).code is Code.OTHER_KIND


def test_the_list_of_another_county_is_nothing_to_this_one(county, place):
    theirs = admitted(Division.objects.get(code="430204"))
    assert verdict(theirs).code is Code.OTHER_LIST
    assert check.like("流动人口登记", place, AsOf(TODAY)) == []


def test_where_the_county_has_no_list_the_citys_may_be_asked(city, county):
    edition = city_edition(city, row(1, "流动人口登记管理"))
    item = edition.entries.get().item
    assert verdict(item).code is Code.LISTED


def test_where_the_county_has_a_list_only_what_it_adopted_may_be_asked(city, county, place):
    guidance = city_edition(city, row(1, "流动人口登记管理"), row(2, "出租房屋登记"))
    draft = county_draft(guidance, county, starts_on=TODAY)
    dropped = draft.entries.get(seq=2)
    actions.drop_entry(dropped, reason="区里没有这类房屋。", by=actor(Role.OFFICE), at=NOW)
    actions.publish_edition(draft, by=actor(Role.DIRECTOR), at=NOW)
    found = check.like("出租房屋登记", place, AsOf(TODAY))
    theirs = guidance.entries.get(seq=2).item
    assert [each.candidate.key for each in found] == [theirs.code]
    said = verdict(theirs)
    assert said.code is Code.OTHER_LIST
    assert said.evidence[-1].text == "本区县不采用的理由：区里没有这类房屋。"
    assert [verdict(each).code for each in WorkItem.objects.filter(owner=county)] == [Code.LISTED]


def test_the_same_question_about_a_past_day_as_known_then_has_the_same_answer(county):
    item = admitted(county)
    actions.retire_item(
        item, ends_on=TODAY, ending=Ending.REMOVED, notice_number="9号", by=actor(), at=NOW + timedelta(days=3)
    )
    place = Division.objects.get(code=HERE)
    then = AsOf(TODAY + timedelta(days=1), TODAY + timedelta(days=1))
    assert check.verdict(item, place, then).code is Code.LISTED
    assert check.verdict(item, place, AsOf(then.on)).code is Code.ENDED


def test_what_was_changed_is_found_by_its_newest_words_at_once(county, place):
    item = admitted(county)
    asof = AsOf(TODAY)
    assert check.like("流动人口", place, asof)
    actions.amend_item(
        item, content=content("禁毒防范"), scope=[county.code], starts_on=TODAY, ends_on=None, notice_number="2号",
        decided_on=TODAY, by=actor(), at=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert check.like("流动人口", place, asof) == []
    assert [found.candidate.key for found in check.like("吸毒人员摸排", place, asof)] == [item.code]


def test_what_was_taken_back_is_offered_no_more_though_nothing_was_added(county, place):
    taken = admitted(county, starts_on=TODAY + timedelta(days=5))
    admitted(county, said=content("禁毒防范"))
    assert check.like("流动人口", place, AsOf(TODAY))
    actions.retire_item(
        taken, ends_on=TODAY + timedelta(days=5), ending=Ending.REMOVED, notice_number="9号", by=actor(), at=NOW
    )
    assert check.like("流动人口", place, AsOf(TODAY)) == []


# --- the page ----------------------------------------------------------------------------------------------
def page(sign_in, role=Role.COMMUNITY, code=HERE, **asked):
    with time_machine.travel(NOW, tick=False):
        return sign_in(role, code).get("/check/", asked).content.decode()


def test_a_community_pastes_a_few_words_and_sees_what_is_alike_with_the_same_characters_marked(county, sign_in):
    item = admitted(county)
    html = page(sign_in, q="暂住人员信息采集，每月更新")
    assert "<mark>流动人口</mark>登记管理" in html
    assert "“暂住人员”按“流动人口”找" in html
    assert f"item={item.code}" in html


def test_the_verdict_on_what_was_picked_comes_with_its_reasons(county, sign_in):
    item = admitted(county, ends_on=date(2026, 10, 1))
    html = page(sign_in, q="流动人口登记", item=item.code)
    assert "已不在清单上" in html
    assert "现在不能交给社区，您可以不做" in html
    assert "第四条" in html
    assert "/unapproved/new/?what=" in html


def test_nothing_alike_is_said_plainly_and_nothing_is_guessed(county, sign_in):
    admitted(county)
    html = page(sign_in, q="晚上一起吃饭吗")
    assert "未找到，请核对" in html
    assert "<mark>" not in html


def test_none_of_these_has_never_been_admitted(county, sign_in):
    html = page(sign_in, q="每天在群里打卡", item="none")
    assert "清单里没有这件事，也没有准入过" in html


def test_what_may_be_asked_offers_no_refusal(county, sign_in):
    html = page(sign_in, q="流动人口登记", item=admitted(county).code)
    assert "责任主体是部门" in html
    assert "/unapproved/new/" not in html


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ({"q": ""}, 200, "请"), ({"q": "字" * 301}, 200, "300"), ({"q": "<b>流动人口</b>"}, 200, "&lt;b&gt;"),
        ({"q": "流动人口", "item": "没有的编号"}, 404, ""), ({"q": "\x00"}, 400, ""),
    ],
)  # fmt: skip
def test_bad_questions_get_a_sentence(county, sign_in, asked, status, says):
    admitted(county)
    with time_machine.travel(NOW, tick=False):
        answer = sign_in(Role.COMMUNITY, HERE).get("/check/", asked)
    assert answer.status_code == status
    assert says in answer.content.decode()


def test_who_stands_above_the_counties_is_told_where_to_ask(county, sign_in):
    assert sign_in(Role.CITY, "4302").get("/check/").status_code == 403
