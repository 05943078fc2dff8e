"""The lists, public: of a county, a street, a community, a department, on any day and as known on any day."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import TemplateView

from communities.actors import actor_of
from communities.models import Department, Division, valid_on
from communities.roles import COUNTY, Role
from worklists import lists
from worklists.lists import AsOf
from worklists.models import ItemList, ItemVersion, WorkItem
from worklists.models.item import ItemVersionQuerySet
from worklists.web.listpage import ListPage
from worklists.web.pages import public

LEVELS = {6: "county", 9: "street", 12: "community"}
WITH_PLACE = {Role.STREET, Role.COMMUNITY}


def place_url(code: str) -> str:
    """The list of a place."""
    return reverse(f"worklists:{LEVELS[len(code)]}", args=[code])


@public
class Home(TemplateView):
    """Which county? Where there is one only, or somebody works in one, the list of that place."""

    template_name = "worklists/home.html"
    heading: Any = lazy("社区工作事项清单")
    lede: Any = lazy("先选区县，再选街道（乡镇）和社区。")

    def url_of(self, code: str) -> str:
        """Where a place leads."""
        return place_url(code)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Straight on where there is nothing to choose."""
        actor = actor_of(request)
        if actor and len(actor.code) in LEVELS:
            return redirect(self.url_of(actor.code if actor.role in WITH_PLACE else actor.county))
        counties = [(place.name, self.url_of(place.code)) for place in counties_with_lists()]
        if len(counties) == 1:
            return redirect(counties[0][1])
        return self.render_to_response({"counties": counties, "heading": self.heading, "lede": self.lede})


def counties_with_lists() -> QuerySet[Division]:
    """Counties that have published a list, have items of their own, or keep communities here."""
    owners = set(ItemList.objects.published().order_by().values_list("owner__code", flat=True))
    owners |= set(WorkItem.objects.order_by().values_list("owner__code", flat=True).distinct())
    whole = Division.objects.of_level(COUNTY).order_by("code")
    return whole.filter(code__in=[code for code in owners if len(code) == COUNTY])


class OfPlace:
    """A page about a county, street or community; the level is the length of the code."""

    kwargs: dict[str, Any]

    def find(self) -> None:
        """The place and what contains it; 404 where there is none."""
        above = Division.objects.above(self.kwargs["code"]).filter(code__startswith=self.kwargs["code"][:COUNTY])
        self.lineage = list(above.select_related("community", "successor").order_by("code"))
        if not self.lineage or self.lineage[-1].code != self.kwargs["code"]:
            raise Http404
        self.place = self.lineage[-1]

    def listed(self, asof: AsOf) -> ItemVersionQuerySet:
        """Its list; nothing on a day on which there was no such place."""
        return lists.of_place(self.place, asof) if self.exists_on(asof.on) else ItemVersion.objects.none()

    def exists_on(self, on: date) -> bool:
        """Was there such a place on this day?"""
        return self.place.starts_on <= on and (self.place.ends_on is None or on <= self.place.ends_on)

    def level(self) -> str:
        """The name of its address."""
        return LEVELS[len(self.place.code)]

    def heading(self) -> str:
        """What its list is called."""
        words = _("%(place)s工作事项清单") if self.level() == "community" else _("%(place)s社区工作事项清单")
        return words % {"place": self.place.name}


class PlaceList(OfPlace, ListPage):
    """A county's, street's or community's list."""

    def whole(self) -> ItemVersionQuerySet:
        return self.listed(self.asof)

    def gone(self) -> dict[str, str]:
        """What to say of a day on which there was no such place."""
        title = _("这一天没有%(place)s") % {"place": self.place.name}
        if self.asof.on < self.place.starts_on or self.place.successor is None:
            return {"title": title}
        heir = self.place.successor
        return {"title": title, "text": _("它的区划已经由别处承继："), "url": place_url(heir.code), "link": heir.name}

    def is_community(self) -> bool:
        """The lowest level: nothing inside to choose."""
        return self.level() == "community"

    def county_code(self) -> str:
        return self.place.code[:COUNTY]

    def crumbs(self) -> list[tuple[str, str]]:
        return [(place.name, place_url(place.code)) for place in self.lineage[:-1]] + [(self.place.name, "")]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The places inside, to choose from."""
        inside = Division.objects.none()
        if not self.is_community():
            level = {6: 9, 9: 12}[len(self.place.code)]
            inside = Division.objects.under(self.place.code).of_level(level).filter(valid_on(self.asof.on))
        return super().get_context_data(
            place=self.lineage[0].name, gone=None if self.exists_on(self.asof.on) else self.gone(),
            registers_url=reverse("worklists:registers-of", args=[self.county_code()]),
            compare_url=reverse(f"worklists:{self.level()}-changes", args=[self.place.code]),
            inside=[(place.name, place_url(place.code)) for place in inside.order_by("code")],
            **context,
        )  # fmt: skip


class DepartmentList(ListPage):
    """The items of one department, and of those that it has succeeded."""

    def find(self) -> None:
        self.unit = get_object_or_404(Department.objects.select_related("division"), pk=self.kwargs["pk"])

    def whole(self) -> ItemVersionQuerySet:
        return lists.of_department(self.unit, self.asof)

    def level(self) -> str:
        return "department"

    def heading(self) -> str:
        return _("%(unit)s的社区工作事项") % {"unit": self.unit.name}

    def county_code(self) -> str:
        return self.unit.division.code[:COUNTY]

    def crumbs(self) -> list[tuple[str, str]]:
        county = self.unit.division
        return [(county.name, place_url(county.code)), (self.unit.name, "")] if len(county.code) == COUNTY else []
