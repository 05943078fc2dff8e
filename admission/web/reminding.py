"""催办, for one application from its page and for several from the list: first who would be told, then it is sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from admission import access, actions
from admission.models import Application
from admission.presentation.reminders import told
from admission.presentation.waiting import waiting
from admission.web.action_page import ActionPage
from admission.web.forms.steps import Seen
from admission.web.listing import ON_A_PAGE, SHOWN
from base.errors import NotAllowed, RuleViolation
from communities.actors import ActorMixin
from communities.roles import Role


class Remind(ActionPage):
    """One application."""

    form_class = Seen
    act = staticmethod(actions.remind_silent)
    title = gettext_lazy("催办")
    lede = gettext_lazy("给没有答复、没有补正、没有签收的单位发一条提醒；同一件一天只催一次。")
    submit = gettext_lazy("发送提醒")

    def check(self) -> None:
        """Only the office, or who stands in for it."""
        if not access.office(self.actor, self.object):
            raise NotAllowed(_("由审核委员会办公室催办。"))

    def problems(self) -> list[str]:
        """Nobody is waited for."""
        if told(self.object, self.case.facts).posts:
            return []
        return [_("本件没有等着答复、补正或者签收的单位，不用催办。")]

    def said(self) -> str:
        """How many."""
        return _("已发出 %s 条提醒。") % self.result

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Who."""
        return super().get_context_data(preview=[(_("提醒"), told(self.object, self.case.facts).names)], **context)


class RemindSome(ActorMixin, View):
    """The picked rows of the list."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """A preview, or with `ok` the act."""
        if self.actor.role is not Role.OFFICE:
            raise NotAllowed(_("由审核委员会办公室催办。"))
        picked = [int(key) for key in request.POST.getlist("pick") if key.isdecimal()][: 5 * ON_A_PAGE]
        rows = Application.objects.visible_to(self.actor).select_related(*SHOWN).filter(pk__in=picked)
        own = [row for row in rows.order_by("pk") if access.office(self.actor, row)]
        if not own:
            messages.warning(request, _("还没有选中由本办公室办理的申请，请先在列表里选中再催办。"))
            return redirect("admission:applications")
        return self.send(request, own) if "ok" in request.POST else self.preview(request, own)

    def preview(self, request: HttpRequest, rows: list[Application]) -> HttpResponse:
        """Who would be told about what; those that wait for the office itself get nothing."""
        found, facts = waiting(rows, on=timezone.localdate())
        lines = [(row, told(row, facts)) for row in rows]
        context = {
            "reminded": [(row, line.names) for row, line in lines if line.posts],
            "left_out": [(row, found[row.pk].sentence) for row, line in lines if not line.posts],
            "posts": sum(line.posts for _row, line in lines),
        }
        return render(request, "admission/application_remind.html", context)

    def send(self, request: HttpRequest, rows: list[Application]) -> HttpResponse:
        """All in one act."""
        try:
            sent = actions.remind_all(rows, by=self.actor, at=timezone.now())
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            messages.warning(request, str(refusal))
        else:
            said = _("已催办 %(cases)s 件，发出 %(posts)s 条提醒。") % {"cases": len(sent), "posts": sum(sent.values())}
            messages.success(request, said)
        return redirect("admission:applications")
