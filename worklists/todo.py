"""What waits for somebody here: filings to acknowledge, reports and supervision cases, editions to decide."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from base.acts import legal_day
from base.todo import TodoLine
from communities.roles import DECIDERS, Actor, Role
from worklists import access, departments
from worklists.models import CompletionFiling, ItemList, SupervisionCase, UnapprovedReport

State = UnapprovedReport.State
NEWS_FOR = timedelta(days=7)


def lines(actor: Actor, today: date) -> list[TodoLine]:
    """A fixed number of queries for each role, whatever the number of rows."""
    if actor.role is Role.OFFICE:
        return [*to_acknowledge(actor), *to_handle(actor), *of_both_sides(actor, today)]
    if actor.role in DECIDERS:
        return list(to_publish(actor))
    if actor.role is Role.MEMBER:
        return [*to_handle(actor), *of_both_sides(actor, today)]
    if actor.role in access.SUPERVISORS:
        return list(to_close(actor, today))
    if actor.role is Role.STREET:
        return [*to_answer(actor), *supervised(actor), *results(actor, today)]
    if actor.role is Role.APPLICANT:
        return [*to_answer(actor), *supervised(actor)]
    return list(results(actor, today)) if actor.role is Role.COMMUNITY else []


def to_acknowledge(actor: Actor) -> Iterator[TodoLine]:
    """备案 that the office has not acknowledged."""
    rows = CompletionFiling.objects.visible_to(actor).filter(acknowledged_at__isnull=True)
    for row in rows.select_related("ended_version", "filed_by").order_by("filed_at"):
        url = reverse("worklists:filing", args=[row.pk])
        what = _("%(unit)s备案：%(kind)s") % {"unit": row.filed_by.name, "kind": row.get_kind_display()}
        yield TodoLine(
            act="acknowledge_filing", title=row.ended_version.title, what=what, button=_("收讫"), url=url, page=url,
            state=_("待收讫"), tone="wait",
        )  # fmt: skip


def to_handle(actor: Actor) -> Iterator[TodoLine]:
    """Reports that nobody has looked at yet, and those whose confirmation has failed; the office leaves those about its
    own unit to the substitute."""
    rows = UnapprovedReport.objects.visible_to(actor).filter(state=State.REPORTED)
    if actor.role is Role.OFFICE:
        rows = rows.filter(substitute__isnull=True)
    for row in rows.order_by("reported_at"):
        said = _("报告 %s 的确认申请没有通过，请再办理") if row.came_back else _("社区报告了未经准入的工作 %s")
        yield _report(row, "pass_on", what=said % row.number, button=_("办理"), tone="wait")


def to_answer(actor: Actor) -> Iterator[TodoLine]:
    """Reports that were passed on to this unit, each with its last day."""
    mine = departments.acting_for(actor.unit_id)
    rows = UnapprovedReport.objects.visible_to(actor).filter(department__in=mine, state=State.PASSED_ON)
    for row in rows.order_by("due_on"):
        what = _("有社区反映的未经准入工作 %s，停止或者提出确认申请") % row.number
        yield _report(row, "answer_report", what=what, button=_("答复"), tone="doing")


def supervised(actor: Actor) -> Iterator[TodoLine]:
    """督办件 that this unit has to answer."""
    rows = SupervisionCase.objects.visible_to(actor).filter(unit_id__in=actor.units, state=SupervisionCase.State.OPEN)
    yield from map(_charged, rows.order_by("due_on", "pk"))


def to_close(actor: Actor, today: date) -> Iterator[TodoLine]:
    """督办件 of one's own that were answered, or that are late."""
    rows = SupervisionCase.objects.visible_to(actor).running().opened_by(actor).filter(_ripe(today))
    yield from map(_opened, rows.select_related("unit").order_by("due_on", "pk"))


def of_both_sides(actor: Actor, today: date) -> Iterator[TodoLine]:
    """The same two for a post that has both: the office and who stands in for it. One query."""
    charged = Q(unit_id__in=actor.units, state=SupervisionCase.State.OPEN)
    rows = SupervisionCase.objects.visible_to(actor).running().filter(charged | _ripe(today))
    for row in rows.select_related("unit").order_by("due_on", "pk"):
        if row.state == SupervisionCase.State.OPEN and access.is_supervised(actor, row):
            yield _charged(row)
        elif access.opened(actor, row):
            yield _opened(row)


def _ripe(today: date) -> Q:
    return Q(state=SupervisionCase.State.ANSWERED) | Q(due_on__lt=today)


def results(actor: Actor, today: date) -> Iterator[TodoLine]:
    """What became of one's own reports, for a week."""
    rows = UnapprovedReport.objects.visible_to(actor).filter(reporter__code=actor.code, closed_at__isnull=False)
    for row in rows.order_by("-closed_at"):
        if row.closed_at and legal_day(row.closed_at) + NEWS_FOR >= today:
            yield _report(
                row, "read_result", what=_("您的报告 %s 有了结果") % row.number, button=_("看结果"), tone="done"
            )


def to_publish(actor: Actor) -> Iterator[TodoLine]:
    """Drafts whose first day is set: the office has finished."""
    rows = ItemList.objects.filter(owner__code=actor.code, state=ItemList.State.DRAFT, starts_on__isnull=False)
    for row in rows.order_by("starts_on"):
        url = reverse("worklists:edition", args=[row.pk])
        yield TodoLine(
            act="publish_edition", title=row.title, what=_("清单草案等您审定公布"), button=_("审定"), url=url, page=url,
            state=_("草案"), tone="wait",
        )  # fmt: skip


def _charged(row: SupervisionCase) -> TodoLine:
    what = _("%s督办，请答复怎样整改") % row.opened_by
    return _case(row, "answer_supervision", what=what, button=_("答复"), tone="doing")


def _opened(row: SupervisionCase) -> TodoLine:
    answered = row.state == SupervisionCase.State.ANSWERED
    said = _("%s已答复，看过以后办结，或者要求继续整改") if answered else _("%s到期没有答复")
    tone = "doing" if answered else "wait"
    return _case(row, "close_supervision", what=said % row.unit.name, button=_("办理"), tone=tone)


def _case(row: SupervisionCase, act: str, *, what: str, button: str, tone: str) -> TodoLine:
    url = reverse("worklists:supervision-case", args=[row.pk])
    return TodoLine(
        act=act, title=row.matter, what=what, button=button, url=url, page=url, due_on=row.due_on,
        provisional=row.provisional, state=str(row.get_state_display()), tone=tone,
    )  # fmt: skip


def _report(row: UnapprovedReport, act: str, *, what: str, button: str, tone: str) -> TodoLine:
    url = reverse("worklists:report", args=[row.pk])
    due_on = row.due_on if row.state == State.PASSED_ON else None
    return TodoLine(
        act=act, title=row.what, what=what, button=button, url=url, page=url, due_on=due_on,
        provisional=due_on is not None and row.provisional, state=str(row.get_state_display()), tone=tone,
    )  # fmt: skip
