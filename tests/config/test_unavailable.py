"""The database is away: one clear sentence, and nothing that was typed is lost."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path

from tests.scene import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
GONE: dict[str, Exception | None] = {"error": None}


def work(request: HttpRequest) -> HttpResponse:
    if GONE["error"]:
        raise GONE["error"]
    return JsonResponse(dict(request.POST.lists()))


handler500 = "config.errors.server_error"
urlpatterns = [path("work/", work), path("", include("config.urls"))]
TYPED = {"text": '同意，"经费" <按季度> 拨付。\n第二行', "scope": ["430211001", "430211002"], "seen": "7"}


@pytest.fixture(params=[OperationalError("secret"), InterfaceError("secret")], ids=["gone", "closed"], autouse=True)
def database_away(request):
    GONE["error"] = request.param
    yield
    GONE["error"] = None


@pytest.fixture
def signed_in(admin_user) -> Client:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(admin_user, backend=BACKEND)
    client.get("/")
    return client


def send(signed_in: Client, fields: dict[str, object]) -> HttpResponse:
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', signed_in.get("/feedback/").content.decode())[1]
    return signed_in.post("/work/?page=2", {**fields, "csrfmiddlewaretoken": token})


def test_a_page_that_cannot_be_shown_says_so_and_where_to_try_again(signed_in):
    answer = signed_in.get("/work/?page=2")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["系统暂时办不了，不是您操作错了"]
    assert 'href="/work/?page=2"' in page
    assert "secret" not in page


def test_what_was_typed_comes_back_and_is_sent_again_from_the_same_page(signed_in):
    answer = send(signed_in, TYPED)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert '<form method="post" action="/work/?page=2">' in page
    GONE["error"] = None
    again = signed_in.post("/work/?page=2", hidden(page))
    arrived = {name: values for name, values in again.json().items() if name != "csrfmiddlewaretoken"}
    assert arrived == {"text": [TYPED["text"]], "scope": TYPED["scope"], "seen": ["7"]}


def hidden(page: str) -> dict[str, list[str]]:
    """The fields of the form on the page, as a browser would send them."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def test_a_file_is_not_kept_and_the_page_says_so(signed_in):
    page = send(signed_in, {**TYPED, "file": SimpleUploadedFile("方案.pdf", b"%PDF-")}).content.decode()
    assert "附件没有留住" in page
    assert "附件没有留住" not in send(signed_in, TYPED).content.decode()


def test_a_password_is_never_written_into_a_page(signed_in):
    page = send(signed_in, {"login": "office", "password": "correct horse"}).content.decode()
    assert "correct horse" not in page
    assert "<form" not in page


def test_a_database_that_is_away_is_asked_once_for_a_page(signed_in):
    """Each further question would wait as long again, until the web server gives the worker up."""
    asked = []

    def refuse(_execute, sql, *_rest):
        asked.append(sql)
        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = signed_in.get("/")
    assert (answer.status_code, len(asked)) == (503, 1)
