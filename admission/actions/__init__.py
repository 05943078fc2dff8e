"""Every act of the procedure, in its order: the table of contents of the regulation (S2-P4)."""

# ruff: noqa: I001 the order of the procedure
from admission.actions.committee import end_seat, follow_office, give_seat, place_office
from admission.actions.beginning import draft_application
from admission.actions.filing import (
    DraftRows,
    add_file,
    declare_untouched,
    endorse,
    remove_file,
    resubmit,
    save_draft,
    submit,
)
from admission.actions.consultation import give_opinion, open_consultation, reopen_consultation, respond_to_opinion
from admission.actions.screening import (
    accept,
    begin_coordination,
    begin_screening,
    propose_simple,
    return_for_correction,
    return_from_screening,
)
from admission.actions.coordination import (
    back_to_screening,
    handle_point,
    record_contact,
    summarise,
    withdraw_objection,
)
from admission.actions.convening import (
    MeetingsCollide,
    cancel_meeting,
    end_without_quorum,
    move_meeting,
    plan_meeting,
    schedule_meeting,
)
from admission.actions.meeting import (
    Heard,
    answer_meeting_opinion,
    attach_revised_plan,
    close_minutes,
    record_meeting,
    request_approval,
    request_meeting,
)
from admission.actions.decision import approve, reject, send_back_to_meeting
from admission.actions.notice import acknowledge, issue_notice
from admission.actions.reminding import remind_all, remind_silent
from admission.actions.supervising import supervise
from admission.actions.closing import file_application, recompute_deadlines, unwatch, watch, withdraw
from admission.actions.workdays import clear_workday, publish_workdays, set_workday

__all__ = [  # noqa: RUF022
    "place_office", "follow_office", "give_seat", "end_seat",
    "draft_application", "save_draft", "DraftRows", "add_file", "remove_file", "endorse", "declare_untouched",
    "open_consultation", "give_opinion", "respond_to_opinion", "reopen_consultation",
    "submit", "return_for_correction", "resubmit", "accept",
    "begin_screening", "return_from_screening", "propose_simple", "begin_coordination",
    "record_contact", "withdraw_objection", "handle_point", "summarise", "back_to_screening",
    "plan_meeting", "MeetingsCollide", "schedule_meeting", "move_meeting", "cancel_meeting",
    "record_meeting", "Heard", "end_without_quorum", "close_minutes",
    "answer_meeting_opinion", "attach_revised_plan", "request_approval", "request_meeting",
    "approve", "reject", "send_back_to_meeting",
    "issue_notice", "acknowledge", "remind_silent", "remind_all", "supervise", "file_application", "withdraw",
    "watch", "unwatch", "recompute_deadlines", "set_workday", "clear_workday", "publish_workdays",
]  # fmt: skip
