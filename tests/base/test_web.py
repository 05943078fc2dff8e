"""Between HTTP and the rules: refusals as pages, fit input."""

import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import include, path
from django.utils.translation import override
from django.views.decorators.http import require_POST

from base.errors import NotAllowed, RuleViolation, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.base.test_web")]


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("您的岗位不能受理这份申请。")


@login_not_required
def refused(request: HttpRequest, pk: int = 0) -> HttpResponse:
    raise RuleViolation("还差 <2> 个街道的意见。")


@login_not_required
def stale(request: HttpRequest) -> HttpResponse:
    raise Stale("有了新的变化。", changes=["2026-11-20 09:00 街道：答复无异议"])


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@login_not_required
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse("done")


@login_not_required
def echo(request: HttpRequest) -> JsonResponse:
    return JsonResponse({name: request.POST.getlist(name) for name in request.POST} | {"files": list(request.FILES)})


urlpatterns = [
    path("", include("config.urls")),
    path("forbidden", forbidden),
    path("refused", refused),
    path("stale", stale),
    path("broken", broken),
    path("meetings/<int:pk>/refused/", refused),
    path("meetings/<int:pk>/act/", act),
    path("echo", echo),
    path("echo/<str:what>", echo),
]


# --- Refusals ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/forbidden", 403, "您的岗位不能受理这份申请。"),
        ("/refused", 409, "还差 &lt;2&gt; 个街道的意见。"),
        ("/stale", 409, "2026-11-20 09:00 街道：答复无异议"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refusal_that_no_view_caught_is_a_page_with_its_reason(client, address, status, says, method):
    answer = getattr(client, method)(address)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")


HERE = "http://testserver"
RECORD, HOME = ("/meetings/7/", "看最新的情况"), ("/", "回到首页")


@pytest.mark.parametrize(
    ("address", "came_from", "ways"),
    [
        ("/meetings/7/refused/", "", [RECORD, HOME]),
        ("/meetings/7/refused/", f"{HERE}/meetings/7/", [RECORD, HOME]),
        ("/meetings/7/refused/", f"{HERE}/meetings/?page=2", [RECORD, ("/meetings/?page=2", "回到刚才的页面"), HOME]),
        ("/refused", f"{HERE}/inbox/", [("/inbox/", "回到刚才的页面"), HOME]),
        ("/refused", f"{HERE}/refused", [HOME]),
        ("/refused", "https://elsewhere.example/inbox/", [HOME]),
        ("/refused", f"{HERE}//elsewhere.example/", [HOME]),
        ("/refused", "javascript:alert(1)", [HOME]),
        ("/refused", "http://[", [HOME]),
        ("/forbidden", f"{HERE}/inbox/", [("/inbox/", "回到刚才的页面"), HOME]),
        ("/forbidden", "https://elsewhere.example/inbox/", [HOME]),
        ("/meetings/7/act/", "", [RECORD, HOME]),
    ],
)
def test_a_page_that_says_not_now_leads_back_and_never_away(client, address, came_from, ways):
    page = client.get(address, headers={"referer": came_from} if came_from else {}).content.decode()
    row = page.split('class="btn-row"')[-1].split("</div>")[0]
    assert re.findall(r'href="([^"]*)">([^<]*)<', row) == ways


def test_the_address_of_an_act_opened_like_a_page_says_that_nothing_was_done(client):
    opened = client.get("/meetings/7/act/")

    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "刚才什么都没有办" in opened.content.decode()
    assert client.post("/meetings/7/act/").content == b"done"
    assert client.put("/meetings/7/act/").content == b""  # a machine: nobody reads


def test_a_bug_stays_a_bug():
    assert Client(raise_request_exception=False).get("/broken").status_code == 500


def test_an_address_that_does_not_exist_stays_404(client, admin_user):
    client.force_login(admin_user)
    assert client.get("/nowhere/").status_code == 404


# --- Input -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/echo?q=%00", "/echo?%00=q", "/echo/%00", "/accounts/login/?next=%00"])
def test_an_address_with_a_nul_is_400_in_one_sentence(client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "看不懂这个请求" in answer.content.decode()


def test_percent_signs_that_are_no_nul_pass(client):
    assert client.get("/echo?q=100%2500").status_code == 200


TYPED = {"title": "办\x00理\x0b<b>=1+1</b>\r\n", "streets": ["甲\x01", "乙"], "na\x00me": "x"}


@pytest.mark.parametrize("content_type", [MULTIPART_CONTENT, "application/x-www-form-urlencoded"])
def test_what_is_typed_loses_its_control_characters_and_nothing_else(client, content_type):
    typed = TYPED if content_type == MULTIPART_CONTENT else urlencode(TYPED, doseq=True)
    assert client.post("/echo", typed, content_type=content_type).json() == {
        "title": ["办理\n<b>=1+1</b>\n"], "streets": ["甲", "乙"], "name": ["x"], "files": [],
    }  # fmt: skip


def test_files_come_through_beside_cleaned_fields(client, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-\x00")
    with (tmp_path / "a.pdf").open("rb") as file:
        assert client.post("/echo", {"file": file, "title": "\x00甲"}).json() == {"title": ["甲"], "files": ["file"]}


def test_a_body_that_is_no_form_is_left_alone(client):
    assert client.post("/echo", '{"a": "\\u0000"}', content_type="application/json").json() == {"files": []}


def test_a_sign_in_with_control_characters_is_an_ordinary_wrong_one(client):
    answer = client.post("/accounts/login/", {"login": "off\x00ice", "password": "\x00\x01"})
    assert answer.status_code == 200
    with override("zh-hans"):
        assert answer.context["form"].errors
