"""A save noted field by field, and the plan version it opens once anybody was asked (S2-P4 art 6, 7)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission import conditions, differences
from admission.models import Application, ImplementationPlan
from admission.procedure import State, Step
from base import acts
from base.errors import RuleViolation
from base.sentences import sentence
from base.text import spoken_in_chinese

PERSONAL = frozenset({*Application.personal_fields, *ImplementationPlan.personal_fields, "prior_contacts"})
LONGEST = 200  # characters of a value in an audit line; whole texts stand on the form and in the plan versions
NAMED = 3  # fields in the sentence about a save of a draft

Change = dict[str, str]


def asked_about(application: Application) -> dict[str, Any]:
    """What of the form the bodies are shown beside the plan."""
    scope = application.scope.order_by("code").values_list("name", flat=True)
    bases = [str(basis) for basis in application.bases.order_by("pk")]
    return differences.asked_about(application, bases=bases, scope=list(scope))


def newest_plan(application: Application) -> ImplementationPlan:
    """The version as it stands, locked; the caller holds the application's lock."""
    plan = application.plans.select_for_update().order_by("-number").first()
    return plan or ImplementationPlan(application=application, number=1)


def save_plan(application: Application, said: Mapping[str, Any], *, was: Mapping[str, Any]) -> list[str]:
    """Write into the open version, a frozen one is copied into the next first; the names of the plan's changed fields.

    `was`: what of the form the bodies were shown before this save. What they agreed to is plan and form together.
    """
    plan, now = newest_plan(application), asked_about(application)
    changed = [name for name, value in said.items() if _differs(plan, name, value)]
    asked = application.consulted_at is not None
    if plan.pk and not changed and not (asked and now != was):
        return []
    application.revision_untouched_reason = ""
    if plan.frozen_at is not None:
        plan.pk, plan.number, plan.frozen_at = None, plan.number + 1, None
        plan._state.adding = True  # noqa: SLF001 a copy is a new row
    for name, value in said.items():
        setattr(plan, name, value)
    plan.form = now if asked else {}
    plan.save()
    _drop_if_taken_back(plan)
    return changed


def _differs(plan: ImplementationPlan, name: str, value: Any) -> bool:
    before = getattr(plan, name)
    if isinstance(before, list):
        return bool(before != value)
    return differences.plain(ImplementationPlan, name, before) != differences.plain(ImplementationPlan, name, value)


def _drop_if_taken_back(plan: ImplementationPlan) -> None:
    """Who puts everything back as it was put to the bodies has nothing new to ask them."""
    before = ImplementationPlan.objects.filter(application=plan.application_id, number=plan.number - 1).first()
    plan.refresh_from_db()
    if before and not differences.changed(differences.of_plans(before, plan)) and before.form == plan.form:
        plan.delete()


def freeze_plan(application: Application) -> ImplementationPlan:
    """Close the open version, if any; return the newest frozen one. The caller holds the application's lock."""
    plan = newest_plan(application)
    if plan.pk is None:
        raise RuleViolation(_("还没有实施方案。"))
    if plan.frozen_at is None:
        plan.frozen_at, plan.form = application.changed_at, asked_about(application)
        plan.save()
    return plan


def fix_revision(application: Application) -> ImplementationPlan:
    """The same between the steps, whose conditions see to the rest: what is put to anybody keeps every part that the
    last step asked for (T2, T3; art 6). Raises NotYet where something was taken out."""
    asked_for = Step.OPEN_CONSULTATION if application.state == State.PRE_CONSULTATION else Step.SUBMIT
    on = acts.legal_day(application.changed_at)
    rules = (rule for rule in conditions.CONDITIONS[asked_for] if rule in conditions.OF_THE_PLAN)
    if gaps := [said for rule in rules if (said := rule(application, on))]:
        raise conditions.NotYet(" ".join(gaps))
    return freeze_plan(application)


def reaches_others(application: Application) -> bool:
    """Is it about other places, or other kinds of communities, than the last time anybody was asked?"""
    put = application.rounds.select_related("plan").order_by("-number").first()
    if put is None or not put.plan.form:
        return False
    now = asked_about(application)
    return any(now[name] != put.plan.form.get(name) for name in ("scope", "applies_to"))


# --- the audit line of a save
def columns(application: Application, names: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a save names, as they stand."""
    return {name: differences.plain(Application, name, getattr(application, name)) for name in names}


def rows(application: Application) -> dict[str, list[str]]:
    """The groups of rows of the form, a sentence for each row."""
    return {
        "scope": list(application.scope.order_by("code").values_list("name", flat=True)),
        "bases": [str(basis) for basis in application.bases.order_by("pk")],
        "prior_contacts": [f"{row} {row.conclusion}" for row in application.prior_contacts.order_by("pk")],
    }


@spoken_in_chinese
def changes(
    application: Application, before: Mapping[str, Any], after: Mapping[str, Any], of_plan: list[str]
) -> list[Change]:
    """What a save changed. Old and new values only once somebody was asked, and never of persons.

    The plan's texts are not repeated here: its versions are kept whole.
    """
    values = application.consulted_at is not None
    found = [_change(name, before[name], after[name], values=values) for name in before if before[name] != after[name]]
    return [*found, *({"field": name, "label": _plan_label(name)} for name in of_plan)]


def _plan_label(name: str) -> str:
    return sentence(differences.column_label(ImplementationPlan, name))


def _change(name: str, before: Any, after: Any, *, values: bool) -> Change:
    change: Change = {"field": name, "label": sentence(differences.form_label(name))}
    if values and name not in PERSONAL:
        change |= {"before": _words(name, before), "after": _words(name, after)}
    return change


def _words(name: str, value: Any) -> str:
    """A value for people: one that is shown otherwise than it is kept is a label of ours."""
    said = "；".join(value) if isinstance(value, list) else differences.form_words(name, value)
    if said and said != value and not isinstance(value, list):
        return sentence(said)
    return said if len(said) <= LONGEST else said[:LONGEST] + "…"


def says(found: list[Change]) -> str:
    """修改申请：拟列类别（协助 → 承办）、联系电话. A save of a whole draft names three; the line keeps them all."""
    if not found:
        return gettext_noop("修改申请")
    told = [_told(change) for change in found]
    if len(told) > NAMED and not any("after" in change for change in found):
        rest = sentence(gettext_noop("%(field)s等 %(count)s 处"), field=told[NAMED - 1], count=len(told))
        told = [*told[: NAMED - 1], rest]
    return sentence(gettext_noop("修改申请：%(what)s"), what=told)


def _told(change: Change) -> str:
    if "after" not in change:
        return change["label"]
    nothing = sentence(gettext_noop("空"))
    return sentence(
        gettext_noop("%(field)s（%(before)s → %(after)s）"),
        field=change["label"],
        before=change["before"] or nothing,
        after=change["after"] or nothing,
    )
