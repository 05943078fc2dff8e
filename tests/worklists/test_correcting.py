"""Correcting a version on the list: shown beside what was recorded, confirmed, and what was believed stays readable."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine

from base.errors import NotAllowed, RuleViolation
from base.models import Event, Outbox
from communities.roles import Role
from tests.factories import NOW, DepartmentFactory, actor, admitted, content, misrecorded
from worklists import actions
from worklists.actions import decided
from worklists.content import ItemContent
from worklists.kinds import Ending
from worklists.models import ItemVersion, WorkItem
from worklists.web.correct_form import CorrectForm

BETWEEN = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def item(county) -> WorkItem:
    said = content(does="上门登记\n按月报告", basis="《条例》第三条\n第四条", department_text="公安局")
    return admitted(county, said=said, scope=["430211001"], ends_on=date(2026, 12, 31))


@pytest.fixture
def astray(item) -> WorkItem:
    """Recorded otherwise than the notice says."""
    said = content("出租房屋登记", category="statutory", department_text="公安局")
    misrecorded(item, said=said, scope=["430211"], starts_on=date(2026, 2, 1), ends_on=None, at=BETWEEN)
    return item


@pytest.fixture
def later():
    with time_machine.travel(LATER, tick=False):
        yield


def address(item: WorkItem, version: ItemVersion | None = None) -> str:
    version = version or item.versions.known().get()
    return f"/lists/items/{item.code}/correct/{version.pk}/"


def typed(item: WorkItem, **fields: object) -> dict[str, object]:
    """The form as it opens, with some fields filled in otherwise."""
    item.refresh_from_db()
    recorded = CorrectForm.recorded(item.versions.known().get())
    recorded["basis"] = recorded["basis"].replace("\n", "\r\n")  # as browsers send it
    said = {**recorded, "seen": item.version, "reason": "录入时抄错了", **fields}
    return {name: value for name, value in said.items() if value is not None}


def hidden(html: str) -> dict[str, list[str]]:
    """What the preview sends when it is confirmed."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html):
        found.setdefault(unescape(name), []).append(unescape(value))
    found.pop("csrfmiddlewaretoken", None)
    return found


def rows(response) -> dict[str, tuple[str, str]]:
    return {row["name"]: (row["before"], row["after"]) for row in response.context["rows"]}


@pytest.mark.usefixtures("later")
def test_what_is_corrected_is_shown_first_and_saved_when_confirmed(sign_in, county, item):
    office, wrong = sign_in(Role.OFFICE), item.versions.get()
    police = DepartmentFactory.create(division=county, name="天元公安分局")
    preview = office.post(address(item), typed(item, department_text="公安分局", department=police.pk))
    assert rows(preview) == {"部门": ("公安局", "公安分局"), "现在是哪个单位": ("", "天元公安分局")}
    assert "社区做什么" in preview.context["same"]
    assert item.versions.count() == 1, "nothing is saved yet"

    done = office.post(address(item), {**hidden(preview.content.decode()), "confirm": "1"}, follow=True)
    assert done.redirect_chain == [(f"/lists/items/{item.code}/", 302)]
    right = item.versions.known().get()
    assert (right.department_text, right.department, right.in_force) == ("公安分局", police, wrong.in_force)
    assert (right.does, right.basis, right.notice_number) == (wrong.does, wrong.basis, wrong.notice_number)
    assert [scope.code for scope in right.scopes.all()] == ["430211001"]
    wrong.refresh_from_db()
    assert wrong.recorded.upper == right.recorded.lower == LATER
    assert item.versions.known(NOW + timedelta(minutes=1)).get() == wrong
    line = Event.objects.about(item).order_by("-seq").first()
    assert (line.kind, line.data["reason"]) == ("worklists.workitem.correct", "录入时抄错了")
    assert "以前的记录" in done.content.decode()


@pytest.mark.usefixtures("later")
def test_what_the_committee_decided_is_not_offered_and_what_is_sent_for_it_changes_nothing(sign_in, item):
    """A change of it is an application (art 4, 10)."""
    office, before = sign_in(Role.OFFICE), item.versions.get()
    assert set(office.get(address(item)).context["form"].fields) == {"department_text", "department", "basis", "reason"}
    sent = typed(
        item, basis="《条例》第五条", title="别的", category="statutory", scope=["430211"], starts_on="2026-02-01",
        ends_on="", does="别的", applies_to="urban", restore="on",
    )  # fmt: skip
    preview = office.post(address(item), sent)
    assert list(rows(preview)) == ["依据"]
    office.post(address(item), {**hidden(preview.content.decode()), "confirm": "1"})
    after = item.versions.known().get()
    assert decided.terms_of(after) == replace(
        decided.terms_of(before), content=replace(ItemContent.of(before), basis="《条例》第五条")
    )


@pytest.mark.usefixtures("later")
def test_a_record_that_departs_from_its_notice_is_led_back_to_it(sign_in, astray):
    office, form = sign_in(Role.OFFICE), None
    form = office.get(address(astray)).context["form"]
    assert "株天社准告〔2026〕1号" in form.fields["restore"].help_text
    preview = office.post(address(astray), typed(astray, restore="on"))
    found = rows(preview)
    assert found["事项"] == ("出租房屋登记", "流动人口登记管理")
    assert found["类别"] == ("法定职责", "协助")
    assert found["社区做什么"] == ("", "上门登记\n按月报告")
    assert found["施行期间"] == ("2026年2月1日起，常态工作", "2026年1月1日至2026年12月31日")
    assert found["实施范围"] == ("天元区", "嵩山路街道")
    office.post(address(astray), {**hidden(preview.content.decode()), "confirm": "1"})
    right = astray.versions.known().get()
    assert (right.title, right.side, right.ending) == ("流动人口登记管理", "government", "expired")
    assert "restore" not in office.get(address(astray)).context["form"].fields


@pytest.mark.usefixtures("later")
def test_what_has_no_day_left_is_not_offered_to_be_restored(sign_in, county):
    future = admitted(county, starts_on=date(2027, 3, 1))
    misrecorded(future, said=content(), scope=["430211"], starts_on=date(2026, 3, 1), ends_on=None, at=BETWEEN)
    office = sign_in(Role.OFFICE)
    assert "restore" in office.get(address(future)).context["form"].fields
    actions.retire_item(future, ends_on=date(2026, 12, 1), ending=Ending.REMOVED, by=actor(Role.OFFICE), at=LATER)
    assert "restore" not in office.get(address(future)).context["form"].fields


@pytest.mark.usefixtures("later")
def test_department_and_streets_are_told_of_a_correction(sign_in, county, astray):
    police, old = (DepartmentFactory.create(division=county, name=name) for name in ("天元公安分局", "旧局"))
    misrecorded(
        astray, said=content(department_id=old.pk), scope=["430211"], starts_on=date(2026, 2, 1), ends_on=None,
        at=BETWEEN + timedelta(minutes=1),
    )  # fmt: skip
    office = sign_in(Role.OFFICE)
    preview = office.post(address(astray), typed(astray, restore="on", department=police.pk))
    office.post(address(astray), {**hidden(preview.content.decode()), "confirm": "1"})
    told = Outbox.objects.filter(message__kind="worklists.item_corrected")
    assert sorted(told.values_list("inbox", flat=True)) == sorted(
        [f"applicant:{police.pk}", f"applicant:{old.pk}", "street:430211001", "street:430211002"]
    )
    assert told.first().message.body == "更正的理由：录入时抄错了"


@pytest.mark.usefixtures("later")
def test_one_may_go_back_to_the_form_with_all_that_was_typed(sign_in, item):
    office = sign_in(Role.OFFICE)
    preview = office.post(address(item), typed(item, basis="《条例》"))
    page = office.post(address(item), {**hidden(preview.content.decode()), "edit": "1"})
    form = page.context["form"]
    assert (form["basis"].value(), form["reason"].value(), form.errors) == ("《条例》", "录入时抄错了", {})
    assert item.versions.count() == 1


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({}, "__all__", "和现在记录的一样，没有要更正的。"),
        ({"basis": "新的", "reason": " "}, "reason", ""),
        ({"department_text": " "}, "department_text", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(sign_in, item, fields, field, says):
    response = sign_in(Role.OFFICE).post(address(item), typed(item, **fields))
    assert list(response.context["form"].errors) == [field]
    assert says in "".join(response.context["form"].errors[field])
    assert item.versions.count() == 1


@pytest.mark.usefixtures("later")
def test_what_was_corrected_meanwhile_is_not_corrected_again(sign_in, item):
    office, first = sign_in(Role.OFFICE), item.versions.get()
    preview = office.post(address(item), typed(item, basis="《条例》"))
    office.post(address(item), {**hidden(preview.content.decode()), "confirm": "1"})
    again = office.post(address(item, first), {**hidden(preview.content.decode()), "confirm": "1"})
    assert "您打开以后，这条记录有了新的变化" in "".join(again.context["form"].errors["__all__"])
    assert again.context["form"]["basis"].value() == "《条例》"
    assert office.get(address(item, first)).status_code == 409
    assert item.versions.count() == 2


@pytest.mark.usefixtures("later")
def test_a_unit_that_ended_since_may_stay(sign_in, county):
    old = DepartmentFactory.create(division=county, name="旧局", ends_on=date(2026, 6, 30))
    aged = admitted(county, said=content(department_id=old.pk, department_text="旧局"))
    preview = sign_in(Role.OFFICE).post(address(aged), typed(aged, basis="《条例》"))
    assert list(rows(preview)) == ["依据"]


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [
        (Role.OFFICE, "430211", 200), (Role.OFFICE, "430204", 403), (Role.DIRECTOR, "430211", 403),
        (Role.APPLICANT, "430211", 403), (Role.CITY, "4302", 403), (Role.AUDITOR, "430211", 403),
    ],
)  # fmt: skip
def test_only_the_countys_office_is_offered_the_correction_and_gets_it(sign_in, item, role, code, status):
    client, page = sign_in(role, code), f"/lists/items/{item.code}/"
    assert client.get(address(item)).status_code == status
    assert (address(item) in client.get(page).content.decode()) is (status == 200)


def test_a_visitor_is_offered_nothing(client, item):
    assert client.get(address(item)).url.startswith("/accounts/login/")
    assert "correct" not in client.get(f"/lists/items/{item.code}/").content.decode()


def test_a_version_of_another_item_is_not_there(sign_in, county, item):
    other = admitted(county)
    assert sign_in(Role.OFFICE).get(address(item, other.versions.get())).status_code == 404


@pytest.mark.parametrize(
    ("by", "reason", "error"),
    [
        (actor(Role.DIRECTOR), "抄错了", NotAllowed),
        (actor(Role.OFFICE, "430204"), "抄错了", NotAllowed),
        (actor(Role.OFFICE), " ", RuleViolation),
    ],
)
def test_the_act_itself_asks_who_and_why(item, by, reason, error):
    with pytest.raises(error):
        actions.correct_item(
            item, version=item.versions.get(), department_id=None, department_text="公安局", basis="新的",
            reason=reason, by=by, at=LATER,
        )  # fmt: skip


def test_a_correction_that_changes_nothing_is_refused(item):
    version = item.versions.get()
    with pytest.raises(RuleViolation, match="没有要更正的"):
        actions.correct_item(
            item, version=version, department_id=None, department_text="公安局", basis=version.basis, restore=True,
            reason="抄错了", by=actor(Role.OFFICE), at=LATER,
        )  # fmt: skip
