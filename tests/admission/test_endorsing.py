"""A street's draft reaches the department once it says what a consultation needs; before, it is the street's (A-7)."""

import pytest
from django.urls import reverse

from admission import actions, todo
from admission.conditions import NotYet
from admission.models import Application
from admission.procedure import Kind
from tests.admission import crowd
from tests.admission import world as ways
from tests.admission.signing import send, signed_in
from tests.admission.test_todo import DAYS, of_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(world) -> Application:
    """Begun by a street for a department, nothing written."""
    street, dept = world.actors["street0"], world.units["dept"]
    return actions.draft_application(by=street, at=world.at(), kind=Kind.ADMISSION, applicant=dept)


def test_an_empty_draft_is_not_endorsed(world, begun):
    with pytest.raises(NotYet, match=r"还缺：事项名称.*实施方案还缺：工作内容和要求"):
        actions.endorse(begun, by=world.actors["dept"], at=world.at())
    assert Application.objects.get(pk=begun.pk).awaits_endorsement


def test_nobody_is_asked_to_endorse_what_is_not_written(world, begun):
    assert [line for line in todo.lines(world.actors["dept"], DAYS[0]) if of_application(line) == begun.pk] == []
    ready = crowd.prepared(world)
    assert [(line.act, of_application(line)) for line in todo.lines(world.actors["dept"], DAYS[0])] == [
        ("endorse", ready.pk)
    ]


@pytest.mark.parametrize("name", ["street0", "dept"])
def test_the_page_says_what_the_endorsement_waits_for(world, begun, name):
    html = signed_in(world.actors[name]).get(reverse("admission:application", args=[begun.pk])).content.decode()
    assert "应急管理局认可" in html
    assert "实施方案还缺" in html
    assert "认可这份申请" not in html


def test_the_endorsing_page_has_the_reasons_and_no_button(world, begun):
    client = signed_in(world.actors["dept"])
    url = reverse("admission:endorse", args=[begun.pk])
    html = client.get(url).content.decode()
    assert "还缺：事项名称" in html
    assert "认可，由本单位负责</button>" not in html
    send(client, url)
    assert Application.objects.get(pk=begun.pk).awaits_endorsement


def test_what_is_written_is_endorsed(world):
    assert not actions.endorse(crowd.prepared(world), by=world.actors["dept"], at=world.at()).awaits_endorsement


def test_what_a_milestone_contradicts_is_not_endorsed(world):
    draft = crowd.prepared(world)
    late = {"milestones": [{"on": "2029-01-01", "result": "太晚"}]}
    draft = actions.save_draft(draft, by=world.actors["street0"], at=world.at(), rows=actions.DraftRows(plan=late))
    with pytest.raises(NotYet, match="起止日期之内"):
        actions.endorse(draft, by=world.actors["dept"], at=world.at())


def test_a_way_of_its_own_stays_open(world):
    assert ways.drafted(world, by="street0").awaits_endorsement is False
