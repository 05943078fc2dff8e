"""The committee's steps and what follows: approval asked for, decided, told, filed; or taken back."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission import access, actions
from admission.actions.consultation import bodies_of
from admission.actions.notice import changes_of, content_of
from admission.conditions.listed import in_force_from
from admission.models import NoticeReceipt, WorkNotice
from admission.presentation.notice import document
from admission.presentation.possible import label_of
from admission.presentation.unmoved import unmoved
from admission.procedure import Kind, State, Step, state_label
from admission.web.action_page import ActionPage
from admission.web.forms import steps as forms
from base.templatetags.portal import zh_day


class RequestApproval(ActionPage):
    """T12."""

    step = Step.REQUEST_APPROVAL
    template_name = "admission/application_decision.html"
    form_class = forms.Seen
    act = staticmethod(actions.request_approval)
    title = gettext_lazy("提请核准")
    lede = gettext_lazy("会议意见都已答复，提请审核委员会主任或副主任核准（指导意见第八条）。")
    submit = gettext_lazy("提请核准")
    done = gettext_lazy("已提请核准，主任、副主任会收到通知。")
    shows_brief = True


class RequestMeeting(ActionPage):
    """A-2: a member wants it heard."""

    step = Step.REQUEST_MEETING
    template_name = "admission/application_decision.html"
    form_class = forms.RequestMeeting
    act = staticmethod(actions.request_meeting)
    title = gettext_lazy("要求开会审议")
    lede = gettext_lazy("按简易程序提请核准的，成员单位在期限内可以要求开会；要求以后改走普通程序。")
    submit = gettext_lazy("要求开会")
    done = gettext_lazy("已要求开会，本件改走普通程序。")
    shows_brief = True


OF_THE_DECIDER = (Step.APPROVE, Step.REJECT, Step.SEND_BACK_TO_MEETING)


def instead(page: ActionPage) -> list[tuple[str, str]]:
    """What else the director or deputy may do with this case now."""
    open_now = access.open_steps(page.actor, page.object, on=page.case.today)
    return [
        (label_of(step, page.case), reverse("admission:step", args=[page.object.pk, step.value]))
        for step in OF_THE_DECIDER
        if step in open_now and step is not page.step
    ]


class SendBackToMeeting(ActionPage):
    """A-34: not overruled, but heard again."""

    step = Step.SEND_BACK_TO_MEETING
    template_name = "admission/application_decision.html"
    form_class = forms.SendBack
    act = staticmethod(actions.send_back_to_meeting)
    title = gettext_lazy("退回会议再议")
    lede = gettext_lazy("会议的结论有约束力；有不同看法的，退回会议再议。")
    submit = gettext_lazy("退回会议再议")
    done = gettext_lazy("已退回会议再议，由办公室再次提请会议。")
    shows_brief = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """And what else could be done."""
        return super().get_context_data(instead=instead(self), **context)


class Approve(ActionPage):
    """T14: the page of five minutes."""

    step = Step.APPROVE
    template_name = "admission/application_decision.html"
    form_class = forms.Decide
    act = staticmethod(actions.approve)
    shows_brief = True

    def heading(self) -> str:
        """准予准入, 准予变更, 准予退出, 予以确认."""
        return str(state_label(State.APPROVED, Kind(self.object.kind)))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The button says what is decided."""
        return super().get_context_data(**{"submit": self.heading(), "instead": instead(self), **context})

    def said(self) -> str:
        """And what comes next."""
        return _("%s。清单从工作告知单起变化，由办公室下发。") % self.heading()


class Reject(ActionPage):
    """T15."""

    step = Step.REJECT
    template_name = "admission/application_decision.html"
    form_class = forms.Reject
    act = staticmethod(actions.reject)
    danger = True
    shows_brief = True

    def heading(self) -> str:
        """不予准入, 不予变更, 不予退出, 不予确认."""
        return str(state_label(State.REJECTED, Kind(self.object.kind)))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The button says what is decided."""
        return super().get_context_data(**{"submit": self.heading(), "instead": instead(self), **context})

    def said(self) -> str:
        """And what follows."""
        return _("%s，本件办结，申请单位、街道和社区会收到通知。") % self.heading()


class IssueNotice(ActionPage):
    """T16: what the notice will say, to whom, from when."""

    step = Step.ISSUE_NOTICE
    template_name = "admission/application_notice.html"
    form_class = forms.Seen
    act = staticmethod(actions.issue_notice)
    title = gettext_lazy("下发工作告知单")
    lede = gettext_lazy("告知单编号以后不能改，清单同时变化（指导意见第七条、第八条）。")
    submit = gettext_lazy("编号并下发")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The words of the notice, before there is one."""
        if self.problems():
            return super().get_context_data(**context)
        bodies, starts_on = bodies_of(self.object), in_force_from(self.object, self.case.today)
        return super().get_context_data(
            document=document(self.draft(starts_on), [NoticeReceipt(body=body) for body in bodies]),
            starts_on=starts_on,
            addressees=len(bodies),
            unmoved=unmoved(self.object),
            **context,
        )

    def draft(self, starts_on: date) -> WorkNotice:
        """As it would be issued today; nothing is kept."""
        return WorkNotice(
            application=self.object,
            number=_("（编号下发时取得）"),
            issued_on=self.case.today,
            starts_on=starts_on,
            ends_on=self.object.ends_on,
            content=content_of(self.object) | changes_of(self.object, starts_on=starts_on),
        )

    def said(self) -> str:
        """With the number."""
        return _("%(number)s已下发，自%(day)s起施行。") % {
            "number": self.result.number,
            "day": zh_day(self.result.starts_on),
        }


class File(ActionPage):
    """T17."""

    step = Step.FILE
    template_name = "admission/application_file.html"
    form_class = forms.FileIt
    act = staticmethod(actions.file_application)
    title = gettext_lazy("备案")
    lede = gettext_lazy("登记编号，本件办结归档；以后还可以补充材料（指导意见第七条、第八条、第十一条）。")
    submit = gettext_lazy("编号备案")

    def said(self) -> str:
        """With the number."""
        return _("已备案，编号 %s，本件办结。") % self.result.number


class Withdraw(ActionPage):
    """T18."""

    step = Step.WITHDRAW
    form_class = forms.Withdraw
    act = staticmethod(actions.withdraw)
    title = gettext_lazy("撤回申请")
    lede = gettext_lazy("撤回以后所有时限停止，本件办结，不能恢复；以后要办请重新申请。")
    submit = gettext_lazy("撤回")
    done = gettext_lazy("已撤回，本件办结。")
    danger = True
