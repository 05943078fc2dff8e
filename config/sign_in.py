"""Signing in, also in the middle of work: what was typed when the session had ended goes along and is sent again.

The sign-in page that answers such a form carries it, signed and hidden; nothing is kept on the server before somebody
has signed in. It needs no script. Files cannot be carried, passwords never are. Computers are shared: a cookie says
which account worked here last, and nobody else gets to see what it typed.
"""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core import signing
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

CARRIED, SALT = "carried", "config.sign_in"
LONGEST = 100_000  # characters of names and values together; whoever types more is led to sign in as before
MOST_FIELDS = 1_000
GOOD_FOR = 60 * 60  # seconds between the refused form and the sign-in
WORKED_HERE = "worked_here"  # the cookie: the key of the account, signed; gone with the browser's window or a sign-out


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields that somebody sent with a button; none with a password among them, or too many."""
    if request.method != "POST" or request.headers.get("HX-Request") == "true":
        return []
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]
    fits = len(fields) <= MOST_FIELDS and sum(len(name) + len(value) for name, value in fields) <= LONGEST
    return fields if fits and not any("password" in name for name, _value in fields) else []


def opened(sealed: str) -> dict[str, Any]:
    """What was sealed within the hour; empty for anything else."""
    try:
        found: dict[str, Any] = signing.loads(sealed, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return {}
    return found


class SignInFirst(LoginRequiredMiddleware):
    """Middleware: nothing without signing in; the sign-in page that answers a filled-in form carries it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """The redirect to the sign-in page, unless there is something to carry and one knows whose it is."""
        fields, by = typed_in(request), worked_here(request)
        if not fields or by is None:
            return super().handle_no_permission(request, view_func)
        said = {"address": request.get_full_path(), "fields": fields, "files": bool(request.FILES), "by": by}
        sealed = signing.dumps(said, salt=SALT, compress=True)
        shown: Any = request  # as if the sign-in page had been opened
        shown.method, shown.POST, shown.GET = "GET", QueryDict(), QueryDict(f"next={reverse('again')}")
        return SignIn.as_view(extra_context={CARRIED: sealed, "files": said["files"]})(shown)

    def process_view(self, request: HttpRequest, view_func: Any, args: Any, kwargs: Any) -> Any:
        """What was carried is forgotten once it is sent again; until then its page can be loaded once more."""
        refused = super().process_view(request, view_func, args, kwargs)
        sealed = request.session.get(CARRIED, "") if refused is None and request.method == "POST" else ""
        if sealed and opened(sealed).get("address") in {None, request.get_full_path()}:
            del request.session[CARRIED]
        return refused

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Who works here is noted, where the page had to know it; a sign-out takes the note away."""
        known: Any = request.__dict__.get("_cached_user")
        if known is not None and known.is_authenticated and not request.user.is_authenticated:
            response.delete_cookie(WORKED_HERE, samesite="Lax")
        elif known is not None and known.is_authenticated and worked_here(request) != known.pk:
            value = signing.dumps(known.pk, salt=SALT)
            response.set_cookie(
                WORKED_HERE, value, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
            )
        return response


def worked_here(request: HttpRequest) -> int | None:
    """The key of the account that was signed in last in this browser."""
    try:
        found: int = signing.loads(request.COOKIES.get(WORKED_HERE, ""), salt=SALT)
    except signing.BadSignature:
        return None
    return found


class SignIn(LoginView):
    """登录; whoever brings a form along is led to where it can be sent again."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The password fits: what was carried waits in the session, also while a second factor is asked for."""
        answer: HttpResponse = super().form_valid(form)
        sealed = self.request.POST.get(CARRIED, "")
        if opened(sealed):
            self.request.session[CARRIED] = sealed
        else:
            self.request.session.pop(CARRIED, None)
        return answer

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """After a wrong password the form still comes along."""
        sealed = self.request.POST.get(CARRIED, "")
        again = {CARRIED: sealed} if opened(sealed) else {}
        found: dict[str, Any] = super().get_context_data(**{**again, **context})
        return found


@method_decorator(never_cache, name="dispatch")
class Again(TemplateView):
    """再提交一次: a button that sends the form to where it was going, as the person who has signed in now."""

    template_name = "account/again.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Home where nothing was brought along, or what somebody else had typed, which is thrown away."""
        said = opened(request.session.get(CARRIED, ""))
        if said and said["by"] != request.user.pk:
            del request.session[CARRIED]
            messages.info(request, _("登录到期前没有交上去的内容是另一个账号填的，没有带过来。"))
        elif said:
            return self.render_to_response(said)
        return redirect("home")
