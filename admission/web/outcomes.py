"""The public page: outcomes in their publicity span, the numbers of notices, and whether a notice is real. No sign-in.

The public sees outcome, number and title only (rulebook section 3): no opinion, no reason, no person, no draft.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from admission.deadlines import Clock
from admission.models import Decision, WorkNotice
from admission.presentation.highlights import subject
from admission.presentation.notice import normalised
from admission.presentation.validity import Validity, validity
from admission.procedure import OUTCOME_WORDS, Kind, State
from base.forms import CleanCharField
from communities.actors import actor_of
from communities.models import Department, Division

PER_PAGE = 30


@dataclass(frozen=True)
class Outcome:
    """What the public may know of a decision."""

    title: str
    unit: str
    label: str
    tone: str
    decided_on: date
    until: date


def in_publicity(county: Division, today: date) -> list[Outcome]:
    """The decisions whose publicity span has not run out, the newest first. One query."""
    rows = (
        Decision.objects.filter(
            application__county=county,
            application__deadlines__clock=Clock.PUBLICITY,
            application__deadlines__due_on__gte=today,
        )
        .exclude(application__state=State.WITHDRAWN)  # approved, and the item gone before the notice
        .annotate(until=F("application__deadlines__due_on"))
        .select_related("application__applicant")
        .order_by("-decided_at", "-pk")
    )
    return [_outcome(row) for row in rows]


def _outcome(row: Decision) -> Outcome:
    approved = row.outcome == Decision.Outcome.APPROVED
    words = OUTCOME_WORDS[Kind(row.application.kind)]
    return Outcome(
        title=row.application.title,
        unit=_("，").join([row.application.applicant.name, *(word for _name, word in subject(row.application))]),
        label=str(words[0] if approved else words[1]),
        tone="done" if approved else "stop",
        decided_on=row.decided_on,
        until=row.until,  # type: ignore[attr-defined]
    )


def notices_of(county: Division) -> QuerySet[WorkNotice, Any]:
    """Number, title, day of issue, in force from: nothing else leaves the database."""
    rows = WorkNotice.objects.filter(application__county=county).order_by("-issued_on", "-pk")
    return rows.values("number", "issued_on", "starts_on", title=F("content__title"))


class CheckForm(forms.Form):
    """核验告知单."""

    number = CleanCharField(
        label=gettext_lazy("文号"),
        max_length=60,
        help_text=gettext_lazy("照告知单上的写，例如“株天社准告〔2026〕1号”；括号写成方的圆的都可以。"),
    )


def counties() -> list[Division]:
    """The counties that have a committee office, by code."""
    hosts = Department.objects.filter(hosts_office=True)
    return list(Division.objects.filter(pk__in=hosts.values("division")).order_by("code"))


@method_decorator(login_not_required, name="dispatch")
class Outcomes(TemplateView):
    """结果公示 and 核验告知单 of one county."""

    template_name = "admission/outcomes.html"

    @cached_property
    def today(self) -> date:
        """The day of the request."""
        return timezone.localdate()

    def chosen(self, places: list[Division]) -> Division | None:
        """The county in the address, else one's own, else the first."""
        actor = actor_of(self.request)
        wanted = self.request.GET.get("county") or (actor.county if actor else "")
        return next((place for place in places if place.code == wanted), places[0] if places else None)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What is public in the county, and the answer about a number that was asked for."""
        places = counties()
        county = self.chosen(places)
        asked = "number" in self.request.GET
        form = CheckForm(self.request.GET if asked else None)
        rows = notices_of(county) if county else WorkNotice.objects.none().values()
        return super().get_context_data(
            county=county,
            chips=[(place.name, f"?county={place.code}", place == county, None) for place in places],
            outcomes=in_publicity(county, self.today) if county else [],
            page=Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page")),
            form=form,
            answer=self.answer(form) if asked and form.is_valid() else None,
            **context,
        )

    def answer(self, form: CheckForm) -> dict[str, Any]:
        """Is there such a notice, and is it valid today?"""
        number = normalised(form.cleaned_data["number"])
        notice = WorkNotice.objects.filter(number=number).first()
        if notice is None:
            text = (
                _("没有找到文号 %s。请核对有没有写错；没有文号的告知单，社区可以不接，也请告诉审核委员会办公室。")
                % number
            )
            return {"verdict": Validity("no", _("没有这个文号"), text), "title": _("查不到这张告知单")}
        return {"verdict": validity(notice, on=self.today), "title": notice.content["title"], "notice": notice}
