"""The tables of the procedure hang together (pure)."""

import pytest

from admission.access import WHO_MAY
from admission.conditions import CONDITIONS
from admission.deadlines import CLOCKS, PERIODS, Clock
from admission.notifications import TOLD
from admission.procedure import (
    BEFORE_DECISION,
    CLOSED,
    DECIDED,
    STAGES,
    TRANSITIONS,
    IllegalTransition,
    Kind,
    State,
    Step,
    next_state,
    state_label,
)


def test_every_step_stands_in_every_table():
    assert set(TRANSITIONS) == set(WHO_MAY) == set(CONDITIONS) == set(CLOCKS) == set(TOLD) == set(Step)


def test_every_clock_has_a_period_with_its_basis():
    assert set(PERIODS) == set(Clock)
    assert all(period.workdays > 0 and str(period.basis) for period in PERIODS.values())


def test_every_state_can_be_reached_and_only_closed_ones_are_ends():
    reached = {end for _starts, end in TRANSITIONS.values()}
    left = {state for starts, _end in TRANSITIONS.values() for state in starts}
    assert reached == set(State) - {State.DRAFT}
    assert set(State) - left == CLOSED


def test_nothing_is_decided_before_it_awaits_approval():
    into_decision = {step for step, (_starts, end) in TRANSITIONS.items() if end in {State.APPROVED, State.REJECTED}}
    assert {start for step in into_decision for start in TRANSITIONS[step][0]} == {State.AWAITING_APPROVAL}
    assert BEFORE_DECISION.isdisjoint(DECIDED)


def test_the_notice_follows_approval_alone():
    assert TRANSITIONS[Step.ISSUE_NOTICE] == (frozenset({State.APPROVED}), State.NOTICE_ISSUED)


@pytest.mark.parametrize("step", list(Step))
def test_a_step_is_refused_from_any_other_state(step):
    starts, end = TRANSITIONS[step]
    for state in State:
        if state in starts:
            assert next_state(state, step) == end
        else:
            with pytest.raises(IllegalTransition, match=str(state.label)):
                next_state(state, step)


@pytest.mark.parametrize(
    ("kind", "approved", "rejected"),
    [
        (Kind.ADMISSION, "准予准入", "不予准入"),
        (Kind.CHANGE, "准予变更", "不予变更"),
        (Kind.EXIT, "准予退出", "不予退出"),
        (Kind.CONFIRMATION, "予以确认", "不予确认"),
    ],
)
def test_the_outcome_is_named_for_what_was_asked(kind, approved, rejected):
    assert str(state_label(State.APPROVED, kind)) == approved
    assert str(state_label(State.REJECTED, kind)) == rejected
    assert str(state_label(State.SCREENING, kind)) == "初审"


def test_the_stages_cover_every_state_but_the_withdrawn_once():
    covered = [state for stage in STAGES for state in stage.states]
    assert sorted(covered) == sorted(set(State) - {State.WITHDRAWN})
