"""The home page: what waits for me, what I did, what I follow, what is overdue. For visitors: the way in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import admission.todo
import worklists.todo
from admission import reports
from admission.models import Application, Deadline
from admission.presentation.waiting import waiting
from admission.presentation.words import state_of
from base import events
from base.models import Event, Holiday
from base.todo import TodoLine
from base.workdays import Calendar
from communities.actors import actor_of
from communities.roles import BY_UNIT, Actor, Role, chain_of
from config import context, nav

SOURCES: tuple[Callable[[Actor, date], list[TodoLine]], ...] = (admission.todo.lines, worklists.todo.lines)
"""`<app>.todo.lines` of every app that gives people something to do."""

PER_PAGE = 60
SEE_OVERDUE = nav.WATCHERS | {Role.OFFICE, Role.DIRECTOR, Role.DEPUTY}

NOTHING: dict[Role, Promise] = {
    Role.APPLICANT: gettext_lazy("申请被退回、有意见要答复、有告知单要签收时，会出现在这里。"),
    Role.STREET: gettext_lazy("有征询要答复、有告知单要签收时，会出现在这里。"),
    Role.COMMUNITY: gettext_lazy("有征询要答复、有告知单要签收时，会出现在这里。"),
    Role.OFFICE: gettext_lazy("有申请提交、到了您要办的环节时，会出现在这里。"),
    Role.DIRECTOR: gettext_lazy("有申请提请核准、有会议纪要要审定时，会出现在这里。"),
    Role.DEPUTY: gettext_lazy("有申请提请核准、有会议纪要要审定时，会出现在这里。"),
    Role.MEMBER: gettext_lazy("有简易程序的申请送您知悉时，会出现在这里。"),
    Role.ALTERNATE: gettext_lazy("有简易程序的申请送您知悉时，会出现在这里。"),
    Role.ADMIN: gettext_lazy("平台管理员不办理申请，只管设置、账号和工作日历。"),
}

DOORS = (
    (
        gettext_lazy("社区工作事项清单"),
        gettext_lazy("每个社区现在要办哪些事，由哪个部门交办，依据是什么。"),
        "worklists:list",
    ),
    (
        gettext_lazy("结果公示和告知单核验"),
        gettext_lazy("看最近的审核结果；输入文号，查一张工作告知单是不是真的。"),
        "admission:outcomes",
    ),
    (gettext_lazy("登录办理"), gettext_lazy("部门、街道、社区和审核委员会从这里进入。"), "account_login"),
    (gettext_lazy("使用手册"), gettext_lazy("按岗位写的操作说明，每章两三分钟看完。"), "help"),
)


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """待办 for whoever works here; three doors for a visitor."""
    actor = actor_of(request)
    if actor is None:
        inside = request.user.is_authenticated  # without a post: the door to sign in would lead back here
        doors = [
            {"title": title, "text": text, "url": reverse(name)}
            for title, text, name in DOORS
            if not (inside and name == "account_login")
        ]
        return render(request, "welcome.html", {"doors": doors, "no_post": inside})
    desk = Desk(request, actor)
    tabs = [tab for tab in TABS if tab.roles is None or actor.role in tab.roles]
    if actor.role in nav.WATCHERS:
        tabs = sorted((tab for tab in tabs if desk.lines or tab.name != "todo"), key=lambda tab: tab.name != "overdue")
    chosen = next((tab for tab in tabs if tab.name == request.GET.get("tab")), tabs[0])
    links = [(str(tab.label), f"?tab={tab.name}", tab is chosen, tab.count(desk)) for tab in tabs]
    shown = {**desk.frame(), **chosen.show(desk), "tab": chosen.name, "tabs": links}
    return render(request, "home.html", shown)


class Desk:
    """What the tabs of one request share: who looks, the day, the calendar, the lines."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self.request, self.actor = request, actor
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.calendar: Calendar = Holiday.objects.calendar()
        self.lines = [line for source in SOURCES for line in source(actor, self.today)]
        self.followed = reports.followed(actor)
        self.watched = self.followed.count()
        self.overdue = reports.overdue(actor, self.today)

    def page(self, rows: Any) -> Page:
        """The page of `rows` that the address names."""
        return Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))

    def left(self, due_on: date | None) -> int | None:
        """Working days left."""
        return self.calendar.left(self.today, due_on) if due_on else None

    def frame(self) -> dict[str, Any]:
        """The margin, and the navigation with the number of things to do."""
        counts = {**context.unread(self.request), nav.HOME: len(self.lines)}
        stages = reports.in_progress(self.actor)
        return {
            "nav": nav.links(self.request, self.actor, counts),
            "today": self.today,
            "total": len(self.lines),
            "late": sum(line.due_on is not None and line.due_on < self.today for line in self.lines),
            "due_today": sum(line.due_on == self.today for line in self.lines),
            "meeting": reports.next_meeting(self.actor, self.now),
            "stages": stages,
            "running": sum(stage.count for stage in stages),
            "watches": self.actor.role in nav.WATCHERS,
            "works": self.actor.role in nav.CASEWORK,
        }


@dataclass(frozen=True)
class Row:
    """A line with the working days that are left."""

    line: TodoLine
    left: int | None


@dataclass(frozen=True)
class Group:
    """Lines that are due in the same span of time."""

    label: str
    rows: Sequence[Row]
    late: bool = False


def grouped(lines: Sequence[TodoLine], calendar: Calendar, *, today: date) -> list[Group]:
    """已超期, 今天到期, 本周 (to Sunday), 下周, 以后, 没有期限; empty groups are left out."""
    sunday = today + timedelta(days=6 - today.weekday())
    next_sunday = sunday + timedelta(days=7)
    spans: list[tuple[str, Callable[[date | None], bool], bool]] = [
        (_("已超期"), lambda due: due is not None and due < today, True),
        (_("今天到期"), lambda due: due == today, False),
        (_("本周"), lambda due: due is not None and today < due <= sunday, False),
        (_("下周"), lambda due: due is not None and sunday < due <= next_sunday, False),
        (_("以后"), lambda due: due is not None and due > next_sunday, False),
        (_("没有期限"), lambda due: due is None, False),
    ]
    groups = [
        Group(label, [Row(line, _left(line, calendar, today)) for line in lines if holds(line.due_on)], late)
        for label, holds, late in spans
    ]
    return [group for group in groups if group.rows]


def _left(line: TodoLine, calendar: Calendar, today: date) -> int | None:
    return calendar.left(today, line.due_on) if line.due_on else None


def show_todo(desk: Desk) -> dict[str, Any]:
    """What waits for me."""
    ordered = sorted(desk.lines, key=lambda line: (line.due_on or date.max, line.title))
    page = desk.page(ordered)
    return {
        "page": page,
        "groups": grouped(list(page.object_list), desk.calendar, today=desk.today),
        "nothing": NOTHING.get(desk.actor.role, ""),
    }


TARGETS = {
    "admission.application": "admission:application",
    "admission.meeting": "admission:meeting",
    "worklists.completionfiling": "worklists:filing",
    "worklists.itemlist": "worklists:edition",
    "worklists.refusal": "worklists:refusal",
    "worklists.supervisioncase": "worklists:supervision-case",
    "worklists.unapprovedreport": "worklists:report",
}
"""The page of what an audit line is about."""


def done_by(actor: Actor) -> Any:
    """The audit lines of this post, whoever held it, the newest first."""
    rows = Event.objects.filter(chain=chain_of(actor.code), by_role=actor.role, by_code=actor.code, in_feed=True)
    if actor.role in BY_UNIT:
        rows = rows.filter(by_label__startswith=f"{actor.unit_name} · ")
    return rows.order_by("-seq")


def show_done(desk: Desk) -> dict[str, Any]:
    """What my post did."""
    page = desk.page(done_by(desk.actor))
    for event in page:
        event.says = events.said(event)
        name = TARGETS.get(event.target_type)
        event.url = reverse(name, args=[event.target_pk]) if name else ""
    return {"page": page}


def _cases(desk: Desk, rows: Sequence[Application]) -> list[dict[str, Any]]:
    says, facts = waiting(rows, on=desk.today, reader=desk.actor)
    found = []
    for row in rows:
        clock = facts.due(row)
        due_on = clock.due_on if clock else None
        state = state_of(row)
        whom = says[row.pk].whom
        found.append({"case": row, "whom": whom, "due_on": due_on, "left": desk.left(due_on), "state": state})
    return found


def show_followed(desk: Desk) -> dict[str, Any]:
    """What my post follows, and whom it waits for."""
    page = desk.page(desk.followed)
    return {"page": page, "cases": _cases(desk, list(page))}


def show_overdue(desk: Desk) -> dict[str, Any]:
    """Which clock has run out, in which case, who it waits for."""
    page = desk.page(desk.overdue)
    clocks: list[Deadline] = list(page)
    says, _facts = waiting([clock.application for clock in clocks], on=desk.today, reader=desk.actor)
    rows = [
        {"clock": clock, "whom": says[clock.application_id].whom, "left": desk.left(clock.due_on)} for clock in clocks
    ]
    return {"page": page, "late_clocks": rows, "several_counties": desk.actor.role is Role.CITY}


@dataclass(frozen=True)
class Tab:
    """One view of the home page."""

    name: str
    label: Promise
    roles: frozenset[Role] | None
    show: Callable[[Desk], dict[str, Any]]
    count: Callable[[Desk], int | None]


TABS = (
    Tab("todo", gettext_lazy("等我办"), None, show_todo, lambda desk: len(desk.lines)),
    Tab("overdue", gettext_lazy("超期的"), SEE_OVERDUE, show_overdue, lambda desk: desk.overdue.count()),
    Tab("done", gettext_lazy("已办"), None, show_done, lambda _desk: None),
    Tab("followed", gettext_lazy("我关注的"), nav.CASEWORK, show_followed, lambda desk: desk.watched),
)
