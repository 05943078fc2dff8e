"""Forms that may be saved unfinished: a draft is checked for what can be kept, not for what is still missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from admission.models import Application, ImplementationPlan
from admission.procedure import FORM_OPEN, Kind, State
from admission.requirements import newest_plan
from admission.rules import CountyRules

Anchored = tuple[str, str, str]
"""Where a problem is (the id of its control), the question it is about, and what to do."""


class UnfinishedForm(forms.Form):
    """What has to be there in the end is marked as required, but nothing is asked for while drafting."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """As if every field might stay empty; `required` comes back, for it says which fields may."""
        asked = {name for name, field in self.fields.items() if field.required}
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        for name in asked:
            self.fields[name].required = True

    def problems(self) -> Iterator[Anchored]:
        """Every error with the place it is at, for the summary."""
        for name, errors in self.errors.items():
            field = self[name] if name in self.fields else None
            for error in errors:
                yield (field.auto_id if field else "", str(field.label) if field else "", str(error))


def _short(label: Any) -> str:
    """A choice without its explanation."""
    return strip_tags(str(label).partition("<small>")[0])


@dataclass
class Draft:
    """What is being filled in: the application, its newest plan, the day, the rules of its county."""

    application: Application
    plan: ImplementationPlan
    on: date
    rules: CountyRules

    @property
    def is_asked(self) -> bool:
        """Consultation is under way: name and place stay as the streets and communities were told."""
        return self.application.state == State.PRE_CONSULTATION

    @property
    def scope_is_fixed(self) -> bool:
        """Nothing to choose: the bodies were told, or the whole item leaves the list."""
        return self.is_asked or (self.application.kind == Kind.EXIT and self.application.item_id is not None)

    @property
    def form_open(self) -> bool:
        """May the form be changed, not only the plan?"""
        return self.application.state in FORM_OPEN


def draft_of(application: Application, *, on: date, rules: CountyRules) -> Draft:
    """The application with its newest plan."""
    return Draft(application, newest_plan(application) or ImplementationPlan(application=application), on, rules)


class DraftForm(UnfinishedForm):
    """The questions of one part of the form, fitted to the draft they are about."""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fit(draft)

    def fit(self, draft: Draft) -> None:
        """Leave out what does not concern this draft."""

    def words(self, name: str, value: Any) -> str:
        """What an answer says, for the comparison of what was typed with what is kept."""
        labels = dict(flatten_choices(getattr(self.fields[name], "choices", ())))
        values = value if isinstance(value, list | tuple) else [value]
        if isinstance(self.fields[name], forms.BooleanField):
            return str(_("是")) if value else str(_("否"))
        return _("、").join(_short(labels.get(str(one), one)) for one in values if one not in {None, ""})

    def contradictions(self) -> Iterator[tuple[str, Any]]:
        """What can be kept but cannot stay: (field, sentence)."""
        return iter(())


class RowForm(UnfinishedForm):
    """One row of a repeated group: whole, or empty. An emptied row is a row taken away."""

    needed: Sequence[str] = ()

    def clean(self) -> dict[str, Any]:
        """A row that was begun says what it still needs."""
        cleaned = super().clean() or {}
        if self.is_empty:
            return cleaned
        for name in self.needed:
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    @property
    def is_empty(self) -> bool:
        """Was nothing written into this row?"""
        return not any(self.cleaned_data.values()) and not self.errors


class Rows(forms.BaseFormSet):
    """The rows of one group, as a Django formset that lets rows be added without scripts."""

    form: type[RowForm]
    default_error_messages = {
        "missing_management_form": _("这一组没有完整地送到，请再保存一次。"),
        "too_many_forms": _("最多填 %(num)d 行，请合并后再保存。"),
    }

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Every row is read. Django would skip one that says what is kept already, as if it were empty: after an
        autosave the page still counts it among the extra ones."""
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def has_changed(self) -> bool:
        """Was a row written, changed, or taken out of the page?"""
        return super().has_changed() or len(self.forms) < len(self.initial or ())

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was written, row by row; the empty ones are left out."""
        return [form.cleaned_data for form in self.forms if not form.is_empty]

    def words(self, rows: Sequence[Mapping[str, Any]]) -> str:
        """Rows as lines, for the comparison of what was typed with what is kept."""
        return "\n".join(_("，").join(str(value) for value in row.values() if value) for row in rows)

    def problems(self, title: str) -> Iterator[Anchored]:
        """Every error with its row."""
        for error in self.non_form_errors():
            yield ("", title, str(error))
        for number, form in enumerate(self.forms, 1):
            for anchor, label, sentence in form.problems():
                where = _("%(title)s第 %(number)s 行") % {"title": title, "number": number}
                yield (anchor, f"{where}，{label}" if label else where, sentence)


def one_more(data: Mapping[str, Any], prefix: str) -> Any:
    """The typed form with one more empty row in a group: what the button does where no script runs."""
    more = data.copy()  # type: ignore[attr-defined]
    key = f"{prefix}-TOTAL_FORMS"
    total = str(more.get(key, "0"))
    more[key] = str(int(total) + 1) if total.isdigit() else "1"
    return more
