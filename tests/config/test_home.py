"""The home page: groups by due date, its tabs, who sees what, how much it costs; the way in for visitors."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admission import actions
from base.models import User
from base.todo import TodoLine
from base.workdays import Calendar
from communities.roles import Role
from config.home import NOTHING, grouped
from tests.admission import crowd
from tests.admission import world as ways
from tests.admission.browsing import BACKEND, signed_in
from tests.admission.conftest import world as world  # noqa: PLC0414  the fixture

MONDAY = date(2026, 11, 23)


def at(day: date):
    return time_machine.travel(f"{day} 10:00+08:00", tick=False)


def line(title: str, due_on: date | None) -> TodoLine:
    return TodoLine("submit", title, "", "办", "/", "/", due_on=due_on)


def test_lines_are_grouped_by_when_they_are_due():
    due = {
        "超": MONDAY - timedelta(days=1), "今": MONDAY, "周日": MONDAY + timedelta(days=6),
        "下周日": MONDAY + timedelta(days=13), "再下周": MONDAY + timedelta(days=14), "无": None,
    }  # fmt: skip
    groups = grouped([line(title, day) for title, day in due.items()], Calendar(), today=MONDAY)
    assert [(group.label, [row.line.title for row in group.rows]) for group in groups] == [
        ("已超期", ["超"]), ("今天到期", ["今"]), ("本周", ["周日"]), ("下周", ["下周日"]),
        ("以后", ["再下周"]), ("没有期限", ["无"]),
    ]  # fmt: skip
    assert [group.late for group in groups] == [True, False, False, False, False, False]
    assert [row.left for group in groups for row in group.rows] == [-1, 0, 4, 9, 10, None]


def test_the_home_page_counts_and_leads_to_what_is_to_be_done(world):
    application = ways.WAYS["submitted"](world)
    with at(application.deadlines.get(clock="acceptance").due_on + timedelta(days=1)):
        response = signed_in(world, "office").get("/")
    html = response.content.decode()
    assert "1 件等您办" in html
    assert "1 件已超期" in html
    assert f'href="/applications/{application.pk}/"' in html
    assert ("待办", "/", True, 1) in response.context["nav"]


@pytest.mark.parametrize("name", ["dept", "street0", "community0", "office", "deputy", "member", "admin"])
def test_an_empty_list_says_why(world, name):
    html = signed_in(world, name).get("/").content.decode()
    assert "没有等您办的事" in html
    assert str(NOTHING[Role(world.actors[name].role)]) in html


def test_what_my_post_did_is_listed_whoever_held_it(world):
    application = ways.screening(world)
    did = [event.says for event in signed_in(world, "office").get("/", {"tab": "done"}).context["page"]]
    assert did == ["开始初审", "受理"]
    assert [event.url for event in signed_in(world, "office").get("/", {"tab": "done"}).context["page"]] == [
        f"/applications/{application.pk}/"
    ] * 2
    assert not list(signed_in(world, "host").get("/", {"tab": "done"}).context["page"])
    assert len(signed_in(world, "community1").get("/", {"tab": "done"}).context["page"]) == 1


def test_what_i_follow_says_whom_it_waits_for(world):
    application = ways.screening(world)
    client = signed_in(world, "auditor")
    assert "还没有关注的申请" in client.get("/", {"tab": "followed"}).content.decode()
    actions.watch(application, by=world.actors["auditor"], at=world.at())
    cases = client.get("/", {"tab": "followed"}).context["cases"]
    assert [(row["case"], row["whom"]) for row in cases] == [(application, "民政局")]
    actions.watch(application, by=world.actors["office"], at=world.at())
    mine = signed_in(world, "office").get("/", {"tab": "followed"}).context["cases"]
    assert [row["whom"] for row in mine] == ["您"]
    listed = signed_in(world, "office").get("/applications/", {"view": "all"}).context["rows"]
    assert [row["whom"] for row in listed] == ["您"]


@pytest.mark.parametrize("name", ["city", "auditor"])
def test_who_watches_begins_with_what_is_overdue(world, name):
    application = ways.WAYS["submitted"](world)
    crowd.window_open(world)
    due_on = application.deadlines.get(clock="acceptance").due_on
    with at(due_on):
        assert "没有超期的" in signed_in(world, name).get("/").content.decode()
    with at(due_on + timedelta(days=1)):
        response = signed_in(world, name).get("/")
    assert [row["clock"].application for row in response.context["late_clocks"]] == [application]
    assert "等我办" not in response.content.decode()
    assert "督办" in response.content.decode()


@pytest.mark.parametrize("name", ["dept", "street0", "community0", "member", "admin"])
def test_what_is_overdue_is_no_page_for_those_who_only_act(world, name):
    tabs = signed_in(world, name).get("/", {"tab": "overdue"}).context["tabs"]
    assert "?tab=overdue" not in [url for _label, url, _current, _count in tabs]


def test_the_margin_shows_the_next_meeting_and_the_cases_by_stage(world):
    crowd.planned_ahead(world)
    ways.screening(world)
    with at(date(2026, 11, 3)):
        response = signed_in(world, "office").get("/")
    assert response.context["meeting"].heard == 1
    assert [(stage.label, stage.count) for stage in response.context["stages"]] == [("初审", 1), ("会议审议", 1)]
    assert response.context["running"] == 2


def test_the_margin_counts_what_the_list_holds_the_drafts_of_ones_own_among_it(world):
    ways.screening(world)
    ways.drafted(world)
    with at(date(2026, 11, 3)):
        department = signed_in(world, "dept")
        margin = department.get("/").context
        doing = department.get(reverse("admission:applications"), {"view": "doing"}).context["page"].paginator.count
    assert [(stage.label, stage.count) for stage in margin["stages"]] == [("起草", 1), ("初审", 1)]
    assert margin["running"] == doing == 2


def test_the_home_page_costs_the_same_whatever_waits(world):
    names, tabs = ("office", "street0", "dept", "deputy", "city"), ("todo", "done", "followed", "overdue")

    def cost() -> dict[tuple[str, str], int]:
        found = {}
        for name in names:
            client = signed_in(world, name)
            for tab in tabs:
                with CaptureQueriesContext(connection) as caught:
                    client.get("/", {"tab": tab})
                found[name, tab] = len(caught)
        return found

    crowd.gather(world)
    with at(date(2026, 12, 1)):
        once = cost()
        for way in (crowd.said_no, ways.returned, crowd.window_open, ways.noticed, crowd.minutes_open):
            actions.watch(way(world), by=world.actors["office"], at=world.at())
        actions.watch(ways.screening(world), by=world.actors["office"], at=world.at())
        again = cost()
    empty = {key for key in once if key[1] == "followed"}  # with nothing followed there is nothing to look up
    assert {key: value for key, value in again.items() if key not in empty} == {
        key: value for key, value in once.items() if key not in empty
    }
    assert max(once.values()) < 50


def test_a_visitor_finds_the_doors_and_an_account_without_a_post_is_told(db):
    html = Client().get("/").content.decode()
    for address in ("/lists/", "/outcomes/", "/accounts/login/", "/help/"):
        assert f'href="{address}"' in html
    client = Client()
    client.force_login(User.objects.create(username="nobody"), backend=BACKEND)
    assert "没有有效的任职" in client.get("/").content.decode()
