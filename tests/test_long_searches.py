"""A search stands in the address: its fields end before the server's line does, and what is longer gets a sentence."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from django.urls import reverse_lazy

from config import gunicorn_conf
from tests.admission import world as ways
from tests.admission.signing import signed_in

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
SEARCHES = [
    ("office", "/applications/", "q"),
    ("office", "/notices/", "q"),
    ("office", "/audit/", "q"),
    ("office", "/outcomes/?county=430211", "number"),
    ("office", reverse_lazy("worklists:county", args=["430211"]), "q"),
    ("office", reverse_lazy("communities:county", args=["430211"]), "q"),
    ("office", reverse_lazy("communities:departments", args=["430211"]), "q"),
    ("admin", reverse_lazy("communities:appointments"), "q"),
    ("admin", reverse_lazy("communities:accounts"), "q"),
]
TYPED = {"text", "search", "tel", "email", "url"}
LINE = "GET {} HTTP/1.1"


@pytest.fixture
def world(db) -> ways.World:
    """The county with its actors."""
    return ways.make_world()


class GetForms(HTMLParser):
    """The text inputs of the forms that are sent by GET, each with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.found = False, []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("method", "get").lower() == "get"
        if tag == "input" and self.inside and given.get("type", "text") in TYPED and given.get("name"):
            self.found.append(given)


@pytest.mark.parametrize(("who", "address", "field"), SEARCHES)
def test_every_search_field_ends_before_the_address_does(world, who, address, field):
    forms = GetForms()
    forms.feed(signed_in(world.actors[who]).get(str(address)).content.decode())
    assert field in {one["name"] for one in forms.found}
    assert all("maxlength" in one for one in forms.found), forms.found
    longest = sum(int(one["maxlength"]) * len(quote("燃")) for one in forms.found)
    assert longest + len(str(address)) < 4000


@pytest.mark.parametrize(("who", "address", "field"), SEARCHES)
def test_what_is_longer_is_answered_by_a_sentence(world, who, address, field):
    with_more = f"{address}{'&' if '?' in str(address) else '?'}{field}={quote('燃' * 450)}"
    page = signed_in(world.actors[who]).get(with_more)
    assert page.status_code == 200
    assert re.search(r'class="field-error"[^>]*>(<p>)?最多 60 字', page.content.decode())


def test_the_server_takes_the_longest_line_there_is():
    assert gunicorn_conf.limit_request_line == 8190
    assert len(LINE.format("/applications/?q=" + quote("燃" * 450))) < gunicorn_conf.limit_request_line


def test_no_form_that_is_sent_by_get_leaves_its_fields_without_an_end():
    for path in TEMPLATES.rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="get".*?</form>', path.read_text(encoding="utf-8"), re.DOTALL):
            assert "|control }}" not in form, path
            fields = re.findall(r'"components/field.html"[^%]*', form)
            assert all("in_address=True" in field for field in fields), path
