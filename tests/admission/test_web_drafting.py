"""Filling in the application form: part by part, unfinished, whole; what is refused is refused at its question."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admission import actions
from admission.models import Application, ImplementationPlan
from admission.procedure import Kind, State
from admission.requirements import form_gaps
from admission.web.forms.fields import LineField, TextField
from admission.web.forms.parts import PARTS
from base.models import User
from communities.models import Appointment, Division
from tests.admission import world as ways
from tests.admission.filling import address, autosave, fill_in, saves, sentences, shown
from tests.admission.signing import signed_in

SLUGS = [part.slug for part in PARTS]


@pytest.fixture(autouse=True)
def _a_working_day(world):
    with time_machine.travel(world.at(), tick=False):
        yield


@pytest.fixture
def dept(world):
    return signed_in(world.actors["dept"])


@pytest.fixture
def empty(world):
    """A draft in which nothing is filled in."""
    return actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.ADMISSION)


@pytest.fixture
def draft(world):
    """A draft in which everything is filled in."""
    return ways.drafted(world)


def fresh(application):
    return Application.objects.get(pk=application.pk)


def newest_plan(application):
    return application.plans.order_by("-number").first()


# --- whole, unfinished, nothing at all ---------------------------------------------------------------------
@pytest.mark.parametrize("part", [*SLUGS, "all"])
def test_every_part_opens_and_leads_on_without_saving_what_was_not_changed(dept, draft, part):
    before = saves(draft)
    answer = fill_in(dept, draft, part)
    following = {**dict(zip(SLUGS, [*SLUGS[1:], "check"], strict=True)), "all": "check"}
    assert (answer.status_code, answer.url) == (302, address(draft, following[part]))
    assert saves(draft) == before


def test_the_form_opens_at_the_first_part_with_a_gap(world, dept, draft, empty):
    assert dept.get(reverse("admission:edit", args=[empty.pk])).url == address(empty, "basics")
    actions.save_draft(draft, by=world.actors["dept"], at=world.at(), fields={"ends_on": None})
    assert dept.get(reverse("admission:edit", args=[draft.pk])).url == address(draft, "scope")


def test_an_unfinished_part_is_kept_and_the_side_says_what_is_missing(dept, empty):
    answer = fill_in(dept, empty, "basics", title="小区消防通道巡查告知", contact_name="经办人")
    assert answer.status_code == 302
    kept = fresh(empty)
    assert (kept.title, kept.contact_name, kept.category) == ("小区消防通道巡查告知", "经办人", "")
    notes = {row["title"]: row["note"] for row in dept.get(answer.url).context["nav_parts"]}
    assert notes["一、基本情况"] == "还缺 4 项"


def test_everything_on_one_page_is_saved_by_one_button(dept, empty, world):
    answer = fill_in(
        dept, empty, "all", title="小区消防通道巡查告知", scope=[world.streets[0].code], goal="通道畅通。",
        people="两名执法人员。", adds_declared="on", justification="通道在小区里。",
        **{"bases-0-title": "消防法", "bases-0-level": "law", "process-0-step": "巡查", "prior_contacts-0-held_on":
           "2026-10-30", "prior_contacts-0-counterpart": "准入办", "prior_contacts-0-conclusion": "同意征询"},
    )  # fmt: skip
    assert answer.url == address(empty, "check")
    kept, plan = fresh(empty), newest_plan(empty)
    assert (kept.title, kept.adds_declared, plan.goal, plan.process) == (
        "小区消防通道巡查告知", True, "通道畅通。", ["巡查"]
    )  # fmt: skip
    assert list(kept.scope.all()) == [world.streets[0]]
    assert (kept.bases.get().title, kept.prior_contacts.get().held_on) == ("消防法", date(2026, 10, 30))
    assert saves(empty) == 1


def test_markup_is_text_and_control_characters_vanish(dept, empty):
    fill_in(dept, empty, "basics", title="<script>alert(1)</script>\x07巡查\r\n告知")
    assert fresh(empty).title == "<script>alert(1)</script>巡查 告知"
    page = dept.get(address(empty, "basics")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# --- refused at the question, nothing typed is lost --------------------------------------------------------
@pytest.mark.parametrize(
    ("part", "typed", "sentence"),
    [
        ("basics", {"title": "长" * 10_000}, "最多 200 字，现在有 10000 字，请缩短。"),
        ("basics", {"category": "tax"}, "没有这个选项，请重新选。"),
        ("scope", {"starts_on": "2027-06-30", "ends_on": "2027-01-04"}, "结束日期早于开始日期，请改其中一个。"),
        ("scope", {"starts_on": "明年一月"}, "这不是一个日期，请按 2026-11-21 的样子填。"),
        ("scope", {"starts_on": "0207-01-04"}, "年份要在 2000 到 2099 之间，请改。"),
        ("scope", {"is_standing": "on"}, "写了结束日期就不是常态工作：去掉这个勾，或者清空结束日期。"),
        (
            "scope",
            {"is_standing": "on", "ends_on": "", "duration_type": "temporary"},
            "常态工作不是临时的：去掉“常态工作”的勾，或者改选时限类型。",
        ),
        ("scope", {"workload_hours": "很多"}, "请填数字，不带单位。"),
        ("guarantees", {"money_amount": "-3"}, "不能是负数。"),
        ("guarantees", {"money_amount": "123456789012"}, "这个数太大了，请核对。"),
        ("guarantees", {"people_count": "2.5"}, "请填整数，不带单位。"),
        ("grounds", {"bases-0-title": "", "bases-0-level": "law"}, "写明文件名称。"),
        ("grounds", {"bases-0-level": ""}, "选级别；没有区县级以上文件的，先报区委、区政府。"),
        ("plan", {"milestones-0-on": "31/3/2027"}, "这不是一个日期，请按 2026-11-21 的样子填。"),
        ("plan", {"division-0-duty": ""}, "写明负责什么。"),
        ("contact", {"prior_contacts-0-held_on": ""}, "写明哪天沟通的。"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_question_and_nothing_is_lost(dept, draft, part, typed, sentence):
    before = fresh(draft)
    answer = fill_in(dept, draft, part, **typed)
    assert sentences(answer) == [sentence]
    html = answer.content.decode()
    anchor = answer.context["problems"][0][0]
    assert f'href="#{anchor}"' in html
    assert f'id="{anchor}"' in html
    assert "还没有保存，您填的内容都还在。" in html
    assert {**shown(answer), **typed} == shown(answer) | {name: value for name, value in typed.items() if value}
    assert fresh(draft).version == before.version


@pytest.mark.parametrize("part", [*SLUGS, "all"])
def test_no_control_cuts_off_what_is_pasted_into_it(dept, draft, part):
    html = dept.get(address(draft, part)).content.decode()
    assert "maxlength" not in html
    assert ('data-most="200"' in html) == (part in {"basics", "grounds", "plan", "guarantees", "all"})


def places(world):
    """A street of another county, one that has ended, one that never was."""
    Division.objects.create(code="430202", name="荷塘区", kind="county")
    Division.objects.create(code="430202001", name="宋家桥街道", kind="street")
    Division.objects.create(
        code="430211009", name="旧街道", kind="street", ends_on=date(2025, 12, 31), successor=world.streets[0]
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("430202001", "“宋家桥街道”不在本区县，实施范围只能是本区县的街道（镇）和社区。"),
        ("430211009", "“旧街道”2025年12月31日已经停用，请改选“嵩山路街道”。"),
        ("430211777", "没有区划代码是“430211777”的地方，请重新选。"),
        ("4302", "“株洲市”不在本区县，实施范围只能是本区县的街道（镇）和社区。"),
        ("'; DROP", "没有区划代码是“'; DROP”的地方，请重新选。"),
    ],
)
def test_an_unknown_foreign_or_expired_place_is_refused_at_the_scope(world, dept, draft, code, sentence):
    places(world)
    answer = fill_in(dept, draft, "scope", scope=[world.streets[0].code, code])
    assert sentences(answer) == [sentence]
    assert answer.context["problems"][0][0] == "id_scope"
    assert set(fresh(draft).scope.all()) == set(world.streets)


def test_a_place_that_has_ended_since_is_shown_and_has_to_be_replaced(world, dept, draft):
    Division.objects.filter(pk=world.streets[1].pk).update(ends_on=date(2026, 10, 31), successor=world.streets[0])
    page = dept.get(address(draft, "scope"))
    assert "泰山路街道（已停用）" in page.content.decode()
    answer = fill_in(dept, draft, "scope", duration_type="long_term")
    assert sentences(answer) == ["“泰山路街道”2026年10月31日已经停用，请改选“嵩山路街道”。"]


def test_what_lies_inside_a_chosen_place_is_left_out(world, dept, draft):
    street, community = world.streets[0], world.communities[0]
    fill_in(dept, draft, "scope", scope=[street.code, community.code, world.communities[2].code])
    assert list(fresh(draft).scope.order_by("code")) == [street, world.communities[2]]
    fill_in(dept, draft, "scope", scope=[world.county.code, street.code])
    assert list(fresh(draft).scope.all()) == [world.county]


def test_money_of_nothing_is_kept_and_asks_for_its_reason(dept, draft):
    answer = fill_in(dept, draft, "guarantees", money_amount="0", money_source="", money_schedule="", people="三人")
    assert "您填的内容都已保存。" in answer.content.decode()
    assert [anchor for anchor, _label, _sentence in answer.context["problems"]] == ["id_money_zero_reason"]
    plan = newest_plan(draft)
    assert (plan.money_amount, plan.people) == (0, "三人")
    data = {**shown(answer), "money_zero_reason": "社区只告知，不花钱。", "go": "next"}
    assert dept.post(address(draft, "guarantees"), data).status_code == 302
    assert newest_plan(draft).money_zero_reason == "社区只告知，不花钱。"


def test_a_milestone_before_the_start_is_kept_and_said_at_its_day(dept, draft):
    early = {"milestones-0-on": "2026-12-31"}
    said = ["这一天早于开始日期（2027年1月4日），请改这一天，或者改开始日期。"]
    for part in ("plan", "all"):
        answer = fill_in(dept, draft, part, **early)
        assert (answer.status_code, sentences(answer)) == (200, said)
        assert answer.context["problems"][0][0] == "id_milestones-0-on"
        assert newest_plan(draft).milestones[0]["on"] == "2026-12-31"
    assert fill_in(dept, draft, "all", starts_on="2026-12-01").status_code == 302


def test_a_telephone_number_is_kept_in_one_way(dept, draft):
    fill_in(dept, draft, "basics", contact_phone="（0731）2800 0000 转 801", responsible_phone="138 0000 0000")
    assert (fresh(draft).contact_phone, fresh(draft).responsible_phone) == ("0731-28000000-801", "13800000000")


def test_what_is_no_telephone_number_is_kept_said_at_its_question_and_stands_in_the_way(world, dept, draft):
    wrong = "问民政局老张"
    assert autosave(dept, draft, "basics", contact_phone="0731-28", title="边写边存").status_code == 200
    assert (fresh(draft).contact_phone, fresh(draft).title) == ("0731-28", "边写边存")
    answer = fill_in(dept, draft, "basics", contact_phone=wrong)
    assert "您填的内容都已保存。" in answer.content.decode()
    assert [(anchor, sentence[:10]) for anchor, _label, sentence in answer.context["problems"]] == [
        ("id_contact_phone", "这不是一个电话号码：")
    ]
    assert fresh(draft).contact_phone == wrong
    assert "联系电话（号码不对）" in form_gaps(fresh(draft))
    assert f"{address(draft, 'basics')}#id_contact_phone" in dept.get(address(draft, "check")).content.decode()
    assert fill_in(dept, draft, "basics", contact_phone="0731-28000000").status_code == 302
    assert "联系电话（号码不对）" not in form_gaps(fresh(draft))


def test_who_answers_for_it_is_taken_from_the_latest_application_of_the_unit(world, dept, draft):
    people = ("responsible_person", "responsible_phone", "contact_name", "contact_phone")
    second = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.ADMISSION)
    page = shown(dept.get(address(second, "basics")))
    assert {name: page[name] for name in people} == {name: getattr(draft, name) for name in people}
    assert [getattr(fresh(second), name) for name in people] == [getattr(draft, name) for name in people]
    assert not {gap.field for gap in form_gaps(second)} & set(people)
    labels = [label for _part, gaps in dept.get(address(second, "check")).context["then"] for label, _url in gaps]
    assert "必要性说明" in labels
    assert not {"项目负责人", "负责人电话", "经办人", "联系电话"} & set(labels)
    fill_in(dept, second, "basics", contact_name="另一位")
    assert shown(dept.get(address(second, "basics")))["contact_name"] == "另一位"


# --- rows --------------------------------------------------------------------------------------------------
def test_an_emptied_row_is_taken_away_and_milestones_are_kept_by_day(dept, draft):
    answer = fill_in(
        dept, draft, "plan",
        **{"process-1-step": "", "milestones-TOTAL_FORMS": "2", "milestones-1-on": "2027-01-15",
           "milestones-1-result": "部署"},
    )  # fmt: skip
    assert answer.status_code == 302
    plan = newest_plan(draft)
    assert plan.process == ["告知", "登记", "报告"]
    assert plan.milestones == [
        {"on": "2027-01-15", "result": "部署"},
        {"on": "2027-03-31", "result": "完成第一轮"},
    ]


def test_one_more_row_without_scripts_keeps_what_was_typed(dept, draft):
    answer = fill_in(dept, draft, "grounds", add="bases", justification="改过的理由")
    assert answer.url == f"{address(draft, 'grounds')}?more=bases#bases"
    assert fresh(draft).justification == "改过的理由"
    [(_group, formset)] = dept.get(answer.url).context["filled"][0].groups
    assert len(formset.forms) == 2
    assert (
        '<noscript><button class="btn no-print" type="submit" name="add" value="bases">'
        in dept.get(answer.url).content.decode()
    )


def test_one_more_row_where_something_cannot_be_kept_shows_both(dept, draft):
    answer = fill_in(dept, draft, "grounds", add="bases", **{"bases-0-title": ""})
    [(_group, formset)] = answer.context["filled"][0].groups
    assert len(formset.forms) == 2
    assert sentences(answer) == ["写明文件名称。"]


def test_too_many_rows_and_a_group_without_its_numbers_are_refused(dept, draft):
    many = {f"process-{n}-step": f"第{n}步" for n in range(41)} | {"process-TOTAL_FORMS": "41"}
    assert sentences(fill_in(dept, draft, "plan", **many)) == ["最多填 40 行，请合并后再保存。"]
    answer = fill_in(dept, draft, "plan", **{"process-TOTAL_FORMS": None})
    assert sentences(answer) == ["这一组没有完整地送到，请再保存一次。"]
    assert newest_plan(draft).process == ["告知", "带路", "登记", "报告"]


# --- somebody else, another tab, a lost session ------------------------------------------------------------
def test_a_stale_form_shows_what_changed_keeps_what_was_typed_and_can_be_sent_again(world, dept, draft):
    page = dept.get(address(draft, "basics"))
    actions.save_draft(draft, by=world.actors["dept"], at=world.at(), fields={"contact_name": "别人改的"})
    typed = {**shown(page), "title": "我改的名称", "go": "next"}
    answer = dept.post(address(draft, "basics"), typed)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "应急管理局 · 部门经办：修改申请" in html
    assert {(row.name, row.before, row.after) for row in answer.context["clashes"]} == {
        ("事项名称", draft.title, "我改的名称"),
        ("经办人", "别人改的", "经办人"),
    }
    assert shown(answer)["title"] == "我改的名称"
    assert fresh(draft).title == draft.title
    assert dept.post(address(draft, "basics"), {**typed, "seen": answer.context["version"]}).status_code == 302
    assert fresh(draft).title == "我改的名称"


def test_a_stale_scope_and_stale_rows_are_compared_in_words(world, dept, draft):
    actions.save_draft(draft, by=world.actors["dept"], at=world.at(), fields={"contact_name": "别人"})
    answer = fill_in(dept, draft, "scope", seen="1", scope=[world.county.code], is_standing="on", ends_on="")
    words = {row.name: (row.before, row.after) for row in answer.context["clashes"]}
    assert words["实施范围"] == (
        "嵩山路街道全部（2 个社区、村）、泰山路街道全部（2 个社区、村）", "天元区全部（2 个街道、镇，4 个社区、村）"
    )  # fmt: skip
    assert words["常态工作，没有结束日期"] == ("否", "是")
    answer = fill_in(dept, draft, "plan", seen="1", **{"process-0-step": "先告知"})
    assert answer.context["clashes"][0].after == "先告知\n带路\n登记\n报告"


def test_a_form_without_its_version_counts_as_stale(dept, draft):
    assert fill_in(dept, draft, "basics", seen="", title="换一个名称").status_code == 409
    assert fresh(draft).title == draft.title


def test_what_is_typed_is_stored_as_one_types(dept, draft):
    answer = autosave(dept, draft, "basics", title="边写边存的名称")
    assert answer.status_code == 200
    kept = fresh(draft)
    assert kept.title == "边写边存的名称"
    html = answer.content.decode()
    assert f'name="seen" value="{kept.version}" id="id_seen" hx-swap-oob="true"' in html
    assert 'id="form-parts" hx-swap-oob="true"' in html
    assert '<span id="draft-title" hx-swap-oob="true">边写边存的名称</span>' in html
    assert re.search(r'<div id="draft-crumbs" hx-swap-oob="true">.*边写边存的名称.*</div>', html, re.DOTALL)
    assert "草稿已存" in html


def test_an_autosave_that_cannot_be_kept_says_so_in_one_sentence(world, dept, draft):
    answer = autosave(dept, draft, "scope", ends_on="2020-01-01")
    assert (answer.status_code, answer.content.decode()) == (
        422, "还没有存到服务器。结束日期：结束日期早于开始日期，请改其中一个。"
    )  # fmt: skip
    answer = autosave(dept, draft, "basics", seen="1", title="旧表")
    assert answer.status_code == 409
    assert answer.content.decode().startswith("还没有存到服务器。您打开以后，这条记录有了新的变化。")
    assert fresh(draft).title == draft.title


# --- states ------------------------------------------------------------------------------------------------
def test_what_was_put_to_the_streets_is_fixed_while_they_answer(world, dept):
    asked = ways.consulted(world)
    basics = fill_in(dept, asked, "basics", title="换个名称", contact_name="新经办")
    assert basics.status_code == 302
    kept = fresh(asked)
    assert (kept.title, kept.contact_name) == (asked.title, "新经办")
    page = dept.get(address(asked, "scope")).content.decode()
    assert 'name="scope"' not in page
    assert "嵩山路街道、泰山路街道" in page
    assert fill_in(dept, asked, "scope", scope=[world.county.code], applies_to="rural").status_code == 302
    assert set(fresh(asked).scope.all()) == set(world.streets)


def test_a_change_of_the_fixed_plan_becomes_the_next_version(world, dept):
    asked = ways.consulted(world)
    fill_in(dept, asked, "guarantees", people="每街道三名专业人员。")
    assert [(plan.number, plan.people, bool(plan.frozen_at)) for plan in asked.plans.order_by("number")] == [
        (1, "每街道两名专业人员。", True),
        (2, "每街道三名专业人员。", False),
    ]


def test_in_coordination_only_the_plan_can_be_changed(world, dept):
    disputed = ways.coordinating(world)
    assert dept.get(address(disputed, "basics")).status_code == 404
    page = dept.get(address(disputed, "plan"))
    assert [row["title"] for row in page.context["nav_parts"]] == ["四、实施方案", "五、保障措施", "检查和提交"]
    assert fill_in(dept, disputed, "plan", goal="改过的目标。").status_code == 302
    assert newest_plan(disputed).goal == "改过的目标。"


def test_the_defects_stand_above_the_form_until_they_are_mended(world, dept):
    back = ways.returned(world)
    assert "写明拨付到哪个账户。" in dept.get(address(back, "guarantees")).content.decode()


def test_who_may_fill_in(world):
    asked = ways.consulted(world)
    urls = [address(asked, "basics"), address(asked, "check"), reverse("admission:edit", args=[asked.pk])]
    statuses = {"dept": 200, "office": 403, "street0": 403, "community0": 403, "host": 404, "member": 404}
    for who, expected in statuses.items():
        client = signed_in(world.actors[who])
        assert {client.get(url, follow=True).status_code for url in urls} == {expected}, who
    assert "申请表和方案由申请单位填写" in signed_in(world.actors["office"]).get(urls[0]).content.decode()


@pytest.mark.parametrize("other", ["host", "office"])
def test_who_changed_posts_meanwhile_is_told_so_and_led_back(world, dept, draft, other):
    page = shown(dept.get(address(draft, "basics")))
    user, new = User.objects.get(username=world.actors["dept"].inbox), world.actors[other]
    mine = Appointment.objects.get(user=user)
    second = Appointment.objects.create(
        user=user, role=new.role, division=Division.objects.get(code=new.code), unit_id=new.unit_id,
        starts_on=date(2020, 1, 1),
    )  # fmt: skip
    dept.post(reverse("communities:switch"), {"appointment": second.pk})
    typed = {**page, "title": "换职务前写的"}
    stored = dept.post(address(draft, "basics"), typed, headers={"HX-Request": "true"})
    assert stored.status_code == 409
    said = f"还没有存到服务器：您换了职务，现在是“{new.label}”，这一页是“{mine.actor().label}”的。"
    assert stored.content.decode().startswith(said)
    answer = dept.post(address(draft, "basics"), typed)
    assert (answer.status_code, answer.context["typed"]) == (409, True)
    assert "还留在这台电脑上" in answer.content.decode()
    assert fresh(draft).title == draft.title
    back = {"appointment": answer.context["appointment"], "next": answer.context["here"]}
    assert dept.post(reverse("communities:switch"), back).url == address(draft, "basics")
    assert dept.post(address(draft, "basics"), typed).status_code == 302
    assert fresh(draft).title == "换职务前写的"


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SCREENING, State.APPROVED, State.WITHDRAWN])
def test_a_form_that_is_closed_says_so(world, dept, state):
    closed = ways.WAYS[state](world)
    answer = dept.get(address(closed, "basics"))
    assert answer.status_code == 409
    assert "申请表和方案不能再改" in answer.content.decode()


def test_an_unknown_part_is_not_found(dept, draft):
    assert dept.get(address(draft, "secrets")).status_code == 404


# --- kinds -------------------------------------------------------------------------------------------------
def test_a_duty_of_law_cannot_be_added_by_application(dept, draft):
    assert sentences(fill_in(dept, draft, "basics", category="statutory")) == ["没有这个选项，请重新选。"]


def test_urgency_is_asked_only_of_late_confirmation(world, dept, draft):
    late = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.CONFIRMATION)
    assert 'name="urgent"' in dept.get(address(late, "basics")).content.decode()
    assert 'name="urgent"' not in dept.get(address(draft, "basics")).content.decode()
    fill_in(dept, late, "basics", urgent="on")
    assert fresh(late).urgent


# --- check -------------------------------------------------------------------------------------------------
def test_every_gap_leads_to_a_question_that_is_there(dept, empty):
    page = dept.get(address(empty, "check"))
    links = [
        url for group in (page.context["first"], page.context["then"]) for _part, gaps in group for _l, url in gaps
    ]
    assert len(links) > 20
    for url in set(links):
        path, _hash, anchor = url.partition("#")
        assert f'id="{anchor}"' in dept.get(path).content.decode(), url


def test_a_whole_draft_leads_on_to_consultation_and_then_to_submission(world, dept, draft):
    page = dept.get(address(draft, "check"))
    assert (page.context["first"], page.context["then"]) == ([], [])
    assert [row["label"] for row in page.context["onward"]] == ["发出征询"]
    asked = ways.consulted(world)
    assert [row["label"] for row in dept.get(address(asked, "check")).context["onward"]] == ["提交申请"]


def test_a_draft_says_how_many_will_be_asked_and_that_nobody_else_reads_it(dept, draft):
    assert dept.get(address(draft, "check")).context["text"] == (
        "发出征询以前，申请单位以外的人看不到这份草稿。按现在的范围，会征询 2 个街道（镇）、4 个社区。"
    )


def test_a_street_that_applies_for_itself_is_not_said_to_ask_no_street(world):
    street, own = world.actors["street0"], ways.drafted(world, by="street0")
    here = actions.DraftRows(scope=world.streets[:1])
    own = actions.save_draft(own, by=street, at=world.at(), fields={}, rows=here)
    text = signed_in(street).get(address(own, "check")).context["text"]
    assert "2 个社区；申请单位自己不用答复。" in text
    assert "0 个街道" not in text


def test_a_revision_leads_on_to_what_becomes_of_it(world, dept):
    disputed, heard = ways.coordinating(world), ways.deliberated(world, conclusion="admit_amended")
    for application in (disputed, heard):
        fill_in(dept, application, "plan", goal="改过的目标。")
    labels = [[row["label"] for row in dept.get(address(one, "check")).context["onward"]] for one in (disputed, heard)]
    assert labels == [["把第 2 版方案再次征询", "说明修改不涉及街道和社区"], ["提交修改后的方案"]]


def test_what_else_stands_in_the_way_is_said_besides_the_gaps(world, dept):
    waiting = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    blocked = dict(dept.get(address(waiting, "check")).context["blocked"])
    assert blocked["提交申请"].startswith("还差 2 个街道（镇）的意见")


def test_the_whole_form_can_be_read_and_printed(dept, draft):
    html = dept.get(address(draft, "check")).content.decode()
    for said in (
        "安全生产法 第九条（法律法规）",
        "26.4 万元",
        "1. 部门：检测",
        "2027年1月4日至2027年6月30日",
        "data-print",
    ):
        assert said in html


# --- the form and the table agree --------------------------------------------------------------------------
def test_no_question_takes_more_than_its_column_holds():
    for part in PARTS:
        model = ImplementationPlan if part.of_plan else Application
        for name, field in part.form.base_fields.items():
            if isinstance(field, LineField | TextField):
                holds = model._meta.get_field(name).max_length
                assert holds is None or field.max_length <= holds, name


def test_every_field_of_the_rulebook_is_asked_for_once():
    asked = [name for part in PARTS for name in [*part.form.base_fields, *(group.name for group in part.groups)]]
    assert len(asked) == len(set(asked))
    assert set(asked) >= {
        "subject_type", "responsible_person", "contact_name", "title", "category", "bases", "justification",
        "can_be_purchased", "scope", "applies_to", "executor", "goal", "requirements", "powers", "division",
        "process", "milestones", "starts_on", "ends_on", "is_standing", "duration_type", "people", "money_amount",
        "money_source", "money_schedule", "money_zero_reason", "premises", "training", "guidance", "rules",
        "workload_hours", "adds_ledger", "adds_report", "adds_system", "adds_plate", "adds_evaluation", "adds_proof",
        "planned_decision_on", "prior_contacts", "requested_procedure", "seal_confirmed",
    }  # fmt: skip


# --- queries -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", ["scope", "all", "check"])
def test_the_number_of_queries_does_not_grow_with_places_or_rows(world, dept, draft, part, django_assert_num_queries):
    url = address(draft, part)
    dept.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        dept.get(url)
    for n in range(3, 60):
        Division.objects.create(code=f"430211002{n:03}", name=f"第{n}社区", kind="community")
    rows = actions.DraftRows(
        bases=[{"title": f"文件{n}", "level": "city"} for n in range(20)],
        prior_contacts=[
            {"held_on": date(2026, 10, n + 1), "counterpart": "准入办", "conclusion": "同意。"} for n in range(20)
        ],
        scope=list(Division.objects.filter(code__startswith="430211002", code__length=12)),
        plan={"process": [f"第{n}步" for n in range(30)]},
    )  # fmt: skip
    actions.save_draft(draft, by=world.actors["dept"], at=world.at(), rows=rows)
    with django_assert_num_queries(len(few)):
        page = dept.get(url)
    assert "文件19" in page.content.decode() or part == "scope"
    assert not re.search(r"\bNone\b", page.content.decode())
