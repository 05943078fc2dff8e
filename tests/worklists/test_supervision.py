"""T21, art 12: a case is opened, answered, asked again, reminded of and closed; nobody learns who reported."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from admission.actions import workdays
from base import calendar
from base.errors import NotAllowed, RuleViolation, Stale
from base.models import Event, Message, Outbox
from base.workdays import REMINDERS
from communities.models import CountySetting
from communities.roles import Role
from tests.factories import NOW, DepartmentFactory, DivisionFactory, actor, admitted
from tests.races import at_once
from worklists import todo
from worklists.models import SupervisionAnswer, SupervisionCase, UnapprovedReport
from worklists.receiving import actions, reminding, supervising
from worklists.receiving.actions import Handed
from worklists.receiving.supervising import Charge

State, Result, Of = SupervisionCase.State, SupervisionCase.Result, UnapprovedReport.State
COMMUNITY = actor(Role.COMMUNITY, "430211001001")
CITY, AUDITOR = actor(Role.CITY, "4302"), actor(Role.AUDITOR)
SECRETS = ("湘银", "430211001001")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 60


@pytest.fixture
def host(county):
    return DepartmentFactory.create(division=county, name="区民政局", short_name="民政局", hosts_office=True)


@pytest.fixture
def office(host):
    return actor(Role.OFFICE, unit=host)


@pytest.fixture
def bureau(county):
    return DepartmentFactory.create(division=county, name="区城管局")


@pytest.fixture
def clerk(bureau):
    return actor(Role.APPLICANT, unit=bureau)


def reported(unit=None, *, by=COMMUNITY, **fields):
    said = {
        "department": unit, "department_text": unit.name if unit else "城管局", "what": "湘银社区门前三包登记",
        "details": "湘银社区群里布置的。", "channel": "group_chat", "happened_on": date(2026, 11, 20),
        "done": "waiting",
    }  # fmt: skip
    return actions.report_work(Handed(**{**said, **fields}), by=by, at=NOW)


def charge(unit, **fields):
    said = {"matter": "门前三包登记", "basis": "《指导意见》第四条", "demand": "停止交办，撤回已发的表格。"}
    return Charge(unit=unit, **{**said, **fields})


def opened(unit, by=CITY, *, at=NOW, **fields):
    return supervising.open_case(charge(unit, **fields), by=by, at=at)


def supervised(report, unit, by, *, at=NOW, **fields):
    return supervising.supervise_report(report, charge(unit, **fields), by=by, at=at)


def answered(case, by, text="已停止，表格已撤回。", *, at=NOW, **more):
    return supervising.answer_case(case, text=text, by=by, at=at, **more)


def closed(case, by, result=Result.STOPPED, reason="社区反映已经停了。", *, at=NOW):
    return supervising.close_case(case, result=result, reason=reason, by=by, at=at)


def inboxes(kind):
    return set(Outbox.objects.filter(message__kind=f"worklists.supervision_{kind}").values_list("inbox", flat=True))


# --- opening -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (CITY, True), (AUDITOR, True), (actor(Role.AUDITOR, "43"), True), (actor(Role.CITY, "4301"), False),
        (actor(Role.AUDITOR, "430204"), False), (actor(Role.OFFICE), False), (actor(Role.DIRECTOR), False),
        (actor(Role.MEMBER), False), (actor(Role.STREET, "430211001"), False), (COMMUNITY, False),
        (actor(Role.APPLICANT), False), (actor(Role.ADMIN), False),
    ],
)  # fmt: skip
def test_city_and_auditors_open_of_their_own_accord_in_their_territory(bureau, by, allowed):
    """Rulebook 5.5: opened by city or county supervisors; section 3: auditor, supervision cases."""
    if allowed:
        case = opened(bureau, by)
        assert (case.state, case.county.code, case.opened_code) == (State.OPEN, "430211", by.code)
    else:
        with pytest.raises(NotAllowed, match="自行立督办件的是市级督办和审计"):
            opened(bureau, by)


def test_the_unit_and_the_office_are_told_with_the_day(bureau, office, clerk):
    case = opened(bureau)
    assert inboxes("opened") == {clerk.inbox, office.inbox}
    assert Event.objects.about(case).get().data["says"] == "立件督办区城管局：门前三包登记，最晚2026年12月4日答复"
    assert "最晚 2026年12月4日 答复" in Message.objects.get(kind="worklists.supervision_opened").body


def test_ten_working_days_unless_the_county_or_who_opens_it_says_otherwise(county, bureau):
    case = opened(bureau)
    assert (case.due_on, case.answer_days, case.counted_from) == (date(2026, 12, 4), 10, date(2026, 11, 21))
    CountySetting.objects.create(
        county=county, key="supervision_days", value=3, basis="区里的规定", since=date(2026, 1, 1)
    )
    assert opened(bureau).due_on == date(2026, 11, 25)
    named = opened(bureau, due_on=date(2026, 11, 23))
    assert (named.due_on, named.answer_days, named.counted_from) == (date(2026, 11, 23), None, None)
    for day, why in ((NOW.date(), "要在今天以后"), (date(2026, 11, 29), "2026年11月29日不是工作日")):
        with pytest.raises(RuleViolation, match=why) as refusal:
            opened(bureau, due_on=day)
        assert refusal.value.field == "due_on"


def test_the_last_day_follows_the_calendar_unless_it_was_named(bureau):
    case, named = opened(bureau), opened(bureau, due_on=date(2026, 12, 4))
    workdays.set_workday(
        date(2026, 11, 30), by=actor(Role.ADMIN), at=NOW + timedelta(hours=1), is_workday=False, name="停工",
        source="通知",
    )  # fmt: skip
    case.refresh_from_db()
    named.refresh_from_db()
    assert (case.due_on, named.due_on) == (date(2026, 12, 7), date(2026, 12, 4))
    assert "最晚答复由2026年12月4日改为2026年12月7日" in Event.objects.about(case).first().data["says"]


@pytest.mark.parametrize("was", ["reported", "passed on"])
def test_the_office_makes_a_report_a_case_and_the_unit_reads_the_report_without_its_reporter(
    bureau, office, clerk, was
):
    report = reported(bureau)
    if was == "passed on":
        report = actions.pass_on(report, department=bureau, by=office, at=NOW)
    due_on = report.due_on
    case = supervised(report, bureau, office, matter=report.what)
    report.refresh_from_db()
    assert (report.state, case.report, case.matter) == (Of.SUPERVISED, report, "某社区门前三包登记")
    assert report.due_on == (due_on or case.due_on)
    assert UnapprovedReport.objects.visible_to(clerk).get() == report
    assert inboxes("opened") == {clerk.inbox}
    assert Event.objects.about(report).first().data["says"] == "转为督办件，督办区城管局"
    assert [line.act for line in todo.lines(office, NOW.date())] == []


def test_what_is_settled_or_supervised_already_is_not_made_a_case(county, bureau, office, clerk):
    report = actions.close_as_lawful(reported(), item=admitted(county), answer="在清单上。", by=office, at=NOW)
    with pytest.raises(RuleViolation, match="已经属清单内事项，不能再转为督办件"):
        supervised(report, bureau, office)
    report = reported()
    supervised(report, bureau, office)
    with pytest.raises(RuleViolation, match="已经督办中"):
        supervised(report, bureau, office)
    with pytest.raises(RuleViolation, match="已经督办中，不能再转"):
        actions.pass_on(report, department=bureau, by=office, at=NOW)
    with pytest.raises(RuleViolation, match="不用答复"):
        actions.answer_report(report, state=Of.STOPPED, answer="已停。", by=clerk, at=NOW)


def test_only_who_handles_the_report_makes_it_a_case(county, host, bureau, office):
    stand_in = DepartmentFactory.create(division=county, name="区委组织部", short_name="组织部")
    seat = actor(Role.MEMBER, unit=stand_in)
    report = reported(bureau)
    for by in (CITY, AUDITOR, seat, COMMUNITY, actor(Role.DIRECTOR)):
        with pytest.raises(NotAllowed, match="由审核委员会办公室办理"):
            supervised(report, bureau, by)
    of_host = reported(host)
    with pytest.raises(NotAllowed, match="办公室回避"):
        supervised(of_host, host, office)
    case = supervised(of_host, host, seat)
    assert SupervisionCase.objects.visible_to(seat).get() == case
    assert closed(case, seat).state == State.CLOSED
    with pytest.raises(NotAllowed, match="由立件的单位"):
        closed(supervised(report, bureau, office), seat)


def test_nobody_supervises_the_own_unit_or_another_county(host, office):
    with pytest.raises(RuleViolation, match="不能督办自己所在的单位"):
        supervised(reported(), host, office)
    stranger = DepartmentFactory.create(division=DivisionFactory.create(code="430204"))
    with pytest.raises(RuleViolation, match="只能督办本区县的单位"):
        supervised(reported(), stranger, office)


def test_who_saw_an_older_report_is_told_what_changed(bureau, office):
    report = reported()
    actions.pass_on(report, department=bureau, by=office, at=NOW)
    with pytest.raises(Stale):
        supervising.supervise_report(report, charge(bureau), by=office, at=NOW, seen=1)


# --- answers and asking again ------------------------------------------------------------------------------
def test_the_unit_answers_as_often_as_it_likes_with_files(bureau, clerk):
    case = opened(bureau)
    answered(case, clerk, uploads=[SimpleUploadedFile("撤回通知.png", PICTURE)])
    answered(case, clerk, "补充：台账已经退还。")
    case.refresh_from_db()
    texts = [(row.text, row.files.count()) for row in case.answers.order_by("pk")]
    assert (case.state, texts) == (State.ANSWERED, [("已停止，表格已撤回。", 1), ("补充：台账已经退还。", 0)])
    assert inboxes("answered") == {CITY.inbox}
    with pytest.raises(RuleViolation, match="请写明怎样整改的"):
        answered(case, clerk, " ")


@pytest.mark.parametrize("by", [CITY, COMMUNITY, actor(Role.OFFICE), actor(Role.APPLICANT), actor(Role.DIRECTOR)])
def test_nobody_else_answers(bureau, by):
    with pytest.raises(NotAllowed, match="由被督办的单位答复"):
        answered(opened(bureau), by)


def test_a_streets_own_office_and_a_successor_answer(county, bureau):
    street = DivisionFactory.create(code="430211001")
    own = DepartmentFactory.create(division=county, name="嵩山路街道办事处", kind="street_office", street=street)
    clerk = actor(Role.STREET, "430211001", own)
    case = opened(own)
    assert inboxes("opened") == {"street:430211001"}
    answered(case, clerk)
    heir = DepartmentFactory.create(division=county, name="区城管执法局")
    new = replace(actor(Role.APPLICANT, unit=heir), succeeds=frozenset({bureau.pk}))
    answered(opened(bureau), new)


def test_asked_again_it_waits_for_the_unit_by_another_day(bureau, clerk):
    case = opened(bureau)
    answered(case, clerk)
    later = NOW + timedelta(days=9)
    with pytest.raises(NotAllowed, match="由立件的单位"):
        supervising.ask_again(case, why="台账还在填。", by=clerk, at=later)
    with pytest.raises(RuleViolation, match="请写明还要做什么"):
        supervising.ask_again(case, why=" ", by=CITY, at=later)
    again = supervising.ask_again(case, why="台账还在填。", by=CITY, at=later)
    assert (again.state, again.due_on) == (State.OPEN, date(2026, 12, 14))
    assert inboxes("asked_again") == {clerk.inbox}
    assert Event.objects.about(case).first().data["says"] == "要求继续整改，最晚2026年12月14日答复：台账还在填。"


# --- closing -----------------------------------------------------------------------------------------------
def test_who_opened_it_closes_it_with_a_result_and_a_reason(bureau, clerk, office):
    case = opened(bureau)
    for by in (clerk, office, AUDITOR, actor(Role.CITY, "4301")):
        with pytest.raises(NotAllowed, match="由立件的单位"):
            closed(case, by)
    with pytest.raises(RuleViolation, match="请写明办结的理由"):
        closed(case, CITY, reason=" ")
    done = closed(case, CITY, Result.UNCORRECTED, "逾期没有答复，移交纪检。")
    assert (done.state, done.result, done.closed_at) == (State.CLOSED, Result.UNCORRECTED, done.changed_at)
    assert inboxes("closed") == {clerk.inbox, office.inbox}
    for act in (
        lambda: closed(case, CITY),
        lambda: answered(case, clerk),
        lambda: supervising.ask_again(case, why="再办", by=CITY, at=NOW),
    ):
        with pytest.raises(RuleViolation, match="已经办结，不能再办"):
            act()


@pytest.mark.parametrize(
    ("result", "state", "answer"),
    [
        (Result.STOPPED, Of.STOPPED, "督办结果：已停止交办。社区反映已经停了。"),
        (Result.CORRECTED, Of.ENDED, "督办结果：已整改。社区反映已经停了。"),
        (Result.UNCORRECTED, Of.ENDED, "督办结果：未整改。社区反映已经停了。"),
        (Result.UNFOUNDED, Of.ENDED, "督办结果：经查不属实。社区反映已经停了。"),
    ],
)
def test_the_report_ends_with_its_case_and_the_reporter_reads_how(bureau, office, result, state, answer):
    report = reported(bureau)
    closed(supervised(report, bureau, office), office, result)
    report.refresh_from_db()
    assert (report.state, report.answer) == (state, answer)
    assert [line.act for line in todo.lines(COMMUNITY, NOW.date())] == ["read_result"]


def test_a_case_ends_as_applied_only_when_the_unit_has_applied_and_the_report_goes_on(county, bureau, office, clerk):
    report = reported(bureau)
    case = supervised(report, bureau, office)
    with pytest.raises(RuleViolation, match="还没有就这份报告提出确认申请"):
        closed(case, office, Result.APPLIED)
    actions.answer_report(report, state=Of.APPLYING, answer="已起草确认申请。", by=clerk, at=NOW)
    assert closed(case, office, Result.APPLIED).state == State.CLOSED
    report.refresh_from_db()
    assert (report.state, report.closed_at) == (Of.APPLYING, None)
    actions.hand_back(report, why="不予确认", by=actor(Role.DIRECTOR), at=NOW)
    report.refresh_from_db()
    assert report.state == Of.REPORTED
    assert supervised(report, bureau, office).state == State.OPEN


def test_a_confirmation_that_fails_leads_back_into_the_running_case(bureau, office, clerk):
    report = reported(bureau)
    case = supervised(report, bureau, office)
    actions.answer_report(report, state=Of.APPLYING, answer="已起草确认申请。", by=clerk, at=NOW)
    back = actions.hand_back(report, why="不予确认", by=actor(Role.DIRECTOR), at=NOW)
    assert back.state == Of.SUPERVISED
    closed(case, office)
    report.refresh_from_db()
    assert report.state == Of.STOPPED


# --- several at once ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_who_make_the_same_report_a_case_at_once_make_one(bureau, office):
    report = reported(bureau)
    outcomes = at_once(*[lambda: supervised(report, bureau, office)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["RuleViolation", "SupervisionCase"]
    assert SupervisionCase.objects.get().report == report


@pytest.mark.django_db(transaction=True)
def test_closing_while_the_unit_applies_leaves_no_report_half_way(bureau, office, clerk):
    """Whichever comes first: stopped and not applied for, or applied for and still open."""
    report = reported(bureau)
    case = supervised(report, bureau, office)
    done, applied = at_once(
        lambda: closed(case, office),
        lambda: actions.answer_report(report, state=Of.APPLYING, answer="已起草确认申请。", by=clerk, at=NOW),
    )
    report.refresh_from_db()
    assert done.state == State.CLOSED
    refused = isinstance(applied, RuleViolation)
    assert (report.state, report.closed_at is None) == ((Of.STOPPED, False) if refused else (Of.APPLYING, True))


# --- reminders ---------------------------------------------------------------------------------------------
def morning(day):
    return timezone.make_aware(datetime.combine(day, time(8, 35)))


def remind_through(first, last):
    while first <= last:
        reminding.remind_due(at=morning(first))
        first += timedelta(days=1)


def reminders():
    return list(Message.objects.filter(kind="worklists.supervision_reminder").order_by("pk"))


def test_the_unit_is_reminded_before_on_and_after_the_day_once_each(bureau, clerk):
    case = opened(bureau)
    remind_through(NOW.date(), case.due_on + timedelta(days=30))
    assert [int(message.dedupe.rsplit(":", 1)[1]) for message in reminders()] == list(REMINDERS)
    assert [message.title.partition("：")[0] for message in reminders()][:3] == [
        "督办件等待答复，还有 2 个工作日", "督办件等待答复，今天到期", "督办件等待答复，已超 1 个工作日",
    ]  # fmt: skip
    assert inboxes("reminder") == {clerk.inbox}
    reminding.remind_due(at=morning(case.due_on))
    assert len(reminders()) == len(REMINDERS)


def test_an_answered_case_waits_for_who_opened_it_and_a_closed_one_for_nobody(bureau, clerk, office):
    city, own = opened(bureau), supervised(reported(bureau), bureau, office)
    for case in (city, own):
        answered(case, clerk)
    reminding.remind_due(at=morning(city.due_on))
    assert inboxes("reminder") == {CITY.inbox, office.inbox}
    told = len(reminders())
    closed(city, CITY)
    closed(own, office)
    remind_through(city.due_on + timedelta(days=1), city.due_on + timedelta(days=30))
    assert len(reminders()) == told


def test_nobody_is_reminded_on_a_day_off_and_a_new_day_has_its_own_marks(bureau, clerk):
    case = opened(bureau)
    calendar.set_day(case.due_on, is_workday=False, name="停工", source="通知", by=actor(Role.ADMIN), at=NOW)
    assert reminding.remind_due(at=morning(case.due_on)) == 0
    answered(case, clerk)
    again = supervising.ask_again(case, why="台账还在填。", by=CITY, at=NOW + timedelta(days=5))
    assert reminding.remind_due(at=morning(case.due_on - timedelta(days=3))) == 0
    assert reminding.remind_due(at=morning(again.due_on)) == 1


# --- who sees, what waits, what the database refuses -------------------------------------------------------
@pytest.mark.parametrize(
    ("by", "sees"),
    [
        (actor(Role.OFFICE), True), (actor(Role.DIRECTOR), True), (actor(Role.DEPUTY), True), (CITY, True),
        (AUDITOR, True), (actor(Role.AUDITOR, "43"), True), (actor(Role.OFFICE, "430204"), False),
        (actor(Role.CITY, "4301"), False), (actor(Role.STREET, "430211001"), False), (COMMUNITY, False),
        (actor(Role.MEMBER), False), (actor(Role.APPLICANT), False), (actor(Role.ADMIN), False),
    ],
)  # fmt: skip
def test_who_may_know_of_a_case(bureau, office, clerk, by, sees):
    supervised(reported(bureau), bureau, office)
    assert SupervisionCase.objects.visible_to(by).exists() is sees
    assert SupervisionCase.objects.visible_to(clerk).exists()


def test_what_waits_for_whom(bureau, office, clerk):
    def waits(by, day=None):
        return [(line.act, line.due_on) for line in todo.lines(by, day or NOW.date())]

    for by in (CITY, office):
        case = opened(bureau) if by is CITY else supervised(reported(bureau), bureau, office)
        assert waits(clerk) == [("answer_supervision", case.due_on)]
        assert waits(by) == []
        assert waits(by, case.due_on + timedelta(days=1)) == [("close_supervision", case.due_on)]
        answered(case, clerk)
        assert waits(clerk) == []
        assert waits(by) == [("close_supervision", case.due_on)]
        closed(case, by)
        assert waits(by) == []


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "closed"}, "supervision_closed_with_result"),
        ({"result": "stopped"}, "supervision_closed_with_result"),
        ({"answer_days": None}, "supervision_period_is_whole"),
    ],
)
def test_constraints_of_cases(bureau, fields, constraint):
    case = opened(bureau)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SupervisionCase.objects.filter(pk=case.pk).update(**fields)


def test_the_database_refuses_a_second_open_case_of_a_report_and_to_change_an_answer(bureau, office, clerk):
    case = supervised(reported(bureau), bureau, office)
    answer = answered(case, clerk)
    case.pk = None
    with pytest.raises(IntegrityError, match="supervision_one_open_of_a_report"), transaction.atomic():
        case.save(force_insert=True)
    for act in (lambda: SupervisionAnswer.objects.update(text="别的"), answer.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# --- who reported ------------------------------------------------------------------------------------------
def test_nothing_that_is_told_names_who_reported(bureau, office, clerk):
    report = reported(bureau)
    case = supervised(
        report, bureau, office, matter="湘银社区的登记", basis="湘银社区反映，违反第四条", demand="向湘银社区居委会道歉"
    )
    answered(case, clerk)
    supervising.ask_again(case, why="湘银社区说还在填。", by=office, at=NOW)
    reminding.remind_due(at=morning(case.due_on))
    closed(case, office, reason="湘银居委会已经确认。")
    case.refresh_from_db()
    assert (case.matter, case.reason) == ("某社区的登记", "某社区已经确认。")
    kept = [
        *Event.objects.about(case), *Event.objects.about(report), *Message.objects.all(), case, *case.answers.all()
    ]  # fmt: skip
    told = "\n".join([*(str(vars(row)) for row in kept), *Outbox.objects.values_list("inbox", flat=True)])
    assert "某社区说还在填" in told
    assert not [secret for secret in SECRETS if secret in told]
