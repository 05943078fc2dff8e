"""The committee of a county: where its office sits, who stands in, its seats. What a new county needs first."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from admission import actions
from admission.actions.committee import may_seat
from admission.models import CommitteeSeat
from admission.presentation.committee import committee_of
from admission.web.forms.committee import EndSeatForm, OfficeForm, SeatForm
from admission.web.settings import OfCounty, tabs
from base.errors import NotAllowed
from communities import access
from communities.access import Act
from communities.models import Department, Division
from communities.web.act_page import ActPage
from worklists import rules as lists


def address(name: str, county: Division, *args: Any) -> str:
    """A page about the committee of a county."""
    return f"{reverse(f'admission:{name}', args=args)}?{urlencode({'county': county.code})}"


class CommitteePage(OfCounty, TemplateView):
    """Where the office sits, who stands in for it, the seats; who keeps them is told what is still wanting."""

    template_name = "admission/committee.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The committee of today."""
        may_keep = may_seat(self.actor, self.county.code)
        return super().get_context_data(
            county=self.county,
            chips=self.chips(),
            tabs=tabs(self.actor, "admission:committee"),
            committee=committee_of(self.county, timezone.localdate()),
            may_keep=may_keep,
            actions=self.actions() if may_keep else [],
            **context,
        )

    def actions(self) -> list[dict[str, Any]]:
        """What can be done here."""
        stand_in = address("setting", self.county, lists.Key.SUBSTITUTE_UNIT.value)
        found: list[dict[str, Any]] = [
            {"label": _("增加席位"), "url": address("seat-new", self.county), "primary": True},
            {"label": _("改代行单位"), "url": stand_in},
        ]
        if access.may(self.actor, Act.HOST_OFFICE, self.county.code):
            found.insert(1, {"label": _("设办公室"), "url": address("committee-office", self.county)})
        return found


class CommitteeAct(OfCounty, ActPage):
    """A form for one act on the committee."""

    def load(self) -> None:
        """The county of the address; who may not is refused by the subclass."""
        self.check()
        self.back = address("committee", self.county)
        self.crumbs = [(_("审核委员会"), self.back)]

    def check(self) -> None:
        """The seats are kept by the office and the administrator."""
        if not may_seat(self.actor, self.county.code):
            raise NotAllowed(_("席位由审核委员会办公室或者平台管理员登记。请联系审核委员会办公室。"))


class PlaceOffice(CommitteeAct):
    """设办公室."""

    form_class = OfficeForm
    title = gettext_lazy("设办公室")
    lede = gettext_lazy(
        "申请都由办公室受理。改到别的单位的，原单位的办公室任职今天终止，没有办结的申请由新单位接着办；请随后给新单位办任职。"
    )
    submit = gettext_lazy("设在这个单位")
    done = gettext_lazy("办公室已设好。")

    def check(self) -> None:
        """The administrator places it."""
        access.check(self.actor, Act.HOST_OFFICE, self.county.code)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units of the county."""
        return {**super().get_form_kwargs(), "county": self.county, "today": timezone.localdate()}

    def perform(self, **facts: Any) -> Department:
        """Place it, with what is open."""
        return actions.place_office(facts["unit"], by=self.actor, at=timezone.now())


class NewSeat(CommitteeAct):
    """增加席位."""

    form_class = SeatForm
    title = gettext_lazy("增加席位")
    lede = gettext_lazy("席位只说哪些单位是审核委员会的成员。谁替它办理，另在“任职”里办。")
    submit = gettext_lazy("增加")
    done = gettext_lazy("席位已增加。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units of the county."""
        return {**super().get_form_kwargs(), "county": self.county, "today": timezone.localdate()}

    def get_initial(self) -> dict[str, Any]:
        """A member unit, from today on."""
        return {"post": CommitteeSeat.Post.MEMBER.value, "starts_on": timezone.localdate()}

    def perform(self, **facts: Any) -> CommitteeSeat:
        """Give the seat."""
        return actions.give_seat(self.county, by=self.actor, at=timezone.now(), **facts)


class EndSeat(CommitteeAct):
    """终止席位."""

    form_class = EndSeatForm
    title = gettext_lazy("终止席位")
    submit = gettext_lazy("终止")
    done = gettext_lazy("席位已终止。")
    danger = True

    @cached_property
    def seat(self) -> CommitteeSeat:
        """The seat of the address, in a county that this person may look at."""
        rows = CommitteeSeat.objects.filter(county__in=self.places).select_related("unit", "county")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def county(self) -> Division:
        """The county of the seat, whatever the address says besides."""
        return self.seat.county

    def load(self) -> None:
        """The seat, and what it is."""
        super().load()
        self.lede = _("%(unit)s，%(post)s") % {"unit": self.seat.unit.name, "post": self.seat.get_post_display()}

    def get_initial(self) -> dict[str, Any]:
        """Today is the last day."""
        return {"ends_on": timezone.localdate()}

    def perform(self, **facts: Any) -> CommitteeSeat:
        """End it."""
        return actions.end_seat(self.seat, by=self.actor, at=timezone.now(), **facts)
