"""What the office writes while points are coordinated (art 8(二))."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission import access, actions
from admission.models import Application, DisputedPoint, Opinion
from admission.models.consultation import LAST_WORD
from admission.presentation.opinions import words_of
from admission.procedure import State
from admission.web.action_page import ActionPage
from admission.web.forms import coordination as forms
from base.errors import NotAllowed
from communities.models import Department


def check_office(page: ActionPage) -> None:
    """Only the office, or who stands in for it."""
    if not access.office(page.actor, page.object):
        raise NotAllowed(_("由审核委员会办公室登记协调情况。"))


def not_coordinating(page: ActionPage) -> list[str]:
    """Only while it is coordinated."""
    if page.object.state == State.COORDINATION:
        return []
    return [_("本件现在是“%s”，不在沟通协调阶段。") % page.object.state_label]


class Contact(ActionPage):
    """A talk with a department concerned."""

    template_name = "admission/coordination_contact.html"
    form_class = forms.RecordContact
    act = staticmethod(actions.record_contact)
    title = gettext_lazy("登记与部门沟通")
    lede = gettext_lazy("提请会议以前，要与有关部门充分沟通（指导意见第八条）。")
    submit = gettext_lazy("登记")
    done = gettext_lazy("已登记沟通情况。")
    check = check_office
    problems = not_coordinating

    def get_form_kwargs(self) -> dict[str, Any]:
        """The departments of this county today, without the applicant."""
        rows = Department.objects.of(self.object.county.code).valid(self.case.today).exclude(kind="street_office")
        return {**super().get_form_kwargs(), "departments": rows.exclude(pk=self.object.applicant_id)}

    def get_initial(self) -> dict[str, Any]:
        """Most talks are written down on the day."""
        return {**super().get_initial(), "held_on": self.case.today}


class Point(ActionPage):
    """What became of one disputed point."""

    template_name = "admission/coordination_point.html"
    form_class = forms.HandlePoint
    act = staticmethod(actions.handle_point)
    title = gettext_lazy("登记争议点处理结果")
    lede = gettext_lazy(
        "“已协商一致”和“已书面撤回”要有提出单位的书面答复；协调不成的，提交会议审议（指导意见第八条）。"
    )
    submit = gettext_lazy("登记结果")
    check = check_office
    problems = not_coordinating

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The point; its application is what the page is about."""
        self.request = request
        rows = DisputedPoint.objects.filter(coordination__application__in=Application.objects.visible_to(self.actor))
        self.point = get_object_or_404(
            rows.select_related("coordination__application", "opinion__body", "opinion__round"), pk=kwargs["pk"]
        )
        super().setup(request, *args, **{**kwargs, "pk": self.point.coordination.application_id})

    def get_initial(self) -> dict[str, Any]:
        """What was written before, if anything."""
        return {**super().get_initial(), "result": self.point.result, "reason": self.point.reason}

    def perform(self, form: Any) -> DisputedPoint:
        """The result is of this point."""
        return actions.handle_point(self.point, by=self.actor, at=timezone.now(), **form.cleaned_data)

    def said(self) -> str:
        """How many are left."""
        left = DisputedPoint.objects.filter(coordination__application=self.object, handled_at__isnull=True).count()
        return _("已登记，还有 %s 个争议点没有结果。") % left if left else _("已登记，争议点都有了结果，可以提请会议。")

    def get_success_url(self) -> str:
        """To the coordination."""
        return reverse("admission:application", args=[self.object.pk]) + "#coordination"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What was said, what the applicant answered, what the body said last."""
        opinion = self.point.opinion
        newest = None
        if opinion:
            answered = Opinion.objects.filter(
                round__application=self.object, body=opinion.body, answered_at__isnull=False
            )
            newest = answered.select_related("round").order_by(*LAST_WORD).first()
        return super().get_context_data(
            point=self.point,
            words=words_of(opinion) if opinion else "",
            response=getattr(opinion, "response", None),
            newest=newest if newest != opinion else None,
            **context,
        )


class Summary(ActionPage):
    """The course of the coordination in the office's words (form field 41)."""

    form_class = forms.Summarise
    act = staticmethod(actions.summarise)
    title = gettext_lazy("写协调情况")
    lede = gettext_lazy("写明与谁协调、争议在哪里、结果怎样；可以反复修改，到提请会议为止。")
    submit = gettext_lazy("保存")
    done = gettext_lazy("协调情况已保存。")
    check = check_office
    problems = not_coordinating

    def get_initial(self) -> dict[str, Any]:
        """What is written so far."""
        written = self.case.coordination
        return {**super().get_initial(), "summary": written.summary if written else ""}
