"""Settings of the county, the working-day calendar and the audit log: who reads, who changes, what follows."""

import csv
import io
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from admission import actions
from admission.deadlines import PERIODS, Clock
from admission.models import Deadline
from admission.presentation.settings import KINDS
from admission.presentation.yearly import months, spans
from admission.rules import RULES, CountyRules, Key
from base import calendar, events, files
from base.errors import NotAllowed
from base.models import Event, Holiday
from base.workdays import Calendar, Day
from communities.models import CountySetting, Division
from communities.roles import system
from tests.admission import crowd
from tests.admission import world as ways
from tests.admission.browsing import signed_in
from worklists import rules as lists

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 4)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-04 10:00+08:00", tick=False):
        yield


# --- settings
def change(client: Client, key: str, **typed: object):
    return client.post(
        reverse("admission:setting", args=[key]), {"since": "2026-11-04", "basis": "天准委〔2026〕1号", **typed}
    )


def test_every_period_and_rule_stands_on_the_page_with_its_basis(world):
    html = signed_in(world, "office").get(reverse("admission:settings")).content.decode()
    assert set(KINDS) == {f"period_{clock}" for clock in Clock} | set(Key.values) | set(lists.Key.values)
    assert set(RULES) == set(Key.values) | set(lists.Key.values)
    for source in [*PERIODS.values(), *RULES.values()]:
        assert str(source.basis) in html


def test_the_format_of_a_number_is_shown_by_an_example(world):
    html = signed_in(world, "office").get(reverse("admission:settings")).content.decode()
    assert "天元区准告〔2026〕1号" in html
    assert "格式是 天元区准告〔{year}〕{n}号" in html


def test_a_change_moves_new_clocks_and_leaves_old_ones(world):
    old = ways.WAYS["submitted"](world).deadlines.get(clock=Clock.ACCEPTANCE)
    world.jump(days=2)
    response = change(signed_in(world, "office"), "period_acceptance", value="3")
    assert response.status_code == 302
    new = ways.WAYS["submitted"](world).deadlines.get(clock=Clock.ACCEPTANCE)
    assert (old.workdays, new.workdays) == (5, 3)
    assert Deadline.objects.get(pk=old.pk).due_on == old.due_on
    assert new.basis == "天准委〔2026〕1号"
    html = signed_in(world, "auditor").get(reverse("admission:settings")).content.decode()
    assert "本区设置，2026年11月4日起" in html
    assert "天准委〔2026〕1号" in html


def test_the_days_for_answering_a_report_are_the_countys_to_set(world):
    office = signed_in(world, "office")
    assert "部门答复报告期限" in office.get(reverse("admission:settings")).content.decode()
    assert lists.value("430211", lists.Key.REPORT_ANSWER_DAYS, on=TODAY) == 5
    assert change(office, "report_answer_days", value="91").status_code == 200
    assert change(office, "report_answer_days", value="3").status_code == 302
    assert lists.value("430211", lists.Key.REPORT_ANSWER_DAYS, on=TODAY) == 3
    html = office.get(reverse("admission:settings")).content.decode()
    assert "3 个工作日" in html
    assert "默认是5 个工作日" in html


@pytest.mark.parametrize("key", [*Key, *lists.Key])
def test_every_setting_opens_for_change(world, key):
    html = signed_in(world, "office").get(reverse("admission:setting", args=[key.value])).content.decode()
    assert str(key.label) in html


def test_a_change_for_later_is_announced_and_does_not_hold_yet(world):
    change(signed_in(world, "office"), "quorum_percent", value="66", since="2026-12-01")
    assert CountyRules("430211", TODAY).value(Key.QUORUM_PERCENT) == 50
    assert CountyRules("430211", date(2026, 12, 1)).value(Key.QUORUM_PERCENT) == 66
    assert "2026年12月1日起改为66%" in signed_in(world, "office").get(reverse("admission:settings")).content.decode()


@pytest.mark.parametrize(
    ("key", "typed", "field"),
    [
        ("period_decision", {"value": "0"}, "value"),
        ("period_decision", {"value": "15.5"}, "value"),
        ("period_decision", {"value": "400"}, "value"),
        ("quorum_percent", {"value": "100"}, "value"),
        ("notice_wording", {"value": "准告第{n}号"}, "value"),
        ("notice_wording", {"value": "准告〔{year}〕{n}{x}号"}, "value"),
        ("notice_wording", {"value": "<b>{year}{n}"}, "value"),
        ("notice_wording", {"value": "天元区准申〔{year}〕{n}号"}, "value"),
        ("notice_wording", {"value": "天元区准申〔{year}〕{n:04}号"}, "value"),
        ("report_wording", {"value": "天元区准完〔{year}〕{n}号"}, "value"),
        ("substitute_unit", {"value": "没有的局"}, "value"),
        ("street_may_apply", {"value": ""}, "value"),
        ("period_decision", {"value": "10", "basis": " "}, "basis"),
        ("period_decision", {"value": "10", "since": "2026-11-03"}, "since"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(world, key, typed, field):
    response = change(signed_in(world, "office"), key, **typed)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not CountySetting.objects.exists()


@pytest.mark.parametrize(("key", "typed", "kept"), [
    (Key.STREET_MAY_APPLY, "no", False), (Key.SIMPLE_NEEDS_COMMUNITIES, "yes", True),
    (lists.Key.SUBSTITUTE_UNIT, "编办", "编办"), (Key.APPLY_AHEAD_DAYS, "20", 20),
    (Key.NOTICE_WORDING, "株天社准告〔{year}〕{n}号", "株天社准告〔{year}〕{n}号"),
])  # fmt: skip
def test_each_kind_of_value_is_kept_as_what_it_is(world, key, typed, kept):
    assert change(signed_in(world, "office"), key, value=typed).status_code == 302
    assert CountyRules("430211", TODAY).value(key) == kept


def test_a_wording_is_not_taken_that_another_series_or_county_has_or_will_have(world):
    office = signed_in(world, "office")
    assert change(office, "filing_wording", value="株天备〔{year}〕{n}号", since="2026-12-01").status_code == 302
    refused = change(office, "notice_wording", value="株天备〔{year}〕{n}号")
    assert "“备案编号格式”用的就是这个格式" in refused.content.decode()
    other = Division.objects.create(code="430204", name="石峰区", kind="county")
    CountySetting.objects.create(county=other, key="notice_wording", value="石{year}-{n}", basis="区里", since=TODAY)
    assert "“石峰区工作告知单编号格式”" in change(office, "notice_wording", value="石{year}-{n}").content.decode()
    assert change(office, "notice_wording", value="株{year}-{n}").status_code == 302
    assert change(office, "notice_wording", value="株{year}-{n:03}").status_code == 302


def test_two_counties_that_have_set_nothing_never_come_to_the_same_number(world):
    """Default wordings name the county; namesakes their city too, and their code where one city has both (ADR 0019)."""
    Division.objects.create(code="4301", name="长沙市", kind="city")
    codes = {"430211": "天元区", "430204": "石峰区", "430203": "株洲市荷塘区", "430103": "长沙市荷塘区"}
    for code in ("430204", "430203", "430103"):
        Division.objects.create(code=code, name=codes[code][-3:], kind="county")
    found = {code: CountyRules(code, TODAY).value(Key.NOTICE_WORDING) for code in codes}
    assert found == {code: f"{sign}准告〔{{year}}〕{{n}}号" for code, sign in codes.items()}
    reports = {lists.value(code, lists.Key.REPORT_WORDING, on=TODAY) for code in codes}
    assert len(reports) == len(codes)
    Division.objects.create(code="430205", name="荷塘区", kind="county", ends_on=date(2020, 1, 1))
    assert lists.sign_of("430203") == "荷塘区430203"


def test_the_default_of_another_county_is_no_wording_of_ones_own(world):
    Division.objects.create(code="430204", name="石峰区", kind="county")
    office = signed_in(world, "office")
    for wording in ("石峰区准告〔{year}〕{n}号", "石峰区准报〔{year}〕{n:03}号"):
        assert "“石峰区" in change(office, "notice_wording", value=wording).content.decode()
    html = office.get(reverse("admission:settings")).content.decode()
    assert "天元区准告〔{year}〕{n}号" in html
    assert "{place}" not in html
    form = office.get(reverse("admission:setting", args=["notice_wording"])).context["form"]
    assert form["value"].value() == "天元区准告〔{year}〕{n}号"
    assert change(office, "notice_wording", value="天元区准告〔{year}〕{n}号").status_code == 302


def test_the_form_begins_with_what_holds_now(world):
    client = signed_in(world, "office")
    change(client, "street_may_apply", value="no")
    form = client.get(reverse("admission:setting", args=["street_may_apply"])).context["form"]
    assert {box.data["value"]: box.data["selected"] for box in form["value"].subwidgets} == {"yes": False, "no": True}


@pytest.mark.parametrize("name", ["dept", "street0", "community0", "director", "member", "city", "auditor"])
def test_only_the_office_and_the_administrator_change_settings(world, name):
    client = signed_in(world, name)
    assert client.get(reverse("admission:setting", args=["period_decision"])).status_code == 403
    assert change(client, "period_decision", value="1").status_code == 403
    assert not CountySetting.objects.exists()
    page = client.get(reverse("admission:settings"))
    assert page.status_code == 200
    assert "/settings/period_decision/" not in page.content.decode()


def test_another_county_and_an_unknown_setting_are_not_found(world):
    Division.objects.create(code="430204", name="石峰区", kind="county")
    client = signed_in(world, "office")
    assert client.get(reverse("admission:settings"), {"county": "430204"}).status_code == 404
    assert client.get(reverse("admission:setting", args=["made-up"])).status_code == 404


# --- the calendar
def test_the_year_is_shown_with_its_holidays_and_whether_it_is_published(world):
    calendar.load_official(by=system(), at=world.at())
    client = signed_in(world, "street0")
    html = client.get(reverse("admission:calendar")).content.decode()
    assert "10月，18 个工作日" in html
    assert "国庆节" in html
    assert "已公布" in html
    html = client.get(reverse("admission:calendar"), {"year": "2027"}).content.decode()
    assert "暂定" in html
    assert 'name="do_day"' not in html
    assert client.get(reverse("admission:calendar"), {"year": "1066"}).status_code == 404


def test_a_day_entered_by_the_administrator_moves_running_clocks_and_leaves_a_line(world):
    application = ways.WAYS["submitted"](world)
    clock = application.deadlines.get(clock=Clock.ACCEPTANCE)
    typed = {"day-on": clock.due_on.isoformat(), "day-is_workday": "no", "day-name": "停电", "day-source": "通知"}
    response = signed_in(world, "admin").post(reverse("admission:calendar"), {"do_day": "1", **typed}, follow=True)
    assert "有 1 个时限的日期变了" in response.content.decode()
    assert Deadline.objects.get(pk=clock.pk).due_on > clock.due_on
    assert "放假安排有变化" in Event.objects.about(application).first().data["says"]
    response = signed_in(world, "admin").post(
        reverse("admission:calendar"), {"do_clear": "1", "clear-on": clock.due_on.isoformat()}, follow=True
    )
    assert Deadline.objects.get(pk=clock.pk).due_on == clock.due_on


def test_publishing_a_year_ends_what_was_provisional(world):
    clock = ways.WAYS["submitted"](world).deadlines.get(clock=Clock.ACCEPTANCE)
    assert clock.provisional
    typed = {"do_year": "1", "year-year": "2026", "year-source": "放假通知"}
    signed_in(world, "admin").post(reverse("admission:calendar"), typed)
    assert not Deadline.objects.get(pk=clock.pk).provisional


def test_a_refused_day_keeps_what_was_typed(world):
    typed = {"do_day": "1", "day-on": "2026-12-01", "day-is_workday": "no", "day-name": "停电", "day-source": ""}
    response = signed_in(world, "admin").post(reverse("admission:calendar"), typed)
    assert "停电" in response.content.decode()
    assert "open" in response.content.decode().split("改一天")[0][-30:]
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("name", ["office", "director", "street0", "auditor"])
def test_nobody_else_changes_the_calendar(world, name):
    typed = {"do_clear": "1", "clear-on": "2026-12-01"}
    assert signed_in(world, name).post(reverse("admission:calendar"), typed).status_code == 403
    with pytest.raises(NotAllowed):
        actions.publish_workdays(2027, by=world.actors[name], at=world.at(), source="通知")


def test_a_month_has_whole_weeks_and_names_what_differs():
    october = Calendar({date(2026, 10, 1): Day(False, "国庆节"), date(2026, 10, 10): Day(True, "调休")}, frozenset())
    month = months(2026, october, today=date(2026, 10, 9))[9]
    assert {len(week) for week in month.weeks} == {7}
    cells = {cell["day"].day: cell for week in month.weeks for cell in week if cell}
    assert list(cells) == list(range(1, 32))
    assert (cells[1]["kind"], cells[1]["note"]) == ("off", "休")
    assert (cells[10]["kind"], cells[10]["note"]) == ("", "班")
    assert cells[9]["kind"] == "today"
    assert month.workdays == 22


def test_days_in_a_row_with_one_name_are_one_line():
    rows = [Holiday(date=date(2026, 10, n), is_workday=False, name="国庆节") for n in (1, 2, 3, 5)]
    found = spans([*rows, Holiday(date=date(2026, 10, 6), is_workday=True, name="国庆节")])
    assert [(span.first.day, span.last.day) for span in found] == [(1, 3), (5, 5), (6, 6)]


# --- the audit log
def log(client: Client, **query: str) -> list[Event]:
    response = client.get(reverse("admission:audit"), query)
    assert response.status_code == 200
    return list(response.context["page"].object_list)


@pytest.mark.parametrize("name", ["office", "city", "auditor"])
def test_who_reads_the_log_reads_the_county_s_own(world, name):
    ways.screening(world)
    assert {line.chain for line in log(signed_in(world, name))} == {"430211"}


@pytest.mark.parametrize("name", ["dept", "street0", "community0", "director", "deputy", "member", "admin"])
def test_nobody_else_reads_the_log(world, name):
    client = signed_in(world, name)
    assert client.get(reverse("admission:audit")).status_code == 403
    assert client.get(reverse("admission:audit-file")).status_code == 403


def test_the_log_is_read_in_english_but_for_names(world):
    ways.screening(world)
    client = signed_in(world, "auditor")
    client.cookies["django_language"] = "en"
    page = client.get(reverse("admission:audit"), {"what": "admission.application."})
    assert "嵩山路街道 answered: No objection" in page.content.decode()
    assert "says_of" not in page.content.decode()
    rows = b"".join(client.get(reverse("admission:audit-file")).streaming_content).decode()
    assert "嵩山路街道 answered: No objection" in rows


def test_an_office_does_not_read_another_county(world):
    Division.objects.create(code="430204", name="石峰区", kind="county")
    assert signed_in(world, "office").get(reverse("admission:audit"), {"county": "430204"}).status_code == 404


def test_the_log_narrows_by_kind_role_day_and_object(world):
    application = ways.screening(world)
    change(signed_in(world, "office"), "period_decision", value="10")
    client = signed_in(world, "auditor")
    assert {line.kind for line in log(client, what="communities.county_setting.")} == {"communities.county_setting.set"}
    assert [line.kind for line in log(client, step="accept")] == ["admission.application.accept"]
    assert {line.by_role for line in log(client, role="street")} == {"street"}
    assert log(client, since="2026-11-03", what="admission.application.") == []
    assert log(client, until="2026-11-01") == []
    assert {line.target_label for line in log(client, q=application.title)} == {application.title}
    assert [line.kind for line in log(client, q="开始初审")] == ["admission.application.begin_screening"]


def test_days_the_wrong_way_round_are_said_at_the_field_and_above_no_lines(world):
    ways.screening(world)
    query = {"since": "2026-11-21", "until": "2026-11-01"}
    answer = signed_in(world, "auditor").get(reverse("admission:audit"), query)
    says = "起止日期填反了：“到”早于“从”，请改其中一个。"
    assert answer.context["form"].errors == {"until": [says]}
    text = answer.content.decode()
    assert (text.count(says), "没有符合条件的记录" in text) == (2, False)  # the second: htmx renews the lines alone


def test_the_page_says_whether_the_chain_is_whole_and_which_line_is_not(world):
    ways.consulted(world)
    client = signed_in(world, "auditor")
    assert "核对无误" in client.get(reverse("admission:audit"), {"verify": "1"}).content.decode()
    good = Event.objects.get(chain="430211", seq=3)
    tamper(good.pk, "改过的名称")
    html = client.get(reverse("admission:audit"), {"verify": "1"}).content.decode()
    assert "第 3 行" in html
    tamper(good.pk, good.target_label)
    assert events.verify("430211") is None


def tamper(pk: int, label: str) -> None:
    """As somebody with the database's own password could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE base_event SET target_label = %s WHERE id = %s", [label, pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_the_file_holds_exactly_what_the_page_shows_and_nothing_a_spreadsheet_would_calculate(world):
    world.title = "=1+1"
    crowd.nobody_answered(world)
    client = signed_in(world, "auditor")
    response = client.get(reverse("admission:audit-file"), {"role": "applicant"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["行号"]) for row in rows] == [line.seq for line in log(client, role="applicant")]
    assert {row["对象"] for row in rows} == {"'=1+1", "未命名的申请"}
    assert rows[0]["哈希"] == Event.objects.get(chain="430211", seq=rows[0]["行号"]).hash


def test_a_draft_is_counted_and_not_named(world):
    """Nobody but the applicant knows of it before the first consultation (section 3)."""
    world.title = "悄悄的草稿"
    draft, dept = ways.drafted(world), world.actors["dept"]
    kept = files.keep(SimpleUploadedFile("悄悄的方案.pdf", PDF), by=dept, at=world.at(), county="430211")
    added = actions.add_file(draft, by=dept, at=world.at(), attachment=kept, purpose="plan")
    actions.remove_file(added, by=dept, at=world.at())
    actions.save_draft(draft, by=dept, at=world.at(), fields={"category": "undertake"})
    client = signed_in(world, "auditor")
    html = client.get(reverse("admission:audit")).content.decode()
    text = b"".join(client.get(reverse("admission:audit-file")).streaming_content).decode()
    for shown in (html, text):
        assert "没有发出征询的草稿" in shown
        for act in ("起草申请", "修改申请", "上传附件", "移除附件"):
            assert act in shown
        for fact in (draft.title, "悄悄的方案", "拟列类别"):
            assert fact not in shown
    assert log(client, q=draft.title) == []
    actions.withdraw(actions.open_consultation(draft, by=dept, at=world.at()), by=dept, at=world.at(), reason="不办。")
    assert "悄悄的方案" in client.get(reverse("admission:audit")).content.decode()


def test_pages_cost_the_same_whatever_their_length(world, django_assert_max_num_queries):
    crowd.nobody_answered(world)
    client = signed_in(world, "auditor")
    for address, most in (("admission:audit", 12), ("admission:settings", 9), ("admission:calendar", 12)):
        with django_assert_max_num_queries(most):
            client.get(reverse(address))


def test_the_log_names_a_setting_as_the_page_does(world):
    office = signed_in(world, "office")
    change(office, "quorum_percent", value="66")
    html = office.get(reverse("admission:audit")).content.decode()
    assert "会议法定人数（超过成员单位的百分之几）：66%" in html
    assert "quorum_percent" not in html
