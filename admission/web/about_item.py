"""The applications about one item of the lists, which the item's page opens in place."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from admission.filters import with_due
from admission.models import Application
from admission.presentation.words import state_of
from base.models import Holiday
from communities.actors import ActorMixin
from worklists.models import WorkItem

ON_A_PAGE, IN_PLACE = 20, 5


class ForItem(ActorMixin, TemplateView):
    """Those that this person may know of, the newest first; for htmx only the first few, without the frame."""

    template_name = "admission/item_applications.html"

    @cached_property
    def item(self) -> WorkItem:
        """The item, which is public."""
        return get_object_or_404(WorkItem, code=self.kwargs["code"])

    @property
    def in_place(self) -> bool:
        """Asked for by the item's page, not by a link."""
        return self.request.headers.get("HX-Request") == "true"

    def get_template_names(self) -> list[str]:
        """The page, or what stands in the margin of the item's page."""
        return ["admission/_item_applications.html"] if self.in_place else super().get_template_names()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nobody keeps one for the other."""
        response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """One page of rows, each with the working days that are left; the same queries however many there are."""
        found = with_due(Application.objects.visible_to(self.actor).filter(item=self.item))
        found = found.select_related("applicant").order_by("-created_at", "-pk")
        page = Paginator(found, IN_PLACE if self.in_place else ON_A_PAGE).get_page(self.request.GET.get("page"))
        said = self.item.versions.known().order_by("-in_force").values_list("title", flat=True).first()
        return super().get_context_data(
            item=self.item,
            title=said or self.item.code,
            page=page,
            rows=rows(list(page)),
            crumbs=[(self.item.code, reverse("worklists:item", args=[self.item.code])), (_("申请"), "")],
            **context,
        )


def rows(applications: list[Application]) -> list[dict[str, Any]]:
    """Each with its state and its first due date."""
    today, calendar = timezone.localdate(), Holiday.objects.calendar()
    found = []
    for application in applications:
        due_on = getattr(application, "due_on", None)
        left = calendar.left(today, due_on) if due_on else None
        found.append({"application": application, "state": state_of(application), "due_on": due_on, "left": left})
    return found
