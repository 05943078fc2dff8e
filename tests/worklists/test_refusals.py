"""拒绝告知书: numbered, with the evidence of the day, told to who asked, the street and the office; never changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from base.errors import NotAllowed, RuleViolation
from base.models import Event, Message, Outbox
from communities.roles import Role
from tests.admission.signing import hidden_fields
from tests.factories import NOW, DepartmentFactory, actor, admitted
from worklists.kinds import GROUNDS, Wrong
from worklists.models import Refusal
from worklists.receiving.refusing import Asked, refuse

pytestmark = pytest.mark.django_db
HERE, STREET = "430211001001", "430211001"
COMMUNITY = actor(Role.COMMUNITY, HERE)
ASKED = Asked(
    what="每天在工作群里打卡", department_text="城管局", channel="group_chat", happened_on=date(2026, 11, 20),
    wrong=Wrong.UNAPPROVED,
)  # fmt: skip


@pytest.fixture
def bureau(county):
    DepartmentFactory.create(division=county, name="区民政局", hosts_office=True)
    return DepartmentFactory.create(division=county, name="区城管局")


def refused(picked=None, *, by=COMMUNITY, at=NOW, **fields):
    return refuse(replace(ASKED, **fields), picked=picked, by=by, at=at)


def test_a_refusal_is_numbered_and_says_what_the_list_said_that_day(county):
    first, second = refused(), refused()
    assert [first.number, second.number] == ["天元区社拒〔2026〕1号", "天元区社拒〔2026〕2号"]
    assert first.content["place"] == "湘银社区"
    assert first.content["to"] == "城管局"
    assert first.content["ground"] == str(GROUNDS[Wrong.UNAPPROVED])
    assert first.content["evidence"][0]["source"].endswith("第四条")
    line = Event.objects.about(first).get()
    assert (line.data["says"], line.audience) == ("出具拒绝告知书：每天在工作群里打卡", [STREET])


def test_it_keeps_the_version_it_rests_on_whatever_is_recorded_afterwards(county):
    item = admitted(county, ends_on=NOW.date() - timedelta(days=1))
    kept = refused(item)
    assert (kept.verdict, kept.item) == ("ended", item)
    assert "流动人口登记管理" in kept.content["finding"]
    assert any("株天社准告〔2026〕1号" in line["source"] for line in kept.content["evidence"])


def test_who_asked_the_street_and_the_office_are_told(bureau):
    refused(department=bureau, department_text="城管局")
    boxes = set(Outbox.objects.values_list("inbox", flat=True))
    assert boxes == {f"applicant:{bureau.pk}", f"street:{STREET}"} | {box for box in boxes if box.startswith("office")}
    assert len(boxes) == 3
    assert "湘银社区不承接" in Message.objects.get().title


def test_what_is_on_the_list_is_not_refused_as_unapproved_but_may_be_for_another_wrong(county):
    item = admitted(county)
    with pytest.raises(RuleViolation, match="今天在清单上"):
        refused(item)
    assert refused(item, wrong=Wrong.UNFUNDED).verdict == "listed"


@pytest.mark.parametrize("wrong", Wrong)
def test_each_wrong_is_told_apart_with_its_ground(county, wrong):
    content = refused(wrong=wrong).content
    assert (content["wrong"], content["ground"]) == (str(wrong.label), str(GROUNDS[wrong]))


@pytest.mark.parametrize("by", [actor(Role.OFFICE), actor(Role.APPLICANT), actor(Role.DIRECTOR), actor(Role.AUDITOR)])
def test_streets_and_communities_refuse_and_nobody_else(county, by):
    with pytest.raises(NotAllowed, match="由街道（乡镇）或社区出具"):
        refused(by=by)


def test_a_day_ahead_is_refused_and_no_number_is_used(county):
    with pytest.raises(RuleViolation, match="不能晚于今天"):
        refused(happened_on=NOW.date() + timedelta(days=1))
    assert refused().number.endswith("1号")


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        (actor(Role.COMMUNITY, HERE), True), (actor(Role.COMMUNITY, "430211001002"), False),
        (actor(Role.STREET, STREET), True), (actor(Role.STREET, "430211002"), False),
        (actor(Role.OFFICE), True), (actor(Role.DIRECTOR), True), (actor(Role.CITY, "4302"), True),
        (actor(Role.OFFICE, "430204"), False), (actor(Role.MEMBER), False), (actor(Role.ADMIN), False),
    ],
)  # fmt: skip
def test_who_may_know_of_it(county, reader, sees):
    refused()
    assert Refusal.objects.visible_to(reader).exists() is sees


def test_the_unit_that_asked_reads_it_and_no_other_unit(county, bureau):
    refused(department=bureau)
    other = DepartmentFactory.create(division=county, name="区教育局")
    seen = [Refusal.objects.visible_to(actor(Role.APPLICANT, unit=unit)).exists() for unit in (bureau, other)]
    assert seen == [True, False]


def test_the_database_refuses_to_change_it_and_to_call_listed_work_unapproved(county):
    """refusal_append_only, refusal_not_of_what_is_on_the_list."""
    kept = refused()
    for act in (lambda: Refusal.objects.update(what="别的"), kept.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    kept.pk, kept.number, kept.verdict = None, "2号", "listed"
    with pytest.raises(IntegrityError, match="refusal_not_of_what_is_on_the_list"), transaction.atomic():
        kept.save(force_insert=True)


# --- the pages ---------------------------------------------------------------------------------------------
FIELDS = {
    "what": "每天在工作群里打卡", "wrong": "unapproved", "department_text": "城管局", "channel": "group_chat",
    "happened_on": "2026-11-20", "remark": "每天两次，占去半小时。",
}  # fmt: skip


@time_machine.travel(NOW, tick=False)
def test_from_the_check_to_the_paper_in_two_clicks(bureau, sign_in):
    client = sign_in(Role.COMMUNITY, HERE)
    checked = client.get("/check/", {"q": "每天在工作群里打卡", "item": "none"}).content.decode()
    assert "/refusals/new/?q=" in checked
    address = "/refusals/new/?q=每天在工作群里打卡&item=none"
    form = client.get(address)
    assert form.context["form"].initial["what"] == "每天在工作群里打卡"
    done = client.post(address, {**FIELDS, **hidden_fields(form)}, follow=True)
    html = done.content.decode()
    assert Refusal.objects.count() == 1
    assert "社区工作拒绝告知书" in html
    assert "天元区社拒〔2026〕1号" in html
    assert "每天两次，占去半小时。" in html
    assert "天元区社拒〔2026〕1号" in client.get("/refusals/").content.decode()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"department_text": ""}, "请选一个单位，或者写下单位名称。"), ({"what": ""}, "field--error"),
        ({"happened_on": "2026-12-20"}, "交办日期不能晚于今天"), ({"wrong": "别的"}, "field--error"),
        ({"what": "字" * 301}, "300"),
    ],
)  # fmt: skip
def test_a_bad_form_keeps_what_was_typed(bureau, sign_in, changed, says):
    client = sign_in(Role.COMMUNITY, HERE)
    form = client.get("/refusals/new/")
    html = client.post("/refusals/new/", {**FIELDS, **hidden_fields(form), **changed}).content.decode()
    assert says in html
    assert "每天两次，占去半小时。" in html
    assert not Refusal.objects.exists()


def test_markup_and_formulas_in_it_are_text(county, sign_in):
    kept = refused(what="=1+1<script>alert(1)</script>")
    with time_machine.travel(NOW, tick=False):
        html = sign_in(Role.COMMUNITY, HERE).get(f"/refusals/{kept.pk}/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
