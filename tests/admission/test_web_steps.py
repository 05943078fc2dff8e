"""The pages of the steps: done once, refused with a sentence, stale with what changed, nothing typed is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from admission import actions
from admission.models import Application, Meeting, Opinion
from admission.procedure import State, Step
from admission.web.steps import PAGES
from base.models import Attachment, Event
from tests.admission import world as ways
from tests.admission.signing import hidden_fields, send, signed_in

FINDINGS = ways.FINDINGS | {"alternatives": ""}


def step(application, name: str) -> str:
    return reverse("admission:step", args=[application.pk, name])


def state(application) -> str:
    return Application.objects.values_list("state", flat=True).get(pk=application.pk)


def test_every_step_has_a_page_but_those_that_happen_in_a_meeting():
    assert set(PAGES) == set(Step) - {Step.CLOSE_DELIBERATION, Step.DEFER, Step.TAKE_OFF_AGENDA}


class Walk:
    """One application taken by its pages, as its people do."""

    def __init__(self, world, application) -> None:
        self.world, self.application = world, application

    def post(self, who: str, url: str, **typed: object) -> None:
        answer = send(signed_in(self.world.actors[who]), url, **typed)
        assert answer.status_code == 302, answer.context["form"].errors

    def go(self, who: str, name: str, **typed: object) -> None:
        self.post(who, step(self.application, name), **typed)

    def answer(self, contested: str) -> None:
        """Everybody answers; one street objects."""
        for opinion in Opinion.objects.current(self.application).select_related("body"):
            who = next(name for name, actor in self.world.actors.items() if actor.code == opinion.body.code)
            objects = {"stance": "objection", "points": "做不了。"}
            said = objects if opinion.body.code == contested else {"stance": "no_objection"}
            self.post(who, reverse("admission:opinion", args=[opinion.pk]), **said)

    def coordinate(self) -> None:
        """A department is talked to, the point goes to the meeting."""
        contact = {"department": self.world.units["legal"].pk, "held_on": "2026-11-02", "summary": "同意。"}
        self.post("office", reverse("admission:contact", args=[self.application.pk]), **contact)
        point = self.application.coordination.points.get()
        result = {"result": "to_meeting", "reason": "未能一致。"}
        self.post("office", reverse("admission:point", args=[point.pk]), **result)


def test_the_ordinary_procedure_is_walked_by_its_pages_alone(world):
    walk = Walk(world, ways.drafted(world))
    with time_machine.travel(world.at(), tick=True):
        walk.go("dept", "open_consultation")
        walk.answer("430211002")
        walk.go("dept", "submit")
        walk.go("office", "return", part1="money", what1="写明账户。", what3="补盖章。")
        walk.go("dept", "resubmit")
        walk.go("office", "accept")
        walk.go("office", "begin_screening")
        walk.go("office", "begin_coordination", **FINDINGS)
        walk.coordinate()
        planned = {"planned_at": world.soon(), "place": "三楼", "chair": "deputy"}
        meeting = actions.plan_meeting(by=world.actors["office"], at=world.at(), **planned)
        walk.go("office", "schedule_meeting", meeting=meeting.pk)
    ways.hold(world, meeting, said="")
    ways.respond_all(world, walk.application)
    with time_machine.travel(world.at(), tick=True):
        walk.go("office", "request_approval")
        walk.go("deputy", "approve", text="同意准入。")
        walk.go("office", "issue_notice")
        walk.go("office", "file", remarks="归档。")
    closed = Application.objects.get(pk=walk.application.pk)
    assert (closed.state, closed.decision.text) == (State.FILED, "同意准入。")
    assert closed.defect_notes.get().defects == [
        {"part": "经费保障", "what": "写明账户。"},
        {"part": "整件申请", "what": "补盖章。"},
    ]


def test_the_second_click_gets_a_sentence_and_does_nothing(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    office, url = signed_in(world.actors["office"]), step(application, "accept")
    form = hidden_fields(office.get(url))
    assert office.post(url, form).status_code == 302
    second = office.post(url, form, follow=True)
    assert second.redirect_chain == [(reverse("admission:application", args=[application.pk]), 302)]
    assert "已经办了“受理”，不用再办。" in second.content.decode()
    assert Event.objects.about(application).filter(kind="admission.application.accept").count() == 1


def test_a_step_that_another_made_impossible_says_what_happened_and_has_no_button(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    office, url = signed_in(world.actors["office"]), step(application, "return")
    form = hidden_fields(office.get(url))
    actions.accept(application, by=world.actors["office"], at=world.at())
    typed = {"part1": "money", "what1": "写明账户。"}
    late = office.post(url, {**form, **typed})
    html = late.content.decode()
    assert late.status_code == 409
    assert "本件现在是“已受理”，不能退回补正。" in html
    assert "民政局 · 审核委员会办公室经办：受理" in html
    assert "改好就能继续" not in html
    assert 'type="submit">退回补正' not in html
    assert late.context["form"].data["seen"] == str(Application.objects.get(pk=application.pk).version)


def test_who_loses_sight_of_a_case_by_a_step_is_led_to_the_list(world):
    application = ways.screening(world)
    application = actions.propose_simple(application, by=world.actors["office"], at=world.at(), findings=FINDINGS)
    with time_machine.travel(world.at(), tick=False):
        member, url = signed_in(world.actors["member"]), step(application, "request_meeting")
        form = hidden_fields(member.get(url))
        done = member.post(url, {**form, "reason": "经费要当面说清楚。"}, follow=True)
    assert done.redirect_chain == [(reverse("admission:applications"), 302)]
    assert done.status_code == 200
    assert state(application) == State.COORDINATION


def test_a_stale_form_shows_what_changed_keeps_what_was_typed_and_can_be_sent_again(world):
    application = ways.awaiting(world)
    deputy, url = signed_in(world.actors["deputy"]), step(application, "approve")
    form = hidden_fields(deputy.get(url))
    minutes = Attachment.objects.create(
        sha256="0" * 64, name="纪要.pdf", size=1, mime="application/pdf", county="430211", uploaded_at=world.at(),
        uploaded_by="民政局",
    )  # fmt: skip
    actions.add_file(application, by=world.actors["office"], at=world.at(), attachment=minutes, purpose="minutes")
    stale = deputy.post(url, {**form, "text": "同意，社区只带路。"})
    html = stale.content.decode()
    assert stale.status_code == 409
    assert "民政局 · 审核委员会办公室经办：上传附件：纪要.pdf" in html
    assert "同意，社区只带路。" in html
    assert deputy.post(url, {**hidden_fields(stale), "text": "同意，社区只带路。"}).status_code == 302
    assert state(application) == State.APPROVED


@pytest.mark.parametrize(
    ("who", "status"), [("office", 200), ("dept", 403), ("street0", 403), ("city", 403), ("admin", 404), ("host", 404)]
)
def test_who_may_not_take_a_step_reads_why(world, who, status):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    client = signed_in(world.actors[who])
    assert client.get(step(application, "accept")).status_code == status
    refused = client.post(step(application, "accept"), {"seen": application.version + 1})
    assert refused.status_code == {200: 409}.get(status, status)
    if status == 403:
        assert "这一步由审核委员会办公室办理" in refused.content.decode()
    assert state(application) == State.SUBMITTED


def test_a_step_that_is_no_step_is_not_there(world):
    application = ways.drafted(world)
    client = signed_in(world.actors["dept"])
    for name in ("nonsense", "defer", "close_deliberation"):
        assert client.get(step(application, name)).status_code == 404


def test_what_is_still_missing_is_said_before_anything_is_typed(world):
    application = ways.drafted(world)
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan={"people": ""}))
    page = signed_in(world.actors["dept"]).get(step(application, "open_consultation"))
    assert "实施方案还缺：人员保障（指导意见第六条）。" in page.content.decode()
    assert "发出征询</button>" not in page.content.decode()


def test_consultation_says_who_will_be_asked(world):
    page = signed_in(world.actors["dept"]).get(step(ways.drafted(world), "open_consultation"))
    assert "征询 2 个街道（镇）、4 个社区" in page.content.decode()


def test_a_return_lists_everything_at_once_and_a_part_without_words_is_asked_about(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    office, url = signed_in(world.actors["office"]), step(application, "return")
    empty = send(office, url)
    assert empty.context["form"].errors["what1"] == ["至少写一条；要一次写明需要补正的全部内容。"]
    half = send(office, url, part2="people", what1="补盖章。")
    assert half.context["form"].errors == {"what2": ["写明这一栏怎样补正。"]}
    assert "补盖章。" in half.content.decode()
    assert state(application) == State.SUBMITTED


@pytest.mark.parametrize(("length", "fits"), [(300, True), (301, False), (10_000, False)])
def test_a_text_that_is_too_long_is_refused_at_its_field_and_kept(world, length, fits):
    application = ways.consulted(world)
    typed = "因" * length
    answer = send(signed_in(world.actors["dept"]), step(application, "withdraw"), reason=typed)
    assert (answer.status_code == 302) is fits
    if not fits:
        assert answer.context["form"].errors["reason"] == [f"最多 300 字，现在有 {length} 字，请缩短。"]
        assert typed in answer.content.decode()


def test_markup_in_a_reason_stays_text(world):
    application = ways.consulted(world)
    dept = signed_in(world.actors["dept"])
    send(dept, step(application, "withdraw"), reason="<script>alert(1)</script>")
    html = dept.get(reverse("admission:application", args=[application.pk])).content.decode()
    assert "<script>alert" not in html
    assert "撤回原因：&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_screening_shows_which_procedure_follows_and_being_stricter_needs_a_reason(world):
    application = ways.screening(world)
    office = signed_in(world.actors["office"])
    simple = office.get(step(application, "propose_simple")).content.decode()
    assert "按征询结果适用简易程序。" in simple
    refused = send(office, step(application, "begin_coordination"), **FINDINGS)
    assert refused.context["form"].errors == {"stricter_reason": ["写明为什么从严。"]}
    sent = send(office, step(application, "begin_coordination"), **FINDINGS, stricter_reason="涉及面广。")
    assert sent.status_code == 302
    assert Application.objects.get(pk=application.pk).stricter_reason == "涉及面广。"


def test_an_objection_leaves_only_the_ordinary_procedure(world):
    application = ways.screening(world, stances={world.streets[0].code: "objection"})
    office = signed_in(world.actors["office"])
    page = office.get(step(application, "propose_simple")).content.decode()
    assert "简易程序要求全部无异议（指导意见第七条），现在有异议 1 个" in page
    assert "stricter_reason" not in office.get(step(application, "begin_coordination")).context["form"].fields


def test_the_simple_procedure_through_its_pages(world):
    application = ways.screening(world)
    office = signed_in(world.actors["office"])
    assert send(office, step(application, "propose_simple"), **FINDINGS).status_code == 302
    member = signed_in(world.actors["member"])
    too_early = signed_in(world.actors["director"])
    with time_machine.travel(world.at(), tick=False):
        assert "期满以后才能核准" in too_early.get(step(application, "approve")).content.decode()
        asked = send(member, step(application, "request_meeting"), reason="涉及面广，请开会。")
    assert asked.status_code == 302
    assert state(application) == State.COORDINATION


def test_the_deciding_page_shows_the_case_and_a_conclusion_binds(world):
    application = ways.awaiting(world, conclusion="refuse")
    deputy = signed_in(world.actors["deputy"])
    page = deputy.get(step(application, "reject")).content.decode()
    for words in ("要社区做什么", "给社区加多少事", "检测线路应由专业队伍承担。", "会议结论", "建议提请审核。"):
        assert words in page
    assert "会议结论是不同意，不能准予" in deputy.get(step(application, "approve")).content.decode()
    assert send(deputy, step(application, "reject"), text="").context["form"].errors["text"] == ["写明为什么不予。"]
    assert send(deputy, step(application, "send_back_to_meeting"), reason="请再议人手。").status_code == 302
    assert state(application) == State.DEFERRED


def test_nobody_decides_on_the_application_of_their_own_unit(world):
    application = ways.awaiting_simple(world)
    url = step(application, "request_meeting")
    with time_machine.travel(world.at(), tick=False):
        assert signed_in(world.actors["member"]).get(url).status_code == 200
        Application.objects.filter(pk=application.pk).update(applicant=world.units["org"])
        refused = signed_in(world.actors["member"]).get(url)
    assert refused.status_code == 403
    assert "不能就本单位的申请提出" in refused.content.decode()


def test_the_notice_is_read_before_it_is_numbered(world):
    application = ways.approved(world)
    page = signed_in(world.actors["office"]).get(step(application, "issue_notice"))
    html = page.content.decode()
    assert "自2027年1月4日起施行" in html
    assert "带路、告知、登记、报告。" in html
    assert "（编号下发时取得）" in html
    assert not hasattr(Application.objects.get(pk=application.pk), "notice")
    said = send(signed_in(world.actors["office"]), step(application, "issue_notice"))
    assert said.status_code == 302
    assert Application.objects.get(pk=application.pk).notice.content["community_does"] == "带路、告知、登记、报告。"


def test_a_meeting_is_chosen_from_those_that_are_planned(world):
    application = ways.coordinating(world)
    office, url = signed_in(world.actors["office"]), step(application, "schedule_meeting")
    assert "还没有安排会议" in office.get(url).content.decode()
    ahead = timezone.now() + timedelta(days=7)
    meeting = actions.plan_meeting(
        by=world.actors["office"], at=world.at(), planned_at=ahead, place="三楼会议室", chair="deputy"
    )
    assert "三楼会议室，副主任主持" in office.get(url).content.decode()
    assert send(office, url).context["form"].errors["meeting"] == ["选一次会议；没有合适的，先安排会议。"]
    assert send(office, url, meeting=meeting.pk).status_code == 302
    assert Meeting.objects.get().agenda.get().application_id == application.pk


def test_what_has_passed_was_held_or_was_called_off_is_no_meeting_to_choose(world):
    application, clerk = ways.coordinating(world), world.actors["office"]
    hour = world.at()
    past, off, ahead = (
        actions.plan_meeting(by=clerk, at=hour, planned_at=hour + wait, place=f"{name}会议室", chair="deputy")
        for wait, name in ((timedelta(hours=2), "过去"), (timedelta(days=3), "取消"), (timedelta(days=4), "往后"))
    )
    actions.cancel_meeting(off, by=clerk, at=world.at(), reason="场地停电。")
    office, url = signed_in(clerk), step(application, "schedule_meeting")
    with time_machine.travel(hour + timedelta(days=1), tick=False):
        assert list(office.get(url).context["form"].fields["meeting"].queryset) == [ahead]
        for gone in (past, off):
            said = send(office, url, meeting=gone.pk).context["form"].errors["meeting"]
            assert said == ["这次会议已经开了或者不在了，请重新选。"]
    with time_machine.travel(hour + timedelta(days=5), tick=False):
        assert "还没有安排会议" in office.get(url).content.decode()
    with time_machine.travel(hour, tick=False):
        assert list(office.get(url).context["form"].fields["meeting"].queryset) == [past, ahead]


@pytest.mark.parametrize("name", ["accept", "return"])
def test_the_number_of_queries_of_a_step_page_is_fixed(world, name, django_assert_max_num_queries):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    client = signed_in(world.actors["office"])
    with django_assert_max_num_queries(25):
        client.get(step(application, name))


def test_what_the_deciding_page_reads_is_bounded(world, django_assert_max_num_queries):
    application = ways.awaiting(world)
    client = signed_in(world.actors["deputy"])
    with django_assert_max_num_queries(40):
        client.get(step(application, "approve"))
