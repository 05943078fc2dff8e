"""Time may overtake a case: what a notice could bring about no more is not approved, but withdrawn (T16, T18)."""

from datetime import date, timedelta

import pytest

from admission import access, actions, todo
from admission.conditions import NotYet
from admission.models import Application
from admission.presentation.waiting import waiting
from admission.procedure import Kind, State, Step
from base import acts
from tests.admission import world as ways
from worklists import actions as worklists
from worklists.kinds import Ending

pytestmark = pytest.mark.django_db
LAST = date(2027, 6, 30)
"""The last day of the term that is applied for."""


@pytest.fixture
def item(world):
    return ways.noticed(world).item


def go_to(world, day: date) -> None:
    """Let time pass until this day."""
    world.jump((day - acts.legal_day(world.at())).days)


def can_only_be_withdrawn(world, application, because: str) -> None:
    """No notice, no approval, on whichever page; the applicant is told and withdraws."""
    dept, office, today = world.actors["dept"], world.actors["office"], acts.legal_day(world.at())
    assert because in access.why_not(office, application, on=today)[Step.ISSUE_NOTICE][0]
    with pytest.raises(NotYet, match=because):
        actions.issue_notice(application, by=office, at=world.at())
    assert waiting([application], on=today)[0][application.pk].sentence == "等应急管理局撤回本件"
    lines = {line.page: (line.act, because in line.what) for line in todo.lines(dept, today)}
    assert lines[f"/applications/{application.pk}/"] == ("withdraw", True)
    assert Step.WITHDRAW in access.open_steps(dept, application, on=today)
    application = actions.withdraw(application, by=dept, at=world.at(), reason="已经过期。")
    assert application.state == State.WITHDRAWN


def test_an_approved_term_that_is_over_is_not_noticed_but_withdrawn(world):
    application = ways.approved(world)
    go_to(world, LAST)
    dept, today = world.actors["dept"], acts.legal_day(world.at())
    assert Step.ISSUE_NOTICE in access.open_steps(world.actors["office"], application, on=today)
    assert Step.WITHDRAW not in access.steps_here(dept, application, on=today)
    go_to(world, LAST + timedelta(days=1))
    can_only_be_withdrawn(world, application, "期限到 2027年6月30日 为止")


def test_a_term_that_is_over_is_not_approved(world):
    application = ways.awaiting(world)
    go_to(world, LAST + timedelta(days=5))
    with pytest.raises(NotYet, match="为止，已经过了"):
        actions.approve(application, by=world.actors["deputy"], at=world.at(), text="同意。")
    today = acts.legal_day(world.at())
    assert [line.act for line in todo.lines(world.actors["dept"], today)] == ["withdraw"]


def test_an_exit_of_what_has_run_out_meanwhile_is_not_noticed_but_withdrawn(world, item):
    application = ways.approved(world, kind=Kind.EXIT, item=item)
    go_to(world, LAST + timedelta(days=5))
    can_only_be_withdrawn(world, application, "2027年6月30日 已经期满")


def test_what_ran_out_yesterday_is_still_taken_off(world, item):
    application = ways.approved(world, kind=Kind.EXIT, item=item)
    go_to(world, LAST + timedelta(days=1))
    actions.issue_notice(application, by=world.actors["office"], at=world.at())
    assert Application.objects.get(pk=application.pk).state == State.NOTICE_ISSUED


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.EXIT])
def test_what_left_the_list_after_the_planned_day_but_before_the_notice_can_only_be_withdrawn(world, item, kind):
    """Planned for 4 January, taken off on 20 January, noticed on the 28th."""
    application = ways.approved(world, kind=kind, item=item)
    go_to(world, date(2027, 1, 18))
    worklists.retire_item(
        item, ends_on=date(2027, 1, 20), ending=Ending.REMOVED, by=world.actors["office"], at=world.at()
    )
    go_to(world, date(2027, 1, 28))
    can_only_be_withdrawn(world, application, "移出清单")


# --- before it is handed in
def put_off(world, application, ends_on):
    """The applicant mends the term; nobody is touched by it."""
    dept, plan = world.actors["dept"], {"milestones": []}
    fields = {"ends_on": ends_on}
    actions.save_draft(application, by=dept, at=world.at(), fields=fields, rows=actions.DraftRows(plan=plan))
    plan = {"milestones": ways.PLAN["milestones"]}
    actions.save_draft(application, by=dept, at=world.at(), rows=actions.DraftRows(plan=plan))
    return actions.declare_untouched(application, by=dept, at=world.at(), reason="只改结束日期。")


@pytest.mark.parametrize(("way", "act"), [(ways.consulted, actions.submit), (ways.returned, actions.resubmit)])
def test_a_term_that_is_over_is_not_handed_in_and_can_be_mended(world, way, act):
    application = way(world)
    go_to(world, LAST + timedelta(days=1))
    dept, today = world.actors["dept"], acts.legal_day(world.at())
    with pytest.raises(NotYet, match="请先改结束日期"):
        act(application, by=dept, at=world.at())
    [line] = todo.lines(dept, today)
    assert (line.act, "结束日期" in line.what) == ("save_draft", True)
    application = put_off(world, application, date(2028, 6, 30))
    assert act(application, by=dept, at=world.at()).state == State.SUBMITTED


def test_an_exit_has_no_term_to_be_over(world, item):
    application = ways.consulted(world, kind=Kind.EXIT, item=item)
    Application.objects.filter(pk=application.pk).update(starts_on=None, ends_on=date(2026, 1, 1))
    application = Application.objects.get(pk=application.pk)
    today = acts.legal_day(world.at())
    said = access.why_not(world.actors["dept"], application, on=today).get(Step.SUBMIT, [])
    assert [sentence for sentence in said if "结束日期" in sentence] == []
