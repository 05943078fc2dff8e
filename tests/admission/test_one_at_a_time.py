"""One change or exit of an item at a time is put to consultation: the second is asked about what the first changes."""

import pytest

from admission import access, actions, todo
from admission.conditions import NotYet
from admission.conditions.listed import others_under_way
from admission.models import Application
from admission.procedure import Kind, State, Step
from tests.admission import world as ways
from tests.admission.test_todo import DAYS, of_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(world):
    return ways.noticed(world).item


@pytest.mark.parametrize(("first", "second"), [(Kind.CHANGE, Kind.EXIT), (Kind.EXIT, Kind.CHANGE)])
def test_a_second_one_waits_and_is_told_for_what(world, item, first, second):
    before = ways.screening(world, kind=first, item=item)
    draft, dept = ways.drafted(world, kind=second, item=item), world.actors["dept"]
    with pytest.raises(NotYet, match=f"另有一件申请在办：{before.number}，现在是“初审”"):
        actions.open_consultation(draft, by=dept, at=world.at())
    said = access.why_not(dept, draft, on=DAYS[0])[Step.OPEN_CONSULTATION]
    assert [sentence for sentence in said if before.number in sentence] == said
    lines = [line for line in todo.lines(dept, DAYS[0]) if of_application(line) == draft.pk]
    assert [(line.act, before.number in line.what) for line in lines] == [("save_draft", True)]


def test_one_without_a_number_is_named_by_its_title(world, item):
    ways.consulted(world, kind=Kind.CHANGE, item=item)
    draft = ways.drafted(world, kind=Kind.CHANGE, item=item)
    with pytest.raises(NotYet, match="《住宅小区电动自行车充电安全隐患排查》，现在是"):
        actions.open_consultation(draft, by=world.actors["dept"], at=world.at())


def test_a_draft_or_what_is_over_stands_in_nobody_s_way(world, item):
    ways.drafted(world, kind=Kind.EXIT, item=item)
    ways.withdrawn(world, kind=Kind.CHANGE, item=item)
    ways.noticed(world, kind=Kind.CHANGE, item=item)
    assert ways.consulted(world, kind=Kind.CHANGE, item=item).state == State.PRE_CONSULTATION


def test_another_item_is_another_matter(world, item):
    other = ways.noticed(world).item
    ways.consulted(world, kind=Kind.CHANGE, item=item)
    assert ways.consulted(world, kind=Kind.EXIT, item=other).state == State.PRE_CONSULTATION


def test_a_street_that_writes_for_the_department_learns_only_that_there_is_one(world, item):
    under_way = ways.consulted(world, kind=Kind.CHANGE, item=item)
    draft = ways.drafted(world, by="street0", kind=Kind.EXIT, item=item, applicant=world.units["dept"])
    said = access.why_not(world.actors["street0"], draft, on=DAYS[0])[Step.OPEN_CONSULTATION]
    assert said == ["应急管理局对这一事项另有一件申请在办，等它办结再发出征询。"]
    assert under_way.title not in said[0]


def test_many_drafts_are_asked_about_in_one_query(world, item, django_assert_num_queries):
    ways.consulted(world, kind=Kind.CHANGE, item=item)
    drafts = [ways.drafted(world, kind=Kind.EXIT, item=item) for _n in range(3)]
    rows = list(Application.objects.filter(pk__in=[draft.pk for draft in drafts]))
    with django_assert_num_queries(1):
        assert set(others_under_way(rows)) == {draft.pk for draft in drafts}
