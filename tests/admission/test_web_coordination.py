"""Coordination on its pages: departments talked to, the result of each point, the course in the office's words."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from admission import actions
from admission.conditions import departments_contacted
from admission.models import Application, CoordinationContact, DisputedPoint, Opinion
from base.errors import RuleViolation
from tests.admission import world as ways
from tests.admission.signing import hidden_fields, send, signed_in


@pytest.fixture
def disputed(world) -> Application:
    """One street objects; nothing has been done about it."""
    application = ways.screening(world, stances={world.streets[1].code: "objection"})
    return actions.begin_coordination(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)


def address(name: str, application) -> str:
    return reverse(f"admission:{name}", args=[application.pk])


def test_a_talk_with_a_department_is_written_down(world, disputed):
    office, url = signed_in(world.actors["office"]), address("contact", disputed)
    said = {"department": world.units["legal"].pk, "held_on": "2026-11-02", "summary": "检测由部门委托。"}
    with time_machine.travel(world.at(), tick=False):
        assert send(office, url, **said).status_code == 302
        assert "检测由部门委托。" in office.get(url).content.decode()
    assert CoordinationContact.objects.get().held_on == date(2026, 11, 2)


def test_the_applicant_is_no_department_concerned(world, disputed):
    office, url = signed_in(world.actors["office"]), address("contact", disputed)
    assert world.units["dept"] not in office.get(url).context["form"].fields["department"].queryset
    talk = {"held_on": date(2026, 11, 2), "summary": "同意。"}
    with pytest.raises(RuleViolation, match="应急管理局是申请单位"):
        actions.record_contact(
            disputed, by=world.actors["office"], at=world.at(), department=world.units["dept"], **talk
        )
    CoordinationContact.objects.create(coordination=disputed.coordination, department=world.units["dept"], **talk)
    assert departments_contacted(disputed, date(2026, 11, 3))
    actions.record_contact(disputed, by=world.actors["office"], at=world.at(), department=world.units["legal"], **talk)
    assert departments_contacted(disputed, date(2026, 11, 3)) is None


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"department": ""}, "department", "选一个单位。"),
        ({"department": "999999"}, "department", "没有这个单位，请重新选。"),
        ({"held_on": "2026-13-45"}, "held_on", "这不是一个日期，请按 2026-11-21 的样子填。"),
        ({"summary": ""}, "summary", "写明沟通的情况。"),
        ({"summary": "长" * 10_000}, "summary", "最多 4000 字，现在有 10000 字，请缩短。"),
    ],
)
def test_each_mistake_has_its_sentence_at_its_field(world, disputed, wrong, field, sentence):
    said = {"department": world.units["legal"].pk, "held_on": "2026-11-02", "summary": "同意。"} | wrong
    answer = send(signed_in(world.actors["office"]), address("contact", disputed), **said)
    assert answer.context["form"].errors == {field: [sentence]}
    assert not CoordinationContact.objects.exists()


def test_a_talk_in_the_future_is_refused_and_kept(world, disputed):
    said = {"department": world.units["legal"].pk, "held_on": "2027-01-01", "summary": "还没谈。"}
    with time_machine.travel(world.at(), tick=False):
        answer = send(signed_in(world.actors["office"]), address("contact", disputed), **said)
    assert answer.status_code == 409
    assert answer.context["form"].errors == {"held_on": ["沟通日期不能晚于今天。"]}
    assert "还没谈。" in answer.content.decode()


def test_the_same_form_sent_twice_is_one_talk(world, disputed):
    office, url = signed_in(world.actors["office"]), address("contact", disputed)
    said = {"department": world.units["legal"].pk, "held_on": "2026-11-02", "summary": "同意。"}
    with time_machine.travel(world.at(), tick=False):
        form = hidden_fields(office.get(url)) | said
        assert office.post(url, form).status_code == 302
        assert office.post(url, form).status_code == 409
    assert CoordinationContact.objects.count() == 1


def test_a_point_is_settled_only_with_the_bodys_written_word(world, disputed):
    point = DisputedPoint.objects.get()
    office, url = signed_in(world.actors["office"]), address("point", point)
    shown = office.get(url).content.decode()
    assert "检测线路应由专业队伍承担。" in shown
    assert "现在只能“提交会议审议”" in shown
    refused = send(office, url, result="settled", reason="电话说好了。")
    assert refused.status_code == 409
    assert "还没有书面答复无异议" in refused.content.decode()
    assert "电话说好了。" in refused.content.decode()
    done = office.post(url, {**hidden_fields(refused), "result": "to_meeting", "reason": "请会议定。"}, follow=True)
    assert "争议点都有了结果，可以提请会议。" in done.content.decode()


def test_the_result_of_a_point_is_not_written_over_an_answer_that_came_meanwhile(world, disputed):
    rows = actions.DraftRows(plan={"people": "每街道三名专业人员。"})
    actions.save_draft(disputed, by=world.actors["dept"], at=world.at(), rows=rows)
    actions.reopen_consultation(disputed, by=world.actors["dept"], at=world.at(), bodies=world.streets[1:])
    office, url = signed_in(world.actors["office"]), address("point", DisputedPoint.objects.get())
    form = hidden_fields(office.get(url)) | {"result": "to_meeting", "reason": "谈不拢。"}
    again = Opinion.objects.waiting_for(world.streets[1].code).get()
    actions.give_opinion(again, by=world.actors["street1"], at=world.at(), stance="no_objection")
    stale = office.post(url, form)
    assert stale.status_code == 409
    assert "泰山路街道答复：无异议" in stale.content.decode()
    assert DisputedPoint.objects.get().result == ""
    settled = hidden_fields(stale) | {"result": "settled", "reason": "方案已改，街道书面无异议。"}
    assert office.post(url, settled).status_code == 302


def test_the_course_is_written_and_written_again(world, disputed):
    office, url = signed_in(world.actors["office"]), address("summary", disputed)
    assert send(office, url, summary="协调一次。").status_code == 302
    assert "协调一次。" in office.get(url).content.decode()
    assert "协调一次。" in office.get(reverse("admission:application", args=[disputed.pk])).content.decode()


@pytest.mark.parametrize("name", ["contact", "summary", "point"])
def test_only_the_office_coordinates_and_only_while_it_is_coordinated(world, disputed, name):
    url = address(name, DisputedPoint.objects.get() if name == "point" else disputed)
    for who in ("dept", "street1", "director"):
        refused = signed_in(world.actors[who]).get(url)
        assert refused.status_code == 403
        assert "由审核委员会办公室登记协调情况。" in refused.content.decode()
    assert signed_in(world.actors["admin"]).get(url).status_code == 404
    actions.withdraw(disputed, by=world.actors["dept"], at=world.at(), reason="不办了。")
    closed = signed_in(world.actors["office"]).get(url).content.decode()
    assert "本件现在是“已撤回”，不在沟通协调阶段。" in closed


def test_the_check_leads_only_to_the_parts_that_can_still_be_changed(world, disputed):
    dept = signed_in(world.actors["dept"])
    html = dept.get(reverse("admission:edit-check", args=[disputed.pk])).content.decode()
    links = [reverse("admission:edit", args=[disputed.pk, slug]) for slug in ("basics", "grounds", "scope", "burden")]
    assert [link for link in links if f'href="{link}"' in html] == []
    assert f'href="{reverse("admission:edit", args=[disputed.pk, "plan"])}"' in html
