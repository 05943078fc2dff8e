"""A department reads what a street prepared for it, and takes it over (A-7; decisions: who files)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission import access, actions, conditions
from admission.presentation.sheet import sheet
from admission.procedure import FORM_OPEN
from admission.web.action_page import ActionPage
from admission.web.forms.parts import missing_for_submission
from admission.web.forms.steps import Seen
from admission.web.forms.unfinished import draft_of
from base.errors import NotAllowed


class Endorse(ActionPage):
    """The whole draft to read, then one button; from then on the application is the department's."""

    template_name = "admission/draft_endorse.html"
    form_class = Seen
    act = staticmethod(actions.endorse)
    title = gettext_lazy("认可代办的申请")
    lede = gettext_lazy(
        "街道替本单位起草的，请通读一遍。认可就是声明：本单位已审核同意这份申请和实施方案，并已盖章。"
        "以后由本单位负责、修改和提交，街道不能再改。"
    )
    submit = gettext_lazy("认可，由本单位负责")
    done = gettext_lazy("已经认可，这份申请从现在起由本单位负责。")

    def check(self) -> None:
        """Only the department for which it was prepared."""
        if self.object.prepared_by_id is None or not access.applicant_unit(self.actor, self.object):
            raise NotAllowed(_("只有申请单位可以认可代办的申请。"))

    def problems(self) -> list[str]:
        """Once, while the form is open, and not before the street has written what a consultation needs."""
        if self.object.endorsed_at:
            return [_("本件已经认可过了，不用再办。")]
        if self.object.state not in FORM_OPEN:
            return [_("本件现在是“%s”，不能再认可。") % self.object.state_label]
        return conditions.not_endorsable(self.object, self.case.today)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The form to read, and what is not filled in yet."""
        case = self.case
        draft = draft_of(self.object, on=case.today, rules=case.rules)
        gaps = missing_for_submission(draft)
        return super().get_context_data(sections=sheet(self.object, draft.plan), gaps=gaps, **context)
