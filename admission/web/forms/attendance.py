"""Who came to a meeting: the member units, those asked to come beside them, who else was there (art 8(三))."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from admission.actions.attendance import Party
from admission.presentation.attendees import Attendee, Guests, sorted_out
from admission.web.forms.fields import LineField
from admission.web.forms.steps import Seen
from admission.web.forms.unfinished import UnfinishedForm
from communities.models import Department, Division
from communities.roles import STREET

Asked = list[tuple[Attendee, "AttendanceForm"]]


class AttendanceForm(UnfinishedForm):
    """One unit or street: whether it came, and the post of who came for it (no names)."""

    present = forms.BooleanField(label=_("到会"), required=False)
    post = LineField(
        label=_("出席人职务"), max_length=60, required=False, widget=forms.TextInput(attrs={"class": "w-m"})
    )

    def clean(self) -> dict[str, Any]:
        """A post was typed: of whom, if nobody came?"""
        cleaned = super().clean() or {}
        if cleaned.get("post") and not cleaned.get("present"):
            self.add_error("post", _("写了职务，没有勾选到会：来了的请勾选，没来的请删去职务。"))
        return cleaned


def attendance(expected: Iterable[Attendee], data: Any = None) -> Asked:
    """Each one that is expected, with its form."""
    return [
        (
            one,
            AttendanceForm(
                data,
                prefix=f"{'unit' if isinstance(one.party, Department) else 'body'}-{one.party.pk}",
                initial={"present": bool(one.present), "post": one.represented_by},
            ),
        )
        for one in expected
    ]


class BesideForm(UnfinishedForm):
    """Which communities came, and who else was there."""

    communities = forms.TypedMultipleChoiceField(
        label=_("到会的社区"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("勾选的社区里有一个不在通知范围内，请重新勾选。")},
    )
    others = LineField(
        label=_("其他列席"),
        max_length=300,
        required=False,
        help_text=_("没有通知、也来了的，例如人大代表、律师；写单位和职务，不写姓名。"),
    )

    def __init__(self, *args: Any, communities: Iterable[Attendee], **options: Any) -> None:
        """`communities`: those that were asked to come, in the order of their codes."""
        super().__init__(*args, **options)
        field = cast("forms.TypedMultipleChoiceField", self.fields["communities"])
        field.choices = list(by_street([cast("Division", one.party) for one in communities]))
        if not field.choices:
            del self.fields["communities"]


def by_street(communities: list[Division]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """The communities as choices, street by street: one query for the names of the streets."""
    names = dict(
        Division.objects.filter(code__in={one.code[:STREET] for one in communities}).values_list("code", "name")
    )
    for code, group in groupby(communities, key=lambda one: one.code[:STREET]):
        yield names[code], [(one.pk, one.name) for one in group]


class GuestsForm:
    """Those that were asked to come beside the member units: units and streets one by one, communities together."""

    def __init__(self, guests: Guests, data: Any = None) -> None:
        self.guests = guests
        self.singly = attendance([*guests.applicants, *guests.streets], data)
        came = [one.party.pk for one in guests.communities if one.present]
        initial = {"communities": came, "others": guests.others}
        self.beside = BesideForm(data, prefix="beside", initial=initial, communities=guests.communities)

    @property
    def parts(self) -> list[UnfinishedForm]:
        """Every form."""
        return [*(form for _one, form in self.singly), self.beside]

    @property
    def others(self) -> str:
        """Who else was there."""
        return str(self.beside.cleaned_data["others"])

    def present(self) -> dict[Party, str]:
        """Who came, party -> post of its representative."""
        ticked = set(self.beside.cleaned_data.get("communities", ()))
        together = {one.party: "" for one in self.guests.communities if one.party.pk in ticked}
        return {**present_of(self.singly), **together}

    def attended(self) -> Guests:
        """The guests as they were filled in."""
        came = self.present()
        found = [
            replace(one, present=one.party in came, represented_by=came.get(one.party, "")) for one in self.guests.all
        ]
        return sorted_out(found, self.others)


def present_of(seats: list[tuple[Attendee, AttendanceForm]]) -> dict[Party, str]:
    """Who came, party -> post of its representative."""
    return {seat.party: form.cleaned_data["post"] for seat, form in seats if form.cleaned_data["present"]}


class LapseForm:
    """Who came to a meeting without a quorum (流会)."""

    def __init__(self, sitting: Any, data: Any = None) -> None:
        self.version = Seen(data)
        self.seats = attendance(sitting.seats, data)

    def is_valid(self) -> bool:
        """Can it be kept? Every unit is asked."""
        return all([self.version.is_valid(), *(form.is_valid() for _seat, form in self.seats)])

    def present(self) -> dict[Party, str]:
        """Who came."""
        return present_of(self.seats)

    def seen(self) -> int:
        """The version that the form was made from."""
        return int(self.version.cleaned_data["seen"])
