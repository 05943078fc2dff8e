"""The audit log: what was done in a county, by which post, when; is the chain whole; as a file (section 3)."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from admission.models import Application
from admission.presentation.settings import KINDS
from admission.procedure import Step
from admission.web.settings import READS_AUDIT, OfCounty, tabs
from base import events, saved
from base.cells import harmless
from base.errors import NotAllowed
from base.models import Event, EventChain
from communities.models import CountySetting
from communities.roles import Actor, Role

PER_PAGE = 50
REVERSED = "reversed"
WHAT = {
    "admission.application.": gettext_lazy("申请"),
    "admission.meeting.": gettext_lazy("会议"),
    "worklists.": gettext_lazy("清单、备案和报告"),
    "communities.county_setting.": gettext_lazy("本区设置"),
    "communities.appointment.": gettext_lazy("任职"),
    "communities.": gettext_lazy("区划、单位和社区"),
    "base.": gettext_lazy("编号、消息和附件"),
}
"""The kinds of events by how their names begin."""
OF_A_DRAFT = {
    "draft": gettext_lazy("起草申请"),
    "save": gettext_lazy("修改申请"),
    "add_file": gettext_lazy("上传附件"),
    "remove_file": gettext_lazy("移除附件"),
    "endorse": gettext_lazy("申请单位认可代办的申请"),
    Step.WITHDRAW.value: Step.WITHDRAW.label,
}
"""What is done to a draft, in words without its facts."""


class AuditFilter(forms.Form):
    """What the log can be narrowed to."""

    q = forms.CharField(label=gettext_lazy("对象或内容"), required=False, max_length=60)
    what = forms.ChoiceField(
        label=gettext_lazy("事件"), required=False, choices=[("", gettext_lazy("全部")), *WHAT.items()]
    )
    step = forms.ChoiceField(
        label=gettext_lazy("申请的步骤"), required=False, choices=[("", gettext_lazy("全部")), *Step.choices]
    )
    role = forms.ChoiceField(
        label=gettext_lazy("角色"), required=False, choices=[("", gettext_lazy("全部")), *Role.choices]
    )
    since = forms.DateField(label=gettext_lazy("从"), required=False)
    until = forms.DateField(label=gettext_lazy("到"), required=False)
    county = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        chosen = super().clean() or {}
        since, until = chosen.get("since"), chosen.get("until")
        if since and until and since > until:
            self.add_error("until", forms.ValidationError(_("起止日期填反了：“到”早于“从”，请改其中一个。"), REVERSED))
        return chosen

    def narrowed(self, rows: QuerySet[Event]) -> QuerySet[Event]:
        """The lines that fit; what is typed wrongly narrows nothing and is said at its field. No line lies between two
        days the wrong way round."""
        self.is_valid()
        chosen = self.cleaned_data
        if self.has_error("until", REVERSED):
            return rows.none()
        if words := chosen.get("q", "").strip():
            rows = rows.filter(Q(target_label__icontains=words) | Q(data__says__icontains=words))
        if chosen.get("what"):
            rows = rows.filter(kind__startswith=chosen["what"])
        if chosen.get("step"):
            rows = rows.filter(kind=f"admission.application.{chosen['step']}")
        if chosen.get("role"):
            rows = rows.filter(by_role=chosen["role"])
        if chosen.get("since"):
            rows = rows.filter(at__gte=_midnight(chosen["since"]))
        if chosen.get("until"):
            rows = rows.filter(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        return rows


def what(kind: str) -> str:
    """What sort of event it is, in words."""
    return str(next((label for start, label in WHAT.items() if kind.startswith(start)), kind))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def check(actor: Actor) -> None:
    """Raises NotAllowed for who may not read the log."""
    if actor.role not in READS_AUDIT:
        raise NotAllowed(_("审计记录由审计、市级督办和本区审核委员会办公室查看。"))


class OfChain(OfCounty):
    """The lines of one county's chain, narrowed by the address."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only who may read the log."""
        check(self.actor)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def form(self) -> AuditFilter:
        """The filters in the address bar."""
        return AuditFilter(self.request.GET)

    @cached_property
    def drafts(self) -> set[str]:
        """The keys of applications that have not left their applicants: the log counts them and does not name them."""
        rows = Application.objects.filter(county=self.county, consulted_at__isnull=True)
        return {str(pk) for pk in rows.values_list("pk", flat=True)}

    def lines(self) -> QuerySet[Event]:
        """The newest first; a search does not find what is not named."""
        rows = self.form.narrowed(Event.objects.filter(chain=self.county.code))
        if self.form.cleaned_data.get("q"):
            rows = rows.exclude(target_type=Application._meta.label_lower, target_pk__in=self.drafts)
        return rows.order_by("-seq")

    def is_hidden(self, line: Event) -> bool:
        """Is it about a draft that has not left its applicant?"""
        return line.target_type == Application._meta.label_lower and line.target_pk in self.drafts

    def says(self, line: Event) -> str:
        """What a line says; of a draft only which act it was, not the file, the field or the reason."""
        if not self.is_hidden(line):
            return events.said(line)
        return str(OF_A_DRAFT.get(line.kind.rpartition(".")[2], _("（内容不公开）")))

    def about(self, line: Event) -> str:
        """What a line is about."""
        if (kind := KINDS.get(line.data.get("key", ""))) and line.target_type == CountySetting._meta.label_lower:
            return _("%(name)s：%(value)s") % {"name": kind.label, "value": kind.words(line.data.get("value"))}
        return _("（没有发出征询的草稿）") if self.is_hidden(line) else line.target_label


class Audit(OfChain, TemplateView):
    """The log on pages, with the state of its chain."""

    template_name = "audit.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """One page of lines; the whole chain is recomputed only when that was asked for."""
        page = Paginator(self.lines(), PER_PAGE).get_page(self.request.GET.get("page"))
        lines = [
            {"event": event, "says": self.says(event), "what": what(event.kind), "about": self.about(event)}
            for event in page
        ]
        verified = "verify" in self.request.GET
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop("verify", None)
        return super().get_context_data(
            county=self.county,
            chips=self.chips(),
            tabs=tabs(self.actor, "admission:audit"),
            form=self.form,
            page=page,
            lines=lines,
            head=EventChain.objects.filter(code=self.county.code).first(),
            verified=verified,
            broken=events.verify(self.county.code) if verified else None,
            query=query.urlencode(),
            kept=saved.shown(self.request.user.pk, path=self.request.path, asked=self.request.GET),
            **context,
        )


class Echo:
    """A file that gives back what is written to it, so that rows go out one by one."""

    def write(self, text: str) -> str:
        """The row itself."""
        return text


class AuditFile(OfChain, View):
    """Exactly the lines that the page shows, as CSV, sent row by row whatever their number."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = StreamingHttpResponse(self.rows(), content_type="text/csv; charset=utf-8")
        name = f"audit-{self.county.code}-{timezone.localdate():%Y%m%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response  # type: ignore[return-value]

    def rows(self) -> Iterator[str]:
        """The headings and a row for each line; no cell that a spreadsheet would calculate."""
        writer = csv.writer(Echo(), lineterminator="\r\n")
        headings = [
            _("行号"), _("时间"), _("事件"), _("内容"), _("经手"), _("角色"), _("辖区代码"), _("对象类型"),
            _("对象编号"), _("对象"), _("账号编号"), _("前一行的哈希"), _("哈希"),
        ]  # fmt: skip
        yield "\ufeff" + writer.writerow(headings)
        for line in self.lines().iterator(chunk_size=2000):
            yield writer.writerow([harmless(str(cell)) for cell in _cells(line, self.says(line), self.about(line))])


def _cells(line: Event, says: str, about: str) -> list[Any]:
    at = timezone.localtime(line.at).isoformat(timespec="seconds")
    account = line.by_user_id or ""
    return [
        line.seq, at, line.kind, says, line.by_label, line.by_role, line.by_code, line.target_type,
        line.target_pk, about, account, line.prev_hash, line.hash,
    ]  # fmt: skip
