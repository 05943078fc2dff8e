"""督办件 on its pages: opened by the office, the city, the auditors; answered by the unit; closed by who opened it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import DetailView, View

from base import events, web
from base.models import Attachment, Holiday
from base.templatetags.portal import once, zh_moment, zh_month_day
from base.workdays import Calendar
from communities.actors import ActorMixin
from communities.models import Department
from worklists import access, rules
from worklists.access import Act
from worklists.kinds import GROUNDS, Wrong
from worklists.models import SupervisionAnswer, SupervisionCase, UnapprovedReport
from worklists.receiving import supervising
from worklists.web import supervision_forms as forms
from worklists.web.pages import ActionPage, hidden_version
from worklists.web.reports import Handling, confirmation_url
from worklists.web.tabbed import TabbedList

State = SupervisionCase.State
TONES = {State.OPEN: "wait", State.ANSWERED: "doing", State.CLOSED: "done"}


class Cases(TabbedList):
    """The cases that this person may know of, those that are due first on top."""

    template_name = "worklists/supervision.html"
    context_object_name = "cases"
    views: ClassVar = {"open": lazy("办理中"), "closed": lazy("已办结"), "all": lazy("全部")}

    def get_queryset(self) -> QuerySet[SupervisionCase]:
        rows = SupervisionCase.objects.visible_to(self.actor).select_related("unit", "county")
        match self.chosen:
            case "open":
                return rows.running().order_by("due_on", "pk")
            case "closed":
                rows = rows.filter(state=State.CLOSED)
        return rows.order_by("-opened_at", "-pk")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        today, calendar = timezone.localdate(), Holiday.objects.calendar()
        rows = [
            {"case": case, "tone": TONES[State(case.state)], "left": calendar.left(today, case.due_on)}
            for case in context["cases"]
        ]
        may_open = access.may(self.actor, Act.OPEN_SUPERVISION, self.actor.code)
        return {
            **context, "rows": rows,
            "actions": [{"label": _("立督办件"), "url": reverse("worklists:supervision-new"), "primary": True}]
            if may_open else [],
        }  # fmt: skip


class CasePage(ActorMixin, DetailView):
    """One case: what is asked, until when, what was answered, how it ended."""

    template_name = "worklists/supervision_case.html"
    context_object_name = "case"

    def get_queryset(self) -> QuerySet[SupervisionCase]:
        return SupervisionCase.objects.visible_to(self.actor).select_related("unit", "county", "report")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        case = self.object
        answers = list(case.answers.prefetch_related("files").order_by("pk"))
        closed = zh_moment(case.closed_at) if case.closed_at else ""
        return super().get_context_data(
            state={"label": case.get_state_display(), "tone": TONES[State(case.state)]},
            facts=[
                (_("被督办单位"), case.unit.name), (_("督办单位"), case.opened_by),
                (_("立件时间"), zh_moment(case.opened_at)), (_("依据"), case.basis), (_("要求"), case.demand),
            ],
            result=[(_("结果"), case.get_result_display()), (_("说明"), case.reason), (_("办结"), closed)]
            if closed else [],
            answers=[
                {"answer": answer, "files": [shown(case, file) for file in answer.files.all()]} for answer in answers
            ],
            clock=clock(case, Holiday.objects.calendar(), answers), buttons=self.buttons(case),
            report=UnapprovedReport.objects.visible_to(self.actor).filter(pk=case.report_id).first(),
            lines=events.timeline(case, code=self.actor.code), **context,
        )  # fmt: skip

    def buttons(self, case: SupervisionCase) -> list[dict[str, Any]]:
        """What this person can do now."""
        found: list[dict[str, Any]] = []
        if case.state == State.CLOSED:
            return found
        if access.may(self.actor, Act.ANSWER_SUPERVISION, case):
            found.append({"label": _("答复"), "url": here(case, "answer"), "primary": True})
            if case.report and case.report.state == UnapprovedReport.State.SUPERVISED:
                url = confirmation_url(case.report)
                found += [{"label": _("提出确认申请"), "url": url}] if url else []
        if access.may(self.actor, Act.CLOSE_SUPERVISION, case):
            answered = case.state == State.ANSWERED
            found.append({"label": _("办结督办件"), "url": here(case, "close"), "primary": answered})
            found.append({"label": _("要求继续整改"), "url": here(case, "again")})
        return found


def here(case: SupervisionCase, act: str) -> str:
    """The page of an act."""
    return reverse(f"worklists:supervision-{act}", args=[case.pk])


def shown(case: SupervisionCase, file: Attachment) -> dict[str, Any]:
    """A file of an answer, as components/files.html takes it."""
    return {
        "name": file.name, "size": file.size, "url": reverse("worklists:supervision-file", args=[case.pk, file.pk]),
    }  # fmt: skip


def clock(case: SupervisionCase, calendar: Calendar, answers: Sequence[SupervisionAnswer]) -> dict[str, Any]:
    """Its last day with 怎么算的, as components/clock.html takes it; an answer ends it until more is asked."""
    ended_at = case.closed_at or (answers[-1].answered_at if case.state == State.ANSWERED else None)
    found: dict[str, Any] = {
        "left": calendar.left(timezone.localdate(), case.due_on),
        "stopped_on": timezone.localdate(ended_at) if ended_at else None,
    }
    if case.counted_from is None or case.answer_days is None:
        return {**found, "explain": [_("这一天是立件的单位定的，不按工作日计算。")]}
    count = calendar.count(case.counted_from, case.answer_days)
    explain = [
        _("%(day)s%(begins)s，当天不算，从次日起数 %(count)s 个工作日。")
        % {"day": zh_month_day(case.counted_from), "begins": _("立件或者要求继续整改"), "count": case.answer_days}
    ]
    if count.provisional:
        years = _("、").join(str(year) for year in sorted({day.on.year for day in count.days}))
        explain.append(_("%s 年的放假安排还没有公布齐，先按周一至周五推算，公布后会重新计算。") % years)
    basis = rules.basis(case.county.code, rules.Key.SUPERVISION_DAYS, on=case.counted_from)
    return {**found, "explain": explain, "count": count, "basis": basis}


class Attached(ActorMixin, View):
    """A file of an answer: for whoever may read the case."""

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        case = get_object_or_404(SupervisionCase.objects.visible_to(self.actor), pk=pk)
        answers = SupervisionAnswer.objects.filter(case=case)
        return web.send(get_object_or_404(Attachment.objects.filter(pk__in=answers.values("files")), pk=file))


class Opening(web.Once):
    """What both ways of opening a case have in common."""

    submit = lazy("立件")
    done = lazy("已立件，被督办的单位会收到消息和期限。")

    def after(self, result: SupervisionCase) -> str:
        """The case."""
        return reverse("worklists:supervision-case", args=[result.pk])


class New(Opening, ActionPage):
    """The city's organs and the auditors, of their own accord."""

    form_class = forms.OwnAccordForm
    heading = lazy("立督办件")
    lede = lazy(
        "市级对各区县跟踪督办（《指导意见》第十二条），审计也可以立件。被督办的单位和它所在区县的办公室会收到消息。"
    )

    def check(self) -> None:
        access.check(self.actor, Act.OPEN_SUPERVISION, self.actor.code)

    def get_form_kwargs(self) -> dict[str, Any]:
        units = Department.objects.filter(division__code__startswith=self.actor.code).valid(timezone.localdate())
        return {**super().get_form_kwargs(), "units": units}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(hidden=once(), **context)

    def perform(self, form: Any) -> SupervisionCase:
        return supervising.open_case(form.charge(), by=self.actor, at=timezone.now())

    def back(self) -> str:
        return reverse("worklists:supervision")


class FromReport(Opening, Handling):
    """Who handles a report makes it a case."""

    form_class = forms.ChargeForm
    heading = lazy("转为督办件")
    lede = lazy(
        "被督办的单位从现在起看得到这份报告，看不到是哪个社区报告的，只看到街道；请不要在下面写出社区的名称。"
        "它可以答复，也可以提出确认申请（《指导意见》第九条）。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        given = super().get_form_kwargs()
        units = Department.objects.of(given.pop("county")).valid(given.pop("today"))
        return {**given, "units": units}

    def get_initial(self) -> dict[str, Any]:
        grounds = "\n".join(str(GROUNDS[wrong]) for wrong in Wrong if wrong in self.report.wrongs)
        return {"unit": self.report.department, "matter": self.report.what, "basis": grounds}

    def perform(self, form: Any) -> SupervisionCase:
        return supervising.supervise_report(
            self.report, form.charge(), by=self.actor, at=timezone.now(), seen=self.seen()
        )


class OfCase(ActionPage):
    """An act on a case that this person may know of."""

    act: Act

    @cached_property
    def case(self) -> SupervisionCase:
        """The case; what this actor may not know of is not there."""
        return get_object_or_404(SupervisionCase.objects.visible_to(self.actor), pk=self.kwargs["pk"])

    def check(self) -> None:
        access.check(self.actor, self.act, self.case)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(hidden=hidden_version(self.case.version), subject=self.case.matter, **context)

    def back(self) -> str:
        return reverse("worklists:supervision-case", args=[self.kwargs["pk"]])

    def given(self, form: Any) -> dict[str, Any]:
        """What every act on a case is told besides the case."""
        return {**form.cleaned_data, "by": self.actor, "at": timezone.now(), "seen": self.seen()}


class Answer(OfCase):
    """The unit answers."""

    act = Act.ANSWER_SUPERVISION
    form_class = forms.CaseAnswerForm
    heading = lazy("答复督办件")
    lede = lazy("确需社区协助的，另外提出确认申请（《指导意见》第九条）。")
    submit = lazy("答复")
    done = lazy("已答复，立件的单位会收到消息。")

    def perform(self, form: Any) -> SupervisionAnswer:
        return supervising.answer_case(self.case, **self.given(form))


class AskAgain(OfCase):
    """Not enough, or more time."""

    act = Act.CLOSE_SUPERVISION
    form_class = forms.AgainForm
    heading = lazy("要求继续整改")
    submit = lazy("发出")
    done = lazy("已发出，被督办的单位会收到消息和新的期限。")

    def perform(self, form: Any) -> SupervisionCase:
        return supervising.ask_again(self.case, **self.given(form))


class Close(OfCase):
    """办结."""

    act = Act.CLOSE_SUPERVISION
    form_class = forms.CaseCloseForm
    heading = lazy("办结督办件")
    submit = lazy("办结督办件")
    done = lazy("已办结，被督办的单位会收到消息。")

    def perform(self, form: Any) -> SupervisionCase:
        return supervising.close_case(self.case, **self.given(form))
