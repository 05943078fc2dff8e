"""A county's own settings: with a basis, from a day on, never backwards."""

from datetime import date

import pytest

from base.errors import NotAllowed, RuleViolation
from base.models import Event
from communities import actions
from communities.models import CountySetting
from communities.roles import Role
from tests.factories import NOW, TODAY, DivisionFactory, actor

pytestmark = pytest.mark.django_db
FIELDS = {"key": "quorum_percent", "basis": "区委办文件", "since": TODAY, "at": NOW}


@pytest.fixture
def county():
    return DivisionFactory.create(code="430211", name="天元区")


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN])
def test_the_newest_value_in_force_counts(county, role):
    by = actor(role)
    actions.set_county_setting(county, value=60, by=by, **FIELDS)
    actions.set_county_setting(county, value=70, by=by, **FIELDS | {"since": date(2026, 12, 1)})
    on = {day: CountySetting.objects.of("430211", day) for day in (date(2026, 11, 20), TODAY, date(2026, 12, 1))}
    assert [row["quorum_percent"].value if row else None for row in on.values()] == [None, 60, 70]


def test_the_same_day_again_corrects_and_the_log_keeps_both(county):
    actions.set_county_setting(county, value=60, by=actor(), **FIELDS)
    actions.set_county_setting(county, value=65, by=actor(), **FIELDS)
    assert CountySetting.objects.get().value == 65
    last = Event.objects.order_by("seq").last()
    assert (last.data["before"], last.data["value"]) == (60, 65)


def test_refusals(county):
    for change, says in [({"basis": " "}, "依据"), ({"since": date(2026, 11, 20)}, "不能追溯")]:
        with pytest.raises(RuleViolation, match=says):
            actions.set_county_setting(county, value=60, by=actor(), **FIELDS | change)
    city = DivisionFactory.create(code="4302")
    with pytest.raises(RuleViolation, match="按区县保存"):
        actions.set_county_setting(city, value=60, by=actor(Role.ADMIN, "43"), **FIELDS)
    for by in (actor(Role.DIRECTOR), actor(Role.OFFICE, "430203"), actor(Role.APPLICANT)):
        with pytest.raises(NotAllowed):
            actions.set_county_setting(county, value=60, by=by, **FIELDS)
    assert Event.objects.count() == 0
