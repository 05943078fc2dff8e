"""Work notices: the list, the document to print, the acknowledgement of who received it (T16)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import ListView, TemplateView

from admission import actions
from admission.models import Application, NoticeReceipt, WorkNotice
from admission.presentation.notice import document, no_longer_here, normalised
from base.errors import NotAllowed, RuleViolation
from communities.actors import ActorMixin
from communities.roles import Actor, Role


def visible_to(actor: Actor) -> QuerySet[WorkNotice]:
    """The notices of the applications that this actor may know of."""
    return WorkNotice.objects.filter(application__in=Application.objects.visible_to(actor))


def addressed_to(actor: Actor) -> Q:
    """The receipts of this very unit, street or community; the same rule as in `access.addressed`."""
    match actor.role:
        case Role.APPLICANT:
            return Q(unit_id__in=actor.units)
        case Role.STREET:
            return Q(unit_id__in=actor.units) | Q(body__code=actor.code)
        case Role.COMMUNITY:
            return Q(body__code=actor.code)
        case _:
            return Q(pk__in=[])


class NoticeFilter(forms.Form):
    """What the list of notices can be narrowed to."""

    OPEN, WHOLE = "open", "whole"

    q = forms.CharField(label=gettext_lazy("文号或事项"), required=False, max_length=60)
    receipts = forms.ChoiceField(
        label=gettext_lazy("签收"),
        required=False,
        choices=[
            ("", gettext_lazy("全部")),
            (OPEN, gettext_lazy("没有签收齐")),
            (WHOLE, gettext_lazy("已签收齐")),
        ],
    )
    since = forms.DateField(label=gettext_lazy("下发不早于"), required=False)

    def narrowed(self, rows: QuerySet[WorkNotice]) -> QuerySet[WorkNotice]:
        """The rows that fit; a wrong date narrows nothing and is said at its field."""
        chosen = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if words := chosen.get("q", "").strip():
            rows = rows.filter(Q(number__icontains=normalised(words)) | Q(application__title__icontains=words))
        if chosen.get("receipts"):
            waits = Q(receipts__acknowledged_at__isnull=True)
            open_ones = WorkNotice.objects.filter(waits).values("pk")
            in_open = Q(pk__in=open_ones)
            rows = rows.filter(in_open if chosen["receipts"] == self.OPEN else ~in_open)
        if chosen.get("since"):
            rows = rows.filter(issued_on__gte=chosen["since"])
        return rows


class Notices(ActorMixin, ListView):
    """The list of notices, the newest first, with the progress of their receipts."""

    template_name = "admission/notice_list.html"
    paginate_by = 30

    @cached_property
    def form(self) -> NoticeFilter:
        """The filters in the address bar."""
        return NoticeFilter(self.request.GET)

    def get_queryset(self) -> QuerySet[WorkNotice]:
        """What fits, two counts for each row in the same query."""
        received = Count("receipts", filter=Q(receipts__acknowledged_at__isnull=False))
        rows = self.form.narrowed(visible_to(self.actor)).select_related("application__applicant")
        return rows.annotate(asked=Count("receipts"), received=received).order_by("-issued_on", "-pk")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The filters and whether any is set."""
        filtered = any(self.request.GET.get(name) for name in self.form.fields)
        return super().get_context_data(form=self.form, filtered=filtered, **context)


class Notice(ActorMixin, TemplateView):
    """One notice as a document; below it who has acknowledged."""

    template_name = "admission/notice_page.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The sheet, its receipts, and the one that this person has still to give."""
        rows = visible_to(self.actor).select_related("application__county", "application__applicant")
        notice = get_object_or_404(rows, pk=self.kwargs["pk"])
        receipts = list(notice.receipts.select_related("body", "unit").order_by("body__code", "pk"))
        mine = notice.receipts.open().filter(addressed_to(self.actor)).first()
        waiting = [str(row.body or row.unit) for row in receipts if row.acknowledged_at is None]
        return super().get_context_data(
            notice=notice,
            document=document(notice, receipts),
            receipts=receipts,
            received=len(receipts) - len(waiting),
            waiting=waiting,
            mine=mine,
            no_longer_here=no_longer_here(notice, self.actor),
            actions=[{"label": _("打印"), "print": True}, {"label": _("看申请"), "url": self._case(notice)}],
            check_address=self.request.build_absolute_uri(reverse("admission:outcomes")),
            **context,
        )

    def _case(self, notice: WorkNotice) -> str:
        return reverse("admission:application", args=[notice.application_id])


class Acknowledge(ActorMixin, View):
    """POST: this unit has received the notice."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A receipt of somebody else's is refused with the reason; one given twice says so."""
        rows = NoticeReceipt.objects.filter(notice__in=visible_to(self.actor))
        receipt = get_object_or_404(rows.select_related("notice__application"), pk=pk)
        try:
            actions.acknowledge(receipt, by=self.actor, at=timezone.now())
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已签收 %s，时间和单位已记录。") % receipt.notice.number)
        return redirect("admission:notice", pk=receipt.notice_id)
