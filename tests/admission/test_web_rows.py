"""The rows of the form: what was posted last is what is kept, however often the page has stored it before."""

from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client

from admission import actions
from admission.models import Application
from admission.procedure import Kind
from admission.web.forms.parts import PARTS
from admission.web.forms.rows import Group
from tests.admission.filling import address, autosave, fill_in, shown
from tests.admission.signing import hidden_fields, signed_in
from tests.admission.world import drafted

GROUPS = {group.name: group for part in PARTS for group in part.groups}
WRITTEN: dict[str, dict[str, Any]] = {
    "bases": {"title": "文件{n}", "issue_number": "", "level": "city", "article": "第{n}条"},
    "division": {"party": "单位{n}", "duty": "职责{n}"},
    "process": {"step": "第{n}步"},
    "milestones": {"on": "2027-{n:02}-01", "result": "完成{n}"},
    "prior_contacts": {"held_on": "2026-10-{n:02}", "counterpart": "准入办", "conclusion": "结论{n}"},
}
PAGES = {"all": [*GROUPS], **{part.slug: [group.name for group in part.groups] for part in PARTS if part.groups}}


@pytest.fixture(autouse=True)
def _a_working_day(world):
    with time_machine.travel(world.at(), tick=False):
        yield


@pytest.fixture
def dept(world):
    return signed_in(world.actors["dept"])


@pytest.fixture
def empty(world):
    return actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.ADMISSION)


def kept(application: Application, group: Group) -> list[dict[str, str]]:
    """The rows as they are stored now, in the words of the form."""
    now = Application.objects.get(pk=application.pk)
    plan = now.plans.order_by("-number").first()
    rows = group.shown(now, plan) if plan or group.name in {"bases", "prior_contacts"} else []
    return [{name: str(value) for name, value in row.items()} for row in rows]


class OpenPage:
    """A page somebody leaves open: what it posts, and how many rows it was made with, which it never learns anew."""

    def __init__(self, client: Client, application: Application, part: str, luck: Random) -> None:
        self.client, self.application, self.part, self.luck = client, application, part, luck
        self.load()

    def load(self) -> None:
        """Open it again: the rows as they are stored."""
        self.data = shown(self.client.get(address(self.application, self.part)))

    def type(self) -> None:
        """Write a row, a new one or one that is there; or empty one; or take the last one out of the page."""
        name = self.luck.choice(PAGES[self.part])
        total = int(self.data[f"{name}-TOTAL_FORMS"])
        number = self.luck.randrange(total + 1)
        values = {key: value.format(n=self.luck.randint(1, 12)) for key, value in WRITTEN[name].items()}
        deed = self.luck.choice(["write", "write", "empty", "cut"])
        if deed == "cut" and total:
            self.data[f"{name}-TOTAL_FORMS"] = str(total - 1)
            return
        self.data[f"{name}-TOTAL_FORMS"] = str(max(total, number + 1))
        self.data |= {f"{name}-{number}-{key}": value if deed == "write" else "" for key, value in values.items()}

    def save(self) -> None:
        """By htmx, or by a button in a page that stays open in another tab."""
        self.data["seen"] = Application.objects.get(pk=self.application.pk).version
        headers = {"HX-Request": "true"} if self.luck.random() < 0.7 else {}
        answer = self.client.post(address(self.application, self.part), self.data, headers=headers)
        assert answer.status_code == (200 if headers else 302)

    def typed(self, name: str) -> list[dict[str, str]]:
        """The rows in which something stands."""
        total = int(self.data[f"{name}-TOTAL_FORMS"])
        rows = [{key: self.data.get(f"{name}-{n}-{key}", "") for key in WRITTEN[name]} for n in range(total)]
        return [row for row in rows if any(row.values())]


def in_order(name: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Milestones and contacts are kept by day."""
    day = {"milestones": "on", "prior_contacts": "held_on"}.get(name)
    return sorted(rows, key=lambda row: row[day]) if day else rows


@pytest.mark.parametrize("part", PAGES)
@pytest.mark.parametrize("seed", range(4))
def test_what_was_posted_last_is_what_is_kept(dept, empty, part, seed):
    page = OpenPage(dept, empty, part, Random(f"{part}{seed}"))  # noqa: S311  the same throws every time
    for _time in range(10):
        for _stroke in range(page.luck.randrange(3)):
            page.type()
        page.save()
        for name in PAGES[part]:
            assert kept(empty, GROUPS[name]) == in_order(name, page.typed(name)), name
        if page.luck.random() < 0.2:
            page.load()


@pytest.mark.parametrize("part", ["grounds", "all"])
def test_a_second_autosave_of_a_page_keeps_the_rows_of_the_first(dept, empty, part):
    page = shown(dept.get(address(empty, part)))
    row = {"bases-0-title": "消防法", "bases-0-level": "law"}
    assert autosave(dept, empty, part, **page, **row).status_code == 200
    for text in ("一", "二", "三"):
        seen = Application.objects.get(pk=empty.pk).version
        assert autosave(dept, empty, part, **page | row | {"seen": seen, "justification": text}).status_code == 200
        assert [basis.title for basis in empty.bases.all()] == ["消防法"]


def test_a_row_taken_out_of_the_page_is_taken_away_when_nothing_else_was_changed(world, dept):
    draft = drafted(world)
    assert fill_in(dept, draft, "plan", **{"process-TOTAL_FORMS": "3"}).status_code == 302
    assert draft.plans.get().process == ["告知", "带路", "登记"]


def test_a_talk_in_the_future_is_said_at_its_day_and_everything_typed_comes_back(world, dept, empty):
    typed = {
        **hidden_fields(dept.get(address(empty, "contact"))),
        "prior_contacts-TOTAL_FORMS": "1", "prior_contacts-INITIAL_FORMS": "0",
        "prior_contacts-0-held_on": "2027-01-01", "prior_contacts-0-counterpart": "准入办",
        "prior_contacts-0-conclusion": "同意。",
    }  # fmt: skip
    answer = dept.post(address(empty, "contact"), typed)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#id_prior_contacts-0-held_on"' in html
    assert "沟通日期不能晚于今天。" in html
    assert "准入办" in html
