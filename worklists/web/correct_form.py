"""更正清单上的一个版本：what it says, where and when it holds, and why it is corrected."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from base.forms import CleanCharField
from base.text import one_line
from communities.models import Department, Division
from communities.web.fields import UnitChoice
from worklists import lists
from worklists.content import ItemContent
from worklists.kinds import AppliesTo, Category, Executor, SubjectType
from worklists.models import ItemVersion
from worklists.web.receiving_forms import text
from worklists.web.scope import Offer, ScopeField

SAID = ("title", "category", "subject_type", "applies_to", "executor", "department_text", "does", "does_not", "basis")


class CorrectForm(forms.Form):
    """All that a version says, as it is recorded now; what is right replaces it."""

    title = CleanCharField(label=_("事项"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    department_text = CleanCharField(label=_("部门"), max_length=80, help_text=_("照文件上的写法。"))
    department = UnitChoice(
        label=_("现在是哪个单位"), queryset=Department.objects.none(), required=False, empty_label=_("没有对应的单位")
    )
    category = forms.ChoiceField(label=_("类别"), choices=Category.choices, widget=forms.RadioSelect)
    subject_type = forms.ChoiceField(label=_("对象"), choices=SubjectType.choices)
    applies_to = forms.ChoiceField(label=_("适用"), choices=AppliesTo.choices, widget=forms.RadioSelect)
    executor = forms.ChoiceField(label=_("承接主体"), choices=Executor.choices, widget=forms.RadioSelect)
    does = text(_("社区做什么"), required=False)
    does_not = text(_("社区不做什么"), required=False)
    basis = text(_("依据"), required=False)
    starts_on = forms.DateField(label=_("施行日期"))
    ends_on = forms.DateField(label=_("截止日期"), required=False, help_text=_("列在清单上的最后一天；常态工作不填。"))
    scope = ScopeField(label=_("实施范围"))
    reason = CleanCharField(
        label=_("更正的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如“录入时抄错了事项名称，见株天办发〔2026〕8号”。理由记入审计记录。"),
    )  # fmt: skip

    def __init__(self, *args: Any, version: ItemVersion, owner: Division, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        last = lists.last_day(version)
        on = min(today, last) if last else today
        held = frozenset(scope.code for scope in version.scopes.all())
        places = Division.objects.under(owner.code).of_level(9, 12).select_related("successor").order_by("code")
        cast("ScopeField", self.fields["scope"]).offer(Offer(owner, list(places), on, kept=held), chosen=held)
        units = Department.objects.of(owner.code).valid(on)
        if version.department is not None:
            units |= Department.objects.filter(pk=version.department.pk)
        cast("forms.ModelChoiceField[Department]", self.fields["department"]).queryset = units

    @staticmethod
    def recorded(version: ItemVersion) -> dict[str, Any]:
        """What is recorded now."""
        return {
            **{name: getattr(version, name) for name in SAID},
            "department": version.department_id, "scope": [scope.code for scope in version.scopes.all()],
            "starts_on": version.in_force.lower, "ends_on": lists.last_day(version),
        }  # fmt: skip

    def clean_title(self) -> str:
        """One line, whatever was pasted."""
        return one_line(self.cleaned_data["title"])

    def clean_scope(self) -> list[Division]:
        """At least one place."""
        places: list[Division] = self.cleaned_data["scope"]
        if not places:
            raise forms.ValidationError(self.fields["scope"].error_messages["required"], code="required")
        return places

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given = super().clean() or {}
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", gettext("结束日期不能早于开始日期，请改正。"))
        return given

    def parts(self) -> list[dict[str, Any]]:
        """The groups of the form."""
        groups = [
            (_("内容"), "said", [*SAID[:1], "department_text", "department", *SAID[1:5], *SAID[6:]]),
            (_("期间和范围"), "term", ["starts_on", "ends_on", "scope"]),
            (_("理由"), "why", ["reason"]),
        ]
        return [{"title": title, "id": part, "fields": [self[name] for name in names]} for title, part, names in groups]

    def content(self) -> ItemContent:
        """What the version will say."""
        unit = self.cleaned_data["department"]
        said = {name: self.cleaned_data[name] for name in SAID}
        return ItemContent(**said, department_id=unit.pk if unit else None)

    def corrected(self) -> dict[str, Any]:
        """The whole correction, as the action takes it."""
        given = self.cleaned_data
        return {
            "content": self.content(), "scope": [place.code for place in given["scope"]],
            "starts_on": given["starts_on"], "ends_on": given["ends_on"], "reason": given["reason"],
        }  # fmt: skip
