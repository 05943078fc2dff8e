"""The components hold together: shown on the living page, described, labelled, and saying what is left."""

import re
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import RequestContext
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from config.styleguide.views import styleguide

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMPONENTS = sorted(path.name for path in (TEMPLATES / "components").glob("*.html"))
INCLUDED = re.compile(r"{%\s*include\s+\"(components/[\w.]+)\"")
TODAY = date(2026, 11, 23)


class Page(HTMLParser):
    """What the tests look at in a page: tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, name: str) -> list[str]:
        return [attrs[name] for _tag, attrs in self.tags if name in attrs]


@pytest.fixture(scope="module")
def living() -> Page:
    request = RequestFactory().get("/styleguide/")
    request.user = AnonymousUser()
    return Page(styleguide(request).content.decode())


def reached(name: str, seen: set[str] | None = None) -> set[str]:
    """The components that a template includes, directly or through others."""
    seen = set() if seen is None else seen
    for found in INCLUDED.findall((TEMPLATES / name).read_text(encoding="utf-8")):
        if found not in seen:
            seen.add(found)
            reached(found, seen)
    return seen


def test_every_component_is_on_the_living_page():
    elsewhere = {"account_menu.html", "language.html"}  # in the frame of every page, base.html

    shown = {name.removeprefix("components/") for name in reached("styleguide.html") | reached("base.html")}

    assert elsewhere <= shown
    assert sorted(set(COMPONENTS) - shown) == []


def test_every_component_states_its_inputs():
    silent = [
        name
        for name in COMPONENTS
        if not (TEMPLATES / "components" / name).read_text(encoding="utf-8").startswith("{# ")
    ]

    assert silent == []


def test_ids_are_unique(living):
    assert [value for value, times in Counter(living.values("id")).items() if times > 1] == []


@pytest.mark.parametrize("attribute", ["for", "aria-describedby"])
def test_labels_and_descriptions_point_to_something(living, attribute):
    ids = set(living.values("id"))

    targets = {target for value in living.values(attribute) for target in value.split()}

    assert targets
    assert sorted(target for target in targets - ids if "__prefix__" not in target) == []


def test_links_within_the_page_lead_somewhere(living):
    ids = set(living.values("id"))

    targets = {value[1:] for value in living.values("href") if value.startswith("#")}

    assert sorted(targets - ids - {"part-1", "part-4", "now", "messages"}) == []


def test_there_is_one_main_heading(living):
    assert [tag for tag, _attrs in living.tags].count("h1") == 1


@pytest.mark.parametrize(
    ("due_on", "left", "words", "look"),
    [
        (date(2026, 11, 19), -2, "已超 2 个工作日", "deadline--late"),
        (date(2026, 11, 22), 0, "已超期", "deadline--late"),
        (date(2026, 11, 23), 0, "今天到期", "deadline--soon"),
        (date(2026, 11, 26), 3, "还有 3 个工作日", "deadline--soon"),
        (date(2026, 11, 27), 4, "还有 4 个工作日", ""),
    ],
)
def test_a_deadline_says_what_is_left(due_on, left, words, look):
    html = render_to_string("components/deadline.html", {"due_on": due_on, "today": TODAY, "left": left})

    assert words in html
    assert re.findall(r"deadline--\w+", html) == ([look] if look else [])


def test_without_a_date_there_is_no_deadline():
    assert render_to_string("components/deadline.html", {"due_on": None, "today": TODAY, "left": None}).strip() == ""


class Opinion(forms.Form):
    reason = forms.CharField(label="理由", error_messages={"required": "请写明理由。"})
    note = forms.CharField(label="备注", required=False)

    def clean(self) -> None:
        self.add_error(None, "征询已经期满。")


def render_form(**inputs: object) -> str:
    context = RequestContext(RequestFactory().get("/"), {"form": Opinion({}), "submit": "提交", **inputs})
    return get_template("components/form.html").template.render(context)


def test_a_form_lists_its_errors_and_leads_to_them():
    html = render_form()

    assert '<a href="#id_reason">理由：请写明理由。</a>' in html
    assert "<li>征询已经期满。</li>" in html
    assert "有 2 处要改" in html
    assert 'name="csrfmiddlewaretoken"' in html


def test_only_what_may_be_left_out_says_so():
    html = render_form()

    assert html.count("（可以不填）") == 1


@pytest.mark.parametrize(("inputs", "kept"), [({}, True), ({"keep": False}, False)])
def test_a_form_is_kept_on_the_computer_unless_told_not_to(inputs, kept):
    assert ("data-keep" in render_form(**inputs)) is kept


def test_a_draft_is_stored_only_where_there_is_an_address_for_it():
    assert "hx-post" not in render_form()
    assert 'hx-post="/drafts/7/"' in render_form(autosave="/drafts/7/")


def test_what_a_person_typed_is_escaped():
    html = render_to_string("components/facts.html", {"facts": [("名称", "<script>1</script>")]})

    assert "<script>" not in html


def test_a_refused_form_does_not_say_that_a_chosen_file_is_still_there():
    class Sent(forms.Form):
        title, file = forms.CharField(), forms.FileField()

    without = render_to_string("components/error_summary.html", {"form": Sent({"title": ""})})
    sent = Sent({"title": ""}, {"file": SimpleUploadedFile("a.txt", b"abc")})
    assert "您填的内容都还在。" in without
    assert "附件没有留住" in render_to_string("components/error_summary.html", {"form": sent})
