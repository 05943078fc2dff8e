"""Lists for programs: the same rows as the table, in codes that the dictionary explains, for anybody."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from base.cells import plain
from tests.factories import NOW, DepartmentFactory, admitted, city_edition, content, county_edition, row
from worklists import opendata

pytestmark = pytest.mark.django_db
LISTED = ("治安巡逻", "=1+1", '含"引号"的〔2026〕1号')


@pytest.fixture
def listed(county, city) -> None:
    """A county's list from an edition, with two items that were admitted since, one of them for one community."""
    guidance = city_edition(city, rows=[row(n, text) for n, text in enumerate(LISTED, start=1)], at=NOW)
    county_edition(guidance, county, starts_on=date(2026, 11, 21), at=NOW + timedelta(minutes=1))
    unit = DepartmentFactory.create(division=county, name="天元公安分局")
    said = content("入户登记", department_id=unit.pk, does="登记。\n报告。", executor="station", applies_to="urban")
    admitted(county, said=said, scope=["430211001001"], ends_on=date(2026, 12, 31), notice_number="株天准告〔2026〕1号")
    admitted(county, said=content("反诈宣传"), notice_number="株天准告〔2026〕2号")


def fetched(place: str, **query: str) -> dict:
    """The JSON of a place as a stranger gets it."""
    with time_machine.travel(NOW, tick=False):
        answer = Client().get(f"/lists/{place}/list.json", query)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    return json.loads(answer.content)


def table(place: str, **query: str) -> list[list[str]]:
    with time_machine.travel(NOW, tick=False):
        text = Client().get(f"/lists/{place}/list.csv", query).content.decode("utf-8-sig")
    return [[plain(cell) for cell in line] for line in csv.reader(io.StringIO(text, newline=""))]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("place", ["430211", "430211001", "430211001001", "430211001002"])
@pytest.mark.parametrize("on", ["2026-11-21", "2027-01-01", "2018-01-01"])
def test_in_words_it_is_the_table(place, on):
    headings, *lines = table(place, on=on)
    items = fetched(place, on=on)["items"]
    assert headings == [str(column.heading) for column in opendata.ITEM]
    assert [in_words(item) for item in items] == lines
    assert bool(items) == (on != "2018-01-01"), "before the first list there was none"


def in_words(item: dict[str, str]) -> list[str]:
    assert list(item) == [column.key for column in opendata.ITEM]
    return [
        str(column.choices(item[column.key]).label) if column.choices else item[column.key] for column in opendata.ITEM
    ]


@pytest.mark.usefixtures("listed")
def test_it_says_what_it_is_of_which_day_by_which_record():
    said = fetched("430211", on="2026-12-01", known="2026-11-20")
    assert (said["on"], said["known_on"]) == ("2026-12-01", "2026-11-20")
    assert "天元区" in said["list"]
    assert said["items"] == [], "nothing was recorded by then"
    assert fetched("430211")["known_on"] is None


def test_the_dictionary_names_every_key_and_every_code(client):
    html = client.get("/lists/data/").content.decode()
    for column in opendata.ITEM:
        assert f"<code>{column.key}</code>" in html
        for code in column.choices or ():
            assert f"<code>{code.value}</code> {code.label}" in html
    assert "http://testserver/lists/{code}/list.json" in html


@pytest.mark.usefixtures("listed")
def test_a_list_leads_to_its_dictionary(client):
    assert '/lists/data/"' in client.get("/lists/430211/").content.decode()
    assert client.get("/lists/430211/list.pdf").status_code == 404
