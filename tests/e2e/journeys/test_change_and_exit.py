"""An item of the list is changed, and taken off it (art 10): until the day before, the list says what it said."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from admission.models import Application
from tests.admission.world import carry_through
from tests.e2e.form import BASICS, CONTACT, DECLARATION, GROUNDS, GUARANTEES
from tests.e2e.form import PLAN as WORK
from tests.e2e.walk import fill, follow, send
from tests.factories import admitted, content

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("change")]
OLD, NEW = "出租屋消防巡查", "出租屋和合租房消防巡查"
LIST = "/lists/430211001001/"


@pytest.fixture
def walk(start):
    walk = start("dept")
    unit = walk.world.units["dept"]
    said = content(OLD, department_id=unit.pk, department_text=unit.name)
    admitted(walk.world.county, said=said, scope=["430211001"], starts_on=date(2026, 9, 1), ends_on=date(2027, 12, 31))
    return walk


def begun(walk, kind: str) -> Page:
    """From the list of kinds to the item; what is known of it is filled in already."""
    page = walk.go("dept", "/applications/new/")
    follow(page.get_by_role("link", name=kind, exact=True))
    follow(page.get_by_role("link", name=OLD))
    expect(page.locator("main")).to_contain_text("已经知道的，会替您填好")
    send(page, "开始填写")
    return page


def finish(page: Page, **parts: dict[str, object]) -> None:
    """The whole form on one page."""
    follow(page.get_by_role("link", name="整张填写"))
    typed = {**BASICS, **GROUNDS, **WORK, **GUARANTEES, **CONTACT, **DECLARATION, "adds_declared": True}
    for answers in parts.values():
        typed |= answers
    fill(page, {name: value for name, value in typed.items() if page.locator(f"main [name='{name}']").count()})
    send(page)


def on_list(walk, day: str):
    """The list of a community on a day."""
    return walk.go("visitor", f"{LIST}?on={day}").locator("main")


def test_a_change_shows_what_differs_and_holds_from_its_day(walk):
    page = begun(walk, "变更")
    expect(page.locator("[name=title]")).to_have_value(OLD)
    finish(page, scope={"starts_on": "2027-01-04", "ends_on": "2027-12-31", "duration_type": "phase", "title": NEW})
    difference = page.locator("section", has_text="变更前后对照").last
    expect(difference).to_contain_text(OLD)
    expect(difference).to_contain_text(NEW)

    carry_through(walk.world, Application.objects.get())

    expect(on_list(walk, "2027-01-03")).to_contain_text(OLD)
    expect(on_list(walk, "2027-01-03")).not_to_contain_text(NEW)
    expect(on_list(walk, "2027-01-04")).to_contain_text(NEW)


def test_an_exit_takes_it_off_the_list_from_its_day(walk):
    page = begun(walk, "退出")
    expect(page.locator("main")).to_contain_text(OLD)
    expect(page.locator("[name=title]")).to_have_count(0)
    finish(page, scope={"starts_on": "2027-01-04", "duration_type": "phase"})
    carry_through(walk.world, Application.objects.get())

    expect(on_list(walk, "2027-01-03")).to_contain_text(OLD)
    expect(on_list(walk, "2027-01-04")).not_to_contain_text(OLD)
