"""The small forms of the steps: a version, a text, a list of defects, the findings of the screening."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from admission.models import Meeting, Screening
from admission.procedure import Procedure
from admission.requirements import FIELD_LABELS, PART_LABELS
from admission.web.forms.fields import LineField, TextField
from base.forms import needed_when
from base.templatetags.portal import zh_moment

LONG = 2000
ROWS, MOST_ROWS = 2, 40
OF_APPLICATION = ("title", "scope", "bases", "files")


class Seen(forms.Form):
    """The version of the application that the form was made from; enough for a step that asks nothing."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class Withdraw(Seen):
    """Why it is taken back."""

    reason = TextField(
        label=_("撤回原因"),
        max_length=300,
        rows=3,
        help_text=_("街道、社区和办公室都看得到。"),
        error_messages={"required": _("写明为什么撤回。")},
    )


class RequestMeeting(Seen):
    """Why a member unit wants a meeting."""

    reason = TextField(
        label=_("要求开会的理由"),
        max_length=200,
        rows=3,
        help_text=_("申请单位和办公室都看得到。要求开会以后，本件改走普通程序（《指导意见》第八条）。"),
        error_messages={"required": _("写明为什么要开会审议。")},
    )


class SendBack(Seen):
    """Why it should be heard again."""

    reason = TextField(
        label=_("退回会议再议的理由"),
        max_length=LONG,
        rows=4,
        help_text=_("会议的结论不能直接改；有不同看法，说明理由，请会议再议。"),
        error_messages={"required": _("写明请会议再议什么。")},
    )


class Decide(Seen):
    """What stands on the form as the committee's word (field 43)."""

    text = TextField(
        label=_("核准意见"),
        max_length=LONG,
        rows=4,
        help_text=_("写在申请表“审核委员会核准意见”栏，以后不能改（《指导意见》第七条、第八条）。"),
        error_messages={"required": _("写明核准意见。")},
    )


class Reject(Decide):
    """A refusal needs its reason."""

    text = TextField(
        label=_("不予的理由"),
        max_length=LONG,
        rows=4,
        help_text=_("申请单位、街道和社区都看得到；以后不能改。没有核准的，不得交给社区办理（《指导意见》第四条）。"),
        error_messages={"required": _("写明为什么不予。")},
    )


class FileIt(Seen):
    """Entering it in the office's register."""

    remarks = TextField(label=_("备注"), max_length=LONG, rows=3, required=False)


class Return(Seen):
    """Everything that has to be mended, once and completely; as many rows as are filled in count.

    `typed`: what stands in a page that asks for one more row, where no script adds it; nothing is checked yet.
    """

    def __init__(self, *args: Any, typed: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.total = _rows_of(self.data if typed is None else typed) + int(typed is not None)
        self.total = min(self.total, MOST_ROWS)
        for n in range(1, self.total + 1):
            self._ask(n)
        if typed is not None:
            self.initial = {**self.initial, **{name: typed[name] for name in self.fields if name in typed}}

    most = MOST_ROWS

    def _ask(self, n: int | str) -> None:
        what = LineField(label=_("怎样补正"), max_length=500, required=False)
        part = forms.ChoiceField(label=_("哪一栏"), choices=parts, required=False)
        self.fields[f"part{n}"] = needed_when(part, _("（不选就是整件申请）"))
        self.fields[f"what{n}"] = needed_when(what, _("（至少写一处）")) if n == 1 else what

    def rows(self) -> list[dict[str, Any]]:
        """The bound fields, two to a row."""
        return [self._row(n) for n in range(1, self.total + 1)]

    def one_more(self) -> dict[str, Any]:
        """The row that a script adds, its number to be filled in."""
        empty = Return(prefix=self.prefix)
        empty._ask("__number__")
        return empty._row("__number__")

    def _row(self, n: int | str) -> dict[str, Any]:
        return {"number": n, "part": self[f"part{n}"], "what": self[f"what{n}"]}

    def clean(self) -> dict[str, Any]:
        """`defects` as the act takes them; a part without words is not understood."""
        said = super().clean() or {}
        labels = dict(parts())
        pairs = [(n, said.get(f"part{n}", ""), said.get(f"what{n}", "")) for n in range(1, self.total + 1)]
        for n, part, what in pairs:
            if part and not what and f"what{n}" not in self.errors:
                self.add_error(f"what{n}", _("写明这一栏怎样补正。"))
        defects = [{"part": str(labels.get(part, "")), "what": what} for _n, part, what in pairs if what]
        if not defects and not self.errors:
            self.add_error("what1", _("至少写一条；要一次写明需要补正的全部内容。"))
        return {"seen": said.get("seen"), "defects": defects}


def _rows_of(typed: Mapping[str, Any]) -> int:
    """How many rows a page has: as many as it says, and none that is written is left out."""
    said = str(typed.get("what-TOTAL_FORMS", ""))
    written = [n for n in range(1, MOST_ROWS + 1) if typed.get(f"what{n}") or typed.get(f"part{n}")]
    return max(ROWS, int(said) if said.isdecimal() and len(said) < len("1000") else 0, *written)


def parts() -> list[tuple[str, Any]]:
    """What a defect can be in: the form, the plan, what is attached."""
    return [
        ("", _("整件申请")),
        ("title", _("事项名称")),
        ("scope", _("实施范围")),
        *FIELD_LABELS.items(),
        ("ends_on", _("结束日期")),
        ("can_be_purchased", _("能否购买服务")),
        ("bases", _("法律法规政策依据")),
        *PART_LABELS.items(),
        ("community_does", _("社区做什么")),
        ("adds", _("新设负担")),
        ("prior_contacts", _("事前沟通")),
        ("seal_confirmed", _("盖章声明")),
        ("files", _("附件")),
    ]


FINDINGS: tuple[tuple[str, Any], ...] = (
    ("completeness", _("申请表、方案、征询意见、依据文件齐不齐，前后是否一致。")),
    ("legality", _("依据是不是现行有效，是不是区县级以上。")),
    ("necessity", _("为什么必须由社区做，部门自己做或者购买服务行不行。")),
    ("guarantees", _("人员、经费、权限是不是写清、落实（权随责走、费随事转）。")),
    ("burden", _("给社区加了多少事，有没有新台账、报表、系统、牌子、考核。")),
    ("alternatives", _("有没有已在清单上的事项可以合并，有没有更省的办法。")),
    ("opinion", _("初审的结论和建议。")),
)


class Screen(Seen):
    """The office's initial screening, by the points of the committee's review form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, help_text in FINDINGS:
            column = getattr(Screening, name).field
            self.fields[name] = TextField(
                label=column.verbose_name, max_length=LONG, rows=3, required=not column.blank, help_text=help_text
            )

    def clean(self) -> dict[str, Any]:
        """`findings` as the act takes them."""
        said = super().clean() or {}
        findings = {name: said.get(name, "") for name, _help in FINDINGS}
        return {name: value for name, value in said.items() if name not in findings} | {"findings": findings}


class ScreenStricter(Screen):
    """Screening that leads to the ordinary procedure; where all agreed, why."""

    def __init__(self, *args: Any, derived: Procedure, **options: Any) -> None:
        super().__init__(*args, **options)
        if derived is Procedure.SIMPLE:
            self.fields["stricter_reason"] = TextField(
                label=_("从严适用普通程序的理由"),
                max_length=300,
                rows=3,
                help_text=_("征询全部无异议，本来可以走简易程序；办公室只能从严，要写明理由（《指导意见》第七条）。"),
                error_messages={"required": _("写明为什么从严。")},
            )


class ScheduleMeeting(Seen):
    """Which of the meetings to come."""

    meeting = forms.ModelChoiceField(
        label=_("列入哪次会议"),
        queryset=Meeting.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("选一次会议；没有合适的，先安排会议。"),
            "invalid_choice": _("这次会议已经开了或者不在了，请重新选。"),
        },
    )

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["meeting"]
        field.queryset = meetings  # type: ignore[attr-defined]
        field.label_from_instance = label_of  # type: ignore[attr-defined]


def label_of(meeting: Meeting) -> Any:
    """Which meeting, when, where, who chairs."""
    return _("%(meeting)s，%(when)s，%(place)s，%(chair)s主持") % {
        "meeting": meeting,
        "when": zh_moment(meeting.planned_at),
        "place": meeting.place,
        "chair": meeting.get_chair_display(),
    }
