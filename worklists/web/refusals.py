"""拒绝告知书 on its pages: issued by a street or a community, read by whoever it concerns, printed."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import DetailView, ListView

from base import web
from base.templatetags.portal import once
from communities.actors import ActorMixin
from communities.models import Division
from worklists import access
from worklists.access import Act
from worklists.kinds import Wrong
from worklists.lists import AsOf
from worklists.models import Refusal, RegisterRule, WorkItem
from worklists.receiving import refusing
from worklists.web import check
from worklists.web import receiving_forms as forms
from worklists.web.check import LONGEST
from worklists.web.pages import ActionPage

ON_A_PAGE = 50


class Refusals(ActorMixin, ListView):
    """The refusals that this person may know of, the newest first."""

    template_name = "worklists/refusals.html"
    context_object_name = "refusals"
    paginate_by = ON_A_PAGE

    def get_queryset(self) -> QuerySet[Refusal]:
        rows = Refusal.objects.visible_to(self.actor).select_related("place", "department")
        return rows.order_by("-issued_at", "-pk")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        may_refuse = access.may(self.actor, Act.REFUSE_WORK, self.actor.county)
        return super().get_context_data(may_refuse=may_refuse, **context)


class RefusalPage(ActorMixin, DetailView):
    """One refusal as it was issued, to read and to print."""

    template_name = "worklists/refusal_page.html"
    context_object_name = "refusal"

    def get_queryset(self) -> QuerySet[Refusal]:
        return Refusal.objects.visible_to(self.actor).select_related("place", "department", "item")


class New(web.Once, ActionPage):
    """Refuse, with what was typed and picked in the check already filled in."""

    form_class = forms.RefusalForm
    heading = lazy("出具拒绝告知书")
    lede = lazy(
        "告知书写明依据和今天的核对结果，发给交办的单位、街道（乡镇）和审核委员会办公室，记在本社区名下，不写个人。"
    )
    submit = lazy("出具拒绝告知书")
    done = lazy("拒绝告知书已出具。本系统里的单位已经收到；交办的单位不在系统里的，请打印送达。")
    danger = True

    def check(self) -> None:
        access.check(self.actor, Act.REFUSE_WORK, self.actor.county)

    @cached_property
    def picked(self) -> WorkItem | RegisterRule | None:
        """What was picked in the check."""
        place = Division(code=self.actor.code)
        return check.picked(self.request, place, AsOf(timezone.localdate()))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "county": self.actor.county, "today": timezone.localdate()}

    def get_initial(self) -> dict[str, Any]:
        wrong = refusing.wrong_of(self.picked) if isinstance(self.picked, RegisterRule) else Wrong.UNAPPROVED
        return {"what": self.request.GET.get("q", "")[:LONGEST], "wrong": wrong, "happened_on": timezone.localdate()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(hidden=once(), **context)

    def perform(self, form: Any) -> Refusal:
        return refusing.refuse(form.asked(), picked=self.picked, by=self.actor, at=timezone.now())

    def back(self) -> str:
        asked = {name: self.request.GET[name] for name in ("q", "item", "rule") if name in self.request.GET}
        return f"{reverse('worklists:check')}?{urlencode(asked)}" if asked else reverse("worklists:check")

    def after(self, result: Refusal) -> str:
        return reverse("worklists:refusal", args=[result.pk])
