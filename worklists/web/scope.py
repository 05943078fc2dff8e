"""Where work is to be done: the county, streets, single communities; nothing foreign, nothing expired."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.templatetags.portal import zh_day
from base.text import Words
from communities.models import Division
from communities.roles import COUNTY, STREET


@dataclass(frozen=True)
class Offer:
    """The places that can be chosen, and those that were chosen although they no longer exist; of these `kept` may
    stay."""

    county: Division
    places: Sequence[Division]
    on: date
    first: str = ""
    kept: frozenset[str] = frozenset()

    def choices(self, chosen: Iterable[str] = ()) -> list[tuple[Words, list[tuple[str, str]]]]:
        """The county, then each street with its communities; the street of who fills in comes first."""
        held = set(chosen)
        streets = [place for place in self.places if len(place.code) == STREET]
        found: list[tuple[Words, list[tuple[str, str]]]] = [
            (_("全区县"), [(self.county.code, self._whole_county(streets))])
        ]
        for street in sorted(streets, key=lambda place: (place.code != self.first, place.code)):
            inside = [place for place in self.places if place.code[:STREET] == street.code]
            boxes = [(place.code, self._label(place, inside)) for place in inside if self._shown(place, held)]
            if boxes:
                found.append((street.name, boxes))
        return found

    def ended(self, code: str) -> Division | None:
        """A chosen place that does not exist on the day."""
        return next((place for place in self.places if place.code == code and not self.valid(place)), None)

    def valid(self, place: Division) -> bool:
        """Does the place exist on the day?"""
        return place.starts_on <= self.on and (place.ends_on is None or place.ends_on >= self.on)

    def offered(self) -> dict[str, Division]:
        """What may be chosen, by code."""
        whole = [self.county, *self.places]
        return {place.code: place for place in whole if self.valid(place) or place.code in self.kept}

    def _shown(self, place: Division, held: set[str]) -> bool:
        return self.valid(place) or place.code in held

    def _whole_county(self, streets: Sequence[Division]) -> str:
        communities = [place for place in self.places if len(place.code) > STREET and self.valid(place)]
        return _("%(county)s全部（%(streets)s 个街道、镇，%(communities)s 个社区、村）") % {
            "county": self.county.name,
            "streets": sum(self.valid(street) for street in streets),
            "communities": len(communities),
        }

    def _label(self, place: Division, inside: Sequence[Division]) -> str:
        if not self.valid(place):
            return _("%s（已停用）") % place.name
        if len(place.code) != STREET:
            return place.name
        count = sum(self.valid(one) for one in inside) - 1
        return _("%(street)s全部（%(count)s 个社区、村）") % {"street": place.name, "count": count}


class ScopeField(forms.MultipleChoiceField):
    """Boxes for the county, its streets and their communities; the answer is the fewest places that say the same."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"required": _("还没有选。")}
    offered: Offer

    def offer(self, offered: Offer, chosen: Iterable[str]) -> None:
        """What can be chosen now; `chosen` stands in the draft already."""
        self.offered = offered
        self.choices = offered.choices(chosen)

    def validate(self, value: list[str]) -> None:
        """Each wrong place in a sentence of its own."""
        wrong = [code for code in value if code not in self.offered.offered()]
        if wrong:
            raise forms.ValidationError([self._why_not(code) for code in wrong])

    def clean(self, value: Any) -> list[Division]:
        """The places; what lies inside another chosen one is left out."""
        codes = set(super().clean(value))
        known = self.offered.offered()
        return [known[code] for code in sorted(codes) if not any(code != one and code.startswith(one) for one in codes)]

    def _why_not(self, code: str) -> str:
        if ended := self.offered.ended(code):
            return _ended_words(ended)
        place = Division.objects.filter(code=code[:12]).first() if code.isdigit() else None
        if place is None:
            return _("没有区划代码是“%s”的地方，请重新选。") % code[:20]
        if place.code[:COUNTY] != self.offered.county.code:
            return _("“%s”不在本区县，实施范围只能是本区县的街道（镇）和社区。") % place.name
        return _("“%s”不能作为实施范围，请选街道（镇）或者社区。") % place.name


def _ended_words(place: Division) -> str:
    words = {"name": place.name, "day": zh_day(place.ends_on)}
    if not place.ends_on:
        return _("“%(name)s”还没有启用，请去掉它。") % words
    if place.successor:
        return _("“%(name)s”%(day)s已经停用，请改选“%(heir)s”。") % {**words, "heir": place.successor.name}
    return _("“%(name)s”%(day)s已经停用，请去掉它。") % words
