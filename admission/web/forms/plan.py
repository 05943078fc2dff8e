"""The implementation plan, question by question (S2-P4 art 2, 6; fields 16 to 29)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admission.procedure import Kind
from admission.web.forms.fields import CountField, LineField, NumberField, TextField
from admission.web.forms.steps import Seen
from admission.web.forms.unfinished import Draft, DraftForm

NARROW = {"class": "w-m"}


class WorkForm(DraftForm):
    """四、实施方案 (fields 16 to 18; division, process and milestones are groups of rows)."""

    goal = TextField(label=_("工作目标"), rows=3, help_text=_("做成什么样算完成，能数的写数（《指导意见》第二条）。"))
    requirements = TextField(
        label=_("工作内容和要求"),
        rows=5,
        help_text=_("具体做哪些事、做到什么程度（《指导意见》第二条、第六条）。"),
    )
    community_does = TextField(
        label=_("社区做什么"),
        rows=3,
        required=False,
        help_text=_("照这里的写法列入清单和告知单；不填就用上面的工作内容和要求。"),
    )
    community_does_not = TextField(
        label=_("社区不做什么"),
        rows=3,
        required=False,
        help_text=_("执法、处罚、收费、专业检测等不归社区的，写清楚，以后少争议。"),
    )
    powers = TextField(
        label=_("权限"),
        rows=3,
        help_text=_("给社区什么权、查什么数据、能让谁配合；权随责走（《指导意见》第二条）。"),
    )

    def fit(self, draft: Draft) -> None:
        """Work that leaves is wound down and handed over."""
        if draft.application.kind == Kind.EXIT:
            self.fields["requirements"].help_text = _(
                "怎么收尾、交给谁：台账、报表、信息系统、牌子怎么处理，人员和没有结清的经费怎么安排，没有办完的谁接着办。"
            )
            self.fields["goal"].required = self.fields["powers"].required = False


class GuaranteesForm(DraftForm):
    """五、保障措施 (fields 24 to 29): 费随事转 (PR-1)."""

    people = TextField(
        label=_("人员保障"),
        rows=3,
        help_text=_("您单位派什么人、做什么；不能抽调、借调社区工作者（《指导意见》第二条、第六条）。"),
    )
    people_count = CountField(label=_("投入人数"), unit=_("人"), required=False)
    money_amount = NumberField(
        label=_("经费"),
        unit=_("万元"),
        max_digits=10,
        decimal_places=2,
        help_text=_("随事拨给街道、社区用的钱，不含本单位办公开支；不需要就填 0，并写理由（《指导意见》第二条）。"),
    )
    money_source = LineField(label=_("经费来源"), max_length=200, help_text=_("例：区级财政预算。经费是 0 的不填。"))
    money_schedule = LineField(
        label=_("拨付方式和时间"), max_length=200, help_text=_("例：每季度第一个月拨到街道账户。经费是 0 的不填。")
    )
    money_zero_reason = TextField(
        label=_("不需要经费的理由"),
        rows=2,
        max_length=300,
        help_text=_("经费是 0 时必须填，不是 0 的空着，街道和社区都看得到（《指导意见》第二条、第六条）。"),
    )
    premises = TextField(label=_("场地、设备"), rows=2, help_text=_("用谁的场地、谁买设备；不需要也写一句。"))
    training = TextField(
        label=_("业务培训"), rows=2, help_text=_("开始前至少办一次，写谁来讲、讲什么（《指导意见》第六条）。")
    )
    training_hours = NumberField(label=_("培训学时"), unit=_("学时"), max_digits=6, decimal_places=1, required=False)
    guidance = TextField(label=_("业务指导"), rows=2, help_text=_("社区有疑问找谁、多久答复（《指导意见》第六条）。"))
    guidance_contact = LineField(
        label=_("业务指导联系方式"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs=NARROW),
        help_text=_("写科室和电话。"),
    )
    rules = TextField(label=_("工作制度"), rows=3, help_text=_("按哪些规程做，出了问题怎么办（《指导意见》第二条）。"))

    def fit(self, draft: Draft) -> None:
        """An exit needs no guarantees for work that ends."""
        if draft.application.kind == Kind.EXIT:
            for field in self.fields.values():
                field.required = False

    def contradictions(self) -> Iterator[tuple[str, Any]]:
        """What is kept but cannot stay: nothing is paid, and nobody says why (art 2, 6; PR-1)."""
        amount, reason = self.cleaned_data.get("money_amount"), self.cleaned_data.get("money_zero_reason")
        if amount == Decimal(0) and not reason:
            yield (
                "money_zero_reason",
                _("经费填了 0，还没有写理由。写明社区不用花钱、不用添人的理由；要花钱的，请改上面的金额。"),
            )
        if amount and reason:
            yield "money_zero_reason", _("经费不是 0，不用写这个理由，请清空它或者改金额。")


class UntouchedForm(Seen):
    """The revision touches nobody: why (field of the case, shown to all)."""

    reason = LineField(
        label=_("为什么不涉及街道和社区"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("例：只改了本单位联系电话。写在本件上，街道、社区和办公室都看得到（《指导意见》第六条）。"),
        error_messages={"required": _("写明理由；涉及街道、社区要做的事，请再次征询。")},
    )
