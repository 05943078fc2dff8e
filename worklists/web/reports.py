"""Reports of unapproved work on their pages: the community's phone, the street, the office, the department."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import DetailView, View

from base import web
from base.errors import NotAllowed
from base.models import Holiday
from base.templatetags.portal import once, zh_day, zh_moment
from communities.actors import ActorMixin
from worklists import access, departments, rules
from worklists.access import Act
from worklists.models import SupervisionCase, UnapprovedReport, WorkItem
from worklists.receiving import actions, masking
from worklists.web import receiving_forms as forms
from worklists.web.pages import ActionPage, hidden_version
from worklists.web.report_list import TONES

State = UnapprovedReport.State


class ReportPage(ActorMixin, DetailView):
    """One report, and what this person can do with it."""

    template_name = "worklists/report_page.html"
    context_object_name = "report"

    def get_queryset(self) -> QuerySet[UnapprovedReport]:
        rows = UnapprovedReport.objects.visible_to(self.actor)
        return rows.select_related("reporter", "county", "department", "item", "substitute")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        report = self.object
        shown = masking.shown(self.actor, [report])[0]
        today = timezone.localdate()
        left = Holiday.objects.calendar().left(today, report.due_on) if report.due_on else None
        return super().get_context_data(
            shown=shown, left=left, state={"label": report.get_state_display(), "tone": TONES[State(report.state)]},
            facts=facts(shown), result=result(report), buttons=self.buttons(report),
            attachments=[] if shown.is_masked else report.files.order_by("pk"),
            cases=SupervisionCase.objects.visible_to(self.actor).filter(report=report).order_by("pk"), **context,
        )  # fmt: skip

    def buttons(self, report: UnapprovedReport) -> list[dict[str, Any]]:
        """What this person can do now."""
        found: list[dict[str, Any]] = []
        handles = access.handles(self.actor, report)
        if handles and report.state in {State.REPORTED, State.PASSED_ON}:
            to = _("转部门答复") if report.state == State.REPORTED else _("改转别的单位")
            found.append({"label": to, "url": here(report, "pass-on"), "primary": report.state == State.REPORTED})
            found.append({"label": _("转为督办件"), "url": here(report, "supervise")})
            found.append({"label": _("属清单内事项，办结"), "url": here(report, "close")})
        answers = access.speaks_for(self.actor, report.department_id, departments.acting_for(self.actor.unit_id))
        if answers and (report.state in {State.PASSED_ON, State.APPLYING} or report.came_back):
            found.append({"label": _("已停止，答复"), "url": here(report, "answer"), "primary": True})
        if answers and (report.state in {State.PASSED_ON, State.SUPERVISED} or report.came_back):
            found += [{"label": _("提出确认申请"), "url": url} for url in [confirmation_url(report)] if url]
        return found


def here(report: UnapprovedReport, act: str) -> str:
    """The page of an act."""
    return reverse(f"worklists:report-{act}", args=[report.pk])


def confirmation_url(report: UnapprovedReport) -> str:
    """Where the department applies for late confirmation (art 9); admission's page, by name."""
    try:
        return f"{reverse('admission:new')}?report={report.pk}"
    except NoReverseMatch:
        return ""


def facts(shown: masking.Shown) -> list[tuple[str, Any]]:
    """What was reported, as this reader may read it."""
    report = shown.report
    unit = report.department.name if report.department else ""
    asked = report.department_text if unit in {"", report.department_text} else f"{report.department_text}（{unit}）"
    return [
        (_("交办单位"), asked), (_("交办日期"), zh_day(report.happened_on)),
        (_("交办方式"), report.get_channel_display()), (_("属于"), report.get_subject_type_display()),
        (_("问题"), _("、").join(report.wrong_labels)),
        (_("办了没有"), report.get_done_display()), (_("具体情况"), shown.details),
        (_("报告单位"), shown.reporter), *([] if shown.is_masked else [(_("报告人"), shown.reported_by)]),
        (_("报告时间"), zh_moment(report.reported_at)),
    ]  # fmt: skip


def result(report: UnapprovedReport) -> list[tuple[str, Any]]:
    """How it was handled so far."""
    rows = [
        (_("转部门"), zh_moment(report.passed_on_at) if report.passed_on_at else ""), (_("答复"), report.answer),
        (_("办结"), zh_moment(report.closed_at) if report.closed_at else ""),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value]


class Attached(ActorMixin, View):
    """A file of a report: it may show who reported, so it is for the office and the reporter."""

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        rows = UnapprovedReport.objects.visible_to(self.actor).select_related("reporter", "county")
        report = get_object_or_404(rows, pk=pk)
        if not masking.knows_reporter(self.actor, report):
            raise Http404
        return web.send(get_object_or_404(report.files, pk=file))


class New(web.Once, ActionPage):
    """报告未经准入的工作, on a phone."""

    form_class = forms.ReportForm
    heading = lazy("报告未经准入的工作")
    lede = lazy("清单外的工作，没有工作告知单的，可以不办；写在这里，由办公室去问。")
    submit = lazy("报告")
    done = lazy("已报告，办公室会处理，结果会出现在您的待办里。")

    def check(self) -> None:
        access.check(self.actor, Act.REPORT_WORK, self.actor.county)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "county": self.actor.county, "today": timezone.localdate()}

    def get_initial(self) -> dict[str, Any]:
        return {"what": self.request.GET.get("what", "")[:200], "happened_on": timezone.localdate()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(hidden=once(), **context)

    def perform(self, form: Any) -> UnapprovedReport:
        return actions.report_work(
            form.handed(), uploads=form.cleaned_data["uploads"], by=self.actor, at=timezone.now()
        )

    def back(self) -> str:
        return reverse("worklists:reports")

    def after(self, result: UnapprovedReport) -> str:
        return reverse("worklists:report", args=[result.pk])


class OfReport(ActionPage):
    """An act on a report that this person may know of."""

    @cached_property
    def report(self) -> UnapprovedReport:
        """The report; what this actor may not know of is not there."""
        rows = UnapprovedReport.objects.visible_to(self.actor).select_related("county", "department")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(hidden=hidden_version(self.report.version), subject=self.report.what, **context)

    def back(self) -> str:
        return reverse("worklists:report", args=[self.kwargs["pk"]])


class Handling(OfReport):
    """An act of the office that chooses among what the county has."""

    def check(self) -> None:
        access.check_handles(self.actor, self.report)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "county": self.report.county.code, "today": timezone.localdate()}


class PassOn(Handling):
    """转部门."""

    form_class = forms.PassOnForm
    heading = lazy("转部门答复")
    submit = lazy("转出")
    done = lazy("已转出，单位会收到消息和期限。")

    @property
    def lede(self) -> str:
        """With the county's own number of days."""
        days = rules.value(self.report.county.code, rules.Key.REPORT_ANSWER_DAYS, on=timezone.localdate())
        return (
            _("单位看不到是哪个社区报告的，只看到街道。应急工作从报告当天起算，其他从转出当天起算，%s 个工作日。")
            % days
        )

    def get_initial(self) -> dict[str, Any]:
        return {"department": self.report.department}

    def perform(self, form: Any) -> UnapprovedReport:
        unit = form.cleaned_data["department"]
        return actions.pass_on(self.report, department=unit, by=self.actor, at=timezone.now(), seen=self.seen())


class Close(Handling):
    """属清单内事项."""

    form_class = forms.CloseForm
    heading = lazy("属清单内事项，办结")
    submit = lazy("办结")
    done = lazy("已办结，报告单位会看到答复。")

    def perform(self, form: Any) -> UnapprovedReport:
        item = get_object_or_404(WorkItem, code=form.cleaned_data["item"])
        return actions.close_as_lawful(
            self.report, item=item, answer=form.cleaned_data["answer"], by=self.actor, at=timezone.now(),
            seen=self.seen(),
        )  # fmt: skip


class Answer(OfReport):
    """The department has stopped."""

    form_class = forms.AnswerForm
    heading = lazy("答复：已停止")
    lede = lazy("确需社区协助的，不要在这里答复，请提出确认申请（《指导意见》第九条）。")
    submit = lazy("答复并办结")
    done = lazy("已答复。")

    def check(self) -> None:
        """The unit that the report was passed on to, or its successor."""
        if not access.speaks_for(self.actor, self.report.department_id, departments.acting_for(self.actor.unit_id)):
            raise NotAllowed(_("报告由转到的单位答复。"))

    def perform(self, form: Any) -> UnapprovedReport:
        return actions.answer_report(
            self.report, state=State.STOPPED, by=self.actor, at=timezone.now(), seen=self.seen(), **form.cleaned_data
        )
