"""What this person can do now, as buttons, and what they cannot do yet, with what stands in the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from admission import access, conditions
from admission.actions.filing import takes_files
from admission.models import Meeting
from admission.presentation.case import Case
from admission.presentation.reminders import told
from admission.procedure import (
    AFTER_MEETING,
    FORM_OPEN,
    OPEN_FOR_OPINIONS,
    PLAN_OPEN,
    TRANSITIONS,
    UNTOUCHED_OPEN,
    Kind,
    State,
    Step,
    state_label,
)
from base.text import in_a_row
from communities.roles import APPLICANTS, DECIDERS, MEMBERS, Role

FORWARD = 20
BACK = 60
LEAVE = 90
RANKS: dict[Step, int] = {
    Step.BEGIN_COORDINATION: FORWARD + 1,
    Step.BACK_TO_SCREENING: FORWARD + 5,
    Step.REJECT: FORWARD + 6,
    Step.SEND_BACK_TO_MEETING: BACK,
    Step.REQUEST_MEETING: BACK,
    Step.RETURN: BACK,
    Step.RETURN_FROM_SCREENING: BACK,
    Step.WITHDRAW: LEAVE,
}
"""Where a button stands; a step that is not named here goes forward."""
DANGER = frozenset({Step.REJECT, Step.WITHDRAW})
IN_MEETING = frozenset({Step.CLOSE_DELIBERATION, Step.DEFER, Step.TAKE_OFF_AGENDA})
"""Steps that happen on the page of a meeting: by closing its minutes, by calling it off."""


@dataclass(frozen=True)
class Button:
    """One thing to do; the lowest rank stands first and is the main one when it leads forward."""

    rank: int
    label: str
    url: str
    danger: bool = False


@dataclass(frozen=True)
class Possible:
    """What the box on top of the page offers."""

    actions: list[dict[str, Any]]
    blocked: list[tuple[str, str]]


def possible(case: Case) -> Possible:
    """The steps and acts of this person now; each step that is theirs but not open, with its reasons."""
    here = access.steps_here(case.actor, case.application, on=case.today)
    missing = {step: conditions.missing(step, case.application, case.today) for step in here}
    buttons = [*_steps(case, [step for step in here if not missing[step]]), *_acts(case)]
    blocked = [(label_of(step, case), in_a_row(said)) for step, said in missing.items() if said]
    return Possible(actions=_as_actions(buttons), blocked=[*blocked, *_not_endorsable(case), *_somebody_elses(case)])


def _as_actions(buttons: list[Button]) -> list[dict[str, Any]]:
    ordered = sorted(buttons, key=lambda button: button.rank)
    return [
        {
            "label": button.label,
            "url": button.url,
            "primary": n == 0 and button.rank < BACK and not button.danger,
            "danger": button.danger,
        }
        for n, button in enumerate(ordered)
    ]


def _steps(case: Case, steps: list[Step]) -> Iterator[Button]:
    for step in steps:
        if step not in IN_MEETING:
            url = reverse("admission:step", args=[case.application.pk, step.value])
            yield Button(_rank(step, case), label_of(step, case), url, danger=step in DANGER)


def _rank(step: Step, case: Case) -> int:
    """Asking everybody again after a return is the exception: usually it is mended and handed in."""
    if step is Step.OPEN_CONSULTATION and case.state is State.RETURNED:
        return BACK
    return RANKS.get(step, FORWARD)


def label_of(step: Step, case: Case) -> str:
    """The verb on a button; approval and refusal in the words of the kind: 准予变更, 不予退出."""
    if step is Step.OPEN_CONSULTATION and case.state is State.RETURNED:
        return _("重新征询全部单位")
    outcome = {Step.APPROVE: State.APPROVED, Step.REJECT: State.REJECTED}.get(step)
    return str(state_label(outcome, Kind(case.application.kind)) if outcome else step.label)


def _somebody_elses(case: Case) -> list[tuple[str, str]]:
    """Steps that people of this role usually take, but not on this case, and why."""
    usual = _usual_steps(case)
    return [
        (label_of(step, case), str(access.WHO_MAY[step].else_says))
        for step, (starts, _end) in TRANSITIONS.items()
        if step in usual and case.state in starts and conditions.applies(step, case.application, case.today)
        and not access.WHO_MAY[step].may(case.actor, case.application)
    ]  # fmt: skip


def _usual_steps(case: Case) -> set[Step]:
    role, application = case.actor.role, case.application
    wanted = []
    if role in APPLICANTS and case.actor.units & {application.applicant_id, application.prepared_by_id}:
        wanted = [access.APPLICANT_UNIT]
    elif role is Role.OFFICE:
        wanted = [access.OFFICE]
    elif role in DECIDERS:
        wanted = [access.DECIDER]
    elif role in MEMBERS and application.applicant_id in case.actor.units:
        wanted = [access.MEMBER]
    return {step for step, who in access.WHO_MAY.items() if who in wanted}


# --- acts that move no state; each a button or nothing
Offers = Callable[[Case], Button | None]


def _acts(case: Case) -> Iterator[Button]:
    for offers in OFFERS:
        if button := offers(case):
            yield button


def _to(case: Case, name: str, *further: int) -> str:
    return reverse(f"admission:{name}", args=[case.application.pk, *further])


def give_opinion(case: Case) -> Button | None:
    """A street or community that was asked; a community also where its street has answered for it (A-4)."""
    row = case.mine_to_answer
    if row is None:
        return None
    url = reverse("admission:opinion", args=[row.pk])
    return Button(BACK, _("由本社区自己答复"), url) if row.on_behalf_by_id else Button(10, _("答复征询"), url)


def withdraw_objection(case: Case) -> Button | None:
    """A street or community that objected, while the case is coordinated (A-3)."""
    row = case.mine_to_withdraw
    return Button(BACK, _("书面撤回异议"), reverse("admission:opinion-withdraw", args=[row.pk])) if row else None


def acknowledge(case: Case) -> Button | None:
    """Who has received the notice and not said so."""
    if case.state not in {State.NOTICE_ISSUED, State.FILED} or case.my_receipt is None:
        return None
    return Button(10, _("签收工作告知单"), reverse("admission:notice", args=[case.my_receipt.notice_id]))


def endorse(case: Case) -> Button | None:
    """The department, for a draft that a street prepared, once enough is written."""
    mine = _waits_for_endorsement(case) and access.applicant_unit(case.actor, case.application)
    if not mine or conditions.not_endorsable(case.application, case.today):
        return None
    return Button(10, _("认可这份申请"), _to(case, "endorse"))


def _waits_for_endorsement(case: Case) -> bool:
    return case.application.awaits_endorsement and case.state in FORM_OPEN


def _not_endorsable(case: Case) -> list[tuple[str, str]]:
    """What the department still waits for, said to it and to the street that writes."""
    if not (_waits_for_endorsement(case) and case.is_applicant):
        return []
    gaps = conditions.not_endorsable(case.application, case.today)
    return [(_("%s认可") % case.application.applicant, in_a_row(gaps))] if gaps else []


def respond(case: Case) -> Button | None:
    """The applicant, for each condition and objection."""
    if not case.is_applicant or case.application.is_closed or case.matrix is None:
        return None
    left = case.matrix.without_reply
    if not left:
        return None
    return Button(12, _("说明采纳情况（%s 条）") % len(left), reverse("admission:respond", args=[left[0].pk]))


def answer_meeting(case: Case) -> Button | None:
    """The applicant, for what was said in the meeting."""
    left = case.facts.unanswered.get(case.application.pk, 0)
    if not (left and case.is_applicant and case.state in AFTER_MEETING):
        return None
    return Button(12, _("答复会议意见（%s 条）") % left, _to(case, "meeting-answer"))


def revised_plan(case: Case) -> Button | None:
    """The applicant, after the meeting."""
    waits = case.is_applicant and case.state in AFTER_MEETING and case.has_open_plan
    return Button(14, _("提交修改后的方案"), _to(case, "revised-plan")) if waits else None


def reopen(case: Case) -> Button | None:
    """The applicant, with a new plan version, while bodies may still answer."""
    waits = case.is_applicant and case.state in OPEN_FOR_OPINIONS and case.has_open_plan
    label = _("把第 %s 版方案再次征询") % case.plan.number if case.plan else ""
    return Button(14, label, _to(case, "reopen")) if waits else None


def untouched(case: Case) -> Button | None:
    """The applicant, with a revision that touches nobody else."""
    said = case.application.revision_untouched_reason
    waits = case.is_applicant and case.state in UNTOUCHED_OPEN and case.has_open_plan and not said
    return Button(40, _("说明修改不涉及街道和社区"), _to(case, "untouched")) if waits else None


def edit(case: Case) -> Button | None:
    """The applicant, while the form is open; then while only the plan is."""
    if not case.is_applicant:
        return None
    if case.state is State.RETURNED:
        return Button(45 if case.saved_since_return else 18, _("补正申请"), _to(case, "edit"))
    if case.state in FORM_OPEN:
        draft = case.state is State.DRAFT
        return Button(FORWARD + 3 if draft else 45, _("填写申请") if draft else _("修改申请"), _to(case, "edit"))
    return Button(42, _("修改方案"), _to(case, "plan")) if case.state in PLAN_OPEN else None


def handle_point(case: Case) -> Button | None:
    """The office, for the next disputed point without a result."""
    if not (case.is_office and case.state is State.COORDINATION):
        return None
    left = [point for point in case.points if not point.result]
    if not left:
        return None
    return Button(15, _("登记争议点处理结果（%s 个）") % len(left), reverse("admission:point", args=[left[0].pk]))


def record_contact(case: Case) -> Button | None:
    """The office, for the departments concerned."""
    waits = case.is_office and case.state is State.COORDINATION
    return Button(40 if case.contacts else 14, _("登记与部门沟通"), _to(case, "contact")) if waits else None


def summarise(case: Case) -> Button | None:
    """The office, for the course of the coordination."""
    waits = case.is_office and case.state is State.COORDINATION
    return Button(41, _("写协调情况"), _to(case, "summary")) if waits else None


def meeting(case: Case) -> Button | None:
    """The office records the meeting, its chair closes the minutes."""
    if case.state is not State.MEETING_SCHEDULED or not case.heard:
        return None
    planned = case.heard[0].meeting
    url = reverse("admission:meeting", args=[planned.pk])
    if access.chair(case.actor, case.application) and planned.state == Meeting.State.HELD:
        return Button(FORWARD, _("去定会议纪要"), url)
    return Button(FORWARD + 2, _("去看这次会议"), url) if case.is_office else None


def remind(case: Case) -> Button | None:
    """The office, while somebody outside it is silent."""
    silent = told(case.application, case.facts).posts if case.is_office else 0
    return Button(30, _("催办 %s 个单位") % silent, _to(case, "remind")) if silent else None


def add_files(case: Case) -> Button | None:
    """The applicant and the office, until it is rejected or withdrawn."""
    may = (case.is_applicant or case.is_office) and takes_files(case.application)
    return Button(80, _("上传附件"), _to(case, "files")) if may else None


OFFERS: tuple[Offers, ...] = (
    give_opinion, withdraw_objection, acknowledge, endorse, respond, answer_meeting, revised_plan, reopen, untouched,
    edit, handle_point, record_contact, summarise, meeting, remind, add_files,
)  # fmt: skip
