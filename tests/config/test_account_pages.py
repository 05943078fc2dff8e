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

from base.models import User
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


def with_codes_on_a_phone(member: Client) -> None:
    """The second step is set up."""
    secret = re.search(r'class="secret">(\w+)<', member.get(reverse("mfa_activate_totp")).content.decode())
    assert secret
    code = totp.format_hotp_value(totp.hotp_value(secret[1], next(totp.yield_hotp_counters_from_time())))
    member.post(reverse("mfa_activate_totp"), {"code": code})


def words_of_errors(html: str) -> list[str]:
    boxes = re.findall(r'<div class="field-error"[^>]*>(.*?)</div>', html, re.DOTALL)
    return [text for box in boxes for text in re.findall(r"<p>(.*?)</p>", box)]


@pytest.mark.parametrize("password", ["123", "password", "1234567890"])
def test_a_password_that_is_refused_is_told_so_in_our_words_and_not_said_to_be_still_there(member, password):
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    page = member.post(reverse("account_change_password"), form).content.decode()

    said = words_of_errors(page)
    assert said
    assert not [sentence for sentence in said if re.search("[A-Za-z]{3}", sentence)]
    assert "您填的内容都还在" not in page


def test_a_password_like_the_account_is_refused_by_the_name_of_what_it_is_like(member):
    account = User.objects.get()
    alike = f"{account.username}2026"
    form = {"oldpassword": PASSWORD, "password1": alike, "password2": alike}
    page = member.post(reverse("account_change_password"), form).content.decode()

    assert "和账号名太像" in " ".join(words_of_errors(page))


@pytest.mark.parametrize("name", ["mfa_activate_totp", "account_reauthenticate", "mfa_add_webauthn", "mfa_index"])
def test_no_label_of_the_pages_of_an_account_is_english(member, name):
    page = member.get(reverse(name)).content.decode()
    labels = re.findall(r"<(?:label|legend|h2)[^>]*>(.*?)</", page, re.DOTALL)

    assert labels
    assert not [label for label in labels if re.search("[A-Za-z]{3}", re.sub("<.*", "", label))]


def test_a_second_step_offers_only_the_ways_that_were_set_up_and_says_both_kinds_of_code(member):
    account = User.objects.get()
    with_codes_on_a_phone(member)
    visitor = Client()
    visitor.post(reverse("account_login"), {"login": account.username, "password": PASSWORD})

    asked = visitor.get(reverse("mfa_authenticate")).content.decode()
    refused = visitor.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    again = member.get(reverse("mfa_reauthenticate")).content.decode()

    assert "安全密钥" not in asked
    assert "验证码或恢复码" in asked
    assert "验证码或恢复码" in again
    assert words_of_errors(refused) == ["不对，或者已经过了时间。请核对以后再填一次。"]


def test_links_asked_for_too_often_are_answered_with_when_to_try_again(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    for _attempt in range(2):
        response = client.post(reverse("account_reset_password"), {"email": "a@example.org"})

    assert response.status_code == 429
    assert headings(response.content.decode()) == ["试得太快，请歇几分钟"]


def test_a_one_time_password_is_called_so_and_no_way_leads_back_to_the_same_page(client):
    account = UserFactory.create(must_change_password=True)
    client.force_login(account)
    page = client.get(reverse("account_change_password")).content.decode()

    assert "一次性密码</label>" in page
    assert 'href="/accounts/password/reset/"' not in page


def test_who_is_inside_without_a_post_is_not_sent_to_sign_in(client):
    before = client.get(reverse("home")).content.decode()
    client.force_login(UserFactory.create())
    after = client.get(reverse("home")).content.decode()

    assert "登录办理" in before
    assert "登录办理" not in after


def test_recovery_codes_can_be_made_and_read(member):
    with_codes_on_a_phone(member)

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
