"""A form that makes something new, sent twice: by a double click, by Back, by two browsers at the same time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django.views import View

from base.errors import RuleViolation
from base.once import GIVEN_UP, SentForm, begin
from base.web import Once
from tests.races import at_once

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Make(Once, View):
    """Makes something, refuses something empty, and breaks when told so."""

    made: list[str] = []

    def post(self, request):
        match request.POST["what"]:
            case "":
                return HttpResponse("请填写。")
            case "broken":
                raise RuleViolation("不行。")
            case what:
                self.made.append(what)
                return redirect(f"/made/{len(self.made)}/")


@pytest.fixture(autouse=True)
def nothing_made():
    Make.made.clear()


def send(token: str, what: str):
    request = RequestFactory().post("/", {"once": token, "what": what})
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _request: HttpResponse()).process_request(request)
    return Make.as_view()(request), [str(message) for message in get_messages(request)]


@pytest.mark.django_db
def test_the_second_time_leads_to_what_the_first_has_made():
    token = str(uuid4())
    first, nothing = send(token, "会议")
    second, said = send(token, "会议")
    assert (first["Location"], second["Location"], Make.made) == ("/made/1/", "/made/1/", ["会议"])
    assert (nothing, said) == ([], ["这张表已经提交过，没有再登记一次。要另登一件，请重新打开一张。"])


@pytest.mark.django_db
def test_what_made_nothing_may_be_sent_again():
    token = str(uuid4())
    assert send(token, "")[0].status_code == 200
    with pytest.raises(RuleViolation, match="不行"):
        send(token, "broken")
    assert send(token, "会议")[0]["Location"] == "/made/1/"


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "x", "1" * 500])
def test_a_form_without_a_token_is_taken_as_it_comes(token):
    send(token, "会议")
    send(token, "会议")
    assert (len(Make.made), SentForm.objects.count()) == (2, 0)


@pytest.mark.django_db
def test_while_it_is_worked_on_the_second_waits_and_a_killed_attempt_is_forgotten():
    token = uuid4()
    assert begin(token, at=NOW) is None
    assert begin(token, at=NOW + GIVEN_UP).url == ""
    assert begin(token, at=NOW + GIVEN_UP + timedelta(seconds=1)) is None


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_is_taken():
    token = uuid4()
    taken = at_once(*[lambda: begin(token, at=NOW) for _n in range(8)])
    assert sum(row is None for row in taken) == 1
