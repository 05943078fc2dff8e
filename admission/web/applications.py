"""The page of one application, and following it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView

from admission import actions
from admission.models import Application
from admission.presentation import brief, clocks, highlights, possible, progress, sheet, warnings
from admission.presentation.case import Case
from admission.presentation.changes import changes, listed_beside
from admission.presentation.contacts import form_as_read
from admission.presentation.words import kind_of, state_of
from admission.procedure import Kind, State, state_label
from admission.web.action_page import seen_by
from admission.web.files import row_of
from communities.actors import ActorMixin

NEWEST = 12


class Page(ActorMixin, DetailView):
    """Everything about one application, for whoever may know of it."""

    template_name = "admission/application_page.html"
    context_object_name = "application"

    def get_queryset(self) -> QuerySet[Application]:
        """The rows this actor may know of; the plans are read by the page and by several conditions."""
        return seen_by(self.actor).prefetch_related("plans")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The parts in the order in which they are read."""
        case = Case(self.object, self.actor, timezone.localdate())
        lines, due = progress.timeline(case.lines), case.facts.due(self.object)
        cards = clocks.cards(list(self.object.deadlines.all()), case.calendar, today=case.today)
        return super().get_context_data(
            case=case,
            state=state_of(self.object),
            meta=[*meta_of(self.object), *filter(None, [listed_beside(case, self.object)])],
            crumbs=[(_("申请"), reverse("admission:applications")), (self.object.number or str(self.object), "")],
            head_actions=head_actions(case),
            track=progress.track(self.object, case.lines),
            possible=possible.possible(case),
            warnings=warnings.warnings(case),
            due=due,
            left=clocks.left(due, case.calendar, today=case.today) if due else None,
            may_respond=case.is_applicant and not self.object.is_closed,
            may_handle=case.is_office and case.state is State.COORDINATION,
            findings=brief.findings(case.screening) if case.screening else [],
            decision_label=decision_label(self.object),
            changes=changes(case),
            sections=sheet.sheet(form_as_read(self.object, self.actor), case.plan) if case.plan else [],
            clocks=cards,
            ended=[card for card in cards if card.stopped_on],
            facts=highlights.highlights(case),
            files=[row_of(file) for file in case.files],
            newest_lines=lines[:NEWEST],
            older_lines=lines[NEWEST:],
            **context,
        )


def meta_of(application: Application) -> list[str]:
    """Procedure, applicant, kind with its category."""
    said = [application.get_procedure_display(), str(application.applicant), kind_of(application)]
    return [str(words) for words in said if words]


def decision_label(application: Application) -> str:
    """准予准入, 不予变更: as decided, whatever the state is now."""
    decision = getattr(application, "decision", None)
    if decision is None:
        return ""
    outcome = State.APPROVED if decision.outcome == decision.Outcome.APPROVED else State.REJECTED
    return str(state_label(outcome, Kind(application.kind)))


def head_actions(case: Case) -> list[dict[str, Any]]:
    """Following, the dossier, printing."""
    pk = case.application.pk
    watch = {
        "label": _("取消关注") if case.is_watched else _("关注"),
        "url": reverse("admission:watch", args=[pk]),
        "method": "post",
        "name": "watch",
        "value": "0" if case.is_watched else "1",
    }
    dossier = {"label": _("卷宗"), "url": reverse("admission:dossier", args=[pk])}
    return [watch, dossier, {"label": _("打印"), "print": True}]


class Follow(ActorMixin, View):
    """我关注的: on and off."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Safe to repeat."""
        application = get_object_or_404(seen_by(self.actor), pk=pk)
        if request.POST.get("watch") == "0":
            actions.unwatch(application, by=self.actor, at=timezone.now())
            messages.success(request, _("已取消关注。"))
        else:
            actions.watch(application, by=self.actor, at=timezone.now())
            messages.success(request, _("已关注，有进展会通知您。"))
        return redirect("admission:application", pk=pk)
