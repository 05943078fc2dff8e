"""What the pages of this app have in common: a form for one action, and the public frame."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import FormView

from base.errors import NotAllowed, RuleViolation, Stale
from base.forms import say_no
from communities.actors import ActorMixin

public = method_decorator(login_not_required, name="dispatch")


class ActionPage(ABC, ActorMixin, FormView):
    """A form for one action. Subclasses name the form, the words, what is done and where it leads."""

    template_name = "worklists/action_form.html"
    heading: Any = ""
    lede: Any = ""
    submit: Any = ""
    done: Any = ""
    danger = False
    keep = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Who may not do this is told so before a form is shown."""
        super().setup(request, *args, **kwargs)
        self.check()

    @abstractmethod
    def check(self) -> None:
        """Raises NotAllowed for who may not do this, Http404 for who may not know of it."""

    @abstractmethod
    def perform(self, form: Any) -> Any:
        """Call the one action with what was filled in."""

    @abstractmethod
    def back(self) -> str:
        """Where the page leads when nothing is done."""

    def seen(self) -> int | None:
        """The version of the record that the form was made from."""
        text = self.request.POST.get("seen", "")
        return int(text) if text.isascii() and text.isdigit() else None

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The act, or its refusal in the form: nothing typed is lost."""
        try:
            result = self.perform(form)
        except NotAllowed:
            raise
        except Stale as refusal:
            form.add_error(None, [str(refusal), *refusal.changes])
            return self.form_invalid(form)
        except RuleViolation as refusal:
            say_no(form, refusal)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(self.after(result))

    def after(self, result: Any) -> str:
        """Where the act leads."""
        return self.back()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The words of the page."""
        words = {name: getattr(self, name) for name in ("heading", "lede", "submit", "danger", "keep")}
        return super().get_context_data(**{**words, "cancel_url": self.back(), **context})


def hidden_version(version: int) -> SafeString:
    """The version that a form is made from: the newest after a refusal, so that the second try goes through."""
    return format_html('<input type="hidden" name="seen" value="{}">', version)
