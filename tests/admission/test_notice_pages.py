"""The work notice as it is printed, its receipts, the list of notices, and what the public may check."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from admission import actions
from admission.models import NoticeReceipt, WorkNotice
from admission.presentation.notice import document, normalised, validity
from admission.procedure import Kind
from tests.admission import crowd
from tests.admission import world as ways
from tests.admission.browsing import holding, signed_in
from worklists.models import ItemVersion

pytestmark = pytest.mark.django_db
PRINTED = (
    "goal", "requirements", "community_does", "community_does_not", "powers", "people", "money_source",
    "money_schedule", "premises", "training", "guidance", "rules",
)  # fmt: skip
TODAY = "2026-11-03 10:00+08:00"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def page(client: Client, notice: WorkNotice) -> str:
    response = client.get(reverse("admission:notice", args=[notice.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_sheet_says_what_was_kept_word_for_word(world):
    notice = ways.noticed(world).notice
    html = page(signed_in(world, "community0"), notice)
    said = [notice.number, notice.content["title"], notice.content["item_code"], notice.content["contact"]]
    said += [notice.content[name] for name in PRINTED if name != "goal" and notice.content[name]]
    said += [row["duty"] for row in notice.content["division"]] + notice.content["process"]
    said += [row["result"] for row in notice.content["milestones"]] + notice.content["bases"]
    assert [text for text in said if text not in html] == []
    assert "26.4 万元" in html
    assert "2027年1月4日至2027年6月30日，期满自行完结" in html


def test_the_sheet_stays_as_issued_when_the_application_changes_its_names(world):
    notice = ways.noticed(world).notice
    world.units["dept"].name = "改名后的局"
    world.units["dept"].save()
    sheet = document(notice, list(notice.receipts.select_related("body", "unit")))
    assert "应急管理局申请的" in sheet.opening
    assert sheet.to.startswith("应急管理局，嵩山路街道、泰山路街道，")


def test_an_official_document_is_chinese_whatever_the_language_of_the_page(world):
    notice = ways.noticed(world).notice
    client = signed_in(world, "office")
    client.cookies["django_language"] = "en"
    html = page(client, notice)
    assert 'lang="zh-CN"' in html
    assert "一、事项" in html
    assert "2026年11月2日印发" in html
    with translation.override("en"):
        sheet = document(notice, list(notice.receipts.select_related("body", "unit")))
    assert sheet.title == "社区工作告知单"


def test_the_sheet_of_an_exit_says_from_when_it_is_no_longer_done(world):
    item = ways.noticed(world).item
    exit_notice = ways.noticed(world, kind=Kind.EXIT, item=item).notice
    sheet = document(exit_notice, [])
    facts = dict(sheet.parts[0].table)
    assert facts["起止"] == "2027年1月4日起退出，社区不再办理"
    assert "核准该事项退出" in sheet.opening
    assert not any("不新设" in text for part in sheet.parts for text in part.paragraphs)


def test_a_notice_says_what_kind_of_thing_it_admits(world):
    notice = ways.noticed(world, subject_type="ledger").notice
    html = page(signed_in(world, "community0"), notice)
    assert '<th scope="row">对象</th><td>台账</td>' in html
    assert "不新设报表、信息系统、牌子、考核、证明。" in html
    dept, office = signed_in(world, "dept"), signed_in(world, "office")
    case = notice.application
    for client, name in ((dept, "application"), (dept, "dossier"), (office, "dossier")):
        assert "台账" in client.get(reverse(f"admission:{name}", args=[case.pk])).content.decode()
    assert (
        "台账" in office.get(reverse("admission:meeting", args=[case.agenda_items.get().meeting_id])).content.decode()
    )
    assert "应急管理局，台账" in outcomes()


def test_a_notice_of_plain_work_or_of_before_the_kind_was_kept_says_nothing_of_it(world):
    notice = ways.noticed(world).notice
    assert "对象" not in dict(document(notice, []).parts[0].table)
    del notice.content["subject_type"]
    parts = document(notice, []).parts
    assert "对象" not in dict(parts[0].table)
    assert parts[-1].paragraphs == ["不新设台账、报表、信息系统、牌子、考核、证明。"]


@pytest.mark.parametrize("kind", ["seal_use", "proof", "report_form", "info_system", "body_or_plate", "evaluation"])
def test_what_is_admitted_is_not_said_to_be_none(world, kind):
    word = {"report_form": "报表", "info_system": "信息系统", "body_or_plate": "牌子", "evaluation": "考核"}.get(
        kind, "证明"
    )
    parts = document(ways.noticed(world, subject_type=kind).notice, []).parts
    assert word not in parts[-1].paragraphs[-1]


def test_the_addressee_acknowledges_once_and_the_button_goes_away(world):
    notice = ways.noticed(world).notice
    client = signed_in(world, "community0")
    receipt = notice.receipts.get(body=world.communities[0])
    acknowledge = reverse("admission:notice-receipt", args=[receipt.pk])
    assert acknowledge in page(client, notice)
    client.post(acknowledge)
    receipt.refresh_from_db()
    assert receipt.acknowledged_at is not None
    html = page(client, notice)
    assert acknowledge not in html
    assert "签收 1 / 7" in html
    again = client.post(acknowledge, follow=True)
    assert "本单位已经签收过了。" in again.content.decode()


@pytest.mark.parametrize(("name", "status"), [("office", 403), ("street0", 403), ("dept", 403), ("admin", 404)])
def test_nobody_acknowledges_for_another(world, name, status):
    receipt = ways.noticed(world).notice.receipts.get(body=world.communities[0])
    response = signed_in(world, name).post(reverse("admission:notice-receipt", args=[receipt.pk]))
    assert response.status_code == status
    assert NoticeReceipt.objects.get(pk=receipt.pk).acknowledged_at is None


def test_a_notice_is_unknown_to_who_may_not_know_of_the_application(world):
    notice = ways.noticed(world).notice
    address = reverse("admission:notice", args=[notice.pk])
    assert signed_in(world, "host").get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_list_narrows_by_number_title_receipts_and_day(world):
    first, second = ways.noticed(world).notice, crowd.acknowledged_by_one(world).notice
    for receipt in second.receipts.open():
        who = next(
            actor for actor in world.actors.values()
            if (receipt.body and actor.code == receipt.body.code) or (receipt.unit and actor.unit_id == receipt.unit_id)
        )  # fmt: skip
        actions.acknowledge(receipt, by=who, at=world.at())
    client = signed_in(world, "office")

    def numbers(**query: str) -> list[str]:
        shown = client.get(reverse("admission:notices"), query).context["object_list"]
        return [row.number for row in shown]

    assert numbers() == [second.number, first.number]
    assert numbers(receipts="open") == [first.number]
    assert numbers(receipts="whole") == [second.number]
    assert numbers(q=first.number.replace("〔", "[").replace("〕", "]")) == [first.number]
    assert numbers(q="充电安全") == [second.number, first.number]
    assert numbers(since="2026-11-03") == []
    assert numbers(since="昨天") == [second.number, first.number]


def test_lists_and_pages_cost_the_same_however_many_there_are(world, django_assert_max_num_queries):
    ways.noticed(world)
    client = signed_in(world, "office")
    notice = ways.noticed(world).notice
    with django_assert_max_num_queries(12):
        client.get(reverse("admission:notices"))
    with django_assert_max_num_queries(14):
        page(client, notice)


# --- the public
def outcomes(client: Client | None = None, **query: str) -> str:
    response = (client or Client()).get(reverse("admission:outcomes"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_public_sees_outcomes_while_their_span_runs_and_no_draft(world):
    approved, waiting = ways.approved(world), ways.awaiting(world)
    actions.save_draft(crowd.empty_draft(world), by=world.actors["dept"], at=world.at(), fields={"title": "悄悄的草稿"})
    html = outcomes()
    assert "准予准入" in html
    assert html.count(approved.title) == 1
    assert waiting.title == approved.title
    assert "悄悄的草稿" not in html
    last = approved.deadlines.get(clock="publicity").due_on
    with time_machine.travel(f"{last + timedelta(days=1)} 10:00+08:00"):
        assert "现在没有正在公示的结果" in outcomes()


def test_a_refusal_is_public_as_an_outcome_without_its_reason(world):
    rejected = ways.WAYS["rejected"](world)
    html = outcomes()
    assert "不予准入" in html
    assert rejected.decision.text not in html


def test_filing_early_does_not_end_the_publicity(world):
    ways.filed(world)
    assert "准予准入" in outcomes()


def test_no_personal_datum_leaves_for_the_public(world):
    notice = ways.noticed(world).notice
    html = outcomes(number=notice.number)
    assert notice.content["title"] in html
    assert [word for word in ("负责人", "经办人", "0731", "检测线路", notice.issued_by) if word in html] == []


@pytest.mark.parametrize(
    "typed",
    ["准告〔2026〕1号", "准告[2026]1号", " 准告 (2026) 1号 ", "准告（2026）1号", "准告[2026]1", "准告〔２０２６〕１号"],  # noqa: RUF001
)
def test_a_number_is_found_however_it_is_typed(world, typed):
    ways.noticed(world)
    assert normalised(typed) == "准告〔2026〕1号"
    assert "还没有到施行日期" in outcomes(number=typed)


def test_an_unknown_number_is_said_to_be_unknown(world):
    ways.noticed(world)
    html = outcomes(number="准告〔2026〕99号")
    assert "没有这个文号" in html
    assert "社区可以不接" in html
    assert "id_number_error" in outcomes(number="")


def test_the_check_knows_what_became_of_the_item(world):
    application = ways.noticed(world)
    notice = application.notice
    assert validity(notice, on=date(2027, 1, 3)).answer == "还没有到施行日期"
    assert validity(notice, on=date(2027, 1, 4)).tone == "yes"
    assert validity(notice, on=date(2027, 7, 1)).answer == "已经不再有效"
    exit_notice = ways.noticed(world, kind=Kind.EXIT, item=application.item).notice
    assert ItemVersion.objects.known().filter(notice_number=exit_notice.number).count() == 0
    assert validity(exit_notice, on=date(2027, 2, 1)).answer == "有这张告知单"


def test_a_county_without_an_office_shows_a_page_all_the_same(db):
    assert "还没有下发过工作告知单" in outcomes()


def test_the_county_in_the_address_is_shown(world):
    other = type(world.county).objects.create(code="430204", name="石峰区", kind="county")
    type(world.units["host"]).objects.create(division=other, name="民政局", hosts_office=True)
    ways.approved(world)
    assert "现在没有正在公示的结果" in outcomes(county="430204")
    assert "准予准入" in outcomes(county="430211")
    assert "准予准入" in outcomes(client=holding(world.actors["street0"]))


def test_a_notice_cites_laws_in_title_marks(world):
    assert ways.noticed(world).notice.content["bases"] == ["《安全生产法》 第九条"]


def test_the_dossier_names_the_post_of_who_decided_once(world):
    html = signed_in(world, "office").get(reverse("admission:dossier", args=[ways.approved(world).pk])).content.decode()
    assert "审核委员会副主任" in html
    assert "（副主任）" not in html


def test_the_foot_of_a_page_names_no_office_that_does_not_exist(world):
    assert "株洲市社区工作事项审核委员会办公室" not in signed_in(world, "city").get("/").content.decode()
    assert "天元区社区工作事项审核委员会办公室" in signed_in(world, "office").get("/").content.decode()
