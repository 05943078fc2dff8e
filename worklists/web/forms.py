"""What people fill in: the day of a list, the cover and the entries of an edition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base import files
from base.errors import RuleViolation
from base.forms import CleanCharField, UploadField, needed_when
from base.templatetags.portal import zh_day
from worklists import rows
from worklists.actions import EntryText, Head
from worklists.actions.outlook import Outlook
from worklists.kinds import AppliesTo, Category
from worklists.models import ItemList

LARGEST_FILE = 5 * 1024 * 1024
LONG = {"class": "w-l"}
CHOOSE = {"required": _("还没有选。")}


class AsOfForm(forms.Form):
    """Which day's list, and what was known of it on which day."""

    on = forms.DateField(label=_("看哪一天的清单"), required=False)
    known = forms.DateField(label=_("按哪一天的记录看"), required=False)


class CoverForm(forms.Form):
    """The cover of an edition."""

    title = CleanCharField(label=_("名称"), max_length=120)
    issue_number = CleanCharField(
        label=_("文号"), max_length=60, required=False, help_text=_("印发这一版的文件，例如“株天办发〔2026〕8号”。")
    )
    issued_on = forms.DateField(label=_("印发日期"), required=False)
    starts_on = forms.DateField(
        label=_("施行日期"), required=False,
        help_text=_("从这一天起进入各社区的清单；公布前必须填写。早于今天的，要填印发的文号和日期。"),
    )  # fmt: skip
    source = CleanCharField(label=_("来源文件"), max_length=200, required=False)

    def head(self) -> Head:
        """The cover as the actions take it."""
        return Head(**{name: self.cleaned_data[name] for name in CoverForm.base_fields})

    @staticmethod
    def initial_of(edition: ItemList) -> dict[str, Any]:
        """What a draft says now."""
        return {name: getattr(edition, name) for name in CoverForm.base_fields}


class ImportForm(CoverForm):
    """A list in a file, with its cover."""

    file = UploadField(
        label=_("清单文件"), allowed=files.TABLES, limit=LARGEST_FILE,
        help_text=_("CSV（UTF-8 或 GBK）或 XLSX。表头要有“部门”“类别”“事项”三列，其他各列可以没有。"),
    )  # fmt: skip
    field_order = ["file", *CoverForm.base_fields]

    def clean_file(self) -> rows.Reading:
        """The rows of the file; a file that holds no such table is refused here."""
        upload = self.cleaned_data["file"]
        upload.seek(0)
        try:
            return rows.read(upload.name, upload.read())
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class EntryForm(forms.Form):
    """What one entry says."""

    department_text = CleanCharField(
        label=_("部门"), max_length=80, help_text=_("照文件上的写法；机构改革后的名称由系统注在旁边。")
    )
    category = forms.ChoiceField(
        label=_("类别"), choices=Category.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    title = CleanCharField(label=_("事项"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    applies_to = forms.ChoiceField(
        label=_("适用"), choices=AppliesTo.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )

    def text(self) -> EntryText:
        """The entry as the actions take it."""
        said = {name: self.cleaned_data[name] for name in EntryForm.base_fields}
        return EntryText(**{**said, "title": " ".join(said["title"].split())})


class AddForm(EntryForm):
    """An entry that a county adds by its own decision."""

    decision_number = needed_when(
        CleanCharField(label=_("决定文号"), max_length=60, required=False), _("（区县增列的事项必须填写）")
    )


class DropForm(forms.Form):
    """Why an entry is not taken."""

    reason = CleanCharField(label=_("不采用的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class Confirm(forms.Form):
    """Nothing to fill in, only to confirm."""


class NumberForm(forms.Form):
    """The document that issues a list."""

    issue_number = CleanCharField(
        label=_("文号"), max_length=60, help_text=_("印发这一版的文件，例如“株天办发〔2026〕8号”。")
    )


class PublishForm(forms.Form):
    """审定公布; when many items leave the list, said in so many words."""

    def __init__(self, *args: Any, effect: Outlook, **options: Any) -> None:
        super().__init__(*args, **options)
        if effect.many_go:
            label = _("我知道现在的 %(before)d 项里有 %(go)d 项从%(day)s起不再列入清单")
            said = {"before": effect.before, "go": effect.go, "day": zh_day(effect.on)}
            self.fields["knowing"] = forms.BooleanField(
                label=label % said, error_messages={"required": _("要公布的，请先勾选。")}
            )
