"""No form and no filter speaks to people in the sentences of Django: the portal has its own for each."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import django
import django_filters
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

OURS = Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
DJANGOS_HOME = Path(django.__file__).parent.parent
DJANGOS = Path(django.__file__).parent / "conf" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
APPS = ("base", "communities", "worklists", "admission", "config")
SENT = [
    None, "", [], "长" * 100_000, "x y", "-1", "1.23456", "9" * 400, "9" * 30, "2026-02-30", "2026-11-21", ["nowhere"],
    SimpleUploadedFile("长" * 400 + ".pdf", b"%PDF-1.4"), SimpleUploadedFile("空.pdf", b""),
]  # fmt: skip


def modules() -> None:
    """Everything that can define a form."""
    for app in APPS:
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if re.search(r"\.(web|forms|filters)\b|form", found.name) and "migrations" not in found.name:
                importlib.import_module(found.name)


def below(kind: type) -> Iterator[type]:
    """Every class of ours that is made from this one."""
    for sub in kind.__subclasses__():
        if sub.__module__.split(".")[0] in APPS:
            yield sub
        yield from below(sub)


def questions() -> dict[str, forms.Field]:
    """Every field of every form, and of every filter."""
    modules()
    assert apps.ready
    found: dict[str, forms.Field] = {}
    for form in {*below(forms.BaseForm)}:
        found |= {f"{form.__module__}.{form.__name__}.{name}": field for name, field in form.base_fields.items()}
    for filters in {*below(django_filters.FilterSet)}:
        for name, row in filters.base_filters.items():
            found[f"{filters.__module__}.{filters.__name__}.{name}"] = deepcopy(row).field  # it remembers its field
    return found


def djangos() -> list[re.Pattern[str]]:
    """What Django says of a field in Chinese, whatever the numbers in it; but for what is only a word or a label."""
    with DJANGOS.open("rb") as kept:
        rows = [row for row in read_po(kept) if row.id and str(row.string).endswith(("。", ".", "。',)", ".',)"))]
    said = [row.string[0] if isinstance(row.string, tuple) else row.string for row in rows]
    return [re.compile(re.sub(r"%\\?\(\w+\\?\)[sd]", ".*", re.escape(one))) for one in said]


def refusals(field: forms.Field) -> Iterator[str]:
    """What the field says when it is sent nothing, too much, or nonsense."""
    for value in SENT:
        try:
            field.clean(value)
        except ValidationError as refusal:
            yield from refusal.messages
        except (TypeError, AttributeError):
            continue  # no browser sends a list, or a file, for such a question


@pytest.mark.django_db
def test_every_refusal_of_every_form_and_filter_is_in_our_words():
    foreign = djangos()
    asked = questions()
    said = {name: {*refusals(field)} for name, field in asked.items()}
    assert len(asked) > 100
    assert sum(len(sentences) for sentences in said.values()) > len(asked)
    wrong = {
        (name, sentence)
        for name, sentences in said.items()
        for sentence in sentences
        if any(pattern.fullmatch(sentence) for pattern in foreign) or not re.search("[\u4e00-\u9fff]", sentence)
    }
    assert wrong == set()


def said_by_libraries() -> Iterator[object]:
    """Every sentence that Django and django-allauth mark for translation, in English."""
    for part in ("django/conf", "django/contrib/auth", "allauth"):
        with (DJANGOS_HOME / part / "locale/en/LC_MESSAGES/django.po").open("rb") as theirs:
            yield from (row.id for row in read_po(theirs))


def test_what_takes_the_place_of_a_librarys_words_is_compiled_and_known_to_it():
    with OURS.open("rb") as kept, OURS.with_suffix(".mo").open("rb") as compiled:
        ours, built, known = read_po(kept), read_mo(compiled), [*said_by_libraries()]
    assert sorted((str([*row.id]), str([*row.string])) for row in ours if row.id) == sorted(
        (str([*row.id]), str([*row.string])) for row in built if row.id
    )
    assert [row.id for row in ours if row.id and row.id not in known] == []
