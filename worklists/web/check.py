"""查一查: a few words typed or pasted, what on the list resembles them, and the verdict on the one that was picked."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import TemplateView

from base.forms import CleanCharField
from communities.actors import ActorMixin
from communities.models import Division
from communities.roles import COUNTY
from worklists import access
from worklists.access import Act
from worklists.candidates import RULE
from worklists.kinds import Category
from worklists.lists import AsOf
from worklists.marking import marked, why
from worklists.models import RegisterRule, WorkItem
from worklists.overlap import Likeness
from worklists.receiving import check, elsewhere
from worklists.receiving.verdicts import Code, Line, Verdict

LONGEST = 300
NONE_OF_THESE = "none"


class CheckForm(forms.Form):
    """What one is asked to do, in the words in which it was asked."""

    q = CleanCharField(
        label=lazy("要您做什么"), help_text=lazy("照通知原话写，或者贴上来，一两句话就够。"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST}),
    )  # fmt: skip


class Check(ActorMixin, TemplateView):
    """Asked of the place of whoever is signed in, for today. The address says everything: it can be sent on."""

    template_name = "worklists/check.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Who stands above the counties follows no list."""
        super().setup(request, *args, **kwargs)
        access.check(self.actor, Act.CHECK_WORK, self.actor.code)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        place = get_object_or_404(Division.objects.select_related("community"), code=self.actor.code)
        asof = AsOf(timezone.localdate())
        form = CheckForm(self.request.GET if "q" in self.request.GET else None)
        typed = form.cleaned_data["q"] if form.is_valid() else ""
        alike = check.like(typed, place, asof) if typed else []
        chosen = self.chosen(place, asof) if typed else None
        return super().get_context_data(
            elsewhere=elsewhere.found(typed, self.actor) if typed and not chosen else [],
            form=form, followed=place.name, asof=asof, typed=typed, lines=self.lines(alike, typed), verdict=chosen,
            evidence=evidence(chosen) if chosen else [],
            actions=self.actions(chosen, typed), none_url=self.here(typed, item=NONE_OF_THESE), **context,
        )  # fmt: skip

    def chosen(self, place: Division, asof: AsOf) -> Verdict | None:
        """The verdict on what was picked; None before that."""
        if not picked_in(self.request):
            return None
        return check.picked_verdict(picked(self.request, place, asof), place, asof)

    def lines(self, alike: list[Likeness], typed: str) -> list[dict[str, Any]]:
        """The candidates with the words that are the same, and why they are here."""
        return [
            {
                "title": marked(found.candidate.fields["title"], found.marks.get("title", ())), "why": why(found),
                **(self.rule(found, typed) if found.candidate.kind == RULE else self.item(found, typed)),
            }
            for found in alike
        ]  # fmt: skip

    def item(self, found: Likeness, typed: str) -> dict[str, Any]:
        """What an item says of itself."""
        said = found.candidate.fields
        return {
            "category": said["category"], "category_label": Category(said["category"]).label,
            "where": said["department"], "url": self.here(typed, item=found.candidate.key),
        }  # fmt: skip

    def rule(self, found: Likeness, typed: str) -> dict[str, Any]:
        """What must not be asked, and by which document."""
        state = {"label": Code.FORBIDDEN.label, "tone": "stop"}
        return {
            "state": state,
            "where": found.candidate.fields["basis"],
            "url": self.here(typed, rule=found.candidate.key),
        }

    def actions(self, chosen: Verdict | None, typed: str) -> list[dict[str, Any]]:
        """What can be done about what may not be asked."""
        if chosen is None or chosen.is_lawful or not access.may(self.actor, Act.REPORT_WORK, self.actor.county):
            return []
        refuse = urlencode({"q": typed, **picked_in(self.request)})
        return [
            {"label": _("拒绝并留痕"), "url": f"{reverse('worklists:refusal-new')}?{refuse}", "danger": True},
            {"label": _("报告准入办"), "url": f"{reverse('worklists:report-new')}?{urlencode({'what': typed})}"},
        ]

    def here(self, typed: str, **picked: str) -> str:
        """This page with something picked."""
        return f"{reverse('worklists:check')}?{urlencode({'q': typed, **picked})}"


def picked_in(request: HttpRequest) -> dict[str, str]:
    """What the address says was picked: an item by its code, or a rule by its key."""
    return {name: request.GET[name] for name in ("rule", "item") if request.GET.get(name)}


def picked(request: HttpRequest, place: Division, asof: AsOf) -> WorkItem | RegisterRule | None:
    """What was picked; None for none of these, or before that. 404 where there is no such item or rule."""
    found: WorkItem | RegisterRule | None
    match picked_in(request):
        case {"rule": key}:
            found = check.rule_of(key, place, asof)
        case {"item": code} if code != NONE_OF_THESE:
            found = WorkItem.objects.select_related("owner").filter(code=code).first()
        case _:
            return None
    if found is None:
        raise Http404
    return found


def evidence(verdict: Verdict) -> list[dict[str, str]]:
    """Its reasons, with the page of the item or of the register behind each that has one."""
    return [{"text": line.text, "source": line.source, "url": page_of(line, verdict)} for line in verdict.evidence]


def page_of(line: Line, verdict: Verdict) -> str:
    """Where a reason can be read in full; "" for nowhere."""
    if line.register:
        return reverse("worklists:register", args=[verdict.place.code[:COUNTY], line.register])
    return reverse("worklists:item", args=[line.item]) if line.item else ""
