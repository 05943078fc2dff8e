"""The dossier holds every document of a case, and each reader reads of it what is theirs to read."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admission import actions
from admission.models import Application, Opinion
from admission.presentation.dossier import CHAPTERS
from admission.presentation.sheet import sheet
from base import files
from communities.models import Division
from tests.admission import crowd
from tests.admission import world as ways
from tests.admission.browsing import holding, signed_in
from tests.admission.world import World
from worklists.models import CompletionFiling, FilingComment

SCREENED = "重新审阅后建议提请审核。"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-13 10:00+08:00", tick=False):
        yield


def page(client: Client, application: Application) -> str:
    response = client.get(reverse("admission:dossier", args=[application.pk]))
    assert response.status_code == 200
    return response.content.decode()


CONTACTS = ("王小明", "13800001234", "李大力", "0731-28005678", "教育科赵老师 0731-28009999")


def test_contact_persons_are_shown_whole_to_who_works_on_the_case_and_masked_to_the_rest(world):
    dept = world.actors["dept"]
    names = ("responsible_person", "responsible_phone", "contact_name", "contact_phone")
    application = ways.drafted(world)
    rows = actions.DraftRows(plan={"guidance_contact": CONTACTS[4]})
    fields = dict(zip(names, CONTACTS, strict=False))
    application = actions.save_draft(application, by=dept, at=world.at(), fields=fields, rows=rows)
    application = actions.open_consultation(application, by=dept, at=world.at())
    ways.answer_all(world, application)
    application = actions.submit(application, by=dept, at=world.at())
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    application = actions.begin_screening(application, by=world.actors["office"], at=world.at())
    application = actions.propose_simple(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)
    pages = [reverse(f"admission:{name}", args=[application.pk]) for name in ("application", "dossier", "plan")]
    for who in ("dept", "office", "street0", "community0", "director", "deputy", "member", "city", "auditor"):
        client = signed_in(world, who)
        shown = "".join(client.get(address).content.decode() for address in pages)
        whole = who in {"dept", "office", "street0", "community0"}
        assert {said for said in CONTACTS if said in shown} == (set(CONTACTS) if whole else set()), who
        assert ("138****1234" in shown, "王**" in shown) == (not whole, not whole), who
    application.refresh_from_db()
    assert application.contact_name == "李大力"  # masked for reading only


def test_the_procedure_that_was_wished_for_is_not_taken_for_the_one_that_applied(world):
    application = ways.drafted(world)
    application = actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), fields={"requested_procedure": "simple"}
    )
    facts = dict(sheet(application, application.plans.get())[-2].facts)
    assert (facts["申请时选的程序"], "适用的程序" in facts) == ("简易程序", False)
    application.procedure = "ordinary"
    facts = dict(sheet(application, application.plans.get())[-2].facts)
    assert (facts["申请时选的程序"], facts["适用的程序"]) == ("简易程序", "普通程序")


def test_a_defect_is_answered_also_where_everybody_was_asked_anew(world):
    dept = world.actors["dept"]
    application = actions.open_consultation(ways.returned(world), by=dept, at=world.at())
    html = page(signed_in(world, "dept"), application)
    assert "还没有补正" in html
    ways.answer_all(world, application)
    application = actions.submit(application, by=dept, at=world.at())
    assert "还没有补正" not in page(signed_in(world, "dept"), application)
    assert application.defect_notes.get().answered_at == application.submitted_at


def full_case(world: World) -> Application:
    """Returned once, asked twice, objected, coordinated, heard, decided, noticed, filed, completed."""
    dept, office = world.actors["dept"], world.actors["office"]
    application = ways.consulted(world, stances={world.streets[1].code: "objection"})
    opinion = Opinion.objects.get(round__application=application, body=world.streets[1])
    actions.respond_to_opinion(opinion, by=dept, at=world.at(), fate="partly", reason="改由专业机构检测。")
    application = actions.submit(application, by=dept, at=world.at())
    defects = [{"part": "经费", "what": "写明拨付到哪个账户。"}]
    application = actions.return_for_correction(application, by=office, at=world.at(), defects=defects)
    rows = actions.DraftRows(plan={"money_source": "区级预算，拨到街道零余额账户"})
    application = actions.save_draft(application, by=dept, at=world.at(), rows=rows)
    application = actions.declare_untouched(application, by=dept, at=world.at(), reason="只改账户。")
    application = actions.resubmit(application, by=dept, at=world.at())
    application = actions.accept(application, by=office, at=world.at())
    application = actions.begin_screening(application, by=office, at=world.at())
    findings = {**ways.FINDINGS, "opinion": SCREENED}
    application = actions.begin_coordination(application, by=office, at=world.at(), findings=findings)
    actions.record_contact(
        application, by=office, at=world.at(), department=world.units["legal"], held_on=date(2026, 11, 2),
        summary="依据没有问题。",
    )  # fmt: skip
    actions.summarise(application, by=office, at=world.at(), summary="双方各让一步。")
    for point in application.coordination.points.all():
        actions.handle_point(point, by=office, at=world.at(), result="to_meeting", reason="请会议定。")
    when = world.soon()
    meeting = actions.plan_meeting(by=office, at=when, planned_at=when, place="三楼会议室", chair="deputy")
    application = actions.schedule_meeting(application, by=office, at=world.at(), meeting=meeting)
    ways.hold(world, meeting, said="经费要按季拨付。")
    for said in meeting.agenda.get().opinions.all():
        actions.answer_meeting_opinion(said, by=dept, at=world.at(), fate="adopted", answer="写入预算。")
    application = actions.request_approval(application, by=office, at=world.at())
    application = actions.approve(application, by=world.actors["deputy"], at=world.at(), text="同意，先试半年。")
    actions.issue_notice(application, by=office, at=world.at())
    receipt = application.notice.receipts.get(body=world.communities[0])
    actions.acknowledge(receipt, by=world.actors["community0"], at=world.at())
    filing = actions.file_application(application, by=office, at=world.at(), remarks="材料齐全归卷。")
    return Application.objects.get(pk=filing.application_id)


def complete(world: World, application: Application) -> CompletionFiling:
    """The item is completed, and a street says something to it."""
    version = application.item.versions.known().get()
    filing = CompletionFiling.objects.create(
        item=application.item, ended_version=version, kind="completed", number="准完〔2027〕1号",
        filed_by=world.units["dept"], filed_at=world.at(), ended_on=date(2027, 6, 1), reason="排查完毕。",
        results="排查 120 个小区。", changed_at=world.at(),
    )  # fmt: skip
    FilingComment.objects.create(
        filing=filing, body=world.streets[0], text="台账已收回。", said_at=world.at(), said_by="街道"
    )
    return filing


def test_every_document_of_the_case_is_there(world):
    application = full_case(world)
    complete(world, application)
    html = page(signed_in(world, "office"), application)
    said = [
        application.justification, "安全生产法", "准入办：同意。",  # the form
        "第 1 版方案", "第 2 版方案", "拨到街道零余额账户",  # every version of the plan
        "检测线路应由专业队伍承担。", "改由专业机构检测。", "第 1 轮征询",  # opinions word for word, the response
        "写明拨付到哪个账户。",  # the return for correction
        SCREENED, "依据没有问题。", "双方各让一步。", "请会议定。",  # screening, coordination, points
        "经费要按季拨付。", "写入预算。", "专题汇报。", "会议纪要。", "应到 4 个，实到 4 个",  # the meeting
        "同意，先试半年。", application.notice.number, "社区工作告知单",  # decision, notice
        "嵩山1社区 · 社区", application.filing.number, "材料齐全归卷。",  # receipts, filing
        "准完〔2027〕1号", "排查 120 个小区。", "台账已收回。",  # completion
        "说明采纳情况", "起草申请",  # the audit lines
    ]  # fmt: skip
    assert [text for text in said if text not in html] == []
    for clock in application.deadlines.all():
        assert clock.basis in html
    for body in Division.objects.filter(pk__in=application.rounds.get().opinions.values("body")):
        assert body.name in html


def test_the_contents_name_every_chapter_that_holds_something(world):
    application = full_case(world)
    complete(world, application)
    attachment = files.keep(**a_file(world))
    assert application.is_closed
    application.files.create(attachment=attachment, purpose="seal", added_at=world.at(), added_by="应急管理局")
    client = signed_in(world, "office")
    chapters = client.get(reverse("admission:dossier", args=[application.pk])).context["chapters"]
    assert [chapter.slug for chapter in chapters] == [slug for slug, _title, _read in CHAPTERS]
    html = page(client, application)
    assert [
        slug for slug, _title, _read in CHAPTERS if f'href="#{slug}"' not in html or f'id="{slug}"' not in html
    ] == []


def a_file(world: World) -> dict[str, object]:
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    upload = SimpleUploadedFile("盖章扫描件.pdf", content, "application/pdf")
    return {"upload": upload, "county": world.county.code, "by": world.actors["dept"], "at": world.at()}


def test_a_draft_has_a_dossier_too(world):
    application = crowd.empty_draft(world)
    html = page(signed_in(world, "dept"), application)
    assert "没有填" in html
    assert 'id="decision"' not in html


@pytest.mark.parametrize("name", ["dept", "street0", "community0"])
def test_minutes_are_whole_for_the_committee_and_of_the_own_item_for_the_others(world, name):
    application = full_case(world)
    assert "会议纪要。" in page(signed_in(world, "member"), application)
    html = page(signed_in(world, name), application)
    assert "会议纪要。" not in html
    assert "经费要按季拨付。" in html
    assert "这里只列本件的记录" in html


def test_draft_minutes_are_nobody_s_to_read_here(world):
    assert "会议纪要。" not in page(signed_in(world, "member"), crowd.minutes_open(world))


def test_who_may_not_know_of_the_case_finds_nothing(world):
    application = full_case(world)
    address = reverse("admission:dossier", args=[application.pk])
    assert signed_in(world, "host").get(address).status_code == 404
    assert signed_in(world, "admin").get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_dossier_costs_the_same_however_much_is_in_it(world, django_assert_num_queries):
    client = holding(world.actors["office"])
    small, large = ways.filed(world), full_case(world)
    address = reverse("admission:dossier", args=[small.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    with django_assert_num_queries(len(caught)):
        client.get(reverse("admission:dossier", args=[large.pk]))
    assert len(caught) < 50
