"""Bad rows that the database itself refuses: each constraint broken on purpose."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from communities.models import Appointment, CountySetting, Department, Division
from communities.roles import Role
from tests.factories import AppointmentFactory, DepartmentFactory, DivisionFactory, UserFactory

pytestmark = pytest.mark.django_db


def refused(constraint, make, **fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(**fields)


@pytest.mark.parametrize("code", ["4302A1", "430", "43021", "4302110", "43021100100", "", "\uff14\uff13"])
def test_division_code_is_digits(code):
    refused("division_code_is_digits", Division.objects.create, code=code, name="某地", kind="other")


def test_division_code_once():
    DivisionFactory.create(code="430211")
    refused("division_code_once", Division.objects.create, code="430211", name="又一个", kind="county")


def test_division_ends_after_start():
    refused(
        "division_ends_after_start", Division.objects.create, code="43", name="某地", kind="province",
        starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 31),
    )  # fmt: skip


def test_department_name_once():
    county = DivisionFactory.create(code="430211")
    Department.objects.create(division=county, name="民政局")
    refused("department_name_once", Department.objects.create, division=county, name="民政局")


@pytest.mark.parametrize(("kind", "with_street"), [("street_office", False), ("department", True)])
def test_department_street_office_has_street(kind, with_street):
    county, street = DivisionFactory.create(code="430211"), DivisionFactory.create(code="430211001")
    refused(
        "department_street_office_has_street", Department.objects.create,
        division=county, name="某单位", kind=kind, street=street if with_street else None,
    )  # fmt: skip


def test_department_one_host():
    host = DepartmentFactory.create(hosts_office=True)
    refused("department_one_host", Department.objects.create, division=host.division, name="另一局", hosts_office=True)
    Department.objects.create(division=host.division, name="从前的局", hosts_office=True, ends_on=date(2019, 1, 1))


def test_department_ends_after_start():
    county = DivisionFactory.create(code="430211")
    refused(
        "department_ends_after_start", Department.objects.create, division=county, name="某局",
        starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 31),
    )  # fmt: skip


def test_appointment_ends_after_start():
    refused("appointment_ends_after_start", AppointmentFactory.create, ends_on=date(2025, 12, 31))


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.STREET, Role.OFFICE, Role.MEMBER, Role.ALTERNATE])
def test_appointment_unit_where_needed(role):
    refused("appointment_unit_where_needed", AppointmentFactory.create, role=role, unit=None)


def test_appointment_once_at_a_time():
    user, county, unit = UserFactory.create(), DivisionFactory.create(code="430211"), DepartmentFactory.create()
    same = {"user": user, "division": county, "role": Role.MEMBER}
    AppointmentFactory.create(**same, unit=unit, ends_on=date(2026, 6, 30))
    refused("appointment_once_at_a_time", Appointment.objects.create, **same, unit=unit, starts_on=date(2026, 6, 30))
    AppointmentFactory.create(**same, unit=unit, starts_on=date(2026, 7, 1))
    AppointmentFactory.create(**same, unit=DepartmentFactory.create())


def test_appointment_once_at_a_time_without_a_unit_too():
    first = AppointmentFactory.create()
    refused("appointment_once_at_a_time", AppointmentFactory.create, user=first.user)


def test_county_setting_once():
    county = DivisionFactory.create(code="430211")
    fields = {"county": county, "key": "quorum_percent", "value": 60, "basis": "区里的文件", "since": date(2026, 1, 1)}
    CountySetting.objects.create(**fields)
    refused("county_setting_once", CountySetting.objects.create, **fields)


def test_county_setting_has_basis():
    county = DivisionFactory.create(code="430211")
    refused(
        "county_setting_has_basis", CountySetting.objects.create,
        county=county, key="quorum_percent", value=60, basis="", since=date(2026, 1, 1),
    )  # fmt: skip
