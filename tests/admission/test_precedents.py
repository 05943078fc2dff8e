"""What resembles an application: on the list or gone from it, under way or refused; a refused one split in two."""

import time_machine
from django.urls import reverse
from django.utils import timezone

from admission.models import Application
from admission.precedents import precedents, resembling
from admission.procedure import Kind
from tests.admission import world as ways
from tests.admission.signing import signed_in
from tests.factories import admitted, content
from worklists import actions as lists
from worklists.kinds import Ending

CHARGING = "住宅小区电动自行车充电安全隐患排查"
WHOLE, FIRST, SECOND = "流动人口上门核实和租房合同收集", "流动人口上门核实", "租房合同收集"


def alike(world, application, who="office", *, does=""):
    with time_machine.travel(world.at(), tick=False):
        return precedents(application, does=does, actor=world.actors[who], on=timezone.localdate())


def filed_as(world, title, by="dept", **options):
    world.title = title
    return ways.consulted(world, by=by, **options)


def refused(world, title):
    world.title = title
    return ways.WAYS["rejected"](world)


def html_of(world, who, url):
    with time_machine.travel(world.at(), tick=False):
        return signed_in(world.actors[who]).get(url).content.decode()


# --- items -------------------------------------------------------------------------------------------------
def test_what_stands_on_the_list_is_found_by_its_name(world):
    item = admitted(world.county, said=content(title="小区电动自行车充电隐患排查", category="assist"))
    draft = ways.drafted(world)
    (found,) = alike(world, draft, "dept").items
    assert found.candidate.key == item.code
    assert found.shares == ["名称相近", "同一类别"]
    assert alike(world, draft, "dept") == alike(world, draft, "dept")


def test_what_has_left_the_list_is_found_and_says_when(world):
    item = admitted(world.county, said=content(title="小区电动自行车充电隐患排查"))
    with time_machine.travel(world.at(), tick=False):
        lists.retire_item(
            item, ends_on=timezone.localdate(), ending=Ending.REMOVED, notice_number="株天社准告〔2026〕9号",
            by=world.actors["office"], at=timezone.now(),
        )  # fmt: skip
    world.jump(days=2)
    draft = ways.drafted(world)
    page = html_of(world, "dept", reverse("admission:edit-check", args=[draft.pk]))
    assert "起不在清单上" in page
    assert reverse("worklists:item", args=[item.code]) in page


def test_the_same_work_under_another_name_is_found_by_its_content(world):
    does = "带领检测人员入户，登记充电桩位置和数量，报告飞线充电。"
    admitted(world.county, said=content(title="平安家园行动", does=does))
    draft = ways.drafted(world)
    assert alike(world, draft, does="").items == []
    (found,) = alike(world, draft, does=does).items
    assert found.shares[0] == "工作内容相近"


def test_a_change_or_an_exit_is_about_what_stands_there_already(world):
    item = admitted(world.county, said=content(title=CHARGING))
    change = ways.drafted(world, kind=Kind.CHANGE, item=item)
    assert not alike(world, change)


# --- applications ------------------------------------------------------------------------------------------
def test_an_application_under_way_is_shown_to_who_may_know_of_it(world):
    other = filed_as(world, "小区电动自行车充电隐患排查", by="host")
    mine = filed_as(world, CHARGING)
    (found,) = alike(world, mine).applications
    assert found.application == other
    assert found.shares == ["名称相近", "同一依据《安全生产法》", "实施范围有重叠"]
    assert alike(world, mine, "dept").applications == []  # another unit's, not theirs to know


def test_a_draft_of_somebody_else_is_never_shown(world):
    world.title = "小区电动自行车充电隐患排查"
    ways.drafted(world, by="host")
    mine = filed_as(world, CHARGING)
    assert alike(world, mine).applications == []


def test_what_was_refused_comes_back_with_the_reason_it_was_given(world):
    refused(world, CHARGING)
    again = filed_as(world, "住宅小区电动自行车充电隐患排查")
    (found,) = alike(world, again, "dept").applications
    assert "同一申请单位" in found.shares
    page = html_of(world, "dept", reverse("admission:edit-check", args=[again.pk]))
    assert "不予准入：不宜由社区承担。" in page
    assert "拆开再报" not in page


def test_a_refused_one_that_comes_back_in_two_is_pointed_out_from_either_half(world):
    refused(world, WHOLE)
    first, second = filed_as(world, FIRST), filed_as(world, SECOND)
    for mine, other in ((first, second), (second, first)):
        (found,) = [one for one in alike(world, mine).applications if one.application.state == "rejected"]
        assert found.split == [other]
    world.title = "广场舞噪声劝导"
    unlike = ways.consulted(world)
    assert not [one for one in alike(world, unlike).applications if one.split]
    assert [one.split for one in alike(world, first).applications if one.application.state == "rejected"] == [[second]]


def test_halves_of_another_unit_are_not_called_a_split(world):
    refused(world, WHOLE)
    filed_as(world, SECOND, by="host")
    first = filed_as(world, FIRST)
    assert [one.split for one in alike(world, first).applications if one.application.state == "rejected"] == [[]]


# --- where it is read --------------------------------------------------------------------------------------
def test_who_screens_and_who_decides_reads_it(world):
    item = admitted(world.county, said=content(title="小区电动自行车充电隐患排查"))
    case = ways.screening(world, stances={world.streets[1].code: "objection"})
    page = html_of(world, "office", reverse("admission:step", args=[case.pk, "begin_coordination"]))
    assert "相近的事项和申请" in page
    assert reverse("worklists:item", args=[item.code]) in page
    case = ways.awaiting(world)
    assert "相近的事项和申请" in html_of(world, "deputy", reverse("admission:step", args=[case.pk, "approve"]))


def test_a_community_that_checks_a_task_learns_that_it_is_only_applied_for(world):
    case = filed_as(world, CHARGING)
    page = html_of(world, "community0", reverse("worklists:check") + "?q=小区电动自行车充电隐患排查")
    assert "没有工作告知单，现在不能交给社区" in page
    assert reverse("admission:application", args=[case.pk]) in page


def test_it_does_not_learn_of_what_it_was_never_asked_about(world):
    world.streets = world.streets[:1]
    filed_as(world, CHARGING)
    found = resembling(CHARGING, actor=world.actors["community2"], county=world.county.code)
    assert found == []
    assert Application.objects.exists()


def test_words_that_every_plan_has_make_nothing_alike(world):
    usual = "带路、告知、登记、报告。"
    for title in ("征兵发动", "楼栋长信息更新", "献血活动组织"):
        admitted(world.county, said=content(title=title, does=usual))
        filed_as(world, f"{title}工作")
    mine = filed_as(world, CHARGING)
    assert not alike(world, mine, does=usual)
