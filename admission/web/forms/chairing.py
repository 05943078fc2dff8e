"""Who chairs a meeting: director, deputy, or the office under a recorded authority (art 8(三); A-6)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admission.models import Meeting
from admission.web.forms.draft import explained
from admission.web.forms.fields import LineField, OneOfField
from admission.web.forms.unfinished import UnfinishedForm
from base.forms import needed_when


class ChairForm(forms.Form):
    """Who chairs; the office only with a recorded authority."""

    chair = OneOfField(
        label=_("谁主持"),
        choices=[
            (Meeting.Chair.DIRECTOR, explained(Meeting.Chair.DIRECTOR.label, _("县市区委副书记"))),
            (Meeting.Chair.DEPUTY, explained(Meeting.Chair.DEPUTY.label, _("分管副县市区长"))),
            (Meeting.Chair.OFFICE, explained(_("办公室"), _("要有主任或副主任的授权，下面写明"))),
        ],
        error_messages={"required": _("选由谁主持；主持人定会议纪要。")},
    )
    authorisation = needed_when(
        LineField(
            label=_("授权依据"),
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": "2"}),
            help_text=_("谁、哪天、用什么文件授权（《指导意见》第八条第三项）。"),
        ),
        _("（办公室主持时必须填）"),
    )

    def clean(self) -> dict[str, Any]:
        """The authority is asked for at its own question."""
        cleaned = super().clean() or {}
        if cleaned.get("chair") == Meeting.Chair.OFFICE and not cleaned.get("authorisation"):
            self.add_error("authorisation", _("办公室主持会议要写明授权依据；没有授权的，请改由主任或副主任主持。"))
        return cleaned


class RecordedChair(ChairForm, UnfinishedForm):
    """Who really chaired: what was planned stands until something else is chosen."""


def chair_of(meeting: Meeting) -> dict[str, Any]:
    """Who chairs it as it stands."""
    return {"chair": meeting.chair, "authorisation": meeting.authorisation}
