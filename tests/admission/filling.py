"""Fill in the application form as a browser without scripts does: take what the page shows, change it, send it."""

from typing import Any

from django.forms import BooleanField
from django.test import Client
from django.urls import reverse

from admission.models import Application
from base.models import Event


def address(application: Application, part: str) -> str:
    """Where a part is filled in."""
    return reverse("admission:edit", args=[application.pk, part])


def shown(response: Any) -> dict[str, Any]:
    """Everything that the page would send back as it stands."""
    data: dict[str, Any] = {"seen": response.context["version"]}
    for one in response.context["filled"]:
        _take(data, one.form)
        for _group, formset in one.groups:
            _take(data, formset.management_form)
            for form in formset:
                _take(data, form)
    return data


def _take(data: dict[str, Any], form: Any) -> None:
    for field in form:
        value = field.value()
        if isinstance(field.field, BooleanField):
            value = "on" if value else None
        if value is not None:
            data[field.html_name] = value if isinstance(value, list) else str(value)


def fill_in(client: Client, application: Application, part: str, /, **typed: Any) -> Any:
    """Open a part, type, press the main button. None as a value: the field is not sent."""
    url = address(application, part)
    data = {**shown(client.get(url)), "go": "next", **typed}
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def autosave(client: Client, application: Application, part: str, /, **typed: Any) -> Any:
    """What htmx sends while somebody types."""
    url = address(application, part)
    return client.post(url, {**shown(client.get(url)), **typed}, headers={"HX-Request": "true"})


def sentences(response: Any) -> list[str]:
    """What the page says is to be mended."""
    return [sentence for _anchor, _label, sentence in response.context["problems"]]


def saves(application: Application) -> int:
    """How often something was kept."""
    return Event.objects.about(application).filter(kind="admission.application.save").count()
