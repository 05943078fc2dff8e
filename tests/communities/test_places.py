"""Divisions come and go; the facts of communities are kept by the street and the office."""

from datetime import date

import pytest

from base.errors import NotAllowed, RuleViolation, Stale
from base.models import Event
from communities import actions, codes
from communities.models import Appointment, Community, Department, Division
from communities.roles import Role, chain_of, parent_code, system
from tests.factories import NOW, TODAY, AppointmentFactory, CommunityFactory, DepartmentFactory, DivisionFactory, actor

ADMIN = actor(Role.ADMIN, "430211")
BY = {"by": ADMIN, "at": NOW}


@pytest.mark.parametrize(
    ("full", "code"),
    [
        ("430000000000", "43"),
        ("500000000000", "50"),          # 重庆: a province's code that ends in 0
        ("411000000000", "4110"),        # 许昌: a city's
        ("430211000000", "430211"),
        ("430110000000", "430110"),      # a county's
        ("430211010000", "430211010"),   # a street's
        ("430211001010", "430211001010"),
        ("430211", "430211"),            # cut already
        ("4110", "4110"),
    ],
)  # fmt: skip
def test_full_codes_are_cut_by_whole_groups_of_zeros(full, code):
    assert codes.cut(full) == code


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("43", "province"), ("4302", "city"), ("430211", "county"), ("430211001", "street"), ("430211099", "street"),
        ("430211100", "town"), ("430211200", "township"), ("430211399", "township"), ("430211403", "other"),
        ("430211000", "other"), ("430211001001", "community"), ("430211001199", "community"),
        ("430211102201", "village"), ("430211102400", "other"), ("430211102598", "other"),
    ],
)  # fmt: skip
def test_the_digits_say_the_kind(code, kind):
    assert codes.kind_of(code) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [("临江社区", "urban"), ("大湖塘居委会", "urban"), ("永安社区居民委员会", "urban"), ("胜塘村委会", "rural"),
     ("先锋村", "rural"), ("高新区生活区", None)],
)  # fmt: skip
def test_the_name_says_the_kind_of_community(name, kind):
    assert codes.community_kind(name) == kind


@pytest.mark.parametrize(
    "name", ["", "  ", "天" * 81, "天\x00元", "天\x07元", "天\u200b元", "=1+1", "@元", "天\ufffd元"]
)
def test_names_that_are_none(name):
    with pytest.raises(RuleViolation):
        codes.clean_name(name)


def test_names_keep_rare_characters_and_lose_outer_space():
    assert codes.clean_name("\u3000高\ue170村委会 ") == "高\ue170村委会"


def test_parents_and_chains_are_prefixes():
    assert [parent_code(code) for code in ("43", "4302", "430211", "430211001", "430211001004")] == [
        "", "43", "4302", "430211", "430211001",
    ]  # fmt: skip
    assert [chain_of(code) for code in ("43", "4302", "430211", "430211001004")] == ["", "4302", "430211", "430211"]


@pytest.mark.django_db
class TestCreateDivision:
    def test_a_community_comes_with_its_facts_and_one_event(self):
        DivisionFactory.create(code="430211001")
        made = actions.create_division("430211001030", name="新湖社区", starts_on=TODAY, **BY)
        assert (made.kind, made.community.kind) == ("community", "urban")
        line = Event.objects.get(kind="communities.division.create")
        assert (line.chain, line.target_label, line.by_label) == ("430211", "新湖社区", ADMIN.label)

    @pytest.mark.parametrize(
        ("code", "says"),
        [("430211002", "已经有了"), ("430211009001", "上级区划"), ("43021A", "只能是数字"), ("43021", "这里是 5 位")],
    )
    def test_bad_codes_get_a_sentence(self, code, says):
        DivisionFactory.create(code="430211")
        DivisionFactory.create(code="430211002")
        with pytest.raises(RuleViolation, match=says):
            actions.create_division(code, name="某地", starts_on=TODAY, by=system(), at=NOW)

    def test_not_under_a_place_that_has_ended(self):
        DivisionFactory.create(code="430211001", ends_on=date(2026, 6, 30))
        with pytest.raises(RuleViolation, match="不在用"):
            actions.create_division("430211001030", name="新湖社区", starts_on=TODAY, **BY)

    def test_not_in_a_foreign_county(self):
        DivisionFactory.create(code="430203")
        with pytest.raises(NotAllowed):
            actions.create_division("430203001", name="某街道", starts_on=TODAY, **BY)
        assert not Division.objects.filter(code="430203001").exists()


@pytest.mark.django_db
class TestCloseDivision:
    def test_ends_with_its_successor_and_its_posts(self):
        old, new = DivisionFactory.create(code="430211001001"), DivisionFactory.create(code="430211001002")
        post = AppointmentFactory.create(role=Role.COMMUNITY, division=old)
        closed = actions.close_division(old, ends_on=TODAY, successor=new, **BY)
        assert (closed.ends_on, closed.successor) == (TODAY, new)
        assert Appointment.objects.get(pk=post.pk).ends_on == TODAY
        assert [old in Division.objects.valid(day) for day in (TODAY, date(2026, 11, 22))] == [True, False]
        assert Event.objects.filter(kind="communities.division.close").get().data["ended_appointments"] == 1

    def test_refuses_with_what_to_do_first(self):
        street = DivisionFactory.create(code="430211001")
        child = DivisionFactory.create(code="430211001001")
        with pytest.raises(RuleViolation, match="1 个下级区划"):
            actions.close_division(street, ends_on=TODAY, **BY)
        actions.close_division(child, ends_on=TODAY, **BY)
        county = DivisionFactory.create(code="430211")
        office = DepartmentFactory.create(division=county, kind="street_office", street=street)
        with pytest.raises(RuleViolation, match="先撤销这个单位"):
            actions.close_division(street, ends_on=TODAY, **BY)
        Department.objects.filter(pk=office.pk).update(ends_on=TODAY)
        actions.close_division(Division.objects.get(pk=street.pk), ends_on=TODAY, **BY)
        with pytest.raises(RuleViolation, match="已经停用"):
            actions.close_division(street, ends_on=TODAY, **BY)

    def test_refuses_reversed_dates_and_wrong_successors(self):
        place = DivisionFactory.create(code="430211001001", starts_on=date(2026, 1, 1))
        ended = DivisionFactory.create(code="430211001002", ends_on=date(2026, 1, 1))
        with pytest.raises(RuleViolation, match="不能早于"):
            actions.close_division(place, ends_on=date(2025, 12, 31), **BY)
        for successor, says in [(place, "另一个同级"), (DivisionFactory.create(code="430211001"), "另一个同级"),
                                (ended, "也不在用")]:  # fmt: skip
            with pytest.raises(RuleViolation, match=says):
                actions.close_division(place, ends_on=TODAY, successor=successor, **BY)

    def test_refuses_while_a_post_begins_later(self):
        place = DivisionFactory.create(code="430211001001")
        AppointmentFactory.create(role=Role.COMMUNITY, division=place, starts_on=date(2026, 12, 1))
        with pytest.raises(RuleViolation, match="先把它终止"):
            actions.close_division(place, ends_on=TODAY, **BY)
        assert Division.objects.get(pk=place.pk).ends_on is None


@pytest.mark.django_db
def test_enrolment_guesses_nothing_and_can_be_repeated():
    county = DivisionFactory.create(code="430211")
    DivisionFactory.create(code="430211001001", name="临江社区")
    DivisionFactory.create(code="430211001002", name="某街", kind="community")
    DivisionFactory.create(code="430211102201", name="胜塘村委会", kind="village")
    DivisionFactory.create(code="430211102498", name="开发区生活区", kind="other")
    DivisionFactory.create(code="430211102202", name="旧村", kind="village", ends_on=date(2020, 1, 1))
    DivisionFactory.create(code="430203001001", name="外区社区")
    added = actions.enrol_communities(county, **BY)
    assert [(row.division.name, row.kind) for row in added] == [
        ("临江社区", "urban"), ("某街", "urban"), ("胜塘村委会", "rural"),
    ]  # fmt: skip
    assert actions.enrol_communities(county, **BY) == []
    assert Event.objects.filter(kind="communities.community.enrol").count() == 1


@pytest.mark.django_db
class TestRecordFacts:
    def test_the_street_above_records_and_one_event_says_what_changed(self):
        community = CommunityFactory.create(code="430211001004", households=10)
        street = actor(Role.STREET, "430211001")
        changed = actions.record_facts(
            community, kind="converted", households=1200, residents=3600, phone="0731-00000000", by=street, at=NOW
        )
        again = Community.objects.get(pk=community.pk)
        assert (again.kind, again.households, again.residents, again.version) == ("converted", 1200, 3600, 2)
        line = Event.objects.get(kind="communities.community.record_facts")
        assert line.data["changed"]["households"] == [10, 1200]
        assert line.data["says"] == "修改类型、户数、常住人口、办公电话"
        assert line.at == changed.changed_at

    def test_what_is_no_fact_of_a_community_is_a_mistake_of_the_programme(self):
        with pytest.raises(TypeError, match="version"):
            actions.record_facts(CommunityFactory.create(code="430211001004"), version=7, by=actor(), at=NOW)

    def test_a_neighbouring_street_and_the_community_may_not(self):
        community = CommunityFactory.create(code="430211001004")
        for by in (actor(Role.STREET, "430211002"), actor(Role.COMMUNITY, "430211001004"), ADMIN):
            with pytest.raises(NotAllowed):
                actions.record_facts(community, households=1, by=by, at=NOW)

    def test_a_stale_form_is_told_what_changed(self):
        community = CommunityFactory.create(code="430211001004")
        office = actor(Role.OFFICE)
        actions.record_facts(community, households=5, by=office, at=NOW, seen=1)
        with pytest.raises(Stale) as refusal:
            actions.record_facts(community, households=6, by=office, at=NOW, seen=1)
        assert "修改户数" in refusal.value.changes[0]
        assert Community.objects.get(pk=community.pk).households == 5
