"""Who keeps an application waiting beyond a due date: the ground for supervision (art 12; rulebook 5.5)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from admission.deadlines import SPANS, Clock
from admission.models import Application, Deadline, NoticeReceipt, Opinion
from admission.procedure import State
from communities.models import Department
from communities.roles import STREET

MAY_WAIT_FOR_APPLICANT = frozenset({State.COORDINATION, State.DELIBERATED, State.DEFERRED})
"""Where the decision's clock runs on while the applicant may still owe an answer or another plan."""


@dataclass(frozen=True)
class Late:
    """A clock past its due date, and the units that would have to move: for a silent community, its street's office."""

    clock: Deadline
    units: list[Department]


def late(application: Application, *, on: date) -> list[Late]:
    """The clocks that are overdue on this day with the units that are late, the longest overdue first.

    What merely runs out (公示) makes nobody late. A query, and one more for each clock that waits for streets.
    """
    rows = application.deadlines.overdue(on).exclude(clock__in=SPANS).order_by("due_on", "pk")
    return [Late(row, _units(row, application, on)) for row in rows]


def _units(row: Deadline, application: Application, on: date) -> list[Department]:
    match row.clock:
        case Clock.CORRECTION:
            return [application.applicant]
        case Clock.CONSULTATION:
            silent = Opinion.objects.unanswered().filter(round__application=application)
            return _offices(application, set(silent.values_list("body__code", flat=True)), on)
        case Clock.ACKNOWLEDGEMENT:
            rows = NoticeReceipt.objects.open().filter(notice__application=application).select_related("body", "unit")
            units = {row.unit.pk: row.unit for row in rows if row.unit}
            return [*units.values(), *_offices(application, {row.body.code for row in rows if row.body}, on)]
        case Clock.DECISION if application.state in MAY_WAIT_FOR_APPLICANT:
            return [application.office_unit, application.applicant]
        case _:
            return [application.office_unit]


def _offices(application: Application, codes: set[str], on: date) -> list[Department]:
    """The offices of the streets that these places are or belong to."""
    streets = Q(street__code__in={code[:STREET] for code in codes})
    rows = Department.objects.filter(division=application.county).valid(on)
    return list(rows.filter(streets).order_by("street__code"))
