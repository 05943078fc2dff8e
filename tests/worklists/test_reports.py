"""T21: work handed down without admission is reported, passed on, answered; only the office knows who reported."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from admission.actions import workdays
from base.errors import NotAllowed, RuleViolation, Stale
from base.models import Event, Message, Outbox
from communities.models import CountySetting
from communities.roles import Role
from tests.admission.signing import hidden_fields
from tests.factories import NOW, DepartmentFactory, DivisionFactory, HolidayFactory, actor, admitted
from worklists import todo
from worklists.models import UnapprovedReport
from worklists.receiving import actions, masking
from worklists.receiving.actions import Handed

State = UnapprovedReport.State
OFFICE, ADMIN = actor(Role.OFFICE), actor(Role.ADMIN)
COMMUNITY = actor(Role.COMMUNITY, "430211001001")
STREET = actor(Role.STREET, "430211001")
SECRETS = ("湘银", "430211001001")


@pytest.fixture
def bureau(county):
    DepartmentFactory.create(division=county, name="区民政局", hosts_office=True)
    return DepartmentFactory.create(division=county, name="区城管局")


def handed(**fields):
    said = {
        "department_text": "城管局", "what": "湘银社区沿街商铺门前三包登记", "channel": "group_chat",
        "details": "在“湘银社区工作群”里要求湘银社区居委会一周内报表。", "happened_on": date(2026, 11, 20),
        "done": "waiting",
    }  # fmt: skip
    return Handed(**{**said, **fields})


def reported(by=COMMUNITY, *, at=NOW, **fields):
    return actions.report_work(handed(**fields), by=by, at=at)


def passed_on(bureau, **fields):
    return actions.pass_on(reported(**fields), department=bureau, by=OFFICE, at=NOW)


def answered(report, by, state=State.STOPPED, answer="已撤回通知。"):
    return actions.answer_report(report, state=state, answer=answer, by=by, at=NOW)


# --- the acts ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (COMMUNITY, True), (STREET, True), (OFFICE, False), (actor(Role.APPLICANT), False),
        (actor(Role.DIRECTOR), False), (actor(Role.AUDITOR), False),
    ],
)  # fmt: skip
def test_the_receiving_end_reports(bureau, by, allowed):
    if allowed:
        report = reported(by)
        assert (report.number, report.state, report.reporter.code) == ("天元区准报〔2026〕1号", State.REPORTED, by.code)
    else:
        with pytest.raises(NotAllowed, match="由街道（乡镇）或社区报告"):
            reported(by)


def test_what_is_still_to_come_is_not_reported(bureau):
    with pytest.raises(RuleViolation, match="交办日期不能晚于今天"):
        reported(happened_on=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("urgent", "passed_after", "due_on"),
    [(False, 2, date(2026, 11, 30)), (True, 2, date(2026, 11, 27)), (False, 0, date(2026, 11, 27))],
)
def test_the_department_has_five_working_days_urgent_work_from_the_report(bureau, urgent, passed_after, due_on):
    """Reported on a Saturday; passed on that day or on the Monday after (A-25)."""
    report = reported(urgent=urgent)
    done = actions.pass_on(report, department=bureau, by=OFFICE, at=NOW + timedelta(days=passed_after))
    assert (done.state, done.due_on) == (State.PASSED_ON, due_on)


def day_off(day):
    workdays.set_workday(day, by=ADMIN, at=NOW + timedelta(hours=1), is_workday=False, name="停工", source="通知")


def test_the_last_day_follows_the_calendar_and_the_move_is_said(bureau):
    report = passed_on(bureau)
    assert (report.due_on, report.provisional) == (date(2026, 11, 27), True)
    day_off(date(2026, 11, 23))
    report.refresh_from_db()
    assert report.due_on == date(2026, 11, 30)
    line = Event.objects.about(report).first()
    assert line.data["says"] == "最晚答复由2026年11月27日改为2026年11月30日（放假安排有变化）"
    assert line.data["version"] == report.version
    workdays.publish_workdays(2026, by=ADMIN, at=NOW + timedelta(hours=2), source="通知")
    report.refresh_from_db()
    assert not report.provisional


def test_urgent_work_is_counted_anew_from_the_day_of_the_report(bureau):
    report = reported(urgent=True)
    actions.pass_on(report, department=bureau, by=OFFICE, at=NOW + timedelta(days=2))
    day_off(date(2026, 11, 24))
    report.refresh_from_db()
    assert report.due_on == date(2026, 11, 30)


def test_what_has_been_answered_is_not_counted_anew(bureau):
    report = answered(passed_on(bureau), actor(Role.APPLICANT, unit=bureau))
    day_off(date(2026, 11, 23))
    report.refresh_from_db()
    assert report.due_on == date(2026, 11, 27)


def test_holidays_do_not_count_and_a_county_sets_its_own_days(county, bureau):
    HolidayFactory.create(date=date(2026, 11, 23))
    CountySetting.objects.create(
        county=county, key="report_answer_days", value=3, basis="区里的规定", since=date(2026, 1, 1)
    )
    assert passed_on(bureau).due_on == date(2026, 11, 26)


def test_the_department_stops_and_the_report_is_closed(bureau):
    done = answered(passed_on(bureau), actor(Role.APPLICANT, unit=bureau))
    assert (done.state, done.answer, done.closed_at) == (State.STOPPED, "已撤回通知。", done.changed_at)
    with pytest.raises(RuleViolation, match="现在是“已停止”，不用答复"):
        answered(done, actor(Role.APPLICANT, unit=bureau))


def test_an_application_for_confirmation_keeps_it_open_until_the_work_stops_or_is_confirmed(bureau):
    clerk = actor(Role.APPLICANT, unit=bureau)
    applying = answered(passed_on(bureau), clerk, State.APPLYING, "已提出确认申请。")
    assert (applying.state, applying.closed_at) == (State.APPLYING, None)
    assert answered(applying, clerk).state == State.STOPPED


def test_a_street_may_prepare_the_confirmation_but_not_stop_for_the_department(bureau):
    report = passed_on(bureau)
    with pytest.raises(NotAllowed, match="由被转的单位答复"):
        answered(report, STREET)
    assert answered(report, STREET, State.APPLYING).state == State.APPLYING


def test_the_successor_answers_for_the_department(county, bureau):
    report = passed_on(bureau)
    bureau.successor = DepartmentFactory.create(division=county, name="区城管执法局")
    bureau.save()
    assert answered(report, actor(Role.APPLICANT, unit=bureau.successor)).state == State.STOPPED


@pytest.mark.parametrize("by", [OFFICE, COMMUNITY, actor(Role.APPLICANT), actor(Role.DIRECTOR)])
def test_nobody_else_answers(bureau, by):
    with pytest.raises(NotAllowed):
        answered(passed_on(bureau), by)


def test_an_answer_is_one_of_two_and_has_words(bureau):
    report, clerk = passed_on(bureau), actor(Role.APPLICANT, unit=bureau)
    with pytest.raises(ValueError, match="not a department's answer"):
        answered(report, clerk, State.LAWFUL)
    with pytest.raises(RuleViolation, match="请写明怎样处理的"):
        answered(report, clerk, answer=" ")
    with pytest.raises(RuleViolation, match="现在是“已报告”，不用答复"):
        answered(reported(department=bureau), clerk)


def test_the_office_closes_what_is_on_the_list(county, bureau):
    item = admitted(county)
    with pytest.raises(RuleViolation, match="请向报告单位说明理由"):
        actions.close_as_lawful(reported(), item=item, answer="", by=OFFICE, at=NOW)
    done = actions.close_as_lawful(reported(), item=item, answer="是准告〔2026〕1号准入的。", by=OFFICE, at=NOW)
    assert (done.state, done.item, done.closed_at) == (State.LAWFUL, item, done.changed_at)
    for act in (
        lambda: actions.pass_on(done, department=bureau, by=OFFICE, at=NOW),
        lambda: actions.close_as_lawful(done, item=item, answer="再办", by=OFFICE, at=NOW),
    ):
        with pytest.raises(RuleViolation, match="已经属清单内事项"):
            act()


def test_an_item_or_a_unit_of_another_county_does_not_fit(bureau):
    neighbour = DivisionFactory.create(code="430204")
    with pytest.raises(RuleViolation, match="不在本区县的清单里"):
        actions.close_as_lawful(reported(), item=admitted(neighbour), answer="是", by=OFFICE, at=NOW)
    with pytest.raises(RuleViolation, match="只能转给本区县的单位"):
        actions.pass_on(reported(), department=DepartmentFactory.create(division=neighbour), by=OFFICE, at=NOW)


def test_only_the_office_handles_and_it_sees_what_changed(bureau):
    report = reported()
    for by in (actor(Role.OFFICE, "430204"), COMMUNITY, actor(Role.DIRECTOR)):
        with pytest.raises(NotAllowed, match="由审核委员会办公室办理"):
            actions.pass_on(report, department=bureau, by=by, at=NOW)
    actions.pass_on(report, department=bureau, by=OFFICE, at=NOW, seen=1)
    with pytest.raises(Stale) as refusal:
        actions.pass_on(report, department=bureau, by=OFFICE, at=NOW, seen=1)
    assert "转区城管局，最晚2026年11月27日答复" in refusal.value.changes[0]


# --- who reported ------------------------------------------------------------------------------------------
def everything_told(report):
    """All that leaves a trace beside the report itself."""
    lines = [str(vars(line)) for line in Event.objects.about(report)]
    messages = [str(vars(message)) for message in Message.objects.all()]
    return "\n".join([*lines, *messages, *Outbox.objects.values_list("inbox", flat=True)])


def test_no_line_of_the_log_and_no_message_names_the_reporter(county, bureau):
    report = passed_on(bureau)
    answered(report, actor(Role.APPLICANT, unit=bureau))
    actions.close_as_lawful(reported(), item=admitted(county), answer="在清单上", by=OFFICE, at=NOW)
    told = everything_told(report)
    assert "嵩山路街道辖区 · 报告单位" in told
    assert not [secret for secret in SECRETS if secret in told]
    assert Event.objects.about(report).get(kind="worklists.unapprovedreport.report").by_user_id is None


def test_the_street_does_not_find_its_communitys_report_among_its_own_deeds(sign_in, bureau):
    with time_machine.travel(NOW, tick=False):
        report = reported()
        street = sign_in(Role.STREET, "430211001")
        assert not [line for line in street.get("/?tab=done").context["page"] if line.target_pk == str(report.pk)]


def test_the_register_of_attachments_does_not_name_the_reporter(bureau):
    picture = SimpleUploadedFile("群截图.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60)
    report = actions.report_work(handed(), uploads=[picture], by=replace(COMMUNITY, unit_name="湘银社区"), at=NOW)
    assert report.reported_by.startswith("湘银社区")
    assert report.files.get().uploaded_by == "嵩山路街道辖区 · 报告单位"


def test_the_title_that_travels_on_is_kept_without_the_name(bureau):
    assert reported().what == "某社区沿街商铺门前三包登记"


@pytest.mark.parametrize(
    ("by", "knows"),
    [
        (OFFICE, True), (COMMUNITY, True), (STREET, False), (actor(Role.DIRECTOR), False),
        (actor(Role.DEPUTY), False), (actor(Role.AUDITOR), False), (actor(Role.CITY, "4302"), False),
        (actor(Role.OFFICE, "430204"), False), (actor(Role.COMMUNITY, "430211001002"), False),
    ],
)  # fmt: skip
def test_the_reporter_is_known_to_the_office_and_to_itself(bureau, by, knows):
    shown = masking.shown(by, [reported()])[0]
    if knows:
        assert (shown.reporter, shown.reported_by) == ("湘银社区", COMMUNITY.label)
        assert "湘银社区居委会" in shown.details
    else:
        assert (shown.reporter, shown.reported_by) == ("嵩山路街道辖区", "")
        assert shown.details == "在“某社区工作群”里要求某社区一周内报表。"


def test_a_streets_own_report_reads_like_one_of_its_communities(bureau):
    by = actor(Role.APPLICANT, unit=bureau)
    one, other = masking.shown(by, [reported(STREET), reported(COMMUNITY)])
    assert one.reporter == other.reporter == "嵩山路街道辖区"


@pytest.mark.parametrize(
    ("name", "text", "masked"),
    [
        ("湘银社区", "湘银居委会的群", "某社区的群"), ("高塘村", "高塘村村委会", "某社区"),
        ("新村", "新村的新房", "某社区的新房"),
        ("湘银社区", "别的社区", "别的社区"),
    ],
)  # fmt: skip
def test_names_are_masked_long_and_short(name, text, masked):
    assert masking.without_name(text, name) == masked


# --- who sees a report -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("by", "before", "after"),
    [
        (OFFICE, True, True), (COMMUNITY, True, True), (STREET, True, True), (actor(Role.DIRECTOR), True, True),
        (actor(Role.AUDITOR), True, True), (actor(Role.CITY, "4302"), True, True),
        (actor(Role.COMMUNITY, "430211001002"), False, False), (actor(Role.STREET, "430211002"), False, False),
        (actor(Role.MEMBER), False, False), (actor(Role.OFFICE, "430204"), False, False),
        (actor(Role.ADMIN), False, False), (actor(Role.WORKER, "430211001001"), False, False),
    ],
)  # fmt: skip
def test_who_sees_a_report_before_and_after_it_is_passed_on(bureau, by, before, after):
    report = reported(department=bureau)
    mine = UnapprovedReport.objects.filter(pk=report.pk)
    clerk = actor(Role.APPLICANT, unit=bureau)
    assert mine.visible_to(by).exists() is before
    assert not mine.visible_to(clerk).exists()
    actions.pass_on(report, department=bureau, by=OFFICE, at=NOW)
    assert mine.visible_to(by).exists() is after
    assert mine.visible_to(clerk).exists()


def test_a_street_that_asked_for_the_work_itself_learns_of_it_when_it_is_passed_on(county):
    place = DivisionFactory.create(code="430211001")
    office = DepartmentFactory.create(division=county, name="嵩山路街道办事处", kind="street_office", street=place)
    report = reported(department=office)
    street = actor(Role.STREET, "430211001", office)
    assert not UnapprovedReport.objects.visible_to(street).exists()
    actions.pass_on(report, department=office, by=OFFICE, at=NOW)
    assert UnapprovedReport.objects.visible_to(street).get() == report
    assert Outbox.objects.filter(inbox="street:430211001").count() == 1
    assert answered(report, street).state == State.STOPPED


def test_what_waits_for_whom(bureau):
    report = reported()
    assert [(line.act, line.due_on) for line in todo.lines(OFFICE, NOW.date())] == [("pass_on", None)]
    actions.pass_on(report, department=bureau, by=OFFICE, at=NOW)
    clerk = actor(Role.APPLICANT, unit=bureau)
    due = [(line.act, line.due_on) for line in todo.lines(clerk, NOW.date())]
    assert due == [("answer_report", date(2026, 11, 27))]
    assert todo.lines(OFFICE, NOW.date()) == []
    answered(report, clerk)
    assert [line.act for line in todo.lines(COMMUNITY, NOW.date())] == ["read_result"]
    assert todo.lines(COMMUNITY, NOW.date() + timedelta(days=8)) == []
    for idle in (clerk, actor(Role.AUDITOR), actor(Role.STREET, "430211002")):
        assert todo.lines(idle, NOW.date()) == []


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "stopped"}, "report_closed_with_answer"),
        ({"state": "confirmed"}, "report_closed_with_answer"),
        ({"passed_on_at": NOW, "due_on": NOW.date()}, "report_passed_on_to_somebody"),
        ({"passed_on_at": NOW}, "report_passed_on_with_a_day"),
        ({"wrongs": []}, "report_says_what_is_wrong"),
    ],
)
def test_constraints_of_reports(bureau, fields, constraint):
    report = reported(department=bureau if constraint == "report_passed_on_with_a_day" else None)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        UnapprovedReport.objects.filter(pk=report.pk).update(**fields)


# --- pages -------------------------------------------------------------------------------------------------
@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


FORM = {
    "what": "沿街商铺门前三包登记", "department_text": "城管局", "channel": "group_chat", "happened_on": "2026-11-20",
    "done": "refused", "subject_type": "work_item", "wrongs": ["unapproved", "system"],
    "details": "湘银社区工作群里通知的。",
}  # fmt: skip


@pytest.mark.usefixtures("today")
def test_from_the_communitys_phone_to_the_departments_answer(sign_in, county, bureau):
    community = sign_in(Role.COMMUNITY, "430211001001")
    assert community.get("/unapproved/new/?what=三包登记").context["form"].initial["what"] == "三包登记"
    picture = SimpleUploadedFile("群截图.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60)
    page = community.post("/unapproved/new/", {**FORM, "uploads": [picture]}, follow=True)
    report = page.context["report"]
    assert "湘银社区工作群里通知的。" in page.content.decode()
    assert report.wrongs == ["unapproved", "system"]
    file = f"/unapproved/{report.pk}/files/{report.files.get().pk}/"
    assert b"".join(community.get(file).streaming_content).startswith(b"\x89PNG")

    office = sign_in(Role.OFFICE)
    assert "湘银社区" in office.get("/unapproved/").content.decode()
    download = office.get(file)
    assert download["Content-Disposition"].startswith("attachment")
    assert b"".join(download.streaming_content).startswith(b"\x89PNG")
    assert bureau in office.get(f"/unapproved/{report.pk}/pass-on/").context["form"].fields["department"].queryset
    office.post(f"/unapproved/{report.pk}/pass-on/", {"department": bureau.pk, "seen": 1})

    department = sign_in(Role.APPLICANT, unit=bureau)
    for address in ("", f"{report.pk}/"):
        text = department.get(f"/unapproved/{address}").content.decode()
        assert "嵩山路街道辖区" in text
        assert "湘银" not in text
    assert department.get(file).status_code == 404
    assert "11月27日" in department.get("/unapproved/").content.decode()
    department.post(f"/unapproved/{report.pk}/answer/", {"answer": "已撤回通知。", "seen": 2})
    report.refresh_from_db()
    assert report.state == State.STOPPED
    mine = sign_in(Role.COMMUNITY, "430211001001").get("/unapproved/?state=closed")
    assert [row["report"] for row in mine.context["rows"]] == [report]


def test_what_is_wrong_is_typed_once_each_in_the_order_of_the_table(bureau):
    report = reported(wrongs=["unfunded", "ledger", "unfunded"])
    assert report.wrongs == ["ledger", "unfunded"]
    assert report.wrong_labels == ["要求另建台账", "经费没有到位"]
    assert reported().wrongs == ["unapproved"]
    with pytest.raises(RuleViolation, match="请至少选一个问题"):
        reported(wrongs=[])


@pytest.mark.usefixtures("today")
def test_the_list_is_narrowed_to_one_wrong_in_every_tab(sign_in, bureau):
    ledger, both = reported(wrongs=["ledger"]), reported(wrongs=["secondment", "ledger"])
    office = sign_in(Role.OFFICE)

    def listed(query):
        return {row["report"] for row in office.get(f"/unapproved/?{query}").context["rows"]}

    assert listed("wrong=ledger") == {ledger, both}
    assert listed("wrong=secondment&state=all") == {both}
    assert listed("wrong=plate") == listed("wrong=ledger&state=closed") == set()
    assert listed("wrong=nonsense") == {ledger, both}
    page = office.get("/unapproved/?wrong=secondment")
    assert [url for _label, url, _here, _n in page.context["tabs"]][2] == "?state=all&wrong=secondment"
    assert "借调、抽调社区工作人员" in office.get(f"/unapproved/{both.pk}/").content.decode()


@pytest.mark.usefixtures("today")
def test_a_report_says_at_least_one_wrong(sign_in, county):
    page = sign_in(Role.COMMUNITY, "430211001001").post("/unapproved/new/", {**FORM, "wrongs": []})
    assert "wrongs" in page.context["form"].errors
    assert not UnapprovedReport.objects.exists()


@pytest.mark.usefixtures("today")
def test_each_is_offered_what_is_theirs_to_do(sign_in, bureau):
    def offered(client, report):
        return [button["label"] for button in client.get(f"/unapproved/{report.pk}/").context["buttons"]]

    report = reported()
    assert offered(sign_in(Role.OFFICE), report) == ["转部门答复", "转为督办件", "属清单内事项，办结"]
    actions.pass_on(report, department=bureau, by=OFFICE, at=NOW)
    assert offered(sign_in(Role.OFFICE), report) == ["改转别的单位", "转为督办件", "属清单内事项，办结"]
    department = sign_in(Role.APPLICANT, unit=bureau)
    assert offered(department, report) == ["已停止，答复", "提出确认申请"]
    answered(report, actor(Role.APPLICANT, unit=bureau), State.APPLYING)
    assert offered(department, report) == ["已停止，答复"]
    assert offered(sign_in(Role.AUDITOR), report) == offered(sign_in(Role.DIRECTOR), report) == []


@pytest.mark.usefixtures("today")
def test_the_office_closes_with_an_item_of_the_list(sign_in, county, bureau):
    item, report = admitted(county), reported()
    office = sign_in(Role.OFFICE)
    form = office.get(f"/unapproved/{report.pk}/close/").context["form"]
    assert form.fields["item"].choices[1] == ("公安局", [(item.code, "流动人口登记管理")])
    office.post(f"/unapproved/{report.pk}/close/", {"item": item.code, "answer": "在清单上。", "seen": 1})
    assert item.code in office.get(f"/unapproved/{report.pk}/").content.decode()


@pytest.mark.usefixtures("today")
def test_a_report_without_a_unit_is_sent_back_with_all_that_was_typed(sign_in, county):
    community = sign_in(Role.COMMUNITY, "430211001001")
    page = community.post("/unapproved/new/", {**FORM, "department_text": "", "what": "长" * 300})
    errors = page.context["form"].errors
    assert errors["department_text"] == ["请选一个单位，或者写下单位名称。"]
    assert "what" in errors
    assert "湘银社区工作群里通知的。" in page.content.decode()
    executable = SimpleUploadedFile("文件.pdf", b"MZ\x90\x00")
    page = community.post("/unapproved/new/", {**FORM, "uploads": [executable]})
    assert "uploads" in page.context["form"].errors
    assert not UnapprovedReport.objects.exists()


@pytest.mark.usefixtures("today")
def test_a_day_to_come_is_refused_at_its_field(sign_in, county):
    page = sign_in(Role.COMMUNITY, "430211001001").post("/unapproved/new/", {**FORM, "happened_on": "2026-11-22"})
    assert page.context["form"].errors == {"happened_on": ["交办日期不能晚于今天。"]}


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("post", "address", "status"),
    [
        ((Role.APPLICANT, "430211"), "new/", 403), ((Role.OFFICE, "430211"), "new/", 403),
        ((Role.DIRECTOR, "430211"), "{pk}/pass-on/", 403), ((Role.DIRECTOR, "430211"), "{pk}/close/", 403),
        ((Role.APPLICANT, "430211"), "{pk}/", 404), ((Role.COMMUNITY, "430211001002"), "{pk}/", 404),
        ((Role.MEMBER, "430211"), "{pk}/", 404), ((Role.AUDITOR, "430211"), "{pk}/", 200),
    ],
)  # fmt: skip
def test_what_is_not_ones_own_is_not_there_or_not_allowed(sign_in, bureau, post, address, status):
    report = reported()
    assert sign_in(*post).get(f"/unapproved/{address.format(pk=report.pk)}").status_code == status


def test_reports_are_not_public(client, county):
    for address in ("", "new/", "1/", "1/pass-on/"):
        assert client.get(f"/unapproved/{address}").url.startswith("/accounts/login/")


def test_the_form_sent_twice_makes_one_report(bureau, sign_in):
    client, url = sign_in(Role.COMMUNITY, "430211001001"), reverse("worklists:report-new")
    typed = {
        "department_text": "城管局", "what": "沿街商铺登记", "channel": "group_chat", "subject_type": "work_item",
        "wrongs": ["unapproved"], "details": "要求一周内报表。", "happened_on": "2026-11-20", "done": "waiting",
        **hidden_fields(client.get(url)),
    }  # fmt: skip
    first, second = client.post(url, typed), client.post(url, typed)
    report = UnapprovedReport.objects.get()
    assert first["Location"] == second["Location"] == reverse("worklists:report", args=[report.pk])
