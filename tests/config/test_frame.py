"""What every page carries: the navigation of the role, the unread messages, the demo's accounts on the sign-in page."""

import pytest
from django.test import Client
from django.urls import reverse

from base.models import User
from communities.models import Appointment, Division
from communities.roles import Role
from config import nav
from config.demo_county import cast
from tests.admission import world as ways
from tests.admission.browsing import holding, signed_in
from tests.admission.conftest import world as world  # noqa: PLC0414  the fixture
from tests.factories import actor


@pytest.mark.parametrize(
    "name", ["dept", "street0", "community0", "office", "director", "member", "city", "auditor", "admin"]
)
def test_every_entry_of_a_role_leads_to_a_page_it_may_open(world, name):
    client = signed_in(world, name)
    links = client.get("/").context["nav"]
    assert len(links) >= 5
    answers = {url: client.get(url, follow=True).status_code for _label, url, _current, _count in links}
    assert set(answers.values()) == {200}, answers


def test_a_visitor_s_entries_need_no_sign_in(db):
    client = Client()
    links = client.get("/").context["nav"]
    assert [label for label, *_rest in links] == ["清单", "结果公示"]
    assert {client.get(url, follow=True).status_code for _label, url, *_rest in links} == {200}


def test_one_entry_is_here_the_most_exact_one(rf):
    admin = actor(Role.ADMIN)
    request = rf.get(reverse("communities:appointments"))
    here = [label for label, _url, current, _count in nav.links(request, admin, {}) if current]
    assert here == ["任职"]


@pytest.mark.parametrize(
    ("path", "word"),
    [("/registers/430211/", "清单"), ("/lists/430211/", "清单"), ("/refusals/", "报告"), ("/unapproved/7/", "报告")],
)
def test_what_belongs_together_is_marked_together(rf, path, word):
    links = nav.links(rf.get(path), actor(Role.OFFICE), {})
    assert [label for label, _url, current, _count in links if current] == [word]


def test_unread_messages_stand_in_the_head_of_every_page(world):
    ways.WAYS["submitted"](world)
    client = signed_in(world, "office")
    for address in ("/", "/applications/", "/help/"):
        assert ("消息", "/messages/", False, 2) in client.get(address).context["nav"], address
    client.post("/messages/seen/")
    assert ("消息", "/messages/", False, 0) in client.get("/").context["nav"]


def test_the_sign_in_page_of_a_demo_lists_the_accounts_that_exist(settings, db):
    county = Division.objects.create(code="430211", name="天元区", kind="county")
    user = User.objects.create_user("director", password=cast.PASSWORD)
    Appointment.objects.create(user=user, role=Role.DIRECTOR, division=county, starts_on="2025-01-01")
    assert "demo_accounts" not in Client().get("/accounts/login/").context
    settings.DEMO = True
    response = Client().get("/accounts/login/")
    assert [account["username"] for account in response.context["demo_accounts"]] == ["director"]
    assert "审核委员会主任" in response.content.decode()
    assert "demo_accounts" not in Client().get("/help/").context


def test_the_frame_asks_once_for_who_and_once_for_messages(world, django_assert_num_queries):
    client = holding(world.actors["office"])
    client.get("/accessibility/")
    with django_assert_num_queries(4):  # session, account, appointments, unread messages
        client.get("/accessibility/")
