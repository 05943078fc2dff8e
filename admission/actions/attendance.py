"""Who came to a meeting: member units, and those asked to come beside them; the quorum (art 8(三); A-5, A-9)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from admission.models import AgendaItem, Attendance, CommitteeSeat, Guest, Meeting, Opinion
from admission.rules import CountyRules, Key
from base import acts
from communities.models import Department, Division

Party = Department | Division
Came = Mapping[Any, str]
"""Who came, a `Party` -> the post of its representative, empty where none was written down; no names."""


def attend(meeting: Meeting, present: Came) -> None:
    """Who came, of the member units on that day, and the count that stands on the meeting."""
    meeting.attendances.all().delete()
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting, unit=seat.unit, present=seat.unit in present, represented_by=present.get(seat.unit, "")
        )
        for seat in seats(meeting)
    )
    meeting.seats_counted, meeting.seats_present = count_seats(meeting)


def receive(meeting: Meeting, present: Came, others: str) -> None:
    """Which of those that were asked to come beside the member units did; `others`: who else was there, in words.

    Where not one of them came, nobody has written it down yet, for an item is not heard without its applicant.
    """
    agenda = meeting.agenda.select_related("application__applicant__street").order_by("seq")
    parties = invited(agenda, {seat.unit_id for seat in seats(meeting)})
    meeting.guests.all().delete()
    meeting.others = others
    if not any(party in present for party in parties):
        return
    Guest.objects.bulk_create(
        Guest(
            meeting=meeting,
            **{"unit" if isinstance(party, Department) else "body": party},
            present=party in present,
            represented_by=present.get(party, ""),
        )
        for party in parties
    )


def invited(agenda: Iterable[AgendaItem], seated: Collection[int]) -> list[Party]:
    """Applicants of these items, then the streets and communities that were ever consulted on them, by code.

    `agenda` comes with its applicants and their streets; `seated`: the keys of the member units, which are there
    anyway. A street office is its street, for it comes once.
    """
    items = list(agenda)
    applicants = dict.fromkeys(item.application.applicant for item in items)
    away = [unit for unit in applicants if unit.pk not in seated]
    asked = Opinion.objects.filter(round__application__in=[item.application_id for item in items]).values("body")
    own = [unit.street_id for unit in away if unit.street_id]
    bodies = Division.objects.filter(Q(pk__in=asked) | Q(pk__in=own)).order_by(Length("code"), "code")
    return [*(unit for unit in away if not unit.street_id), *bodies]


def seats(meeting: Meeting) -> list[CommitteeSeat]:
    """The member units of the committee on the day of the meeting."""
    held_on = acts.legal_day(meeting.planned_at)
    rows = CommitteeSeat.objects.valid(held_on).filter(county=meeting.county, post=CommitteeSeat.Post.MEMBER)
    return list(rows.select_related("unit").order_by("pk"))


def count_seats(meeting: Meeting) -> tuple[int, int]:
    """Member units that count and those present; units that apply on this agenda are recused and leave both (A-9)."""
    applying = set(meeting.agenda.values_list("application__applicant", flat=True))
    rows = [row for row in meeting.attendances.all() if row.unit_id not in applying]
    return len(rows), sum(row.present for row in rows)


def quorum_gap(meeting: Meeting) -> str | None:
    """A-5: more than the county's share of the counted member units must be present; the sentence, or None."""
    percent = CountyRules(meeting.county.code, acts.legal_day(meeting.planned_at)).value(Key.QUORUM_PERCENT)
    counted, present = count_seats(meeting)
    if present * 100 > counted * percent:
        return None
    return _("到会成员单位 %(present)s 个，应到 %(counted)s 个，没有超过 %(percent)s%%，会议不能作出结论。") % {
        "present": present,
        "counted": counted,
        "percent": percent,
    }
