"""The forms of the committee: where its office sits, a seat, its end. The keys are the keywords of the acts."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admission.models import CommitteeSeat
from communities.models import Department, Division
from communities.web.fields import EMPTY, DayField, UnitChoice


def units_of(county: Division, today: date) -> Any:
    """The departments and coordinating bodies of a county that are not about to end."""
    return Department.objects.of(county.code).valid(today).filter(street__isnull=True, ends_on__isnull=True)


class OfficeForm(forms.Form):
    """办公室设在哪个单位."""

    unit = UnitChoice(label=_("单位"), queryset=Department.objects.none(), help_text=_("一般是民政局。"))

    def __init__(self, *args: Any, county: Division, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        units = units_of(county, today).filter(hosts_office=False)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class SeatForm(forms.Form):
    """增加席位."""

    unit = UnitChoice(label=_("单位"), queryset=Department.objects.none())
    post = forms.ChoiceField(
        label=_("席位"), widget=forms.RadioSelect, choices=list(reversed(CommitteeSeat.Post.choices)),
        error_messages={"required": EMPTY}, help_text=_("会议的人数只数成员单位。"),
    )  # fmt: skip
    starts_on = DayField(label=_("开始日期"), help_text=_("审核委员会的文件写的日期，可以是以前的。"))
    ends_on = DayField(label=_("最后一天"), required=False, help_text=_("没有定的不填。"))

    def __init__(self, *args: Any, county: Division, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units_of(county, today)  # type: ignore[attr-defined]

    def clean_post(self) -> CommitteeSeat.Post:
        """As the act wants it."""
        return CommitteeSeat.Post(self.cleaned_data["post"])


class EndSeatForm(forms.Form):
    """终止席位."""

    ends_on = DayField(label=_("最后一天"), help_text=_("这一天的会议仍算它，第二天起不算。"))
