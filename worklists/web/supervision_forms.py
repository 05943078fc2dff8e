"""What is filled in about supervision cases: the charge, the answers, asking again, closing."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from base.forms import CleanCharField, UploadsField
from communities.choices import in_order
from communities.models import Department
from communities.web.fields import DayField, UnitChoice
from worklists.models import SupervisionCase
from worklists.receiving.supervising import Charge
from worklists.web.receiving_forms import text


class ByCounty(ModelChoiceIterator):
    """The units of one or several counties: one group for each county. One query."""

    def __iter__(self) -> Iterator[Any]:
        """What stands for none, then county by county."""
        yield ("", self.field.empty_label)
        rows = list(self.queryset.select_related("division", "street"))
        rows.sort(key=lambda unit: (unit.division.code, in_order(unit)))
        for county, units in groupby(rows, key=lambda unit: unit.division.name):
            yield county, [self.choice(unit) for unit in units]


class UnitOfCounties(UnitChoice):
    """A unit of any county of a territory."""

    iterator = ByCounty


def last_day() -> DayField:
    """The day by which it is answered, where it is not counted."""
    return DayField(
        label=_("最晚答复日期"), required=False, help_text=_("不填的，按本区县规定的工作日数，从次日起算。")
    )


class ChargeForm(forms.Form):
    """督办谁，督办什么，凭什么，要做什么，什么时候答复."""

    unit = UnitChoice(label=_("督办哪个单位"), queryset=Department.objects.none())
    matter = CleanCharField(
        label=_("督办的事"), max_length=200, help_text=_("一句话，不写社区的名称。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    basis = text(_("依据"), help_text=_("哪个文件的哪一条。"))
    demand = text(_("要求"), help_text=_("要单位做什么：停止交办、补充申请确认、撤回牌子和台账、拨付经费。"))
    due_on = last_day()

    def __init__(self, *args: Any, units: QuerySet[Department], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Department]", self.fields["unit"]).queryset = units

    def charge(self) -> Charge:
        """As the action takes it."""
        return Charge(**self.cleaned_data)


class OwnAccordForm(ChargeForm):
    """The same in a territory of several counties."""

    unit = UnitOfCounties(label=_("督办哪个单位"), queryset=Department.objects.none())


class CaseAnswerForm(forms.Form):
    """What the unit has done about it."""

    text = text(
        _("怎样整改的"), rows=6, help_text=_("做了什么，什么时候做完；没有做到的，写明原因和打算。可以分几次答复。")
    )
    uploads = UploadsField(label=_("附件"), required=False)


class AgainForm(forms.Form):
    """What is still missing, and by when."""

    why = text(_("还要做什么"))
    due_on = last_day()


class CaseCloseForm(forms.Form):
    """How it ended."""

    result = forms.ChoiceField(label=_("结果"), choices=SupervisionCase.Result.choices, widget=forms.RadioSelect)
    reason = text(
        _("说明"), help_text=_("凭什么这样认定；没有整改的，写明以后怎样处理。被督办单位和报告单位都看得到。")
    )
