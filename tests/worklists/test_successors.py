"""Units that are merged or renamed: whoever succeeded them reads, answers and is told; printed names follow the day."""

from datetime import date, timedelta

import pytest
import time_machine

from base.models import Outbox
from communities.roles import Role
from tests.factories import NOW, DepartmentFactory, actor, admitted, city_edition, content, county_draft, row
from tests.worklists.test_filings import filed
from tests.worklists.test_reports import answered, passed_on
from worklists import actions, departments, todo
from worklists.actions import Head
from worklists.models import CompletionFiling, UnapprovedReport

pytestmark = pytest.mark.django_db
OFFICE, DIRECTOR = actor(Role.OFFICE), actor(Role.DIRECTOR)
YESTERDAY, Y2027 = NOW.date() - timedelta(days=1), date(2027, 1, 1)


@pytest.fixture
def bureau(county):
    DepartmentFactory.create(division=county, name="区民政局", hosts_office=True)
    return DepartmentFactory.create(division=county, name="区城管局")


def clerk(unit):
    return actor(Role.APPLICANT, unit=unit)


def succeeded(unit, *, last_day=YESTERDAY, name="区综合执法局"):
    """The unit that takes over the day after."""
    heir = DepartmentFactory.create(division=unit.division, name=name, starts_on=last_day + timedelta(days=1))
    unit.ends_on, unit.successor = last_day, heir
    unit.save()
    return heir


def told(unit):
    return Outbox.objects.filter(inbox=f"applicant:{unit.pk}").values_list("message__kind", flat=True)


def test_the_successor_reads_and_answers_what_was_passed_on_to_its_predecessor(sign_in, bureau):
    report = passed_on(bureau)
    heir = succeeded(bureau)
    assert UnapprovedReport.objects.visible_to(clerk(heir)).get() == report
    assert [line.act for line in todo.lines(clerk(heir), NOW.date())] == ["answer_report"]
    with time_machine.travel(NOW, tick=False):
        page = sign_in(Role.APPLICANT, unit=heir).get(f"/unapproved/{report.pk}/")
    assert "已停止，答复" in page.content.decode()
    assert answered(report, clerk(heir)).state == UnapprovedReport.State.STOPPED


def test_what_is_passed_on_to_a_unit_that_has_ended_is_told_to_whoever_succeeded_it(bureau):
    middle = succeeded(bureau, last_day=YESTERDAY - timedelta(days=9))
    last = succeeded(middle, name="区城市管理和综合执法局")
    passed_on(bureau)
    assert [list(told(unit)) for unit in (bureau, middle, last)] == [[], [], ["worklists.report_passed_on"]]


def test_a_unit_whose_last_day_is_to_come_is_told_itself(bureau):
    heir = succeeded(bureau, last_day=date(2026, 12, 31))
    passed_on(bureau)
    assert (list(told(bureau)), list(told(heir))) == (["worklists.report_passed_on"], [])
    assert departments.now(bureau, date(2026, 12, 31)) == bureau
    assert departments.now(bureau, Y2027) == heir


def test_the_street_that_succeeded_another_reads_what_its_predecessor_is_to_answer(county, bureau):
    report = passed_on(bureau)
    street = actor(Role.STREET, "430211002", succeeded(bureau))
    assert UnapprovedReport.objects.visible_to(street).get() == report


def test_the_successor_reads_the_filings_of_its_predecessor_and_is_told(county, bureau):
    said = content(department_id=bureau.pk)
    filing = filed(admitted(county, said=said, ends_on=Y2027), bureau)
    heir = succeeded(bureau)
    assert CompletionFiling.objects.visible_to(clerk(heir)).get() == filing
    actions.acknowledge_filing(filing, by=OFFICE, at=NOW)
    assert list(told(heir)) == ["worklists.completion_acknowledged"]


# --- who the printed names are -----------------------------------------------------------------------------
@pytest.fixture
def guidance(city, bureau):
    return city_edition(city, rows=[row(1, "巡查", department="区城管局")])


def test_the_units_behind_the_printed_names_are_those_of_the_new_first_day(county, bureau, guidance):
    heir = succeeded(bureau, last_day=date(2026, 12, 31))
    draft = county_draft(guidance, county, starts_on=date(2026, 12, 1))
    assert draft.entries.get().department == bureau
    actions.revise_edition(draft, head=Head("清单", starts_on=Y2027), by=OFFICE, at=NOW)
    assert draft.entries.get().department == heir


def test_a_unit_is_known_by_its_name_without_that_of_the_county(county):
    unit = DepartmentFactory.create(division=county, name="天元区应急管理局", short_name="应急局", aliases=["安监局"])
    names = ("天元区应急管理局", "应急管理局", "应急局", "安监局", "石峰区应急管理局")
    found = departments.mapping(county.code, names, on=NOW.date())
    assert [found[name] for name in names] == [unit, unit, unit, unit, None]


def test_a_unit_that_ends_after_the_draft_was_made_is_not_published(county, bureau, guidance):
    draft = county_draft(guidance, county, starts_on=Y2027)
    heir = succeeded(bureau, last_day=date(2026, 12, 31))
    actions.publish_edition(draft, by=DIRECTOR, at=NOW)
    entry = draft.entries.get()
    assert (entry.department, entry.department_text) == (heir, "区城管局")
    assert entry.item.versions.get().department == heir
