"""What a list can be searched and narrowed by: in the address bar, the same for the page, the export and the API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from worklists.kinds import AppliesTo, Category, Side
from worklists.models import ItemVersion
from worklists.models.item import ItemVersionQuerySet

BY_DEPARTMENT, BY_CODE, NEWEST = "", "code", "newest"
ORDERS = {
    BY_DEPARTMENT: ("department_first", "item__code"),
    BY_CODE: ("item__code",),
    NEWEST: ("-in_force__startswith", "item__code"),
}
SORTS = [(BY_CODE, _("按编号")), (NEWEST, _("新列入的在前"))]
LONGEST_QUERY = 60


class ItemFilter(django_filters.FilterSet):
    """Keyword, printed department, category, side and kind of community; how the list is sorted."""

    q = django_filters.CharFilter(
        label=_("关键词"), method="search", max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("事项、部门")}),
    )  # fmt: skip
    department = django_filters.ChoiceFilter(
        label=_("部门"), field_name="department_text", empty_label=_("全部部门"), choices=[]
    )
    side = django_filters.ChoiceFilter(label=_("两清单"), choices=Side.choices, empty_label=_("全部"))
    applies_to = django_filters.ChoiceFilter(label=_("适用"), choices=AppliesTo.choices, empty_label=_("全部"))
    sort = django_filters.ChoiceFilter(label=_("排列"), choices=SORTS, method="sorted", empty_label=_("按部门"))
    category = django_filters.ChoiceFilter(choices=Category.choices, widget=forms.HiddenInput)

    class Meta:
        model = ItemVersion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = self.queryset.order_by().values("department_text").annotate(first=Min("item__code"), n=Count("pk"))
        self.departments = [(row["department_text"], row["n"]) for row in found.order_by("first")]
        self.filters["department"].extra["choices"] = [(name, f"{name}（{n}）") for name, n in self.departments]

    def search(self, queryset: ItemVersionQuerySet, name: str, value: str) -> ItemVersionQuerySet:
        """By pairs of characters."""
        return queryset.holding(value)

    def sorted(self, queryset: ItemVersionQuerySet, name: str, value: str) -> ItemVersionQuerySet:
        """The order is applied last, see `order`."""
        return queryset

    def besides(self, name: str) -> ItemVersionQuerySet:
        """Narrowed by every filter but one."""
        rows = self.queryset.all()
        if self.form.is_valid():
            for field, value in self.form.cleaned_data.items():
                rows = rows if field == name else self.filters[field].filter(rows, value)
        return rows

    @property
    def order(self) -> tuple[str, ...]:
        """The chosen order of the rows."""
        return ORDERS[self.form.cleaned_data.get("sort") or BY_DEPARTMENT if self.form.is_valid() else BY_DEPARTMENT]
