"""督办 (rulebook 5.5; S2-P4 art 12; T21): opened, answered, asked again, closed. Nothing here names who reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, files
from base.acts import legal_day
from base.errors import RuleViolation
from base.models import Holiday
from base.sentences import sentence
from base.templatetags.portal import zh_day
from base.text import spoken_in_chinese
from communities.models import Department, Division
from communities.roles import Actor
from worklists import access, departments, rules
from worklists.access import Act
from worklists.models import SupervisionAnswer, SupervisionCase, UnapprovedReport
from worklists.receiving import due, masking, telling
from worklists.receiving.log import record

State, Result = SupervisionCase.State, SupervisionCase.Result
Of = UnapprovedReport.State


@dataclass(frozen=True)
class Charge:
    """Which unit has to answer for what, why, and what it is asked to do. `due_on`: the day that is named for it; else
    the county's number of working days is counted."""

    unit: Department
    matter: str
    basis: str
    demand: str
    due_on: date | None = None


def open_case(charge: Charge, *, by: Actor, at: datetime) -> SupervisionCase:
    """The city's organs or the auditors open a case of their own accord (art 12; rulebook section 3 and 5.5).

    Raises NotAllowed, RuleViolation.
    """
    access.check(by, Act.OPEN_SUPERVISION, charge.unit.division.code)
    with acts.act():
        return _open(charge, charge.unit.division, None, by=by, at=at)


def supervise_report(
    report: UnapprovedReport, charge: Charge, *, by: Actor, at: datetime, seen: int | None = None
) -> SupervisionCase:
    """Who handles a report makes it a case (T21): the unit reads the report from now on, without the reporter, and may
    still apply for late confirmation (art 9). Raises NotAllowed, RuleViolation."""
    with acts.locked(report, at=at, seen=seen) as locked:
        access.check_handles(by, locked)
        if locked.state not in {Of.REPORTED, Of.PASSED_ON}:
            raise RuleViolation(_("这份报告已经%s，不能再转为督办件。") % locked.get_state_display())
        if charge.unit.division_id != locked.county_id:
            raise RuleViolation(_("只能督办本区县的单位。"), field="unit")
        case = _open(charge, locked.county, locked, by=by, at=locked.changed_at)
        locked.department, locked.state = charge.unit, Of.SUPERVISED
        locked.passed_on_at = locked.passed_on_at or locked.changed_at
        locked.due_on = locked.due_on or case.due_on
        says = sentence(gettext_noop("转为督办件，督办%(unit)s"), unit=charge.unit.name)
        record(locked, "supervise", says=says, by=by, at=locked.changed_at, version=locked.version + 1)
    return case


def answer_case(
    case: SupervisionCase, *, text: str, uploads: "Sequence[File[Any]]" = (), by: Actor, at: datetime,
    seen: int | None = None,
) -> SupervisionAnswer:  # fmt: skip
    """The unit answers, as often as it has something to say until the case is closed."""
    with acts.locked(case, at=at, seen=seen) as locked:
        access.check(by, Act.ANSWER_SUPERVISION, locked)
        _check_running(locked)
        if not text.strip():
            raise RuleViolation(_("请写明怎样整改的。"), field="text")
        moment = locked.changed_at
        kept = [files.keep(upload, by=by, at=moment, county=locked.county.code) for upload in uploads]
        answer = SupervisionAnswer.objects.create(case=locked, text=text, answered_at=moment, answered_by=by.label)
        answer.files.set(kept)
        locked.state = State.ANSWERED
        _record(locked, "answer", says=gettext_noop("答复督办件"), by=by)
        telling.answered(locked, at=moment)
    return answer


def ask_again(
    case: SupervisionCase, *, why: str, due_on: date | None = None, by: Actor, at: datetime, seen: int | None = None
) -> SupervisionCase:
    """What was answered is not enough, or more time is given: another day runs from now."""
    with acts.locked(case, at=at, seen=seen) as locked:
        access.check(by, Act.CLOSE_SUPERVISION, locked)
        _check_running(locked)
        if not why.strip():
            raise RuleViolation(_("请写明还要做什么。"), field="why")
        why = _unnamed(why, locked.report)
        _set_day(locked, due_on, on=legal_day(locked.changed_at))
        locked.state = State.OPEN
        says = sentence(
            gettext_noop("要求继续整改，最晚%(due_on)s答复：%(why)s"), due_on=locked.due_on, why=why
        )  # fmt: skip
        _record(locked, "ask_again", says=says, by=by)
        telling.asked_again(locked, why=why, at=locked.changed_at)
    return locked


def close_case(
    case: SupervisionCase, *, result: SupervisionCase.Result, reason: str, by: Actor, at: datetime,
    seen: int | None = None,
) -> SupervisionCase:  # fmt: skip
    """Who opened it closes it with a result and why; the report behind it is closed with it, unless the unit has
    applied for confirmation, which ends the report by itself (art 9)."""
    with acts.locked(case, at=at, seen=seen) as locked:
        access.check(by, Act.CLOSE_SUPERVISION, locked)
        _check_running(locked)
        if not reason.strip():
            raise RuleViolation(_("请写明办结的理由。"), field="reason")
        reason = _unnamed(reason, locked.report)
        locked.state, locked.result, locked.reason = State.CLOSED, Result(result), reason
        locked.closed_at = locked.changed_at
        if locked.report is not None:
            _close_report(locked.report, locked, by=by)
        says = sentence(
            gettext_noop("办结督办件，%(result)s：%(why)s"), result=Result(result).label, why=reason
        )  # fmt: skip
        _record(locked, "close", says=says, by=by)
        telling.closed(locked, at=locked.changed_at)
    return locked


def _open(
    charge: Charge, county: Division, report: UnapprovedReport | None, *, by: Actor, at: datetime
) -> SupervisionCase:
    if charge.unit.pk in departments.acting_for(by.unit_id):
        raise RuleViolation(
            _("不能督办自己所在的单位。这份报告请先转给它答复，以后由代行单位办理。"), field="unit"
        )  # fmt: skip
    case = SupervisionCase(
        county=county, unit=charge.unit, report=report, matter=_unnamed(charge.matter, report),
        basis=_unnamed(charge.basis, report), demand=_unnamed(charge.demand, report), opened_at=at,
        opened_by=by.label, opened_role=by.role, opened_code=by.code, opened_unit_id=by.unit_id, changed_at=at,
    )  # fmt: skip
    _set_day(case, charge.due_on, on=legal_day(at))
    case.save()
    says = sentence(
        gettext_noop("立件督办%(unit)s：%(matter)s，最晚%(due_on)s答复"),
        unit=charge.unit.name, matter=case.matter, due_on=case.due_on,
    )  # fmt: skip
    record(case, "open", says=says, by=by, at=at, version=case.version)
    telling.opened(case, at=at)
    return case


def _set_day(case: SupervisionCase, named: date | None, *, on: date) -> None:
    """The day that was named, or so many working days from the day after `on`."""
    calendar = Holiday.objects.calendar()
    if named is not None:
        if named <= on:
            raise RuleViolation(_("最晚答复的日期要在今天以后。"), field="due_on")
        if not calendar.is_workday(named):
            raise RuleViolation(_("%s不是工作日，请换一天。") % zh_day(named), field="due_on")
        case.counted_from, case.answer_days, case.due_on, case.provisional = None, None, named, False
        return
    case.counted_from = on
    case.answer_days = int(rules.value(case.county.code, rules.Key.SUPERVISION_DAYS, on=on))
    due.count(case, calendar)


def _close_report(report: UnapprovedReport, case: SupervisionCase, *, by: Actor) -> None:
    """The report ends with its case; one that waits for a confirmation, or has ended, stays as it is."""
    with acts.locked(report, at=case.changed_at) as locked:
        if case.result == Result.APPLIED and locked.state not in {Of.APPLYING, Of.CONFIRMED}:
            raise RuleViolation(_("单位还没有就这份报告提出确认申请，不能按“已申请补充确认”办结。"), field="result")
        if locked.state != Of.SUPERVISED:
            return
        locked.state = Of.STOPPED if case.result == Result.STOPPED else Of.ENDED
        locked.answer, locked.closed_at = _result_of(case), locked.changed_at
        says = sentence(gettext_noop("督办办结，%(result)s"), result=Result(case.result).label)
        record(locked, "supervised", says=says, by=by, at=locked.changed_at, version=locked.version + 1)


@spoken_in_chinese
def _result_of(case: SupervisionCase) -> str:
    """What the reporter reads as the answer to its report."""
    return _("督办结果：%(result)s。%(why)s") % {"result": case.get_result_display(), "why": case.reason}


def _check_running(case: SupervisionCase) -> None:
    if case.state == State.CLOSED:
        raise RuleViolation(_("这件督办已经办结，不能再办。"))


def _unnamed(text: str, report: UnapprovedReport | None) -> str:
    """What the unit is going to read, without the name of who reported."""
    return masking.without_name(text, report.reporter.name) if report else text


def _record(case: SupervisionCase, verb: str, *, says: str, by: Actor) -> None:
    record(case, verb, says=says, by=by, at=case.changed_at, version=case.version + 1)
