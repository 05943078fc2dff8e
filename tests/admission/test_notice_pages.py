"""The work notice as it is printed, its receipts, the list of notices, and what the public may check."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from admission import actions
from admission.models import Application, NoticeReceipt, WorkNotice
from admission.presentation.notice import document, normalised
from admission.presentation.validity import validity
from admission.procedure import Kind
from tests.admission import crowd
from tests.admission import world as ways
from tests.admission.browsing import holding, signed_in
from worklists import actions as worklists
from worklists.kinds import Ending
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


def changed_and_smaller(world) -> WorkNotice:
    """A change of name that leaves one street and one community of the other."""
    item = ways.carry_through(world, begun_in_2026(world)).item
    draft = ways.drafted(world, kind=Kind.CHANGE, item=item)
    dept, fields = world.actors["dept"], {"title": "充电安全隐患登记", "starts_on": date(2027, 1, 4)}
    rows = actions.DraftRows(scope=[world.communities[0]], plan={"community_does": "只登记。"})
    draft = actions.save_draft(draft, by=dept, at=world.at(), fields=fields, rows=rows)
    return ways.carry_through(world, draft).notice


def test_the_notice_of_a_change_says_what_changes_and_who_loses_the_item(world):
    notice = changed_and_smaller(world)
    parts = {part.title.partition("、")[2]: part for part in document(notice, []).parts}
    changed = dict(parts["变更的内容"].table)
    assert changed["事项名称"] == f"原来：{ways.FIELDS['title']}\n改为：充电安全隐患登记"
    assert changed["社区做什么"] == "原来：带路、告知、登记、报告。\n改为：只登记。"
    assert changed["实施范围"] == "原来：嵩山路街道、泰山路街道\n改为：嵩山1社区"
    assert "2027年1月4日至" in changed["施行期间"].partition("改为")[2]
    assert parts["不再办理的地方"].paragraphs == ["2027年1月4日起，嵩山2社区、泰山路街道不再办理这一事项。"]


@pytest.mark.parametrize(
    ("name", "loses"),
    [("community0", False), ("community1", True), ("street0", False), ("street1", True), ("community2", True),
     ("dept", False), ("office", False)],
)  # fmt: skip
def test_who_only_loses_the_item_reads_that_there_is_nothing_to_do(world, name, loses):
    notice = changed_and_smaller(world)
    html = page(signed_in(world, name), notice)
    assert ("从2027年1月4日起，这一事项不再由您这里办理。" in html.partition("<article")[0]) is loses


def test_the_preview_of_a_notice_says_what_changes_too(world):
    item = ways.noticed(world).item
    world.title = "充电安全隐患登记"
    ready = ways.approved(world, kind=Kind.CHANGE, item=item)
    address = reverse("admission:step", args=[ready.pk, "issue_notice"])
    assert "变更的内容" in signed_in(world, "office").get(address).content.decode()


def test_notices_of_before_the_difference_was_kept_still_print(world):
    notice = changed_and_smaller(world)
    for key in ("changed", "leaves", "listed_title"):
        del notice.content[key]
    titles = [part.title for part in document(notice, []).parts]
    assert not any("变更的内容" in title or "不再办理" in title for title in titles)


def test_everybody_loses_what_leaves_the_list(world):
    notice = ways.noticed(world, kind=Kind.EXIT, item=ways.noticed(world).item).notice
    assert "这一事项不再由您这里办理" in page(signed_in(world, "community3"), notice)


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


def test_who_has_read_to_the_end_acknowledges_there_and_sees_who_has_not(world):
    notice = ways.noticed(world).notice
    client = signed_in(world, "community0")
    receipt = notice.receipts.get(body=world.communities[0])
    acknowledge = reverse("admission:notice-receipt", args=[receipt.pk])
    _head, _sheet, below = page(client, notice).partition('class="below')
    assert acknowledge in below
    assert [str(row.body) in below.partition("<table")[0] for row in notice.receipts.filter(body=receipt.body)] == [
        True
    ]
    client.post(acknowledge)
    below = page(client, notice).partition('class="below')[2]
    assert str(receipt.body) not in below.partition("<table")[0]


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


def test_an_approval_that_was_taken_back_is_no_longer_public(world):
    item = ways.noticed(world).item
    world.title = "变更以后又撤回的事项"
    application = ways.approved(world, kind=Kind.CHANGE, item=item)
    assert application.title in outcomes()
    ended = {"ends_on": date(2027, 1, 4), "ending": Ending.REMOVED, "by": world.actors["office"], "at": world.at()}
    worklists.retire_item(item, **ended)
    actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="清单已经移出。")
    assert application.title not in outcomes()


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
    ["准告〔2026〕1号", "准告[2026]1号", "准告 (2026) 1号 ", "准告（2026）1号", "准告[2026]1", "准告〔２０２６〕１号"],  # noqa: RUF001
)
def test_a_number_is_found_however_it_is_typed(world, typed):
    ways.noticed(world)
    typed = f" 天元区{typed}"
    assert normalised(typed) == "天元区准告〔2026〕1号"
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


def test_until_a_change_begins_the_check_says_to_follow_what_is_in_force(world):
    world.title = "今年就办的事项"
    item = ways.carry_through(world, begun_in_2026(world)).item
    change = ways.noticed(world, kind=Kind.CHANGE, item=item).notice
    before = validity(change, on=date(2026, 12, 1))
    assert before.answer == "变更还没有开始"
    assert before.text == "2027年1月4日起按变更后的内容办，这以前仍按原来的内容办。"
    assert validity(change, on=date(2027, 1, 4)).tone == "yes"


def test_until_a_change_begins_nothing_is_followed_where_nothing_is_in_force(world):
    item = ways.noticed(world).item
    change = ways.noticed(world, kind=Kind.CHANGE, item=item).notice
    assert validity(change, on=date(2026, 12, 1)).text == "2027年1月4日起施行，这以前社区不用办。"


def test_until_its_day_an_exit_leaves_the_item_going_on(world):
    item = ways.carry_through(world, begun_in_2026(world)).item
    leaves = ways.noticed(world, kind=Kind.EXIT, item=item).notice
    said = validity(leaves, on=date(2026, 12, 1)).text
    assert said == "这张告知单把事项从清单上退出，2027年1月4日起社区不再办理；这以前照常办理。"
    assert "照常" not in validity(leaves, on=date(2027, 1, 4)).text


def test_an_exit_of_what_never_began_says_nothing_of_going_on(world):
    leaves = ways.noticed(world, kind=Kind.EXIT, item=ways.noticed(world).item).notice
    assert "照常" not in validity(leaves, on=date(2026, 12, 1)).text


def begun_in_2026(world) -> Application:
    """A finished draft of work that begins with its notice."""
    application = ways.drafted(world)
    fields = {"starts_on": date(2026, 11, 2)}
    return actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields=fields)


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
