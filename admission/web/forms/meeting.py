"""Meetings: when and where and who chairs; who came, what was reported, said and concluded; the answers (art 8(三))."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admission.actions.attendance import Party
from admission.actions.convening import why_not_at
from admission.models import AgendaItem, Meeting
from admission.models.consultation import Fate
from admission.web.forms.attendance import GuestsForm, attendance, present_of
from admission.web.forms.chairing import ChairForm, RecordedChair, chair_of
from admission.web.forms.draft import explained
from admission.web.forms.fields import FIRST_DAY, LAST_DAY, LineField, OneOfField, TextField
from admission.web.forms.steps import Seen
from admission.web.forms.unfinished import RowForm, Rows, UnfinishedForm
from base.forms import needed_when

MOST_SPEAKERS = 40


class PlanMeetingForm(ChairForm):
    """A new meeting; the office chairs only with a recorded authority (A-6)."""

    use_required_attribute = False
    field_order = ("planned_at", "place")

    planned_at = forms.DateTimeField(
        label=_("开会时间"),
        help_text=_("列入议程时，申请单位、成员单位和被征询过的街道、社区都会收到通知（《指导意见》第八条）。"),
        error_messages={
            "required": _("写明哪天几点开会。"),
            "invalid": _("这不是一个时间，请按 2026-11-21 09:00 的样子填。"),
        },
    )
    place = LineField(label=_("地点"), max_length=120, error_messages={"required": _("写明在哪里开会。")})
    beside = needed_when(
        forms.TypedMultipleChoiceField(
            label=_("撞在一起的会议"),
            required=False,
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": _("这次会议已经开过了，不用再勾选。")},
        ),
        _("（照样安排时必须勾选）"),
    )

    def __init__(self, *args: Any, meetings: Sequence[Meeting] = (), **kwargs: Any) -> None:
        """`meetings`: those to come, which it may collide with and be planned beside."""
        super().__init__(*args, **kwargs)
        beside = cast("forms.TypedMultipleChoiceField", self.fields["beside"])
        beside.choices = [(row.pk, _("照样安排，已知道有%s") % row) for row in meetings]

    def said_of(self, clashing: Collection[Meeting]) -> None:
        """Only what it collides with is asked about; nothing where it does not."""
        if not clashing:
            del self.fields["beside"]
            self.errors.pop("beside", None)
            return
        beside = cast("forms.TypedMultipleChoiceField", self.fields["beside"])
        known = {row.pk for row in clashing}
        beside.choices = [choice for choice in cast("list[tuple[int, str]]", beside.choices) if choice[0] in known]

    def clean_planned_at(self) -> Any:
        """A slip in the year is noticed; so is a moment that has passed, and one that is too far off."""
        planned_at = self.cleaned_data["planned_at"]
        if not FIRST_DAY <= planned_at.date() <= LAST_DAY:
            raise forms.ValidationError(_("年份要在 2000 到 2099 之间，请改。"))
        if said := why_not_at(planned_at, at=timezone.now()):
            raise forms.ValidationError(said)
        return planned_at


class MoveMeetingForm(PlanMeetingForm):
    """Another time, place or chair (改期)."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["planned_at"].help_text = ""


class CancelMeetingForm(Seen):
    """Why it will not be held."""

    reason = TextField(
        label=_("取消的原因"),
        max_length=300,
        rows=3,
        help_text=_("收到过会议通知的单位都看得到。"),
        error_messages={"required": _("写明为什么取消。")},
    )


class HeardForm(UnfinishedForm):
    """One item of the agenda: the report, the chair's conclusion."""

    report = TextField(
        label=_("专题汇报"), rows=4, help_text=_("申请单位汇报了什么，记要点（《指导意见》第八条第三项）。")
    )
    conclusion = OneOfField(
        label=_("会议结论"),
        choices=[
            (AgendaItem.Conclusion.ADMIT, explained(AgendaItem.Conclusion.ADMIT.label, _("逐条答复意见以后提请核准"))),
            (
                AgendaItem.Conclusion.ADMIT_AMENDED,
                explained(AgendaItem.Conclusion.ADMIT_AMENDED.label, _("申请单位要先提交修改后的方案")),
            ),
            (
                AgendaItem.Conclusion.REFUSE,
                explained(AgendaItem.Conclusion.REFUSE.label, _("核准时只能不予，或者退回再议")),
            ),
            (AgendaItem.Conclusion.DEFER, explained(AgendaItem.Conclusion.DEFER.label, _("以后的会议再议"))),
        ],
        help_text=_("由主持人作出；核准不能与它相反，只能退回会议再议。"),
    )
    conclusion_text = needed_when(
        TextField(label=_("结论说明"), rows=2, required=False, help_text=_("同意的条件、不同意或者暂缓的理由。")),
        _("（直接同意的可以不写）"),
    )


class SpeakerRow(RowForm):
    """What one unit said."""

    needed = ("speaker", "text")

    speaker = LineField(
        label=_("发言单位"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "w-m", "list": "speakers"}),
        error_messages={"required": _("写明哪个单位说的。")},
    )
    text = TextField(label=_("意见"), rows=2, max_length=4000, error_messages={"required": _("写明说了什么。")})


class MinutesForm(UnfinishedForm):
    """The minutes, and the version of the meeting that the form was made from."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    fit = forms.BooleanField(label=_("纪要看过了，仍然符合现在的记录"), required=False)
    minutes = TextField(
        label=_("会议纪要"), rows=12, max_length=50_000, help_text=_("可以先按记录起草，再改；主持人定稿以后不能再改。")
    )


class RecordForm:
    """The record of a whole meeting: attendance, each item, the minutes."""

    def __init__(self, sitting: Any, data: Any = None) -> None:
        meeting = sitting.meeting
        self.minutes = MinutesForm(data, initial={"seen": meeting.version, "minutes": meeting.minutes})
        self.chair = RecordedChair(data, initial=chair_of(meeting))
        self.seats = attendance(sitting.seats, data)
        self.guests = GuestsForm(sitting.guests, data)
        self.items = [(item, *self._item(item.row, data)) for item in sitting.agenda]

    def _item(self, row: AgendaItem, data: Any) -> tuple[HeardForm, Rows]:
        said = [
            {"speaker": one.speaker, "text": one.text} for one in sorted(row.opinions.all(), key=lambda one: one.pk)
        ]
        factory = forms.formset_factory(
            SpeakerRow, formset=Rows, extra=1, max_num=MOST_SPEAKERS, validate_max=True, absolute_max=MOST_SPEAKERS + 1
        )
        initial = {name: getattr(row, name) for name in HeardForm.base_fields}
        rows = cast("Rows", factory(data, prefix=f"said-{row.pk}", initial=said))
        return HeardForm(data, prefix=f"item-{row.pk}", initial=initial), rows

    @property
    def parts(self) -> list[Any]:
        """Every form and formset."""
        found: list[Any] = [self.minutes, self.chair, *(form for _seat, form in self.seats), *self.guests.parts]
        for _item, heard, said in self.items:
            found += [heard, said]
        return found

    def attended(self) -> list[Any]:
        """The seats as they were filled in."""
        return [
            replace(seat, present=form.cleaned_data["present"], represented_by=form.cleaned_data["post"])
            for seat, form in self.seats
        ]

    def present(self) -> dict[Party, str]:
        """Who came, of everybody that was expected."""
        return {**present_of(self.seats), **self.guests.present()}

    def recorded(self) -> list[tuple[AgendaItem, dict[str, Any], list[dict[str, Any]]]]:
        """Each item with what was written about it."""
        return [(item.row, heard.cleaned_data, said.rows) for item, heard, said in self.items]

    def is_valid(self) -> bool:
        """Can all of it be kept? Every part is asked."""
        fit = [part.is_valid() for part in self.parts]
        return all(fit)

    def problems(self) -> list[tuple[str, str, str]]:
        """Everything that is wrong, where it stands."""
        single = (self.chair, self.minutes, *(form for _seat, form in self.seats), *self.guests.parts)
        found = [problem for form in single for problem in form.problems()]
        for item, heard, said in self.items:
            found += [(anchor, f"{item.application}，{label}", text) for anchor, label, text in heard.problems()]
            found += said.problems(str(item.application))
        return found


class AnswerForm(Seen):
    """The applicant's answer to one opinion of the meeting (A-33)."""

    fate = OneOfField(label=_("采纳情况"), choices=Fate.choices, error_messages={"required": _("选是否采纳。")})
    answer = TextField(
        label=_("答复"),
        rows=3,
        help_text=_("采纳的写改在哪里，不采纳的写理由；合理的意见应当充分采纳（《指导意见》第八条第三项）。"),
        error_messages={"required": _("写明怎样采纳，或者为什么不采纳。")},
    )
