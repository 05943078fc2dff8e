"""One list on two days beside each other: what came, went, changed; and what was corrected."""

from datetime import date, timedelta
from itertools import combinations

import pytest
import time_machine
from django.urls import reverse

from tests.factories import NOW, actor, admitted, content, misrecorded
from tests.worklists.test_items import amended
from worklists import actions, lists
from worklists.kinds import Ending
from worklists.lists import AsOf

pytestmark = pytest.mark.django_db
COUNTY, STREET, HERE = "430211", "430211001", "430211001001"
TODAY = NOW.date()


def show(client, code=COUNTY, **asked):
    name = {6: "county", 9: "street", 12: "community"}[len(code)]
    with time_machine.travel(NOW, tick=False):
        return client.get(reverse(f"worklists:{name}-changes", args=[code]), asked)


def titles(lines):
    return [line.title for line in lines]


def retired(item, ends_on):
    actions.retire_item(
        item, ends_on=ends_on, ending=Ending.REMOVED, notice_number="株天社准告〔2026〕9号", by=actor(), at=NOW
    )


def test_what_came_went_and_changed(county, client):
    gone, stays = admitted(county, said=content(title="去的")), admitted(county, said=content(title="留的"))
    admitted(county, said=content(title="来的"), starts_on=TODAY + timedelta(days=9))
    retired(gone, TODAY + timedelta(days=5))
    amended(stays, starts_on=TODAY + timedelta(days=7), said=content(title="留的", does="只登记。"))
    page = show(client, before=TODAY, after=TODAY + timedelta(days=20))
    found, changed = page.context["found"], page.context["changed"]
    assert (titles(found.added), titles(found.removed), found.same) == (["来的"], ["去的"], 0)
    [(line, rows)] = changed
    assert line.title == "留的"
    assert [(row["name"], row["after"]) for row in rows] == [
        ("社区做什么", "只登记。"), ("工作告知单", "株天社准告〔2026〕2号")
    ]  # fmt: skip
    assert "最后一天" in page.content.decode()
    assert found == show(client, before=TODAY, after=TODAY + timedelta(days=20)).context["found"]


def test_a_day_and_itself_have_no_difference(county, client):
    admitted(county)
    page = show(client, before=TODAY, after=TODAY)
    assert "这两天的清单没有差异" in page.content.decode()
    assert page.context["found"].same == 1


def test_from_any_day_to_any_later_one_the_difference_leads_from_list_to_list(county, client):
    first, second = admitted(county, said=content(title="甲")), admitted(county, said=content(title="乙"))
    admitted(county, said=content(title="丙"), starts_on=TODAY + timedelta(days=3), ends_on=TODAY + timedelta(days=6))
    retired(first, TODAY + timedelta(days=4))
    amended(second, starts_on=TODAY + timedelta(days=4), said=content(title="乙乙"))
    days = [TODAY + timedelta(days=n) for n in range(9)]
    held = {day: {row.item.code for row in lists.of_county(COUNTY, AsOf(day)).select_related("item")} for day in days}
    for before, after in combinations(days, 2):
        found = show(client, before=before, after=after).context["found"]
        came, went = ({line.identity for line in lines} for lines in (found.added, found.removed))
        assert (held[before] - went) | came == held[after]
        assert not came & held[before]


def test_what_was_corrected_is_the_same_day_by_two_records(county, client):
    item = admitted(county, said=content(title="记错的", does="登记。"))
    later = NOW + timedelta(days=3)
    right = content(title="记错的", does="只登记，不入户。")
    misrecorded(item, said=right, scope=[COUNTY], starts_on=date(2026, 1, 1), ends_on=None, at=later)
    asked = {"before": TODAY, "after": TODAY, "before_known": TODAY, "after_known": TODAY + timedelta(days=4)}
    with time_machine.travel(later + timedelta(days=2), tick=False):
        page = client.get(reverse("worklists:county-changes", args=[COUNTY]), asked)
    [(_line, rows)] = page.context["changed"]
    assert [(row["before"], row["after"]) for row in rows] == [("登记。", "只登记，不入户。")]


def test_a_community_sees_what_concerns_it_alone(county, client):
    admitted(county, said=content(title="别处的"), scope=["430211002"], starts_on=TODAY + timedelta(days=1))
    admitted(county, said=content(title="这里的"), scope=[STREET], starts_on=TODAY + timedelta(days=1))
    asked = {"before": TODAY, "after": TODAY + timedelta(days=2)}
    assert titles(show(client, HERE, **asked).context["found"].added) == ["这里的"]
    assert titles(show(client, STREET, **asked).context["found"].added) == ["这里的"]
    assert len(show(client, **asked).context["found"].added) == 2


def test_without_days_it_is_this_year_so_far(county, client):
    page = show(client)
    assert (page.context["before"].on, page.context["after"].on) == (date(TODAY.year, 1, 1), TODAY)


def test_a_day_that_is_none_is_said(county, client):
    page = show(client, before="昨天", after="2026-13-01")
    assert "日期写得不对" in page.content.decode()


def test_the_list_leads_to_it(county, client):
    with time_machine.travel(NOW, tick=False):
        html = client.get(reverse("worklists:county", args=[COUNTY])).content.decode()
    assert reverse("worklists:county-changes", args=[COUNTY]) in html
