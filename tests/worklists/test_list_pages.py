"""The public lists: who has to do what on which day, searched, narrowed, exported as shown."""

import io
from datetime import date, timedelta

import pytest
import python_calamine
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.roles import Role
from tests.factories import (
    NOW,
    CommunityFactory,
    DepartmentFactory,
    DivisionFactory,
    actor,
    admitted,
    city_edition,
    content,
    county_draft,
    county_edition,
    misrecorded,
    row,
)
from worklists import actions, rows
from worklists.kinds import Ending
from worklists.models import ItemVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
XIANGYIN = "/lists/430211001001/"
ROWS = [
    row(1, "维护社会稳定"),
    row(2, "流动人口登记管理", category="undertake"),
    row(3, "村(居)务公开、民主管理", department="民政局", category="statutory"),
    row(4, "村庄规划管理", department="规划局", applies_to="rural"),
]


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def listed(county, city):
    """A county's list of four items, and one that a notice admitted for one street."""
    guidance = city_edition(city, rows=ROWS, at=NOW - timedelta(days=10))
    edition = county_edition(guidance, county, starts_on=date(2026, 11, 21))
    said = content("65岁及以上老年人免费健康体检组织发动", department_text="区卫生健康局")
    admitted(county, said=said, scope=["430211001"], starts_on=date(2026, 11, 21), ends_on=date(2026, 12, 31))
    return edition


def shown(response):
    return [line.version.title for group in response.context["groups"] for line in group.lines]


def test_a_community_reads_its_list_without_signing_in(client, listed):
    response = client.get(XIANGYIN)
    assert shown(response) == [
        "维护社会稳定", "流动人口登记管理", "村(居)务公开、民主管理", "65岁及以上老年人免费健康体检组织发动",
    ]  # fmt: skip
    assert [(group.printed, len(group.lines)) for group in response.context["groups"]] == [
        ("公安局", 2), ("民政局", 1), ("区卫生健康局", 1),
    ]  # fmt: skip
    text = response.content.decode()
    assert "湘银社区工作事项清单" in text
    assert "2026年11月21日至2026年12月31日，株天社准告〔2026〕1号" in text
    assert [line.number for line in response.context["groups"][2].lines] == ["准5"]
    assert (response.context["total"], response.context["listed"], response.context["admitted"]) == (4, 3, 1)


@pytest.mark.parametrize(
    ("place", "count"),
    [("430211", 5), ("430211001", 5), ("430211002", 4), ("430211001001", 4), ("430211002001", 3)],
)
def test_county_and_street_see_all_that_is_asked_inside(client, listed, place, count):
    assert client.get(f"/lists/{place}/").context["total"] == count


@pytest.mark.parametrize(("kind", "count"), [("urban", 3), ("rural", 4), ("converted", 4)])
def test_the_kind_of_community_decides_what_applies(client, listed, kind, count):
    CommunityFactory.create(division__code="430211002001", kind=kind)
    assert client.get("/lists/430211002001/").context["total"] == count


def test_a_village_without_facts_is_a_village(client, listed):
    DivisionFactory.create(code="430211002201", name="高塘村", kind="village")
    assert client.get("/lists/430211002201/").context["total"] == 4


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("on=2026-11-20", 4),  # the day before the county's list: the city's
        ("on=2018-12-31", 0),
        ("on=2027-01-01", 4),
        ("on=2026-12-31&known=2026-11-10", 0),  # and of nothing at all
        ("on=2026-12-31", 5),
        ("on=2026-12-31&known=2026-11-20", 4),  # nobody knew of the county's list yet
        ("known=2026-11-21", 5),
        ("on=&known=", 5),
    ],
)
def test_any_day_and_as_known_on_any_day(client, listed, query, count):
    assert client.get(f"/lists/430211/?{query}").context["total"] == count


def test_a_past_list_names_the_edition_that_was_known_then(client, listed, city):
    later = city_edition(city, "巡逻", starts_on=date(2019, 6, 1))  # published today
    assert client.get("/lists/430211/?on=2026-11-20").context["edition"] == later
    assert client.get("/lists/430211/?on=2026-11-20&known=2026-11-20").context["edition"] == listed.based_on


def test_a_day_that_is_none_is_said_and_today_shown(client, listed):
    response = client.get("/lists/430211/?on=2026-13-45")
    assert response.context["total"] == 5
    assert "日期写得不对，下面是今天的清单" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=登记", ["流动人口登记管理"]),
        ("q=流动 管理", ["流动人口登记管理"]),
        ("q=人口登", ["流动人口登记管理"]),
        ("q=稳", ["维护社会稳定"]),
        ("q=民政局", ["村(居)务公开、民主管理"]),
        ("q=６５岁", ["65岁及以上老年人免费健康体检组织发动"]),
        ("q=登人", []),
        ("q=，。", []),
        ("q='%26!:*\\", []),
        ("category=statutory", ["村(居)务公开、民主管理"]),
        ("department=公安局", ["维护社会稳定", "流动人口登记管理"]),
        ("side=self_governance", ["村(居)务公开、民主管理"]),
        ("applies_to=rural", ["村庄规划管理"]),
        ("department=公安局&category=undertake", ["流动人口登记管理"]),
        ("sort=newest", ["维护社会稳定", "流动人口登记管理", "村(居)务公开、民主管理", "村庄规划管理",
                         "65岁及以上老年人免费健康体检组织发动"]),
    ],
)  # fmt: skip
def test_search_filters_and_order_stand_in_the_address(client, listed, query, found):
    assert shown(client.get(f"/lists/430211/?{query}")) == found


def test_the_counts_of_the_categories_follow_the_other_filters(client, listed):
    chips = client.get("/lists/430211/?department=公安局&category=undertake").context["chips"]
    assert [(label, current, n) for label, _url, current, n in chips] == [
        ("全部", False, 2), ("法定职责", False, 0), ("承办", True, 1), ("协助", False, 1),
    ]  # fmt: skip
    assert chips[0][1] == "/lists/430211/?department=%E5%85%AC%E5%AE%89%E5%B1%80"


def test_an_empty_list_says_why(client, county, listed):
    assert "没有找到符合条件的事项" in client.get("/lists/430211/?q=不存在的事").content.decode()
    DivisionFactory.create(code="430304", name="岳塘区")
    assert "还没有公布清单，也没有准入的事项" in client.get("/lists/430304/").content.decode()


def test_a_place_that_has_gone_leads_to_its_successor(client, listed):
    heir = DivisionFactory.create(code="430211001003", name="新湘银社区")
    DivisionFactory.create(
        code="430211001009", name="老湘银社区", ends_on=date(2026, 6, 30), starts_on=date(2000, 1, 1), successor=heir
    )
    text = client.get("/lists/430211001009/").content.decode()
    assert "这一天没有老湘银社区" in text
    assert "/lists/430211001003/" in text
    past = client.get("/lists/430211001009/?on=2026-06-30")
    assert past.context["total"] == 3


@pytest.mark.parametrize(
    "address", ["430299", "430211009", "430211001999", "4302", "departments/99999", "items/no-such"]
)
def test_what_is_not_there_is_not_found(client, listed, address):
    assert client.get(f"/lists/{address}/").status_code == 404


def test_the_way_leads_from_county_to_street_to_community(client, listed):
    county = client.get("/lists/", follow=True)
    assert county.redirect_chain == [("/lists/430211/", 302)]
    assert ("嵩山路街道", "/lists/430211001/") in county.context["inside"]
    street = client.get("/lists/430211001/")
    assert ("湘银社区", XIANGYIN) in street.context["inside"]
    assert client.get(XIANGYIN).context["crumbs"] == [
        ("天元区", "/lists/430211/"), ("嵩山路街道", "/lists/430211001/"), ("湘银社区", ""),
    ]  # fmt: skip


def test_several_counties_are_to_choose_from_and_none_is_said(client, county, city):
    assert "还没有公布清单" in client.get("/lists/").content.decode()
    admitted(county)
    admitted(DivisionFactory.create(code="430204"), notice_number="二号")
    assert client.get("/lists/").context["counties"] == [
        ("石峰区", "/lists/430204/"), ("天元区", "/lists/430211/"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "code", "leads_to"),
    [
        (Role.COMMUNITY, "430211001001", XIANGYIN),
        (Role.STREET, "430211001", "/lists/430211001/"),
        (Role.OFFICE, "430211", "/lists/430211/"),
        (Role.APPLICANT, "430211", "/lists/430211/"),
    ],
)
def test_whoever_works_somewhere_comes_to_the_list_of_that_place(sign_in, listed, role, code, leads_to):
    assert sign_in(role, code).get("/lists/").url == leads_to


def test_a_department_shows_its_items_and_those_it_succeeded(client, county, city):
    old = DepartmentFactory.create(
        division=county, name="区民政局（旧）", short_name="民政局", ends_on=date(2026, 11, 30)
    )
    edition = county_edition(city_edition(city, rows=ROWS), county, starts_on=date(2026, 11, 21))
    assert edition.entries.get(seq=3).department == old
    new = DepartmentFactory.create(division=county, name="区社会事务局", starts_on=date(2026, 12, 1))
    old.successor = new
    old.save()
    response = client.get(f"/lists/departments/{new.pk}/?on=2026-12-05")
    assert shown(response) == ["村(居)务公开、民主管理"]
    assert client.get(f"/lists/departments/{new.pk}/list.csv?on=2026-12-05").status_code == 200


def test_today_and_in_future_names_of_departments_stand_beside_the_printed_ones(client, county, city):
    unit = DepartmentFactory.create(division=county, name="公安天元分局", short_name="公安局")
    county_edition(city_edition(city, rows=ROWS), county, starts_on=date(2026, 11, 21))
    text = client.get("/lists/430211/").content.decode()
    assert f'现为<a href="/lists/departments/{unit.pk}/">公安天元分局</a>，2 项' in text


def test_a_unit_has_one_heading_by_whatever_names_it_is_printed(client, county, city):
    unit = DepartmentFactory.create(division=county, name="天元区人民武装部", short_name="军分区")
    listed = [row(1, "征兵宣传", department="军分区"), row(2, "流动人口登记"), row(3, "民兵整组", department="军分区")]
    county_edition(city_edition(city, rows=listed), county, starts_on=date(2026, 11, 20))
    said = content("征兵宣传和报名", department_id=unit.pk, department_text="天元区人民武装部")
    first = ItemVersion.objects.known().get(title="征兵宣传", item__owner=county)
    actions.amend_item(
        first.item, content=said, scope=["430211"], starts_on=date(2026, 11, 21), ends_on=None,
        notice_number="1号", decided_on=date(2026, 11, 21), by=actor(Role.OFFICE), at=NOW,
    )  # fmt: skip
    response = client.get("/lists/430211/")
    groups = [(group.printed, group.today, [line.version.title for line in group.lines])
              for group in response.context["groups"]]  # fmt: skip
    assert groups == [
        ("天元区人民武装部", "", ["征兵宣传和报名", "民兵整组"]), ("公安局", "", ["流动人口登记"]),
    ]  # fmt: skip
    assert '<span class="src">军分区 </span>' in response.content.decode()  # as it is printed


# --- exports -----------------------------------------------------------------------------------------------
def read_back(client, address):
    response = client.get(address)
    assert response.status_code == 200
    ending = "csv" if "list.csv" in address else "xlsx"
    return rows.read(f"list.{ending}", response.content).rows


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("query", ["", "?q=管理&sort=code", "?category=assist", "?on=2026-11-20"])
def test_an_export_holds_exactly_what_is_shown_and_reads_back_equal(client, listed, ending, query):
    page = shown(client.get(f"/lists/430211/{query}"))
    back = read_back(client, f"/lists/430211/list.{ending}{query}")
    assert [each.title for each in back] == page
    assert page
    assert all(not each.errors for each in back)


def test_an_export_of_several_pages_holds_them_all(client, city, county, settings):
    city_edition(city, rows=[row(n, f"事项{n:03}") for n in range(1, 231)], starts_on=date(2019, 1, 1))
    first, second = client.get("/lists/430211/"), client.get("/lists/430211/?page=2")
    assert (len(shown(first)), len(shown(second)), first.context["total"]) == (200, 30, 230)
    assert len(read_back(client, "/lists/430211/list.csv")) == 230


NASTY = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "<script>alert(1)</script>", '引"号，逗号']


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_cell_of_an_export_is_calculated(client, city, county, ending):
    city_edition(city, *NASTY)
    assert [each.title for each in read_back(client, f"/lists/430211/list.{ending}")] == NASTY
    content_ = client.get(f"/lists/430211/list.{ending}").content
    if ending == "csv":
        assert content_.startswith(b"\xef\xbb\xbf")
        cells = [cell for line in content_.decode("utf-8-sig").splitlines() for cell in line.split(",")]
        assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@"))]
    else:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content_))
        assert book.get_sheet_by_name("清单").to_python()[1][5] == "=HYPERLINK(1)"
        assert dict(book.get_sheet_by_name("说明").to_python())["日期"] == "2026-11-21"


def test_markup_in_a_title_is_shown_as_text(client, city, county):
    city_edition(city, "<script>alert(1)</script>")
    text = client.get("/lists/430211/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert(1)" not in text


def test_a_download_has_a_chinese_name_and_other_formats_are_not_there(client, listed):
    response = client.get(f"{XIANGYIN}list.xlsx")
    assert "filename*=utf-8''%E6%B9%98%E9%93%B6" in response["Content-Disposition"]
    assert client.get(f"{XIANGYIN}list.pdf").status_code == 404


def test_what_a_notice_changes_keeps_its_number_in_the_printed_list(client, county, city):
    """Its code counts the items of the county; the printed numbers leave out what was not adopted."""
    guidance = city_edition(city, rows=ROWS, at=NOW - timedelta(days=10))
    draft = county_draft(guidance, county, starts_on=date(2026, 11, 21))
    dropped = draft.entries.get(title="维护社会稳定")
    actions.drop_entry(dropped, reason="本区没有这项工作。", by=actor(Role.OFFICE), at=NOW)
    actions.publish_edition(draft, by=actor(Role.DIRECTOR), at=NOW)
    item = ItemVersion.objects.known().get(item__owner=county, title="流动人口登记管理").item
    assert item.code.endswith("-0001")
    actions.amend_item(
        item, content=content("流动人口登记"), scope=["430211001"], starts_on=date(2026, 12, 1), ends_on=None,
        notice_number="准告〔2026〕3号", decided_on=date(2026, 11, 25), by=actor(), at=NOW,
    )  # fmt: skip
    numbers = {
        day: [line.number for group in client.get(f"{XIANGYIN}?on={day}").context["groups"] for line in group.lines]
        for day in ("2026-11-30", "2026-12-01")
    }
    assert numbers == {"2026-11-30": ["2", "3"], "2026-12-01": ["2", "3"]}


# --- the page of an item -----------------------------------------------------------------------------------
def numbers(client, *days):
    """By the day: the number of each title."""
    pages = {day: client.get(f"{XIANGYIN}?on={day}").context["groups"] for day in days}
    return {day: {line.version.title: line.number for group in pages[day] for line in group.lines} for day in pages}


def test_a_version_has_the_number_of_the_edition_that_brought_it(client, county, city):
    first = city_edition(city, rows=[row(1, "巡逻"), row(2, "普法")], at=NOW - timedelta(days=10))
    county_edition(first, county, starts_on=date(2026, 11, 21))
    turned = [row(1, "普法", category="undertake"), row(2, "巡逻", category="undertake")]
    second = city_edition(city, rows=turned, starts_on=date(2026, 11, 20))
    county_edition(second, county, starts_on=date(2026, 12, 1))
    assert numbers(client, "2026-11-30", "2026-12-01") == {
        "2026-11-30": {"巡逻": "1", "普法": "2"}, "2026-12-01": {"普法": "1", "巡逻": "2"},
    }  # fmt: skip


@pytest.mark.parametrize("starts_on", [date(2026, 11, 1), date(2026, 12, 5)], ids=["earlier", "later"])
def test_a_version_recorded_from_a_wrong_day_keeps_the_number_of_its_edition(client, county, city, starts_on):
    first = city_edition(city, rows=[row(1, "巡逻"), row(2, "普法")], at=NOW - timedelta(days=10))
    county_edition(first, county, starts_on=date(2026, 11, 21))
    second = city_edition(city, rows=[row(1, "普法"), row(2, "巡逻")], starts_on=date(2026, 11, 20))
    county_edition(second, county, starts_on=date(2026, 12, 1))
    item = ItemVersion.objects.known().get(item__owner=county, title="普法").item
    said = content("普法", department_text="公安局")
    misrecorded(item, said=said, scope=["430211"], starts_on=starts_on, ends_on=None, at=NOW + timedelta(minutes=5))
    assert numbers(client, str(starts_on))[str(starts_on)]["普法"] == "2"


def test_the_page_of_an_item_tells_its_life(client, county, city, listed):
    item = ItemVersion.objects.known().get(item__owner=county, title="维护社会稳定").item
    actions.amend_item(
        item, content=content("维护社区稳定"), scope=["430211001"], starts_on=date(2026, 12, 1), ends_on=None,
        notice_number="准告〔2026〕3号", decided_on=date(2026, 11, 25), by=actor(), at=NOW,
    )  # fmt: skip
    actions.retire_item(
        item, ends_on=date(2027, 3, 1), ending=Ending.REMOVED, by=actor(), at=NOW, notice_number="准告〔2027〕1号"
    )
    response = client.get(f"/lists/items/{item.code}/")
    text = response.content.decode()
    for words in (
        "维护社会稳定", "维护社区稳定", "准告〔2026〕3号", "准告〔2027〕1号", "已变更", "已移出清单", "清单内",
        "嵩山路街道", "以前的记录", "2026年12月1日至2027年2月28日",
    ):  # fmt: skip
        assert words in text
    with time_machine.travel(NOW + timedelta(days=120), tick=False):
        assert "已移出清单" in client.get(f"/lists/items/{item.code}/").context["state"]["label"]


def test_a_scheduled_item_is_not_yet_in_force(client, county):
    item = admitted(county, starts_on=date(2027, 1, 1))
    assert client.get(f"/lists/items/{item.code}/").context["state"] == {"label": "尚未施行", "tone": "wait"}


def test_an_item_that_never_began_says_so(client, county):
    item = admitted(county, starts_on=date(2027, 1, 1))
    actions.retire_item(item, ends_on=date(2026, 12, 1), ending=Ending.REMOVED, by=actor(), at=NOW)
    response = client.get(f"/lists/items/{item.code}/")
    assert response.context["state"]["label"] == "没有施行"
    assert "这一事项在施行以前就撤下了" in response.content.decode()


# --- how much it asks of the database ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "most"),
    [
        (XIANGYIN, 9), ("/lists/430211001/", 9), ("/lists/430211/", 9), (f"{XIANGYIN}list.csv", 5),
        ("/lists/430211/?q=事项&sort=newest", 9), ("/lists/editions/", 3),
    ],
)  # fmt: skip
def test_a_page_asks_the_same_number_of_questions_however_many_rows(client, city, county, address, most):
    city_edition(city, rows=[row(1, "事项1")], starts_on=date(2019, 1, 1))
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    many = [row(n, f"事项{n}", department=f"部门{n % 30}") for n in range(1, 121)]
    city_edition(city, rows=many, starts_on=date(2020, 1, 1))
    with CaptureQueriesContext(connection) as lots:
        assert client.get(address).status_code == 200
    assert len(lots) == len(few) <= most


def test_no_draft_is_public(client, county, city, listed):
    draft = county_draft(listed.based_on, county, starts_on=date(2027, 1, 1))
    text = actions.EntryText(department_text="民政局", category="assist", title="尚未决定的事项")
    actions.add_entry(draft, text=text, decision_number="二号", by=actor(Role.OFFICE), at=NOW)
    for address in ("430211", "430211001001", "editions", f"items/{listed.entries.first().item.code}"):
        assert "尚未决定的事项" not in client.get(f"/lists/{address}/?on=2027-01-02").content.decode()
    assert client.get("/lists/430211/?q=尚未决定").context["total"] == 0
    for address in (f"editions/{draft.pk}/", f"editions/{draft.pk}/list.csv", f"editions/{listed.pk}/to/{draft.pk}/"):
        assert client.get(f"/lists/{address}").status_code == 404
