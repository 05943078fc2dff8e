"""A form whose session had ended is not lost: it goes along through the sign-in, without scripts, and is sent again."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from admission import actions
from admission.models import Opinion
from base.models import User
from config.sign_in import LONGEST, WORKED_HERE
from tests.admission import world as ways
from tests.admission.browsing import BACKEND, signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN, AGAIN = "/accounts/login/", "/accounts/again/"


class Hidden(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.found.setdefault(given["name"], given.get("value") or "")  # the footer has a form, too


def ended(client: Client) -> None:
    """The session has run out; the browser is still open."""
    del client.cookies[settings.SESSION_COOKIE_NAME]


@pytest.fixture
def street() -> tuple[Client, Opinion, User]:
    """A street with an opinion to give, whose session is gone."""
    world = ways.make_world()
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    client = signed_in(world, "street0")
    user = User.objects.get(pk=client.session["_auth_user_id"])
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user, backend=BACKEND)
    client.get("/")
    ended(client)
    return client, Opinion.objects.current(application).get(body=world.streets[0]), user


def test_an_opinion_survives_the_end_of_the_session(street):
    client, opinion, user = street
    address = f"/opinions/{opinion.pk}/"
    typed = {
        "stance": "objection",
        "points": "检测线路应由专业队伍承担。<b>",
        "signer": "负责人",
        "csrfmiddlewaretoken": "x",
    }
    page = client.post(address, typed)
    carried = Hidden(page.content.decode()).found
    assert "再提交一次" in page.content.decode()
    assert carried["next"] == AGAIN
    wrong = client.post(LOGIN, {"login": user.username, "password": "wrong", **carried})
    carried = Hidden(wrong.content.decode()).found
    assert "carried" not in client.session
    answer = client.post(LOGIN, {"login": user.username, "password": PASSWORD, **carried})
    assert (answer.status_code, answer.url) == (302, AGAIN)
    html = client.get(AGAIN).content.decode()
    again = Hidden(html).found
    assert f'action="{address}"' in html
    assert {name: again[name] for name in ("stance", "points", "signer")} == {
        name: typed[name] for name in ("stance", "points", "signer")
    }
    assert again["csrfmiddlewaretoken"] != "x"


@pytest.mark.parametrize(
    "typed",
    [{}, {"csrfmiddlewaretoken": "x"}, {"oldpassword": "secret words here"}, {"points": "长" * LONGEST}],
)
def test_nothing_typed_a_password_or_too_much_is_not_carried(street, typed):
    client, opinion, _user = street
    answer = client.post(f"/opinions/{opinion.pk}/", typed)
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next=/opinions/{opinion.pk}/")


def test_what_one_account_typed_is_not_shown_to_the_next_one_at_this_computer(street):
    client, opinion, _user = street
    typed = {"points": "只有本街道知道的意见。", "stance": "objection"}
    page = client.post(f"/opinions/{opinion.pk}/", typed)
    other = UserFactory.create()
    client.post(LOGIN, {"login": other.username, "password": PASSWORD, **Hidden(page.content.decode()).found})
    answer = client.get(AGAIN, follow=True)
    assert "只有本街道知道的意见。" not in answer.content.decode()
    assert "是另一个账号填的" in answer.content.decode()
    assert "carried" not in client.session


@pytest.mark.parametrize("cookie", [None, "made:up"])
def test_what_nobody_knows_the_account_of_is_not_carried(street, cookie):
    client, opinion, _user = street
    del client.cookies[WORKED_HERE]
    if cookie:
        client.cookies[WORKED_HERE] = cookie
    answer = client.post(f"/opinions/{opinion.pk}/", {"points": "无人认领"})
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next=/opinions/{opinion.pk}/")


def test_what_somebody_made_up_is_not_shown_and_a_file_is_said_to_be_missing(street):
    client, opinion, user = street
    client.post(LOGIN, {"login": user.username, "password": PASSWORD, "carried": "made:up", "next": AGAIN})
    assert client.get(AGAIN).url == "/"
    ended(client)
    sent = {"points": "见附件。", "file": SimpleUploadedFile("a.txt", b"abc")}
    assert "附件没有留住" in client.post(f"/opinions/{opinion.pk}/", sent).content.decode()


def test_what_a_page_saves_by_itself_is_led_to_sign_in_as_before(street):
    client, opinion, _user = street
    assert client.post(f"/opinions/{opinion.pk}/", {"points": "半"}, headers={"HX-Request": "true"}).status_code == 302


def come_back(client, page, user):
    client.post(LOGIN, {"login": user.username, "password": PASSWORD, **Hidden(page.content.decode()).found})


def test_what_was_carried_survives_a_reload_and_is_forgotten_once_it_is_sent(street):
    client, opinion, user = street
    address, typed = f"/opinions/{opinion.pk}/", {"points": "检测线路应由专业队伍承担。", "stance": "objection"}
    come_back(client, client.post(address, typed), user)
    for _n in range(2):
        assert typed["points"] in client.get(AGAIN).content.decode()
    client.post("/messages/seen/")
    assert "carried" in client.session
    client.post(address, typed)
    assert "carried" not in client.session


def test_a_sign_in_that_carries_nothing_forgets_what_an_earlier_one_did(street):
    client, opinion, user = street
    come_back(client, client.post(f"/opinions/{opinion.pk}/", {"points": "先前的。"}), user)
    client.post("/accounts/logout/")
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    assert client.get(AGAIN).url == "/"


def test_a_sign_out_takes_away_the_note_of_who_worked_here(street):
    client, _opinion, user = street
    client.force_login(user, backend=BACKEND)
    client.get("/")
    assert client.cookies[WORKED_HERE].value
    client.post("/accounts/logout/")
    assert not client.cookies[WORKED_HERE].value
