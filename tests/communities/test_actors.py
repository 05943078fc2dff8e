"""Who acts on a request: the chosen appointment, or the first valid one by start, checked on the day."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from base.errors import NotAllowed
from base.models import User
from communities.actors import ActorMixin, actor_of, choose, emails_of, standing_of
from communities.context import who
from communities.models import Appointment, Department, Division
from communities.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def places():
    county = Division.objects.create(code="430211", name="天元区", kind="county")
    street = Division.objects.create(code="430211001", name="泰山路街道", kind="street")
    bureau = Department.objects.create(division=county, name="民政局")
    office = Department.objects.create(division=county, name="街道办", kind="street_office", street=street)
    return {"county": county, "street": street, "bureau": bureau, "office": office}


def user(name="clerk", **fields):
    return User.objects.create(username=name, **fields)


def appointed(who_, role, division, unit=None, *, starts_on=date(2026, 1, 1), ends_on=None):
    return Appointment.objects.create(
        user=who_, role=role, division=division, unit=unit, starts_on=starts_on, ends_on=ends_on
    )


def request_of(person):
    request = RequestFactory().get("/")
    request.user, request.session = person, SessionStore()
    return request


def again(request):
    """The same session, the next request."""
    following = request_of(request.user)
    following.session = request.session
    return following


def test_a_visitor_is_nobody():
    request = request_of(AnonymousUser())
    assert actor_of(request) is None
    assert who(request) == {"actor": None, "place": "", "appointments": []}


def test_the_first_valid_appointment_by_start_unless_one_was_chosen(places):
    person = user()
    later = appointed(person, Role.OFFICE, places["county"], places["bureau"], starts_on=date(2026, 3, 1))
    first = appointed(person, Role.STREET, places["street"], places["office"], starts_on=date(2026, 2, 1))
    request = request_of(person)
    assert actor_of(request).appointment_id == first.pk
    choose(request, str(later.pk))
    assert actor_of(request).appointment_id == later.pk
    assert actor_of(again(request)).role is Role.OFFICE


@time_machine.travel("2026-11-21 00:30:00+08:00", tick=False)
def test_an_appointment_holds_through_its_last_local_day(places):
    person = user()
    appointed(person, Role.AUDITOR, places["county"], ends_on=date(2026, 11, 20))
    appointed(person, Role.HR, places["county"], starts_on=date(2026, 11, 22))
    assert actor_of(request_of(person)) is None
    last = appointed(person, Role.CITY, places["county"], ends_on=TODAY)
    assert actor_of(request_of(person)).appointment_id == last.pk


def test_a_chosen_appointment_that_ended_falls_back_to_the_first(places):
    person = user()
    first = appointed(person, Role.STREET, places["street"], places["office"])
    chosen = appointed(person, Role.AUDITOR, places["county"], starts_on=date(2026, 5, 1))
    request = request_of(person)
    choose(request, str(chosen.pk))
    Appointment.objects.filter(pk=chosen.pk).update(ends_on=date(2026, 5, 2))
    assert actor_of(again(request)).appointment_id == first.pk


def test_one_query_however_often_it_is_asked(places, django_assert_num_queries):
    person = user()
    for month in range(1, 10):
        unit = Department.objects.create(division=places["county"], name=f"第{month}局")
        appointed(person, Role.APPLICANT, places["county"], unit, starts_on=date(2026, month, 1))
    request = request_of(person)
    with django_assert_num_queries(1):
        said = who(request)
        assert actor_of(request).label == "第1局 · 部门经办"
        assert said["place"] == "天元区"
        assert [current for _value, _label, current in said["appointments"]] == [True] + [False] * 8


def test_nobody_chooses_anothers_or_an_ended_appointment(places):
    person = user()
    appointed(person, Role.HR, places["county"])
    ended = appointed(person, Role.CITY, places["county"], ends_on=date(2026, 1, 2))
    others = appointed(user("other"), Role.ADMIN, places["county"])
    for pk in (str(ended.pk), str(others.pk), "", "1; drop", "9" * 40):
        with pytest.raises(NotAllowed):
            choose(request_of(person), pk)


def test_a_view_says_whom_to_ask_when_there_is_no_appointment(places):
    view = ActorMixin()
    view.request = request_of(user())
    with pytest.raises(NotAllowed, match="您的账号没有有效的任职，请联系平台管理员"):
        _ = view.actor


def test_emails_of_posts_in_one_query(places, django_assert_num_queries):
    bureau, street = places["bureau"], places["street"]
    appointed(user("a", email="a@example.cn"), Role.APPLICANT, places["county"], bureau)
    appointed(user("b", email="b@example.cn"), Role.APPLICANT, places["county"], bureau)
    appointed(user("c", email=""), Role.APPLICANT, places["county"], bureau)
    appointed(user("d", email="d@example.cn", is_active=False), Role.APPLICANT, places["county"], bureau)
    appointed(user("e", email="e@example.cn"), Role.APPLICANT, places["county"], bureau, ends_on=date(2026, 1, 31))
    appointed(user("f", email="f@example.cn"), Role.STREET, street, places["office"])
    appointed(user("g", email="g@example.cn"), Role.OFFICE, places["county"], bureau)
    wanted = [f"applicant:{bureau.pk}", "street:430211001", "street:430211002"]
    with django_assert_num_queries(1):
        assert emails_of(wanted, on=TODAY) == {
            wanted[0]: ["a@example.cn", "b@example.cn"],
            wanted[1]: ["f@example.cn"],
            wanted[2]: [],
        }
    with django_assert_num_queries(0):
        assert emails_of([], on=TODAY) == {}


def test_standing_names_the_county_of_a_street(places):
    person = user()
    appointed(person, Role.STREET, places["street"], places["office"])
    assert standing_of(request_of(person)).county_name == "天元区"


class TestSwitchPage:
    def test_switches_and_returns_where_asked(self, client, places):
        person = user()
        appointed(person, Role.STREET, places["street"], places["office"])
        other = appointed(person, Role.AUDITOR, places["county"], starts_on=date(2026, 2, 1))
        client.force_login(person)
        answer = client.post("/communities/switch/", {"appointment": other.pk, "next": "/accounts/logout/"})
        assert (answer.status_code, answer.url) == (302, "/accounts/logout/")
        assert client.session["appointment"] == other.pk

    def test_never_leaves_the_portal(self, client, places):
        person = user()
        mine = appointed(person, Role.STREET, places["street"], places["office"])
        client.force_login(person)
        answer = client.post("/communities/switch/", {"appointment": mine.pk, "next": "https://elsewhere.example/"})
        assert answer.url == "/"

    def test_is_not_for_visitors_or_by_link(self, client, places):
        assert client.post("/communities/switch/").url.startswith("/accounts/login/")
        client.force_login(user())
        assert client.get("/communities/switch/").status_code == 405
