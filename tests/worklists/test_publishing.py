"""Before a list is published everybody can see what it becomes; afterwards those whose items change know of it."""

from datetime import date

import pytest
import time_machine

from base.errors import Stale
from base.models import Outbox
from communities.roles import Role
from tests.factories import NOW, DepartmentFactory, actor, city_edition, county_draft, county_edition, row
from tests.worklists.test_edition_pages import upload
from tests.worklists.test_reading import HEAD
from worklists import actions
from worklists.models import ItemList

pytestmark = pytest.mark.django_db
Y2026, Y2027 = date(2026, 1, 1), date(2027, 1, 1)
TITLES = ["巡逻", "登记", "走访", "调解", "普法", "禁毒", "救助", "养老", "就业", "环境", "征兵"]
OFFICE, DIRECTOR = actor(), actor(Role.DIRECTOR)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def guidance(county, city):
    return city_edition(city, *TITLES)


@pytest.fixture
def police(county):
    return DepartmentFactory.create(division=county, name="公安局", starts_on=date(2000, 1, 1))


def told(edition):
    rows = Outbox.objects.filter(message__dedupe__startswith=f"edition:{edition.pk}:").select_related("message")
    return {row.inbox: row.message for row in rows}


# --- what is shown before ----------------------------------------------------------------------------------
def test_who_publishes_sees_what_the_list_becomes_and_says_so_when_many_items_go(sign_in, county, guidance):
    old = county_edition(guidance, county, starts_on=Y2026)
    draft = county_draft(guidance, county, starts_on=Y2027)
    for entry in draft.entries.filter(seq__gt=2):
        actions.drop_entry(entry, reason="不要", by=OFFICE, at=NOW)
    text = actions.EntryText(department_text="公安局", category="undertake", title="巡逻")
    actions.correct_entry(draft.entries.get(seq=1), text=text, by=OFFICE, at=NOW)
    added = actions.EntryText(department_text="民政局", category="assist", title="慰问")
    actions.add_entry(draft, text=added, decision_number="二号", by=OFFICE, at=NOW)
    draft.entries.filter(seq=2).update(certain=False)

    director, address = sign_in(Role.DIRECTOR), f"/lists/editions/{draft.pk}/publish/"
    page = director.get(address)
    effect, words = page.context["effect"], page.content.decode()
    assert (effect.before, effect.stay, effect.change, effect.come, effect.go) == (11, 1, 1, 1, 9)
    for said in (
        draft.title, draft.issue_number, "2027年1月1日", f"/lists/editions/{old.pk}/to/{draft.pk}/", "标“待核对”",
        "民政局", "现在的 11 项里有 9 项从2027年1月1日起不再列入清单",
    ):  # fmt: skip
        assert said in words
    draft.refresh_from_db()
    refused = director.post(address, {"seen": draft.version})
    assert list(refused.context["form"].errors) == ["knowing"]
    director.post(address, {"seen": draft.version, "knowing": "on"})
    draft.refresh_from_db()
    assert draft.state == ItemList.State.PUBLISHED


def test_a_county_without_a_list_leaves_what_it_followed_so_far(sign_in, county, guidance):
    draft = county_draft(guidance, county, starts_on=Y2027)
    actions.drop_entry(draft.entries.get(seq=1), reason="不要", by=OFFICE, at=NOW)
    page = sign_in(Role.DIRECTOR).get(f"/lists/editions/{draft.pk}/publish/")
    effect = page.context["effect"]
    assert (effect.before, effect.stay, effect.come, effect.go) == (11, 10, 0, 1)
    assert not page.context["form"].fields, "one in eleven is not many"


def test_a_draft_without_a_first_day_is_compared_with_today(sign_in, county, guidance):
    draft = actions.adopt_edition(guidance, owner=county, head=actions.Head("清单"), by=OFFICE, at=NOW)
    page = sign_in(Role.DIRECTOR).get(f"/lists/editions/{draft.pk}/publish/")
    assert page.context["effect"].on == date(2026, 11, 21)
    assert "还没有写施行日期" in page.content.decode()


# --- who is told afterwards --------------------------------------------------------------------------------
def test_departments_are_told_of_their_own_items_and_places_how_many_change(county, guidance, police):
    county_edition(guidance, county, starts_on=Y2026)
    draft = county_draft(guidance, county, starts_on=Y2027)
    actions.drop_entry(draft.entries.get(seq=1), reason="不要", by=OFFICE, at=NOW)
    actions.publish_edition(draft, by=DIRECTOR, at=NOW)
    boxes = told(draft)
    assert sorted(boxes) == [
        f"applicant:{police.pk}", "community:430211001001", "community:430211001002", "community:430211002001",
        "street:430211001", "street:430211002",
    ]  # fmt: skip
    assert boxes["street:430211001"].title == f"《{draft.title}》2027年1月1日起施行"
    assert boxes["street:430211001"].body == "不再列入 1 项"
    assert boxes[f"applicant:{police.pk}"].body == "您单位的事项：不再列入 1 项\n不再列入：巡逻"
    assert boxes[f"applicant:{police.pk}"].url == f"/lists/editions/{draft.pk}/"


def test_a_citys_list_is_told_to_the_offices_and_to_the_places_that_follow_it(county, city, guidance):
    host = DepartmentFactory.create(division=county, hosts_office=True)
    edition = city_edition(city, "巡逻", starts_on=Y2026)
    assert {f"office:{host.pk}", "street:430211001", "community:430211001001"} <= set(told(edition))
    county_edition(guidance, county, starts_on=Y2026)
    assert sorted(told(city_edition(city, "登记", starts_on=Y2027))) == [f"office:{host.pk}"]


def test_an_edition_that_changes_nothing_is_told_to_nobody(county, guidance, police):
    county_edition(guidance, county, starts_on=Y2026)
    assert told(county_edition(guidance, county, starts_on=Y2027)) == {}


# --- from a file -------------------------------------------------------------------------------------------
def test_the_preview_of_a_file_says_how_much_of_the_list_leaves(sign_in, county, guidance):
    preview = upload(sign_in(Role.OFFICE), HEAD + "1,公安局,协助,巡逻\n2,公安局,承办,登记\n")
    effect = preview.context["effect"]
    assert (effect.before, effect.stay, effect.change, effect.come, effect.go) == (11, 1, 1, 0, 9)
    words = preview.content.decode()
    assert "现在的 11 项里，9 项不在这些行里，这一版公布后从2027年1月1日起不再列入。" in words


def test_rows_that_nothing_decided_are_marked_each_and_one_number_settles_them(sign_in, county, guidance):
    office = sign_in(Role.OFFICE)
    lines = HEAD + "1,公安局,协助,巡逻\n2,民政局,协助,慰问\n3,民政局,协助,助餐\n"
    preview = upload(office, lines, issue_number="")
    assert [bool(each.errors) for each in preview.context["rows"]] == [False, True, True]
    assert preview.context["undecided"] == 2
    address, words = preview.request["PATH_INFO"], preview.content.decode()
    assert words.count("要写明增列的决定文号") == 2
    assert "导入这 1 行" in words
    refused = office.post(address, {"number": "1", "issue_number": " "})
    assert list(refused.context["number_form"].errors) == ["issue_number"]
    again = office.post(address, {"number": "1", "issue_number": "株天办发〔2026〕8号"}, follow=True)
    assert "导入这 3 行" in again.content.decode()
    draft = office.post(address, follow=True).context["edition"]
    assert list(draft.entries.exclude(fate="dropped").values_list("title", "fate", "decision_number")) == [
        ("巡逻", "adopted", ""), ("慰问", "added", "株天办发〔2026〕8号"), ("助餐", "added", "株天办发〔2026〕8号"),
    ]  # fmt: skip


def test_what_is_confirmed_is_what_the_preview_offered(sign_in, county, guidance):
    office = sign_in(Role.OFFICE)
    preview = upload(office, HEAD + "1,公安局,协助,巡逻\n2,民政局,协助,慰问\n", issue_number="")
    draft = office.post(preview.request["PATH_INFO"], follow=True).context["edition"]
    assert list(draft.entries.exclude(fate="dropped").values_list("title", flat=True)) == ["巡逻"]


def test_another_file_for_the_same_list_keeps_the_cover(sign_in, county, guidance):
    office = sign_in(Role.OFFICE)
    preview = upload(office, HEAD + "1,公安局,协助,巡逻\n")
    link = f"/lists/editions/import/?cover={preview.context['run'].pk}"
    assert link in preview.content.decode()
    initial = office.get(link).context["form"].initial
    assert (initial["title"], initial["starts_on"]) == ("清单（2027年）", Y2027)
    for other in ("x", "9" * 30, "0"):
        assert office.get(f"/lists/editions/import/?cover={other}").context["form"].initial == {}


@pytest.mark.parametrize("head", ["序号,部门,类别,事项,事项\n", "序号,部门,类别,事项名称,工作事项\n"])
def test_two_columns_for_one_thing_are_refused(sign_in, county, head):
    response = upload(sign_in(Role.OFFICE), head + "1,公安局,协助,巡逻,登记\n")
    assert "不知道以哪一列为准" in str(response.context["form"].errors["file"])


def test_a_file_too_long_for_a_list_is_not_to_be_split(sign_in, county):
    response = upload(sign_in(Role.OFFICE), HEAD + "1,公安局,协助,巡逻\n" * 5_001)
    assert "不能分几次导入" in str(response.context["form"].errors["file"])


# --- drafts ------------------------------------------------------------------------------------------------
def test_a_draft_that_somebody_works_on_is_not_deleted_unseen(sign_in, county, guidance):
    draft = county_draft(guidance, county, starts_on=Y2027)
    office, address = sign_in(Role.OFFICE), f"/lists/editions/{draft.pk}/discard/"
    actions.drop_entry(draft.entries.get(seq=1), reason="不要", by=OFFICE, at=NOW)
    refused = office.post(address, {"seen": draft.version})
    assert "不采用“巡逻”：不要" in str(refused.context["form"].errors["__all__"])
    with pytest.raises(Stale):
        actions.discard_edition(draft, by=OFFICE, at=NOW, seen=draft.version)
    draft.refresh_from_db()
    office.post(address, {"seen": draft.version})
    assert not ItemList.objects.filter(pk=draft.pk).exists()


def test_a_row_is_marked_beside_the_others_it_repeats(county, guidance):
    rows = [row(1, "巡逻"), row(2, "巡逻", category="statutory", decision_number="二号")]
    draft = actions.draft_edition(county, head=actions.Head("清单"), rows=rows, by=OFFICE, at=NOW)
    assert list(draft.entries.filter(title="巡逻").values_list("fate", flat=True)) == ["adopted", "added"]
