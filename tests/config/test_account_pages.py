"""Sign-in, passwords, second factor, and the pages for what goes wrong: in our frame, saying what to do next."""

import re

import pytest
from allauth.account.forms import LoginForm
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from config import errors
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

FOR_VISITORS = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
]
FOR_MEMBERS = [
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
]


def headings(html: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", text).strip() for text in re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)]


@pytest.fixture
def member(client: Client) -> Client:
    """Somebody who has just signed in and confirmed it."""
    account = UserFactory.create()
    client.post(reverse("account_login"), {"login": account.username, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.parametrize("name", FOR_VISITORS)
def test_pages_for_visitors_stand_in_our_frame(client, name):
    html = client.get(reverse(name)).content.decode()

    assert len(headings(html)) == 1
    assert 'class="site-top"' in html


@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_pages_for_members_stand_in_our_frame(member, name):
    response = member.get(reverse(name))

    assert response.status_code == 200, response.headers.get("Location")
    assert len(headings(response.content.decode())) == 1
    assert "data-sign-out" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_redirects_the_way_to_a_new_password_from_an_open_session(member, method):
    answer = getattr(member, method)("/accounts/email/", {"email": "other@example.org", "action_add": "1"})

    assert answer.status_code == 403
    assert "平台管理员" in answer.content.decode()
    assert not EmailAddress.objects.exists()


def test_passwords_are_never_kept_on_the_computer(member):
    for name in ("account_login", "account_change_password", "account_reauthenticate"):
        assert "data-keep" not in member.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["account_login", "account_change_password"])
def test_the_way_out_of_a_forgotten_password_stands_below_its_box(member, name):
    html = (Client() if name == "account_login" else member).get(reverse(name)).content.decode()

    assert html.index('type="password"') < html.index('href="/accounts/password/reset/"')


def test_recovery_codes_can_be_made_and_read(member):
    secret = re.search(r'class="secret">(\w+)<', member.get(reverse("mfa_activate_totp")).content.decode())
    assert secret
    code = totp.format_hotp_value(totp.hotp_value(secret[1], next(totp.yield_hotp_counters_from_time())))
    member.post(reverse("mfa_activate_totp"), {"code": code})

    listed = member.get(reverse("mfa_view_recovery_codes")).content.decode()
    renew = member.get(reverse("mfa_generate_recovery_codes")).content.decode()

    assert headings(listed) == ["恢复码"]
    assert len(re.findall(r"<li>[\w-]{8,}</li>", listed)) == 10
    assert headings(renew) == ["换一批恢复码"]
    assert headings(member.get(reverse("mfa_deactivate_totp")).content.decode()) == ["停用手机验证码"]


@pytest.mark.parametrize("demo", [True, False])
def test_demo_accounts_are_listed_only_where_there_are_some(demo):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    accounts = [{"username": "office", "label": "准入办 · 经办", "what": "受理、初审"}] if demo else []

    html = render_to_string(
        "account/login.html",
        {"form": LoginForm(request=request), "demo_accounts": accounts, "demo_password": "only a demo"},
        request=request,
    )

    assert ('name="login" value="office"' in html) is demo
    assert ("演示账号" in html) is demo


def test_a_page_that_is_not_there_says_so_and_gives_nothing_away(client):
    response = client.get("/no-such-page-nowhere/")

    assert response.status_code == 404
    assert headings(response.content.decode()) == ["没有找到这一页"]
    assert "nowhere" not in re.sub(r'name="next" value="[^"]*"', "", response.content.decode())


def test_a_page_left_open_too_long_can_be_sent_again():
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("account_login"), {"login": "office", "password": "secret"})

    assert response.status_code == 403
    assert headings(response.content.decode()) == ["没有提交成，请再提交一次"]


@pytest.mark.parametrize(
    ("view", "status", "heading"),
    [
        (lambda request: errors.bad_request(request, ValueError("secret")), 400, "看不懂这个请求"),
        (errors.server_error, 500, "系统出了问题，不是您操作错了"),
    ],
)
def test_what_goes_wrong_is_not_explained_to_strangers(view, status, heading):
    response = view(RequestFactory().get("/"))

    assert response.status_code == status
    assert headings(response.content.decode()) == [heading]
    assert "secret" not in response.content.decode()


def test_too_many_wrong_passwords_are_answered_with_how_to_go_on(client, settings):
    settings.AXES_FAILURE_LIMIT = 2
    account = UserFactory.create()
    for _attempt in range(3):
        response = client.post(reverse("account_login"), {"login": account.username, "password": "wrong"})

    assert response.status_code == 429
    assert headings(response.content.decode()) == ["密码错得太多，暂时不能登录"]
