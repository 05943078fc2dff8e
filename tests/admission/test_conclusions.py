"""A meeting that does not simply agree says why, or under which conditions (T13; art 8(三))."""

import pytest

from admission import actions
from admission.conditions import NotYet
from admission.models import AgendaItem, Application, Meeting
from admission.presentation.meetings import Sitting
from admission.procedure import State
from tests.admission import world as ways

pytestmark = pytest.mark.django_db
NOT_PLAINLY = ["admit_amended", "refuse", "defer"]


def record(world, meeting, conclusion, text, *, minutes_fit=False):
    heard = [actions.Heard(item, "专题汇报。", conclusion, text, []) for item in meeting.agenda.all()]
    present = {world.units[key]: "副局长" for key in ("org", "host", "staffing", "legal")}
    actions.record_meeting(
        meeting, by=world.actors["office"], at=world.at(), present=present, heard=heard, minutes="会议纪要。",
        minutes_fit=minutes_fit,
    )  # fmt: skip


@pytest.mark.parametrize("conclusion", NOT_PLAINLY)
def test_a_meeting_that_does_not_simply_agree_says_why(world, conclusion):
    application, meeting = ways.scheduled(world)
    ways.respond_all(world, application)
    record(world, meeting, conclusion, "")
    said = AgendaItem.Conclusion(conclusion).label
    with pytest.raises(NotYet, match=str(said)):
        actions.close_minutes(meeting, by=world.actors["deputy"], at=world.at())
    assert Meeting.objects.get().state == Meeting.State.HELD
    assert str(said) in Sitting(Meeting.objects.get(), world.actors["deputy"]).incomplete()[0]

    record(world, meeting, conclusion, "经费没有落实。", minutes_fit=True)
    assert Sitting(Meeting.objects.get(), world.actors["deputy"]).incomplete() == []
    actions.close_minutes(meeting, by=world.actors["deputy"], at=world.at())
    deferred = conclusion == "defer"
    assert Application.objects.get().state == (State.DEFERRED if deferred else State.DELIBERATED)


def test_a_plain_yes_needs_no_words(world):
    application, meeting = ways.scheduled(world)
    ways.respond_all(world, application)
    record(world, meeting, "admit", "")
    assert Sitting(Meeting.objects.get(), world.actors["deputy"]).incomplete() == []
    actions.close_minutes(meeting, by=world.actors["deputy"], at=world.at())
    assert Application.objects.get().state == State.DELIBERATED
