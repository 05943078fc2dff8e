"""Which fields an application and its plan need before consultation and before submission (rulebook section 11)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from admission.models import Application, ImplementationPlan, Opinion
from admission.procedure import Kind
from admission.rules import CountyRules, Key
from base import telephone
from base.templatetags.portal import zh_day
from communities.models import Division
from communities.roles import Actor

STREET_KINDS = frozenset({Division.Kind.STREET, Division.Kind.TOWN, Division.Kind.TOWNSHIP})

# T2: the eight parts of art 6. An exit winds work down and needs no guarantees for doing it.
WORK_PARTS = ("requirements", "division", "process", "milestones")
GUARANTEES = ("people", "money", "training", "guidance")
ART_2_PARTS = ("goal", "powers", "premises", "rules")

PART_LABELS = {
    "goal": _("工作目标"),
    "requirements": _("工作内容和要求"),
    "powers": _("权限"),
    "division": _("职责分工"),
    "process": _("操作流程"),
    "milestones": _("时间节点"),
    "people": _("人员保障"),
    "money": _("经费保障"),
    "premises": _("场地、设备"),
    "training": _("业务培训"),
    "guidance": _("业务指导"),
    "rules": _("工作制度"),
}

PHONES = ("responsible_phone", "contact_phone")
FIELD_LABELS = {
    "responsible_person": _("项目负责人"),
    "responsible_phone": _("负责人电话"),
    "contact_name": _("经办人"),
    "contact_phone": _("联系电话"),
    "category": _("拟列类别"),
    "justification": _("必要性说明"),
    "purchase_alternative": _("购买服务替代的说明"),
    "starts_on": _("开始日期"),
    "duration_type": _("时限类型"),
}
LABELS_OF_EXIT = {"justification": _("退出的理由"), "starts_on": _("退出日期")}
ONLY_OF_WORK = frozenset({"can_be_purchased", "purchase_alternative", "duration_type", "adds_declared"})
"""What is asked of work that enters communities (section 11, 12, 23 and 31), and not of work that leaves them."""

AS_LISTED = ("title", "subject_type", "category")
"""What an exit says as the list says it: nobody fills it in."""

BEYOND = {
    "starts_on": _("时间节点 %(day)s 早于开始日期（%(end)s）"),
    "ends_on": _("时间节点 %(day)s 晚于结束日期（%(end)s）"),
}


class Gap(str):
    """The label of something that is missing, and the field it is about (for the link that leads there)."""

    __slots__ = ("field",)
    field: str

    def __new__(cls, label: object, field: str) -> "Gap":
        """A sentence is made of the label; the field goes with it."""
        gap = super().__new__(cls, str(label))
        gap.field = field
        return gap


def for_consultation(application: Application) -> tuple[str, ...]:
    """The parts of the plan needed before anybody is asked (T2)."""
    return WORK_PARTS if application.kind == Kind.EXIT else WORK_PARTS + GUARANTEES


def for_submission(application: Application) -> tuple[str, ...]:
    """The parts of the plan needed at submission (T3)."""
    return WORK_PARTS if application.kind == Kind.EXIT else WORK_PARTS + GUARANTEES + ART_2_PARTS


def newest_plan(application: Application) -> ImplementationPlan | None:
    """The plan as it stands: the open version, else the last frozen one. Reads prefetched plans where there are any."""
    return max(application.plans.all(), key=lambda plan: plan.number, default=None)


def fixed_plan(application: Application) -> ImplementationPlan:
    """The newest version that was put to anybody: what is decided on, noticed and listed.

    Every application past its consultation has one. Reads prefetched plans where there are any.
    """
    return max((plan for plan in application.plans.all() if plan.frozen_at), key=lambda plan: plan.number)


def plan_gaps(application: Application, parts: tuple[str, ...]) -> list[Gap]:
    """The labels of the parts that are still empty."""
    plan = newest_plan(application)
    return [Gap(PART_LABELS[part], part) for part in parts if plan is None or not _said(plan, part)]


def _said(plan: ImplementationPlan, part: str) -> bool:
    if part != "money":
        return bool(getattr(plan, part))
    if plan.money_amount:
        return bool(plan.money_source and plan.money_schedule)
    return bool(plan.money_zero_reason)


def beyond_term(application: Application, on: date) -> str:
    """Which end of the work's term a day lies beyond, by its column; empty within, or where the term is not known.

    The 时间节点 of art 6 set the term (A-24). An exit has none: it is wound down before and after its day.
    """
    if application.kind == Kind.EXIT:
        return ""
    if application.starts_on and on < application.starts_on:
        return "starts_on"
    return "ends_on" if application.ends_on and on > application.ends_on else ""


def milestone_gaps(application: Application) -> list[Gap]:
    """The milestones that lie outside the term, a sentence each."""
    plan = newest_plan(application)
    days = [date.fromisoformat(row["on"]) for row in plan.milestones] if plan else []
    return [
        Gap(BEYOND[end] % {"day": zh_day(on), "end": zh_day(getattr(application, end))}, "milestones")
        for on in days
        if (end := beyond_term(application, on))
    ]


def title_gaps(application: Application) -> list[Gap]:
    """The name of the matter."""
    return [] if application.title else [Gap(_("事项名称"), "title")]


def scope_gaps(application: Application) -> list[Gap]:
    """Where it is to be done."""
    return [] if application.scope.exists() else [Gap(_("实施范围"), "scope")]


def _is_wrong(application: Application, name: str) -> bool:
    """A draft keeps a number as it was typed, right or wrong."""
    typed = getattr(application, name)
    return bool(typed) and not telephone.is_telephone(typed)


def form_gaps(application: Application) -> list[Gap]:
    """The labels of the required fields of the form that are still empty."""
    leaves = application.kind == Kind.EXIT
    gaps = [*title_gaps(application), *scope_gaps(application)]
    asked = dict(FIELD_LABELS)
    if leaves:
        asked = {name: label for name, label in asked.items() if name not in ONLY_OF_WORK} | LABELS_OF_EXIT
    gaps += [Gap(label, name) for name, label in asked.items() if not getattr(application, name)]
    gaps += [Gap(_("%s（号码不对）") % FIELD_LABELS[name], name) for name in PHONES if _is_wrong(application, name)]
    if application.can_be_purchased is None and not leaves:
        gaps.append(Gap(_("能否购买服务替代"), "can_be_purchased"))
    if not application.is_standing and application.ends_on is None and not leaves:
        gaps.append(Gap(_("结束日期（或写明常态工作）"), "ends_on"))
    if not application.bases.exists():
        gaps.append(Gap(_("法律法规政策依据（至少一条，区县级以上）"), "bases"))
    if not application.adds_declared and not leaves:
        gaps.append(Gap(_("是否新设台账、报表、系统、牌子、考核、证明"), "adds_declared"))
    if not application.seal_confirmed and not application.awaits_endorsement:
        gaps.append(Gap(_("单位审核同意并盖章的声明"), "seal_confirmed"))
    return gaps


def put_on_list(application: Application, *, by: Actor) -> Application | None:
    """Whose notice its item stands on now: what a change of it begins with, where `by` may read it.

    One query, none for other kinds.
    """
    if application.kind != Kind.CHANGE or application.item_id is None:
        return None
    noticed = Application.objects.filter(item=application.item_id, notice__isnull=False).exclude(kind=Kind.EXIT)
    newest = noticed.exclude(pk=application.pk).order_by("-notice__issued_at", "-pk").values("pk")[:1]
    return Application.objects.visible_to(by).filter(pk__in=newest).first()


@dataclass(frozen=True)
class StandingCounts:
    """How the bodies that were asked stand now."""

    no_objection: int
    conditional: int
    objection: int
    silent: int

    @property
    def only_agreement(self) -> bool:
        """Everybody answered, everybody agreed."""
        return self.no_objection > 0 and not (self.conditional or self.objection or self.silent)


def standing_counts(application: Application, on: date) -> StandingCounts:
    """Count the standing opinion of each body, its last word (two queries).

    Where the county has set that not every community must answer (A-4), a silent community is not counted.
    """
    standing = list(Opinion.objects.standing(application).select_related("body"))
    if not CountyRules(application.county.code, on).value(Key.SIMPLE_NEEDS_COMMUNITIES):
        standing = [row for row in standing if row.stance or row.body.kind in STREET_KINDS]
    stances = [row.stance for row in standing]
    return StandingCounts(*(stances.count(stance) for stance in ("no_objection", "conditional", "objection", "")))
