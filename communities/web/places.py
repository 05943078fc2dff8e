"""Places and the facts of communities: public pages of a county, a street, a community."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from base import events
from communities import access
from communities.access import Act
from communities.actors import actor_of
from communities.codes import VILLAGE_LENGTH
from communities.filters import CommunityFilter
from communities.models import Community, Department, Division
from communities.roles import COUNTY, STREET, Actor
from communities.web.act_page import public

ON_A_PAGE = 50
NAMES = {COUNTY: "county", STREET: "street", VILLAGE_LENGTH: "community"}
Crumbs = list[tuple[str, str]]


def place_url(code: str) -> str:
    """The page of a county, street or community."""
    return reverse(f"communities:{NAMES[len(code)]}", args=[code])


def served_counties() -> list[Division]:
    """The counties that work with the portal: those with units of their own."""
    return list(Division.objects.of_level(COUNTY).filter(departments__isnull=False).distinct().order_by("code"))


@public
class Home(TemplateView):
    """Which county? Straight on where somebody works in one, or where there is one only."""

    template_name = "communities/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The county's page, or the choice."""
        actor = actor_of(request)
        if actor and len(actor.code) >= COUNTY:
            return redirect(place_url(actor.county))
        counties = served_counties()
        if len(counties) == 1:
            return redirect(place_url(counties[0].code))
        return self.render_to_response({"counties": [(county.name, place_url(county.code)) for county in counties]})


@public
class Place(TemplateView):
    """What the pages of a place have in common: the place with all that contain it, in one query."""

    @cached_property
    def lineage(self) -> list[Division]:
        """From the county down to the place of the address."""
        code = self.kwargs["code"]
        rows = Division.objects.above(code).filter(code__startswith=code[:COUNTY])
        found = list(rows.select_related("community", "office", "successor").order_by("code"))
        if not found or found[-1].code != code:
            raise Http404
        return found

    @property
    def place(self) -> Division:
        """The place of the address."""
        return self.lineage[-1]

    @cached_property
    def actor(self) -> Actor | None:
        """Who looks, if signed in."""
        return actor_of(self.request)

    @property
    def crumbs(self) -> Crumbs:
        """County / street / community."""
        above = [(division.name, place_url(division.code)) for division in self.lineage[:-1]]
        return [*above, (self.place.name, "")]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The place, and what its address would be for the list of work items."""
        return super().get_context_data(
            division=self.place,
            crumbs=self.crumbs,
            state=state_of(self.place),
            successor=heir(self.place),
            **place_of(self.lineage[0], self.actor),
            **context,
        )


def place_of(county: Division, actor: Actor | None) -> dict[str, str]:
    """Visitors see whose page it is in its head; who works here sees where they work."""
    return {} if actor else {"place": county.name}


def state_of(place: Division) -> dict[str, str] | None:
    """What to say of a place that is no longer, or not yet."""
    if place.ends_on is not None and place.ends_on < timezone.localdate():
        return {"label": _("已停用"), "tone": "stop"}
    return None


def heir(place: Division) -> tuple[str, str] | None:
    """Name and address of the place that follows."""
    return (place.successor.name, place_url(place.successor.code)) if place.successor else None


class County(Place):
    """The streets and communities of a county, with their facts: search, filter, sort."""

    template_name = "communities/county.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The streets, what is known in sum, one page of the communities."""
        today, code = timezone.localdate(), self.place.code
        streets = list(Division.objects.under(code).of_level(STREET).valid(today).order_by("code"))
        whole = Community.objects.under(code).valid(today).select_related("division")
        narrowed = CommunityFilter(self.request.GET, queryset=whole, streets=streets)
        page = Paginator(narrowed.shown, ON_A_PAGE).get_page(self.request.GET.get("page"))
        names = {street.code: street.name for street in streets}
        return super().get_context_data(
            streets=[(street.name, place_url(street.code), False, None) for street in streets],
            lede=_("点街道（乡镇）或社区的名称，看它的基本情况和工作事项清单。"),
            sums=sums(whole),
            filter=narrowed,
            sort=narrowed.chosen_sort,
            page=page,
            rows=[(row, names.get(row.division.code[:STREET], "")) for row in page],
            summary=_("共 %(n)d 个社区（村）") % {"n": page.paginator.count},
            actions=self.actions(),
            **context,
        )

    def actions(self) -> list[dict[str, Any]]:
        """Where to go from here."""
        code = self.place.code
        found = [
            {"label": _("工作事项清单"), "url": reverse("worklists:county", args=[code])},
            {"label": _("单位"), "url": reverse("communities:departments", args=[code])},
        ]
        if access.may(self.actor, Act.HOST_OFFICE, code):
            found.append(committee_of(code))
        if access.may(self.actor, Act.CREATE_DIVISION, code):
            found.append({"label": _("新设区划"), "url": reverse("communities:division-new", args=[code])})
        if access.may(self.actor, Act.ENROL_COMMUNITIES, code) and self.without_facts():
            url = reverse("communities:enrol", args=[code])
            found.append({"label": _("给新社区建立基本情况"), "url": url, "method": "post"})
        if access.may(self.actor, Act.IMPORT_DIVISIONS, code):
            found.append({"label": _("导入区划"), "url": reverse("communities:imports")})
        return found

    def without_facts(self) -> bool:
        """Are there communities that came by a file and have no page of facts yet?"""
        kinds = (Division.Kind.COMMUNITY, Division.Kind.VILLAGE)
        inside = Division.objects.under(self.place.code).valid(timezone.localdate()).filter(kind__in=kinds)
        return inside.filter(community__isnull=True).exists()


def committee_of(county: str) -> dict[str, Any]:
    """The way to where a county's office and seats are settled: a page of admission, by its name only."""
    return {"label": _("审核委员会"), "url": f"{reverse('admission:committee')}?{urlencode({'county': county})}"}


def sums(rows: Any) -> dict[str, Any]:
    """How many, of which kind, what is known: one query."""
    found = rows.aggregate(
        communities=Count("pk"),
        urban=Count("pk", filter=Q(kind=Community.Kind.URBAN)),
        rural=Count("pk", filter=Q(kind=Community.Kind.RURAL)),
        converted=Count("pk", filter=Q(kind=Community.Kind.CONVERTED)),
        households_sum=Sum("households"),
        households_known=Count("households"),
        residents_sum=Sum("residents"),
        residents_known=Count("residents"),
    )
    return found | {name: f"{found[f'{name}_sum'] or 0:,}" for name in ("households", "residents")}


class Street(Place):
    """One street or town: its office and its communities."""

    template_name = "communities/street.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """All of its communities: they are never many."""
        rows = Community.objects.under(self.place.code).valid(timezone.localdate()).select_related("division")
        communities = rows.order_by("division__code")
        office: Department | None = getattr(self.place, "office", None)
        return super().get_context_data(
            communities=communities,
            sums=sums(communities.order_by()),
            facts=[(_("类型"), self.place.get_kind_display()), (_("统计用区划代码"), self.place.code)],
            office=office,
            actions=self.actions(),
            may_record=access.may(self.actor, Act.RECORD_FACTS, self.place.code),
            **context,
        )

    def actions(self) -> list[dict[str, Any]]:
        """Where to go from here."""
        code = self.place.code
        found = [{"label": _("工作事项清单"), "url": reverse("worklists:street", args=[code]), "primary": True}]
        if self.place.ends_on is None and access.may(self.actor, Act.CLOSE_DIVISION, code):
            found.append({"label": _("停用"), "url": reverse("communities:division-close", args=[code])})
        return found


class CommunityPage(Place):
    """One community: its facts, its street, and the way to its list of work items."""

    template_name = "communities/community.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The facts; who has changed them is told to those who work here."""
        community: Community | None = getattr(self.place, "community", None)
        lines = events.timeline(community, code=self.actor.code) if community and self.actor else []
        return super().get_context_data(
            community=community,
            facts=facts_of(self.place, community),
            lines=lines[:ON_A_PAGE],
            actions=self.actions(community),
            **context,
        )

    def actions(self, community: Community | None) -> list[dict[str, Any]]:
        """Where to go from here."""
        code = self.place.code
        found = [{"label": _("工作事项清单"), "url": reverse("worklists:community", args=[code]), "primary": True}]
        if community and access.may(self.actor, Act.RECORD_FACTS, code):
            found.append({"label": _("填写基本情况"), "url": reverse("communities:facts", args=[code])})
        if self.place.ends_on is None and access.may(self.actor, Act.CLOSE_DIVISION, code):
            found.append({"label": _("停用"), "url": reverse("communities:division-close", args=[code])})
        return found


def facts_of(place: Division, community: Community | None) -> list[tuple[str, Any]]:
    """Name and value of each fact, with its unit."""
    found: list[tuple[str, Any]] = [(_("统计用区划代码"), place.code)]
    if community is None:
        return [*found, (_("类型"), place.get_kind_display())]
    number = "{:,} {}".format
    counted = [
        (_("户数"), community.households, _("户")),
        (_("常住人口"), community.residents, _("人")),
        (_("户籍人口"), community.registered_population, _("人")),
        (_("综合服务设施面积"), community.facility_area, _("平方米")),
    ]
    return [
        *found,
        (_("类型"), community.get_kind_display()),
        *((name, None if value is None else number(value, unit)) for name, value, unit in counted),
        (_("社区服务站"), {True: _("有"), False: _("没有"), None: None}[community.has_service_station]),
        (_("办公电话"), community.phone),
    ]
