"""What the receiving end and the departments fill in: filings, comments, reports, answers."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from base.forms import CleanCharField, UploadsField, needed_when
from communities.models import Department
from communities.web.fields import UnitChoice
from worklists import lists
from worklists.filters import BY_DEPARTMENT, ORDERS
from worklists.kinds import SubjectType, Wrong
from worklists.lists import AsOf
from worklists.models import CompletionFiling, UnapprovedReport
from worklists.receiving.actions import Handed
from worklists.receiving.refusing import Asked


def text(label: Any, *, rows: int = 4, **options: Any) -> CleanCharField:
    """A longer text."""
    return CleanCharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=4000, **options)


class FilingForm(forms.Form):
    """完成或提前退出备案 (art 10)."""

    kind = forms.ChoiceField(label=_("备案种类"), choices=CompletionFiling.Kind.choices, widget=forms.RadioSelect)
    ended_on = forms.DateField(
        label=_("实际结束日期"), help_text=_("社区办理这一事项的最后一天，不能晚于今天（《指导意见》第十条）。")
    )
    reason = text(_("原因"))
    results = text(_("完成情况"), help_text=_("做到了什么，社区反映怎样。"))
    unfinished = text(_("对社区未了事项"), required=False, help_text=_("还欠社区的经费、物资、答复，怎样了结。"))
    handover = text(_("台账、系统、牌子交接"), required=False)


class CommentForm(forms.Form):
    """What a street or a community says of a filing."""

    text = text(_("意见"), help_text=_("事项是不是真的停了，台账、系统、牌子撤了没有，还有什么没有了结。"))


class HandedForm(forms.Form):
    """谁交办的，怎么交办的，哪一天: what a report and a refusal both ask."""

    department = needed_when(
        UnitChoice(
            label=_("哪个单位交办的"), queryset=Department.objects.none(), required=False,
            empty_label=_("不在名单里，写在下一格"),
        ),
        _("（名单里有的在这里选）"),
    )  # fmt: skip
    department_text = needed_when(
        CleanCharField(label=_("单位名称"), max_length=80, required=False), _("（上面没有选的必须写）")
    )
    channel = forms.ChoiceField(
        label=_("怎么交办的"), choices=UnapprovedReport.Channel.choices, widget=forms.RadioSelect
    )
    happened_on = forms.DateField(label=_("交办日期"))

    def __init__(self, *args: Any, county: str, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_units(self, county, today)

    def clean(self) -> dict[str, Any]:
        """Somebody must have asked."""
        given = super().clean() or {}
        if not given.get("department") and not given.get("department_text"):
            self.add_error("department_text", gettext("请选一个单位，或者写下单位名称。"))
        return given

    def given(self) -> dict[str, Any]:
        """What was filled in; the name as it was written, else that of the unit that was chosen."""
        given = dict(self.cleaned_data)
        given["department_text"] = given["department_text"] or given["department"].name
        return given


class RefusalForm(HandedForm):
    """拒绝告知书：什么事，为什么不办，谁、怎么交办的."""

    what = CleanCharField(label=_("交办的是什么事"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    wrong = forms.ChoiceField(
        label=_("为什么不办"), choices=Wrong.choices, initial=Wrong.UNAPPROVED, widget=forms.RadioSelect
    )
    remark = text(_("补充说明"), required=False, help_text=_("写进告知书，对方和街道、审核委员会办公室都看得到。"))
    field_order = ("what", "wrong")

    def asked(self) -> Asked:
        """As the action takes it."""
        return Asked(**self.given())


class ReportForm(HandedForm):
    """未经准入的工作：什么事，谁、怎么交办的，办了没有."""

    what = CleanCharField(
        label=_("交办的是什么事"), max_length=200, help_text=_("一句话，不用写本社区的名称。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    done = forms.ChoiceField(label=_("办了没有"), choices=UnapprovedReport.Done.choices, widget=forms.RadioSelect)
    wrongs = forms.MultipleChoiceField(
        label=_("有什么问题"), choices=Wrong.choices, initial=[Wrong.UNAPPROVED], widget=forms.CheckboxSelectMultiple,
        help_text=_("有几样选几样。"),
    )  # fmt: skip
    subject_type = forms.ChoiceField(label=_("属于哪一类"), choices=SubjectType.choices, initial=SubjectType.WORK_ITEM)
    details = text(
        _("具体情况"),
        rows=6,
        help_text=_("只有审核委员会办公室能看到是哪个社区报告的；反映办公室所在单位的，由代行单位办理，办公室看不到。"),
    )
    urgent = forms.BooleanField(
        label=_("是应急工作"), required=False,
        help_text=_("防汛、防疫一类，先办后补；从报告当天起五个工作日内补办确认。"),
    )  # fmt: skip
    uploads = UploadsField(label=_("文件、截图"), required=False)
    field_order = ("what",)

    def handed(self) -> Handed:
        """As the action takes it; the files go along by themselves."""
        return Handed(**{name: value for name, value in self.given().items() if name != "uploads"})


class ReportFilter(forms.Form):
    """What the list of reports is narrowed by, in the address bar."""

    wrong = forms.ChoiceField(label=_("问题"), choices=[("", _("全部")), *Wrong.choices], required=False)


class PassOnForm(forms.Form):
    """Which unit has to answer."""

    department = UnitChoice(
        label=_("转给哪个单位"), queryset=Department.objects.none(),
        help_text=_("转给办公室所在单位的，办公室回避，以后由代行单位办理。"),
    )  # fmt: skip

    def __init__(self, *args: Any, county: str, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_units(self, county, today)


class CloseForm(forms.Form):
    """On the list after all: which item, and why."""

    item = forms.ChoiceField(label=_("是清单上的哪一项"))
    answer = text(_("给报告单位的答复"), help_text=_("写明依据：清单的哪一项、哪一份告知单、范围和期限。"))

    def __init__(self, *args: Any, county: str, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = lists.shown(lists.of_county(county, AsOf(today))).order_by(*ORDERS[BY_DEPARTMENT])
        cast("forms.ChoiceField", self.fields["item"]).choices = [
            ("", gettext("请选择")),
            *(
                (group.printed, [(line.version.code, line.version.title) for line in group.lines])
                for group in lists.grouped(list(rows))
            ),
        ]


class AnswerForm(forms.Form):
    """The department has stopped."""

    answer = text(_("怎样处理的"), help_text=_("何时停止的，已经收上来的材料、已经建的群和台账怎样处理。"))


def offer_units(form: forms.Form, county: str, today: date) -> None:
    """The units of the county on the day."""
    field = cast("forms.ModelChoiceField[Department]", form.fields["department"])
    field.queryset = Department.objects.of(county).valid(today)
