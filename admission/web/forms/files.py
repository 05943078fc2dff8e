"""Handing in files and taking them off."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admission.models import ApplicationFile
from base.forms import UploadsField


class AddFiles(forms.Form):
    """One or several files of one purpose."""

    purpose = forms.ChoiceField(label=_("用途"), choices=ApplicationFile.Purpose.choices)
    uploads = UploadsField(
        label=_("文件"),
        help_text=_("可以一次选几个。"),
        error_messages={"required": _("还没有选文件。")},
    )


class RemoveFile(forms.Form):
    """Nothing to ask: the button is the confirmation."""

    def clean(self) -> dict[str, Any]:
        """Nothing to hand on."""
        return {}
