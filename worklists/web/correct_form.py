"""更正清单上的一个版本：what nobody decided may be mended, what was decided only restored, and why."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from base.forms import CleanCharField
from communities.models import Department, Division
from communities.web.fields import UnitChoice
from worklists import lists
from worklists.actions import decided
from worklists.models import ItemVersion
from worklists.web.receiving_forms import text


class CorrectForm(forms.Form):
    """Who the department is, how it is printed, the basis; and what was decided, where the record departs from it."""

    department_text = CleanCharField(label=_("部门"), max_length=80, help_text=_("照文件上的写法。"))
    department = UnitChoice(
        label=_("现在是哪个单位"), queryset=Department.objects.none(), required=False, empty_label=_("没有对应的单位")
    )
    basis = text(_("依据"), required=False)
    restore = forms.BooleanField(label=_("其他内容恢复为核准的内容"), required=False)
    reason = CleanCharField(
        label=_("更正的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如“录入时抄错了部门名称，见株天办发〔2026〕8号”。理由记入审计记录，并告知部门和街道（乡镇）。"),
    )  # fmt: skip

    def __init__(self, *args: Any, version: ItemVersion, owner: Division, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        if not decided.can_restore(version):
            del self.fields["restore"]
        else:
            source = f"《{version.edition}》" if version.edition else version.notice_number
            self.fields["restore"].help_text = gettext("记录的内容与%s不一致。") % source
        last = lists.last_day(version)
        units = Department.objects.of(owner.code).valid(min(today, last) if last else today)
        if version.department is not None:
            units |= Department.objects.filter(pk=version.department.pk)
        cast("forms.ModelChoiceField[Department]", self.fields["department"]).queryset = units

    @staticmethod
    def recorded(version: ItemVersion) -> dict[str, Any]:
        """What is recorded now."""
        return {
            "department_text": version.department_text, "department": version.department_id, "basis": version.basis
        }  # fmt: skip

    def corrected(self) -> dict[str, Any]:
        """The correction, as the action takes it."""
        given = self.cleaned_data
        unit = given["department"]
        return {
            "department_id": unit.pk if unit else None, "department_text": given["department_text"],
            "basis": given["basis"], "restore": given.get("restore", False),
        }  # fmt: skip
