"""How an application begins: what kind of thing, and for whom (art 5; A-7: three ways lead to a draft)."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from admission.web.forms.draft import explained
from admission.web.forms.fields import OneOfField
from base.forms import needed_when
from communities.models import Department
from communities.web.fields import UnitChoice
from worklists.kinds import SubjectType

OWN, ON_BEHALF = "own", "on_behalf"


class SearchForm(forms.Form):
    """Find an item of the list."""

    q = forms.CharField(
        label=_("关键词"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("事项、部门")}),
    )


class BeginForm(forms.Form):
    """What is not known yet: the sort of thing, and for a street in whose name it applies."""

    use_required_attribute = False

    whose = OneOfField(label=_("为谁申请"))
    applicant = needed_when(
        UnitChoice(
            label=_("代部门起草的，选部门"),
            queryset=Department.objects.none(),
            required=False,
            help_text=_("部门认可以后才能提交，提交以后就是部门的申请。"),
            error_messages={"invalid_choice": _("没有这个部门，或者它已经撤销，请重新选。")},
        ),
        _("（代部门起草时必须选）"),
    )
    subject_type = OneOfField(
        label=_("申请对象"),
        choices=SubjectType.choices,
        help_text=_("工作事项以外的这些，进社区也要准入（《指导意见》第一条）。"),
    )

    def __init__(
        self, *args: Any, street: str, may_own: bool, departments: Sequence[int], asks_subject: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_subject:
            del self.fields["subject_type"]
        if not departments:
            del self.fields["whose"], self.fields["applicant"]
            return
        own = (OWN, explained(_("为本街道（镇）的工作"), _("%s自己要社区做的事，自己申请") % street))
        behalf = (ON_BEHALF, explained(_("代部门起草"), _("部门布置下来的事，街道代写，部门认可后提交")))
        cast("forms.ChoiceField", self.fields["whose"]).choices = [own, behalf] if may_own else [behalf]
        units = Department.objects.filter(pk__in=departments)
        cast("forms.ModelChoiceField[Department]", self.fields["applicant"]).queryset = units

    def clean(self) -> dict[str, Any]:
        """On behalf of somebody, one says of whom."""
        cleaned = super().clean() or {}
        if cleaned.get("whose") == ON_BEHALF and not cleaned.get("applicant") and "applicant" not in self.errors:
            self.add_error("applicant", _("请选部门。"))
        return cleaned

    @property
    def unit(self) -> Department | None:
        """The department a street prepares for; None for one's own unit."""
        return self.cleaned_data.get("applicant") if self.cleaned_data.get("whose") == ON_BEHALF else None
