"""The applications about one item of the lists: a page of its own, opened in place on the item's page."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admission import actions
from admission.models import Application
from admission.procedure import Kind
from tests.admission import world as ways
from tests.admission.signing import signed_in
from tests.factories import admitted, content

IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def item(world):
    dept = world.units["dept"]
    return admitted(
        world.county, said=content("流动人口登记管理", department_id=dept.pk, department_text=dept.name),
        starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 30), at=world.at(),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-04 10:00+08:00", tick=False):
        yield


def page(client, item, **options):
    return client.get(reverse("admission:for-item", args=[item.code]), **options)


def shown(response) -> list[Application]:
    return [row["application"] for row in response.context["rows"]]


def test_the_newest_stands_first_with_kind_state_applicant_and_days(world, item):
    old = ways.withdrawn(world, kind=Kind.EXIT, item=item)
    new = actions.open_consultation(
        ways.drafted(world, kind=Kind.CHANGE, item=item), by=world.actors["dept"], at=world.at()
    )
    ways.consulted(world)
    response = page(signed_in(world.actors["office"]), item)
    assert shown(response) == [new, old]
    html = response.content.decode()
    for said in ("变更", "退出", "应急管理局", "事前征询", "个工作日", "流动人口登记管理"):
        assert said in html


def test_each_sees_only_what_it_may_know_of(world, item):
    draft = ways.drafted(world, kind=Kind.CHANGE, item=item)
    seen = {who: shown(page(signed_in(by), item)) for who, by in world.actors.items() if who != "member_host"}
    assert seen == {who: [draft] if who == "dept" else [] for who in seen}


def test_where_there_is_nothing_to_see_one_sentence_says_so(world, item):
    office = signed_in(world.actors["office"])
    for headers in ({}, IN_PLACE):
        assert "没有您可以看到的关于此事项的申请。" in page(office, item, headers=headers).content.decode()


def test_applications_are_not_public_nor_is_their_link(world, item):
    ways.consulted(world, kind=Kind.CHANGE, item=item)
    address = reverse("admission:for-item", args=[item.code])
    assert Client().get(address).url.startswith("/accounts/login/")
    assert address not in Client().get(reverse("worklists:item", args=[item.code])).content.decode()


def test_the_items_page_links_to_it_and_opens_it_in_place(world, item):
    application = ways.consulted(world, kind=Kind.CHANGE, item=item)
    office, address = signed_in(world.actors["office"]), reverse("admission:for-item", args=[item.code])
    html = office.get(reverse("worklists:item", args=[item.code])).content.decode()
    assert f'<a href="{address}">' in html
    assert f'hx-get="{address}"' in html
    response = page(office, item, headers=IN_PLACE)
    assert "HX-Request" in response["Vary"]
    assert "<html" not in response.content.decode()
    assert reverse("admission:application", args=[application.pk]) in response.content.decode()


def test_in_place_stand_five_and_a_link_to_all(world, item):
    for _again in range(6):
        ways.drafted(world, kind=Kind.CHANGE, item=item)
    response = page(signed_in(world.actors["dept"]), item, headers=IN_PLACE)
    assert len(shown(response)) == 5
    assert "看全部 6 件申请" in response.content.decode()


@pytest.mark.parametrize("headers", [{}, IN_PLACE])
def test_it_asks_as_often_for_many_as_for_one(world, item, headers):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(office, item, headers=headers)
        return len(captured)

    office = signed_in(world.actors["office"])
    ways.withdrawn(world, kind=Kind.CHANGE, item=item)
    asked()
    few = asked()
    for _again in range(4):
        ways.withdrawn(world, kind=Kind.CHANGE, item=item)
    assert asked() == few
