"""What the lists of communities, units and appointments can be narrowed by: in the address, for page and API."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Account, Appointment, Community, Department, Division, valid_on
from communities.roles import Role

LONGEST_QUERY = 60


class Facts(models.TextChoices):
    """Which facts have been recorded."""

    KNOWN = "known", _("都填了")
    MISSING = "missing", _("有没填的")


class Standing(models.TextChoices):
    """Whether something with a term holds on the day."""

    NOW = "now", _("现在的")
    ENDED = "ended", _("已终止的")
    COMING = "coming", _("还没开始的")
    ALL = "all", _("全部")


def standing(rows: QuerySet[Any], value: str, today: date) -> QuerySet[Any]:
    """The rows of a table with `starts_on` and `ends_on` that stand so on the day."""
    held = {
        Standing.NOW: valid_on(today),
        Standing.ENDED: Q(ends_on__lt=today),
        Standing.COMING: Q(starts_on__gt=today),
    }
    return rows.filter(held.get(Standing(value), Q()))


def search_field(label: Promise, hint: Promise) -> Any:
    """The keyword of a list."""
    return django_filters.CharFilter(
        label=label, method="search", max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": hint}),
    )  # fmt: skip


class CommunityFilter(django_filters.FilterSet):
    """The communities of a county: by name or code, street, kind, what is known of them; in an order."""

    SORTS = {
        "code": "division__code",
        "households": "households",
        "residents": "residents",
        "area": "facility_area",
    }

    q = search_field(_("关键词"), _("社区名称或代码"))
    street = django_filters.ChoiceFilter(label=_("街道（乡镇）"), method="in_street", empty_label=_("全部街道"))
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=Community.Kind.choices, empty_label=_("全部类型"))
    facts = django_filters.ChoiceFilter(
        label=_("户数和人口"), choices=Facts.choices, method="known", empty_label=_("不限")
    )
    sort = django_filters.CharFilter(method="ordered", widget=forms.HiddenInput)

    class Meta:
        model = Community
        fields: list[str] = []

    def __init__(self, *args: Any, streets: list[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["street"].extra["choices"] = [(street.code, street.name) for street in streets]

    @property
    def chosen_sort(self) -> str:
        """`?sort=` as far as it makes sense."""
        asked = self.data.get("sort", "")
        return asked if asked.removeprefix("-") in self.SORTS else "code"

    @property
    def shown(self) -> QuerySet[Community]:
        """The rows in order; what is not known comes last either way."""
        field = F(self.SORTS[self.chosen_sort.removeprefix("-")])
        downwards = self.chosen_sort.startswith("-")
        return self.qs.order_by(
            field.desc(nulls_last=True) if downwards else field.asc(nulls_last=True), "division__code"
        )

    def search(self, rows: QuerySet[Community], _name: str, value: str) -> QuerySet[Community]:
        """Every word in the name, or the beginning of the code."""
        for word in value.split():
            rows = rows.filter(Q(division__name__icontains=word) | Q(division__code__startswith=word))
        return rows

    def in_street(self, rows: QuerySet[Community], _name: str, value: str) -> QuerySet[Community]:
        """By the prefix of the code."""
        return rows.filter(division__code__startswith=value)

    def known(self, rows: QuerySet[Community], _name: str, value: str) -> QuerySet[Community]:
        """With or without the two figures that everything is measured by."""
        complete = Q(households__isnull=False, residents__isnull=False)
        return rows.filter(complete if value == Facts.KNOWN else ~complete)

    def ordered(self, rows: QuerySet[Community], _name: str, _value: str) -> QuerySet[Community]:
        """Applied last, see `shown`."""
        return rows


class DepartmentFilter(django_filters.FilterSet):
    """The units of a county: by any of their names, kind, and whether they still exist."""

    q = search_field(_("关键词"), _("全称、简称或曾用名"))
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=Department.Kind.choices, empty_label=_("全部类型"))
    standing = django_filters.ChoiceFilter(
        label=_("存续"), choices=Standing.choices, method="within", empty_label=None, initial=Standing.NOW
    )

    class Meta:
        model = Department
        fields: list[str] = []

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def search(self, rows: QuerySet[Department], _name: str, value: str) -> QuerySet[Department]:
        """Any name that holds the words."""
        for word in value.split():
            hit = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(aliases__icontains=word)
            rows = rows.filter(hit)
        return rows

    def within(self, rows: QuerySet[Department], _name: str, value: str) -> QuerySet[Department]:
        """On this day."""
        return standing(rows, value, self.today)


class AppointmentFilter(django_filters.FilterSet):
    """Who holds what: by account, unit or place, role, and whether it holds today."""

    q = search_field(_("关键词"), _("账号、单位或地方"))
    role = django_filters.ChoiceFilter(
        label=_("角色"), choices=[choice for choice in Role.choices if choice[0] != Role.SYSTEM],
        empty_label=_("全部角色"),
    )  # fmt: skip
    standing = django_filters.ChoiceFilter(
        label=_("任期"), choices=Standing.choices, method="within", empty_label=None, initial=Standing.NOW
    )

    class Meta:
        model = Appointment
        fields: list[str] = []

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def search(self, rows: QuerySet[Appointment], _name: str, value: str) -> QuerySet[Appointment]:
        """Account, unit or place."""
        for word in value.split():
            rows = rows.filter(
                Q(user__username__icontains=word) | Q(user__display_name__icontains=word)
                | Q(unit__name__icontains=word) | Q(unit__short_name__icontains=word)
                | Q(division__name__icontains=word)
            )  # fmt: skip
        return rows

    def within(self, rows: QuerySet[Appointment], _name: str, value: str) -> QuerySet[Appointment]:
        """On this day."""
        return standing(rows, value, self.today)


class AccountState(models.TextChoices):
    """What an administrator looks for among accounts."""

    OPEN = "open", _("在用的")
    NEW = "new", _("还没改一次性密码的")
    LOCKED = "locked", _("登录锁定的")
    IDLE = "idle", _("现在没有任职的")
    CLOSED = "closed", _("已停用的")


class AccountFilter(django_filters.FilterSet):
    """The accounts of a territory: by name or post, and by what may need doing. The rows come `with_lock`."""

    q = search_field(_("关键词"), _("账号、名称、单位或地方"))
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=AccountState.choices, method="so", empty_label=_("全部账号")
    )

    class Meta:
        model = Account
        fields: list[str] = []

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def search(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """Account, or where it works."""
        for word in value.split():
            posts = Appointment.objects.filter(user=OuterRef("pk")).filter(
                Q(unit__name__icontains=word) | Q(unit__short_name__icontains=word) | Q(division__name__icontains=word)
            )
            rows = rows.filter(Q(username__icontains=word) | Q(display_name__icontains=word) | Exists(posts))
        return rows

    def so(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """In this state today."""
        working = Exists(Appointment.objects.valid(self.today).filter(user=OuterRef("pk")))
        states: dict[str, Any] = {
            AccountState.OPEN: Q(is_active=True),
            AccountState.NEW: Q(is_active=True, must_change_password=True),
            AccountState.LOCKED: Q(locked=True),
            AccountState.IDLE: ~working,
            AccountState.CLOSED: Q(is_active=False),
        }
        return rows.filter(states[value])
