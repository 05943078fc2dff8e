"""One page for each step of the procedure: what it means, what is still missing, its small form."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission import actions, conditions, requirements
from admission.actions.consultation import bodies_of
from admission.actions.screening import derived_procedure
from admission.models import Meeting
from admission.presentation.highlights import highlights
from admission.procedure import Procedure, Step
from admission.web import decisions
from admission.web.action_page import ActionPage
from admission.web.forms import steps as forms

BEFORE_SUBMISSION = (conditions.contact_made, conditions.form_is_complete, conditions.plan_is_complete)
"""What need not be there for asking, but for handing in."""


class OpenConsultation(ActionPage):
    """T2: who will be asked, about which plan."""

    step = Step.OPEN_CONSULTATION
    template_name = "admission/application_asked.html"
    form_class = forms.Seen
    act = staticmethod(actions.open_consultation)
    title = gettext_lazy("发出征询")
    lede = gettext_lazy(
        "方案就此定稿，发给下面的街道和社区书面答复。征询期间名称和实施范围不能再改（指导意见第六条）。"
    )
    submit = gettext_lazy("发出征询")
    done = gettext_lazy("已发出征询，答复会显示在本页。")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The bodies by street, and the plan in short."""
        asked = bodies_of(self.object)
        streets = [body for body in asked if body.kind in requirements.STREET_KINDS]
        return super().get_context_data(
            streets=streets,
            communities=len(asked) - len(streets),
            facts=highlights(self.case),
            later=[said for rule in BEFORE_SUBMISSION if (said := rule(self.object, self.case.today))],
            **context,
        )


class Submit(ActionPage):
    """T3: the formal application."""

    step = Step.SUBMIT
    template_name = "admission/application_submit.html"
    form_class = forms.Seen
    act = staticmethod(actions.submit)
    title = gettext_lazy("提交申请")
    lede = gettext_lazy(
        "提交后编号，由审核委员会办公室受理；申请表不能再改，退回补正的除外（指导意见第七条、第八条）。"
    )
    submit = gettext_lazy("提交申请")

    def said(self) -> str:
        """With the number."""
        return _("已提交，申请编号 %s。") % self.result.number


class Resubmit(ActionPage):
    """T5: corrected, before acceptance."""

    step = Step.RESUBMIT
    template_name = "admission/application_submit.html"
    form_class = forms.Seen
    act = staticmethod(actions.resubmit)
    title = gettext_lazy("补正后提交")
    lede = gettext_lazy("请对照退回时列出的内容核对一遍；提交后受理时限接着算。")
    submit = gettext_lazy("补正后提交")
    done = gettext_lazy("补正材料已提交，等办公室受理。")


class ResubmitToScreening(ActionPage):
    """T5b: corrected, during screening."""

    step = Step.RESUBMIT_TO_SCREENING
    template_name = "admission/application_submit.html"
    form_class = forms.Seen
    act = staticmethod(actions.resubmit)
    title = gettext_lazy("补正后送回初审")
    lede = gettext_lazy("请对照退回时列出的内容核对一遍；送回后核准时限接着算。")
    submit = gettext_lazy("送回初审")
    done = gettext_lazy("补正材料已送回初审，核准时限接着算。")


class Defective(ActionPage):
    """A page on which defects are written down, row by row."""

    template_name = "admission/application_return.html"
    form_class = forms.Return

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where no script runs, a button asks for one more row."""
        if "add" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = forms.Return(initial={"seen": request.POST.get("seen", "")}, typed=request.POST)
        return self.render_to_response(self.get_context_data(form=form))


class Return(Defective):
    """T4: everything that is missing, at once."""

    step = Step.RETURN
    act = staticmethod(actions.return_for_correction)
    title = gettext_lazy("退回补正")
    lede = gettext_lazy("一次写明需要补正的全部内容。补正期间受理时限停着，补正后提交接着算。")
    submit = gettext_lazy("退回补正")
    done = gettext_lazy("已退回补正，申请单位会收到通知；受理时限停着。")


class ReturnFromScreening(Defective):
    """T4b: the same during screening; the decision clock stands still."""

    step = Step.RETURN_FROM_SCREENING
    act = staticmethod(actions.return_from_screening)
    title = gettext_lazy("初审退回补正")
    lede = gettext_lazy("一次写明需要补正的全部内容。申请单位补正期间，核准时限停着，送回以后接着算。")
    submit = gettext_lazy("退回补正")
    done = gettext_lazy("已退回补正，核准时限停着。")


class Accept(ActionPage):
    """T6: materials complete."""

    step = Step.ACCEPT
    template_name = "admission/application_submit.html"
    form_class = forms.Seen
    act = staticmethod(actions.accept)
    title = gettext_lazy("受理")
    lede = gettext_lazy("材料齐全就受理；核准时限从次日起算（指导意见第三条）。材料不齐的，请退回补正，一次说全。")
    submit = gettext_lazy("受理")
    done = gettext_lazy("已受理，核准时限从明天起算。")


class BeginScreening(ActionPage):
    """T7."""

    step = Step.BEGIN_SCREENING
    form_class = forms.Seen
    act = staticmethod(actions.begin_screening)
    title = gettext_lazy("开始初审")
    lede = gettext_lazy(
        "办公室初审把关，看材料、依据、必要性、保障和负担，再定适用哪种程序（指导意见第七条、第八条）。"
    )
    submit = gettext_lazy("开始初审")
    done = gettext_lazy("已开始初审。")


class ProposeSimple(ActionPage):
    """T8s: the screening of an undisputed case."""

    step = Step.PROPOSE_SIMPLE
    template_name = "admission/application_screening.html"
    shows_brief = True
    form_class = forms.Screen
    act = staticmethod(actions.propose_simple)
    title = gettext_lazy("初审：按简易程序提请核准")
    lede = gettext_lazy("征询全部无异议的，办公室可以直接提请审核委员会核准（指导意见第七条）。")
    submit = gettext_lazy("提请核准")
    done = gettext_lazy("已按简易程序提请核准。成员单位在期限内可以要求开会。")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What follows from the consultation."""
        return super().get_context_data(derived=derived_procedure(self.object), **context)


class BeginCoordination(ActionPage):
    """T8o: the screening that leads to the ordinary procedure."""

    step = Step.BEGIN_COORDINATION
    template_name = "admission/application_screening.html"
    shows_brief = True
    form_class = forms.ScreenStricter
    act = staticmethod(actions.begin_coordination)
    title = gettext_lazy("初审：转普通程序，开始协调")
    lede = gettext_lazy(
        "有异议、有条件或者没有答复的，走普通程序：先与有关部门沟通，协调争议，再开会审议（指导意见第八条）。"
    )
    submit = gettext_lazy("转普通程序")
    done = gettext_lazy("已转普通程序，每条异议和条件都列成了争议点。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether a reason for being stricter is needed."""
        return {**super().get_form_kwargs(), "derived": derived_procedure(self.object)}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What follows from the consultation."""
        derived = derived_procedure(self.object)
        return super().get_context_data(derived=derived, stricter=derived is Procedure.SIMPLE, **context)


class BackToScreening(ActionPage):
    """T9."""

    step = Step.BACK_TO_SCREENING
    form_class = forms.Seen
    act = staticmethod(actions.back_to_screening)
    title = gettext_lazy("异议撤回，转回初审")
    lede = gettext_lazy("街道和社区都书面答复无异议以后，可以转回初审，按简易程序办理。")
    submit = gettext_lazy("转回初审")
    done = gettext_lazy("已转回初审，可以按简易程序提请核准。")


class ScheduleMeeting(ActionPage):
    """T10, T13: onto the agenda of a planned meeting."""

    step = Step.SCHEDULE_MEETING
    template_name = "admission/application_schedule.html"
    form_class = forms.ScheduleMeeting
    act = staticmethod(actions.schedule_meeting)
    title = gettext_lazy("提请会议审议")
    lede = gettext_lazy("列入议程以后，申请单位、成员单位、街道和社区都会收到会议通知（指导意见第八条）。")
    submit = gettext_lazy("列入议程")
    done = gettext_lazy("已列入议程，会议通知已发出。")

    @property
    def to_come(self) -> QuerySet[Meeting]:
        """The meetings of this county that are still to be held, the next one first."""
        return Meeting.objects.to_come(timezone.now()).filter(county=self.object.county).order_by("planned_at", "pk")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The meetings to choose from."""
        return {**super().get_form_kwargs(), "meetings": self.to_come}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Whether there is a meeting to choose from."""
        return super().get_context_data(any_to_come=self.to_come.exists(), **context)


PAGES: dict[Step, type[ActionPage]] = {
    page.step: page
    for page in (
        OpenConsultation, Submit, Return, Resubmit, Accept, BeginScreening, ReturnFromScreening, ResubmitToScreening,
        ProposeSimple, BeginCoordination, BackToScreening, ScheduleMeeting,
        decisions.RequestApproval, decisions.RequestMeeting, decisions.SendBackToMeeting, decisions.Approve,
        decisions.Reject, decisions.IssueNotice, decisions.File, decisions.Withdraw,
    )
    if page.step is not None
}  # fmt: skip
"""CLOSE_DELIBERATION, DEFER and TAKE_OFF_AGENDA have no page of their own: they happen on the page of a meeting."""


def step_page(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """The page of one step of one application."""
    page = PAGES.get(Step(step)) if step in Step.values else None
    if page is None:
        raise Http404
    return page.as_view()(request, pk=pk)
