"""How accounts come to be: an administrator makes them; nobody registers. A one-time password is changed first."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from base import visitors
from base.errors import NotAllowed
from base.models import User

CHANGE = "account_change_password"
OPEN = frozenset({CHANGE, "account_logout", "set_language", "healthz", "readyz"})
"""What remains for somebody who has only a one-time password."""


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the lock-out counts it."""
        return visitors.address_of(request) or ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by axes alone; the library's own limit is left to the second factor."""

    def clean_password(self, password: str, user: Any = None) -> str:
        """By the rules of the settings; what an administrator has seen is no password of one's own."""
        if user is not None and user.must_change_password and user.check_password(password):
            raise ValidationError(_("不能接着用一次性密码，请另设一个只有您知道的密码。"))
        return str(super().clean_password(password, user))

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A one-time password that was not changed in time opens nothing; said to who has typed it rightly."""
        if user.one_time_password_lapsed(timezone.now()):
            return lapsed(request)
        return super().pre_login(request, user, **kwargs)

    def set_password(self, user: User, password: str) -> None:
        """From now on it is the person's own."""
        user.must_change_password, user.one_time_until = False, None
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To work; the message says that it is done."""
        return "/"


def lapsed(request: HttpRequest) -> HttpResponse:
    """Whom to ask for another."""
    return render(request, "account/password_lapsed.html", status=403)


def no_email_page(_request: HttpRequest) -> HttpResponse:
    """Whoever sits at an open session must not be able to lead the link for a new password to themselves."""
    raise NotAllowed(_("电子邮箱由平台管理员在“账号”里登记，要改请联系平台管理员。"))


class OwnPasswordFirst:
    """Middleware: with a one-time password there is nothing to do here but change it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What matters is known once the address has been resolved."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """To the page for it, whatever was asked for."""
        match = request.resolver_match
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if user.one_time_password_lapsed(timezone.now()):
            logout(request)
            return lapsed(request)
        return None if match is not None and match.view_name in OPEN else redirect(CHANGE)
