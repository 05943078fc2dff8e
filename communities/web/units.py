"""Departments, coordinating bodies and street offices: public list and page, and what the administrator does."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from communities import access, actions
from communities.access import Act
from communities.actors import actor_of
from communities.filters import DepartmentFilter, Standing
from communities.models import Department, Division
from communities.roles import COUNTY, STREET
from communities.web import forms
from communities.web.act_page import ActPage, public
from communities.web.places import committee_of, place_of, place_url


@public
class Departments(TemplateView):
    """The units of a county, those of today unless asked otherwise."""

    template_name = "communities/departments.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        county = get_object_or_404(Division, code=self.kwargs["code"])
        asked = self.request.GET.copy()
        asked.setdefault("standing", Standing.NOW)
        rows = Department.objects.of(county.code).select_related("successor", "street")
        narrowed = DepartmentFilter(asked, queryset=rows.listed(), today=timezone.localdate())
        found = list(narrowed.qs)
        actor = actor_of(self.request)
        new = {"label": _("新设单位"), "url": reverse("communities:department-new", args=[county.code])}
        committee = [committee_of(county.code)] if len(county.code) == COUNTY else []
        return super().get_context_data(
            county=county,
            crumbs=[*above(county), (_("单位"), "")],
            filter=narrowed,
            rows=found,
            summary=_("共 %(n)d 个单位") % {"n": len(found)},
            actions=[new, *committee] if access.may(actor, Act.CREATE_DEPARTMENT, county.code) else [],
            **place_of(county, actor),
            **context,
        )


@public
class DepartmentPage(TemplateView):
    """One unit: its names, its term, whom it followed and who follows it."""

    template_name = "communities/department.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        rows = Department.objects.select_related("division", "street", "successor")
        unit = get_object_or_404(rows, pk=self.kwargs["pk"])
        gone = unit.ends_on is not None and unit.ends_on < timezone.localdate()
        return super().get_context_data(
            unit=unit,
            crumbs=crumbs_of(unit, leaf=unit.name),
            state={"label": _("已撤销"), "tone": "stop"} if gone else None,
            predecessors=Department.objects.filter(successor=unit).order_by("pk"),
            street_url=place_url(unit.street.code) if unit.street else "",
            actions=self.actions(unit),
            **place_of(unit.division, actor_of(self.request)),
            **context,
        )

    def actions(self, unit: Department) -> list[dict[str, Any]]:
        """Where to go from here."""
        actor = actor_of(self.request)
        found = [{"label": _("工作事项清单"), "url": reverse("worklists:department", args=[unit.pk]), "primary": True}]
        if unit.ends_on is None:
            for act, label, name in (
                (Act.ADD_ALIAS, _("增加别名"), "department-alias"),
                (Act.CLOSE_DEPARTMENT, _("撤销"), "department-close"),
            ):
                if access.may(actor, act, unit.division.code):
                    found.append({"label": label, "url": reverse(f"communities:{name}", args=[unit.pk])})
        return found


def crumbs_of(unit: Department, *, leaf: str = "") -> list[tuple[str, str]]:
    """County / units / the unit."""
    units = (_("单位"), reverse("communities:departments", args=[unit.division.code]))
    return [*above(unit.division), units, (leaf, "") if leaf else (unit.name, unit_url(unit))]


def above(county: Division) -> list[tuple[str, str]]:
    """The county, where there is a page of it: a city has units but no such page."""
    return [(county.name, place_url(county.code))] if len(county.code) == COUNTY else []


def unit_url(unit: Department) -> str:
    """The page of a unit."""
    return reverse("communities:department", args=[unit.pk])


class NewDepartment(ActPage):
    """新设单位."""

    form_class = forms.DepartmentForm
    title = gettext_lazy("新设单位")
    submit = gettext_lazy("设立")
    done = gettext_lazy("已设立。")

    def load(self) -> None:
        self.county = get_object_or_404(Division, code=self.kwargs["code"])
        access.check(self.actor, Act.CREATE_DEPARTMENT, self.county.code)
        self.back = reverse("communities:departments", args=[self.county.code])
        self.crumbs = [*above(self.county), (_("单位"), self.back)]

    def get_form_kwargs(self) -> dict[str, Any]:
        streets = Division.objects.under(self.county.code).of_level(STREET).valid(timezone.localdate())
        return {**super().get_form_kwargs(), "streets": streets.filter(office__isnull=True).order_by("code")}

    def get_initial(self) -> dict[str, Any]:
        return {"kind": Department.Kind.DEPARTMENT, "starts_on": timezone.localdate()}

    def perform(self, **facts: Any) -> Department:
        return actions.create_department(self.county, by=self.actor, at=timezone.now(), **facts)

    def after(self, result: Department) -> str:
        return unit_url(result)


class UnitAct(ActPage):
    """A form for one act on a unit."""

    act: Act

    def load(self) -> None:
        self.unit = get_object_or_404(Department.objects.select_related("division"), pk=self.kwargs["pk"])
        access.check(self.actor, self.act, self.unit.division.code)
        self.back, self.crumbs = unit_url(self.unit), crumbs_of(self.unit)


class AddAlias(UnitAct):
    """增加别名."""

    act = Act.ADD_ALIAS
    form_class = forms.AliasForm
    title = gettext_lazy("增加别名")
    submit = gettext_lazy("增加")
    done = gettext_lazy("已增加。")

    def perform(self, **facts: Any) -> Department:
        return actions.add_alias(self.unit, by=self.actor, at=timezone.now(), **facts)


class CloseDepartment(UnitAct):
    """撤销单位."""

    act = Act.CLOSE_DEPARTMENT
    form_class = forms.CloseDepartmentForm
    lede = gettext_lazy("撤销以后，在本单位的任职一并终止；它的工作事项由承继单位负责。")
    submit = gettext_lazy("撤销")
    done = gettext_lazy("已撤销。")
    danger = True

    @cached_property
    def others(self) -> QuerySet[Department]:
        """Who may follow."""
        rows = Department.objects.of(self.unit.division.code).filter(ends_on__isnull=True)
        return rows.exclude(pk=self.unit.pk).listed()

    def load(self) -> None:
        super().load()
        self.title = _("撤销%(unit)s") % {"unit": self.unit.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "successors": self.others}

    def perform(self, **facts: Any) -> Department:
        return actions.close_department(self.unit, by=self.actor, at=timezone.now(), **facts)
