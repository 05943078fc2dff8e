"""How many questions a page asks, however many rows there are; and eight people at once on one button."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from base.errors import RuleViolation
from base.models import DocumentNumber, Event
from communities.roles import Role
from tests.factories import (
    NOW,
    DepartmentFactory,
    DivisionFactory,
    actor,
    admitted,
    city_edition,
    content,
    county_draft,
    row,
)
from worklists import actions, todo
from worklists.models import CompletionFiling, ItemList, UnapprovedReport
from worklists.receiving import actions as receiving
from worklists.receiving.actions import Handed

OFFICE = actor(Role.OFFICE)


def file_many(county, unit, count):
    said = content(department_id=unit.pk)
    for n in range(count):
        item = admitted(county, said=said, scope=["430211001"], starts_on=date(2026, 1, 1))
        filing = actions.file_completion(
            item, kind=CompletionFiling.Kind.COMPLETED, ended_on=date(2026, 11, 20), reason="完成", results="好",
            unfinished="", handover="", by=actor(Role.APPLICANT, unit=unit), at=NOW,
        )  # fmt: skip
        street = actor(Role.STREET, "430211001")
        actions.comment_filing(filing, text=f"第 {n} 条", by=street, at=NOW)
        admitted(county, said=said, scope=["430211001"], starts_on=date(2026, 1, 1))


def report_many(county, unit, count):
    for n in range(count):
        by = actor(Role.COMMUNITY, ("430211001001", "430211002001")[n % 2])
        handed = Handed(
            department_text="城管局", what=f"摸排 {n}", details="说明", channel="phone", happened_on=date(2026, 11, 20),
            done="waiting",
        )  # fmt: skip
        report = receiving.report_work(handed, by=by, at=NOW)
        receiving.pass_on(report, department=unit, by=OFFICE, at=NOW)
        receiving.report_work(handed, by=by, at=NOW)


def draft_many(county, unit, count):
    for n in range(count):
        guidance = city_edition(county.above, f"事项{n}", starts_on=NOW.date() + timedelta(days=365 + n + day(county)))
        county_draft(guidance, county, starts_on=date(2030, 1, 1) + timedelta(days=n))


def day(county):
    return ItemList.objects.filter(owner=county.above).count() * 10


def questions(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


@pytest.fixture
def world(county, city):
    county.above = city
    DepartmentFactory.create(division=county, name="区民政局", hosts_office=True)
    with time_machine.travel(NOW, tick=False):
        yield county, DepartmentFactory.create(division=county, name="区城管局")


@pytest.mark.parametrize(
    ("make", "post", "address"),
    [
        (file_many, (Role.OFFICE, "430211"), "/filings/"),
        (file_many, "unit", "/filings/"),
        (file_many, (Role.STREET, "430211001"), "/filings/"),
        (report_many, (Role.OFFICE, "430211"), "/unapproved/"),
        (report_many, "unit", "/unapproved/"),
        (report_many, (Role.AUDITOR, "430211"), "/unapproved/?state=all"),
        (draft_many, (Role.OFFICE, "430211"), "/lists/editions/"),
    ],
)  # fmt: skip
def test_a_register_asks_the_same_however_long_it_is(sign_in, world, make, post, address):
    county, unit = world
    client = sign_in(Role.APPLICANT, unit=unit) if post == "unit" else sign_in(*post)
    make(county, unit, 1)
    few = questions(lambda: client.get(address))
    make(county, unit, 6)
    assert questions(lambda: client.get(address)) == few <= 12


@pytest.mark.parametrize(
    ("make", "by"),
    [
        (file_many, OFFICE), (report_many, OFFICE), (report_many, "unit"), (draft_many, actor(Role.DIRECTOR)),
        (report_many, actor(Role.COMMUNITY, "430211001001")),
    ],
)  # fmt: skip
def test_what_waits_asks_the_same_however_much_waits(world, make, by):
    county, unit = world
    who = actor(Role.APPLICANT, unit=unit) if by == "unit" else by
    make(county, unit, 1)
    few = questions(lambda: todo.lines(who, NOW.date()))
    make(county, unit, 6)
    assert questions(lambda: todo.lines(who, NOW.date())) == few <= 4


def test_an_edition_and_its_difference_ask_the_same_however_long_they_are(client, world):
    county, _unit = world
    short = [
        city_edition(county.above, rows=[row(1, f"事项{year}")], starts_on=date(year, 1, 1)) for year in (2019, 2020)
    ]
    long = [
        city_edition(
            county.above, rows=[row(n, f"事项{n}{year}", department=f"部门{n}") for n in range(1, 61)],
            starts_on=date(year, 1, 1),
        )
        for year in (2021, 2022)
    ]  # fmt: skip
    for address in ("/lists/editions/{1}/", "/lists/editions/{0}/to/{1}/", "/lists/editions/{1}/list.csv"):
        paths = [address.format(*(each.pk for each in pair)) for pair in (short, long)]
        few, many = (questions(partial(client.get, path)) for path in paths)
        assert few == many <= 6


def test_publishing_asks_a_bounded_number_for_each_new_item_and_none_for_the_old(world):
    county, _unit = world
    many = [row(n, f"事项{n}") for n in range(1, 61)]
    city_edition(county.above, rows=many, starts_on=date(2021, 1, 1))
    again = questions(lambda: city_edition(county.above, rows=many, starts_on=date(2022, 1, 1)))
    longer = [*many, row(61, "新的一项")]
    news = 8  # one message, however many places and items
    assert questions(lambda: city_edition(county.above, rows=longer, starts_on=date(2023, 1, 1))) <= again + 12 + news
    assert again <= 40


# --- eight at once -----------------------------------------------------------------------------------------
def at_once(act: Callable[[], object]) -> list[str]:
    """The act, by eight people at the same moment, each with a connection of their own: what each was told."""

    def alone(_n: int) -> str:
        try:
            act()
        except RuleViolation as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(8) as people:
        return list(people.map(alone, range(8)))


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_file_one_completion_and_acknowledge_it_once():
    county = DivisionFactory.create(code="430211", name="天元区")
    DivisionFactory.create(code="430211001", name="嵩山路街道")
    unit = DepartmentFactory.create(division=county)
    item = admitted(county, said=content(department_id=unit.pk), scope=["430211001"])
    told = at_once(
        lambda: actions.file_completion(
            item, kind=CompletionFiling.Kind.COMPLETED, ended_on=date(2026, 11, 20), reason="完成", results="好",
            unfinished="", handover="", by=actor(Role.APPLICANT, unit=unit), at=NOW,
        )
    )  # fmt: skip
    assert told.count("done") == 1
    filing = CompletionFiling.objects.get()
    assert at_once(lambda: actions.acknowledge_filing(filing, by=OFFICE, at=NOW)).count("done") == 1
    assert DocumentNumber.objects.filter(series__kind="completion").count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_publish_one_edition():
    city = DivisionFactory.create(code="4302", name="株洲市")
    by = actor(Role.CITY, "4302")
    head = actions.Head(title="清单", starts_on=date(2027, 1, 1))
    draft = actions.draft_edition(city, head=head, rows=[row(1, "巡逻"), row(2, "登记")], by=by, at=NOW)
    told = at_once(lambda: actions.publish_edition(draft, by=by, at=NOW))
    assert told.count("done") == 1
    assert set(told) == {"done", "这一版已经公布，内容不能再改。要调整的，请起草新的一版。"}
    assert Event.objects.filter(kind="worklists.itemlist.publish").count() == 1
    assert DocumentNumber.objects.filter(series__kind="work_item").count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_reports_at_once_get_eight_numbers_without_a_gap():
    DivisionFactory.create(code="430211", name="天元区")
    DivisionFactory.create(code="430211001", name="嵩山路街道")
    DivisionFactory.create(code="430211001001", name="湘银社区")
    handed = Handed(
        department_text="城管局", what="摸排", details="说明", channel="phone", happened_on=date(2026, 11, 20),
        done="waiting",
    )  # fmt: skip
    by = actor(Role.COMMUNITY, "430211001001")
    assert at_once(lambda: receiving.report_work(handed, by=by, at=NOW)) == ["done"] * 8
    numbers = sorted(UnapprovedReport.objects.values_list("number", flat=True))
    assert numbers == [f"天元区准报〔2026〕{n}号" for n in range(1, 9)]
