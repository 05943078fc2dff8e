"""The list by kind, public: what of each kind is admitted in a county, what must not be asked, and by which rule."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import ListView, TemplateView
from django.views.generic.base import View

from communities.roles import COUNTY
from worklists import lists, registers
from worklists.kinds import SubjectType
from worklists.lists import AsOf
from worklists.models import ItemVersion, RegisterRule
from worklists.web import places
from worklists.web.forms import AsOfForm
from worklists.web.pages import public

ON_A_PAGE = 100
Stance = RegisterRule.Stance


class Home(places.Home):
    """Which county?"""

    heading = lazy("分类清单")
    lede = lazy("哪些可以交给社区，哪些不得要求。先选区县。")

    def url_of(self, code: str) -> str:
        return reverse("worklists:registers-of", args=[code[:COUNTY]])


class OfCounty(places.OfPlace, View):
    """A page about one county on a day."""

    asof: AsOf

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """A day that is none leaves today's, with a sentence."""
        super().setup(request, *args, **kwargs)
        self.days = AsOfForm({"on": request.GET["on"]} if "on" in request.GET else None)
        given = self.days.cleaned_data if self.days.is_valid() else {}
        self.today = timezone.localdate()
        self.asof = AsOf(given.get("on") or self.today)
        self.find()

    def asked(self) -> str:
        """The day that was asked for, for the addresses of the neighbours."""
        return "" if self.asof.on == self.today else f"?{urlencode({'on': self.asof.on.isoformat()})}"

    def shared(self) -> dict[str, Any]:
        """What both pages show."""
        return {"place": self.place.name, "asof": self.asof, "days": self.days}


@public
class Overview(OfCounty, TemplateView):
    """The eleven kinds in numbers."""

    template_name = "worklists/registers.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        listed = self.listed(self.asof)
        counted = registers.overview(listed, registers.rules_of(self.place.code, self.asof))
        return super().get_context_data(
            **self.shared(), lines=[(each, self.url_of(each.subject)) for each in counted],
            crumbs=[(self.heading(), places.place_url(self.place.code)), (_("分类清单"), "")], **context,
        )  # fmt: skip

    def url_of(self, subject: SubjectType) -> str:
        """The page of one kind on the same day."""
        return reverse("worklists:register", args=[self.place.code, subject]) + self.asked()


@public
class RegisterPage(OfCounty, ListView):
    """One kind: what must not be asked, what only may, what is admitted, what others do."""

    template_name = "worklists/register.html"
    context_object_name = "versions"
    paginate_by = ON_A_PAGE

    def get_queryset(self) -> QuerySet[ItemVersion, Any]:
        rows = self.listed(self.asof).filter(subject_type=self.kwargs["subject"])
        return lists.shown(rows).order_by("item__code")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        subject = self.kwargs["subject"]
        rules = list(registers.rules_of(self.place.code, self.asof).filter(subject_type=subject).order_by("pk"))
        overview = reverse("worklists:registers-of", args=[self.place.code]) + self.asked()
        return {
            **context, **self.shared(), "subject": subject, "lines": lists.lines(list(context["versions"])),
            "forbidden": registers.grouped(row for row in rules if row.is_binding and row.stance == Stance.FORBIDDEN),
            "only": registers.grouped(row for row in rules if row.is_binding and row.stance == Stance.ONLY),
            "reference": registers.grouped(row for row in rules if not row.is_binding),
            "crumbs": [
                (self.heading(), places.place_url(self.place.code)), (_("分类清单"), overview), (subject.label, ""),
            ],
        }  # fmt: skip
