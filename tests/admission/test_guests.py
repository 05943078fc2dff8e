"""Who came to a meeting beside the member units: applicants, streets, communities (art 8(三))."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from admission import actions
from admission.actions.attendance import invited, seats
from admission.actions.meeting import fingerprint
from admission.models import Guest, Meeting
from admission.presentation.attendees import guests_of
from tests.admission import world as ways
from tests.admission.signing import signed_in
from tests.admission.test_web_meetings import record_of, url, written


@pytest.fixture
def sitting(world):
    """A meeting with one application on its agenda, whose hour has come."""
    return ways.scheduled(world)


def asked(meeting):
    agenda = meeting.agenda.select_related("application__applicant__street").order_by("seq")
    return invited(agenda, {seat.unit_id for seat in seats(meeting)})


def hold(world, meeting, came, **more):
    heard = [actions.Heard(item, "汇报。", "admit", "", []) for item in meeting.agenda.all()]
    present = {world.units[key]: "副局长" for key in ("org", "staffing", "legal")} | came
    return actions.record_meeting(
        Meeting.objects.get(pk=meeting.pk), by=world.actors["office"], at=world.at(),
        present=present, heard=heard, minutes="纪要。", **more,
    )  # fmt: skip


def page_of(world, meeting, who, name="meeting"):
    with time_machine.travel(world.at(), tick=False):
        return signed_in(world.actors[who]).get(url(name, meeting)).content.decode()


def test_applicant_streets_and_communities_are_asked_each_once_and_no_member_unit(world, sitting):
    application, meeting = sitting
    parties = asked(meeting)
    assert parties[0] == application.applicant
    bodies = [party.code for party in parties[1:]]
    opinions = {opinion.body.code for round_ in application.rounds.all() for opinion in round_.opinions.all()}
    assert set(bodies) == opinions
    assert bodies == sorted(bodies, key=lambda code: (len(code), code))
    assert not {seat.unit for seat in seats(meeting)} & set(parties)


def test_an_applying_member_unit_is_recorded_among_the_members_only(world):
    application = ways.screening_by_substitute(world)
    meeting = ways.plan_by_substitute(world, application)
    assert application.applicant in {seat.unit for seat in seats(meeting)}
    assert application.applicant not in asked(meeting)


def test_a_street_that_applies_comes_as_its_street(world):
    application, meeting = ways.scheduled(world, by="street0")
    own = application.applicant.street
    assert application.applicant not in asked(meeting)
    assert asked(meeting).count(own) == 1


def test_who_came_is_kept_for_each_that_was_asked(world, sitting):
    meeting = sitting[1]
    applicant, street, *rest = asked(meeting)
    hold(world, meeting, {applicant: "副局长", street: "主任", rest[-1]: ""}, others="区人大代表 2 人")
    rows = {guest.party: (guest.present, guest.represented_by) for guest in meeting.guests.all()}
    assert rows == {
        applicant: (True, "副局长"), street: (True, "主任"), rest[-1]: (True, ""),
        **dict.fromkeys(rest[:-1], (False, "")),
    }  # fmt: skip
    assert Meeting.objects.get(pk=meeting.pk).others == "区人大代表 2 人"


def test_the_quorum_counts_member_units_alone(world, sitting):
    meeting = sitting[1]
    held = hold(world, meeting, dict.fromkeys(asked(meeting), ""))
    assert (held.seats_counted, held.seats_present) == (4, 3)


def test_nobody_that_was_not_asked_is_kept(world, sitting):
    meeting = sitting[1]
    applicant = asked(meeting)[0]
    hold(world, meeting, {applicant: "", world.units["host"]: "局长", world.county: ""})
    assert [guest.party for guest in meeting.guests.filter(present=True)] == [applicant]


def test_where_nobody_is_ticked_nobody_is_said_to_be_away(world, sitting):
    meeting = sitting[1]
    hold(world, meeting, {}, others="区人大代表 2 人")
    assert not meeting.guests.exists()
    printed = page_of(world, meeting, "office", "meeting-minutes")
    assert "通知列席" in printed
    assert "没有到会：" not in printed
    assert "区人大代表 2 人" in printed


def test_minutes_are_behind_once_somebody_else_came(world, sitting):
    meeting = sitting[1]
    applicant, street, *_rest = asked(meeting)
    held = hold(world, meeting, {applicant: ""})
    before = fingerprint(held)
    assert before == held.minutes_from
    assert fingerprint(hold(world, meeting, {applicant: ""})) == before
    again = hold(world, meeting, {applicant: "", street: ""})
    assert fingerprint(again) != again.minutes_from == before


def test_a_record_from_before_guests_were_written_down_keeps_its_fingerprint(world, sitting):
    held = hold(world, sitting[1], {})
    came = sorted(held.attendances.values_list("unit", "present", "represented_by"))
    item = held.agenda.get()
    before = json.dumps([held.chair, came, [[item.pk, "汇报。", "admit", ""]]], ensure_ascii=False)
    assert fingerprint(held) == hashlib.sha256(before.encode()).hexdigest()


def test_one_party_stands_once_and_is_a_unit_or_a_place(world, sitting):
    application, meeting = sitting
    Guest.objects.create(meeting=meeting, unit=application.applicant, present=True)
    with pytest.raises(IntegrityError, match="guest_once"), transaction.atomic():
        Guest.objects.create(meeting=meeting, unit=application.applicant, present=False)
    with pytest.raises(IntegrityError, match="guest_unit_or_body"), transaction.atomic():
        Guest.objects.create(meeting=meeting, present=False)


# --- in the browser's form ---------------------------------------------------------------------------------
def typed(meeting):
    """The applicant and one street came, and one community."""
    applicant, street, *rest = asked(meeting)
    community = rest[-1]
    return {
        f"unit-{applicant.pk}-present": "on", f"unit-{applicant.pk}-post": "分管副局长",
        f"body-{street.pk}-present": "on", f"body-{street.pk}-post": "主任",
        "beside-communities": [community.pk], "beside-others": "区人大代表 2 人",
    }, (applicant, street, community)  # fmt: skip


def test_the_office_records_them_and_they_stand_in_the_minutes(world, sitting):
    meeting = sitting[1]
    more, (applicant, street, community) = typed(meeting)
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["office"])
        data = record_of(client, meeting, **written(world, meeting, **more, compose="1"))
        answer = client.post(url("meeting-record", meeting), data)
        assert answer.status_code == 302
    assert set(meeting.guests.filter(present=True)) == {
        guest for guest in meeting.guests.all() if guest.party in {applicant, street, community}
    }
    minutes = Meeting.objects.get(pk=meeting.pk).minutes
    assert f"列席：{applicant}（分管副局长）、{street}（主任）、{community}、区人大代表 2 人。" in minutes
    assert "通知列席，没有到会：泰山路街道、3 个社区。" in minutes
    shown = page_of(world, meeting, "office")
    assert "到会，分管副局长" in shown
    assert "到会 1 个" in shown
    printed = page_of(world, meeting, "office", "meeting-minutes")
    assert f"{street}（主任）" in printed
    assert "区人大代表 2 人" in printed


def test_the_form_comes_back_with_what_was_recorded(world, sitting):
    meeting = sitting[1]
    more, (_applicant, street, community) = typed(meeting)
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["office"])
        client.post(url("meeting-record", meeting), record_of(client, meeting, **written(world, meeting, **more)))
        form = client.get(url("meeting-record", meeting)).context["form"]
    kept = {one.party: part.initial for one, part in form.guests.singly}
    assert kept[street] == {"present": True, "post": "主任"}
    assert form.guests.beside.initial == {"communities": [community.pk], "others": "区人大代表 2 人"}


def test_a_post_without_a_tick_is_asked_about_and_kept(world, sitting):
    meeting = sitting[1]
    street = asked(meeting)[1]
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["office"])
        more = {f"body-{street.pk}-post": "主任"}
        answer = client.post(
            url("meeting-record", meeting), record_of(client, meeting, **written(world, meeting, **more))
        )
    page = answer.content.decode()
    assert "没有勾选到会" in page
    assert 'value="主任"' in page
    assert Meeting.objects.get(pk=meeting.pk).state == "planned"


def test_a_community_that_was_not_asked_cannot_be_ticked(world, sitting):
    meeting = sitting[1]
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["office"])
        more = {"beside-communities": ["999999"]}
        answer = client.post(
            url("meeting-record", meeting), record_of(client, meeting, **written(world, meeting, **more))
        )
    assert answer.status_code == 200
    assert "不在通知范围内" in answer.content.decode()
    assert not meeting.guests.exists()


def test_before_the_record_the_page_says_who_is_asked(world, sitting):
    application, meeting = sitting
    shown = page_of(world, meeting, "office")
    assert str(application.applicant) in shown
    assert "没有到会" not in shown


# --- in the dossier ----------------------------------------------------------------------------------------
def test_the_dossier_says_who_came_for_this_case(world, sitting):
    application, meeting = sitting
    applicant, street, *_rest = asked(meeting)
    hold(world, meeting, {applicant: "副局长", street: "主任"}, others="律师")
    inside = guests_of(application, [meeting.pk], inside=True)[meeting.pk]
    assert inside.came == [f"{applicant}（副局长）", f"{street}（主任）", "律师"]
    assert guests_of(application, [meeting.pk], inside=False)[meeting.pk].came == inside.came[:-1]
    with time_machine.travel(world.at() + timedelta(minutes=1), tick=False):
        page = signed_in(world.actors["dept"]).get(reverse("admission:dossier", args=[application.pk]))
    assert f"{street}（主任）" in page.content.decode()
    assert "律师" not in page.content.decode()


def test_the_dossier_names_nobody_who_came_for_another_case(world):
    first = ways.coordinating(world, by="street0")
    second = ways.coordinating(world)
    when = world.soon() + timedelta(minutes=10)
    office = world.actors["office"]
    meeting = actions.plan_meeting(
        by=office, at=world.at(), planned_at=when, place="三楼会议室", chair="deputy", beside=ways.planned()
    )
    for application in (first, second):
        actions.schedule_meeting(application, by=office, at=world.at(), meeting=meeting)
    world.jump(days=1)
    hold(world, meeting, dict.fromkeys(asked(meeting), ""))
    of_first = {one.party for one in guests_of(first, [meeting.pk], inside=False)[meeting.pk].all}
    assert first.applicant.street in of_first
    assert second.applicant not in of_first
    assert second.applicant in {guest.party for guest in meeting.guests.all()}
