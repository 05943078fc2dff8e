"""Form fields that keep bad characters and bad files out, each refusal at its own field."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django import forms
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile

from base import files
from base.errors import RuleViolation
from base.text import Words, clean

AnyField = TypeVar("AnyField", bound=forms.Field)


def say_no(form: forms.BaseForm, refusal: RuleViolation) -> None:
    """The sentence of a refused act: at the field that it is about where the form asks for it, else above the form."""
    field = form.fields.get(refusal.field)
    form.add_error(refusal.field if field and not field.widget.is_hidden else None, str(refusal))


def needed_when(field: AnyField, words: Words) -> AnyField:
    """A field that may stay empty only at times: behind its label stands when, instead of 可以不填."""
    field.needed_when = words  # type: ignore[attr-defined]
    return field


class CleanCharField(forms.CharField):
    """A text field without control characters, whatever was pasted into it."""

    def to_python(self, value: Any) -> Any:
        """Cleaned before it is stripped, measured and checked."""
        return super().to_python(clean(value) if isinstance(value, str) else value)


class UploadField(forms.FileField):
    """One file of an allowed kind; what it really is gets checked here, and again when it is kept."""

    def __init__(self, *, allowed: frozenset[str] = files.DOCUMENTS, limit: int | None = None, **options: Any) -> None:
        self.allowed, self.limit = allowed, limit
        super().__init__(**{"allow_empty_file": True, **options})  # an empty file gets our own sentence

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """The browser's dialogue shows these kinds first."""
        return {**super().widget_attrs(widget), "accept": ",".join(sorted(self.allowed))}

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file itself, once it is known to be fit."""
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            self._inspect(upload)
        return upload

    def _inspect(self, upload: File) -> None:
        try:
            files.inspect(upload, allowed=self.allowed, limit=self.limit)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal), code="refused") from refusal


class SeveralFiles(forms.ClearableFileInput):
    """A control in which several files can be chosen at once."""

    allow_multiple_selected = True


class UploadsField(UploadField):
    """Any number of files; each that is refused has its own sentence."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """A list, empty when nothing was chosen and nothing is required."""
        chosen: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not chosen:
            super().clean(None, initial)
            return []
        errors: list[forms.ValidationError] = []
        for upload in chosen:
            try:
                super().clean(upload, initial)
            except forms.ValidationError as error:
                errors.append(error)
        if errors:
            raise forms.ValidationError(errors)
        return list(chosen)
