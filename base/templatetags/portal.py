"""What the components in templates/components/ need: days as people write them, form controls with our classes."""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from uuid import uuid4

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.widgets import DateTimeBaseInput
from django.middleware.csrf import get_token
from django.template import Context
from django.utils import timezone
from django.utils.dateformat import format as format_day
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from base.workdays import SATURDAY, Count, Counted

register = template.Library()

# The citation at the end of a help text: （《指导意见》第六条）, (Guiding Opinion, Article 6)
CITATION = re.compile(r"（《[^（）]*》[^（）]*）|\(Guiding Opinion[^()]*(?:\(\d\)[^()]*)?\)")
WEEKDAYS = "一二三四五六日"
WEEK = 7
PICKERS: dict[type[DateTimeBaseInput], tuple[str, str]] = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.TimeInput: ("time", "%H:%M"),
}
DJANGO_DEFAULT_ROWS = "10"


# --- Days and moments --------------------------------------------------------------------------------------
def _local(value: date | datetime) -> date | datetime:
    """The same moment on the clock of the county; a day stays the day it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _format(value: date | datetime | None, today: date | None, *, chinese: str, english: str) -> str:
    """The day without its year when that is the year of `today`, or when no `today` is given."""
    if not value:
        return ""
    local = _local(value)
    other_year = today is not None and local.year != today.year
    if _in_chinese():
        return format_day(local, f"Y年{chinese}" if other_year else chinese)
    return format_day(local, f"{english} Y" if other_year else english)


@register.filter
def zh_day(value: date | datetime | None) -> str:
    """2026年11月21日; in English 21 November 2026."""
    if not value:
        return ""
    return format_day(_local(value), "Y年n月j日" if _in_chinese() else "j F Y")


@register.filter
def zh_month_day(value: date | datetime | None, today: date | None = None) -> str:
    """11月27日; with the year when it is not the year of `today`."""
    return _format(value, today, chinese="n月j日", english="j M")


@register.filter
def zh_day_short(value: date | datetime | None, today: date | None = None) -> str:
    """11月27日（周五）; with the year when it is not the year of `today`."""
    text = _format(value, today, chinese="n月j日", english="D j M")
    if text and value and _in_chinese():
        return f"{text}（周{WEEKDAYS[_local(value).weekday()]}）"
    return text


@register.filter
def zh_moment(value: datetime | None, today: date | None = None) -> str:
    """11月20日 16:12, by the clock of the county."""
    if not value:
        return ""
    return f"{_format(value, today, chinese='n月j日', english='j M')} {format_day(_local(value), 'H:i')}"


def _cell(day: Counted, count: Count, today: date) -> dict[str, object]:
    """One counted or skipped day: its look and the small words under it."""
    looks = [
        ("off", day.number is None),
        ("due", day.on == count.last),
        ("today", day.on == today),
        ("gone", day.number is not None and day.on < today),
    ]
    note = str(day.number) if day.number is not None else _(day.reason)
    plain_weekend = day.number is None and day.on.weekday() >= SATURDAY and day.reason == "周末"
    return {
        "day": day.on,
        "kind": " ".join(name for name, is_so in looks if is_so),
        "note": "" if plain_weekend else note,
    }


@register.filter
def calendar_weeks(count: Count, today: date) -> list[list[dict[str, object] | None]]:
    """The days of a count as weeks from Monday, for components/calendar.html; the first is not counted."""
    if not count.days:
        return []
    start = count.days[0].on - timedelta(days=1)
    cells: list[dict[str, object] | None] = [None] * start.weekday()
    cells.append({"day": start, "kind": "start", "note": pgettext("calendar", "起")})
    cells.extend(_cell(day, count, today) for day in count.days)
    cells.extend([None] * (-len(cells) % WEEK))
    return [cells[n : n + WEEK] for n in range(0, len(cells), WEEK)]


# --- Forms -------------------------------------------------------------------------------------------------
@register.filter
def cite(text: str) -> SafeString:
    """A help text whose articles of law stay together on one line."""
    return mark_safe(CITATION.sub(r"<cite>\g<0></cite>", conditional_escape(text)))  # noqa: S308 (escaped just here)


def _browser_widget(widget: forms.Widget) -> forms.Widget:
    """Django's plain date and time boxes as the browser's own pickers, which send ISO whatever the language."""
    if not isinstance(widget, DateTimeBaseInput) or type(widget) not in PICKERS:
        return widget
    picker = deepcopy(widget)
    picker.input_type, picker.format = PICKERS[type(widget)]
    return picker


def _classes(widget: forms.Widget) -> str:
    """Our classes for a widget. A width of its own (w-s, w-m, w-l) is kept."""
    own = str(widget.attrs.get("class", "")).split()
    if isinstance(widget, forms.CheckboxInput):
        return " ".join(["form-check-input", *own])
    look, width = "form-control", "w-l"
    if isinstance(widget, forms.Select):
        look, width = "form-select", "w-m"
    elif isinstance(widget, forms.DateTimeInput):
        width = "w-t num"
    elif isinstance(widget, forms.NumberInput | forms.DateInput | forms.TimeInput):
        width = "w-s num"
    return " ".join([look, *([] if any(name.startswith("w-") for name in own) else [width]), *own])


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a bound field with our classes; `data-unit` on its widget is shown behind it (元, 学时).

    A browser cuts off in silence, the server has a sentence: what is sent by POST may be typed too long.
    """
    most = getattr(field.field, "max_length", None)
    if not most or isinstance(field.field.widget, forms.PasswordInput):
        return _control(field, {})
    return _control(field, {"maxlength": False, "data-most": str(most)})


@register.filter
def control_in_address(field: BoundField) -> SafeString:
    """The same in a form that is sent by GET: an address has an end, so that the browser holds to `maxlength`."""
    return _control(field, {})


def _control(field: BoundField, more: dict[str, str | bool]) -> SafeString:
    widget = _browser_widget(field.field.widget)
    attrs: dict[str, str | bool] = {"class": _classes(widget), **more}
    if widget.attrs.get("placeholder") == field.label:
        attrs["placeholder"] = False  # it would only repeat the label
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == DJANGO_DEFAULT_ROWS:
        attrs["rows"] = "4"
    unit = widget.attrs.get("data-unit")
    if not unit:
        return field.as_widget(widget=widget, attrs=attrs)
    unit_id = f"{field.auto_id}_unit"
    attrs["aria-describedby"] = " ".join(filter(None, [field.aria_describedby, unit_id]))
    return format_html(
        '<div class="unit">{}<span class="nw" id="{}">{}</span></div>',
        field.as_widget(widget=widget, attrs=attrs),
        unit_id,
        unit,
    )


@register.filter
def is_boxes(field: BoundField) -> bool:
    """Radio buttons or check boxes: several controls under one question."""
    return isinstance(field.field.widget, forms.RadioSelect)


@register.filter
def is_single_box(field: BoundField) -> bool:
    """One check box, whose label stands behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def choice_groups(field: BoundField) -> Iterator[tuple[str, list[BoundWidget]]]:
    """The choices of radio buttons or check boxes by group; the name of the group is empty when there are none."""
    widget = field.field.widget
    boxes = iter(field.subwidgets)
    options = widget.optgroups(field.html_name, widget.format_value(field.value()))
    for name, groups in groupby(options, key=lambda group: group[0] or ""):
        size = sum(len(group[1]) for group in groups)
        found = list(islice(boxes, size))
        for box in found:
            box.data["attrs"]["class"] = "form-check-input"
        yield name, found


@register.filter
def folds(form: forms.BaseForm) -> bool:
    """Whether the filters of a list fold away on a phone: a search box stays, all that stands behind it may go."""
    fields = form.visible_fields()
    return len(fields) > 1 and not isinstance(fields[0].field.widget, forms.Select)


@register.filter
def chosen(form: forms.BaseForm) -> int:
    """How many of the filters that fold are set to something else than they are at first."""
    values = ((field.value(), field.initial) for field in form.visible_fields()[1:])
    return sum(1 for value, initial in values if value and str(value) != str(initial or ""))


@register.simple_tag(takes_context=True)
def csrf(context: Context) -> SafeString:
    """The hidden token, and what else every form carries (`request.carried`). Works inside `include ... only` too."""
    request = getattr(context, "request", None)
    if request is None:
        return SafeString("")
    fields = {"csrfmiddlewaretoken": get_token(request), **getattr(request, "carried", {})}
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields.items())


@register.simple_tag
def once() -> SafeString:
    """The hidden field of a form that makes something new (base.once)."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4())


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """The path of this page, without its parameters. Works inside `include ... only`."""
    request = getattr(context, "request", None)
    return request.path if request else ""


# --- Lists -------------------------------------------------------------------------------------------------
@register.filter
def page_window(page: Page) -> Iterable[int | str]:
    """The page numbers to show: the first, the last, and those beside the present one, with … between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
