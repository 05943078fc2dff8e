"""What becomes of a report of unapproved work when its late confirmation is decided (art 9; T21)."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from admission import actions
from admission.models import Application
from admission.procedure import Kind
from base.acts import legal_day
from base.errors import RuleViolation
from base.models import Event, Message, Outbox
from tests.admission import world as ways
from tests.admission.signing import signed_in
from tests.admission.world import World
from tests.factories import admitted
from worklists import todo
from worklists.models import UnapprovedReport
from worklists.receiving import actions as receiving

State = UnapprovedReport.State


def passed_on(world: World, *, urgent: bool = False, unit: str = "dept") -> UnapprovedReport:
    """Work that a community reported and the office passed on."""
    handed = receiving.Handed(
        department_text="应急局", what="沿街商铺登记", details="嵩山1社区的群里布置。",
        channel=UnapprovedReport.Channel.GROUP_CHAT, happened_on=date(2026, 10, 30),
        done=UnapprovedReport.Done.WAITING, urgent=urgent,
    )  # fmt: skip
    report = receiving.report_work(handed, by=world.actors["community0"], at=world.at())
    return receiving.pass_on(report, department=world.units[unit], by=world.actors["office"], at=world.at())


def confirming(world: World, report: UnapprovedReport, way=ways.consulted, **options) -> Application:
    """A late confirmation after the report, brought as far as `way` leads."""
    return way(world, kind=Kind.CONFIRMATION, report=report, **options)


def refused(world: World, report: UnapprovedReport) -> Application:
    application = confirming(world, report, ways.awaiting, conclusion="refuse")
    return actions.reject(application, by=world.actors["deputy"], at=world.at(), text="不宜由社区承担。")


def withdrawn(world: World, application: Application) -> Application:
    return actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="改由部门自己做。")


def now(report: UnapprovedReport) -> UnapprovedReport:
    return UnapprovedReport.objects.get(pk=report.pk)


def told(report: UnapprovedReport, kind: str) -> set[str]:
    """The inboxes that a message about the report reached."""
    rows = Outbox.objects.filter(message__kind=f"worklists.report_{kind}", message__subject_pk=str(report.pk))
    return set(rows.values_list("inbox", flat=True))


def waits(world: World, who: str, report: UnapprovedReport) -> list[str]:
    lines = todo.lines(world.actors[who], legal_day(world.at()))
    return [line.act for line in lines if report.number in line.what]


def test_the_notice_closes_the_report_with_its_number(world):
    report = passed_on(world)
    application = confirming(world, report, ways.approved)
    assert now(report).state == State.APPLYING
    notice = actions.issue_notice(application, by=world.actors["office"], at=world.at())
    closed = now(report)
    assert (closed.state, closed.item) == (State.CONFIRMED, Application.objects.get(pk=application.pk).item)
    assert closed.closed_at == closed.changed_at
    assert notice.number in closed.answer
    assert told(report, "confirmed") == {world.actors["office"].inbox, world.actors["dept"].inbox}
    assert waits(world, "community0", report) == ["read_result"]


@pytest.mark.parametrize("end", [refused, lambda world, report: withdrawn(world, confirming(world, report))])
def test_refused_or_withdrawn_the_office_has_it_again(world, end):
    report = passed_on(world)
    end(world, report)
    back = now(report)
    assert (back.state, back.came_back, back.closed_at) == (State.REPORTED, True, None)
    assert back.answer in {"确认申请不予确认：不宜由社区承担。", "确认申请已撤回：改由部门自己做。"}
    assert waits(world, "office", report) == ["pass_on"]
    assert told(report, "handed_back") == {world.actors["office"].inbox}
    assert told(report, "not_confirmed") == {world.actors["dept"].inbox}


def test_a_draft_that_is_given_up_gives_the_report_back_too(world):
    report = passed_on(world)
    withdrawn(world, confirming(world, report, ways.drafted))
    assert now(report).state == State.REPORTED


def test_what_came_back_is_passed_on_anew_stopped_or_closed(world):
    report = passed_on(world, urgent=True)
    refused(world, report)
    world.jump(days=30)
    at = world.at()
    again = receiving.pass_on(now(report), department=world.units["dept"], by=world.actors["office"], at=at)
    assert again.due_on > legal_day(at), "urgent work, too, gets its days anew"
    withdrawn(world, confirming(world, again))
    answer = receiving.answer_report(
        now(report), state=State.STOPPED, answer="已停止。", by=world.actors["dept"], at=world.at()
    )
    assert answer.state == State.STOPPED
    other = passed_on(world)
    withdrawn(world, confirming(world, other))
    closed = receiving.close_as_lawful(
        now(other), item=admitted(world.county, at=world.at()), answer="在清单上。", by=world.actors["office"],
        at=world.at(),
    )  # fmt: skip
    assert closed.state == State.LAWFUL


def test_while_another_application_about_it_is_open_it_stays_with_the_department(world):
    report = passed_on(world)
    one, other = (confirming(world, report, ways.drafted) for _again in range(2))
    withdrawn(world, one)
    assert now(report).state == State.APPLYING
    withdrawn(world, other)
    assert now(report).state == State.REPORTED


def test_what_the_department_has_stopped_stays_stopped(world):
    report = passed_on(world)
    application = confirming(world, report)
    receiving.answer_report(now(report), state=State.STOPPED, answer="已停止。", by=world.actors["dept"], at=world.at())
    withdrawn(world, application)
    assert (now(report).state, now(report).answer) == (State.STOPPED, "已停止。")


def test_an_application_made_again_after_the_refusal_takes_the_report_with_it(world):
    report = passed_on(world)
    earlier = refused(world, report)
    again = actions.draft_application(
        by=world.actors["dept"], at=world.at(), kind=Kind.CONFIRMATION, earlier=Application.objects.get(pk=earlier.pk)
    )
    assert (again.report, now(report).state) == (report, State.APPLYING)


def test_a_report_that_went_to_another_department_meanwhile_is_left_alone(world):
    report = passed_on(world)
    earlier = refused(world, report)
    other = world.units["legal"]
    receiving.pass_on(now(report), department=other, by=world.actors["office"], at=world.at())
    again = actions.draft_application(
        by=world.actors["dept"], at=world.at(), kind=Kind.CONFIRMATION, earlier=Application.objects.get(pk=earlier.pk)
    )
    assert (again.report, now(report).state) == (None, State.PASSED_ON)


def test_only_what_waits_for_its_confirmation_is_settled_by_it(world):
    report, by, at = passed_on(world), world.actors["office"], world.at()
    item = admitted(world.county, at=at)
    for act in (
        lambda: receiving.close_as_confirmed(report, item=item, notice_number="x", by=by, at=at),
        lambda: receiving.hand_back(report, why="x", by=by, at=at),
    ):
        with pytest.raises(RuleViolation, match="不是在申请确认"):
            act()


def test_no_line_and_no_message_of_all_this_names_the_reporter(world):
    first, second = passed_on(world), passed_on(world)
    confirming(world, first, ways.noticed)
    refused(world, second)
    for report in (first, second):
        lines = [str(vars(line)) for line in Event.objects.about(report)]
        messages = Message.objects.filter(subject_pk=str(report.pk), subject_type="worklists.unapprovedreport")
        said = "\n".join([*lines, *(str(vars(message)) for message in messages)])
        assert "嵩山1社区" not in said
        assert world.communities[0].code not in said
        inboxes = Outbox.objects.filter(message__in=messages).values_list("inbox", flat=True)
        assert world.actors["community0"].inbox not in inboxes


def test_the_reporter_reads_what_became_of_it_on_the_page_of_the_report(world):
    report = passed_on(world)
    application = confirming(world, report, ways.noticed)
    with time_machine.travel(world.at(), tick=False):
        response = signed_in(world.actors["community0"]).get(reverse("worklists:report", args=[report.pk]))
    html = response.content.decode()
    for said in ("已确认列入清单", application.notice.number, application.item.code):
        assert said in html
    kinds = list(Event.objects.about(report).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["worklists.unapprovedreport.answer", "worklists.unapprovedreport.confirm"]
