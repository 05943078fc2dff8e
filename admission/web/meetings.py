"""Meetings of member units: the list, one meeting, the record, closing the minutes (art 8(三); T11, T13)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from admission import access, actions
from admission.actions import Heard
from admission.actions.convening import may_plan
from admission.actions.meeting import CLOSED_BY_CHAIR, KEPT_BY_OTHERS, MINUTES_BEHIND, minutes_behind, why_over
from admission.models import Application, Meeting
from admission.presentation.meetings import Sitting, draft_minutes, standing
from admission.web.forms.meeting import RecordForm
from admission.web.forms.steps import Seen
from admission.web.forms.unfinished import one_more
from base.errors import NotAllowed, RuleViolation, Stale
from base.templatetags.portal import zh_moment
from communities.actors import ActorMixin

PER_PAGE = 20
OPEN = [Meeting.State.PLANNED, Meeting.State.HELD]
Buttons = list[dict[str, Any]]


class Meetings(ActorMixin, View):
    """The meetings this person may know of: those to come, those to be recorded or closed, those that are over."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; the open ones by day, those that are over newest first, page by page."""
        seen = Application.objects.visible_to(self.actor)
        rows = Meeting.objects.visible_to(self.actor).annotate(
            items=Count("agenda", filter=Q(agenda__application__in=seen))
        )
        now = timezone.now()
        pages = Paginator(rows.exclude(state__in=OPEN).order_by("-planned_at", "-pk"), PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        context = {
            "open": [self.line(row, now) for row in rows.filter(state__in=OPEN).order_by("planned_at", "pk")],
            "over": [self.line(row, now) for row in page],
            "page": page,
            "crumbs": [(_("会议"), "")],
            "head_actions": self.buttons(),
        }
        return render(request, "admission/meeting_list.html", context)

    def line(self, meeting: Meeting, now: datetime) -> dict[str, Any]:
        """One meeting with where it stands."""
        return {"meeting": meeting, "standing": standing(meeting, now=now)}

    def buttons(self) -> Buttons:
        """Who may plan one."""
        if not may_plan(self.actor):
            return []
        return [{"label": _("安排会议"), "url": reverse("admission:meeting-new"), "primary": True}]


class MeetingPage(ActorMixin, View):
    """A page about one meeting, for whoever may know of it."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The meeting; then whether this person may do here what the page is for."""
        super().setup(request, *args, **kwargs)
        rows = Meeting.objects.visible_to(self.actor).select_related("county", "authorisation_file")
        self.meeting = get_object_or_404(rows, pk=kwargs["pk"])
        self.check()

    def check(self) -> None:
        """Raises NotAllowed for who may not."""

    @cached_property
    def sitting(self) -> Sitting:
        """The meeting as this person sees it."""
        return Sitting(self.meeting, self.actor)

    def frame(self, here: str = "", **more: Any) -> dict[str, Any]:
        """What stands around the page."""
        meeting = self.meeting
        url = reverse("admission:meeting", args=[meeting.pk])
        crumbs = [(_("会议"), reverse("admission:meetings")), (str(meeting), url if here else "")]
        return {
            "meeting": meeting, "sitting": self.sitting, "standing": standing(meeting, now=timezone.now()),
            "crumbs": [*crumbs, (here, "")] if here else crumbs, "back_url": url, "title": here or str(meeting), **more,
        }  # fmt: skip


class MeetingShown(MeetingPage):
    """Everything about one meeting."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        meeting, sitting = self.meeting, self.sitting
        buttons = self.buttons()
        when = zh_moment(meeting.planned_at, timezone.localdate())
        context = self.frame(
            meta=[when, meeting.place, _("%s主持") % meeting.get_chair_display()],
            now_title=_("等您%s") % buttons[0]["label"] if buttons else standing(meeting, now=timezone.now()).label,
            actions=buttons,
            head_actions=self.calling(),
            recorded=sitting.inside or meeting.state == Meeting.State.CLOSED,
            blocked=[(_("审定纪要"), said) for said in sitting.incomplete()] if self.is_held else [],
            minutes_url=reverse("admission:meeting-minutes", args=[meeting.pk]) if sitting.inside else "",
        )
        return render(request, "admission/meeting_page.html", context)

    @property
    def is_held(self) -> bool:
        """Recorded, and its minutes not closed."""
        return self.meeting.state == Meeting.State.HELD

    def buttons(self) -> Buttons:
        """What this person can do now."""
        meeting, found = self.meeting, []
        if self.is_held and access.chairs(self.actor, meeting) and not self.sitting.incomplete():
            url = reverse("admission:meeting-close", args=[meeting.pk])
            found.append({"label": _("审定纪要"), "url": url, "primary": True})
        if access.keeps(self.actor, meeting) and not _why_not_record(meeting):
            url = reverse("admission:meeting-record", args=[meeting.pk])
            label = _("接着记录") if self.is_held else _("记录会议")
            found.append({"label": label, "url": url, "primary": not found})
            if meeting.state == Meeting.State.PLANNED or self.sitting.quorum_missing:
                found.append({"label": _("流会"), "url": reverse("admission:meeting-lapse", args=[meeting.pk])})
        return found

    def calling(self) -> Buttons:
        """Another time, or not at all: while nothing has been recorded."""
        if self.meeting.state != Meeting.State.PLANNED or not access.keeps(self.actor, self.meeting):
            return []
        acts = (("meeting-move", _("改期")), ("meeting-cancel", _("取消会议")))
        return [{"label": label, "url": reverse(f"admission:{name}", args=[self.meeting.pk])} for name, label in acts]


def _why_not_record(meeting: Meeting) -> str:
    """Why nothing can be recorded now."""
    if said := why_over(meeting):
        return said
    return _("会议还没有开，到了开会时间才能记录。") if meeting.planned_at > timezone.now() else ""


class MeetingRecord(MeetingPage):
    """Who came, what was reported, said and concluded, the draft minutes; saved as often as needed."""

    def check(self) -> None:
        """The office, or who stands in for it."""
        if not access.keeps(self.actor, self.meeting):
            raise NotAllowed(str(KEPT_BY_OTHERS))
        if said := _why_not_record(self.meeting):
            raise RuleViolation(said)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form with what was recorded so far."""
        return self.show(RecordForm(self.sitting))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep the record. `add` asks for one more speaker where no script runs, `compose` for a first text."""
        if add := request.POST.get("add", ""):
            return self.show(RecordForm(self.sitting, one_more(request.POST, add)))
        form = RecordForm(self.sitting, request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            self.keep(form)
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            changes = refusal.changes if isinstance(refusal, Stale) else []
            self.meeting.refresh_from_db()
            return self.show(form, status=409, refusal=str(refusal), changes=changes)
        if minutes_behind(self.meeting):
            messages.warning(request, _("记录已保存。%s") % MINUTES_BEHIND)
        else:
            messages.success(request, _("记录已保存。写全以后，由主持人审定纪要。"))
        if "compose" in request.POST:
            return redirect(reverse("admission:meeting-record", args=[pk]) + "#id_minutes")
        return redirect("admission:meeting", pk=pk)

    def keep(self, form: RecordForm) -> None:
        """The one act. Where a text was asked for, it is made from the record and takes the place of what there was."""
        kept = form.minutes.cleaned_data
        minutes, composed = kept["minutes"], "compose" in self.request.POST
        if composed:
            chaired = form.chair.cleaned_data["chair"] or self.meeting.chair
            minutes = draft_minutes(self.meeting, chaired, form.attended(), form.guests.attended(), form.recorded())
        heard = [Heard(item.row, opinions=said.rows, **row.cleaned_data) for item, row, said in form.items]
        self.meeting = actions.record_meeting(
            self.meeting, by=self.actor, at=timezone.now(), present=form.present(), others=form.guests.others,
            heard=heard, minutes=minutes, minutes_fit=composed or kept["fit"], seen=kept["seen"] or 0,
            **form.chair.cleaned_data,
        )  # fmt: skip

    def show(self, form: RecordForm, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page; what was typed comes back with the version it would now be saved over."""
        problems = form.problems() if form.minutes.is_bound else []
        context = self.frame(_("记录会议"), form=form, problems=problems, version=self.meeting.version, **more)
        return render(self.request, "admission/meeting_record.html", context, status=status)


class MeetingClose(MeetingPage):
    """The chair reads what was concluded and closes the minutes: a minute's work."""

    def check(self) -> None:
        """Who chairs."""
        if not access.chairs(self.actor, self.meeting):
            raise NotAllowed(str(CLOSED_BY_CHAIR))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is to be closed, or what is missing for it."""
        return self.show()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close them."""
        form = Seen(request.POST)
        seen = form.cleaned_data["seen"] if form.is_valid() else 0
        try:
            actions.close_minutes(self.meeting, by=self.actor, at=timezone.now(), seen=seen)
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            self.meeting.refresh_from_db()
            changes = refusal.changes if isinstance(refusal, Stale) else []
            return self.show(status=409, refusal=str(refusal), changes=changes)
        messages.success(request, _("纪要已定稿。申请单位逐条答复意见以后，由办公室提请核准。"))
        return redirect("admission:meeting", pk=pk)

    def show(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page."""
        states = Meeting.State
        not_now = {states.PLANNED: _("会议还没有记录，由办公室先记录。"), states.CLOSED: _("纪要已经定稿，不用再办。")}
        said = not_now.get(states(self.meeting.state), why_over(self.meeting))
        missing = [said] if said else self.sitting.incomplete()
        context = self.frame(_("审定纪要"), missing=missing, **more)
        return render(self.request, "admission/meeting_close.html", context, status=status)


class MeetingMinutes(MeetingPage):
    """The minutes as a document to print (GB/T 9704 纪要); of one that fell through, the record that it did."""

    def check(self) -> None:
        """Others read what concerns their own items on the page of the meeting."""
        if not Sitting(self.meeting, self.actor).inside:
            raise NotAllowed(_("纪要全文由审核委员会和成员单位查阅，您可以在会议页看本单位申请的审议情况。"))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The document, marked as a draft until it is closed."""
        if self.meeting.fell_through:
            return self.fell_through()
        issuer = [self.meeting.county.name, _("社区工作事项审核委员会"), _("会议纪要")]
        signers = [self.meeting.county.name, _("社区工作事项审核委员会")]
        lines = [line for line in self.meeting.minutes.splitlines() if line.strip()]
        context = self.frame(_("会议纪要"), issuer=issuer, signers=signers, minutes_lines=lines)
        return render(request, "admission/meeting_minutes.html", context)

    def fell_through(self) -> HttpResponse:
        """Who called it off or ended it, when, why; of whom came too few, what was said all the same."""
        meeting, cancelled = self.meeting, self.meeting.state == Meeting.State.CANCELLED
        committee = [meeting.county.name, _("社区工作事项审核委员会")]
        context = self.frame(
            _("取消记录") if cancelled else _("流会记录"),
            cancelled=cancelled, issuer=committee, signers=[meeting.county.name, _("社区工作事项审核委员会办公室")],
            ended_by=self.sitting.ended_by,
        )  # fmt: skip
        return render(self.request, "admission/meeting_off.html", context)
