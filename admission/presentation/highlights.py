"""The plan in short: what the community does and does not, where, when, with whose money, what it adds."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from admission.differences import Difference, as_put, column_label
from admission.models import Application, ImplementationPlan
from admission.presentation.case import Case, where
from admission.procedure import Kind
from base.templatetags.portal import zh_day
from worklists.kinds import AppliesTo, SubjectType
from worklists.life import term

Fact = tuple[str, str]
ADDS = ("ledger", "report", "system", "plate", "evaluation", "proof")


def highlights(case: Case) -> list[Fact]:
    """What somebody wants to know before answering; empty values are shown as 没有填."""
    if not case.plan:
        return []
    return [*subject(case.application), *_facts(case.application, case.plan, where(case.scope))]


def as_asked(case: Case, plan: ImplementationPlan, before: ImplementationPlan | None) -> list[Difference]:
    """The same as a round put it to the bodies: what its plan version holds, not what the form says by now.

    `before`: the version that the body answered last; what a version does not hold (it is older) counts as unchanged.
    """
    put = plan.form
    then = before or plan
    now, was = _put(case, plan, put), _put(case, then, then.form if then.form and put else put)
    rows = [*zip(_facts(*now), _facts(*was), strict=True)]
    if subject(now[0]) or subject(was[0]):
        rows.insert(0, (_subject(now[0]), _subject(was[0])))
    return [Difference(name, old, value) for (name, value), (_name, old) in rows]


def _put(case: Case, plan: ImplementationPlan, form: dict[str, Any]) -> tuple[Application, ImplementationPlan, str]:
    places = _("、").join(form["scope"]) if "scope" in form else where(case.scope)
    return as_put(case.application, form), plan, places


def subject(application: Application) -> list[Fact]:
    """What kind of thing is to enter the communities, where it is not simply work (S2-P4 art 1)."""
    if application.subject_type == SubjectType.WORK_ITEM:
        return []
    return [_subject(application)]


def _subject(application: Application) -> Fact:
    return (_("对象"), application.get_subject_type_display())


def _facts(application: Application, plan: ImplementationPlan, places: str) -> list[Fact]:
    return [
        (_("社区做"), plan.community_does or plan.requirements),
        (_("社区不做"), plan.community_does_not),
        (_("范围"), scope_words(application, places)),
        when(application),
        (_("经费"), money(plan)),
        (_("人员"), plan.people),
        (_("培训"), plan.training),
        (_("工作量"), workload(application)),
        (_("新增负担"), added(application)),
    ]


def when(application: Application) -> Fact:
    """From when to when; what goes has only its day."""
    if application.kind == Kind.EXIT:
        return (_("退出日期"), zh_day(application.starts_on) if application.starts_on else "")
    return (_("起止"), term(application.starts_on, application.ends_on))


def scope_words(application: Application, places: str) -> str:
    """The places, and which communities of them."""
    if not places or application.applies_to == AppliesTo.BOTH:
        return places
    return _("%(places)s（%(applies)s）") % {"places": places, "applies": application.get_applies_to_display()}


def money(plan: ImplementationPlan) -> str:
    """How much, from where, paid how; or why none is needed."""
    if plan.money_amount:
        amount = _("%s 万元") % plain(plan.money_amount)
        return _("，").join(filter(None, [amount, plan.money_source, plan.money_schedule]))
    return _("不需要经费：%s") % plan.money_zero_reason if plan.money_zero_reason else ""


def workload(application: Application) -> str:
    """Hours a month that a community is expected to spend."""
    hours = application.workload_hours
    return _("每社区每月 %s 人时") % plain(hours) if hours is not None else ""


def added(application: Application) -> str:
    """New ledgers, forms, systems, plates, evaluations, proofs (S2-P4 art 1): said to be none only once declared."""
    said = [
        f"{column_label(Application, f'adds_{name}')}：{text}"
        for name in ADDS
        if (text := getattr(application, f"adds_{name}"))
    ]
    if said:
        return "\n".join(said)
    return _("没有") if application.adds_declared else ""


def plain(number: Decimal) -> str:
    """26.40 as 26.4."""
    return f"{number.normalize():f}"
