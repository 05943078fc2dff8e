"""What the list of applications can be searched and narrowed by: in the address, for page, export and API."""

from datetime import date
from typing import Any

import django_filters
import django_filters.fields
from django import forms
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from admission.deadlines import SPANS
from admission.models import Application, Deadline
from admission.models.application import reaches
from admission.procedure import CLOSED, Kind, Procedure, State
from communities.choices import OfUnits
from communities.models import Department, Division
from communities.roles import STREET, Actor, Role

LONGEST_QUERY = 60
OVER_STREETS = frozenset(
    {Role.APPLICANT, Role.OFFICE, Role.DIRECTOR, Role.DEPUTY, Role.MEMBER, Role.ALTERNATE, Role.AUDITOR}
)


class View(models.TextChoices):
    """The views of the list, in the order of its tabs."""

    MINE = "mine", _("等我办")
    DOING = "doing", _("在办")
    OVERDUE = "overdue", _("超期")
    DONE = "done", _("已办结")
    ALL = "all", _("全部")


class Sort(models.TextChoices):
    """The orders of the list; a leading minus turns one round."""

    DUE = "due", _("按期限从近到远")
    APPLICANT = "applicant", _("按申请单位")
    STATE = "state", _("按办理进度")
    CHANGED = "changed", _("按最近变动")


PLACE_IN_PROCEDURE = Case(
    *(When(state=state, then=Value(n)) for n, state in enumerate(State)), output_field=models.IntegerField()
)
ORDERS: dict[str, Any] = {
    Sort.DUE: F("due_on"),
    Sort.APPLICANT: F("applicant__name"),
    Sort.STATE: PLACE_IN_PROCEDURE,
    Sort.CHANGED: F("changed_at"),
}


def with_due(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Each with the first due date of its running clocks; what merely runs out is left out."""
    running = Deadline.objects.running().exclude(clock__in=SPANS).filter(application=OuterRef("pk"))
    return rows.annotate(due_on=Subquery(running.order_by("due_on").values("due_on")[:1]))


def views(today: date, mine: set[int]) -> dict[str, Q]:
    """What each view holds; `mine`: the keys of what waits for this person (admission.todo)."""
    done = Q(state__in=CLOSED)
    return {
        View.MINE: Q(pk__in=mine or {0}),  # an empty list would make Django count nothing in any view
        View.DOING: ~done,
        View.OVERDUE: ~done & Q(due_on__lt=today),
        View.DONE: done,
        View.ALL: Q(),
    }


def counts(rows: QuerySet[Application], today: date, mine: set[int]) -> dict[str, int]:
    """How many stand in each view: one query."""
    return rows.aggregate(**{name: Count("pk", filter=held) for name, held in views(today, mine).items() if held}) | {
        View.ALL: rows.count()
    }


class UnitField(OfUnits, django_filters.fields.ModelChoiceField):
    """A unit to narrow by, offered by kind."""


class UnitFilter(django_filters.ModelChoiceFilter):
    """Narrows by a unit."""

    field_class = UnitField


class ApplicationFilter(django_filters.FilterSet):
    """Keyword, state, kind, procedure, applicant, street; within a view; in an order."""

    q = django_filters.CharFilter(
        label=_("关键词"), method="search", max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("事项、编号、单位")}),
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label=_("状态"), choices=State.choices, empty_label=_("全部状态"))
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=Kind.choices, empty_label=_("全部类型"))
    procedure = django_filters.ChoiceFilter(label=_("程序"), choices=Procedure.choices, empty_label=_("全部程序"))
    applicant = UnitFilter(label=_("申请单位"), queryset=Department.objects.none(), empty_label=_("全部单位"))
    street = django_filters.ModelChoiceFilter(
        label=_("涉及街道"), queryset=Division.objects.none(), to_field_name="code", method="reaching",
        empty_label=_("全部街道"),
    )  # fmt: skip
    view = django_filters.ChoiceFilter(choices=View.choices, method="within", widget=forms.HiddenInput)
    sort = django_filters.CharFilter(method="unchanged", widget=forms.HiddenInput)

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor, today: date, mine: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.mine = today, mine
        self.queryset: QuerySet[Application] = with_due(self.queryset)
        if actor.role is Role.APPLICANT:
            del self.filters["applicant"]
        else:
            applied = Department.objects.filter(pk__in=self.queryset.order_by().values("applicant"))
            self.filters["applicant"].queryset = applied
        if actor.role in OVER_STREETS:
            streets = Division.objects.valid(today).under(actor.county).of_level(STREET)
            self.filters["street"].queryset = streets.order_by("code")
        else:
            del self.filters["street"]

    @property
    def said(self) -> dict[str, Any]:
        """What the address says, as far as it makes sense."""
        return self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}

    @property
    def chosen_view(self) -> str:
        """The view that is looked at."""
        return self.said.get("view") or View.DOING

    @property
    def chosen_sort(self) -> str:
        """The order, as `?sort=` says it; an unknown word is no order."""
        asked = self.said.get("sort") or ""
        if asked.removeprefix("-") in Sort.values:
            return asked
        return f"-{Sort.CHANGED}" if self.chosen_view in {View.DONE, View.ALL} else Sort.DUE

    @property
    def shown(self) -> QuerySet[Application]:
        """The rows of the chosen view that pass every filter, in order; none where a filter makes no sense."""
        if self.form.errors:
            return self.queryset.none()
        rows = self.qs.filter(views(self.today, self.mine)[self.chosen_view])
        by = ORDERS[self.chosen_sort.removeprefix("-")]
        downwards = self.chosen_sort.startswith("-")
        return rows.order_by(by.desc(nulls_last=True) if downwards else by.asc(nulls_last=True), "-pk")

    def search(self, queryset: QuerySet[Application], _name: str, value: str) -> QuerySet[Application]:
        """Every word somewhere in title, number or applicant."""
        for word in value.split():
            hit = Q(title__icontains=word) | Q(number__icontains=word) | Q(applicant__name__icontains=word)
            queryset = queryset.filter(hit)
        return queryset

    def reaching(self, queryset: QuerySet[Application], _name: str, value: Division) -> QuerySet[Application]:
        """Applications that reach a street: by their scope, or because it or a community inside it was asked."""
        return queryset.filter(reaches(value.code))

    def within(self, queryset: QuerySet[Application], _name: str, _value: str) -> QuerySet[Application]:
        """The view is applied last, see `shown`."""
        return queryset

    def unchanged(self, queryset: QuerySet[Application], _name: str, _value: str) -> QuerySet[Application]:
        """The order is applied last, see `shown`."""
        return queryset
