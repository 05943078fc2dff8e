"""The working-day calendar by year; the platform's administrators change it, and running clocks are counted anew."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from admission import actions
from admission.actions.workdays import may_change
from admission.presentation.yearly import months, spans
from admission.web.forms.calendar import ClearForm, DayForm, YearForm
from admission.web.settings import tabs
from base.errors import NotAllowed, RuleViolation
from base.forms import say_no
from base.models import CalendarYear, Holiday
from base.templatetags.portal import zh_day
from communities.actors import ActorMixin

FIRST_YEAR = 2018
ACTS: dict[str, tuple[type[forms.Form], Callable[..., int], str]] = {
    "day": (DayForm, actions.set_workday, "on"),
    "clear": (ClearForm, actions.clear_workday, "on"),
    "year": (YearForm, actions.publish_workdays, "year"),
}
"""The form of each act, the act, and the field that is its subject."""


class CalendarPage(ActorMixin, TemplateView):
    """A year with its holidays and worked weekends; whether its notice is published."""

    template_name = "admission/calendar.html"

    @cached_property
    def year(self) -> int:
        """The year in the address, else this one."""
        today = timezone.localdate()
        typed = self.request.GET.get("year", str(today.year))
        if not typed.isdecimal() or not FIRST_YEAR <= int(typed) <= today.year + 5:
            raise Http404
        return int(typed)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The months, the named days, the years to choose; forms for who may change them."""
        today = timezone.localdate()
        calendar = Holiday.objects.calendar()
        rows = list(Holiday.objects.filter(date__year=self.year).order_by("date"))
        published = CalendarYear.objects.filter(pk=self.year).first()
        issued_on = published.published_on if published else None
        if published and zh_day(issued_on) in published.source:  # its name says the day already
            issued_on = None
        years = sorted({*calendar.published, today.year, today.year + 1, self.year})
        return super().get_context_data(
            year=self.year,
            published=published,
            issued_on=issued_on,
            chips=[(str(each), f"?year={each}", each == self.year, None) for each in years],
            months=months(self.year, calendar, today=today),
            spans=spans(rows),
            tabs=tabs(self.actor, "admission:calendar"),
            forms=self.forms(context.pop("wrong", None)),
            may_change=may_change(self.actor),
            **context,
        )

    def forms(self, wrong: tuple[str, forms.Form] | None) -> dict[str, forms.Form]:
        """An empty form for each act, or the one that was refused with what was typed."""
        if not may_change(self.actor):
            return {}
        first: dict[str, dict[str, Any]] = {"day": {"on": date(self.year, 1, 1)}, "year": {"year": self.year}}
        found = {name: form(prefix=name, initial=first.get(name)) for name, (form, _act, _field) in ACTS.items()}
        return {**found, **dict([wrong] if wrong else [])}

    def post(self, request: HttpRequest) -> HttpResponse:
        """One of the three acts; the button names it."""
        name = next((name for name in ACTS if f"do_{name}" in request.POST), None)
        if name is None:
            raise Http404
        form_class, act, subject = ACTS[name]
        form = form_class(request.POST, prefix=name)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(wrong=(name, form)))
        typed = dict(form.cleaned_data)
        try:
            moved = act(typed.pop(subject), by=self.actor, at=timezone.now(), **typed)
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            say_no(form, refusal)
            return self.render_to_response(self.get_context_data(wrong=(name, form)), status=409)
        messages.success(request, _("工作日历已修改，重新计算后有 %s 个时限的日期变了。") % moved)
        return redirect(f"{reverse('admission:calendar')}?year={self.year}")
