"""The list of reports of unapproved work, as each may read them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.models import Holiday
from worklists import access
from worklists.access import Act
from worklists.models import UnapprovedReport
from worklists.receiving import masking
from worklists.web import receiving_forms as forms
from worklists.web.tabbed import TabbedList

State = UnapprovedReport.State
OPEN = [State.REPORTED, State.PASSED_ON, State.SUPERVISED, State.APPLYING]
TONES = {
    State.REPORTED: "wait", State.PASSED_ON: "doing", State.SUPERVISED: "doing", State.APPLYING: "doing",
    State.STOPPED: "done", State.LAWFUL: "done", State.CONFIRMED: "done", State.ENDED: "done",
}  # fmt: skip


class Reports(TabbedList):
    """The reports that this person may know of; the reporter as this person may know it."""

    template_name = "worklists/reports.html"
    context_object_name = "reports"
    views: ClassVar = {"open": _("办理中"), "closed": _("已办结"), "all": _("全部")}

    def get_queryset(self) -> QuerySet[UnapprovedReport]:
        rows = UnapprovedReport.objects.visible_to(self.actor)
        match self.chosen:
            case "open":
                rows = rows.filter(state__in=OPEN)
            case "closed":
                rows = rows.exclude(state__in=OPEN)
        if wrong := self.wrong():
            rows = rows.having(wrong)
        return rows.select_related("reporter", "county", "department").order_by("-reported_at", "-pk")

    def wrong(self) -> str:
        """The wrong that the list is narrowed to; "" for all."""
        form = forms.ReportFilter(self.request.GET)
        return str(form.cleaned_data["wrong"]) if form.is_valid() else ""

    def kept(self) -> dict[str, str]:
        """The wrong."""
        return {"wrong": wrong} if (wrong := self.wrong()) else {}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        today, calendar = timezone.localdate(), Holiday.objects.calendar()
        rows = [
            {
                "shown": shown, "report": shown.report, "tone": TONES[State(shown.report.state)],
                "left": calendar.left(today, shown.report.due_on) if shown.report.due_on else None,
            }
            for shown in masking.shown(self.actor, list(context["reports"]))
        ]  # fmt: skip
        return {
            **context, "rows": rows, "may_report": access.may(self.actor, Act.REPORT_WORK, self.actor.county),
            "filter": forms.ReportFilter(self.kept()), "kept": [("state", self.chosen)],
        }  # fmt: skip
