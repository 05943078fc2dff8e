"""Beginning an application: three ways to a draft, the item where there is one, after a report, after a refusal."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admission import actions, requirements
from admission.models import Application
from admission.procedure import Kind
from base.errors import RuleViolation
from communities.models import CountySetting, Department
from tests.admission import world as ways
from tests.admission.signing import signed_in
from tests.factories import admitted, content
from worklists.models import UnapprovedReport
from worklists.receiving import actions as receiving

NEW = reverse("admission:new")


@pytest.fixture(autouse=True)
def _a_working_day(world):
    with time_machine.travel(world.at(), tick=False):
        yield


def listed(world, title="流动人口登记管理", unit="dept", **fields):
    """An item of the county's list that belongs to a unit."""
    said = content(title, department_text=world.units[unit].name, department_id=world.units[unit].pk, **fields)
    return admitted(world.county, said=said, at=world.at(), scope=[world.streets[0].code])


def begun():
    """The application that was made last."""
    return Application.objects.order_by("-pk").first()


# --- three ways --------------------------------------------------------------------------------------------
def test_a_department_begins_for_itself(world):
    client = signed_in(world.actors["dept"])
    assert [kind["label"] for kind in client.get(NEW).context["kinds"]] == [kind.label for kind in Kind]
    answer = client.post(f"{NEW}?kind=admission", {"subject_type": "ledger"})
    made = begun()
    assert answer.url == reverse("admission:edit", args=[made.pk])
    assert (made.kind, made.subject_type, made.applicant, made.prepared_by) == (
        "admission", "ledger", world.units["dept"], None
    )  # fmt: skip


def test_a_street_begins_for_itself_with_its_own_place(world):
    client = signed_in(world.actors["street0"])
    client.post(f"{NEW}?kind=admission", {"subject_type": "work_item", "whose": "own"})
    made = begun()
    assert (made.applicant, made.prepared_by, list(made.scope.all())) == (
        world.units["street0"], None, [world.streets[0]]
    )  # fmt: skip


def test_a_street_prepares_for_a_department(world):
    client = signed_in(world.actors["street0"])
    url, said = f"{NEW}?kind=admission", {"subject_type": "work_item", "whose": "on_behalf"}
    assert "请选部门。" in client.post(url, said).content.decode()
    client.post(url, {**said, "applicant": world.units["dept"].pk})
    made = begun()
    assert (made.applicant, made.prepared_by, list(made.scope.all())) == (
        world.units["dept"], world.units["street0"], [world.streets[0]]
    )  # fmt: skip


@pytest.mark.parametrize("unit", ["street1", "gone", "nobody"])
def test_a_street_prepares_only_for_a_department_of_its_county_that_exists(world, unit):
    world.units["gone"] = Department.objects.create(division=world.county, name="旧局", ends_on=date(2025, 1, 1))
    key = world.units[unit].pk if unit in world.units else 999_999
    said = {"subject_type": "work_item", "whose": "on_behalf", "applicant": key}
    answer = signed_in(world.actors["street0"]).post(f"{NEW}?kind=admission", said)
    assert "没有这个部门，或者它已经撤销，请重新选。" in answer.content.decode()
    assert begun() is None


def test_where_the_county_reads_article_five_strictly_a_street_only_prepares(world):
    CountySetting.objects.create(
        county=world.county, key="street_may_apply", value=False, basis="区里规定", since=date(2026, 1, 1)
    )
    client = signed_in(world.actors["street0"])
    assert 'value="own"' not in client.get(f"{NEW}?kind=admission").content.decode()
    client.post(f"{NEW}?kind=admission", {"subject_type": "work_item", "whose": "own"})
    assert begun() is None


@pytest.mark.parametrize("who", ["office", "director", "member", "community0", "auditor", "city", "admin"])
def test_nobody_else_begins(world, who):
    answer = signed_in(world.actors[who]).get(NEW)
    assert answer.status_code == 403
    assert "只有部门和街道（乡镇）可以提出申请" in answer.content.decode()


def test_unfinished_drafts_are_offered_first(world):
    draft = ways.drafted(world)
    prepared = ways.drafted(world, by="street0", applicant=world.units["dept"])
    ways.drafted(world, by="host")
    found = signed_in(world.actors["dept"]).get(NEW).context["drafts"]
    assert set(found) == {draft, prepared}


# --- of an item --------------------------------------------------------------------------------------------
def test_a_department_finds_its_own_items_and_those_it_succeeded(world):
    mine = listed(world)
    old = Department.objects.create(division=world.county, name="安监局", successor=world.units["dept"])
    world.units["old"] = old
    inherited = listed(world, "安全生产检查", "old")
    listed(world, "低保核查", "host")
    client = signed_in(world.actors["dept"])
    page = client.get(f"{NEW}?kind=change")
    assert {row.item for row in page.context["page"]} == {mine, inherited}
    assert [row.item for row in client.get(f"{NEW}?kind=change&q=流动人口").context["page"]] == [mine]
    assert "没有找到" in client.get(f"{NEW}?kind=change&q=垃圾分类").content.decode()


def test_a_change_begins_with_what_stands_on_the_list(world):
    item = listed(world, does="登记、报告。", does_not="不收费。", category="undertake")
    answer = signed_in(world.actors["dept"]).post(f"{NEW}?kind=change&item={item.pk}")
    made = begun()
    assert answer.status_code == 302
    assert (made.kind, made.item, made.title, made.category) == ("change", item, "流动人口登记管理", "undertake")
    assert list(made.scope.all()) == [world.streets[0]]
    assert (made.plans.get().community_does, made.plans.get().community_does_not) == ("登记、报告。", "不收费。")


def test_a_change_begins_with_all_that_was_last_admitted_and_says_so(world):
    first = ways.noticed(world)
    second = ways.noticed(world, kind=Kind.CHANGE, item=first.item)
    dept = signed_in(world.actors["dept"])
    dept.post(f"{NEW}?kind=change&item={first.item.pk}")
    made = begun()
    plan, before = made.plans.get(), second.plans.order_by("number").last()
    assert [str(row) for row in made.bases.all()] == [str(row) for row in second.bases.all()]
    assert (plan.goal, plan.process, plan.money_amount) == (before.goal, before.process, before.money_amount)
    assert (made.ends_on, made.duration_type, made.contact_name) == (second.ends_on, "phase", second.contact_name)
    assert (made.starts_on, made.justification, made.adds_declared, made.seal_confirmed) == (None, "", False, False)
    html = dept.get(reverse("admission:edit", args=[made.pk, "basics"])).content.decode()
    assert f"能照 {second.number} 填的都已填好" in html


def test_an_exit_is_asked_why_from_when_and_what_becomes_of_it_and_nothing_of_new_work(world):
    item = ways.noticed(world).item
    dept = signed_in(world.actors["dept"])
    dept.post(f"{NEW}?kind=exit&item={item.pk}")
    made = begun()
    html = {
        part: dept.get(reverse("admission:edit", args=[made.pk, part])).content.decode()
        for part in ("grounds", "scope", "plan", "burden", "all")
    }
    of_work = ("can_be_purchased", "purchase_alternative", "duration_type", "adds_ledger", "adds_declared")
    assert [name for name in of_work if f'name="{name}"' in html["all"]] == []
    assert "退出的理由" in html["grounds"]
    assert "退出日期" in html["scope"]
    assert "交给谁" in html["plan"]
    assert "这一部分不用填" in html["burden"]
    assert not set(of_work) & {gap.field for gap in requirements.form_gaps(made)}
    actions.save_draft(made, by=world.actors["dept"], at=world.at(), fields={"starts_on": world.at().date()})
    check = dept.get(reverse("admission:edit-check", args=[made.pk])).content.decode()
    assert "计划的开始日期" not in check
    assert "时限类型" not in check


def test_an_item_alone_asks_whether_to_change_or_to_end_it(world):
    item = listed(world)
    page = signed_in(world.actors["dept"]).get(f"{NEW}?item={item.pk}")
    assert [(kind["label"], kind["url"]) for kind in page.context["kinds"]] == [
        ("变更", f"?kind=change&item={item.pk}"), ("退出", f"?kind=exit&item={item.pk}")
    ]  # fmt: skip


def test_another_departments_item_is_not_for_this_one(world):
    item = listed(world, unit="host")
    client = signed_in(world.actors["dept"])
    assert "变更和退出由原申请部门提出" in client.get(f"{NEW}?kind=exit&item={item.pk}").content.decode()
    client.post(f"{NEW}?kind=exit&item={item.pk}")
    assert begun() is None


def test_a_street_prepares_the_change_for_the_items_department(world):
    old = Department.objects.create(
        division=world.county, name="安监局", ends_on=date(2025, 1, 1), successor=world.units["dept"]
    )
    world.units["old"] = old
    item = listed(world, unit="old")
    client = signed_in(world.actors["street0"])
    assert 'name="whose"' not in client.get(f"{NEW}?kind=change&item={item.pk}").content.decode()
    client.post(f"{NEW}?kind=change&item={item.pk}")
    assert (begun().applicant, begun().prepared_by) == (world.units["dept"], world.units["street0"])


def test_what_is_under_way_about_the_same_item_is_shown_first(world):
    item = listed(world)
    client = signed_in(world.actors["dept"])
    client.post(f"{NEW}?kind=change&item={item.pk}")
    assert client.get(f"{NEW}?kind=exit&item={item.pk}").context["pending"] == [begun()]
    assert signed_in(world.actors["street1"]).get(f"{NEW}?kind=exit&item={item.pk}").context["pending"] == []


@pytest.mark.parametrize("item", ["999999", "x", "99999999999999999999"])
def test_an_unknown_item_is_not_found(world, item):
    assert signed_in(world.actors["dept"]).get(f"{NEW}?kind=change&item={item}").status_code == 404


def test_an_item_that_has_ended_or_stands_on_another_list_is_not_found(world):
    ended = admitted(world.county, ends_on=date(2026, 6, 30), at=world.at())
    citys = admitted(type(world.county).objects.get(code="4302"), scope=["430211"], at=world.at())
    client = signed_in(world.actors["dept"])
    for item in (ended, citys):
        assert client.get(f"{NEW}?kind=change&item={item.pk}").status_code == 404


def test_an_unknown_kind_asks_again(world):
    page = signed_in(world.actors["dept"]).get(f"{NEW}?kind=tax")
    assert len(page.context["kinds"]) == len(Kind)


# --- after a report, after a refusal -----------------------------------------------------------------------
def reported(world, *, unit="dept", urgent=False):
    """Unapproved work that was passed on to a department."""
    handed = receiving.Handed(
        department_text="应急局", what="沿街商铺登记", details="群里布置。",
        channel=UnapprovedReport.Channel.GROUP_CHAT, happened_on=date(2026, 10, 30),
        done=UnapprovedReport.Done.WAITING, urgent=urgent,
    )  # fmt: skip
    report = receiving.report_work(handed, by=world.actors["community0"], at=world.at())
    return receiving.pass_on(report, department=world.units[unit], by=world.actors["office"], at=world.at())


def test_a_report_leads_to_a_confirmation_and_is_answered_by_it(world):
    report = reported(world, urgent=True)
    client = signed_in(world.actors["dept"])
    assert "沿街商铺登记" in client.get(f"{NEW}?report={report.pk}").content.decode()
    client.post(f"{NEW}?report={report.pk}")
    made = begun()
    assert (made.kind, made.report, made.title, made.urgent) == ("confirmation", report, "沿街商铺登记", True)
    report.refresh_from_db()
    assert report.state == UnapprovedReport.State.APPLYING


def test_the_reporting_street_may_prepare_the_confirmation_for_the_department(world):
    report = reported(world)
    signed_in(world.actors["street0"]).post(f"{NEW}?report={report.pk}")
    assert (begun().applicant, begun().prepared_by) == (world.units["dept"], world.units["street0"])


def test_a_report_to_another_department_is_not_known(world):
    report = reported(world, unit="host")
    assert signed_in(world.actors["dept"]).get(f"{NEW}?report={report.pk}").status_code == 404


def test_after_a_refusal_a_new_application_takes_over_what_was_written(world):
    refused = ways.WAYS["rejected"](world)
    client = signed_in(world.actors["dept"])
    assert "不宜由社区承担。" in client.get(f"{NEW}?earlier={refused.pk}").content.decode()
    client.post(f"{NEW}?earlier={refused.pk}")
    made = begun()
    assert (made.earlier, made.kind, made.title, made.justification) == (
        refused, refused.kind, refused.title, refused.justification
    )  # fmt: skip
    assert (made.seal_confirmed, made.adds_declared, made.starts_on) == (False, False, None)
    assert list(made.scope.all()) == list(refused.scope.all())
    assert (made.bases.get().title, made.plans.get().goal) == ("安全生产法", "消除充电安全隐患。")
    assert not made.prior_contacts.exists()


def test_only_a_refused_application_of_ones_own_is_taken_up_again(world):
    refused, other = ways.WAYS["rejected"](world), ways.filed(world)
    assert signed_in(world.actors["dept"]).get(f"{NEW}?earlier={other.pk}").status_code == 404
    assert signed_in(world.actors["host"]).get(f"{NEW}?earlier={refused.pk}").status_code == 404


# --- queries -----------------------------------------------------------------------------------------------
def test_the_number_of_queries_does_not_grow_with_the_list(world, django_assert_num_queries):
    listed(world)
    client = signed_in(world.actors["street0"])
    client.get(f"{NEW}?kind=change")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{NEW}?kind=change")
    for n in range(12):
        listed(world, f"第{n}项工作", ("dept", "host", "org")[n % 3])
        ways.drafted(world, by="street0")
    with django_assert_num_queries(len(few)):
        assert len(client.get(f"{NEW}?kind=change").context["page"]) == 13


# --- what a draft begins with
@pytest.mark.parametrize(("street", "known"), [(0, False), (1, True)])
def test_a_street_s_draft_begins_with_what_the_street_may_read_and_nobody_s_telephone(world, street, known):
    there = replace(world, streets=world.streets[1:])
    item = ways.carry_through(world, ways.drafted(there)).item
    begins = {"kind": Kind.CHANGE, "item": item, "applicant": world.units["dept"]}
    by = world.actors[f"street{street}"]
    application = actions.draft_application(by=by, at=world.at(), **begins)
    plan = application.plans.get()
    assert (application.title, plan.community_does) == (ways.FIELDS["title"], ways.PLAN["community_does"])
    assert (plan.money_source, plan.rules) == ((ways.PLAN["money_source"], ways.PLAN["rules"]) if known else ("", ""))
    assert application.bases.exists() is known
    assert application.purchase_alternative == (ways.FIELDS["purchase_alternative"] if known else "")
    assert {getattr(application, name) for name in Application.personal_fields} == {""}
    page = signed_in(by).get(reverse("admission:edit", args=[application.pk]), follow=True).content.decode()
    assert ("填好，请把要变更的改过来" in page) is known
    own = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.CHANGE, item=item)
    assert own.contact_phone == ways.FIELDS["contact_phone"]


def test_nobody_begins_with_a_refused_application_that_they_may_not_read(world):
    there = replace(world, streets=world.streets[1:])
    waiting = ways.awaiting_simple(there)
    refused = actions.reject(waiting, by=world.actors["deputy"], at=there.at(), text="不宜由社区承担。")
    assert Application.objects.visible_to(world.actors["street1"]).filter(pk=refused.pk).exists()
    begins = {"kind": Kind.ADMISSION, "earlier": refused, "applicant": world.units["dept"]}
    with pytest.raises(RuleViolation, match="不予准入"):
        actions.draft_application(by=world.actors["street0"], at=world.at(), **begins)
