"""The parts of the application form, question by question, in the order of the paper (rulebook section 11)."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from admission.models import Application
from admission.procedure import Kind, Procedure
from admission.requirements import AS_LISTED, PHONES
from admission.rules import Key
from admission.web.forms.fields import DayField, LineField, NumberField, OneOfField, PhoneField, TextField, YesNoField
from admission.web.forms.scope import offer_to
from admission.web.forms.unfinished import Draft, DraftForm
from base import telephone
from worklists.kinds import AppliesTo, Category, Executor, SubjectType
from worklists.web.scope import ScopeField

explained_lazily = lazy(format_html, SafeString)


def explained(label: Any, meaning: Any) -> Any:
    """A choice with what it means under it, in the language of whoever reads it."""
    return explained_lazily("{}<small>{}</small>", label, meaning)


CATEGORIES = {
    Category.ASSIST: _("部门是责任主体，社区帮着联系、告知、发现、报告"),
    Category.UNDERTAKE: _("社区具体办理；要在“必要性说明”里写明为什么不能只协助"),
    Category.STATUTORY: _("法律直接规定由居民委员会办的事"),
}
CATEGORY_CHOICES = [(value.value, explained(value.label, meaning)) for value, meaning in CATEGORIES.items()]
ADDED_BY_LAW_ALONE = frozenset({Kind.ADMISSION, Kind.CONFIRMATION})


class BasicsForm(DraftForm):
    """一、基本情况 (fields 3, 5 to 8)."""

    title = LineField(
        label=_("事项名称"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text=_("写清对象和动作，不超过 200 字。例：住宅小区电动自行车充电安全隐患排查。"),
    )
    subject_type = OneOfField(
        label=_("申请对象"),
        choices=SubjectType.choices,
        widget=forms.Select,
        help_text=_("台账、印章、牌子、培训、调查、考核等进社区，与工作事项同样要准入（《指导意见》第一条）。"),
    )
    category = OneOfField(
        label=_("拟列类别"),
        choices=CATEGORY_CHOICES,
        help_text=_("“法定职责”由法律规定，不能靠申请增加（《指导意见》附件）。"),
    )
    urgent = forms.BooleanField(
        label=_("应急工作，已经先行开展"),
        required=False,
        help_text=_("抢险救灾、疫情防控等先干起来的，报告之日起 5 个工作日内申请确认（默认设置，文件没有规定）。"),
    )
    responsible_person = LineField(
        label=_("项目负责人"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w-m"}),
        help_text=_("本单位对这件事负责的人，社区以后找得到。"),
    )
    responsible_phone = PhoneField(label=_("负责人电话"))
    contact_name = LineField(label=_("经办人"), max_length=40, widget=forms.TextInput(attrs={"class": "w-m"}))
    contact_phone = PhoneField(label=_("联系电话"))

    def fit(self, draft: Draft) -> None:
        """The name is fixed once the streets were asked, an exit is as listed; only a listed duty of law can be one."""
        kind, category = draft.application.kind, draft.application.category
        fixed = AS_LISTED if kind == Kind.EXIT else ("title",) if draft.is_asked else ()
        for name in fixed:
            del self.fields[name]
        if kind in ADDED_BY_LAW_ALONE and category != Category.STATUTORY:
            cast("forms.ChoiceField", self.fields["category"]).choices = CATEGORY_CHOICES[:-1]
        if kind != Kind.CONFIRMATION:
            del self.fields["urgent"]

    def contradictions(self) -> Iterator[tuple[str, Any]]:
        """A number that is kept as it was typed and is none."""
        for name in PHONES:
            typed = self.cleaned_data.get(name)
            if typed and not telephone.is_telephone(typed):
                yield name, telephone.WHAT_TO_TYPE


class GroundsForm(DraftForm):
    """二、依据和必要性 (fields 11, 12; field 10 is a group of rows)."""

    justification = TextField(
        label=_("必要性说明"), rows=5, help_text=_("为什么确实要由社区来做，部门自己做差在哪里（《指导意见》第九条）。")
    )
    can_be_purchased = YesNoField(
        label=_("能不能用购买服务代替"),
        yes=_("能，或者部分能"),
        no=_("不能"),
        help_text=_("能交给社会组织、专业机构的，优先购买服务，不压给社区。"),
    )
    purchase_alternative = TextField(
        label=_("购买服务的说明"), rows=3, help_text=_("能买的写买什么、向谁买；不能买的写理由。")
    )

    def fit(self, draft: Draft) -> None:
        """What leaves needs a reason, and nobody in its place; what a community is to do itself, why it must (A-11)."""
        if draft.application.category == Category.UNDERTAKE:
            self.fields["justification"].help_text = _(
                "为什么确实要由社区来做，部门自己做差在哪里（《指导意见》第九条）。"
                "拟列为承办的，还要写明为什么不能只协助。"
            )
        if draft.application.kind == Kind.EXIT:
            del self.fields["can_be_purchased"], self.fields["purchase_alternative"]
            self.fields["justification"].label = _("退出的理由")
            self.fields["justification"].help_text = _("为什么不再要社区做：依据变了，做完了，还是改由别人做。")


class ScopeForm(DraftForm):
    """三、范围和期限 (fields 13 to 15, 22, 23, 30, 32)."""

    scope = ScopeField(
        label=_("实施范围"),
        help_text=_("选中的街道（镇）和社区都会收到征询，准入以后也只有它们承担（《指导意见》第六条）。"),
    )
    applies_to = OneOfField(
        label=_("适用"),
        choices=AppliesTo.choices,
        help_text=_("范围里不适用的不征询，也不承担；村改居的社区两种都算。"),
    )
    executor = OneOfField(
        label=_("承接主体"),
        choices=[
            (Executor.COMMITTEE, explained(Executor.COMMITTEE.label, _("自治组织，协助政府做与居民有关的事"))),
            (Executor.STATION, explained(Executor.STATION.label, _("设有服务站的，窗口和公共服务由它承接"))),
        ],
    )
    starts_on = DayField(label=_("开始日期"))
    is_standing = forms.BooleanField(
        label=_("常态工作，没有结束日期"), required=False, help_text=_("常态工作每年复核一次要不要继续。")
    )
    ends_on = DayField(label=_("结束日期"), help_text=_("常态工作不填；到期自行完结（《指导意见》第十条）。"))
    duration_type = OneOfField(label=_("时限类型"), choices=Application.DurationType.choices)
    workload_hours = NumberField(
        label=_("预计每个社区的工作量"),
        unit=_("人时/月"),
        max_digits=7,
        decimal_places=1,
        required=False,
        help_text=_("估得出就填，用来算社区负担；估不出就空着，系统不替您填。"),
    )
    planned_decision_on = DayField(
        label=_("拟提请决策日期"),
        required=False,
        help_text=_("要报区委、区政府决策的，写哪天报；应在报之前申请（《指导意见》第九条）。"),
    )

    def fit(self, draft: Draft) -> None:
        """The places of the county; they are fixed once the streets were asked. How early one applies is a setting."""
        self.fields["starts_on"].help_text = _(
            "早于告知单下发日的，从下发日起施行。一般提前 %(days)s 个工作日申请（%(basis)s）。"
        ) % {"days": draft.rules.value(Key.APPLY_AHEAD_DAYS), "basis": draft.rules.basis(Key.APPLY_AHEAD_DAYS)}
        if draft.scope_is_fixed:
            del self.fields["scope"], self.fields["applies_to"]
        else:
            cast("ScopeField", self.fields["scope"]).offer(offer_to(draft), chosen=self.initial.get("scope", ()))
        if draft.application.kind == Kind.EXIT:
            self.fields["starts_on"].label = _("退出日期")
            self.fields["starts_on"].help_text = _("从这天起不再列入清单；早于告知单下发日的，从下发日起。")
            for name in ("ends_on", "is_standing", "workload_hours", "duration_type"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Dates reversed are said at the second of them; standing work has no end."""
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("结束日期早于开始日期，请改其中一个。"))
        if ends_on and cleaned.get("is_standing"):
            self.add_error("is_standing", _("写了结束日期就不是常态工作：去掉这个勾，或者清空结束日期。"))
        if cleaned.get("is_standing") and cleaned.get("duration_type") == Application.DurationType.TEMPORARY:
            self.add_error("duration_type", _("常态工作不是临时的：去掉“常态工作”的勾，或者改选时限类型。"))
        return cleaned


class BurdenForm(DraftForm):
    """六、新设负担 (field 31)."""

    adds_ledger = LineField(label=_("新设台账"), max_length=300, required=False)
    adds_report = LineField(label=_("新设报表、总结"), max_length=300, required=False)
    adds_system = LineField(label=_("新用信息系统、APP"), max_length=300, required=False)
    adds_plate = LineField(label=_("新挂牌子、新设机构"), max_length=300, required=False)
    adds_evaluation = LineField(label=_("新设考核、评比"), max_length=300, required=False)
    adds_proof = LineField(label=_("新开证明、新用印章"), max_length=300, required=False)
    adds_declared = forms.BooleanField(
        label=_("以上已如实填写，没有写的就是不新设"),
        help_text=_("准入以后再要社区建台账、报表、挂牌子的，要另行申请（《指导意见》第一条、第十条）。"),
    )

    def fit(self, draft: Draft) -> None:
        """Work that leaves brings nothing new."""
        if draft.application.kind == Kind.EXIT:
            self.fields.clear()


class ContactForm(DraftForm):
    """七、事前沟通和申请程序 (field 36; field 33 is a group of rows)."""

    requested_procedure = OneOfField(
        label=_("希望适用的程序"),
        choices=[
            (Procedure.SIMPLE, explained(Procedure.SIMPLE.label, _("街道、社区全部答复无异议时可以用"))),
            (Procedure.ORDINARY, explained(Procedure.ORDINARY.label, _("有异议或者没有答复的，协调后开会审议"))),
        ],
        help_text=_("实际用哪一种由征询结果决定，办公室可以从严（《指导意见》第七条、第八条）。"),
    )


class DeclarationForm(DraftForm):
    """八、附件和声明 (field 38; field 37 has a page of its own)."""

    seal_confirmed = forms.BooleanField(
        label=_("本单位已审核同意这份申请和实施方案，并已盖章"),
        help_text=_("盖章的扫描件请作为附件上传。"),
    )

    def fit(self, draft: Draft) -> None:
        """A street does not declare what another unit approved: the endorsement does."""
        if draft.application.awaits_endorsement:
            del self.fields["seal_confirmed"]
