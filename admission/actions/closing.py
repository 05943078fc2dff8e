"""The end of a case: filing, withdrawal; following it; clocks counted anew (S2-P4 art 7(三), 8(四), 10; T17, T18)."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission.actions import _clocks, _report
from admission.actions._take import record, take
from admission.deadlines import Clock
from admission.models import Application, Deadline, FilingRecord, Watch
from admission.procedure import Step
from admission.rules import CountyRules, Key
from base import acts, numbering
from base.errors import NotAllowed, RuleViolation
from base.models import Holiday
from base.sentences import sentence
from base.workdays import Calendar
from communities.roles import Actor
from worklists.receiving.due import recount_answers


def file_application(
    application: Application, *, by: Actor, at: datetime, remarks: str = "", seen: int | None = None
) -> FilingRecord:
    """T17: entered in the office's register with a number; the dossier is closed (and may still be appended)."""
    details: dict[str, Any] = {}
    with take(application, Step.FILE, by=by, at=at, seen=seen, details=details) as locked:
        on = acts.legal_day(locked.changed_at)
        wording = CountyRules(locked.county.code, on).value(Key.FILING_WORDING)
        number = numbering.next_number(locked.county.code, "filing", wording=wording, on=on, at=locked.changed_at).text
        filing = FilingRecord.objects.create(
            application=locked, number=number, filed_at=locked.changed_at, filed_by=by.label, remarks=remarks
        )
        details["number"] = number
    return filing


def withdraw(application: Application, *, by: Actor, at: datetime, reason: str, seen: int | None = None) -> Application:
    """T18: the applicant takes it back before the decision; every clock stops."""
    if not reason:
        raise RuleViolation(_("撤回要写明原因。"), field="reason")
    with take(application, Step.WITHDRAW, by=by, at=at, seen=seen, details={"reason": reason}) as locked:
        locked.withdrawn_reason = reason
        _report.give_back(locked, why=_report.WITHDRAWN % reason, by=by)
    return locked


def watch(application: Application, *, by: Actor, at: datetime) -> Watch:
    """Follow an application; its messages also come to this post. Safe to repeat."""
    if not Application.objects.visible_to(by).filter(pk=application.pk).exists():
        raise NotAllowed(_("您不能关注这件申请。"))
    followed, _made = Watch.objects.get_or_create(application=application, inbox=by.inbox, defaults={"since": at})
    return followed


def unwatch(application: Application, *, by: Actor, at: datetime) -> None:
    """Stop following. Safe to repeat."""
    Watch.objects.filter(application=application, inbox=by.inbox).delete()


def recompute_deadlines(*, by: Actor, at: datetime) -> int:
    """The calendar has changed: count the running clocks anew, and by when reports are to be answered; a moved date
    leaves an event. Returns how many moved."""
    moved = recount_answers(by=by, at=at)
    calendar = Holiday.objects.calendar()
    on = acts.legal_day(at)
    for row in Deadline.objects.running().select_related("application").order_by("application", "pk"):
        if _clocks.recount(row, calendar, on=on):
            moved += _move_date(row, calendar, on=on, by=by, at=at)
    return moved


def _move_date(row: Deadline, calendar: Calendar, *, on: date, by: Actor, at: datetime) -> int:
    """The same again under the application's lock: 1 when the date moved, 0 when the clock was stopped meanwhile."""
    with acts.act():
        Application.objects.select_for_update().get(pk=row.application_id)
        fresh = Deadline.objects.running().filter(pk=row.pk).first()
        before = fresh.due_on if fresh else None
        if fresh is None or not _clocks.recount(fresh, calendar, on=on):
            return 0
        fresh.save()
        with acts.locked(row.application, at=at) as locked:
            says = sentence(
                gettext_noop("%(clock)s到期日由%(before)s改为%(after)s（放假安排有变化）"),
                clock=Clock(fresh.clock).label,
                before=before,
                after=fresh.due_on,
            )
            record(locked, "recompute_deadline", says=says, by=by)
    return 1
