"""A body's answer, the applicant's response to it, and who is asked again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from admission.actions.consultation import NOTHING_TO_CHANGE
from admission.models import Opinion
from admission.models.consultation import Fate
from admission.requirements import STREET_KINDS
from admission.web.forms.fields import LineField, OneOfField, TextField
from admission.web.forms.steps import Seen
from communities.models import Division
from communities.roles import STREET

STANCES = (
    (Opinion.Stance.NO_OBJECTION, _("无异议"), _("照方案办，没有别的要求")),
    (Opinion.Stance.CONDITIONAL, _("有条件同意"), _("改好下面写的几点，才同意；改好以前算有异议")),
    (Opinion.Stance.OBJECTION, _("有异议"), _("不同意由社区做，或者不同意这样做")),
)


def _explained(name: Any, meaning: Any) -> Any:
    return format_html("{}<small>{}</small>", name, meaning)


class GiveOpinion(forms.Form):
    """One answer, which cannot be changed afterwards; a street may answer for its silent communities (A-4)."""

    stance = OneOfField(label=_("本单位的态度"), error_messages={"required": _("还没有选态度。")})
    points = TextField(
        label=_("意见（无异议的可以不写）"),
        max_length=4000,
        help_text=_("有条件或者有异议的，写明针对方案的哪一点、为什么（《指导意见》第七条）。"),
        error_messages={"required": _("有条件或者有异议的，写明是哪一点、为什么。")},
    )
    suggested_change = TextField(label=_("建议怎样改"), max_length=4000, rows=3, required=False)
    capacity = LineField(
        label=_("能投入的人和时间"), max_length=300, required=False, help_text=_("例：2 人，每月合计 6 小时。")
    )

    def __init__(self, *args: Any, communities: Sequence[Division] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["stance"].choices = [(v, _explained(name, said)) for v, name, said in STANCES]  # type: ignore[attr-defined]
        self.communities = {str(place.pk): place for place in communities}
        if communities:
            self.fields["all_communities"] = forms.BooleanField(
                label=gettext("本街道没有答复的 %s 个社区都照此答复") % len(communities), required=False
            )
            self.fields["on_behalf_of"] = forms.MultipleChoiceField(
                label=_("只代其中几个社区答复"),
                choices=[(key, place.name) for key, place in self.communities.items()],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("已经自己答复的社区不受影响。代答前请先问过社区。"),
            )

    def clean(self) -> dict[str, Any]:
        """Conditions and objections say what; the communities as the act takes them."""
        said = super().clean() or {}
        contested = {Opinion.Stance.CONDITIONAL, Opinion.Stance.OBJECTION}
        if said.get("stance") not in contested and self.has_error("points", "required"):
            del self.errors["points"]
            said["points"] = ""
        if said.get("stance") == Opinion.Stance.NO_OBJECTION and said.get("suggested_change"):
            self.add_error("suggested_change", NOTHING_TO_CHANGE)
        chosen = list(self.communities) if said.pop("all_communities", False) else said.get("on_behalf_of", [])
        return {**said, "on_behalf_of": [self.communities[key] for key in chosen]}


class Respond(Seen):
    """What becomes of a condition or an objection, and why (form field 35)."""

    fate = OneOfField(label=_("采纳情况"), error_messages={"required": _("还没有选是否采纳。")})
    reason = TextField(
        label=_("说明"),
        max_length=4000,
        help_text=_("采纳的，写方案哪里改了；不采纳的，写理由。合理意见应当充分采纳（《指导意见》第八条）。"),
        error_messages={"required": _("写明改了哪里，或者为什么不改。")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["fate"].choices = Fate.choices  # type: ignore[attr-defined]


class WithdrawObjection(Seen):
    """Why the body insists no more."""

    reason = TextField(
        label=_("撤回的原因"),
        max_length=4000,
        help_text=_("申请单位、审核委员会和别的单位都看得到。"),
        error_messages={"required": _("写明为什么不再坚持。")},
    )


class Reopen(Seen):
    """Which of the bodies that were asked before are touched by the new version."""

    bodies = forms.MultipleChoiceField(
        label=_("请哪些单位再次书面答复"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("已经选好有异议、有条件和没有答复的。方案的修改涉及别的单位的，也要选上。"),
        error_messages={"required": _("至少选一个单位。")},
    )

    def __init__(self, *args: Any, asked: Sequence[Division], **options: Any) -> None:
        super().__init__(*args, **options)
        self.asked = {str(body.pk): body for body in asked}
        self.fields["bodies"].choices = by_street(asked)  # type: ignore[attr-defined]

    def clean_bodies(self) -> list[Division]:
        """As the act takes them."""
        return [self.asked[key] for key in self.cleaned_data["bodies"]]


def by_street(bodies: Sequence[Division]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices in groups: a street and its communities."""
    names = {body.code: body.name for body in bodies if body.kind in STREET_KINDS}
    groups: dict[str, list[tuple[str, str]]] = {}
    for body in sorted(bodies, key=lambda body: body.code):
        groups.setdefault(body.code[:STREET], []).append((str(body.pk), body.name))
    return [(names.get(code, ""), choices) for code, choices in groups.items()]
