"""未经准入工作的报告 (S2-P4 art 4, 9; T21): reported, passed on, answered, closed. The audit lines name no reporter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, files, numbering
from base.acts import legal_day
from base.errors import NotAllowed, RuleViolation
from base.models import Holiday
from base.sentences import sentence
from communities.models import Department, Division
from communities.roles import COUNTY, Actor, Role
from worklists import access, departments, notifications, recusal, rules
from worklists.access import Act
from worklists.kinds import SubjectType, Wrong
from worklists.models import UnapprovedReport, WorkItem
from worklists.receiving import due, masking
from worklists.receiving.log import record

SERIES = "report"
State = UnapprovedReport.State
ANSWERS = {State.STOPPED, State.APPLYING}


@dataclass(frozen=True)
class Handed:
    """What was asked of a community: by whom, what, how, when, what is wrong with it, and whether it was done."""

    department_text: str
    what: str
    details: str
    channel: UnapprovedReport.Channel
    happened_on: date
    done: UnapprovedReport.Done
    department: Department | None = None
    subject_type: SubjectType = SubjectType.WORK_ITEM
    urgent: bool = False
    wrongs: Sequence[Wrong] = (Wrong.UNAPPROVED,)


def report_work(handed: Handed, *, uploads: "Sequence[File[Any]]" = (), by: Actor, at: datetime) -> UnapprovedReport:
    """A street or a community reports work that was handed down without admission.

    `what` becomes the title of an application one day, so it is kept without the reporter's name. Raises NotAllowed,
    RuleViolation.
    """
    access.check(by, Act.REPORT_WORK, by.county)
    if handed.happened_on > legal_day(at):
        raise RuleViolation(_("交办日期不能晚于今天。"), field="happened_on")
    wrongs = [wrong.value for wrong in Wrong if wrong in handed.wrongs]
    if not wrongs:
        raise RuleViolation(_("请至少选一个问题。"), field="wrongs")
    with acts.act():
        county = Division.objects.get(code=by.county)
        wording = rules.value(county.code, rules.Key.REPORT_WORDING, on=legal_day(at))
        reporter = Division.objects.get(code=by.code)
        street = Division.objects.filter(code=by.code[: masking.STREET]).first()
        doer = masking.unnamed(by, street.name if street else county.name)
        kept = [files.keep(upload, by=doer, at=at, county=county.code) for upload in uploads]
        number = numbering.next_number(county.code, SERIES, wording=wording, on=legal_day(at), at=at).text
        report = UnapprovedReport.objects.create(
            county=county, number=number, reporter=reporter, reported_at=at,
            reported_by=by.label, department=handed.department, department_text=handed.department_text,
            what=masking.without_name(handed.what, reporter.name), details=handed.details,
            subject_type=handed.subject_type, channel=handed.channel,
            wrongs=wrongs, happened_on=handed.happened_on, done=handed.done, urgent=handed.urgent, changed_at=at,
            substitute=_substitute(county.code, handed.department, handed.department_text, on=legal_day(at)),
        )  # fmt: skip
        report.files.set(kept)
        says = sentence(gettext_noop("报告未经准入的工作%(instead)s"), instead=_instead(report.substitute))
        record(report, "report", says=says, by=doer, at=at, version=1)
        notifications.work_reported(report, at=at)
    return report


def pass_on(
    report: UnapprovedReport, *, department: Department, by: Actor, at: datetime, seen: int | None = None
) -> UnapprovedReport:
    """转部门: it has five working days to answer, or as the county has set; for urgent work they run from the day of
    the report (A-25), unless its confirmation has failed meanwhile."""
    with acts.locked(report, at=at, seen=seen) as locked:
        access.check_handles(by, locked)
        if locked.state not in {State.REPORTED, State.PASSED_ON}:
            raise RuleViolation(_("这份报告已经%s，不能再转。") % locked.get_state_display())
        if department.division_id != locked.county_id:
            raise RuleViolation(_("只能转给本区县的单位。"), field="department")
        from_report = locked.urgent and not locked.came_back
        start = legal_day(locked.reported_at if from_report else locked.changed_at)
        locked.counted_from = start
        locked.answer_days = int(rules.value(locked.county.code, rules.Key.REPORT_ANSWER_DAYS, on=start))
        due.count(locked, Holiday.objects.calendar())
        locked.department, locked.passed_on_at, locked.state = department, locked.changed_at, State.PASSED_ON
        if locked.substitute is None:  # somebody else named, but it was the office's own unit
            locked.substitute = _substitute(locked.county.code, department, "", on=legal_day(locked.changed_at))
            if locked.substitute is not None:
                notifications.report_given_up(locked, at=locked.changed_at)
        says = sentence(
            gettext_noop("转%(unit)s，最晚%(due_on)s答复%(instead)s"),
            unit=department.name, due_on=locked.due_on, instead=_instead(locked.substitute),
        )  # fmt: skip
        record(locked, "pass_on", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
        notifications.report_passed_on(locked, at=locked.changed_at)
    return locked


def answer_report(
    report: UnapprovedReport, *, state: UnapprovedReport.State, answer: str, by: Actor, at: datetime,
    seen: int | None = None,
) -> UnapprovedReport:  # fmt: skip
    """The department stops, which closes the report, or applies for late confirmation (art 9).

    Admission calls it with APPLYING when the application is made, also for a street that prepares it for the
    department. Raises NotAllowed, RuleViolation.
    """
    if state not in ANSWERS:
        raise ValueError(f"{state} is not a department's answer")
    with acts.locked(report, at=at, seen=seen) as locked:
        _check_may_answer(locked, state, by)
        supervised = locked.state == State.SUPERVISED and state == State.APPLYING  # else it answers the case
        if locked.state not in {State.PASSED_ON, State.APPLYING} and not (locked.came_back or supervised):
            raise RuleViolation(_("这份报告现在是“%s”，不用答复。") % locked.get_state_display())
        if not answer.strip():
            raise RuleViolation(_("请写明怎样处理的。"), field="answer")
        locked.state, locked.answer = state, answer
        locked.closed_at = locked.changed_at if state == State.STOPPED else None
        says = gettext_noop("答复：已停止") if state == State.STOPPED else gettext_noop("答复：提出确认申请")
        record(locked, "answer", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
        notifications.report_answered(locked, at=locked.changed_at)
    return locked


def close_as_lawful(
    report: UnapprovedReport, *, item: WorkItem, answer: str, by: Actor, at: datetime, seen: int | None = None
) -> UnapprovedReport:
    """The office finds the work on the list: the item is named, the reporter told why."""
    with acts.locked(report, at=at, seen=seen) as locked:
        access.check_handles(by, locked)
        if locked.state not in {State.REPORTED, State.PASSED_ON}:
            raise RuleViolation(_("这份报告已经%s，不用再办。") % locked.get_state_display())
        if not locked.county.code.startswith(item.owner.code):
            raise RuleViolation(_("这一事项不在本区县的清单里，请另选。"), field="item")
        if not answer.strip():
            raise RuleViolation(_("请向报告单位说明理由。"), field="answer")
        locked.state, locked.item, locked.answer = State.LAWFUL, item, answer
        locked.closed_at = locked.changed_at
        says = sentence(gettext_noop("属清单内事项（%(code)s），办结"), code=item.code)
        record(locked, "close", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
    return locked


def close_as_confirmed(
    report: UnapprovedReport, *, item: WorkItem, notice_number: str, by: Actor, at: datetime
) -> UnapprovedReport:
    """Art 9: the work was confirmed and its notice is out. Admission calls it, and has asked who may."""
    with acts.locked(report, at=at) as locked:
        _check_applying(locked)
        locked.state, locked.item, locked.answer = State.CONFIRMED, item, f"已予确认，工作告知单{notice_number}。"
        locked.closed_at = locked.changed_at
        says = sentence(gettext_noop("已予确认（工作告知单%(number)s），办结"), number=notice_number)
        record(locked, "confirm", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
        notifications.report_confirmed(locked, at=locked.changed_at)
    return locked


def hand_back(report: UnapprovedReport, *, why: str, by: Actor, at: datetime) -> UnapprovedReport:
    """The confirmation was refused or withdrawn: the office decides what follows, in the supervision case where there
    is one. Admission calls it."""
    with acts.locked(report, at=at) as locked:
        _check_applying(locked)
        goes_on = locked.supervisions.running().exists()
        locked.state, locked.answer = State.SUPERVISED if goes_on else State.REPORTED, why
        says = sentence(gettext_noop("退回办公室办理：%(why)s"), why=why)
        record(locked, "hand_back", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
        notifications.report_handed_back(locked, at=locked.changed_at)
    return locked


def _substitute(county: str, unit: Department | None, text: str, *, on: date) -> Department | None:
    """Who handles it in the office's place: nobody, except where the office's own unit asked for the work (A-9)."""
    if not recusal.concerns_host(county, unit, text, on=on):
        return None
    found = recusal.stand_in_of(county, on=on)
    if found is None:
        raise RuleViolation(
            _(
                "办公室所在单位交办的工作由别的单位代行办理，本区县还没有这个单位。"
                "请联系平台管理员，在“设置”的“审核委员会”里选好。"
            )
        )
    return found


def _instead(substitute: Department | None) -> str:
    return sentence(gettext_noop("；办公室回避，由%(unit)s代行"), unit=substitute.name) if substitute else ""


def _check_applying(report: UnapprovedReport) -> None:
    if report.state != State.APPLYING:
        raise RuleViolation(_("这份报告现在是“%s”，不是在申请确认。") % report.get_state_display())


def _check_may_answer(report: UnapprovedReport, state: UnapprovedReport.State, by: Actor) -> None:
    """The department itself or its successor; a street may prepare the confirmation for it (A-7)."""
    if access.speaks_for(by, report.department_id, departments.acting_for(by.unit_id)):
        return
    if state == State.APPLYING and by.role is Role.STREET and by.code[:COUNTY] == report.county.code:
        return
    raise NotAllowed(_("报告由被转的单位答复。"))
