"""A report about work of the office's own unit is handled by the seat that stands in for it (A-9, ADR 0013)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine

from base.errors import NotAllowed, RuleViolation
from base.models import Event, Message, Outbox
from communities.models import CountySetting, Department
from communities.roles import Actor, Role
from tests.factories import NOW, DepartmentFactory, actor, admitted
from worklists import todo
from worklists.models import UnapprovedReport
from worklists.receiving import actions, masking
from worklists.receiving.actions import Handed

State = UnapprovedReport.State
COMMUNITY = actor(Role.COMMUNITY, "430211001001")


@pytest.fixture
def host(county):
    return DepartmentFactory.create(division=county, name="区民政局", short_name="民政局", hosts_office=True)


@pytest.fixture
def stand_in(county):
    return DepartmentFactory.create(division=county, name="区委组织部", short_name="组织部")


@pytest.fixture
def office(host):
    return actor(Role.OFFICE, unit=host)


@pytest.fixture
def seat(stand_in):
    return actor(Role.MEMBER, unit=stand_in)


def reported(unit: Department | None = None, text: str = "民政局") -> UnapprovedReport:
    handed = Handed(
        department=unit, department_text=unit.name if unit else text, what="高龄老人拍照认证",
        details="湘银社区群里布置的。", channel="group_chat", happened_on=date(2026, 11, 20), done="waiting",
    )  # fmt: skip
    return actions.report_work(handed, by=COMMUNITY, at=NOW)


def passed_on(report: UnapprovedReport, to: Department, by: Actor) -> UnapprovedReport:
    return actions.pass_on(report, department=to, by=by, at=NOW)


def inboxes() -> set[str]:
    return set(Outbox.objects.values_list("inbox", flat=True))


def waits(by: Actor) -> list[str]:
    return [line.act for line in todo.lines(by, NOW.date())]


@pytest.mark.parametrize("named", ["picked", "民政局", "区民政局"])
def test_it_goes_to_the_seat_that_stands_in_and_not_to_the_office(host, office, seat, stand_in, named):
    report = reported(host) if named == "picked" else reported(text=named)
    assert report.substitute == stand_in
    assert inboxes() == {seat.inbox}
    assert (waits(seat), waits(office)) == (["pass_on"], [])
    assert Event.objects.about(report).get().data["says"] == "报告未经准入的工作；办公室回避，由区委组织部代行"
    for act in (
        lambda: passed_on(report, host, office),
        lambda: actions.close_as_lawful(report, item=admitted(report.county), answer="是", by=office, at=NOW),
    ):
        with pytest.raises(NotAllowed, match="办公室回避，报告由代行单位办理"):
            act()
    assert passed_on(report, host, seat).state == State.PASSED_ON


def test_a_unit_that_the_host_has_succeeded_is_the_host(county, host, stand_in):
    before = DepartmentFactory.create(division=county, name="老龄办", ends_on=date(2020, 1, 1), successor=host)
    assert reported(before).substitute == stand_in


def test_others_work_stays_with_the_office(county, office, seat, stand_in):
    report = reported(DepartmentFactory.create(division=county, name="城管局"))
    assert report.substitute is None
    assert (waits(seat), waits(office)) == ([], ["pass_on"])
    assert not UnapprovedReport.objects.visible_to(seat).exists()
    with pytest.raises(NotAllowed, match="由审核委员会办公室办理"):
        passed_on(report, stand_in, seat)


def test_the_county_says_which_seat(county, host, stand_in):
    staffing = DepartmentFactory.create(division=county, name="编办")
    CountySetting.objects.create(
        county=county, key="substitute_unit", value="编办", basis="区里的规定", since=date(2026, 1, 1)
    )
    assert reported(host).substitute == staffing


def test_without_such_a_seat_it_is_not_given_to_the_office(host):
    with pytest.raises(RuleViolation, match="本区县还没有这个单位"):
        reported(host)


def test_the_office_that_finds_its_own_unit_behind_it_gives_it_up_by_passing_it_on(host, office, seat, stand_in):
    report = passed_on(reported(text="说不清的单位"), host, office)
    assert (report.state, report.substitute) == (State.PASSED_ON, stand_in)
    assert seat.inbox in inboxes()
    with pytest.raises(NotAllowed, match="办公室回避"):
        passed_on(report, stand_in, office)
    assert passed_on(report, host, seat).substitute == stand_in


def test_the_office_does_not_learn_who_reported_its_own_unit(host, office, seat):
    report = reported(host)
    hidden, known = (masking.shown(by, [report])[0] for by in (office, seat))
    assert (hidden.is_masked, hidden.reporter, hidden.reported_by) == (True, "嵩山路街道辖区", "")
    assert hidden.details == "某社区群里布置的。"
    assert (known.is_masked, known.reporter) == (False, "湘银社区")
    told = "\n".join([str(vars(row)) for row in [*Event.objects.about(report), *Message.objects.all()]])
    assert "湘银" not in told
    assert COMMUNITY.code not in told


def test_what_the_host_answers_is_told_to_the_seat(host, seat, office):
    report = passed_on(reported(host), host, seat)
    clerk = actor(Role.APPLICANT, unit=host)
    Outbox.objects.all().delete()
    actions.answer_report(report, state=State.STOPPED, answer="已停止。", by=clerk, at=NOW)
    assert inboxes() == {seat.inbox}


def test_a_confirmation_that_failed_comes_back_to_the_seat(host, seat, office):
    report = passed_on(reported(host), host, seat)
    clerk = actor(Role.APPLICANT, unit=host)
    actions.answer_report(report, state=State.APPLYING, answer="已起草。", by=clerk, at=NOW)
    actions.hand_back(report, why="不予确认", by=actor(Role.DIRECTOR), at=NOW)
    assert (waits(seat), waits(office)) == (["pass_on"], [])


def test_the_page_says_who_handles_it_and_offers_it_to_nobody_else(sign_in, host, stand_in):
    report = reported(host)
    address = f"/unapproved/{report.pk}/"
    with time_machine.travel(NOW, tick=False):
        member = sign_in(Role.MEMBER, unit=stand_in).get(address)
        offered = [button["label"] for button in member.context["buttons"]]
        assert offered == ["转部门答复", "转为督办件", "属清单内事项，办结"]
        assert "湘银社区" in member.content.decode()
        clerk = sign_in(Role.OFFICE, unit=host).get(address)
    html = clerk.content.decode()
    assert clerk.context["buttons"] == []
    assert "由区委组织部代行办公室工作" in html
    assert "湘银" not in html


def test_the_unit_that_succeeds_the_stand_in_goes_on_with_its_reports(host, stand_in):
    report = reported(host)
    heir = DepartmentFactory.create(division=stand_in.division, name="区委社会工作部", starts_on=NOW.date())
    stand_in.ends_on, stand_in.successor = NOW.date() - timedelta(days=1), heir
    stand_in.save()
    new = replace(actor(Role.MEMBER, unit=heir), succeeds=frozenset({stand_in.pk}))
    assert UnapprovedReport.objects.visible_to(new).get() == report
    assert waits(new) == ["pass_on"]
    passed_on(report, host, new)
    Outbox.objects.all().delete()
    actions.answer_report(report, state=State.STOPPED, answer="已停止。", by=actor(Role.APPLICANT, unit=host), at=NOW)
    assert inboxes() == {new.inbox}
