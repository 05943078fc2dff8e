"""Who is expected at a meeting and who came: member units, applicants, streets, communities; as words (art 8(三))."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from admission.actions.attendance import Party, invited, seats
from admission.models import AgendaItem, Application, Guest, Meeting, Opinion
from admission.requirements import STREET_KINDS
from communities.models import Department


@dataclass(frozen=True)
class Attendee:
    """One that is expected: whether it leaves the quorum, whether it came (None: not written down), who for it."""

    party: Party
    recused: bool
    present: bool | None
    represented_by: str

    @property
    def words(self) -> str:
        """Came, did not, or leaves the count."""
        if self.recused:
            return _("回避，不计入法定人数")
        if self.present is None:
            return ""
        if not self.present:
            return _("没有到会")
        return _("到会，%s") % self.represented_by if self.represented_by else _("到会")

    @property
    def named(self) -> str:
        """Its name with the post of who came for it."""
        name = self.party.name
        return _("%(unit)s（%(post)s）") % {"unit": name, "post": self.represented_by} if self.represented_by else name


@dataclass(frozen=True)
class Guests:
    """Those that were asked to come beside the member units; `others`: who else was there, in words."""

    applicants: list[Attendee] = field(default_factory=list)
    streets: list[Attendee] = field(default_factory=list)
    communities: list[Attendee] = field(default_factory=list)
    others: str = ""

    @property
    def all(self) -> list[Attendee]:
        """Applicants, streets, communities."""
        return [*self.applicants, *self.streets, *self.communities]

    @property
    def written_down(self) -> bool:
        """Did anybody note who came? As `attendance.receive`: at least one did."""
        return any(one.present for one in self.all)

    @property
    def came(self) -> list[str]:
        """Who came, with the posts."""
        return [one.named for one in self.all if one.present] + ([self.others] if self.others else [])

    @property
    def missed(self) -> list[str]:
        """Who was asked and did not come, once it is written down; the communities by their number."""
        if not self.written_down:
            return []
        named = [one.party.name for one in (*self.applicants, *self.streets) if not one.present]
        away = len(self.communities) - len(self.communities_came)
        return [*named, _("%s 个社区") % away] if away else named

    @property
    def asked(self) -> list[str]:
        """Who was asked, the communities by their number."""
        named = [one.party.name for one in (*self.applicants, *self.streets)]
        return [*named, _("%s 个社区") % len(self.communities)] if self.communities else named

    @property
    def communities_came(self) -> list[str]:
        """The communities that came, by name."""
        return [one.party.name for one in self.communities if one.present]


def seated(meeting: Meeting) -> list[Attendee]:
    """The member units with their attendance; an applicant on this agenda is recused (A-9)."""
    applying = set(meeting.agenda.values_list("application__applicant", flat=True))
    came = {row.unit_id: row for row in meeting.attendances.all()}
    return [
        Attendee(
            seat.unit,
            seat.unit_id in applying,
            came[seat.unit_id].present if seat.unit_id in came else None,
            came[seat.unit_id].represented_by if seat.unit_id in came else "",
        )
        for seat in seats(meeting)
    ]


def guests(meeting: Meeting, agenda: Iterable[AgendaItem], seated: Collection[int], *, inside: bool) -> Guests:
    """Who was asked to come for these items (as `attendance.invited`), and whether it came.

    Who else was there concerns the whole meeting: only those `inside` read it.
    """
    came = {row.party: row for row in meeting.guests.select_related("unit", "body")}
    found = [_guest(party, came.get(party)) for party in invited(agenda, seated)]
    return sorted_out(found, meeting.others if inside else "")


def sorted_out(found: Iterable[Attendee], others: str = "") -> Guests:
    """Applicants, streets, communities."""
    kinds: tuple[list[Attendee], list[Attendee], list[Attendee]] = ([], [], [])
    for one in found:
        party = one.party
        kinds[0 if isinstance(party, Department) else 1 if party.kind in STREET_KINDS else 2].append(one)
    return Guests(*kinds, others)


def guests_of(application: Application, meetings: Collection[int], *, inside: bool) -> dict[int, Guests]:
    """Of each of these meetings: who came for this application. One query; `inside` as for `guests`."""
    applicant = application.applicant
    asked = Opinion.objects.filter(round__application=application).values("body")
    own = Q(unit=applicant) | Q(body__in=asked) | Q(body__isnull=False, body=applicant.street_id)
    rows = Guest.objects.filter(own, meeting__in=meetings).select_related("meeting", "unit", "body").order_by("pk")
    found: dict[int, list[Attendee]] = {}
    others: dict[int, str] = {}
    for row in rows:
        found.setdefault(row.meeting_id, []).append(_guest(row.party, row))
        others[row.meeting_id] = row.meeting.others if inside else ""
    return {meeting: sorted_out(came, others[meeting]) for meeting, came in found.items()}


def _guest(party: Party, row: Guest | None) -> Attendee:
    if row is None:
        return Attendee(party, False, None, "")
    return Attendee(party, False, row.present, row.represented_by)
