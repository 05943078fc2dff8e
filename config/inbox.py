"""The messages of a post: what came, what has been read, what has been signed for."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import ListView, TemplateView

from base import outbox
from base.models import Outbox
from communities.actors import ActorMixin

TONES = {Outbox.State.SENT: "doing", Outbox.State.SEEN: "", Outbox.State.ACKNOWLEDGED: "done"}
UNREAD = "unread"


class Inbox(ActorMixin, ListView):
    """Everything sent to the post, the newest first."""

    template_name = "inbox.html"
    paginate_by = 30

    def get_queryset(self) -> QuerySet[Outbox]:
        """The messages of this post; `?show=unread` only those nobody has opened."""
        rows = Outbox.objects.visible_to(self.actor).select_related("message").order_by("-pk")
        return rows.unread() if self.request.GET.get("show") == UNREAD else rows

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The two views of the list, and the state of each message in words."""
        shown = super().get_context_data(**context)
        waiting = Outbox.objects.visible_to(self.actor).unread().count()
        only = self.request.GET.get("show") == UNREAD
        for row in shown["object_list"]:
            row.status = status_of(row)
        here = reverse("inbox")
        return {
            **shown,
            "waiting": waiting,
            "only_unread": only,
            "tabs": [(_("全部"), here, not only, None), (_("未读"), f"{here}?show={UNREAD}", only, waiting)],
        }


def status_of(row: Outbox) -> dict[str, str]:
    """未读, 已阅 or 已签收: for components/status.html."""
    label = _("未读") if row.state == Outbox.State.SENT else row.get_state_display()
    return {"label": label, "tone": TONES.get(Outbox.State(row.state), "")}


class Message(ActorMixin, TemplateView):
    """One message. Opening it is reading it; POST signs for it."""

    template_name = "inbox_message.html"

    def delivery(self) -> Outbox:
        """The message, if it stands in the inbox of this post."""
        rows = Outbox.objects.visible_to(self.actor).select_related("message")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What it says and what became of it."""
        row = outbox.mark_seen(self.delivery(), by=self.actor, at=timezone.now())
        crumbs = [(_("消息"), reverse("inbox")), (row.message.title, "")]
        return super().get_context_data(row=row, status=status_of(row), crumbs=crumbs, **context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """签收: said once, with an audit line."""
        outbox.mark_acknowledged(self.delivery(), by=self.actor, at=timezone.now())
        messages.success(request, _("已签收，时间和单位已记录。"))
        return redirect("inbox-message", pk=pk)


class AllSeen(ActorMixin, View):
    """POST: everything in the inbox is read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        count = outbox.mark_all_seen(by=self.actor, at=timezone.now())
        messages.success(request, _("已把 %s 条消息标为已阅。") % count)
        return redirect("inbox")
