"""A street that applies for its own territory asks its communities: they are waited for, as streets are else (T3)."""

import pytest

from admission import access, actions, todo
from admission.conditions import NotYet
from admission.models import Opinion
from admission.presentation.reminders import told
from admission.presentation.waiting import waiting
from admission.procedure import State, Step
from base import acts
from tests.admission import world as ways

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(world):
    draft = ways.drafted(world, by="street0")
    own = actions.DraftRows(scope=world.streets[:1])
    actions.save_draft(draft, by=world.actors["street0"], at=world.at(), rows=own)
    return actions.open_consultation(draft, by=world.actors["street0"], at=world.at())


def answer(world, n):
    [opinion] = Opinion.objects.waiting_for(world.communities[n].code)
    actions.give_opinion(opinion, by=world.actors[f"community{n}"], at=world.at(), stance="no_objection")


def said_of(world, application):
    """The heading of the page, and what is on the list of the street."""
    today = acts.legal_day(world.at())
    heads = waiting([application], on=today)[0][application.pk]
    return heads.sentence, heads.text, [line.what for line in todo.lines(world.actors["street0"], today)]


def test_where_no_street_is_asked_the_communities_are_waited_for(world, application):
    street, today = world.actors["street0"], acts.legal_day(world.at())
    assert Step.SUBMIT not in access.open_steps(street, application, on=today)
    with pytest.raises(NotYet, match="还差 2 个社区的意见：嵩山1社区、嵩山2社区"):
        actions.submit(application, by=street, at=world.at())
    assert said_of(world, application) == ("等嵩山1社区、嵩山2社区书面答复", "", [])

    answer(world, 0)
    with pytest.raises(NotYet, match="还差 1 个社区的意见：嵩山2社区"):
        actions.submit(application, by=street, at=world.at())
    answer(world, 1)
    owner = "嵩山路街道办事处"
    assert said_of(world, application) == (f"社区都已答复，等{owner}提交申请", "", ["社区都已答复，可以提交"])
    assert actions.submit(application, by=street, at=world.at()).state == State.SUBMITTED


def test_their_time_runs_out_as_that_of_streets_and_silence_is_no_agreement(world, application):
    answer(world, 0)
    world.jump(days=8)
    sentence, text, lines = said_of(world, application)
    assert sentence == "征询期满，等嵩山路街道办事处提交申请"
    assert text.startswith("嵩山2社区期满没有答复，已记录：不算同意")
    assert waiting([application], on=acts.legal_day(world.at()))[0][application.pk].whom == "嵩山2社区"
    assert lines == ["征询期满，可以提交"]
    assert actions.submit(application, by=world.actors["street0"], at=world.at()).state == State.SUBMITTED


def test_a_reminder_names_each_silent_body_once(world, application):
    facts = waiting([application], on=acts.legal_day(world.at()))[1]
    reminded = told(application, facts)
    assert (reminded.posts, reminded.names.count("嵩山1社区")) == (2, 1)
    assert "2 个社区" not in reminded.names


def test_where_a_street_is_asked_too_its_communities_are_not_waited_for(world):
    asked = actions.open_consultation(ways.drafted(world, by="street0"), by=world.actors["street0"], at=world.at())
    [opinion] = Opinion.objects.waiting_for(world.streets[1].code)
    actions.give_opinion(opinion, by=world.actors["street1"], at=world.at(), stance="no_objection")
    sentence, text, _lines = said_of(world, asked)
    assert sentence.startswith("街道都已答复")
    assert text == "另有 4 个社区没有答复。"
    assert actions.submit(asked, by=world.actors["street0"], at=world.at()).state == State.SUBMITTED
