"""The eight parts of the paper form, and one part as it is filled in: questions, rows, what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admission import requirements
from admission.actions import DraftRows
from admission.differences import Difference
from admission.models import Application
from admission.procedure import Kind
from admission.requirements import Gap
from admission.web.forms import draft as forms
from admission.web.forms import plan, rows
from admission.web.forms.rows import Group
from admission.web.forms.unfinished import Anchored, Draft, DraftForm, Rows
from base.templatetags.portal import zh_day


@dataclass(frozen=True)
class Part:
    """A heading of the paper form with its questions (in their order) and its repeated groups."""

    slug: str
    title: Promise
    lede: Promise
    form: type[DraftForm]
    groups: tuple[Group, ...] = ()
    groups_first: bool = False
    of_plan: bool = False

    def asks(self, field: str) -> bool:
        """Does this question stand in this part?"""
        return field in self.form.base_fields or any(group.name == field for group in self.groups)


PARTS = (
    Part("basics", _("一、基本情况"), _("申请什么，谁负责。"), forms.BasicsForm),
    Part(
        "grounds", _("二、依据和必要性"), _("凭什么做，为什么要由社区做。"), forms.GroundsForm, (rows.BASES,),
        groups_first=True,
    ),
    Part("scope", _("三、范围和期限"), _("在哪里做，从哪天到哪天。"), forms.ScopeForm),
    Part(
        "plan", _("四、实施方案"), _("具体做什么、怎么做，各方各做什么（《指导意见》第二条、第六条）。"), plan.WorkForm,
        (rows.DIVISION, rows.PROCESS, rows.MILESTONES), of_plan=True,
    ),
    Part(
        "guarantees", _("五、保障措施"), _("费随事转：人员、经费、培训、指导都要落实，缺一项不能提交。"),
        plan.GuaranteesForm, of_plan=True,
    ),
    Part("burden", _("六、新设负担"), _("会不会给社区新增台账、报表、牌子这些。没有的不填。"), forms.BurdenForm),
    Part(
        "contact", _("七、事前沟通"), _("提交之前和谁沟通过。"), forms.ContactForm, (rows.CONTACTS,), groups_first=True
    ),
    Part("declaration", _("八、附件和声明"), _("材料齐了，单位审核同意。"), forms.DeclarationForm),
)  # fmt: skip
BY_SLUG = {part.slug: part for part in PARTS}


def open_parts(draft: Draft) -> tuple[Part, ...]:
    """The parts that may be changed in this state: all of them, or only those of the plan."""
    return PARTS if draft.form_open else tuple(part for part in PARTS if part.of_plan)


NOTHING_TO_GUARANTEE = _("退出不要求保障：收尾要用的人员、经费可以写在这里，没有的空着。")
BEYOND = {
    "starts_on": _("这一天早于开始日期（%s），请改这一天，或者改开始日期。"),
    "ends_on": _("这一天晚于结束日期（%s），请改这一天，或者改结束日期。"),
}
"""A milestone outside the term, said at its day."""


class FilledPart:
    """One part with what stands in the draft, or with what was typed."""

    def __init__(self, part: Part, draft: Draft, data: Mapping[str, Any] | None = None, *, more: str = "") -> None:
        self.part, self.leaves = part, draft.application.kind == Kind.EXIT
        source = draft.plan if part.of_plan else draft.application
        initial = {name: getattr(source, name) for name in part.form.base_fields if name != "scope"}
        if "scope" in part.form.base_fields:
            initial["scope"] = list(draft.application.scope.values_list("code", flat=True))
        self.form = part.form(data, initial=initial, draft=draft)
        self.groups: list[tuple[Group, Rows]] = [
            (group, group.rows(data, group.shown(draft.application, draft.plan), more=group.name == more))
            for group in part.groups
        ]

    @property
    def lede(self) -> Promise:
        """What the part asks for; of an exit nothing has to be guaranteed."""
        return NOTHING_TO_GUARANTEE if self.leaves and self.part.slug == "guarantees" else self.part.lede

    def is_valid(self) -> bool:
        """Can everything that was typed be kept? Every question is asked, so that nothing is said piecemeal."""
        return all([self.form.is_valid(), *(formset.is_valid() for _group, formset in self.groups)])

    def has_changed(self) -> bool:
        """Was anything typed that is not kept yet?"""
        return self.form.has_changed() or any(formset.has_changed() for _group, formset in self.groups)

    def problems(self) -> Iterator[Anchored]:
        """Everything that is wrong, where it stands."""
        yield from self.form.problems()
        for group, formset in self.groups:
            yield from formset.problems(str(group.title))

    def clashes(self) -> Iterator[Difference]:
        """Where what was typed differs from what stands in the draft now."""
        for name in self.form.changed_data:
            kept, typed = self.form.initial.get(name), self.form[name].value()
            yield Difference(str(self.form[name].label), self.form.words(name, kept), self.form.words(name, typed))
        for group, formset in self.groups:
            if formset.has_changed():
                yield Difference(str(group.title), formset.words(formset.initial or []), formset.words(formset.rows))

    def contradict(self, application: Application) -> bool:
        """What was kept and cannot stay is said at its question. Was there anything?"""
        found: list[tuple[Any, str, Any]] = [(self.form, *said) for said in self.form.contradictions()]
        for row in self._milestones():
            if (on := row.cleaned_data.get("on")) and (end := requirements.beyond_term(application, on)):
                found.append((row, "on", BEYOND[end] % zh_day(getattr(application, end))))
        for form, name, sentence in found:
            form.add_error(name, sentence)
        return bool(found)

    def _milestones(self) -> list[Any]:
        return [row for group, formset in self.groups if group is rows.MILESTONES for row in formset.forms]

    def kept(self) -> dict[str, Any]:
        """Column by column what is to be written, the groups as they are kept."""
        said = dict(self.form.cleaned_data)
        return said | {group.name: group.kept(formset.rows) for group, formset in self.groups}


@dataclass(frozen=True)
class Missing:
    """Something that is still missing, and where it is asked."""

    part: Part
    anchor: str
    label: str


def missing_for_consultation(draft: Draft) -> list[Missing]:
    """What streets and communities cannot be asked without (T2)."""
    application = draft.application
    gaps = [*requirements.title_gaps(application), *requirements.scope_gaps(application)]
    gaps += requirements.plan_gaps(application, requirements.for_consultation(application))
    return _placed([*gaps, *requirements.milestone_gaps(application)], draft)


def missing_for_submission(draft: Draft) -> list[Missing]:
    """What cannot be submitted without (T3): every field marked R, and the prior contact."""
    application = draft.application
    gaps = requirements.form_gaps(application)
    gaps += requirements.plan_gaps(application, requirements.for_submission(application))
    gaps += requirements.milestone_gaps(application)
    if not application.prior_contacts.exists():
        gaps.append(Gap(_("事前沟通记录"), "prior_contacts"))
    return _placed(gaps, draft)


def _placed(gaps: list[Gap], draft: Draft) -> list[Missing]:
    """In the order of the form, each with its part and the id of its question."""
    found = []
    for part in PARTS:
        for gap in gaps:
            field = _money_question(draft) if gap.field == "money" else gap.field
            if part.asks(field):
                anchor = field if any(group.name == field for group in part.groups) else f"id_{field}"
                found.append(Missing(part, anchor, str(gap)))
    return found


def _money_question(draft: Draft) -> str:
    """`money` is what requirements call the four questions about money: the first that has no answer."""
    if draft.plan.money_amount is None:
        return "money_amount"
    if not draft.plan.money_amount:
        return "money_zero_reason"
    return "money_schedule" if draft.plan.money_source else "money_source"


ROWS = frozenset({"bases", "prior_contacts", "scope"})


def to_save(filled: Sequence[FilledPart]) -> dict[str, Any]:
    """The keywords of `actions.save_draft`: the columns of the form, its rows, the plan."""
    form: dict[str, Any] = {}
    of_plan: dict[str, Any] = {}
    for one in filled:
        into = of_plan if one.part.of_plan else form
        into |= one.kept()
    tables = {name: form.pop(name) for name in ROWS & form.keys()}
    return {"fields": form, "rows": DraftRows(plan=of_plan, **tables)}
