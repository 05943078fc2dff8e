"""Editions: drafted by the office, decided by the director, frozen; what they do to the list of every community."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from base.errors import NotAllowed, RuleViolation, Stale
from base.models import Event
from communities.models import ImportRun
from communities.roles import Role
from tests.factories import (
    NOW,
    DepartmentFactory,
    actor,
    admitted,
    city_edition,
    content,
    county_draft,
    county_edition,
    row,
)
from tests.worklists.test_reading import GUIDANCE
from worklists import actions, departments, rows
from worklists.actions import EntryText, Head
from worklists.actions.previews import previewed
from worklists.fingerprint import fingerprint
from worklists.kinds import Ending
from worklists.models import ItemList, ItemVersion, ListEntry, WorkItem
from worklists.rows import Reading

OFFICE, DIRECTOR = actor(Role.OFFICE), actor(Role.DIRECTOR)
CITY = actor(Role.CITY, "4302")
LATER = NOW + timedelta(days=40)
PLACE = "430211001001"
Y2027 = date(2027, 1, 1)


def listed(on, *, place=PLACE, kind="urban", known_at=None):
    found = ItemVersion.objects.for_community(place, kind, on=on, known_at=known_at)
    return sorted(found.values_list("title", flat=True))


def head(**fields):
    return Head(**{"title": "天元区社区工作事项清单", "starts_on": Y2027, **fields})


def entry(edition, title):
    return edition.entries.get(title=title)


# --- the city's list ---------------------------------------------------------------------------------------
def test_a_county_without_a_list_follows_its_citys(city):
    city_edition(city, "维护社会稳定", "流动人口登记管理")
    assert listed(date(2019, 1, 1)) == ["流动人口登记管理", "维护社会稳定"]
    assert listed(date(2018, 12, 31)) == []


def test_what_the_county_admits_stands_beside_the_citys_list(county, city):
    city_edition(city, "维护社会稳定")
    admitted(county, scope=[PLACE], starts_on=date(2026, 6, 1))
    assert listed(date(2026, 6, 1)) == ["流动人口登记管理", "维护社会稳定"]
    assert listed(date(2026, 6, 1), place="430211001002") == ["维护社会稳定"]


def test_the_real_list_makes_149_items_of_the_city(city):
    reading = rows.read("guidance_list.csv", GUIDANCE.read_bytes())
    edition = city_edition(city, rows=list(reading.rows), starts_on=date(2018, 12, 3))
    assert WorkItem.objects.filter(owner=city).count() == 149
    assert edition.entries.filter(certain=False).count() == 121
    assert len(listed(date(2019, 1, 1))) == 149
    assert Event.objects.about(edition).count() == 2
    codes = list(WorkItem.objects.order_by("entries__seq").values_list("code", flat=True))
    assert (codes[0], codes[148]) == ("4302-2018-0001", "4302-2018-0149")


def test_what_is_for_villages_is_not_asked_of_urban_communities(city):
    city_edition(city, rows=[row(1, "村庄规划管理", applies_to="rural"), row(2, "维护社会稳定")])
    day = date(2020, 1, 1)
    assert listed(day) == ["维护社会稳定"]
    assert listed(day, kind="rural") == listed(day, kind="converted") == ["村庄规划管理", "维护社会稳定"]


def test_a_new_edition_of_the_city_keeps_changes_and_ends(city):
    city_edition(city, "维护社会稳定", "出租房屋登记", "流动人口登记管理")
    second = [row(1, "维护社会稳定"), row(2, "出租房屋登记", category="undertake"), row(3, "社区矫正")]
    city_edition(city, rows=second, starts_on=Y2027, at=LATER)
    assert listed(date(2026, 12, 31)) == ["出租房屋登记", "流动人口登记管理", "维护社会稳定"]
    assert listed(Y2027) == ["出租房屋登记", "社区矫正", "维护社会稳定"]
    gone = ItemVersion.objects.known().get(title="流动人口登记管理")
    assert (gone.ending, gone.in_force.upper, gone.ending_number) == (Ending.REMOVED, Y2027, "株办发〔2027〕1号")
    changed = ItemVersion.objects.known().filter(title="出租房屋登记").order_by("in_force")
    assert [(each.category, each.ending) for each in changed] == [("assist", "superseded"), ("undertake", "")]
    assert changed[0].item_id == changed[1].item_id
    assert ItemVersion.objects.filter(title="维护社会稳定").count() == 1
    assert ItemVersion.objects.known(NOW + timedelta(days=1)).get(title="流动人口登记管理").in_force.upper is None


# --- adoption ----------------------------------------------------------------------------------------------
def test_a_county_adopts_drops_with_a_reason_and_adds_with_a_decision(county, city):
    guidance = city_edition(city, "维护社会稳定", "出租房屋登记")
    draft = county_draft(guidance, county, starts_on=Y2027)
    actions.drop_entry(entry(draft, "出租房屋登记"), reason="由派出所直接办理", by=OFFICE, at=NOW)
    text = EntryText(department_text="民政局", category="undertake", title="为老服务走访")
    actions.add_entry(draft, text=text, decision_number="株天社准〔2026〕2号", by=OFFICE, at=NOW)
    assert listed(Y2027) == ["出租房屋登记", "维护社会稳定"]
    actions.publish_edition(draft, by=DIRECTOR, at=NOW)
    assert listed(Y2027) == ["为老服务走访", "维护社会稳定"]
    assert listed(date(2026, 12, 31)) == ["出租房屋登记", "维护社会稳定"]
    fates = ListEntry.objects.filter(edition=draft).order_by("seq").values_list("seq", "fate")
    assert list(fates) == [(1, "adopted"), (2, "dropped"), (3, "added")]
    mine = WorkItem.objects.get(owner=county, source_item__isnull=False)
    assert mine.source_item.code == "4302-2019-0001"
    assert mine.versions.get().scopes.get().code == "430211"


def test_the_later_edition_ends_what_it_no_longer_names_the_day_before(county, city):
    guidance = city_edition(city, "维护社会稳定", "出租房屋登记")
    county_edition(guidance, county, starts_on=date(2026, 11, 21))
    draft = county_draft(guidance, county, starts_on=Y2027, at=LATER)
    actions.drop_entry(entry(draft, "出租房屋登记"), reason="不再需要", by=OFFICE, at=LATER)
    actions.publish_edition(draft, by=DIRECTOR, at=LATER)
    assert listed(date(2026, 12, 31)) == ["出租房屋登记", "维护社会稳定"]
    assert listed(Y2027) == ["维护社会稳定"]
    assert listed(Y2027, known_at=NOW + timedelta(days=1)) == ["出租房屋登记", "维护社会稳定"]
    assert WorkItem.objects.filter(owner=county).count() == 2


def test_a_dropped_item_comes_back_as_the_same_item(county, city):
    guidance = city_edition(city, "维护社会稳定", "出租房屋登记")
    county_edition(guidance, county, starts_on=date(2026, 11, 21))
    second = county_draft(guidance, county, starts_on=Y2027, at=LATER)
    actions.drop_entry(entry(second, "出租房屋登记"), reason="不再需要", by=OFFICE, at=LATER)
    actions.publish_edition(second, by=DIRECTOR, at=LATER)
    third = county_draft(guidance, county, starts_on=date(2028, 1, 1), at=LATER)
    assert entry(third, "出租房屋登记").reason == "不再需要"
    actions.keep_entry(entry(third, "出租房屋登记"), by=OFFICE, at=LATER)
    actions.publish_edition(third, by=DIRECTOR, at=LATER)
    item = WorkItem.objects.get(owner=county, source_item__versions__title="出租房屋登记")
    days = [(each.in_force.lower, each.in_force.upper) for each in item.versions.known().order_by("in_force")]
    assert days == [(date(2026, 11, 21), Y2027), (date(2028, 1, 1), None)]


def test_the_new_draft_remembers_what_the_county_dropped_added_and_ended(county, city):
    guidance = city_edition(city, "一", "二", "三")
    first = county_draft(guidance, county, starts_on=date(2026, 11, 21))
    actions.drop_entry(entry(first, "二"), reason="无此工作", by=OFFICE, at=NOW)
    text = EntryText(department_text="民政局", category="undertake", title="四")
    actions.add_entry(first, text=text, decision_number="株天社准〔2026〕2号", by=OFFICE, at=NOW)
    actions.publish_edition(first, by=DIRECTOR, at=NOW)
    ended = WorkItem.objects.get(owner=county, versions__title="三")
    actions.retire_item(
        ended, ends_on=date(2026, 12, 1), ending=Ending.REMOVED, by=OFFICE, at=LATER, notice_number="准告〔2026〕7号"
    )
    again = county_draft(guidance, county, starts_on=Y2027, at=LATER)
    assert list(again.entries.order_by("seq").values_list("title", "fate", "reason", "decision_number")) == [
        ("一", "adopted", "", ""),
        ("二", "dropped", "无此工作", ""),
        ("三", "dropped", "已按程序移出清单（准告〔2026〕7号）", ""),
        ("四", "added", "", "株天社准〔2026〕2号"),
    ]
    actions.publish_edition(again, by=DIRECTOR, at=LATER)
    assert listed(Y2027) == ["一", "四"]
    assert WorkItem.objects.filter(owner=county).count() == 3


def test_what_a_committee_changed_since_is_not_undone_by_an_edition(county, city):
    guidance = city_edition(city, "出租房屋登记")
    county_edition(guidance, county, starts_on=date(2026, 11, 21))
    item = WorkItem.objects.get(owner=county)
    actions.amend_item(
        item, content=content("出租房屋信息登记"), scope=["430211001"], starts_on=date(2026, 12, 1), ends_on=None,
        notice_number="准告〔2026〕3号", decided_on=date(2026, 11, 25), by=OFFICE, at=LATER,
    )  # fmt: skip
    county_edition(guidance, county, starts_on=Y2027, at=LATER)
    assert listed(Y2027) == ["出租房屋信息登记"]
    assert listed(Y2027, place="430211002001") == []


def test_the_printed_department_is_kept_and_its_successor_found(county, city):
    old = DepartmentFactory.create(division=county, name="区卫计局", aliases=["卫计委"], ends_on=date(2019, 2, 1))
    new = DepartmentFactory.create(division=county, name="区卫生健康局", starts_on=date(2019, 2, 2))
    old.successor = new
    old.save()
    DepartmentFactory.create(division=county, name="甲局", aliases=["安监局"])
    DepartmentFactory.create(division=county, name="乙局", aliases=["安监局"])
    texts = ["卫计委", "安监局", "老干局"]
    given = [row(seq, f"事项{seq}", department=text) for seq, text in enumerate(texts, start=1)]
    edition = county_edition(city_edition(city, rows=given), county, starts_on=Y2027)
    found = edition.entries.order_by("seq").values_list("department_text", "department__name")
    assert list(found) == [("卫计委", "区卫生健康局"), ("安监局", None), ("老干局", None)]
    assert ItemVersion.objects.get(item__owner=county, department_text="卫计委").department == new


def test_departments_that_succeed_each_other_in_a_circle_lead_nowhere(county, city):
    gone = {"division": county, "ends_on": date(2019, 1, 1)}
    first = DepartmentFactory.create(name="甲局", aliases=["老局"], **gone)
    second = DepartmentFactory.create(name="乙局", successor=first, **gone)
    first.successor = second
    first.save()
    edition = county_edition(city_edition(city, rows=[row(1, "巡逻", department="老局")]), county, starts_on=Y2027)
    assert edition.entries.get().department is None
    assert departments.acting_for(first.pk) == {first.pk, second.pk}
    assert departments.acting_for(None) == set()


def test_a_department_that_is_known_later_is_found_when_the_edition_is_published(county, city):
    draft = county_draft(city_edition(city, "巡逻"), county, starts_on=Y2027)
    bureau = DepartmentFactory.create(division=county, name="公安天元分局", short_name="公安局")
    actions.publish_edition(draft, by=DIRECTOR, at=NOW)
    assert draft.entries.get().department == bureau


# --- who, when, and what is refused ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (actor(Role.OFFICE), True),
        (actor(Role.OFFICE, "430204"), False),
        (actor(Role.DIRECTOR), False),
        (actor(Role.CITY, "4302"), False),
        (actor(Role.STREET, "430211001"), False),
        (actor(Role.AUDITOR), False),
    ],
)
def test_only_the_countys_office_drafts_its_list(county, city, by, allowed):
    guidance = city_edition(city, "巡逻")
    if allowed:
        assert actions.adopt_edition(guidance, owner=county, head=head(), by=by, at=NOW).state == "draft"
    else:
        with pytest.raises(NotAllowed, match="清单草案由审核委员会办公室起草"):
            actions.adopt_edition(guidance, owner=county, head=head(), by=by, at=NOW)


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (actor(Role.DIRECTOR), True),
        (actor(Role.DEPUTY), True),
        (actor(Role.DIRECTOR, "430204"), False),
        (actor(Role.OFFICE), False),
        (actor(Role.MEMBER), False),
        (actor(Role.CITY, "4302"), False),
    ],
)
def test_director_or_deputy_decides(county, city, by, allowed):
    draft = county_draft(city_edition(city, "巡逻"), county, starts_on=Y2027)
    if allowed:
        assert actions.publish_edition(draft, by=by, at=NOW).decided_by == by.label
    else:
        with pytest.raises(NotAllowed, match="主任或副主任审定公布"):
            actions.publish_edition(draft, by=by, at=NOW)


@pytest.mark.parametrize("by", [actor(Role.OFFICE), actor(Role.CITY, "4303")])
def test_the_citys_list_is_the_citys(city, by):
    with pytest.raises(NotAllowed):
        actions.draft_edition(city, head=head(), rows=[row(1, "巡逻")], by=by, at=NOW)


def test_only_a_published_list_of_ones_own_city_is_adopted(county, city):
    unpublished = actions.draft_edition(city, head=head(), rows=[row(1, "巡逻")], by=CITY, at=NOW)
    mine = county_edition(city_edition(city, "巡逻"), county, starts_on=Y2027)
    for other in (unpublished, mine):
        with pytest.raises(RuleViolation, match="只能采用本市已经公布的指导清单"):
            actions.adopt_edition(other, owner=county, head=head(), by=OFFICE, at=NOW)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"starts_on": None}, "还没有写施行日期"),
        ({"starts_on": date(2026, 11, 20)}, "要写明当时印发的文号和日期"),
        ({"starts_on": date(2026, 11, 20), "issue_number": "一号"}, "要写明当时印发的文号和日期"),
    ],
)
def test_an_edition_needs_its_first_day_and_a_past_one_its_document(city, fields, says):
    draft = actions.draft_edition(city, head=head(**fields), rows=[row(1, "巡逻")], by=CITY, at=NOW)
    with pytest.raises(RuleViolation, match=says):
        actions.publish_edition(draft, by=CITY, at=NOW)


def test_editions_follow_each_other(city):
    city_edition(city, "巡逻", starts_on=Y2027)
    with pytest.raises(RuleViolation, match="施行日期要晚于上一版的施行日期（2027年1月1日）"):
        city_edition(city, "巡逻", starts_on=Y2027)


def test_a_list_of_nothing_is_not_published(county, city):
    draft = county_draft(city_edition(city, "巡逻"), county, starts_on=Y2027)
    actions.drop_entry(entry(draft, "巡逻"), reason="不要", by=OFFICE, at=NOW)
    with pytest.raises(RuleViolation, match="没有一项是采用的"):
        actions.publish_edition(draft, by=DIRECTOR, at=NOW)


def test_an_edition_that_changed_since_it_was_opened_is_not_decided_unseen(county, city):
    draft = county_draft(city_edition(city, "巡逻"), county, starts_on=Y2027)
    seen = draft.version
    actions.drop_entry(entry(draft, "巡逻"), reason="不要", by=OFFICE, at=NOW)
    with pytest.raises(Stale) as refusal:
        actions.publish_edition(draft, by=DIRECTOR, at=NOW, seen=seen)
    assert "不采用“巡逻”：不要" in refusal.value.changes[0]


def test_a_published_edition_is_frozen_in_the_actions_and_in_the_database(city):
    edition = city_edition(city, "巡逻")
    only = edition.entries.get()
    text = EntryText(department_text="公安局", category="assist", title="改了")
    for change in (
        lambda: actions.drop_entry(only, reason="不要", by=CITY, at=NOW),
        lambda: actions.correct_entry(only, text=text, by=CITY, at=NOW),
        lambda: actions.add_entry(edition, text=text, decision_number="", by=CITY, at=NOW),
        lambda: actions.revise_edition(edition, head=head(), by=CITY, at=NOW),
        lambda: actions.discard_edition(edition, by=CITY, at=NOW),
        lambda: actions.publish_edition(edition, by=CITY, at=NOW),
    ):
        with pytest.raises(RuleViolation, match="已经公布，内容不能再改"):
            change()
    for row_ in (edition, only):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            type(row_).objects.filter(pk=row_.pk).update(title="改了")
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            type(row_).objects.filter(pk=row_.pk)._raw_delete("default")
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        ListEntry.objects.create(edition=edition, seq=2, department_text="局", category="assist", title="多的")


def test_the_hash_is_of_the_entries_and_anyone_can_compute_it(city):
    edition = city_edition(city, "巡逻", "登记")
    assert edition.sha256 == fingerprint(edition.entries.all())
    entries = list(edition.entries.all())
    entries[0].title = "巡查"
    assert edition.sha256 != fingerprint(entries)
    assert fingerprint([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


def test_the_chain_tells_the_hash_and_the_effect(city):
    edition = city_edition(city, "巡逻", "登记")
    line = Event.objects.about(edition).first()
    assert (line.kind, line.chain, line.in_feed) == ("worklists.itemlist.publish", "4302", True)
    assert line.data["sha256"] == edition.sha256
    assert line.data["says"].endswith("新列入 2 项，变更 0 项，移出 0 项")


# --- drafts ------------------------------------------------------------------------------------------------
def test_a_draft_can_be_corrected_revised_and_discarded(city):
    rows_ = [row(1, "巡逻", certain=False), row(2, "登记")]
    draft = actions.draft_edition(city, head=head(starts_on=None), rows=rows_, by=CITY, at=NOW)
    only = entry(draft, "巡逻")
    actions.correct_entry(
        only, text=EntryText(department_text="公安局", category="statutory", title="治安巡逻"), by=CITY, at=NOW
    )
    only.refresh_from_db()
    assert (only.title, only.category, only.certain) == ("治安巡逻", "statutory", True)
    actions.revise_edition(draft, head=head(title="新名称", issue_number="一号"), by=CITY, at=NOW)
    draft.refresh_from_db()
    assert (draft.title, draft.issue_number, draft.starts_on, draft.version) == ("新名称", "一号", Y2027, 3)
    actions.discard_edition(draft, by=CITY, at=NOW)
    assert not ItemList.objects.exists()
    assert Event.objects.filter(kind="worklists.itemlist.discard").get().data["says"] == "删去草案《新名称》"


@pytest.mark.parametrize("title", ["登记", "登 记"])
def test_a_draft_says_nothing_twice(city, title):
    draft = actions.draft_edition(city, head=head(), rows=[row(1, "巡逻"), row(2, title)], by=CITY, at=NOW)
    text = EntryText(department_text="公安局", category="assist", title=title)
    with pytest.raises(RuleViolation, match="已有这一条"):
        actions.correct_entry(entry(draft, "巡逻"), text=text, by=CITY, at=NOW)
    with pytest.raises(RuleViolation, match="已有这一条"):
        actions.add_entry(draft, text=text, decision_number="", by=CITY, at=NOW)
    actions.correct_entry(entry(draft, title), text=text, by=CITY, at=NOW)


def test_dropping_needs_a_reason_and_adding_a_decision(county, city):
    draft = county_draft(city_edition(city, "巡逻"), county, starts_on=Y2027)
    with pytest.raises(RuleViolation, match="要写明理由"):
        actions.drop_entry(entry(draft, "巡逻"), reason=" ", by=OFFICE, at=NOW)
    text = EntryText(department_text="民政局", category="undertake", title="走访")
    with pytest.raises(RuleViolation, match="要写明决定文号"):
        actions.add_entry(draft, text=text, decision_number=" ", by=OFFICE, at=NOW)


# --- from a file -------------------------------------------------------------------------------------------
def test_a_preview_saves_nothing_of_the_list(city):
    reading = Reading((row(1, "巡逻"), row(2, "登记", errors=("不行。",))), (4,))
    run = actions.preview_edition(city, head=head(issued_on=date(2026, 1, 1)), reading=reading, by=CITY, at=NOW)
    assert (ItemList.objects.count(), ListEntry.objects.count(), WorkItem.objects.count()) == (0, 0, 0)
    assert previewed(ImportRun.objects.get(pk=run.pk)) == (head(issued_on=date(2026, 1, 1)), reading)
    edition = actions.confirm_preview(run, by=CITY, at=NOW)
    assert list(edition.entries.values_list("title", flat=True)) == ["巡逻"]
    run.refresh_from_db()
    assert (run.state, run.rows, run.done) == ("done", 2, 1)
    with pytest.raises(RuleViolation, match="已经办过"):
        actions.confirm_preview(run, by=CITY, at=NOW)


def test_a_file_of_bad_rows_only_makes_no_draft(city):
    reading = Reading((row(1, "登记", errors=("不行。",)),))
    run = actions.preview_edition(city, head=head(), reading=reading, by=CITY, at=NOW)
    with pytest.raises(RuleViolation, match="没有可以导入的行"):
        actions.confirm_preview(run, by=CITY, at=NOW)
    run.refresh_from_db()
    assert run.state == "preview"


def test_a_countys_file_is_laid_beside_the_citys_list(county, city):
    city_edition(city, "巡逻", "登记", "调查")
    given = [row(1, "登记", category="statutory"), row(2, "走访", decision_number="二号"), row(3, "慰问")]
    draft = actions.draft_edition(county, head=head(issue_number="株天办发〔2026〕8号"), rows=given, by=OFFICE, at=NOW)
    assert list(
        draft.entries.order_by("seq").values_list("title", "category", "fate", "decision_number", "reason")
    ) == [
        ("登记", "statutory", "adopted", "", ""),
        ("走访", "assist", "added", "二号", ""),
        ("慰问", "assist", "added", "株天办发〔2026〕8号", ""),
        ("巡逻", "assist", "dropped", "", "导入的清单没有列入"),
        ("调查", "assist", "dropped", "", "导入的清单没有列入"),
    ]
    actions.publish_edition(draft, by=DIRECTOR, at=NOW)
    assert listed(Y2027) == ["慰问", "登记", "走访"]


def test_a_countys_addition_without_a_decision_is_named_by_its_row(county, city):
    city_edition(city, "巡逻")
    with pytest.raises(RuleViolation, match="第 3 行：市级清单没有这一项"):
        actions.draft_edition(county, head=head(), rows=[row(1, "巡逻"), row(2, "慰问")], by=OFFICE, at=NOW)
    assert not ItemList.objects.filter(owner=county).exists()


# --- what the database refuses -----------------------------------------------------------------------------
def test_edition_published_complete(city):
    with pytest.raises(IntegrityError, match="edition_published_complete"), transaction.atomic():
        ItemList.objects.create(owner=city, kind="guidance", title="清单", state="published", changed_at=NOW)


def test_edition_one_per_day(city):
    city_edition(city, "巡逻", starts_on=Y2027)
    with pytest.raises(IntegrityError, match="edition_one_per_day"), transaction.atomic():
        ItemList.objects.create(
            owner=city, kind="guidance", title="又一版", state="published", changed_at=NOW, published_at=NOW,
            starts_on=Y2027, sha256="0" * 64, decided_by="市级",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"seq": 1, "title": "别的"}, "entry_seq_once"),
        ({"seq": 2, "title": "巡逻"}, "entry_once"),
        ({"seq": 2, "title": "别的", "fate": "dropped"}, "entry_dropped_with_reason"),
        ({"seq": 2, "title": "别的", "fate": "added"}, "entry_added_with_decision"),
    ],
)
def test_constraints_of_entries(city, fields, constraint):
    draft = actions.draft_edition(city, head=head(), rows=[row(1, "巡逻")], by=CITY, at=NOW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ListEntry.objects.create(edition=draft, department_text="公安局", category="assist", **fields)
