"""Correcting a version on the list: shown beside what was recorded, confirmed, and what was believed stays readable."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine

from base.errors import NotAllowed, RuleViolation
from base.models import Event
from communities.models import Division
from communities.roles import Role
from tests.factories import NOW, DepartmentFactory, actor, admitted, content
from worklists import actions
from worklists.models import ItemVersion, WorkItem
from worklists.web.correct_form import CorrectForm

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def item(county) -> WorkItem:
    said = content(does="上门登记\n按月报告", basis="《条例》第三条", department_text="公安局")
    return admitted(county, said=said, scope=["430211001"], ends_on=date(2026, 12, 31))


@pytest.fixture
def later():
    with time_machine.travel(LATER, tick=False):
        yield


def address(item: WorkItem, version: ItemVersion | None = None) -> str:
    version = version or item.versions.known().get()
    return f"/lists/items/{item.code}/correct/{version.pk}/"


def typed(item: WorkItem, **fields: object) -> dict[str, object]:
    """The form as it opens, with some fields filled in otherwise."""
    recorded = CorrectForm.recorded(item.versions.known().get())
    recorded["does"] = recorded["does"].replace("\n", "\r\n")  # as browsers send it
    said = {**recorded, "reason": "录入时抄错了", **fields}
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
def test_what_is_corrected_is_shown_first_and_saved_when_confirmed(sign_in, item):
    office, wrong = sign_in(Role.OFFICE), item.versions.get()
    preview = office.post(address(item), typed(item, title="出租房屋登记", scope=["430211001001", "430211002"]))
    assert rows(preview) == {
        "事项": ("流动人口登记管理", "出租房屋登记"), "实施范围": ("嵩山路街道", "湘银社区、泰山路街道"),
    }  # fmt: skip
    assert "社区做什么" in preview.context["same"]
    assert item.versions.count() == 1, "nothing is saved yet"

    done = office.post(address(item), {**hidden(preview.content.decode()), "confirm": "1"}, follow=True)
    assert done.redirect_chain == [(f"/lists/items/{item.code}/", 302)]
    right = item.versions.known().get()
    assert (right.title, right.in_force, right.notice_number) == ("出租房屋登记", wrong.in_force, wrong.notice_number)
    assert right.does == "上门登记\n按月报告"
    assert sorted(scope.code for scope in right.scopes.all()) == ["430211001001", "430211002"]
    wrong.refresh_from_db()
    assert wrong.recorded.upper == right.recorded.lower == LATER
    assert item.versions.known(NOW + timedelta(minutes=1)).get() == wrong
    line = Event.objects.about(item).order_by("-seq").first()
    assert (line.kind, line.data["reason"]) == ("worklists.workitem.correct", "录入时抄错了")
    assert "以前的记录" in done.content.decode()


@pytest.mark.usefixtures("later")
def test_the_days_stay_unless_they_are_what_was_wrong(sign_in, item):
    office = sign_in(Role.OFFICE)
    preview = office.post(address(item), typed(item, starts_on=date(2026, 2, 1), ends_on=None))
    assert rows(preview) == {"施行期间": ("2026年1月1日至2026年12月31日", "2026年2月1日起，常态工作")}
    office.post(address(item), {**hidden(preview.content.decode()), "confirm": "1"})
    right = item.versions.known().get()
    assert (right.in_force.lower, right.in_force.upper) == (date(2026, 2, 1), None)


@pytest.mark.usefixtures("later")
def test_one_may_go_back_to_the_form_with_all_that_was_typed(sign_in, item):
    office = sign_in(Role.OFFICE)
    preview = office.post(address(item), typed(item, title="出租房屋登记"))
    form = office.post(address(item), {**hidden(preview.content.decode()), "edit": "1"}).context["form"]
    assert (form["title"].value(), form["reason"].value(), form.errors) == ("出租房屋登记", "录入时抄错了", {})
    assert item.versions.count() == 1


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({}, "__all__", "和现在记录的一样，没有要更正的。"),
        ({"title": "新的", "reason": " "}, "reason", ""),
        ({"title": "新的", "scope": []}, "scope", "还没有选。"),
        ({"title": "新的", "scope": ["430204"]}, "scope", "不在本区县"),
        ({"ends_on": date(2025, 1, 1)}, "ends_on", "结束日期不能早于开始日期"),
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
    preview = office.post(address(item), typed(item, title="出租房屋登记"))
    office.post(address(item), {**hidden(preview.content.decode()), "confirm": "1"})
    again = office.post(address(item, first), {**hidden(preview.content.decode()), "confirm": "1"})
    assert "已经更正或者变更过" in "".join(again.context["form"].errors["__all__"])
    assert again.context["form"]["title"].value() == "出租房屋登记"
    assert office.get(address(item, first)).status_code == 409
    assert item.versions.count() == 2


@pytest.mark.usefixtures("later")
def test_a_place_or_a_unit_that_ended_since_may_stay(sign_in, county, item):
    old = DepartmentFactory.create(division=county, name="旧局", ends_on=date(2026, 6, 30))
    place = Division.objects.get(code="430211001")
    place.ends_on = date(2026, 6, 30)
    place.save()
    said = content(department_id=old.pk, department_text="旧局")
    aged = admitted(county, said=said, scope=["430211001"])
    preview = sign_in(Role.OFFICE).post(address(aged), typed(aged, title="改正的名称"))
    assert list(rows(preview)) == ["事项"]


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
            item, version=item.versions.get(), content=content("新的"), scope=["430211"],
            starts_on=date(2026, 1, 1), ends_on=None, reason=reason, by=by, at=LATER,
        )  # fmt: skip
