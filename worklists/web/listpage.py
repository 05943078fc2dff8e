"""A list on its page and in a file: what the address says, what is counted, what is shown."""

from abc import ABC, abstractmethod
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView

from base import saved
from base.text import spoken_in_chinese
from worklists import exports, lists, opendata
from worklists.filters import ItemFilter
from worklists.kinds import Category, Origin
from worklists.lists import AsOf
from worklists.models import ItemList, ItemVersion
from worklists.models.item import ItemVersionQuerySet, list_owner
from worklists.web import downloads
from worklists.web.forms import AsOfForm
from worklists.web.pages import public

ON_A_PAGE = 200
DAYS = {"on", "known"}


@public
class ListPage(ABC, ListView):
    """The list of a place or a department. The same view writes the file: exactly the rows that it shows."""

    template_name = "worklists/list.html"
    context_object_name = "versions"
    paginate_by = ON_A_PAGE

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What the address says; a day that is none leaves today's list, with a sentence."""
        super().setup(request, *args, **kwargs)
        self.days = AsOfForm(request.GET or None)
        given = self.days.cleaned_data if self.days.is_valid() else {}
        today = timezone.localdate()
        known = given.get("known")
        self.asof = AsOf(given.get("on") or today, known if known and known < today else None)
        self.find()

    @abstractmethod
    def find(self) -> None:
        """Load what the page is about."""

    @abstractmethod
    def whole(self) -> ItemVersionQuerySet:
        """The list before it is searched."""

    def get_queryset(self) -> QuerySet[ItemVersion, Any]:
        """Searched, narrowed, sorted."""
        self.filter = ItemFilter(self.request.GET, queryset=self.whole())
        return lists.shown(self.filter.qs).order_by(*self.filter.order)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page, or with a format in the address the file."""
        if "format" not in kwargs:
            return super().get(request, *args, **kwargs)
        if kwargs["format"] == "json":
            return downloads.open_data(opendata.to_json(self.get_queryset().iterator(), self.about()))
        name = f"{self.heading()}_{self.asof.on.isoformat()}"
        sheet = exports.of_items(self.get_queryset().iterator(), self.notes())
        return downloads.respond(sheet, name=name, format=kwargs["format"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The list in the order of its departments, its counts, and how to look at it otherwise."""
        context = super().get_context_data(**context)
        rows = list(context["versions"])
        by_department = self.filter.order[0] == "department_first"
        owner = list_owner(self.county_code(), on=self.asof.on, known_at=self.asof.known_at)
        return {
            **context, **self.counts(), "days": self.days, "asof": self.asof, "filter": self.filter,
            "heading": self.heading(), "crumbs": self.crumbs(), "by_department": by_department,
            "groups": lists.grouped(rows) if by_department else [lists.Group("", "", lists.lines(rows))],
            "edition": ItemList.objects.in_force(owner, self.asof.on, known_at=self.asof.known_at),
            "exports": self.export_urls(),
            "keep": [(name, value) for name, value in self.request.GET.items() if name not in DAYS | {"page"}],
            "keep_days": [(name, value) for name, value in self.request.GET.items() if name in DAYS],
            "kept": saved.shown(self.request.user.pk, path=self.request.path, asked=self.request.GET),
            "narrowed": any(value for name, value in self.request.GET.items() if name not in DAYS | {"page"}),
        }  # fmt: skip

    def counts(self) -> dict[str, Any]:
        """How many of each category under the other filters, and how they came onto the list."""
        found = (
            self.filter.besides("category").order_by().values_list("category", "item__origin").annotate(n=Count("pk"))
        )
        by_category: dict[str, int] = {}
        by_origin: dict[str, int] = {}
        chosen = self.request.GET.get("category", "")
        for category, origin, n in found:
            by_category[category] = by_category.get(category, 0) + n
            if chosen in {"", category}:
                by_origin[origin] = by_origin.get(origin, 0) + n
        total = sum(by_category.values())
        choices = [
            ("", _("全部"), total),
            *((each.value, str(each.label), by_category.get(each, 0)) for each in Category),
        ]
        chips = [(label, self.here(category=value), chosen == value, n) for value, label, n in choices]
        return {
            "chips": chips, "total": sum(by_origin.values()), "listed": by_origin.get(Origin.LIST, 0),
            "admitted": by_origin.get(Origin.ADMISSION, 0) + by_origin.get(Origin.CONFIRMATION, 0),
        }  # fmt: skip

    def here(self, **changes: str) -> str:
        """This page with other parameters."""
        asked = self.request.GET.copy()
        asked.pop("page", None)
        for name, value in changes.items():
            asked[name] = value
            if not value:
                del asked[name]
        return f"{self.request.path}?{asked.urlencode()}" if asked else self.request.path

    def export_urls(self) -> list[tuple[str, str]]:
        """The files of exactly this list."""
        asked = self.request.GET.copy()
        asked.pop("page", None)
        query = f"?{asked.urlencode()}" if asked else ""
        name = f"worklists:{self.level()}-export"
        return [
            (ending.upper(), reverse(name, kwargs={**self.kwargs, "format": ending}) + query)
            for ending in ("xlsx", "csv")
        ]

    @spoken_in_chinese
    def about(self) -> dict[str, str | None]:
        """What must be known to read the data, for programs."""
        known = self.asof.known_on
        return {
            "list": self.heading(),
            "on": self.asof.on.isoformat(),
            "known_on": known.isoformat() if known else None,
        }

    def notes(self) -> list[tuple[str, str]]:
        """What must be known to read the file."""
        known = self.asof.known_on.isoformat() if self.asof.known_on else _("现在的记录")
        return [
            (_("清单"), self.heading()), (_("日期"), self.asof.on.isoformat()), (_("按哪一天的记录"), known),
            (_("条件"), self.request.GET.urlencode()),
        ]  # fmt: skip

    @abstractmethod
    def level(self) -> str:
        """The name of its address."""

    @abstractmethod
    def heading(self) -> str:
        """The name of the list."""

    @abstractmethod
    def county_code(self) -> str:
        """Whose list it follows."""

    @abstractmethod
    def crumbs(self) -> list[tuple[str, str]]:
        """Where am I."""
