"""The committee's office and seats: a county opened from nothing gets them by its own pages, and cases follow."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from admission import actions, tasks
from admission.actions.attendance import seats as seats_of
from admission.models import Application, CommitteeSeat, Meeting
from base.errors import NotAllowed, RuleViolation
from base.models import Event
from communities import actions as communities
from communities.models import Appointment, Department, Division
from communities.roles import Actor, Role, system
from tests.admission import world as ways
from tests.admission.browsing import holding, signed_in
from tests.admission.world import MONDAY, World
from tests.factories import UserFactory
from worklists import recusal
from worklists.kinds import SubjectType

pytestmark = pytest.mark.django_db
Post = CommitteeSeat.Post
TODAY = MONDAY.date()


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def admin(world) -> Client:
    """The administrator of the county, who is none of the world's actors."""
    return holding(Actor(None, None, Role.ADMIN, world.county.code, None, world.county.name))


@pytest.fixture
def bare() -> Division:
    """A county as docs/how-to/install.md leaves it after its step 8: divisions, and nothing else."""
    for code, name, kind in [("43", "湖南省", "province"), ("4302", "株洲市", "city"), ("430211", "天元区", "county")]:
        Division.objects.create(code=code, name=name, kind=kind)
    for code, name, kind in [("430211001", "嵩山路街道", "street"), ("430211001001", "嵩山社区", "community")]:
        Division.objects.create(code=code, name=name, kind=kind)
    return Division.objects.get(code="430211")


def draft(unit: Department, county: str = "430211") -> Application:
    by = Actor(None, None, Role.APPLICANT, county, unit.pk, unit.name)
    return actions.draft_application(by=by, at=MONDAY, kind="admission", subject_type=SubjectType.WORK_ITEM)


def named(name: str) -> Department:
    return Department.objects.get(name=name)


def appoint(role: Role, unit: Department | None = None) -> None:
    """By the act: its page is tested with the communities."""
    communities.appoint(
        UserFactory.create(), role=role, division=Division.objects.get(code="430211"), unit=unit, starts_on=TODAY,
        by=system(), at=MONDAY,
    )  # fmt: skip


# --- from nothing
def test_a_county_opened_from_nothing_gets_all_it_needs_from_its_administrators_pages(bare):
    admin = holding(Actor(None, None, Role.ADMIN, bare.code, None, bare.name))
    for name, short in [("天元区民政局", "民政局"), ("天元区委社会工作部", "社工部"), ("天元区应急局", "应急局")]:
        typed = {"kind": "department", "name": name, "short_name": short, "starts_on": "2020-01-01"}
        assert admin.post(reverse("communities:department-new", args=[bare.code]), typed).status_code == 302
    host, stand_in, applicant = named("天元区民政局"), named("天元区委社会工作部"), named("天元区应急局")
    with pytest.raises(RuleViolation, match="在“设置”的“审核委员会”里设好"):
        draft(applicant)
    page = reverse("admission:committee")
    html = admin.get(page).content.decode()
    for wanting in ("还没有设办公室", "写的是“组织部”，本区县没有这个单位", "还没有成员单位的席位", "没有人核准"):
        assert wanting in html
    assert admin.post(reverse("admission:committee-office"), {"unit": host.pk}).url.startswith(page)
    setting = reverse("admission:setting", args=["substitute_unit"])
    typed = {"value": stand_in.name, "basis": "天编〔2026〕1号", "since": TODAY.isoformat()}
    assert admin.post(setting, typed).status_code == 302
    for unit in (host, stand_in):
        typed = {"unit": unit.pk, "post": "member", "starts_on": "2020-01-01"}
        assert admin.post(reverse("admission:seat-new"), typed).status_code == 302
    for role, unit in [(Role.OFFICE, host), (Role.MEMBER, stand_in), (Role.DIRECTOR, None)]:
        appoint(role, unit)
    assert "还缺这些" not in admin.get(page).content.decode()
    assert (draft(applicant).office_unit, draft(applicant).office_recused) == (host, False)
    assert (draft(host).office_unit, draft(host).office_recused) == (stand_in, True)
    meeting = Meeting(county=bare, planned_at=MONDAY)
    assert [seat.unit for seat in seats_of(meeting)] == [host, stand_in]


def test_the_ways_to_the_committee_stand_where_an_administrator_looks(admin, world):
    way = f"{reverse('admission:committee')}?county={world.county.code}"
    for name in ("communities:county", "communities:departments"):
        address = reverse(name, args=[world.county.code])
        assert way in admin.get(address).content.decode()
        assert way not in Client().get(address).content.decode()
    assert reverse("admission:committee") in admin.get(reverse("admission:settings")).content.decode()


def test_an_administrator_above_reaches_a_county_that_has_no_office_yet(world):
    other = Division.objects.create(code="430203", name="荷塘区", kind="county")
    unit = Department.objects.create(division=other, name="荷塘区民政局")
    above = holding(Actor(None, None, Role.ADMIN, "4302", None, "株洲市"))
    address = f"{reverse('admission:committee-office')}?county={other.code}"
    assert above.post(address, {"unit": unit.pk}).url == f"{reverse('admission:committee')}?county={other.code}"
    assert recusal.host_of(other.code, on=TODAY) == unit
    assert recusal.host_of(world.county.code, on=TODAY) == world.units["host"]


# --- who may
def test_only_the_administrator_places_the_office(world):
    for name in ("office", "director", "dept"):
        with pytest.raises(NotAllowed):
            actions.place_office(world.units["org"], by=world.actors[name], at=MONDAY)
    foreign = Actor(None, None, Role.ADMIN, "430203", None, "荷塘区")
    with pytest.raises(NotAllowed):
        actions.place_office(world.units["org"], by=foreign, at=MONDAY)
    assert recusal.host_of(world.county.code, on=TODAY) == world.units["host"]


def test_the_office_and_the_administrator_keep_the_seats_and_nobody_else(world):
    dept = {"unit": world.units["dept"], "post": Post.MEMBER, "starts_on": TODAY}
    for name in ("director", "member", "dept"):
        with pytest.raises(NotAllowed):
            actions.give_seat(world.county, by=world.actors[name], at=MONDAY, **dept)
    seat = actions.give_seat(world.county, by=world.actors["office"], at=MONDAY, **dept)
    with pytest.raises(NotAllowed):
        actions.end_seat(seat, ends_on=TODAY, by=world.actors["member"], at=MONDAY)
    lines = Event.objects.filter(kind__startswith="admission.committeeseat").order_by("seq")
    assert [(line.kind, line.by_role, line.data["says"]) for line in lines] == [
        ("admission.committeeseat.give", "office", "审核委员会席位：应急管理局，成员单位")
    ]


# --- the office moves
def test_when_the_office_moves_open_cases_go_with_it_and_the_posts_at_the_old_unit_end(world):
    open_one = ways.WAYS["submitted"](world)
    own = draft(world.units["org"])
    post = Appointment.objects.get(pk=_post(world, "office"))
    placed = actions.place_office(world.units["staffing"], by=system(), at=world.at())
    assert (placed.hosts_office, named("民政局").hosts_office) == (True, False)
    moved = Application.objects.get(pk=open_one.pk)
    assert (moved.office_unit, moved.office_recused) == (world.units["staffing"], False)
    assert Application.objects.get(pk=own.pk).office_unit == world.units["staffing"]
    post.refresh_from_db()
    assert post.ends_on == TODAY
    clerk = Actor(None, None, Role.OFFICE, world.county.code, placed.pk, placed.name)
    actions.accept(moved, by=clerk, at=world.at())
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"communities.department.host_office", "admission.application.follow_office"} <= kinds


def _post(world: World, name: str) -> int:
    signed_in(world, name)
    return Appointment.objects.get(role=world.actors[name].role).pk


def test_a_case_of_the_new_host_goes_to_the_unit_that_stands_in(world):
    own = draft(world.units["legal"])
    actions.place_office(world.units["legal"], by=system(), at=world.at())
    own.refresh_from_db()
    assert (own.office_unit, own.office_recused) == (world.units["org"], True)


def test_the_office_is_placed_at_a_standing_unit_of_the_county_once(world):
    gone = Department.objects.create(division=world.county, name="经委", ends_on=TODAY - timedelta(days=9))
    for unit, says in [
        (world.units["host"], "已经设在民政局"),
        (world.units["street0"], "只能设在"),
        (gone, "已定撤销"),
    ]:
        with pytest.raises(RuleViolation, match=says):
            actions.place_office(unit, by=system(), at=MONDAY)


def test_the_office_stays_until_the_last_day_of_its_unit_and_cases_follow_the_next_morning(world):
    old, new = world.units["host"], world.units["staffing"]
    case, last = ways.WAYS["submitted"](world), TODAY + timedelta(days=30)
    communities.close_department(old, ends_on=last, successor=new, by=system(), at=world.at())
    code = world.county.code
    hosts = [recusal.host_of(code, on=day) for day in (TODAY, last, last + timedelta(days=1))]
    assert hosts == [old, old, new]
    assert actions.follow_office(by=system(), at=world.at()) == 0
    with time_machine.travel(MONDAY + timedelta(days=31), tick=False):
        tasks.remind()
    case.refresh_from_db()
    assert case.office_unit == new
    clerk = Actor(None, None, Role.OFFICE, code, new.pk, new.name)
    assert actions.accept(case, by=clerk, at=MONDAY + timedelta(days=31)).state == "accepted"


# --- seats
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "已经有同样的席位"),
        ({"unit": "street0"}, "部门或者议事协调机构"),
        ({"unit": "dept", "ends_on": TODAY - timedelta(days=1)}, "不能早于"),
        ({"unit": "dept", "post": Post.DIRECTOR}, "主任只有一位"),
        ({"unit": "gone"}, "不存在"),
    ],
)
def test_a_seat_is_refused(world, change, says):
    gone = Department.objects.create(division=world.county, name="经委", ends_on=date(2019, 1, 1))
    units = {**world.units, "gone": gone}
    by = {"by": world.actors["office"], "at": MONDAY}
    actions.give_seat(world.county, unit=units["legal"], post=Post.DIRECTOR, starts_on=TODAY, **by)
    facts = {"post": Post.MEMBER, "starts_on": TODAY, **change, "unit": units[change.get("unit", "org")]}
    with pytest.raises(RuleViolation, match=says):
        actions.give_seat(world.county, **facts, **by)


def test_a_seat_counts_through_its_last_day_and_may_be_given_again(world):
    by = {"by": world.actors["office"], "at": MONDAY}
    seat = CommitteeSeat.objects.get(unit=world.units["org"])
    actions.end_seat(seat, ends_on=TODAY, **by)
    days = (TODAY, TODAY + timedelta(days=1))
    assert [CommitteeSeat.objects.valid(day).filter(pk=seat.pk).exists() for day in days] == [True, False]
    with pytest.raises(RuleViolation, match="不用再办"):
        actions.end_seat(seat, ends_on=TODAY, **by)
    again = {"unit": world.units["org"], "post": Post.MEMBER}
    assert actions.give_seat(world.county, starts_on=TODAY + timedelta(days=1), **again, **by).pk != seat.pk


def test_the_seat_of_a_unit_that_is_gone_counts_no_more(world):
    communities.close_department(world.units["legal"], ends_on=TODAY, by=system(), at=MONDAY)
    units = {seat.unit for seat in CommitteeSeat.objects.valid(TODAY + timedelta(days=1))}
    assert units == {world.units[name] for name in ("org", "host", "staffing")}
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        html = signed_in(world, "office").get(reverse("admission:committee")).content.decode()
    assert "单位已撤销，会议不再算它" in html


def test_a_seat_ends_by_its_page_and_stands_among_the_past_ones(admin, world):
    seat = CommitteeSeat.objects.get(unit=world.units["legal"])
    address = reverse("admission:seat-end", args=[seat.pk])
    assert "司法局，成员单位" in admin.get(address).content.decode()
    assert admin.post(address, {"ends_on": "2020-06-30"}).status_code == 302
    html = admin.get(reverse("admission:committee")).content.decode()
    assert "2020年1月1日至2020年6月30日" in html


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"unit": "org"}, "unit", "组织部在这段时间里已经有同样的席位。"),
        ({"unit": "dept", "ends_on": "2020-01-01"}, "ends_on", "最后一天不能早于开始日期。"),
        ({"unit": "dept", "post": "director", "starts_on": "2026-11-02"}, "post", "主任只有一位"),
    ],
)
def test_a_seat_is_refused_at_the_field_that_is_wrong(admin, world, change, field, says):
    actions.give_seat(
        world.county,
        unit=world.units["legal"],
        post=Post.DIRECTOR,
        starts_on=TODAY,
        by=world.actors["office"],
        at=MONDAY,
    )
    typed = {"post": "member", "starts_on": "2026-11-02", **change, "unit": world.units[change["unit"]].pk}
    answer = admin.post(reverse("admission:seat-new"), typed)
    assert list(answer.context["form"].errors) == [field]
    assert says in answer.context["form"].errors[field][0]


def test_the_end_of_a_seat_before_its_beginning_is_refused_at_the_day(admin, world):
    seat = CommitteeSeat.objects.get(unit=world.units["legal"])
    answer = admin.post(reverse("admission:seat-end", args=[seat.pk]), {"ends_on": "2019-12-31"})
    assert answer.context["form"].errors == {"ends_on": ["最后一天不能早于开始日期。"]}
