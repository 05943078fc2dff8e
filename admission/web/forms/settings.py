"""The form for one setting of a county: its value by its kind, the basis, the day from which it applies."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission.presentation.settings import Kind
from admission.rules import WORDINGS, Key, wording_taken
from base import numbering
from base.errors import RuleViolation
from base.forms import CleanCharField
from communities.choices import grouped, local_name
from communities.models import Department, Division
from worklists import rules as lists

LONGEST_PERIOD = 90
LONGEST_LEAD = 250
YES_NO = [("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]


class WordingField(CleanCharField):
    """A wording from which numbers can be made, as `base.numbering` wants it."""

    def validate(self, value: Any) -> None:
        """One place for the year, one for the running number, nothing else in braces."""
        super().validate(value)
        try:
            numbering.check_wording(value)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal), code="wording") from refusal


class YesNoField(forms.ChoiceField):
    """A rule that holds or does not."""

    widget = forms.RadioSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=YES_NO, **options)

    def prepare_value(self, value: Any) -> Any:
        """True and False as the choices spell them."""
        return {True: "yes", False: "no"}.get(value, value)

    def clean(self, value: Any) -> Any:
        """A truth value."""
        return super().clean(value) == "yes"


class SettingForm(forms.Form):
    """Change one setting."""

    basis = CleanCharField(
        label=gettext_lazy("依据"),
        max_length=300,
        help_text=gettext_lazy("写明区里的文件名称和文号，例如“天准委〔2026〕1号”。大家在页面上看得到。"),
    )
    since = forms.DateField(
        label=gettext_lazy("自何日起"),
        help_text=gettext_lazy("今天或以后。这一天以前已经开始的时限，仍按原来的算。"),
    )

    field_order = ["value", "basis", "since"]

    def __init__(self, *args: Any, kind: Kind, county: Division, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.county, self.today = kind, county, today
        self.fields["value"] = _field(kind, county)
        self.order_fields(self.field_order)

    def clean_since(self) -> date:
        """Never backwards."""
        since: date = self.cleaned_data["since"]
        if since < self.today:
            raise forms.ValidationError(_("设置不能追溯，请填今天或以后的日期。"))
        return since

    def clean(self) -> dict[str, Any]:
        """Two series that come to the same number block each other: no two wordings are the same."""
        typed = super().clean() or {}
        wording, since = typed.get("value"), typed.get("since")
        if self.kind.key not in WORDINGS or not wording or not since:
            return typed
        if taken := wording_taken(self.county.code, self.kind.key, wording, since=since):
            self.add_error("value", _("“%s”用的就是这个格式，会编出同样的号；请改成不一样的。") % taken)
        return typed


def _field(kind: Kind, county: Division) -> forms.Field:
    label = str(kind.label)
    if kind.key in WORDINGS:
        said = gettext_lazy("{year} 是年份，{n} 是顺序号，各写一次，例如“株天社准告〔{year}〕{n}号”。")
        return WordingField(label=label, max_length=60, help_text=said)
    if isinstance(kind.default, bool):
        return YesNoField(label=label)
    if kind.key == lists.Key.SUBSTITUTE_UNIT:
        units = Department.objects.of(county.code).filter(ends_on__isnull=True, street__isnull=True, hosts_office=False)
        names = [
            (kind, [(unit.name, local_name(unit)) for unit in rows])
            for kind, rows in grouped(list(units.select_related("division", "street")))
        ]
        return forms.ChoiceField(label=label, choices=names)
    most = LONGEST_LEAD if kind.key == Key.APPLY_AHEAD_DAYS else LONGEST_PERIOD
    if kind.key == Key.QUORUM_PERCENT:
        return forms.IntegerField(
            label=label, min_value=0, max_value=99, widget=forms.NumberInput(attrs={"data-unit": "%"})
        )
    unit = str(kind.unit).strip()
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, widget=forms.NumberInput(attrs={"data-unit": unit})
    )
