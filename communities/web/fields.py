"""The sorts of questions on the forms of places, units and posts, each refusing with a sentence of its own."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from base import telephone
from base.errors import RuleViolation
from base.forms import CleanCharField
from communities.choices import OfUnits
from communities.codes import NAME_LENGTH, clean_code, clean_name
from communities.models import Division
from communities.roles import STREET

LARGEST_COUNT = 9_999_999
EMPTY = gettext_lazy("还没有填。")
CHOOSE = gettext_lazy("请选择")


class LineField(CleanCharField):
    """One line of text."""

    default_error_messages = {"required": EMPTY}

    def __init__(self, **options: Any) -> None:
        too_long = {"max_length": gettext_lazy("最多 %(limit_value)d 个字，现在有 %(show_value)d 个字，请缩短。")}
        super().__init__(**{"max_length": NAME_LENGTH, "error_messages": too_long, **options})


class NameField(LineField):
    """The name of a place or unit; what is wrong with it is said at the field."""

    def clean(self, value: Any) -> str:
        """Checked by the same rule as the act."""
        name = super().clean(value)
        try:
            return clean_name(name) if name else ""
        except RuleViolation as refusal:
            raise ValidationError(str(refusal)) from refusal


class CodeField(LineField):
    """A division code."""

    def clean(self, value: Any) -> str:
        """Digits of one of the five lengths."""
        try:
            return clean_code(super().clean(value))
        except RuleViolation as refusal:
            raise ValidationError(str(refusal)) from refusal


class PhoneField(LineField):
    """One telephone number, kept in one way."""

    def clean(self, value: Any) -> str:
        """A mobile number or a landline with its area code."""
        typed = super().clean(value)
        try:
            return telephone.normalised(typed) if typed else ""
        except RuleViolation as refusal:
            raise ValidationError(str(refusal)) from refusal


class CountField(forms.IntegerField):
    """A whole number that is not negative, with its unit behind it."""

    default_error_messages = {
        "invalid": gettext_lazy("请填整数，不带单位。"),
        "min_value": gettext_lazy("不能是负数。"),
        "max_value": gettext_lazy("这个数太大了，请核对。"),
    }

    def __init__(self, *, unit: Any, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"data-unit": unit, "inputmode": "numeric"})
        super().__init__(min_value=0, max_value=LARGEST_COUNT, required=False, widget=widget, **options)


class DayField(forms.DateField):
    """A day."""

    default_error_messages = {
        "invalid": gettext_lazy("这不是一个日期，请按 2026-11-21 的样子填。"),
        "required": EMPTY,
    }


class PlaceChoice(forms.ModelChoiceField):
    """A place inside a county, shown with the street it belongs to."""

    default_error_messages = {"invalid_choice": gettext_lazy("没有这个区划，请重新选。"), "required": EMPTY}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"empty_label": CHOOSE, **options})

    def set_places(self, places: QuerySet[Division]) -> None:
        """What can be chosen, and the names of the streets for the labels."""
        self.queryset = places
        self.names = {place.code: place.name for place in places if len(place.code) == STREET}

    def label_from_instance(self, place: Any) -> str:
        """嵩山路街道 / 临江社区."""
        street = self.names.get(place.code[:STREET]) if len(place.code) > STREET else None
        return f"{street} / {place.name}" if street else place.name


class UnitChoice(OfUnits, forms.ModelChoiceField):
    """A unit of the county, offered by kind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"empty_label": CHOOSE, **options})

    default_error_messages = {"invalid_choice": gettext_lazy("没有这个单位，请重新选。"), "required": EMPTY}
