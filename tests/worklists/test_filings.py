"""T19: the original department files completion or early exit; the office acknowledges, those concerned comment."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from base.errors import NotAllowed, RuleViolation, Stale
from base.models import Event, Outbox
from communities.roles import Role
from tests.factories import NOW, DepartmentFactory, actor, admitted, city_edition, content
from worklists import actions, todo
from worklists.kinds import Ending
from worklists.models import CompletionFiling, ItemVersion, WorkItem

KIND = CompletionFiling.Kind
ENDED = date(2026, 11, 20)
OFFICE = actor(Role.OFFICE)
STREET, COMMUNITY = actor(Role.STREET, "430211001"), actor(Role.COMMUNITY, "430211001001")


@pytest.fixture
def bureau(county):
    DepartmentFactory.create(division=county, name="区民政局", hosts_office=True)
    return DepartmentFactory.create(division=county, name="区卫生健康局")


@pytest.fixture
def item(county, bureau):
    said = content("健康体检组织发动", department_id=bureau.pk, department_text="区卫生健康局")
    return admitted(county, said=said, scope=["430211001"], starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31))


def clerk(unit):
    return actor(Role.APPLICANT, unit=unit)


def filed(item, unit, *, ended_on=ENDED, kind=KIND.COMPLETED, by=None, at=NOW, **texts):
    said = {"reason": "任务完成", "results": "查了 300 人", "unfinished": "", "handover": "", **texts}
    return actions.file_completion(item, kind=kind, ended_on=ended_on, by=by or clerk(unit), at=at, **said)


@pytest.mark.parametrize("kind", list(KIND))
def test_the_item_ends_with_its_last_day(county, bureau, item, kind):
    filing = filed(item, bureau, kind=kind)
    place = ItemVersion.objects.owned_by("430211").known().over("430211001001")
    assert place.in_force(ENDED).count() == 1
    assert place.in_force(ENDED + timedelta(days=1)).count() == 0
    assert (filing.number, filing.ended_version.ending) == ("天元区准完〔2026〕1号", kind.value)
    assert filing.ended_version.ending_number == filing.number
    assert filing.filed_by == bureau


def test_the_unit_that_succeeded_the_department_files(county, item, bureau):
    heir = DepartmentFactory.create(division=county, name="区大健康局", starts_on=date(2026, 10, 1))
    bureau.successor, bureau.ends_on = heir, date(2026, 9, 30)
    bureau.save()
    assert filed(item, heir).filed_by == heir


@pytest.mark.parametrize(
    "by",
    [
        actor(Role.OFFICE), actor(Role.DIRECTOR), actor(Role.STREET, "430211001"), actor(Role.APPLICANT),
        actor(Role.COMMUNITY, "430211001001"), actor(Role.CITY, "4302"),
    ],
)  # fmt: skip
def test_nobody_else_files(item, bureau, by):
    with pytest.raises(NotAllowed, match="由原申请单位"):
        filed(item, bureau, by=by)


def test_the_office_of_the_same_unit_does_not_file_for_it(item, bureau):
    with pytest.raises(NotAllowed):
        filed(item, bureau, by=actor(Role.OFFICE, unit=bureau))


def test_an_item_of_the_list_leaves_it_only_with_an_approval(county, city):
    bureau = DepartmentFactory.create(division=city, name="公安局")
    city_edition(city, "维护社会稳定")
    with pytest.raises(RuleViolation, match="请提出退出申请"):
        filed(WorkItem.objects.get(), bureau)


@pytest.mark.parametrize(
    ("ended_on", "says"),
    [
        (date(2026, 8, 31), "施行期间里（2026年9月1日至2026年12月31日）"),
        (date(2027, 1, 1), "施行期间里（2026年9月1日至2026年12月31日）"),
        (date(2026, 11, 22), "不能晚于今天"),
    ],
)
def test_the_last_day_is_one_on_which_the_item_was_in_force(item, bureau, ended_on, says):
    with pytest.raises(RuleViolation, match=says):
        filed(item, bureau, ended_on=ended_on)


@pytest.mark.parametrize("missing", ["reason", "results"])
def test_reason_and_results_are_needed(item, bureau, missing):
    with pytest.raises(RuleViolation, match="请写明原因和完成情况"):
        filed(item, bureau, **{missing: " "})


def test_a_second_filing_is_refused(item, bureau):
    filed(item, bureau)
    for ended_on in (ENDED, date(2026, 10, 1)):
        with pytest.raises(RuleViolation, match="已经备案（天元区准完〔2026〕1号）"):
            filed(item, bureau, ended_on=ended_on)


def test_what_ended_by_its_term_may_be_filed_afterwards(item, bureau):
    later = NOW + timedelta(days=60)
    filing = filed(item, bureau, ended_on=date(2026, 12, 31), at=later)
    assert filing.ended_version.ending == Ending.COMPLETED


def test_the_office_acknowledges_once(item, bureau):
    filing = filed(item, bureau)
    with pytest.raises(NotAllowed, match="由审核委员会办公室收讫"):
        actions.acknowledge_filing(filing, by=actor(Role.OFFICE, "430204"), at=NOW)
    with pytest.raises(Stale):
        actions.acknowledge_filing(filing, by=OFFICE, at=NOW, seen=filing.version + 5)
    done = actions.acknowledge_filing(filing, by=OFFICE, at=NOW, seen=filing.version)
    assert done.acknowledged_by == OFFICE.label
    with pytest.raises(RuleViolation, match="已经收讫"):
        actions.acknowledge_filing(filing, by=OFFICE, at=NOW)


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (STREET, None), (COMMUNITY, None),
        (actor(Role.STREET, "430211002"), "没有在您那里施行过"),
        (actor(Role.COMMUNITY, "430211002001"), "没有在您那里施行过"),
        (actor(Role.STREET, "430204001"), "由承接过这一事项的"), (OFFICE, "由承接过这一事项的"),
    ],
)  # fmt: skip
def test_those_who_carried_it_out_comment(item, bureau, by, refusal):
    filing = filed(item, bureau)
    if refusal is None:
        comment = actions.comment_filing(filing, text="台账已经撤了。", by=by, at=NOW)
        assert (comment.body.code, comment.said_by) == (by.code, by.label)
    else:
        with pytest.raises(NotAllowed, match=refusal):
            actions.comment_filing(filing, text="台账已经撤了。", by=by, at=NOW)


def test_an_empty_comment_is_refused(item, bureau):
    with pytest.raises(RuleViolation, match="请写下意见"):
        actions.comment_filing(filed(item, bureau), text=" ", by=STREET, at=NOW)


def test_each_act_leaves_its_line_and_the_concerned_are_told(item, bureau):
    filing = filed(item, bureau)
    actions.comment_filing(filing, text="已停。", by=STREET, at=NOW)
    actions.acknowledge_filing(filing, by=OFFICE, at=NOW)
    kinds = Event.objects.about(filing).order_by("seq").values_list("kind", "data__version")
    assert list(kinds) == [
        ("worklists.completionfiling.file", 1), ("worklists.completionfiling.comment", 2),
        ("worklists.completionfiling.acknowledge", 3),
    ]  # fmt: skip
    host = bureau.division.departments.get(hosts_office=True)
    told = Outbox.objects.order_by("pk").values_list("message__kind", "inbox")
    assert sorted(told) == [
        ("worklists.completion_acknowledged", f"applicant:{bureau.pk}"),
        ("worklists.completion_filed", f"office:{host.pk}"),
        ("worklists.completion_filed", "street:430211001"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (["430211"], ["street:430211001", "street:430211002"]),
        (["430211001001"], ["community:430211001001", "street:430211001"]),
    ],
)
def test_streets_are_told_whole_and_communities_that_were_named(county, bureau, scope, told):
    said = content(department_id=bureau.pk)
    filed(admitted(county, said=said, scope=scope), bureau)
    boxes = Outbox.objects.exclude(inbox__startswith="office").values_list("inbox", flat=True)
    assert sorted(boxes) == told


@pytest.mark.parametrize(
    ("by", "sees"),
    [
        (OFFICE, True), (actor(Role.DIRECTOR), True), (actor(Role.MEMBER), True), (actor(Role.AUDITOR), True),
        (actor(Role.CITY, "4302"), True), (STREET, True), (COMMUNITY, True),
        (actor(Role.STREET, "430211002"), False), (actor(Role.OFFICE, "430204"), False),
        (actor(Role.APPLICANT), False), (actor(Role.ADMIN), False), (actor(Role.WORKER), False),
    ],
)  # fmt: skip
def test_who_reads_a_filing(item, bureau, by, sees):
    filing = filed(item, bureau)
    assert CompletionFiling.objects.visible_to(by).filter(pk=filing.pk).exists() is sees
    assert CompletionFiling.objects.visible_to(clerk(bureau)).exists()


def test_the_office_has_it_to_do_until_it_is_acknowledged(item, bureau):
    filing = filed(item, bureau)
    waiting = todo.lines(OFFICE, NOW.date())
    assert [(line.act, line.title) for line in waiting] == [("acknowledge_filing", "健康体检组织发动")]
    actions.acknowledge_filing(filing, by=OFFICE, at=NOW)
    assert todo.lines(OFFICE, NOW.date()) == []


def test_filing_acknowledged_by_whom(item, bureau):
    filing = filed(item, bureau)
    with pytest.raises(IntegrityError, match="filing_acknowledged_by_whom"), transaction.atomic():
        CompletionFiling.objects.filter(pk=filing.pk).update(acknowledged_at=NOW)


# --- pages -------------------------------------------------------------------------------------------------
@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


FORM = {"kind": "completed", "ended_on": "2026-11-20", "reason": "任务完成", "results": "查了 300 人"}


@pytest.mark.usefixtures("today")
def test_from_the_departments_list_to_the_comment_of_the_street(sign_in, county, bureau, item):
    department = sign_in(Role.APPLICANT, unit=bureau)
    assert "完成或提前退出" in department.get(f"/lists/items/{item.code}/").content.decode()
    mine = department.get("/filings/")
    assert [row.title for row, _note in mine.context["mine"]] == ["健康体检组织发动"]
    assert department.get(f"/filings/new/{item.code}/").context["subject"].title == "健康体检组织发动"
    page = department.post(f"/filings/new/{item.code}/", FORM, follow=True)
    filing = page.context["filing"]
    assert "天元区准完〔2026〕1号" in page.content.decode()
    assert "完成或提前退出" not in department.get(f"/lists/items/{item.code}/").content.decode()
    street = sign_in(Role.STREET, "430211001")
    street.post(f"/filings/{filing.pk}/comment/", {"text": "台账已经撤了。"})
    office = sign_in(Role.OFFICE)
    assert [row.said for row in office.get("/filings/?state=open").context["filings"]] == [1]
    assert "台账已经撤了。" in office.get(f"/filings/{filing.pk}/").content.decode()
    office.get(f"/filings/{filing.pk}/acknowledge/")
    office.post(f"/filings/{filing.pk}/acknowledge/", {"seen": 2})
    assert list(office.get("/filings/?state=done").context["filings"]) == [filing]
    assert not office.get("/filings/?state=open").context["filings"]
    public = sign_in(Role.WORKER).get(f"/lists/items/{item.code}/").content.decode()
    assert "区卫生健康局备案，实际结束日期 2026年11月20日。" in public


@pytest.mark.usefixtures("today")
def test_a_refused_filing_keeps_what_was_typed(sign_in, bureau, item):
    department = sign_in(Role.APPLICANT, unit=bureau)
    page = department.post(f"/filings/new/{item.code}/", {**FORM, "ended_on": "2026-11-22"})
    text = page.content.decode()
    assert '<a href="#id_ended_on">实际结束日期：实际结束日期不能晚于今天' in text  # the summary leads to the field
    assert list(page.context["form"].errors) == ["ended_on"]
    assert "查了 300 人" in text


@pytest.mark.usefixtures("today")
def test_what_is_applied_for_about_the_item_is_shown_before_it_is_filed_as_ended(sign_in, bureau, item):
    text = sign_in(Role.APPLICANT, unit=bureau).get(f"/filings/new/{item.code}/").content.decode()
    assert f'<a href="/applications/about/{item.code}/">关于此事项的申请</a>' in text


@pytest.mark.usefixtures("today")
def test_a_day_outside_of_the_term_is_refused_at_its_field_in_the_readers_dates(sign_in, bureau, item):
    page = sign_in(Role.APPLICANT, unit=bureau).post(f"/filings/new/{item.code}/", {**FORM, "ended_on": "2026-08-31"})
    said = "实际结束日期要在这一事项的施行期间里（2026年9月1日至2026年12月31日）。"
    assert page.context["form"].errors == {"ended_on": [said]}


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("role", [Role.STREET, Role.DIRECTOR, Role.COMMUNITY])
def test_only_the_office_comes_to_the_acknowledgement(sign_in, bureau, item, role):
    filing = filed(item, bureau)
    code = {Role.STREET: "430211001", Role.COMMUNITY: "430211001001"}.get(role, "430211")
    client = sign_in(role, code)
    assert client.get(f"/filings/{filing.pk}/acknowledge/").status_code == 403
    assert client.post(f"/filings/{filing.pk}/acknowledge/").status_code == 403
    assert sign_in(Role.STREET, "430211002").get(f"/filings/{filing.pk}/").status_code == 404
