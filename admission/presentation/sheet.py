"""The whole application form to read, section by section in the order of the paper (rulebook section 11)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from admission.conditions.listed import stood
from admission.differences import column_label, row_words
from admission.models import Application, ImplementationPlan
from admission.presentation.highlights import plain
from admission.procedure import Kind
from base.templatetags.portal import zh_day
from communities.roles import COUNTY
from worklists.kinds import AppliesTo
from worklists.life import term

Fact = tuple[str, Any]
NO_ANSWER = ""


@dataclass(frozen=True)
class Section:
    """A heading of the form with its answers; `slug` is the part in which it is filled in."""

    slug: str
    title: str
    facts: list[Fact]


def sheet(application: Application, plan: ImplementationPlan) -> list[Section]:
    """Every section; reads scope, bases, prior contacts and files, a query each."""
    return [
        Section("basics", _("一、基本情况"), _basics(application)),
        Section("grounds", _("二、依据和必要性"), _grounds(application)),
        Section("scope", _("三、范围和期限"), _scope(application)),
        Section("plan", _("四、实施方案"), work(plan)),
        Section("guarantees", _("五、保障措施"), guarantees(plan)),
        Section("burden", _("六、新设负担"), _burden(application)),
        Section("contact", _("七、事前沟通"), _contact(application)),
        Section("declaration", _("八、附件和声明"), _declaration(application)),
    ]


def _said(application: Application, *fields: str) -> list[Fact]:
    return [(column_label(Application, field), getattr(application, field)) for field in fields]


def _basics(application: Application) -> list[Fact]:
    unit = str(application.applicant)
    if application.prepared_by:
        unit = _("%(unit)s（%(street)s代办）") % {"unit": unit, "street": application.prepared_by}
    facts: list[Fact] = [
        (_("申请类型"), application.get_kind_display()),
        (_("申请单位"), unit),
        (_("申请对象"), application.get_subject_type_display()),
        (_("事项名称"), application.title),
        (_("拟列类别"), application.get_category_display()),
    ]
    if application.item:
        listed = stood(application)
        facts.append((_("对应清单事项"), f"{application.item.code} {listed.title if listed else ''}".strip()))
    if application.urgent:
        facts.append((_("应急工作"), _("是，已经先行开展")))
    return facts + _said(application, "responsible_person", "responsible_phone", "contact_name", "contact_phone")


def _bracketed(name: object, said: str) -> str:
    return str(name) + _("（") + said + _("）")


def _grounds(application: Application) -> list[Fact]:
    bases = [_bracketed(basis, basis.get_level_display()) for basis in application.bases.order_by("pk")]
    answers = {True: _("能，或者部分能"), False: _("不能"), None: NO_ANSWER}
    cited: Fact = (_("依据"), "\n".join(bases))
    if application.kind == Kind.EXIT:
        return [cited, (_("退出的理由"), application.justification)]
    return [
        cited,
        *_said(application, "justification"),
        (_("能否购买服务替代"), answers[application.can_be_purchased]),
        *_said(application, "purchase_alternative"),
    ]


def _scope(application: Application) -> list[Fact]:
    places = application.scope.order_by("code")
    names = [_("%s全部") % place.name if len(place.code) == COUNTY else place.name for place in places]
    hours = application.workload_hours
    facts: list[Fact] = [
        (_("实施范围"), "、".join(names)),
        (_("适用"), AppliesTo(application.applies_to).label),
        (_("承接主体"), application.get_executor_display()),
        (_("起止时间"), _term(application)),
    ]
    if application.kind != Kind.EXIT:
        facts += [
            (_("时限类型"), application.get_duration_type_display()),
            (_("预计社区工作量"), _("每社区每月 %s 人时") % plain(hours) if hours is not None else NO_ANSWER),
        ]
    if application.planned_decision_on:
        facts.append((_("拟提请决策日期"), zh_day(application.planned_decision_on)))
    return facts


def _term(application: Application) -> str:
    """An open end is said to be standing work only where that was said; what goes has only its day."""
    if application.kind == Kind.EXIT and application.starts_on:
        return _("%s起退出") % zh_day(application.starts_on)
    if application.starts_on and application.ends_on is None and not application.is_standing:
        return _("%s起，没有填结束日期") % zh_day(application.starts_on)
    return term(application.starts_on, application.ends_on)


def work(plan: ImplementationPlan) -> list[Fact]:
    """四、实施方案."""
    texts = ("goal", "requirements", "community_does", "community_does_not", "powers")
    rows = ("division", "process", "milestones")
    return [(column_label(ImplementationPlan, field), getattr(plan, field)) for field in texts] + [
        (column_label(ImplementationPlan, field), "\n".join(_numbered(row_words(field, plan)))) for field in rows
    ]


def _numbered(rows: list[str]) -> list[str]:
    return [f"{number}. {row}" for number, row in enumerate(rows, 1)]


def guarantees(plan: ImplementationPlan) -> list[Fact]:
    """五、保障措施."""
    count = _("%s人") % plan.people_count if plan.people_count is not None else ""
    hours = _("%s 学时") % plain(plan.training_hours) if plan.training_hours is not None else ""
    amount = _("%s 万元") % plain(plan.money_amount) if plan.money_amount is not None else NO_ANSWER
    facts: list[Fact] = [(_("人员保障"), _joined(plan.people, count)), (_("经费"), amount)]
    if plan.money_amount or not plan.money_zero_reason:
        facts += [(_("经费来源"), plan.money_source), (_("拨付方式和时间"), plan.money_schedule)]
    if plan.money_zero_reason:
        facts.append((_("不需要经费的理由"), plan.money_zero_reason))
    return [
        *facts,
        (_("场地、设备"), plan.premises),
        (_("业务培训"), _joined(plan.training, hours)),
        (_("业务指导"), _joined(plan.guidance, plan.guidance_contact)),
        (_("工作制度"), plan.rules),
    ]


def _joined(text: str, more: str) -> str:
    return "\n".join(filter(None, [text, more]))


def _burden(application: Application) -> list[Fact]:
    if application.kind == Kind.EXIT:
        return [(_("新设负担"), _("不新设"))]
    adds = ("adds_ledger", "adds_report", "adds_system", "adds_plate", "adds_evaluation", "adds_proof")
    none = _("不新设") if application.adds_declared else NO_ANSWER
    facts: list[Fact] = [(column_label(Application, field), getattr(application, field) or none) for field in adds]
    return [*facts, (_("如实填写"), _("已声明") if application.adds_declared else NO_ANSWER)]


def _contact(application: Application) -> list[Fact]:
    rows = application.prior_contacts.order_by("held_on", "pk")
    said = [zh_day(row.held_on) + _("，") + row.counterpart + _("：") + row.conclusion for row in rows]
    facts: list[Fact] = [
        (_("事前沟通记录"), "\n".join(said)), (_("申请时选的程序"), application.get_requested_procedure_display()),
    ]  # fmt: skip
    if application.procedure:
        facts.append((_("适用的程序"), application.get_procedure_display()))
    return facts


def _declaration(application: Application) -> list[Fact]:
    files = application.files.filter(removed_at__isnull=True).select_related("attachment").order_by("pk")
    names = [_bracketed(file.attachment, file.get_purpose_display()) for file in files]
    return [
        (_("附件"), "\n".join(names)),
        (_("单位审核同意并盖章"), _seal(application)),
    ]


def _seal(application: Application) -> str:
    """The unit's own word: of a prepared draft not before it endorses."""
    if application.awaits_endorsement:
        return _("等%s认可时声明") % application.applicant
    return _("已声明") if application.seal_confirmed else NO_ANSWER
