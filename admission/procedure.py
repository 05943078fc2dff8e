"""The procedure as a table: states, steps, and which step leads where (rulebook 5.3, T1-T18). Pure.

T1 (a draft is made) has no state before it; T19 and T20 are acts of `worklists`, T21 of `worklists.receiving`.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.errors import RuleViolation
from base.text import Words


class Kind(models.TextChoices):
    """What is applied for (S2-P4 art 4, 9, 10; A-1)."""

    ADMISSION = "admission", _("新增准入")
    CHANGE = "change", _("变更")
    EXIT = "exit", _("退出")
    CONFIRMATION = "confirmation", _("程序调控（确认）")


class Procedure(models.TextChoices):
    """The two ways of art 7 and art 8."""

    SIMPLE = "simple", _("简易程序")
    ORDINARY = "ordinary", _("普通程序")


class State(models.TextChoices):
    """Where an application stands."""

    DRAFT = "draft", _("草稿")
    PRE_CONSULTATION = "pre_consultation", _("事前征询")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("退回补正")
    ACCEPTED = "accepted", _("已受理")
    SCREENING = "screening", _("初审")
    COORDINATION = "coordination", _("沟通协调")
    MEETING_SCHEDULED = "meeting_scheduled", _("待上会")
    DELIBERATED = "deliberated", _("已审议")
    DEFERRED = "deferred", _("暂缓")
    AWAITING_APPROVAL = "awaiting_approval", _("待核准")
    APPROVED = "approved", _("准予准入")
    REJECTED = "rejected", _("不予准入")
    NOTICE_ISSUED = "notice_issued", _("已下发工作告知单")
    FILED = "filed", _("已备案")
    WITHDRAWN = "withdrawn", _("已撤回")


class Step(models.TextChoices):
    """What can happen to an application: a verb each, in the order of the procedure."""

    OPEN_CONSULTATION = "open_consultation", _("发出征询")
    SUBMIT = "submit", _("提交申请")
    RETURN = "return", _("退回补正")
    RESUBMIT = "resubmit", _("补正后提交")
    ACCEPT = "accept", _("受理")
    BEGIN_SCREENING = "begin_screening", _("开始初审")
    RETURN_FROM_SCREENING = "return_from_screening", _("初审退回补正")
    RESUBMIT_TO_SCREENING = "resubmit_to_screening", _("补正后送回初审")
    PROPOSE_SIMPLE = "propose_simple", _("按简易程序提请核准")
    BEGIN_COORDINATION = "begin_coordination", _("转普通程序，开始协调")
    BACK_TO_SCREENING = "back_to_screening", _("异议撤回，转回初审")
    SCHEDULE_MEETING = "schedule_meeting", _("提请会议审议")
    CLOSE_DELIBERATION = "close_deliberation", _("审议结束，记录纪要")
    DEFER = "defer", _("暂缓")
    TAKE_OFF_AGENDA = "take_off_agenda", _("移出议程，以后再上会")
    REQUEST_APPROVAL = "request_approval", _("提请核准")
    REQUEST_MEETING = "request_meeting", _("要求开会审议")
    SEND_BACK_TO_MEETING = "send_back_to_meeting", _("退回会议再议")
    APPROVE = "approve", _("准予")
    REJECT = "reject", _("不予")
    ISSUE_NOTICE = "issue_notice", _("下发工作告知单")
    FILE = "file", _("备案")
    WITHDRAW = "withdraw", _("撤回")


BEFORE_DECISION = frozenset(
    {
        State.DRAFT, State.PRE_CONSULTATION, State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.SCREENING,
        State.COORDINATION, State.MEETING_SCHEDULED, State.DELIBERATED, State.DEFERRED, State.AWAITING_APPROVAL,
    }
)  # fmt: skip
DECIDED = frozenset({State.APPROVED, State.REJECTED, State.NOTICE_ISSUED, State.FILED})
BEFORE_COMMITTEE = frozenset(
    {State.MEETING_SCHEDULED, State.DELIBERATED, State.DEFERRED, State.AWAITING_APPROVAL, *DECIDED}
)
CLOSED = frozenset({State.REJECTED, State.FILED, State.WITHDRAWN})

# What may be done besides the steps, by state; acts, pages and buttons read the same sets.
FORM_OPEN = frozenset({State.DRAFT, State.PRE_CONSULTATION, State.RETURNED})
OPEN_FOR_OPINIONS = frozenset({State.PRE_CONSULTATION, State.COORDINATION})
AFTER_MEETING = frozenset({State.DELIBERATED, State.DEFERRED})
"""The meeting's opinions are answered, and the plan is revised for the approval or for the next meeting."""
PLAN_OPEN = FORM_OPEN | OPEN_FOR_OPINIONS | AFTER_MEETING
UNTOUCHED_OPEN = frozenset({State.PRE_CONSULTATION, State.RETURNED, State.COORDINATION})
"""A revision may be declared to touch no street and no community."""

TRANSITIONS: dict[Step, tuple[frozenset[State], State]] = {
    Step.OPEN_CONSULTATION: (frozenset({State.DRAFT, State.RETURNED}), State.PRE_CONSULTATION),  # T2
    Step.SUBMIT: (frozenset({State.PRE_CONSULTATION}), State.SUBMITTED),  # T3
    Step.RETURN: (frozenset({State.SUBMITTED}), State.RETURNED),  # T4
    Step.RESUBMIT: (frozenset({State.RETURNED}), State.SUBMITTED),  # T5
    Step.ACCEPT: (frozenset({State.SUBMITTED}), State.ACCEPTED),  # T6
    Step.BEGIN_SCREENING: (frozenset({State.ACCEPTED}), State.SCREENING),  # T7
    Step.RETURN_FROM_SCREENING: (frozenset({State.SCREENING}), State.RETURNED),  # T4b
    Step.RESUBMIT_TO_SCREENING: (frozenset({State.RETURNED}), State.SCREENING),  # T5b
    Step.PROPOSE_SIMPLE: (frozenset({State.SCREENING}), State.AWAITING_APPROVAL),  # T8s
    Step.BEGIN_COORDINATION: (frozenset({State.SCREENING}), State.COORDINATION),  # T8o
    Step.BACK_TO_SCREENING: (frozenset({State.COORDINATION}), State.SCREENING),  # T9
    Step.SCHEDULE_MEETING: (frozenset({State.COORDINATION, State.DEFERRED}), State.MEETING_SCHEDULED),  # T10, T13
    Step.CLOSE_DELIBERATION: (frozenset({State.MEETING_SCHEDULED}), State.DELIBERATED),  # T11
    Step.DEFER: (frozenset({State.DELIBERATED}), State.DEFERRED),  # T13
    Step.TAKE_OFF_AGENDA: (frozenset({State.MEETING_SCHEDULED}), State.DEFERRED),  # the meeting fell through
    Step.REQUEST_APPROVAL: (frozenset({State.DELIBERATED}), State.AWAITING_APPROVAL),  # T12
    Step.REQUEST_MEETING: (frozenset({State.AWAITING_APPROVAL}), State.COORDINATION),
    Step.SEND_BACK_TO_MEETING: (frozenset({State.AWAITING_APPROVAL}), State.DEFERRED),
    Step.APPROVE: (frozenset({State.AWAITING_APPROVAL}), State.APPROVED),  # T14
    Step.REJECT: (frozenset({State.AWAITING_APPROVAL}), State.REJECTED),  # T15
    Step.ISSUE_NOTICE: (frozenset({State.APPROVED}), State.NOTICE_ISSUED),  # T16
    Step.FILE: (frozenset({State.NOTICE_ISSUED}), State.FILED),  # T17
    Step.WITHDRAW: (BEFORE_DECISION | {State.APPROVED}, State.WITHDRAWN),  # T18; approved: see conditions
}

# The ordinary procedure only (art 8); what is not named here may be taken in both.
ORDINARY_ONLY = frozenset(
    {
        Step.SCHEDULE_MEETING, Step.CLOSE_DELIBERATION, Step.DEFER, Step.TAKE_OFF_AGENDA, Step.REQUEST_APPROVAL,
    }
)  # fmt: skip


class IllegalTransition(RuleViolation):
    """The step does not start from the state the application is in."""


def next_state(state: State, step: Step) -> State:
    """The state after `step`. Raises IllegalTransition with the sentence for the user."""
    starts, end = TRANSITIONS[step]
    if state not in starts:
        raise IllegalTransition(
            _("本件现在是“%(state)s”，不能%(step)s。请刷新页面看最新进展。")
            % {"state": state.label, "step": step.label}
        )
    return end


OUTCOME_WORDS: dict[Kind, tuple[Words, Words]] = {
    Kind.ADMISSION: (_("准予准入"), _("不予准入")),
    Kind.CHANGE: (_("准予变更"), _("不予变更")),
    Kind.EXIT: (_("准予退出"), _("不予退出")),
    Kind.CONFIRMATION: (_("予以确认"), _("不予确认")),
}


def state_label(state: State, kind: Kind) -> str:
    """The word for a state on the screen; approval and refusal name what was asked for."""
    approved, rejected = OUTCOME_WORDS[kind]
    return str({State.APPROVED: approved, State.REJECTED: rejected}.get(state, state.label))


@dataclass(frozen=True)
class Stage:
    """One station of the progress line on the application page."""

    label: Words
    states: frozenset[State]


STAGES = (
    Stage(_("起草"), frozenset({State.DRAFT})),
    Stage(_("事前征询"), frozenset({State.PRE_CONSULTATION})),
    Stage(_("提交受理"), frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED})),
    Stage(_("初审"), frozenset({State.SCREENING})),
    Stage(_("沟通协调"), frozenset({State.COORDINATION})),
    Stage(_("会议审议"), frozenset({State.MEETING_SCHEDULED, State.DELIBERATED, State.DEFERRED})),
    Stage(_("核准"), frozenset({State.AWAITING_APPROVAL, State.APPROVED, State.REJECTED})),
    Stage(_("告知和备案"), frozenset({State.NOTICE_ISSUED, State.FILED})),
)
