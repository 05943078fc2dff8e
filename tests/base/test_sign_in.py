"""Signing in: account name and password, lock-out after repeated mistakes, what a password must be."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from base.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LIMIT = 5
LOGIN = "/accounts/login/"


@pytest.fixture
def office() -> User:
    return UserFactory.create(username="office")


def sign_in(client, password: str = PASSWORD, username: str = "office", **options):
    return client.post(LOGIN, {"login": username, "password": password}, **options)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def fail(client, times: int = LIMIT) -> int:
    return [sign_in(client, "wrong password").status_code for _ in range(times)][-1]


def test_the_right_password_opens_the_home_page(client, office):
    answer = sign_in(client)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_signed_in(client)


def test_one_comes_back_to_the_page_one_asked_for_and_to_no_other_site(client, office):
    assert client.post(f"{LOGIN}?next=/communities/", {"login": "office", "password": PASSWORD}).url == "/communities/"
    client.post(reverse("account_logout"))
    wrong = client.post(f"{LOGIN}?next=https://evil.example/", {"login": "office", "password": PASSWORD})
    assert wrong.url == "/"


@pytest.mark.parametrize(("username", "password"), [("office", "wrong password"), ("nobody", PASSWORD), ("office", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nobody(client, office, username, password):
    answer = sign_in(client, password, username)
    assert answer.status_code == 200
    assert not is_signed_in(client)
    if password:
        assert list(answer.context["form"].errors) == ["__all__"]


def test_an_account_that_was_closed_does_not_open(client, office):
    User.objects.update(is_active=False)
    sign_in(client)
    assert not is_signed_in(client)


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(client, office):
    assert fail(client, LIMIT - 1) == 200
    assert fail(client, 1) == 429
    assert sign_in(client).status_code == 429
    assert not is_signed_in(client)


def test_a_lock_tells_how_long_it_lasts(client, office):
    fail(client)
    assert "15" in sign_in(client).content.decode()


def test_a_lock_holds_for_one_account_from_one_address(client, office):
    UserFactory.create(username="director")
    fail(client)
    assert sign_in(client, username="director").status_code == 302
    client.post(reverse("account_logout"))
    assert sign_in(client, REMOTE_ADDR="10.1.2.3").status_code == 302


def test_a_lock_ends_by_itself(client, office):
    fail(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client).status_code == 302


def test_a_right_password_forgets_the_mistakes_before(client, office):
    fail(client, LIMIT - 1)
    sign_in(client)
    client.post(reverse("account_logout"))
    assert fail(client, LIMIT - 1) == 200


def test_the_lock_guards_the_administrators_door_too(client, office):
    User.objects.update(is_staff=True)
    answer = client.get("/admin/login/?next=/admin/")
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next=%2Fadmin%2F")


def test_every_page_asks_for_a_sign_in_first(client):
    answer = client.get("/admin/base/event/")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, LOGIN)


def test_nobody_registers(client):
    answer = client.post("/accounts/signup/", {"username": "new", "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_signing_out_needs_a_click(client, office):
    sign_in(client)
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "tianyuan-office", ""])
def test_weak_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="tianyuan-office"))


def test_a_long_enough_password_is_accepted():
    assert validate_password(PASSWORD, User(username="office")) is None, "it raises what it refuses"


def test_an_account_shows_its_name_and_knows_what_is_personal():
    assert (str(User(username="office")), str(User(username="office", display_name="区民政局"))) == (
        "office",
        "区民政局",
    )
    assert User.personal_fields == ("username", "email", "display_name")
