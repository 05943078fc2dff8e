"""我的视图: the filters of a list under a name of one's own."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from base import saved
from base.errors import RuleViolation
from base.models import SavedView
from tests.scene import BACKEND, Scene, account, make_county

pytestmark = pytest.mark.django_db
LIST = "/applications/"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def scene() -> Scene:
    return Scene(make_county(), {})


def browser(scene: Scene, who: str) -> Client:
    if who not in scene.accounts:
        account(scene, who)
    client = Client()
    client.force_login(scene.accounts[who], backend=BACKEND)
    return client


def keep(client: Client, *, path: str = LIST, query: str = "kind=exit&view=all", name: str = "退出的"):
    return client.post(reverse("view-keep"), {"path": path, "query": query, "name": name})


def test_a_kept_view_leads_back_to_the_same_filters(scene):
    office = browser(scene, "office")
    answer = keep(office, query="view=all&kind=exit&page=3&state=")
    asked = urlsplit(answer["Location"])
    assert (asked.path, parse_qs(asked.query)) == (LIST, {"kind": ["exit"], "view": ["all"]})
    kept = office.get(answer["Location"]).context["kept"]
    assert (str(kept.current), [view.name for view in kept.views]) == ("退出的", ["退出的"])
    assert office.get(LIST).context["kept"].current is None


def test_a_view_is_its_owners_alone(scene):
    keep(browser(scene, "office"))
    view = SavedView.objects.get()
    other = browser(scene, "director")
    assert other.get(LIST).context["kept"].views == []
    assert other.post(reverse("view-forget", args=[view.pk])).status_code == 404
    assert SavedView.objects.exists()


def test_the_same_name_replaces_and_a_view_can_be_forgotten(scene):
    office = browser(scene, "office")
    first = keep(office)
    assert "已存为视图“退出的”" in office.get(first["Location"]).content.decode()
    again = keep(office, query="kind=change")
    assert "视图“退出的”原来就有，已换成现在的筛选。" in office.get(again["Location"]).content.decode()
    view = SavedView.objects.get()
    assert view.query == "kind=change"
    assert office.post(reverse("view-forget", args=[view.pk]))["Location"] == LIST
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [("", "kind=exit", "起个名字"), ("长" * 21, "kind=exit", "起个名字"), ("空的", "page=2", "先筛选"),
     ("太长", f"q={'x' * 2000}", "先筛选")],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_on_the_list(scene, name, query, sentence):
    office = browser(scene, "office")
    answer = office.post(reverse("view-keep"), {"path": LIST, "query": query, "name": name}, follow=True)
    assert answer.request["PATH_INFO"] == LIST
    assert sentence in answer.content.decode()
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "/no/such/page/", "", "/\\x"])
def test_only_a_page_of_the_portal_can_be_kept(scene, path):
    assert keep(browser(scene, "office"), path=path).status_code == 404
    assert not SavedView.objects.exists()


def test_one_page_holds_only_so_many(scene):
    user = browser(scene, "office") and scene.accounts["office"].pk
    for n in range(saved.MOST):
        saved.keep(user_id=user, path=LIST, query=f"q={n}", name=f"第{n}个", at=NOW)
    with pytest.raises(RuleViolation, match="最多存 20 个"):
        saved.keep(user_id=user, path=LIST, query="q=x", name="再一个", at=NOW)
    saved.keep(user_id=user, path=LIST, query="q=x", name="第0个", at=NOW)


def test_the_public_list_has_views_for_who_signed_in_and_none_for_visitors(scene):
    address = "/lists/430211/"
    keep(browser(scene, "street"), path=address, query="category=assist", name="协助的")
    assert [view.name for view in browser(scene, "street").get(address).context["kept"].views] == ["协助的"]
    assert Client().get(address).context["kept"] is None


def test_the_database_keeps_a_name_once_for_each_person_and_page(scene):
    office = browser(scene, "office")
    keep(office)
    view = SavedView.objects.get()
    view.pk = None
    with pytest.raises(IntegrityError, match="saved_view_once"), transaction.atomic():
        view.save(force_insert=True)


def test_addresses_that_show_the_same_are_one_view():
    assert saved.narrowed(QueryDict("b=2&a=1&page=4&c=")) == saved.narrowed(QueryDict("a=1&b=2")) == "a=1&b=2"
