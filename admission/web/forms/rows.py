"""The repeated groups of the paper form: bases, division of duties, process, milestones, prior contacts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admission.models import Application, Basis, ImplementationPlan
from admission.web.forms.fields import DayField, LineField, OneOfField, TextField, Words
from admission.web.forms.unfinished import RowForm, Rows

MOST_ROWS = 40
Row = dict[str, Any]


class BasisRow(RowForm):
    """法律法规政策依据 (field 10): district level or above (PR-11)."""

    needed = ("title", "level")

    title = LineField(label=_("文件名称"), max_length=200, error_messages={"required": _("写明文件名称。")})
    issue_number = LineField(
        label=_("文号"), max_length=80, required=False, widget=forms.TextInput(attrs={"class": "w-m"})
    )
    level = OneOfField(
        label=_("级别"),
        choices=[("", _("请选择")), *Basis.Level.choices],
        widget=forms.Select,
        help_text=_("部门内设科室的通知不能作为依据。"),
        error_messages={"required": _("选级别；没有区县级以上文件的，先报区委、区政府。")},
    )
    article = LineField(label=_("条款"), max_length=80, required=False, widget=forms.TextInput(attrs={"class": "w-m"}))


class DutyRow(RowForm):
    """职责分工 (field 19)."""

    needed = ("party", "duty")

    party = LineField(
        label=_("谁"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "w-m", "placeholder": _("部门、街道（镇）或社区")}),
        error_messages={"required": _("写明由谁负责。")},
    )
    duty = TextField(label=_("做什么"), rows=2, max_length=1000, error_messages={"required": _("写明负责什么。")})


class StepRow(RowForm):
    """操作流程 (field 20): one step."""

    needed = ("step",)

    step = TextField(label=_("做什么"), rows=2, max_length=1000)


class MilestoneRow(RowForm):
    """时间节点 (field 21)."""

    needed = ("on", "result")

    on = DayField(label=_("哪天"), error_messages={"required": _("写明日期。")})
    result = LineField(label=_("完成什么"), max_length=200, error_messages={"required": _("写明到那天完成什么。")})


class ContactRow(RowForm):
    """事前沟通记录 (field 33)."""

    needed = ("held_on", "counterpart", "conclusion")

    held_on = DayField(label=_("日期"), error_messages={"required": _("写明哪天沟通的。")})
    counterpart = LineField(
        label=_("和谁沟通"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "w-m"}),
        help_text=_("写单位和职务，不写姓名。"),
        error_messages={"required": _("写明和谁沟通的。")},
    )
    conclusion = TextField(label=_("结论"), rows=2, max_length=2000, error_messages={"required": _("写明沟通的结论。")})

    def clean_held_on(self) -> date | None:
        """What has been talked over lies behind: said at its day."""
        held_on: date | None = self.cleaned_data.get("held_on")
        if held_on and held_on > timezone.localdate():
            raise forms.ValidationError(_("沟通日期不能晚于今天。"))
        return held_on


@dataclass(frozen=True)
class Group:
    """One repeated group: its rows as they are kept, and as the form shows them."""

    name: str
    form: type[RowForm]
    title: Words
    row: Words
    add: Words
    help: Words
    shown: Callable[[Application, ImplementationPlan], list[Row]]
    kept: Callable[[list[Row]], list[Any]]

    def rows(self, data: Any, initial: list[Row] | None, *, more: bool) -> Rows:
        """The formset: what is there, and one empty row when nothing is or one more was asked for."""
        factory = forms.formset_factory(
            self.form, formset=Rows, extra=int(more or not initial), max_num=MOST_ROWS, validate_max=True,
            absolute_max=MOST_ROWS + 1,
        )  # fmt: skip
        return cast("Rows", factory(data, prefix=self.name, initial=initial))


def _as_they_are(rows: list[Row]) -> list[Any]:
    return rows


def _milestones(rows: list[Row]) -> list[Any]:
    """By day, whatever order they were typed in."""
    return [{"on": row["on"].isoformat(), "result": row["result"]} for row in sorted(rows, key=_day_of)]


def _day_of(row: Mapping[str, Any]) -> Any:
    return row["on"]


BASES = Group(
    "bases", BasisRow, _("法律法规政策依据"), _("依据"), _("再加一条依据"),
    _("至少一条，区县级以上；一份文件一条。要清空一条，把它的各栏都删掉再保存。"),
    lambda application, _plan: list(application.bases.order_by("pk").values(*BasisRow.base_fields)),
    _as_they_are,
)  # fmt: skip
DIVISION = Group(
    "division", DutyRow, _("职责分工"), _("分工"), _("再加一方"),
    _("部门、街道、社区各负责什么，分开写（《指导意见》第二条、第六条）。"),
    lambda _application, plan: plan.division,
    _as_they_are,
)  # fmt: skip
PROCESS = Group(
    "process", StepRow, _("操作流程"), _("步骤"), _("再加一步"),
    _("按先后一步一行，写明谁交给谁（《指导意见》第六条）。"),
    lambda _application, plan: [{"step": step} for step in plan.process],
    lambda rows: [row["step"] for row in rows],
)  # fmt: skip
MILESTONES = Group(
    "milestones", MilestoneRow, _("时间节点"), _("节点"), _("再加一个节点"),
    _("到哪天完成什么（《指导意见》第六条）。保存后按日期排列。"),
    lambda _application, plan: [{**row, "on": date.fromisoformat(row["on"])} for row in plan.milestones],
    _milestones,
)  # fmt: skip
CONTACTS = Group(
    "prior_contacts", ContactRow, _("事前沟通记录"), _("沟通"), _("再加一次沟通"),
    _("提交前要先与审核委员会办公室沟通（《指导意见》第六条）。"),
    lambda application, _plan: [
        dict(row) for row in application.prior_contacts.order_by("held_on", "pk").values(*ContactRow.base_fields)
    ],
    _as_they_are,
)  # fmt: skip
