"""Who chaired is what happened, not what was planned: set until the minutes are closed (art 8(三); A-6, A-9)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from admission import access, actions
from admission.models import Meeting
from base.errors import NotAllowed, RuleViolation
from base.models import Event, Message
from tests.admission import world as ways
from tests.admission.signing import hidden_fields, signed_in
from tests.admission.test_convening import LATER, fresh, record, told

BY_LETTER = "主任 2026年11月2日授权书"


@pytest.fixture
def meeting(world) -> Meeting:
    """The deputy is to chair; its hour has come."""
    return ways.scheduled(world)[1]


def test_who_really_chaired_closes_the_minutes_and_nobody_else(world, meeting):
    record(world, meeting, chair="director")
    with pytest.raises(NotAllowed, match="由主持人定稿"):
        actions.close_minutes(meeting, by=world.actors["deputy"], at=world.at())
    closed = actions.close_minutes(meeting, by=world.actors["director"], at=world.at())
    assert (closed.chair, closed.state) == ("director", "closed")
    line = Event.objects.get(kind="admission.meeting.chair")
    assert line.data["says"] == "主持人由副主任改为主任"
    assert (line.data["before"], line.data["chair"]) == ("deputy", "director")


def test_the_office_chairs_with_a_recorded_authority_only(world, meeting):
    with pytest.raises(RuleViolation, match="授权依据"):
        record(world, meeting, chair="office")
    assert fresh(meeting).state == "planned"
    held = record(world, meeting, chair="office", authorisation=BY_LETTER)
    assert (held.chair, held.authorisation) == ("office", BY_LETTER)
    assert access.chairs(world.actors["office"], held)
    back = record(world, meeting, chair="deputy", authorisation=BY_LETTER)
    assert (back.chair, back.authorisation) == ("deputy", "")


def test_nothing_said_of_the_chair_leaves_it_as_planned(world, meeting):
    record(world, meeting)
    record(world, meeting, chair="deputy")
    assert fresh(meeting).chair == "deputy"
    assert not Event.objects.filter(kind="admission.meeting.chair").exists()


def test_the_office_does_not_chair_where_it_is_recused(world, meeting):
    application = meeting.agenda.get().application
    application.office_recused, application.office_unit = True, world.units["org"]
    application.save()
    with pytest.raises(RuleViolation, match="不能由办公室主持"):
        record(world, meeting, by=world.actors["member"], chair="office", authorisation=BY_LETTER)


def test_minutes_that_name_the_other_chair_are_behind(world, meeting):
    record(world, meeting)
    record(world, meeting, chair="director")
    with pytest.raises(RuleViolation, match="主持、出席或者审议的记录又改过"):
        actions.close_minutes(meeting, by=world.actors["director"], at=world.at())
    record(world, meeting, chair="director", minutes_fit=True)
    assert actions.close_minutes(meeting, by=world.actors["director"], at=world.at()).state == "closed"


def test_closed_minutes_keep_their_chair(world, meeting):
    ways.hold(world, meeting)
    with pytest.raises(RuleViolation, match="定稿"):
        record(world, fresh(meeting), chair="director")


def test_before_the_meeting_another_chair_alone_is_set_and_nobody_is_bothered(world, meeting):
    office, same = world.actors["office"], {"planned_at": meeting.planned_at, "place": meeting.place}
    early = meeting.planned_at - timedelta(seconds=30)
    moved = actions.move_meeting(meeting, by=office, at=early, chair="director", **same)
    assert moved.chair == "director"
    assert told("meeting_moved") == set()
    with pytest.raises(RuleViolation, match="都没有变"):
        actions.move_meeting(meeting, by=office, at=early, chair="director", **same)
    both = actions.move_meeting(meeting, by=office, at=world.at(), planned_at=LATER, place="二楼", chair="deputy")
    assert (both.chair, both.place) == ("deputy", "二楼")
    assert Message.objects.filter(kind="admission.meeting_moved").exists()


def test_the_page_of_the_record_asks_who_chaired(world, meeting):
    client, address = signed_in(world.actors["office"]), reverse("admission:meeting-record", args=[meeting.pk])
    with time_machine.travel(world.at(), tick=False):
        page = client.get(address)
        assert page.context["form"].chair["chair"].value() == "deputy"
        typed = {**hidden_fields(page), "chair": "office", "authorisation": ""}
        assert "办公室主持会议要写明授权依据" in client.post(address, typed).content.decode()
        assert client.post(address, {**typed, "chair": "director", "compose": "1"}).status_code == 302
    held = fresh(meeting)
    assert (held.chair, held.state) == ("director", "held")
    assert "，主任主持。" in held.minutes


def test_the_page_that_moves_a_meeting_asks_who_chairs(world, meeting):
    client, address = signed_in(world.actors["office"]), reverse("admission:meeting-move", args=[meeting.pk])
    with time_machine.travel(meeting.planned_at - timedelta(hours=1), tick=False):
        page = client.get(address)
        typed = {name: page.context["form"][name].value() for name in ("place", "authorisation")}
        typed |= {**hidden_fields(page), "planned_at": "2026-12-02T09:00", "chair": "director"}
        assert client.post(address, typed).status_code == 302
    assert fresh(meeting).chair == "director"
