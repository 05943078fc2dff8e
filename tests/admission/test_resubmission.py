"""What is returned comes back the way it went, whole, and its note is answered (T3, T4, T4b, T5, T5b)."""

import pytest

from admission import access, actions, todo
from admission.conditions import NotYet
from admission.deadlines import Clock
from admission.models import Application
from admission.presentation.waiting import waiting
from admission.procedure import State, Step
from base import acts
from base.errors import RuleViolation
from tests.admission import world as ways
from tests.admission.signing import signed_in

pytestmark = pytest.mark.django_db
DEFECTS = [{"part": "经费", "what": "写明拨付到哪个账户。"}]


def returned_from_screening(world) -> Application:
    application = ways.screening(world)
    return actions.return_from_screening(application, by=world.actors["office"], at=world.at(), defects=DEFECTS)


def asked_again(world, application) -> Application:
    """Instead of sending it back, the applicant asks everybody anew and hands it in."""
    application = actions.open_consultation(application, by=world.actors["dept"], at=world.at())
    ways.answer_all(world, application)
    return actions.submit(application, by=world.actors["dept"], at=world.at())


def without_contact(world, application) -> None:
    none = actions.DraftRows(prior_contacts=[])
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=none)


# --- article 6: the prior contact
@pytest.mark.parametrize("way", [ways.returned, returned_from_screening])
def test_what_comes_back_still_needs_the_prior_contact(world, way):
    application = way(world)
    without_contact(world, application)
    with pytest.raises(NotYet, match="第六条"):
        actions.resubmit(application, by=world.actors["dept"], at=world.at())
    [line] = todo.lines(world.actors["dept"], acts.legal_day(world.at()))
    assert (line.act, "沟通" in line.what) == ("save_draft", True)


@pytest.mark.parametrize("state", [State.COORDINATION, State.DELIBERATED])
def test_while_only_the_plan_is_open_the_prior_contacts_stand(world, state):
    application = ways.WAYS[state](world)
    with pytest.raises(RuleViolation, match="不能再改"):
        without_contact(world, application)
    assert application.prior_contacts.count() == 1


# --- the note of the return
def test_a_case_that_is_mended_by_asking_anew_has_answered_its_note(world):
    application = asked_again(world, ways.returned(world))
    note = application.defect_notes.get()
    assert note.answered_at == application.submitted_at
    page = signed_in(world.actors["office"]).get(f"/applications/{application.pk}/dossier/").content.decode()
    assert "日补正。" in page
    assert "还没有补正。" not in page


def test_until_it_is_handed_in_again_the_note_is_open(world):
    application = actions.open_consultation(ways.returned(world), by=world.actors["dept"], at=world.at())
    assert application.defect_notes.get().answered_at is None


# --- the way back
def test_what_was_returned_before_its_second_acceptance_goes_to_acceptance(world):
    application = asked_again(world, returned_from_screening(world))
    application = actions.return_for_correction(application, by=world.actors["office"], at=world.at(), defects=DEFECTS)
    dept, today = world.actors["dept"], acts.legal_day(world.at())
    offered = access.open_steps(dept, application, on=today)
    assert (Step.RESUBMIT in offered, Step.RESUBMIT_TO_SCREENING in offered) == (True, False)
    assert [line.act for line in todo.lines(dept, today)] == [Step.RESUBMIT]
    assert waiting([application], on=today)[0][application.pk].text.startswith("受理时限")

    application = actions.resubmit(application, by=dept, at=world.at())
    assert application.state == State.SUBMITTED
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    running = application.deadlines.filter(stopped_on__isnull=True)
    assert [(row.clock, row.standing_still) for row in running] == [(Clock.DECISION, False)]


def test_what_was_returned_from_screening_goes_back_to_screening(world):
    application = returned_from_screening(world)
    dept, today = world.actors["dept"], acts.legal_day(world.at())
    assert [line.act for line in todo.lines(dept, today)] == [Step.RESUBMIT_TO_SCREENING]
    assert waiting([application], on=today)[0][application.pk].text.startswith("核准时限")
    assert actions.resubmit(application, by=dept, at=world.at()).state == State.SCREENING


def test_the_newest_return_says_where_it_goes_back_to(world):
    application = asked_again(world, ways.returned(world))
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    application = actions.begin_screening(application, by=world.actors["office"], at=world.at())
    application = actions.return_from_screening(application, by=world.actors["office"], at=world.at(), defects=DEFECTS)
    assert actions.resubmit(application, by=world.actors["dept"], at=world.at()).state == State.SCREENING
