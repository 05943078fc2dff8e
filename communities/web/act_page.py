"""What the pages of this app have in common: the public frame, and a form for one act."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from base.errors import NotAllowed, RuleViolation, Stale
from base.forms import say_no
from communities.actors import ActorMixin

public = method_decorator(login_not_required, name="dispatch")


class ActPage(ActorMixin, FormView):
    """A form for one act. Subclasses name the form and the words, check who may, and do it.

    A refusal keeps what was typed; a stale form shows what changed, and may then be sent again.
    """

    template_name = "communities/form.html"
    title: Any = ""
    lede: Any = ""
    submit: Any = ""
    done: Any = ""
    danger = False
    crumbs: list[tuple[str, str]] = []
    back = "/"
    seen: int | None = None

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Load what the act is about, and refuse who may not do it before a form is shown."""
        super().setup(request, *args, **kwargs)
        self.changes: list[str] = []
        self.load()

    def load(self) -> None:
        """Find the subject (404) and check the actor (403)."""
        raise TypeError(f"{type(self).__name__} does not say what it is about")

    def perform(self, **facts: Any) -> Any:
        """Call the one act; the keys of the form are its keywords."""
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def after(self, _result: Any) -> str:
        """Where it leads when it is done."""
        return self.back

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Do it; say that it is done."""
        try:
            result = self.perform(**form.cleaned_data)
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            return self.refused(form, refusal)
        messages.success(self.request, self.done)
        return redirect(self.after(result))

    def refused(self, form: BaseForm, refusal: RuleViolation) -> HttpResponse:
        """The same page with the reason and everything that was typed."""
        say_no(form, refusal)
        if isinstance(refusal, Stale):
            self.changes = refusal.changes
            self.load()
            again = self.request.POST.copy()
            again["seen"] = str(self.seen)
            form.data = again
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The words around the form."""
        return super().get_context_data(
            title=self.title,
            lede=self.lede,
            submit=self.submit,
            danger=self.danger,
            crumbs=[*self.crumbs, (self.title, "")],
            back=self.back,
            changes=self.changes,
            **context,
        )
