"""Who is told: nobody of what they may not read, everybody who waits for it of what is taken back."""

import pytest
from django.urls import reverse

from admission import actions
from admission.models import Application
from admission.procedure import State
from base.models import Outbox
from tests.admission import world as ways
from tests.admission.signing import signed_in

pytestmark = pytest.mark.django_db


def told(application, kind):
    """The inboxes that got a message of this kind in the portal."""
    rows = Outbox.objects.filter(message__kind=f"admission.{kind}", message__subject_pk=str(application.pk))
    return set(rows.filter(channel="portal").values_list("inbox", flat=True))


def box(world, name):
    return world.actors[name].inbox


def application_page(application):
    return reverse("admission:application", args=[application.pk])


def test_who_follows_a_case_is_told_while_it_may_still_be_read(world):
    application = ways.screening(world)
    office, member = world.actors["office"], world.actors["member"]
    application = actions.propose_simple(application, by=office, at=world.at(), findings=ways.FINDINGS)
    for who in ("member", "city"):
        actions.watch(application, by=world.actors[who], at=world.at())
    application = actions.request_meeting(application, by=member, at=world.at(), reason="工作量要再议。")
    assert not Application.objects.visible_to(world.actors["member"]).exists()
    assert box(world, "city") in told(application, "request_meeting")
    assert box(world, "member") not in told(application, "request_meeting")


@pytest.mark.parametrize("state", [State.MEETING_SCHEDULED, State.DELIBERATED, State.DEFERRED, State.AWAITING_APPROVAL])
def test_the_committee_is_told_that_what_it_has_before_it_was_taken_back_and_may_read_it(world, state):
    application = ways.WAYS[state](world)
    application = actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="改由部门自己做。")
    committee = {box(world, name) for name in ("member", "member_host", "director", "deputy", "office", "street0")}
    assert told(application, "withdraw") >= committee
    assert signed_in(world.actors["member"]).get(application_page(application)).status_code == 200


def test_what_the_committee_never_had_before_it_is_taken_back_without_it(world):
    application = ways.withdrawn(world)
    assert told(application, "withdraw") == {
        box(world, name) for name in world.actors if name.startswith(("office", "street", "community"))
    }
    assert signed_in(world.actors["member"]).get(application_page(application)).status_code == 404


def test_of_unit_and_street_the_other_one_is_told_of_a_draft_taken_back(world):
    application = ways.drafted(world, by="street0", applicant=world.units["dept"])
    application = actions.withdraw(application, by=world.actors["street0"], at=world.at(), reason="不代办了。")
    assert told(application, "withdraw") == {box(world, "dept"), box(world, "street0")}
