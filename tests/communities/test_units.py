"""Units are set up and closed with a successor; on any day a printed name finds one of them (A-30)."""

from datetime import date, timedelta

import pytest

from base.errors import NotAllowed, RuleViolation
from base.models import Event
from communities import actions
from communities.models import Appointment, Department
from communities.roles import Role
from tests.factories import NOW, TODAY, AppointmentFactory, DepartmentFactory, DivisionFactory, actor

pytestmark = pytest.mark.django_db
BY = {"by": actor(Role.ADMIN), "at": NOW}
LONG_AGO = date(2002, 1, 1)


@pytest.fixture
def county():
    return DivisionFactory.create(code="430211", name="天元区")


class TestCreate:
    def test_is_found_by_each_of_its_names(self, county):
        made = actions.create_department(
            county, name="天元区卫生健康局", short_name="卫健局", aliases=["卫计委"], starts_on=LONG_AGO, **BY
        )
        for text in ("天元区卫生健康局", "卫健局", "卫计委"):
            assert list(Department.objects.of("430211").named(text)) == [made]
        assert Event.objects.get(kind="communities.department.create").audience == ["430211"]

    def test_a_name_means_one_unit_on_any_day(self, county):
        new = actions.create_department(county, name="自然资源局", aliases=["规划局"], starts_on=date(2019, 3, 1), **BY)
        old = actions.create_department(
            county, name="规划局", starts_on=LONG_AGO, ends_on=date(2019, 2, 28), successor=new, **BY
        )
        named = Department.objects.named("规划局")
        assert (named.valid(date(2018, 7, 1)).get(), named.valid(TODAY).get()) == (old, new)
        for name, starts_on in [("规划局", LONG_AGO), ("另一局", TODAY)]:
            with pytest.raises(RuleViolation, match="“规划局”已经是"):
                actions.create_department(county, name=name, aliases=["规划局"], starts_on=starts_on, **BY)

    def test_street_offices_name_their_street(self, county):
        street = DivisionFactory.create(code="430211001")
        office = Department.Kind.STREET_OFFICE
        for kind, place in [(office, None), (Department.Kind.DEPARTMENT, street)]:
            with pytest.raises(RuleViolation, match="要写明所在街道"):
                actions.create_department(county, name="某办", kind=kind, street=place, starts_on=TODAY, **BY)
        foreign = DivisionFactory.create(code="430203001")
        with pytest.raises(RuleViolation, match="不在天元区"):
            actions.create_department(county, name="某办", kind=office, street=foreign, starts_on=TODAY, **BY)
        made = actions.create_department(county, name="某办", kind=office, street=street, starts_on=TODAY, **BY)
        assert made.street == street

    def test_one_unit_hosts_the_office(self, county):
        actions.create_department(county, name="民政局", hosts_office=True, starts_on=LONG_AGO, **BY)
        with pytest.raises(RuleViolation, match="已经设在民政局"):
            actions.create_department(county, name="组织部", hosts_office=True, starts_on=LONG_AGO, **BY)

    def test_bad_input_gets_a_sentence(self, county):
        with pytest.raises(RuleViolation, match="最多 80 个字"):
            actions.create_department(county, name="局" * 10_000, starts_on=TODAY, **BY)
        with pytest.raises(RuleViolation, match="不能早于"):
            actions.create_department(county, name="某局", starts_on=TODAY, ends_on=LONG_AGO, **BY)
        with pytest.raises(RuleViolation, match="存续的单位没有承继单位"):
            actions.create_department(county, name="某局", starts_on=TODAY, successor=DepartmentFactory.create(), **BY)
        with pytest.raises(NotAllowed):
            actions.create_department(county, name="某局", starts_on=TODAY, by=actor(Role.OFFICE), at=NOW)


class TestClose:
    def test_posts_end_and_the_successor_hosts_the_office(self, county):
        old = DepartmentFactory.create(division=county, name="民政局", hosts_office=True)
        new = DepartmentFactory.create(division=county, name="社会工作部")
        post = AppointmentFactory.create(role=Role.OFFICE, unit=old, division=county)
        elsewhere = AppointmentFactory.create(role=Role.OFFICE, unit=new, division=county)
        closed = actions.close_department(old, ends_on=TODAY, successor=new, **BY)
        assert (closed.ends_on, closed.successor) == (TODAY, new)
        assert Department.objects.get(hosts_office=True, ends_on__isnull=True) == new
        assert Appointment.objects.get(pk=post.pk).ends_on == TODAY
        assert Appointment.objects.get(pk=elsewhere.pk).ends_on is None
        assert set(Event.objects.values_list("kind", flat=True)) == {
            "communities.department.close", "communities.appointment.end",
        }  # fmt: skip

    def test_the_office_never_stands_without_a_unit(self, county):
        host = DepartmentFactory.create(division=county, name="民政局", hosts_office=True)
        next_year = date(TODAY.year + 1, 1, 1)
        late = DepartmentFactory.create(division=county, name="社会工作部", starts_on=next_year)
        with pytest.raises(RuleViolation, match="那时还没有设立"):
            actions.close_department(host, ends_on=TODAY, successor=late, **BY)
        passing = DepartmentFactory.create(division=county, name="过渡办")
        last = next_year - timedelta(days=1)
        actions.close_department(passing, ends_on=last, successor=late, **BY)
        actions.close_department(host, ends_on=TODAY, successor=passing, **BY)
        days = (TODAY, TODAY + timedelta(days=1), last, next_year)
        assert [Department.objects.of(county.code).hosting(day).get() for day in days] == [host, passing, passing, late]

    def test_the_office_goes_to_no_unit_that_ends_without_a_successor(self, county):
        host = DepartmentFactory.create(division=county, hosts_office=True)
        ending = DepartmentFactory.create(division=county, ends_on=TODAY + timedelta(days=9))
        with pytest.raises(RuleViolation, match="又没有承继单位"):
            actions.close_department(host, ends_on=TODAY, successor=ending, **BY)

    def test_refusals(self, county):
        unit = DepartmentFactory.create(division=county, starts_on=LONG_AGO, hosts_office=True)
        gone = DepartmentFactory.create(division=county, ends_on=LONG_AGO)
        foreign = DepartmentFactory.create(division=DivisionFactory.create(code="430203"))
        for successor, ends_on, says in [
            (None, TODAY, "要写明承继单位"), (unit, TODAY, "另一个单位"), (gone, TODAY, "也已经撤销"),
            (foreign, TODAY, "本区县"), (None, date(2001, 1, 1), "不能早于"),
        ]:  # fmt: skip
            with pytest.raises(RuleViolation, match=says):
                actions.close_department(unit, ends_on=ends_on, successor=successor, **BY)
        with pytest.raises(RuleViolation, match="已经撤销，不用再办"):
            actions.close_department(gone, ends_on=TODAY, **BY)
        assert Event.objects.count() == 0


def test_an_alias_is_added_once(county):
    unit = DepartmentFactory.create(division=county, name="生态环境分局")
    actions.add_alias(unit, alias="环保局", **BY)
    assert Department.objects.named("环保局").get() == unit
    with pytest.raises(RuleViolation, match="已经是"):
        actions.add_alias(DepartmentFactory.create(division=county), alias="环保局", **BY)
    with pytest.raises(NotAllowed):
        actions.add_alias(unit, alias="环境局", by=actor(Role.APPLICANT), at=NOW)
