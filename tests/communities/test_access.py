"""Who may change what: the whole table of roles and territories, and who sees the appointments."""

import pytest

from base.errors import NotAllowed
from communities import access
from communities.access import Act
from communities.models import Appointment
from communities.roles import Role, system
from tests.factories import AppointmentFactory, DivisionFactory, actor

TERRITORIES = ("43", "4302", "430211", "430203", "430211001", "430211002", "430211001004")
ACTORS = [(role, code) for role in Role for code in TERRITORIES]
BY_ADMIN = sorted(set(Act) - {Act.RECORD_FACTS, Act.SET_COUNTY_SETTING})


def who(act, code):
    return {(role, territory) for role, territory in ACTORS if access.may(actor(role, territory), act, code)}


def test_every_act_has_a_rule():
    assert set(access.WHO_MAY) == set(Act)


@pytest.mark.parametrize("act", BY_ADMIN)
def test_administrators_act_in_their_territory_only(act):
    assert who(act, "430211") == {(Role.ADMIN, "43"), (Role.ADMIN, "4302"), (Role.ADMIN, "430211")}


def test_facts_are_the_streets_above_and_the_offices():
    found = who(Act.RECORD_FACTS, "430211001004")
    assert {pair for pair in found if len(pair[1]) >= 6} >= {(Role.STREET, "430211001"), (Role.OFFICE, "430211")}
    assert {role for role, _code in found} == {Role.STREET, Role.OFFICE}
    assert not {code for _role, code in found} & {"430203", "430211002"}


def test_settings_are_the_offices_of_this_very_county_and_administrators():
    assert who(Act.SET_COUNTY_SETTING, "430211") == {
        (Role.OFFICE, "430211"), (Role.ADMIN, "43"), (Role.ADMIN, "4302"), (Role.ADMIN, "430211"),
    }  # fmt: skip


def test_the_platform_itself_may_administer_but_an_external_system_may_not():
    assert access.may(system(), Act.APPOINT, "430211")
    assert not access.may(system("430211"), Act.APPOINT, "430211")
    assert not access.may(None, Act.APPOINT, "430211")


def test_a_refusal_says_whom_to_ask():
    with pytest.raises(NotAllowed, match="请联系平台管理员"):
        access.check(actor(Role.OFFICE), Act.APPOINT, "430211")
    with pytest.raises(NotAllowed, match="请联系所在街道"):
        access.check(actor(Role.ADMIN), Act.RECORD_FACTS, "430211001004")


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "code"), ACTORS)
def test_appointments_are_for_administrators_and_auditors_of_the_territory(role, code):
    AppointmentFactory.create(division=DivisionFactory.create(code="430211001"))
    AppointmentFactory.create(division=DivisionFactory.create(code="430203"))
    seen = {row.division.code for row in Appointment.objects.visible_to(actor(role, code))}
    wanted = {held for held in ("430211001", "430203") if held.startswith(code)}
    assert seen == (wanted if role in {Role.ADMIN, Role.AUDITOR} else set())
