"""The list by kind: what must not be asked of communities stands beside what is admitted, each with its basis."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from base.models import Event
from communities.models import Division
from communities.roles import Role, system
from tests.admission.signing import hidden_fields
from tests.factories import NOW, actor, admitted, content
from tests.worklists.test_finding import rows
from worklists import actions, registers
from worklists.kinds import SubjectType, Wrong
from worklists.lists import AsOf
from worklists.models import Refusal, RegisterRule
from worklists.receiving import check
from worklists.receiving.refusing import Asked, refuse
from worklists.receiving.verdicts import Code

pytestmark = pytest.mark.django_db
HERE = "430211001001"
WORDS = Path(__file__).parent
TODAY, DAY = NOW.date(), timedelta(days=1)
PAPER = "民发〔2020〕20号"


@pytest.fixture
def carried(db):
    """What the portal brings along."""
    actions.enter_rules(registers.carried(), by=system(), at=NOW)


@pytest.fixture
def place(county):
    return Division.objects.select_related("community").get(code=HERE)


def rule(title="在职证明", **fields):
    said = {
        "owner_code": "", "subject_type": SubjectType.PROOF, "stance": "forbidden", "is_binding": True,
        "basis": "市里的文件", "in_force": DateRange(date(2026, 1, 1), None),
    }  # fmt: skip
    return RegisterRule(title=title, **{**said, **fields})


def entered(*rules, at=NOW):
    return actions.enter_rules(rules, by=system(), at=at)


def offered(text, place, on=TODAY):
    return [found.candidate.fields["title"] for found in check.like(text, place, AsOf(on))]


# --- what the portal brings along ---------------------------------------------------------------------------
def test_twenty_proofs_must_not_be_asked_by_one_document_and_three_plates_are_the_rule_of_another_place(carried):
    proofs = RegisterRule.objects.forbidding()
    assert {(row.subject_type, row.owner_code) for row in proofs} == {("proof", "")}
    assert len({row.title for row in proofs}) == proofs.count() == 20
    assert all(PAPER in row.basis and row.title.endswith("证明") for row in proofs)
    plates = RegisterRule.objects.filter(subject_type="body_or_plate")
    assert {(row.stance, row.is_binding) for row in plates} == {("only", False)}
    assert [row.title for row in plates.order_by("pk")] == [
        "社区党组织的牌子", "社区居民委员会的牌子", "社区服务站的牌子",
    ]  # fmt: skip
    assert all("顺义" in row.basis and "三块牌子" in row.basis for row in plates)


def test_the_command_may_be_repeated_and_leaves_one_line(db, capsys):
    call_command("load_register_rules")
    call_command("load_register_rules")
    assert "载入了 23 条" in capsys.readouterr().out
    assert RegisterRule.objects.count() == 23
    assert Event.objects.get(kind="worklists.register.enter").data["says"] == "载入分类清单规定：23 条"


def test_a_rule_that_says_something_new_is_recorded_beside_the_old_one(db):
    assert [entered(rule()), entered(rule(), rule("离职证明")), entered(rule(basis="新的文件"), at=NOW + DAY)] == [
        1,
        1,
        1,
    ]
    then, now = (
        RegisterRule.objects.of_place(HERE, on=TODAY, known_at=at).get(title="在职证明").basis
        for at in (NOW + DAY / 2, None)
    )
    assert (then, now) == ("市里的文件", "新的文件")


def test_a_rule_is_of_its_place_and_its_time(county):
    here, there = rule("甲证明", owner_code="430211"), rule("乙证明", owner_code="430204")
    city, later = rule("丙证明", owner_code="4302"), rule("丁证明", in_force=DateRange(NOW.date() + DAY, None))
    entered(here, there, city, later)
    titles = [
        sorted(RegisterRule.objects.of_place(HERE, on=on).values_list("title", flat=True))
        for on in (NOW.date(), NOW.date() + DAY)
    ]
    assert titles == [sorted(["甲证明", "丙证明"]), sorted(["甲证明", "丙证明", "丁证明"])]


# --- the database --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("rule_once_in_both_times", {}),
        ("rule_ranges_not_empty", {"title": "别的", "in_force": DateRange(empty=True)}),
        ("rule_ranges_not_empty", {"title": "别的", "in_force": DateRange(None, None)}),
        ("rule_named_with_its_basis", {"title": ""}),
        ("rule_named_with_its_basis", {"title": "别的", "basis": ""}),
    ],
)
def test_the_database_refuses_a_bad_rule(db, name, fields):
    entered(rule())
    bad = rule(**fields)
    bad.recorded = DateTimeTZRange(NOW, None)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        bad.save()


def test_a_rule_is_never_rewritten_nor_deleted(db):
    entered(rule())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RegisterRule.objects.update(title="改写")
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        RegisterRule.objects.all()._raw_delete("default")


# --- the check -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("开无犯罪记录证明", "无犯罪记录证明"), ("请社区给居民开具亲属关系证明", "亲属关系证明"),
        ("银行要求社区盖章，证明老人健在", "健在证明"), ("给他开个单身证明", "婚姻状况证明"),
        ("养狗证明", "居民养犬证明"), ("社区给开个死亡证明", "死亡证明"), ("房产证明", "居民财产证明"),
        ("公司注册地址证明", "市场主体住所证明"), ("身份证丢了，出个丢失证明", "证件遗失证明"),
    ],
)  # fmt: skip
def test_a_forbidden_proof_is_found_first(carried, place, county, typed, title):
    admitted(county)
    assert offered(typed, place)[:1] == [title]


@pytest.mark.parametrize(
    "typed",
    [
        "残疾人服务",
        "户口登记",
        "社区档案收集和保管",
        "开证明",
        "情况证明",
        "在校证明",
        "收入证明",
        "证明",
        "盖章",
        "挂社区党组织的牌子",
    ],
)
def test_a_task_that_asks_for_none_of_the_proofs_finds_none(carried, place, typed):
    assert offered(typed, place) == []


def test_every_forbidden_proof_is_found_by_its_name_alone_and_in_a_sentence(carried, place):
    titles = list(RegisterRule.objects.forbidding().values_list("title", flat=True))
    assert [title for title in titles if offered(title, place)[:1] != [title]] == []
    assert [title for title in titles if offered(f"请社区开一张{title}", place)[:1] != [title]] == []


def test_what_concerns_no_proof_finds_none_and_an_item_of_the_list_is_not_taken_for_one(carried, place):
    assert {row["text"] for row in rows(WORDS / "unrelated.csv") if offered(row["text"], place)} == set()
    found = {row["text"] for row in rows(WORDS / "phrases.csv") if offered(row["text"], place)}
    assert found == {"领社保的老人刷脸，证明还健在"}


def test_what_another_place_allows_forbids_nothing_here(carried, place):
    plate = RegisterRule.objects.get(title="社区服务站的牌子")
    assert check.rule_of(str(plate.pk), place, AsOf(TODAY)) is None


def test_a_rule_of_a_kind_without_a_word_of_its_own_is_found_by_its_name(place):
    entered(rule("每月走访打卡", subject_type=SubjectType.WORK_ITEM, owner_code="430211", quote="一律取消。"))
    assert offered("每月走访都要打卡", place) == ["每月走访打卡"]
    found = check.picked_verdict(RegisterRule.objects.get(), place, AsOf(TODAY))
    assert (found.title, found.text) == ("不得要求社区办理", "“每月走访打卡”不得要求社区办理。")
    assert [line.text for line in found.evidence][1:] == ["一律取消。"]


def test_before_the_document_nothing_was_forbidden(carried, place):
    assert offered("开无犯罪记录证明", place, date(2020, 1, 1)) == []
    proof = RegisterRule.objects.get(title="无犯罪记录证明")
    assert check.rule_of(str(proof.pk), place, AsOf(date(2020, 1, 1))) is None


def test_the_verdict_names_the_document_and_its_day(carried, place):
    proof = RegisterRule.objects.get(title="无犯罪记录证明")
    found = check.picked_verdict(proof, place, AsOf(TODAY))
    assert (found.code, found.is_lawful, found.title) == (Code.FORBIDDEN, False, "不得要求社区出具")
    assert found.text == "“无犯罪记录证明”不得要求社区出具。"
    assert PAPER in found.evidence[0].source


def test_typed_picked_and_refused_with_the_wrong_and_the_ground_of_the_document(carried, county, sign_in):
    with time_machine.travel(NOW, tick=False):
        client = sign_in(Role.COMMUNITY, HERE)
        proof = RegisterRule.objects.get(title="无犯罪记录证明")
        asked = {"q": "开无犯罪记录证明", "rule": proof.pk}
        found = client.get("/check/", {"q": asked["q"]}).content.decode()
        assert f"rule={proof.pk}" in found
        assert "明文禁止" in found
        verdict = client.get("/check/", asked).content.decode()
        assert "不得要求社区出具" in verdict
        assert "/registers/430211/proof/" in verdict
        assert f"&amp;rule={proof.pk}" in verdict
        form = client.get("/refusals/new/", asked)
        assert form.context["form"]["wrong"].value() == Wrong.PROOF
        sent = {
            **hidden_fields(form), "what": asked["q"], "wrong": "proof", "department_text": "某银行",
            "channel": "group_chat", "happened_on": "2026-11-20",
        }  # fmt: skip
        paper = client.post(f"/refusals/new/?q=x&rule={proof.pk}", sent, follow=True).content.decode()
    kept = Refusal.objects.get()
    assert (kept.verdict, kept.rule, kept.item) == ("forbidden", proof, None)
    assert PAPER in kept.content["ground"]
    assert kept.content["finding"] == "“无犯罪记录证明”不得要求社区出具。"
    assert PAPER in paper
    assert "申请准入" not in paper


def test_another_wrong_keeps_its_own_ground(carried, county):
    proof = RegisterRule.objects.get(title="无犯罪记录证明")
    asked = Asked(what="开证明", department_text="某局", channel="group_chat", happened_on=TODAY, wrong=Wrong.UNFUNDED)
    kept = refuse(asked, picked=proof, by=actor(Role.COMMUNITY, HERE), at=NOW)
    assert PAPER not in kept.content["ground"]


def test_a_refusal_names_the_rule_where_it_is_forbidden_and_only_there(carried, county):
    """refusal_of_what_is_forbidden_by_a_rule."""
    asked = Asked(what="开证明", department_text="某局", channel="group_chat", happened_on=TODAY, wrong=Wrong.PROOF)
    kept = refuse(asked, picked=None, by=actor(Role.COMMUNITY, HERE), at=NOW)
    for number, verdict, forbidding in (("2号", "forbidden", None), ("3号", "never", RegisterRule.objects.first())):
        kept.pk, kept.number, kept.verdict, kept.rule = None, number, verdict, forbidding
        with pytest.raises(IntegrityError, match="refusal_of_what_is_forbidden_by_a_rule"), transaction.atomic():
            kept.save(force_insert=True)


@pytest.mark.parametrize("key", ["0", "x", "٣", "99999999999999999999"])
def test_a_rule_that_is_none_is_not_found(carried, county, sign_in, key):
    client = sign_in(Role.COMMUNITY, HERE)
    assert client.get("/check/", {"q": "证明", "rule": key}).status_code == 404
    assert client.get("/refusals/new/", {"q": "证明", "rule": key}).status_code == 404


# --- the pages -----------------------------------------------------------------------------------------------
def page(client, address="/registers/430211/", **asked):
    with time_machine.travel(NOW, tick=False):
        return client.get(address, asked)


def test_the_eleven_kinds_are_counted_for_everybody(carried, county, client):
    admitted(county)
    admitted(county, said=content("居民意见台账", subject_type=SubjectType.LEDGER))
    lines = {each.subject: each for each, _url in page(client).context["lines"]}
    assert list(lines) == list(SubjectType)
    assert (lines["work_item"].admitted, lines["ledger"].admitted, lines["proof"].admitted) == (1, 1, 0)
    assert (lines["proof"].binding, lines["body_or_plate"].reference, lines["body_or_plate"].binding) == (20, 3, 0)


def test_a_kind_shows_what_must_not_be_asked_what_is_admitted_and_what_others_do(carried, county, client):
    admitted(county, said=content("居民意见台账", subject_type=SubjectType.LEDGER))
    ledgers = page(client, "/registers/430211/ledger/").content.decode()
    assert "居民意见台账" in ledgers
    assert "不得要求社区的" not in ledgers
    proofs = page(client, "/registers/430211/proof/").content.decode()
    assert "无犯罪记录证明" in proofs
    assert PAPER in proofs
    assert "居民意见台账" not in proofs
    plates = page(client, "/registers/430211/body_or_plate/").content.decode()
    assert "在本区县没有约束力" in plates
    assert "社区服务站的牌子" in plates


def test_a_past_day_shows_what_was_so_then_and_leads_on_to_that_day(carried, county, client):
    past = page(client, on="2020-01-01")
    assert {each.binding for each, _url in past.context["lines"]} == {0}
    assert {url[-14:] for _each, url in past.context["lines"]} == {"?on=2020-01-01"}
    assert "无犯罪记录证明" not in page(client, "/registers/430211/proof/", on="2020-01-01").content.decode()


def test_a_day_that_is_none_leaves_today_with_a_sentence(carried, county, client):
    found = page(client, on="昨天")
    assert "日期写得不对" in found.content.decode()
    assert found.context["asof"] == AsOf(TODAY)


def test_one_county_leads_straight_on_and_the_list_leads_here(county, client):
    admitted(county)
    assert client.get("/registers/").url == "/registers/430211/"
    assert "/registers/430211/" in page(client, "/lists/430211/").content.decode()


@pytest.mark.parametrize("address", ["/registers/999999/", "/registers/430211/nothing/", "/registers/430211001/"])
def test_what_is_no_county_and_no_kind_is_not_found(county, client, address):
    assert client.get(address).status_code == 404
