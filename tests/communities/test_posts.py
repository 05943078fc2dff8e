"""Posts: several for one account, each in its place, for its unit, for its term."""

from datetime import date

import pytest

from base.errors import NotAllowed, RuleViolation
from base.models import Event
from communities import actions
from communities.models import Appointment, Department
from communities.roles import TERRITORY, Actor, Role
from tests.factories import NOW, TODAY, AppointmentFactory, DepartmentFactory, DivisionFactory, UserFactory, actor

pytestmark = pytest.mark.django_db
BY = {"by": actor(Role.ADMIN, "43"), "at": NOW}


@pytest.fixture
def county():
    return DivisionFactory.create(code="430211", name="天元区")


@pytest.fixture
def street_office(county):
    street = DivisionFactory.create(code="430211001", name="嵩山路街道")
    return DepartmentFactory.create(division=county, kind="street_office", street=street, name="嵩山路街道办事处")


def test_every_role_people_hold_has_its_territory():
    assert set(TERRITORY) == set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize("role", sorted(TERRITORY))
@pytest.mark.parametrize("code", ["43", "4302", "430211", "430211001", "430211001004"])
def test_a_role_is_held_at_its_level(county, street_office, role, code):
    unit = street_office if role == Role.STREET else DepartmentFactory.create(division=county)
    division = DivisionFactory.create(code=code)
    unit = unit if code.startswith("430211") else None
    fields = {"role": role, "division": division, "unit": unit, "starts_on": TODAY, **BY}
    if len(code) in TERRITORY[role]:
        assert actions.appoint(UserFactory.create(), **fields).actor().code == code
    else:
        with pytest.raises(RuleViolation, match="请选对应级别的区划"):
            actions.appoint(UserFactory.create(), **fields)


def test_several_posts_but_not_the_same_one_twice(county):
    user, unit = UserFactory.create(), DepartmentFactory.create(division=county)
    post = {"role": Role.MEMBER, "division": county, "unit": unit, **BY}
    actions.appoint(user, starts_on=TODAY, ends_on=date(2026, 12, 31), **post)
    with pytest.raises(RuleViolation, match="已经有同样的任职"):
        actions.appoint(user, starts_on=date(2026, 12, 31), **post)
    actions.appoint(user, starts_on=date(2027, 1, 1), **post)
    with pytest.raises(RuleViolation, match="已经有同样的任职"):
        actions.appoint(user, starts_on=TODAY, **post)
    actions.appoint(user, starts_on=TODAY, **post | {"role": Role.APPLICANT})
    assert Appointment.objects.filter(user=user).count() == 3


def test_what_does_not_fit_gets_a_sentence(county, street_office):
    unit = DepartmentFactory.create(division=county)
    closed = DepartmentFactory.create(division=county, ends_on=date(2026, 1, 1))
    foreign = DepartmentFactory.create(division=DivisionFactory.create(code="430203"))
    other_street = DivisionFactory.create(code="430211002")
    ended_place = DivisionFactory.create(code="430211003", ends_on=date(2026, 1, 1))
    for role, division, post_unit, says in [
        (Role.APPLICANT, county, None, "要写明单位"),
        (Role.STREET, other_street, None, "要写明单位"),
        (Role.STREET, other_street, street_office, "应是本街道办事处"),
        (Role.STREET, ended_place, street_office, "不在用"),
        (Role.APPLICANT, county, street_office, "请选角色"),
        (Role.MEMBER, county, foreign, "不是天元区的单位"),
        (Role.MEMBER, county, closed, "请选存续的单位"),
        (Role.SYSTEM, county, unit, "请选对应级别的区划"),
    ]:
        with pytest.raises(RuleViolation, match=says):
            actions.appoint(UserFactory.create(), role=role, division=division, unit=post_unit, starts_on=TODAY, **BY)
    with pytest.raises(RuleViolation, match="不能早于"):
        actions.appoint(
            UserFactory.create(), role=Role.HR, division=county, starts_on=TODAY, ends_on=date(2026, 1, 1), **BY
        )
    with pytest.raises(RuleViolation, match="已经停用"):
        actions.appoint(UserFactory.create(is_active=False), role=Role.HR, division=county, starts_on=TODAY, **BY)
    assert Appointment.objects.count() == 0


def test_administrators_appoint_in_their_territory_and_never_themselves(county):
    user = UserFactory.create()
    post = {"role": Role.AUDITOR, "division": county, "starts_on": TODAY, "at": NOW}
    for by in (actor(Role.OFFICE), actor(Role.ADMIN, "430203"), actor(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            actions.appoint(user, by=by, **post)
    herself = Actor(user.pk, 1, Role.ADMIN, "430211", None, "平台")
    with pytest.raises(NotAllowed, match="另一位平台管理员"):
        actions.appoint(user, by=herself, **post)
    own = AppointmentFactory.create(user=user, role=Role.ADMIN, division=county)
    with pytest.raises(NotAllowed, match="另一位平台管理员"):
        actions.end_appointment(own, ends_on=TODAY, by=herself, at=NOW)


def test_a_post_is_held_through_its_last_day(county):
    post = AppointmentFactory.create(division=county)
    ended = actions.end_appointment(post, ends_on=TODAY, **BY)
    assert [ended in Appointment.objects.valid(day) for day in (TODAY, date(2026, 11, 22))] == [True, False]
    with pytest.raises(RuleViolation, match="到2026年11月21日为止"):
        actions.end_appointment(post, ends_on=date(2026, 12, 1), **BY)
    with pytest.raises(RuleViolation, match="不能早于"):
        actions.end_appointment(post, ends_on=date(2025, 12, 31), **BY)


def test_the_log_names_the_account_by_its_number_only_and_tells_no_feed(county):
    user = UserFactory.create(username="zhang", display_name="某人")
    actions.appoint(user, role=Role.HR, division=county, starts_on=TODAY, **BY)
    line = Event.objects.get()
    assert (line.kind, line.in_feed, line.audience) == ("communities.appointment.appoint", False, [])
    assert line.data["user"] == user.pk
    assert "某人" not in str(line.data) + line.target_label


def test_a_closed_unit_keeps_no_posts(county):
    unit = DepartmentFactory.create(division=county)
    for number in range(3):
        AppointmentFactory.create(role=Role.APPLICANT, division=county, unit=unit, starts_on=date(2026, 1, 1 + number))
    actions.close_department(Department.objects.get(pk=unit.pk), ends_on=TODAY, **BY)
    assert not Appointment.objects.valid(date(2026, 11, 22)).exists()


def test_an_account_of_another_territory_is_given_a_post_by_the_administrator_above_only(county):
    other = DivisionFactory.create(code="430203", name="荷塘区")
    post = {"role": Role.AUDITOR, "division": county, "starts_on": TODAY, "at": NOW}
    here, above = actor(Role.ADMIN, "430211"), actor(Role.ADMIN, "4302")
    working = AppointmentFactory.create(role=Role.AUDITOR, division=other).user
    fresh, _password = actions.open_account("hetang", by=actor(Role.ADMIN, "430203"), at=NOW)
    for user in (working, fresh, UserFactory.create(is_superuser=True)):
        with pytest.raises(NotAllowed, match="别的辖区的"):
            actions.appoint(user, by=here, **post)
    for user in (working, fresh):
        actions.appoint(user, by=above, **post)
    left = AppointmentFactory.create(role=Role.AUDITOR, division=other, ends_on=date(2026, 11, 1)).user
    own = AppointmentFactory.create(role=Role.HR, division=county).user
    for user in (left, own, UserFactory.create()):
        assert actions.appoint(user, by=here, **post).division == county
