"""A list comes as a file, as offices make them: every row is shown, what is wrong is said at its row, nothing is kept
until it is confirmed."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.walk import fill, follow, send
from tests.factories import DepartmentFactory
from worklists.models import ItemList

pytestmark = pytest.mark.xdist_group("short")
TABLE = """序号,部门,类别,事项
1,公安局,协助,流动人口登记
2,公安局,随便,出租屋登记
3,,协助,没有部门的事项
,,,
4,教育局,承办,控辍保学
4,教育局,承办,控辍保学
"""
COVER = {"title": "天元区社区工作事项清单（2027年）", "issue_number": "株天办发〔2026〕8号", "starts_on": "2027-01-01"}


def hand_in(page: Page, url: str, name: str, content: bytes) -> None:
    page.goto(f"{url}/lists/editions/import/")
    page.locator("[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    fill(page, COVER)
    send(page, "读取文件")


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk"])
def test_bad_rows_are_shown_and_only_the_confirmed_ones_are_kept(start, coding):
    walk = start("office")
    page = walk.page("office")
    DepartmentFactory.create(division=walk.world.county, name="公安局")
    hand_in(page, walk.url, "清单.csv", TABLE.encode(coding))

    expect(page.locator("h1")).to_have_text("导入前看一看")
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="流动人口登记")).to_contain_text("可以导入")
    expect(rows.filter(has_text="出租屋登记").locator(".field-error")).to_contain_text("随便")
    expect(rows.filter(has_text="没有部门的事项").locator(".field-error")).to_contain_text("部门")
    expect(rows.filter(has_text="控辍保学").last.locator(".field-error")).not_to_be_empty()
    expect(page.locator("main")).to_contain_text("空行已跳过：第 5 行")
    assert not ItemList.objects.exists()

    follow(page.get_by_role("button", name="导入这"))
    expect(page.locator("main")).to_contain_text("已存为草案")
    assert [entry.title for entry in ItemList.objects.get().entries.order_by("seq")] == ["流动人口登记", "控辍保学"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.csv", b"", "空"),
        ("程序.xlsx", b"MZ\x90\x00" + bytes(256), "文件"),
        ("缺列.csv", "序号,事项\n1,流动人口登记\n".encode(), "部门"),
    ],
)
def test_a_file_that_is_no_list_is_refused_at_its_field(start, name, content, sentence):
    walk = start("office")
    page = walk.page("office")
    hand_in(page, walk.url, name, content)

    expect(page.locator(".field--error")).to_contain_text(sentence)
    expect(page.locator("[name=title]")).to_have_value(COVER["title"])
