"""督办 of an overdue application: city and auditors hold to account who is late (art 12; rulebook 5.5)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission.actions._take import record
from admission.late import late
from admission.models import Application
from base import acts
from base.errors import RuleViolation
from communities.roles import Actor
from worklists import access
from worklists.access import Act
from worklists.models import SupervisionCase
from worklists.receiving import supervising
from worklists.receiving.supervising import Charge


def supervise(
    application: Application, *, by: Actor, at: datetime, charge: Charge, seen: int | None = None
) -> SupervisionCase:
    """Open a supervision case against a unit that is late with this application; its own clocks run on.

    Raises NotAllowed for others than the city's organs and the auditors; RuleViolation where nothing is overdue, for a
    unit that is not late, and while the same matter is already supervised.
    """
    with acts.locked(application, at=at, seen=seen) as locked:
        access.check(by, Act.OPEN_SUPERVISION, locked.county.code)
        found = late(locked, on=acts.legal_day(locked.changed_at))
        if not found:
            raise RuleViolation(_("本件没有超过期限的时限，不用督办。"))
        if charge.unit.pk not in {unit.pk for one in found for unit in one.units}:
            raise RuleViolation(_("超过期限的不是这个单位。"), field="unit")
        same = SupervisionCase.objects.running().filter(unit=charge.unit, matter=charge.matter, county=locked.county)
        if same.exists():
            raise RuleViolation(_("这个单位的这件事已经在督办。"), field="matter")
        case = supervising.open_case(charge, by=by, at=locked.changed_at)
        record(locked, "supervise", says=gettext_noop("时限超期，已立督办件"), by=by, data={"case": case.pk})
    return case
