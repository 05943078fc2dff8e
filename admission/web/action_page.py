"""The one view base class we write: a form for one act on an application (style R7)."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from admission import access, conditions
from admission.models import Application
from admission.presentation.brief import brief
from admission.presentation.case import RELATED, Case
from admission.presentation.changes import listed_beside
from admission.procedure import TRANSITIONS, IllegalTransition, Step, next_state
from base.errors import NotAllowed, RuleViolation, Stale
from base.forms import say_no
from base.models import Event
from base.templatetags.portal import zh_moment
from communities.actors import ActorMixin
from communities.roles import Actor

Words = Promise | str


def seen_by(actor: Actor) -> QuerySet[Application]:
    """The applications that this person may know of, with all that their pages name."""
    return Application.objects.visible_to(actor).select_related(*RELATED)


class ActionPage(ActorMixin, FormView):
    """A form for one act. Subclasses name the form, the act, and the words before and after.

    Whoever may see the application but not do this gets 403 with the reason; what is not open now is said on the page,
    without a button. A refusal keeps what was typed; a stale form shows what changed and may be sent again. A step that
    has been taken meanwhile, by the same hand or a colleague's, is not an error: the page says so and leads on.
    """

    template_name = "admission/application_step.html"
    act: ClassVar[Any]
    step: Step | None = None
    title: Words = ""
    lede: Words = ""
    submit: Words = ""
    done: Words = ""
    danger = False
    shows_brief = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The application, if this person may know of it; then whether they may do this at all."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(seen_by(self.actor), pk=kwargs["pk"])
        self.changes: list[str] = []
        self.check()

    def check(self) -> None:
        """Raises NotAllowed for who may not do this."""
        if self.step is not None:
            access.check(self.actor, self.step, self.object)

    def problems(self) -> list[str]:
        """What stands in the way now, a sentence each."""
        if self.step is None:
            return []
        try:
            next_state(self.case.state, self.step)
        except IllegalTransition as refusal:
            return [str(refusal)]
        if not conditions.applies(self.step, self.object, self.case.today):
            return [_("这一步不适用于本件。")]
        return conditions.missing(self.step, self.object, self.case.today)

    @cached_property
    def case(self) -> Case:
        """The application as this person sees it today."""
        return Case(self.object, self.actor, timezone.localdate())

    def get_initial(self) -> dict[str, Any]:
        """The version that the form is made from."""
        return {**super().get_initial(), "seen": self.object.version}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Do it; say that it is done. A refusal comes back with everything that was typed."""
        try:
            self.result = self.perform(form)
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            return self.refused(form, refusal)
        messages.success(self.request, self.said())
        return redirect(self.get_success_url())

    def perform(self, form: forms.Form) -> Any:
        """The act itself; the keys of the form are its keywords."""
        return type(self).act(self.object, by=self.actor, at=timezone.now(), **form.cleaned_data)

    def refused(self, form: forms.Form, refusal: RuleViolation) -> HttpResponse:
        """The same page with the reason. What changed is shown, so `seen` becomes the newest version."""
        self.object = get_object_or_404(seen_by(self.actor), pk=self.object.pk)
        self.__dict__.pop("case", None)
        if line := self.taken():
            said = {"day": zh_moment(line.at), "who": line.by_label, "step": self.step.label if self.step else ""}
            messages.info(self.request, _("%(who)s %(day)s 已经办了“%(step)s”，不用再办。") % said)
            return redirect(self.get_success_url())
        self.changes = refusal.changes if isinstance(refusal, Stale) else []
        if not self.over():
            say_no(form, refusal)
        typed = self.request.POST.copy()
        typed["seen"] = str(self.object.version)
        form.data = typed
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def over(self) -> bool:
        """Can the step not be taken any more, whatever is typed?"""
        return self.step is not None and self.case.state not in TRANSITIONS[self.step][0]

    def taken(self) -> Event | None:
        """The audit line of this very step, where it was taken after the form had been opened."""
        seen = self.request.POST.get("seen", "")
        if self.step is None or not self.over() or not seen.isdecimal():
            return None
        kind = f"admission.application.{self.step.name.lower()}"
        lines = (line for line in self.case.lines if line.kind == kind)
        return next((line for line in lines if line.data.get("version", 0) > int(seen)), None)

    def shown(self) -> Application:
        """The application as this page names it."""
        return self.object

    def heading(self) -> str:
        """The name of the page."""
        return str(self.title)

    def said(self) -> str:
        """What is said when it is done."""
        return str(self.done)

    def get_success_url(self) -> str:
        """Back to the application; to the list where the step has taken it out of this person's sight."""
        if not seen_by(self.actor).filter(pk=self.object.pk).exists():
            return reverse("admission:applications")
        return reverse("admission:application", args=[self.object.pk])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What the page shows around its form."""
        back_url = reverse("admission:application", args=[self.object.pk])
        shown = self.shown()
        around = {
            "application": shown,
            "case": self.case,
            "listed_beside": listed_beside(self.case, shown),
            "title": self.heading(),
            "lede": self.lede,
            "submit": "" if self.over() else self.submit,
            "danger": self.danger,
            "brief": brief(self.case) if self.shows_brief else None,
            "problems": self.problems(),
            "changes": self.changes,
            "back_url": back_url,
            "crumbs": [
                (_("申请"), reverse("admission:applications")),
                (shown.number or str(shown), back_url),
                (self.heading(), ""),
            ],
        }
        return super().get_context_data(**{**around, **context})
