"""Appointments: the list for administrators and auditors, taking up a post, leaving it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from base.errors import NotAllowed
from communities import access, actions
from communities.access import Act
from communities.actors import ActorMixin
from communities.filters import AppointmentFilter, Standing
from communities.models import Appointment, Division
from communities.roles import COUNTY, Role
from communities.web import forms
from communities.web.act_page import ActPage

ON_A_PAGE = 50
LIST = reverse_lazy("communities:appointments")


class Appointments(ActorMixin, TemplateView):
    """Who holds which role, where, how long."""

    template_name = "communities/appointments.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        if self.actor.role not in {Role.ADMIN, Role.AUDITOR}:
            raise NotAllowed(_("任职由平台管理员管理，审计可以查看。您现在的岗位看不到这一页。"))
        asked = self.request.GET.copy()
        asked.setdefault("standing", Standing.NOW)
        rows = Appointment.objects.visible_to(self.actor).select_related("user", "division", "unit")
        today = timezone.localdate()
        narrowed = AppointmentFilter(asked, queryset=rows.order_by("division__code", "role", "pk"), today=today)
        page = Paginator(narrowed.qs, ON_A_PAGE).get_page(asked.get("page"))
        may = access.may(self.actor, Act.APPOINT, self.actor.code)
        new = {"label": _("办理任职"), "url": reverse("communities:appoint"), "primary": True}
        accounts = {"label": _("账号"), "url": reverse("communities:accounts")}
        return super().get_context_data(
            filter=narrowed,
            page=page,
            may_end=may,
            own=self.actor.user_id,
            summary=_("共 %(n)d 项任职") % {"n": page.paginator.count},
            actions=[new, accounts] if may else [],
            **context,
        )


class WhichCounty(ActorMixin, FormView):
    """An administrator of a city or province says first for which county."""

    template_name = "communities/form.html"
    form_class = forms.CountyForm

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        access.check(self.actor, Act.APPOINT, self.actor.code)
        if len(self.actor.code) == COUNTY:
            return self.in_county(self.actor.code)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        return self.in_county(form.cleaned_data["county"])

    def in_county(self, code: str) -> HttpResponse:
        """On to the county, with the account that one came for."""
        query = self.request.GET.urlencode()
        return redirect(reverse("communities:appoint-in", args=[code]) + (f"?{query}" if query else ""))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=_("在哪个区县任职"),
            submit=_("继续"),
            crumbs=[(_("任职"), LIST), (_("选区县"), "")],
            back=LIST,
            **context,
        )


class Appoint(ActPage):
    """任职."""

    form_class = forms.AppointForm
    lede = gettext_lazy("一个账号可以有几项任职，办理时选其中一项。")
    submit = gettext_lazy("办理任职")
    done = gettext_lazy("已任职，从任职日期起可以办理。")
    back = LIST  # type: ignore[assignment]

    def load(self) -> None:
        self.county = get_object_or_404(Division.objects.of_level(COUNTY), code=self.kwargs["code"])
        access.check(self.actor, Act.APPOINT, self.county.code)
        self.title = _("办理任职：%(county)s") % {"county": self.county.name}
        self.crumbs = [(_("任职"), str(LIST))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(), "county": self.county, "actor": self.actor, "today": timezone.localdate(),
        }  # fmt: skip

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate(), "username": self.request.GET.get("username", "")}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        opening = (_("还没有账号的，先去开立账号"), reverse("communities:account-new"))
        return super().get_context_data(aside=opening, **context)

    def perform(self, **facts: Any) -> Appointment:
        return actions.appoint(facts.pop("username"), by=self.actor, at=timezone.now(), **facts)


class EndAppointment(ActPage):
    """终止任职."""

    form_class = forms.EndForm
    title = gettext_lazy("终止任职")
    submit = gettext_lazy("终止")
    done = gettext_lazy("已终止。")
    danger = True
    back = LIST  # type: ignore[assignment]

    def load(self) -> None:
        rows = Appointment.objects.visible_to(self.actor).select_related("user", "division", "unit")
        self.appointment = get_object_or_404(rows, pk=self.kwargs["pk"])
        access.check(self.actor, Act.END_APPOINTMENT, self.appointment.division.code)
        self.lede = _("%(user)s：%(post)s") % {
            "user": self.appointment.user, "post": self.appointment.actor().label,
        }  # fmt: skip
        self.crumbs = [(_("任职"), str(LIST))]

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def perform(self, **facts: Any) -> Appointment:
        return actions.end_appointment(self.appointment, by=self.actor, at=timezone.now(), **facts)
