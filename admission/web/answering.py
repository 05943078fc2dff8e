"""The applicant answers what was said at the meeting, one opinion after another (art 8(三); A-33; T12)."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission import access, actions
from admission.models import MeetingOpinion
from admission.presentation.waiting import waiting
from admission.procedure import AFTER_MEETING
from admission.web.action_page import ActionPage
from admission.web.forms.meeting import AnswerForm
from base.errors import NotAllowed


class MeetingAnswer(ActionPage):
    """Every opinion of the meetings that heard this application; those without an answer each have a form."""

    template_name = "admission/meeting_answer.html"
    form_class = AnswerForm
    title = gettext_lazy("答复会议意见")
    lede = gettext_lazy("逐条答复：采纳、部分采纳或者不采纳，都写明理由；答复以后不能再改（指导意见第八条第三项）。")
    submit = gettext_lazy("答复这一条")

    def check(self) -> None:
        """The applicant's own people."""
        if not access.applicant(self.actor, self.object):
            raise NotAllowed(_("会议意见由申请单位答复。"))

    def problems(self) -> list[str]:
        """After the minutes are closed, and while something is unanswered."""
        if self.object.state not in AFTER_MEETING:
            return [_("本件现在是“%s”，不能答复会议意见。") % self.object.state_label]
        return [] if self.left else [_("会议意见都已经答复了。")]

    @cached_property
    def opinions(self) -> list[MeetingOpinion]:
        """What was said, meeting by meeting."""
        return list(self.rows().select_related("agenda_item__meeting").order_by("agenda_item", "pk"))

    @property
    def left(self) -> list[MeetingOpinion]:
        """What has no answer yet."""
        return [one for one in self.opinions if one.answered_at is None]

    def rows(self) -> QuerySet[MeetingOpinion]:
        """The opinions about this application."""
        return MeetingOpinion.objects.filter(agenda_item__application=self.object)

    def get_prefix(self) -> str:
        """Each opinion has a form of its own; what was sent says which."""
        return f"opinion-{self.request.POST.get('opinion', '')}"

    def perform(self, form: forms.Form) -> Any:
        """The one act."""
        key = self.request.POST.get("opinion", "")
        opinion = get_object_or_404(self.rows(), pk=int(key) if key.isdecimal() else 0)
        said = form.cleaned_data
        return actions.answer_meeting_opinion(
            opinion, by=self.actor, at=timezone.now(), fate=said["fate"], answer=said["answer"]
        )

    def said(self) -> str:
        """How many are left; else what it waits for next: an amended plan, a later meeting, the office."""
        left = self.rows().filter(answered_at__isnull=True).count()
        if left:
            return _("已答复，还有 %s 条。") % left
        found, _facts = waiting([self.object], on=self.case.today, reader=self.actor)
        return _("已答复。%s。") % found[self.object.pk].sentence

    def get_success_url(self) -> str:
        """The next one, or back."""
        if self.rows().filter(answered_at__isnull=True).exists():
            return reverse("admission:meeting-answer", args=[self.object.pk])
        return super().get_success_url()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Each opinion with its form; the one that was sent keeps what was typed."""
        sent = context.get("form")
        rows = []
        for opinion in self.opinions:
            prefix = f"opinion-{opinion.pk}"
            form = sent if sent is not None and sent.is_bound and sent.prefix == prefix else None
            rows.append((opinion, form or AnswerForm(prefix=prefix, initial={"seen": self.object.version})))
        can_answer = self.object.state in AFTER_MEETING
        return super().get_context_data(rows=rows, can_answer=can_answer, **context)
