"""The pages that call a meeting: planned, moved, called off, ended for want of a quorum (art 8(三); A-5)."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from admission import access, actions
from admission.actions.convening import MeetingsCollide, may_plan
from admission.actions.meeting import why_over
from admission.models import Meeting
from admission.models.meeting import MeetingQuerySet
from admission.web.forms.attendance import LapseForm
from admission.web.forms.chairing import chair_of
from admission.web.forms.meeting import CancelMeetingForm, MoveMeetingForm, PlanMeetingForm
from admission.web.meetings import MeetingPage
from base.errors import NotAllowed, RuleViolation, Stale
from base.web import Once
from communities.actors import ActorMixin


class MeetingNew(Once, ActorMixin, View):
    """When, where, who chairs."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The office, or who stands in for it."""
        super().setup(request, *args, **kwargs)
        if not may_plan(self.actor):
            raise NotAllowed(_("由审核委员会办公室安排会议。"))

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.show(PlanMeetingForm())

    @property
    def to_come(self) -> MeetingQuerySet:
        """The meetings that a new one may collide with."""
        return Meeting.objects.visible_to(self.actor).filter(state=Meeting.State.PLANNED)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Plan it, and go to its page."""
        form = PlanMeetingForm(request.POST, meetings=[*self.to_come.order_by("planned_at", "pk")])
        if not form.is_valid():
            return self.show(form)
        try:
            meeting = actions.plan_meeting(by=self.actor, at=timezone.now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            form.add_error("beside" if isinstance(refusal, MeetingsCollide) else None, str(refusal))
            return self.show(form, status=409)
        messages.success(request, _("会议已经安排。在申请页把要审议的申请列入议程。"))
        return redirect("admission:meeting", pk=meeting.pk)

    def show(self, form: PlanMeetingForm, *, status: int = 200) -> HttpResponse:
        """The page; what the meeting would collide with stands in it."""
        said = form.cleaned_data if form.is_bound else {}
        when = {name: said[name] for name in ("planned_at", "place") if said.get(name)}
        form.said_of(list(self.to_come.clashing(self.actor.county, **when)) if len(when) > 1 else [])
        crumbs = [(_("会议"), reverse("admission:meetings")), (_("安排会议"), "")]
        return render(self.request, "admission/meeting_new.html", {"form": form, "crumbs": crumbs}, status=status)


class MeetingAct(ABC, MeetingPage):
    """A form for one act on a meeting that is not over. A refusal keeps what was typed."""

    template_name = "admission/meeting_act.html"
    title: ClassVar[Promise]
    lede: ClassVar[Promise]
    submit: ClassVar[Promise]
    done: ClassVar[Promise]
    danger = False
    act: ClassVar[Callable[..., Meeting]]

    def check(self) -> None:
        """The office, or who stands in for it."""
        if not access.keeps(self.actor, self.meeting):
            raise NotAllowed(str(access.CONVENER.else_says))
        if said := why_over(self.meeting) or self.why_not():
            raise RuleViolation(said)

    def why_not(self) -> str:
        """Only before anything is recorded."""
        return "" if self.meeting.state == Meeting.State.PLANNED else _("会议已经开过，不能改期，也不能取消。")

    @abstractmethod
    def form(self, data: Any = None) -> Any:
        """The form, bound or not."""

    def typed(self, form: Any) -> dict[str, Any]:
        """What was typed, as the act takes it."""
        return dict(form.cleaned_data)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form."""
        return self.show(self.form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, and back to the meeting."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            type(self).act(self.meeting, by=self.actor, at=timezone.now(), **self.typed(form))
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            self.meeting.refresh_from_db()
            return self.show(form, status=409, refusal=self.left_of(form, refusal))
        messages.success(request, str(self.done))
        return redirect("admission:meeting", pk=pk)

    def left_of(self, _form: Any, refusal: RuleViolation) -> RuleViolation | None:
        """What is said on top of the page, where it does not stand at a question."""
        return refusal

    def show(self, form: Any, *, status: int = 200, refusal: RuleViolation | None = None) -> HttpResponse:
        """The page; what was typed comes back with the version it would now be done over."""
        context = self.frame(
            str(self.title), form=form, lede=self.lede, submit=self.submit, danger=self.danger,
            version=self.meeting.version, refusal=str(refusal or ""),
            changes=refusal.changes if isinstance(refusal, Stale) else [],
        )  # fmt: skip
        return render(self.request, self.template_name, context, status=status)


class MeetingMove(MeetingAct):
    """改期: another time or place, another chair."""

    title = gettext_lazy("改期")
    lede = gettext_lazy(
        "时间或者地点变了的，议程上的申请单位、成员单位、街道和社区都会收到通知；只换主持人的，不另通知。"
    )
    submit = gettext_lazy("保存")
    done = gettext_lazy("会议已经改好；时间或者地点变了的，通知已发出。")
    act = staticmethod(actions.move_meeting)

    @property
    def others(self) -> MeetingQuerySet:
        """The meetings that it may collide with at its new time."""
        rows = Meeting.objects.visible_to(self.actor).filter(state=Meeting.State.PLANNED)
        return rows.exclude(pk=self.meeting.pk)

    def form(self, data: Any = None) -> MoveMeetingForm:
        """With the time, the place and the chair as they are."""
        now = {"planned_at": self.meeting.planned_at, "place": self.meeting.place, **chair_of(self.meeting)}
        return MoveMeetingForm(data, initial=now, meetings=[*self.others.order_by("planned_at", "pk")])

    def left_of(self, form: Any, refusal: RuleViolation) -> RuleViolation | None:
        """A collision is said where it can be accepted."""
        if not isinstance(refusal, MeetingsCollide):
            return refusal
        form.add_error("beside", str(refusal))
        return None

    def show(self, form: Any, *, status: int = 200, refusal: RuleViolation | None = None) -> HttpResponse:
        """What it would collide with stands in the page."""
        said = form.cleaned_data if form.is_bound else {}
        when = {name: said[name] for name in ("planned_at", "place") if said.get(name)}
        form.said_of(list(self.others.clashing(self.actor.county, **when)) if len(when) > 1 else [])
        return super().show(form, status=status, refusal=refusal)


class MeetingCancel(MeetingAct):
    """取消: it will not be held."""

    title = gettext_lazy("取消会议")
    lede = gettext_lazy("议程上的申请转为“暂缓”，可以列入别的会议；收到过通知的单位都会收到取消的通知。")
    submit = gettext_lazy("取消会议")
    done = gettext_lazy("会议已经取消，议程上的申请可以列入别的会议。")
    danger = True
    act = staticmethod(actions.cancel_meeting)

    def form(self, data: Any = None) -> forms.Form:
        """Why."""
        return CancelMeetingForm(data)


class MeetingLapse(MeetingAct):
    """流会: too few member units came."""

    template_name = "admission/meeting_lapse.html"
    title = gettext_lazy("流会")
    lede = gettext_lazy(
        "到会的成员单位不够法定人数时，如实记下出席，不作结论；议程上的申请转为“暂缓”，可以列入别的会议。"
    )
    submit = gettext_lazy("按流会登记")
    done = gettext_lazy("已按流会登记，议程上的申请可以列入别的会议。")
    danger = True
    act = staticmethod(actions.end_without_quorum)

    def why_not(self) -> str:
        """From its hour on."""
        early = self.meeting.planned_at > timezone.now()
        return _("会议还没有开，不能按流会办；开不成的，请改期或者取消。") if early else ""

    def form(self, data: Any = None) -> LapseForm:
        """Who came."""
        return LapseForm(self.sitting, data)

    def typed(self, form: Any) -> dict[str, Any]:
        """Unit by unit."""
        return {"present": form.present(), "seen": form.seen()}
