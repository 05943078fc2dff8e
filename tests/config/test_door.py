"""The door: codes of the second step are few, the visitor's address is the visitor's, a name is one in any capitals."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from base import visitors
from base.models import KeptCount
from communities.models import Account
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
FIRST, SECOND = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def careful():
    """An account with a second step."""
    account = UserFactory.create(username="director")
    totp.TOTP.activate(account, SECRET)
    return account


def code() -> str:
    return totp.format_hotp_value(totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time())))


def wrong_code() -> str:
    return f"{(int(code()) + 1) % 10**6:06}"


def tries(given: str, browser: Client | None = None) -> bool:
    """The right password, then this code: does it open?"""
    browser = browser or Client()
    browser.post(reverse("account_login"), {"login": "director", "password": PASSWORD})
    browser.post(reverse("mfa_authenticate"), {"code": given})
    return "_auth_user_id" in browser.session


def miss(name: str = "director", times: int = 1, **options) -> int:
    answers = [
        Client(**options).post(reverse("account_login"), {"login": name, "password": "wrong"}).status_code
        for _n in range(times)
    ]
    return answers[-1]


def test_the_right_code_opens(careful):
    assert tries(code())


def test_a_second_step_is_not_guessed_five_wrong_codes_shut_it_even_for_the_right_one_in_any_browser(careful):
    for _n in range(5):
        assert not tries(wrong_code())
    assert not tries(code())


def test_whoever_typed_too_many_wrong_codes_is_told_to_wait(careful):
    for _n in range(5):
        tries(wrong_code())
    browser = Client()
    browser.post(reverse("account_login"), {"login": "director", "password": PASSWORD})
    assert "登录失败次数过多" in browser.post(reverse("mfa_authenticate"), {"code": code()}).content.decode()


def test_patience_does_not_help_twenty_wrong_codes_shut_the_second_step_for_the_day(careful):
    begun = timezone.now()
    for burst in range(4):
        with time_machine.travel(begun + burst * timedelta(minutes=16)):
            for _n in range(5):
                tries(wrong_code())
    with time_machine.travel(begun + timedelta(hours=5)):
        assert not tries(code())
    with time_machine.travel(begun + timedelta(hours=26)):
        assert tries(code())


def test_without_the_second_step_that_the_administrator_took_away_the_password_opens_at_once(careful):
    for _n in range(5):
        tries(wrong_code())
    browser = Client()
    Authenticator.objects.filter(user=careful).delete()
    browser.post(reverse("account_login"), {"login": "director", "password": PASSWORD})
    assert "_auth_user_id" in browser.session


def test_wrong_codes_are_counted_in_the_database_for_all_processes_together(careful):
    tries(wrong_code())
    assert KeptCount.objects.filter(cache_key__contains=":login_failed:").exists()


def test_a_code_opens_once(careful):
    given = code()
    assert [tries(given), tries(given)] == [True, False]


def test_wrong_passwords_do_not_use_up_the_codes(careful):
    miss(times=4)
    assert tries(code())


@pytest.mark.parametrize(
    ("behind", "header", "found"),
    [
        (True, FIRST, FIRST),
        (True, f"198.51.100.1, {FIRST}", FIRST),  # a proxy that appends: what the visitor made up stands before
        (True, "", "127.0.0.1"),
        (True, "unknown", "127.0.0.1"),
        (True, "2001:db8::7", "2001:db8::7"),
        (False, FIRST, "127.0.0.1"),
    ],
)
def test_the_address_is_what_the_one_proxy_saw_and_without_a_proxy_nobodys_word_is_believed(
    settings, behind, header, found
):
    settings.BEHIND_PROXY = behind
    assert visitors.address_of(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=header)) == found


def test_behind_the_proxy_a_lock_holds_for_the_address_it_comes_from_and_for_no_other(settings, careful):
    settings.BEHIND_PROXY = True
    assert miss(times=5, HTTP_X_FORWARDED_FOR=FIRST) == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {FIRST}
    assert tries(code(), Client(HTTP_X_FORWARDED_FOR=SECOND))


@pytest.mark.parametrize("name", ["Director", " director ", "DIRECTOR"])
def test_capitals_and_spaces_make_no_new_name_for_the_lock(careful, name):
    miss(times=4)
    assert miss(name) == 429
    assert miss() == 429


def test_a_letter_that_the_database_takes_for_another_makes_no_new_name(careful):
    request = RequestFactory().post("/")
    assert visitors.name_tried(request, {"username": "\u017ftreet"}) == "street"


def test_a_right_password_in_other_capitals_forgets_the_mistakes(careful):
    miss("DIRECTOR", times=4)
    tries(code())
    assert not AccessAttempt.objects.exists()


def test_the_administrator_sees_a_lock_that_several_browsers_made_together(careful):
    def locked() -> bool:
        return Account.objects.with_lock(timezone.now()).get(username="director").locked

    miss(times=2, HTTP_USER_AGENT="one")
    miss(times=2, HTTP_USER_AGENT="two")
    miss(times=1, REMOTE_ADDR="10.1.2.3")
    assert not locked()
    miss(HTTP_USER_AGENT="three")
    assert locked()
    assert miss() == 429
