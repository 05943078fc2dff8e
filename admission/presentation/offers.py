"""What this person can do about an application now, besides the steps: each act a button or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from admission import access, conditions
from admission.actions.filing import takes_files
from admission.deadlines import SPANS
from admission.models import Meeting
from admission.presentation.case import Case
from admission.presentation.reminders import told
from admission.procedure import AFTER_MEETING, FORM_OPEN, OPEN_FOR_OPINIONS, PLAN_OPEN, UNTOUCHED_OPEN, State
from worklists import access as lists

FORWARD = 20
BACK = 60


@dataclass(frozen=True)
class Button:
    """One thing to do; the lowest rank stands first and is the main one when it leads forward."""

    rank: int
    label: str
    url: str
    danger: bool = False


Offers = Callable[[Case], Button | None]


def offers(case: Case) -> Iterator[Button]:
    """The acts of this person now."""
    for offer in OFFERS:
        if button := offer(case):
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
    mine = waits_for_endorsement(case) and access.applicant_unit(case.actor, case.application)
    if not mine or conditions.not_endorsable(case.application, case.today):
        return None
    return Button(10, _("认可这份申请"), _to(case, "endorse"))


def waits_for_endorsement(case: Case) -> bool:
    """A draft that a street prepared, which its department has not taken on."""
    return case.application.awaits_endorsement and case.state in FORM_OPEN


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
    may = case.is_applicant and case.state in AFTER_MEETING and case.has_open_plan
    return Button(14, _("提交修改后的方案"), _to(case, "revised-plan")) if may else None


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


def supervise(case: Case) -> Button | None:
    """The city's organs and the auditors, once a clock is over (art 12)."""
    if not lists.may(case.actor, lists.Act.OPEN_SUPERVISION, case.application.county.code):
        return None
    clocks = case.facts.clocks[case.application.pk].values()
    over = any(row.due_on and row.due_on < case.today and row.clock not in SPANS for row in clocks)
    return Button(30, _("督办超期"), _to(case, "supervise")) if over else None


def add_files(case: Case) -> Button | None:
    """The applicant and the office, until it is rejected or withdrawn."""
    may = (case.is_applicant or case.is_office) and takes_files(case.application)
    return Button(80, _("上传附件"), _to(case, "files")) if may else None


OFFERS: tuple[Offers, ...] = (
    give_opinion, withdraw_objection, acknowledge, endorse, respond, answer_meeting, revised_plan, reopen, untouched,
    edit, handle_point, record_contact, summarise, meeting, remind, supervise, add_files,
)  # fmt: skip
