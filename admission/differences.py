"""What changed, field by field and row by row: between two plan versions, and against the list. Pure: no queries."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import chain, zip_longest
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from admission.models import Application, ImplementationPlan
from base.templatetags.portal import zh_day
from worklists.life import listed_term, term
from worklists.models import ItemVersion

PLAN_FIELDS = (
    *("goal", "requirements", "community_does", "community_does_not", "powers", "division", "process", "milestones"),
    *("people", "people_count", "money_amount", "money_source", "money_schedule", "money_zero_reason", "premises"),
    *("training", "training_hours", "guidance", "guidance_contact", "rules"),
)
"""The plan in the order of the paper form."""
ASKED_COLUMNS = (
    *("title", "subject_type", "category", "applies_to", "executor", "starts_on", "ends_on", "is_standing"),
    *("workload_hours", "adds_ledger", "adds_report", "adds_system", "adds_plate", "adds_evaluation", "adds_proof"),
)
"""The columns of the form that streets and communities are shown: their answer is to these as to the plan."""


@dataclass(frozen=True)
class Difference:
    """One field, or one row of a field: what it said and what it says."""

    name: str
    before: str
    after: str
    field: str = ""

    @property
    def changed(self) -> bool:
        """Does it say something else now?"""
        return self.before != self.after


def of_plans(before: ImplementationPlan, after: ImplementationPlan) -> list[Difference]:
    """Every field of two versions, in the order of the form; division, process and milestones row by row.

    With what of the form was put to consultation together with them, where both versions know it.
    """
    of_plan = chain.from_iterable(_of_field(name, before, after) for name in PLAN_FIELDS)
    return [*(of_forms(before.form, after.form) if before.form and after.form else ()), *of_plan]


def asked_about(application: Application, *, bases: Sequence[str], scope: Sequence[str]) -> dict[str, Any]:
    """What of the form goes to consultation, as it is kept with a plan version."""
    columns = {name: plain(Application, name, getattr(application, name)) for name in ASKED_COLUMNS}
    return {**columns, "bases": list(bases), "scope": list(scope)}


def as_put(application: Application, form: dict[str, Any]) -> Application:
    """The application with what of its form was put to consultation, for reading: a copy, never to be saved."""
    shown = copy(application)
    for name in form.keys() & set(ASKED_COLUMNS):
        setattr(shown, name, _column(Application, name).to_python(form[name]))
    return shown


def of_forms(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Every column of the form that was asked about, then the bases row by row and the places."""
    columns = [
        Difference(column_label(Application, name), *(form_words(name, said.get(name)) for said in (before, after)))
        for name in ASKED_COLUMNS
    ]
    places = Difference(form_label("scope"), *(_("、").join(said.get("scope", [])) for said in (before, after)))
    return [*columns, *_of_rows(form_label("bases"), before.get("bases", []), after.get("bases", [])), places]


def plain(model: type[models.Model], name: str, value: Any) -> str | bool | None:
    """A value of a column as it is compared and kept: 6 and 6.0 are the same, a day is its date."""
    kept = _column(model, name).to_python(value)
    return kept if kept is None or isinstance(kept, bool) else _words(kept)


def form_words(name: str, kept: Any) -> str:
    """A kept value of the form for people: the label of a choice, 是 or 否."""
    choices = dict(_column(Application, name).flatchoices)
    if isinstance(kept, bool):
        return str(_("是") if kept else _("否"))
    return str(choices.get(kept, kept or ""))


def form_label(name: str) -> str:
    """What the form calls a column or one of its groups of rows."""
    groups = {"bases": _("依据"), "scope": _("实施范围"), "prior_contacts": _("事前沟通记录")}
    return str(groups.get(name) or column_label(Application, name))


def of_listed(
    listed: ItemVersion,
    application: Application,
    *,
    plan: ImplementationPlan | None,
    bases: Sequence[str],
    scope_before: Sequence[str],
    scope_after: Sequence[str],
) -> list[Difference]:
    """What stands on the list, and what it will say when this change is approved (art 10)."""
    rows = [
        (_("事项名称"), listed.title, application.title),
        (_("对象"), listed.get_subject_type_display(), application.get_subject_type_display()),
        (_("类别"), listed.get_category_display(), application.get_category_display()),
        (_("适用"), listed.get_applies_to_display(), application.get_applies_to_display()),
        (_("承接主体"), listed.get_executor_display(), application.get_executor_display()),
        (_("部门"), listed.department_text, application.applicant.name),
        (_("社区做什么"), listed.does, (plan.community_does or plan.requirements) if plan else ""),
        (_("社区不做什么"), listed.does_not, plan.community_does_not if plan else ""),
        (_("依据"), listed.basis, "\n".join(bases)),
        (_("实施范围"), _("、").join(scope_before), _("、").join(scope_after)),
        (_("施行期间"), listed_term(listed), _asked_term(application)),
    ]
    return [Difference(str(name), str(before), str(after)) for name, before, after in rows]


def _asked_term(application: Application) -> str:
    """The term as far as it is filled in: a change takes over the end, and asks for the start anew."""
    if application.starts_on or not (application.ends_on or application.is_standing):
        return term(application.starts_on, application.ends_on)
    if application.ends_on is None:
        return _("常态工作，还没有填开始日期")
    return _("到%s为止，还没有填开始日期") % zh_day(application.ends_on)


def changed(rows: Sequence[Difference]) -> list[Difference]:
    """Only what differs."""
    return [row for row in rows if row.changed]


def unchanged_names(rows: Sequence[Difference]) -> list[str]:
    """The names of the fields of which nothing differs; one with rows only when every row stayed."""
    names = dict.fromkeys(row.field or row.name for row in rows)
    differing = {row.field or row.name for row in rows if row.changed}
    return [name for name in names if name not in differing]


def row_words(name: str, plan: ImplementationPlan) -> list[str]:
    """The rows of division, process or milestones, a sentence each."""
    rows = getattr(plan, name)
    match name:
        case "division":
            return [_("：").join([row.get("party", ""), row.get("duty", "")]) for row in rows]
        case "milestones":
            return [_("：").join([zh_day(date.fromisoformat(row["on"])), row["result"]]) for row in rows]
        case _:
            return [str(row) for row in rows]


def column_label(model: type[models.Model], name: str) -> str:
    """What the form calls a column."""
    return str(_column(model, name).verbose_name)


def _column(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    column = model._meta.get_field(name)
    if not isinstance(column, models.Field):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return column


def _of_field(name: str, before: ImplementationPlan, after: ImplementationPlan) -> list[Difference]:
    label = column_label(ImplementationPlan, name)
    if isinstance(ImplementationPlan._meta.get_field(name), models.JSONField):
        return _of_rows(label, row_words(name, before), row_words(name, after))
    return [Difference(label, _words(getattr(before, name)), _words(getattr(after, name)))]


def _of_rows(label: str, before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    """Rows that stayed are matched first, so that one new row in the middle is one difference."""
    found = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = [(j, row, row) for j, row in enumerate(after[j1:j2], j1)]
        else:
            both = enumerate(zip_longest(before[i1:i2], after[j1:j2], fillvalue=""))
            pairs = [((j1 if j1 + n < j2 else i1) + n, was, now) for n, (was, now) in both]
        found += [Difference(_row_name(label, n), was, now, label) for n, was, now in pairs]
    return found or [Difference(label, "", "")]


def _row_name(label: str, place: int) -> str:
    return _("%(label)s第 %(number)s 行") % {"label": label, "number": place + 1}


def _words(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
