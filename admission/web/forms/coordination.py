"""What the office writes while points are coordinated (art 8(二))."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from admission.models import DisputedPoint
from admission.web.forms.fields import DayField, OneOfField, TextField
from admission.web.forms.steps import Seen
from communities.models import Department
from communities.web.fields import UnitChoice

RESULTS = (
    (DisputedPoint.Result.SETTLED, _("已协商一致"), _("方案已改，提出的单位已书面答复无异议")),
    (DisputedPoint.Result.WITHDRAWN, _("已书面撤回"), _("提出的单位不再坚持，已书面答复无异议")),
    (DisputedPoint.Result.TO_MEETING, _("提交会议审议"), _("协调不成，请成员单位会议审议")),
)


class RecordContact(Seen):
    """A talk with a department concerned."""

    department = UnitChoice(
        label=_("有关部门"),
        queryset=Department.objects.none(),
        error_messages={"required": _("选一个单位。"), "invalid_choice": _("没有这个单位，请重新选。")},
    )
    held_on = DayField(label=_("沟通日期"), help_text=_("不能晚于今天。"))
    summary = TextField(
        label=_("沟通情况"),
        max_length=4000,
        help_text=_("谁的职责、有没有意见、要不要改方案（《指导意见》第八条）。"),
        error_messages={"required": _("写明沟通的情况。")},
    )

    def __init__(self, *args: Any, departments: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]


class HandlePoint(Seen):
    """The result of one disputed point."""

    result = OneOfField(label=_("处理结果"), error_messages={"required": _("还没有选处理结果。")})
    reason = TextField(
        label=_("说明"),
        max_length=4000,
        help_text=_("怎样协调的，双方各是什么态度，结果凭什么。"),
        error_messages={"required": _("写明协调的经过和结果。")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["result"].choices = [  # type: ignore[attr-defined]
            (value, format_html("{}<small>{}</small>", name, meaning)) for value, name, meaning in RESULTS
        ]


class Summarise(Seen):
    """The course of the coordination (form field 41)."""

    summary = TextField(
        label=_("协调情况"),
        max_length=10_000,
        rows=8,
        help_text=_("写在申请表“协调情况”栏，会议和核准时会看到。"),
        error_messages={"required": _("写明协调的情况。")},
    )
