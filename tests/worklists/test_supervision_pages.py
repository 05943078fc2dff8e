"""督办件 on its pages: from the report to the closed case, who is offered what, and nobody learns who reported."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from base.models import Message
from communities.roles import Role
from tests.admission.signing import hidden_fields
from tests.factories import NOW, DepartmentFactory, DivisionFactory, actor
from tests.worklists.test_supervision import (
    CITY,
    PICTURE,
    SECRETS,
    Result,
    State,
    answered,
    bureau,
    clerk,
    closed,
    host,
    office,
    opened,
    reported,
    supervised,
)
from worklists import tasks
from worklists.models import SupervisionCase, UnapprovedReport
from worklists.receiving import actions

__all__ = ["bureau", "clerk", "host", "office"]


@pytest.fixture(autouse=True)
def today(db):
    with time_machine.travel(NOW, tick=False):
        yield


TYPED = {"matter": "门前三包登记", "basis": "第四条", "demand": "停止交办。", "due_on": ""}


def labels(page):
    return [button["label"] for button in page.context["buttons"]]


def test_the_office_makes_a_report_a_case_on_its_page(sign_in, bureau, host):
    report = reported(bureau, wrongs=["unapproved", "ledger"])
    desk = sign_in(Role.OFFICE, unit=host)
    address = f"/unapproved/{report.pk}/supervise/"
    assert "转为督办件" in labels(desk.get(f"/unapproved/{report.pk}/"))
    form = desk.get(address)
    initial = form.context["form"].initial
    assert (initial["unit"], initial["matter"]) == (bureau, "某社区门前三包登记")
    assert initial["basis"].count("《指导意见》") == 2
    page = desk.post(address, {**TYPED, "unit": bureau.pk, **hidden_fields(form)}, follow=True)
    case = SupervisionCase.objects.get()
    assert page.redirect_chain[-1][0] == f"/supervision/{case.pk}/"
    assert "从次日起数 10 个工作日" in page.content.decode()


def test_the_unit_reads_and_answers_without_learning_who_reported(sign_in, bureau, office):
    report = reported(bureau)
    case = supervised(report, bureau, office)
    unit = sign_in(Role.APPLICANT, unit=bureau)
    for seen in ("/", "/supervision/", f"/supervision/{case.pk}/", f"/unapproved/{report.pk}/", reverse("inbox")):
        html = unit.get(seen).content.decode()
        assert "门前三包登记" in html
        assert not [secret for secret in SECRETS if secret in html]
    assert labels(unit.get(f"/supervision/{case.pk}/")) == ["答复", "提出确认申请"]
    typed = {"text": "已停止。", "uploads": [SimpleUploadedFile("撤回通知.png", PICTURE)], "seen": 1}
    page = unit.post(f"/supervision/{case.pk}/answer/", typed, follow=True)
    file = page.context["answers"][0]["files"][0]
    assert file["name"] == "撤回通知.png"
    assert b"".join(unit.get(file["url"]).streaming_content).startswith(b"\x89PNG")
    assert unit.get(f"/supervision/{opened(bureau).pk}/files/{file['url'].split('/')[-2]}/").status_code == 404


def test_who_opened_it_asks_again_and_closes(sign_in, bureau, host, office, clerk):
    report = reported(bureau)
    case = supervised(report, bureau, office)
    answered(case, clerk)
    desk = sign_in(Role.OFFICE, unit=host)
    assert "看过以后办结" in desk.get("/").content.decode()
    page = desk.get(f"/supervision/{case.pk}/")
    assert labels(page) == ["办结督办件", "要求继续整改"]
    assert page.context["clock"]["stopped_on"] == timezone.localdate(NOW), "nobody is late who has answered"
    desk.post(f"/supervision/{case.pk}/again/", {"why": "台账还在填。", "due_on": "2026-12-01", "seen": 2})
    case.refresh_from_db()
    assert (case.state, case.due_on) == (State.OPEN, date(2026, 12, 1))
    page = desk.get(f"/supervision/{case.pk}/")
    assert page.context["clock"]["stopped_on"] is None
    assert "不按工作日计算" in page.content.decode()
    typed = {"result": "corrected", "reason": "台账已退还。", "seen": 3}
    page = desk.post(f"/supervision/{case.pk}/close/", typed, follow=True)
    assert (labels(page), page.context["case"].state) == ([], State.CLOSED)
    reader = sign_in(Role.COMMUNITY, "430211001001").get(f"/unapproved/{report.pk}/").content.decode()
    assert "督办结果：已整改。台账已退还。" in reader


def test_the_reporter_reads_that_it_is_supervised_and_not_the_case(sign_in, bureau, office):
    report = reported(bureau)
    case = supervised(report, bureau, office)
    community = sign_in(Role.COMMUNITY, "430211001001")
    assert "已限期督办" in community.get(f"/unapproved/{report.pk}/").content.decode()
    assert community.get(f"/supervision/{case.pk}/").status_code == 404


def test_a_confirmation_may_be_applied_for_from_the_case(sign_in, bureau, office):
    report = reported(bureau)
    case = supervised(report, bureau, office)
    unit = sign_in(Role.APPLICANT, unit=bureau)
    page = unit.get(f"/applications/new/?report={report.pk}")
    assert page.status_code == 200
    actions.answer_report(
        report, state=UnapprovedReport.State.APPLYING, answer="已起草。", by=actor(Role.APPLICANT, unit=bureau), at=NOW
    )
    assert labels(unit.get(f"/supervision/{case.pk}/")) == ["答复"]


def test_the_city_opens_one_for_a_unit_of_any_of_its_counties(sign_in, county, bureau):
    other = DepartmentFactory.create(division=DivisionFactory.create(code="430204"), name="石峰区教育局")
    far = DepartmentFactory.create(division=DivisionFactory.create(code="430105", name="开福区"), name="开福区教育局")
    city = sign_in(Role.CITY, "4302")
    assert [action["url"] for action in city.get("/supervision/").context["actions"]] == ["/supervision/new/"]
    form = city.get("/supervision/new/")
    groups = [name for name, _units in form.context["form"].fields["unit"].choices][1:]
    assert groups == ["石峰区", "天元区"]
    hidden = hidden_fields(form)
    assert "unit" in city.post("/supervision/new/", {**TYPED, "unit": far.pk, **hidden}).context["form"].errors
    late = city.post("/supervision/new/", {**TYPED, "unit": other.pk, "due_on": "2026-11-21", **hidden})
    assert late.context["form"].errors == {"due_on": ["最晚答复的日期要在今天以后。"]}
    for _twice in range(2):
        city.post("/supervision/new/", {**TYPED, "unit": other.pk, **hidden})
    case = SupervisionCase.objects.get()
    assert (case.county.code, case.opened_role) == ("430204", Role.CITY)


def test_the_lists_tabs_and_who_is_offered_to_open(sign_in, bureau, office, clerk):
    done, running = closed(opened(bureau), CITY, Result.UNFOUNDED), opened(bureau)
    unit = sign_in(Role.APPLICANT, unit=bureau)

    def listed(query):
        return [row["case"] for row in unit.get(f"/supervision/?{query}").context["rows"]]

    assert (listed(""), listed("state=closed"), listed("state=all")) == ([running], [done], [running, done])
    assert unit.get("/supervision/").context["actions"] == []
    assert sign_in(Role.OFFICE).get("/supervision/").context["actions"] == []


def test_what_waits_stands_on_the_home_page_of_the_city_beside_what_is_overdue(sign_in, bureau, clerk):
    answered(opened(bureau), clerk)
    city = sign_in(Role.CITY, "4302")
    tabs = [(label, here, count) for label, _url, here, count in city.get("/").context["tabs"]]
    assert tabs[:2] == [("超期的", True, 0), ("等我办", False, 1)]
    assert "看过以后办结" in city.get("/?tab=todo").content.decode()
    assert "等我办" not in sign_in(Role.AUDITOR).get("/").content.decode()


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("act", "typed", "field"),
    [
        ("answer", {"text": ""}, "text"), ("again", {"why": "", "due_on": ""}, "why"),
        ("close", {"result": "stopped", "reason": ""}, "reason"), ("close", {"result": "x", "reason": "有"}, "result"),
        ("close", {"result": "applied", "reason": "已申请。"}, "result"),
        ("again", {"why": "有", "due_on": "2026-11-20"}, "due_on"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_field(sign_in, bureau, office, act, typed, field):  # noqa: PLR0917
    case = supervised(reported(bureau), bureau, office)
    client = sign_in(Role.APPLICANT, unit=bureau) if act == "answer" else sign_in(Role.OFFICE)
    page = client.post(f"/supervision/{case.pk}/{act}/", {**typed, "seen": 1})
    assert list(page.context["form"].errors) == [field]


def test_markup_in_it_is_text(sign_in, bureau):
    case = opened(bureau, matter="<script>alert(1)</script>", demand="<b>停</b>")
    html = sign_in(Role.CITY, "4302").get(f"/supervision/{case.pk}/").content.decode()
    assert "<script>alert" not in html
    assert "<b>停</b>" not in html


def test_the_scheduler_reminds(bureau, clerk):
    case = opened(bureau, due_on=date(2026, 11, 23))
    with time_machine.travel(f"{case.due_on} 08:35+08:00", tick=False):
        tasks.remind()
        tasks.remind()
    assert Message.objects.filter(kind="worklists.supervision_reminder").count() == 1


def test_supervision_is_not_public(client, county):
    for address in ("", "new/", "1/", "1/answer/", "1/close/"):
        assert client.get(f"/supervision/{address}").url.startswith("/accounts/login/")
