"""The settings of a county: periods and rules, each with value, default, basis and day; changed by its office."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from admission.presentation.settings import GROUPS, KINDS, Kind, rows
from admission.web.forms.settings import SettingForm
from base.errors import NotAllowed, RuleViolation
from base.forms import say_no
from communities import access, actions
from communities.access import Act
from communities.actors import ActorMixin
from communities.models import CountySetting, Department, Division
from communities.roles import COUNTY, Actor, Role
from worklists import rules as lists

Tab = tuple[str, str, bool, None]
READS_AUDIT = frozenset({Role.OFFICE, Role.CITY, Role.AUDITOR})


def tabs(actor: Actor, here: str) -> list[Tab]:
    """Settings, committee, calendar and, for who may read it, the audit log: the pages about how the portal works."""
    pages = [
        (_("本区设置"), "admission:settings"),
        (_("审核委员会"), "admission:committee"),
        (_("工作日历"), "admission:calendar"),
    ]
    if actor.role in READS_AUDIT:
        pages.append((_("审计记录"), "admission:audit"))
    return [(label, reverse(name), name == here, None) for label, name in pages]


def counties_of(actor: Actor) -> list[Division]:
    """One's own county; those with an office inside a city's or province's territory, for who sets one up any."""
    if len(actor.code) >= COUNTY:
        return list(Division.objects.filter(code=actor.county))
    units = Department.objects.filter(division__code__startswith=actor.code)
    if actor.role is not Role.ADMIN:
        units = units.filter(hosts_office=True)
    return list(Division.objects.of_level(COUNTY).filter(pk__in=units.values("division")).order_by("code"))


class OfCounty(ActorMixin):
    """For pages about one county: `self.county`, from the address or one's own."""

    request: HttpRequest

    @cached_property
    def places(self) -> list[Division]:
        """The counties that this person may look at."""
        return counties_of(self.actor)

    @cached_property
    def county(self) -> Division:
        """The one that is looked at."""
        wanted = self.request.GET.get("county") or self.request.POST.get("county")
        found = [place for place in self.places if not wanted or place.code == wanted]
        if not found:
            raise Http404
        return found[0]

    def chips(self) -> list[tuple[str, str, bool, None]]:
        """The choice of a county, where there are several."""
        return [(place.name, f"?county={place.code}", place == self.county, None) for place in self.places]


class Settings(OfCounty, TemplateView):
    """All settings of a county."""

    template_name = "admission/settings.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The groups with their rows, and whether this person may change them."""
        found = rows(self.county, timezone.localdate())
        return super().get_context_data(
            county=self.county,
            chips=self.chips(),
            tabs=tabs(self.actor, "admission:settings"),
            groups=[(label, [found[kind.key] for kind in kinds]) for label, kinds in GROUPS],
            may_change=access.may(self.actor, Act.SET_COUNTY_SETTING, self.county.code),
            **context,
        )


class Change(OfCounty, FormView):
    """Change one setting, from a day on."""

    template_name = "admission/settings_change.html"
    form_class = SettingForm

    @cached_property
    def kind(self) -> Kind:
        """The setting of the address."""
        kind = KINDS.get(self.kwargs["key"])
        if kind is None:
            raise Http404
        return kind

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only who may change it sees the form."""
        access.check(self.actor, Act.SET_COUNTY_SETTING, self.county.code)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The kind decides what the value may be."""
        own = {"kind": self.kind, "county": self.county, "today": timezone.localdate()}
        return {**super().get_form_kwargs(), **own}

    def get_initial(self) -> dict[str, Any]:
        """The value that holds today, from today on."""
        today = timezone.localdate()
        setting = CountySetting.objects.of(self.county.code, today).get(self.kind.key)
        value = setting.value if setting else lists.default_for(self.county.code, self.kind.default)
        return {**super().get_initial(), "value": value, "since": today}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What holds now, what held, what is to come."""
        back = f"{reverse('admission:settings')}?{urlencode({'county': self.county.code})}"
        return super().get_context_data(
            county=self.county,
            row=rows(self.county, timezone.localdate())[self.kind.key],
            back_url=back,
            crumbs=[(_("设置"), back), (str(self.kind.label), "")],
            **context,
        )

    def form_valid(self, form: SettingForm) -> HttpResponse:
        """Set it; the settings page shows it."""
        typed = form.cleaned_data
        try:
            actions.set_county_setting(self.county, key=self.kind.key, by=self.actor, at=timezone.now(), **typed)
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            say_no(form, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("“%s”已修改，已经开始的时限不受影响。") % self.kind.label)
        return redirect(f"{reverse('admission:settings')}?{urlencode({'county': self.county.code})}")
