"""The forms of the working-day calendar: one day, a day taken back, a year published."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from admission.web.forms.settings import YesNoField
from base.forms import CleanCharField

SOURCE_HELP = gettext_lazy("写明放假通知的名称和日期，例如“国务院办公厅关于2027年部分节假日安排的通知”。")


class WorksField(YesNoField):
    """Worked, or off."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.choices = [("no", gettext_lazy("放假")), ("yes", gettext_lazy("上班（调休）"))]


class DayForm(forms.Form):
    """One day that differs from its weekday."""

    on = forms.DateField(label=gettext_lazy("日期"))
    is_workday = WorksField(label=gettext_lazy("这一天"))
    name = CleanCharField(label=gettext_lazy("节日或者原因"), max_length=40)
    source = CleanCharField(label=gettext_lazy("依据文件"), max_length=200, help_text=SOURCE_HELP)


class ClearForm(forms.Form):
    """A day that was entered by mistake."""

    on = forms.DateField(label=gettext_lazy("日期"), help_text=gettext_lazy("取消以后，这一天按星期几算。"))


class YearForm(forms.Form):
    """The notice of a year has been entered in full."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2018, max_value=2100)
    source = CleanCharField(label=gettext_lazy("依据文件"), max_length=200, help_text=SOURCE_HELP)
    published_on = forms.DateField(label=gettext_lazy("文件发布日期"), required=False)
