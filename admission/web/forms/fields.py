"""The sorts of questions on the forms of admission, each refusing with a sentence of its own."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base import telephone
from base.forms import CleanCharField
from base.text import one_line

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
LONG = 10_000
Words = str | Promise
TOO_LONG = _("最多 %(limit_value)d 字，现在有 %(show_value)d 字，请缩短。")
EMPTY = _("还没有填。")


class LineField(CleanCharField):
    """A title, a name, a cell: one line, whatever was pasted."""

    def __init__(self, *, error_messages: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(
            error_messages={"max_length": TOO_LONG, "required": EMPTY, **(error_messages or {})}, **options
        )

    def to_python(self, value: Any) -> Any:
        """Every run of white space is one space."""
        return super().to_python(one_line(value) if isinstance(value, str) else value)


class PhoneField(LineField):
    """A telephone number in a draft: in one way when it is one, else as it was typed; a draft loses nothing."""

    def __init__(self, *, label: Words) -> None:
        super().__init__(label=label, max_length=30, widget=forms.TextInput(attrs={"class": "w-m", "inputmode": "tel"}))

    def to_python(self, value: Any) -> Any:
        """What is no number, or not yet, stays: the form says so once it is sent by its button."""
        typed = super().to_python(value)
        return telephone.normalised(typed) if telephone.is_telephone(typed or "") else typed


class TextField(CleanCharField):
    """A longer text of several lines."""

    def __init__(self, *, rows: int = 4, error_messages: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(
            widget=forms.Textarea(attrs={"rows": str(rows)}),
            error_messages={"max_length": TOO_LONG, "required": EMPTY, **(error_messages or {})},
            **{"max_length": LONG, **options},
        )


class DayField(forms.DateField):
    """A day of our time: a slip in the year is noticed."""

    default_validators = [
        MinValueValidator(FIRST_DAY, _("年份要在 2000 到 2099 之间，请改。")),
        MaxValueValidator(LAST_DAY, _("年份要在 2000 到 2099 之间，请改。")),
    ]
    default_error_messages = {"invalid": _("这不是一个日期，请按 2026-11-21 的样子填。"), "required": EMPTY}


class NumberField(forms.DecimalField):
    """A number that is not negative, with its unit behind it."""

    default_error_messages = {
        "invalid": _("请填数字，不带单位。"),
        "min_value": _("不能是负数。"),
        "max_digits": _("这个数太大了，请核对。"),
        "max_whole_digits": _("这个数太大了，请核对。"),
        "max_decimal_places": _("小数最多 %(max)s 位。"),
        "required": EMPTY,
    }

    def __init__(self, *, unit: Words, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"data-unit": unit, "inputmode": "decimal"})
        super().__init__(min_value=0, widget=widget, **options)


class CountField(forms.IntegerField):
    """A whole number that is not negative, with its unit behind it."""

    default_error_messages = {
        "invalid": _("请填整数，不带单位。"),
        "min_value": _("不能是负数。"),
        "max_value": _("这个数太大了，请核对。"),
        "required": EMPTY,
    }

    def __init__(self, *, unit: Words, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"data-unit": unit, "inputmode": "numeric"})
        super().__init__(min_value=0, max_value=999_999, widget=widget, **options)


class OneOfField(forms.ChoiceField):
    """One of a few, or none yet; each may be explained (format_html with <small>)."""

    default_error_messages = {"invalid_choice": _("没有这个选项，请重新选。"), "required": _("还没有选。")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": forms.RadioSelect, **options})


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not answered yet."""

    default_error_messages = {"invalid_choice": _("请选“能”或者“不能”。"), "required": _("还没有选。")}

    def __init__(self, *, yes: Words, no: Words, **options: Any) -> None:
        super().__init__(
            choices=[("True", yes), ("False", no)], coerce=lambda value: value == "True", empty_value=None,
            widget=forms.RadioSelect, **options,
        )  # fmt: skip

    def has_changed(self, initial: Any, data: Any) -> bool:
        """The kept answer is a truth value, the typed one a word."""
        return super().has_changed("" if initial is None else str(initial), data)
