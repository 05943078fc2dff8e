"""A meeting of member units ready for a page: agenda with what matters of each item, who is invited, the quorum."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from admission.actions.attendance import count_seats, quorum_gap
from admission.actions.meeting import MINUTES_BEHIND, minutes_behind
from admission.conditions.meeting import unconcluded
from admission.models import AgendaItem, Application, DisputedPoint, ImplementationPlan, Meeting, Opinion
from admission.presentation.attendees import Attendee, Guests, guests, seated
from admission.presentation.case import where
from admission.presentation.highlights import Fact, added, money, subject, when
from admission.presentation.opinions import spoken
from admission.presentation.words import kind_of
from admission.rules import CountyRules, Key
from base import acts
from base.models import Event
from base.templatetags.portal import zh_day
from base.text import spoken_in_chinese
from communities.roles import Actor, Role

OUTSIDERS = frozenset({Role.APPLICANT, Role.STREET, Role.COMMUNITY})
"""Who reads of a meeting only what concerns their own items (rulebook section 3)."""


@dataclass(frozen=True)
class Standing:
    """Where a meeting stands: a word with its tone."""

    label: str
    tone: str


def standing(meeting: Meeting, *, now: datetime) -> Standing:
    """Planned, past its hour, held, closed; called off, or ended without a quorum."""
    match meeting.state:
        case Meeting.State.CLOSED:
            return Standing(_("纪要已定"), "done")
        case Meeting.State.CANCELLED:
            return Standing(_("已取消"), "")
        case Meeting.State.INQUORATE:
            return Standing(_("流会"), "stop")
        case Meeting.State.HELD if not meeting.minutes:
            return Standing(_("已开，等写全记录"), "wait")
        case Meeting.State.HELD:
            return Standing(_("等主持人定纪要"), "doing")
        case _ if meeting.planned_at <= now:
            return Standing(_("开会时间已到，等记录"), "wait")
        case _:
            return Standing(_("待开"), "")


@dataclass(frozen=True)
class Heard:
    """One item of the agenda, with what a member wants to know before speaking."""

    row: AgendaItem
    facts: list[Fact]
    voices: str
    points: list[DisputedPoint]
    opens: bool

    @property
    def application(self) -> Application:
        """What is heard."""
        return self.row.application

    @property
    def kind(self) -> str:
        """What is applied for, with the category it is to have."""
        return kind_of(self.application)

    @property
    def gap(self) -> str:
        """What the chair cannot close on it without: report, conclusion, its reason. What was withdrawn needs none."""
        return "" if self.application.is_closed else unconcluded(self.row) or ""


class Sitting:
    """One meeting as one person sees it; every part is read once."""

    def __init__(self, meeting: Meeting, actor: Actor) -> None:
        self.meeting = meeting
        self.actor = actor
        self.inside = actor.role not in OUTSIDERS
        self.held_on: date = acts.legal_day(meeting.planned_at)

    @cached_property
    def rows(self) -> list[AgendaItem]:
        """The agenda; others than the county's organs see the items of their own applications."""
        items = self.meeting.agenda.select_related("application__applicant__street", "application__county")
        if not self.inside:
            items = items.filter(application__in=Application.objects.visible_to(self.actor))
        return list(items.prefetch_related("opinions", "application__scope", "application__plans").order_by("seq"))

    @cached_property
    def agenda(self) -> list[Heard]:
        """Each item with its essentials: a fixed number of queries, however long the agenda."""
        keys = [row.application_id for row in self.rows]
        opens = set(Application.objects.visible_to(self.actor).filter(pk__in=keys).values_list("pk", flat=True))
        voices = _voices(keys)
        points: dict[int, list[DisputedPoint]] = defaultdict(list)
        disputed = DisputedPoint.objects.filter(coordination__application__in=keys).order_by("pk")
        for point in disputed.select_related("opinion__body", "coordination"):
            points[point.coordination.application_id].append(point)
        return [
            Heard(
                row,
                _essentials(row),
                voices[row.application_id],
                points[row.application_id],
                row.application_id in opens,
            )
            for row in self.rows
        ]

    @cached_property
    def seats(self) -> list[Attendee]:
        """The member units with their attendance; an applicant on this agenda is recused (A-9)."""
        return seated(self.meeting)

    @cached_property
    def guests(self) -> Guests:
        """Who else was asked to come for the items shown, and whether they did."""
        seated = {seat.party.pk for seat in self.seats}
        return guests(self.meeting, self.rows, seated, inside=self.inside)

    @cached_property
    def quorum(self) -> str:
        """What the county asks for, and how it stands."""
        rules = CountyRules(self.meeting.county.code, self.held_on)
        counted = sum(not seat.recused for seat in self.seats)
        recused = _("、").join(seat.party.name for seat in self.seats if seat.recused)
        said = _("应到成员单位 %(counted)s 个，到会要超过 %(percent)s%%（%(basis)s）。") % {
            "counted": counted,
            "percent": rules.value(Key.QUORUM_PERCENT),
            "basis": rules.basis(Key.QUORUM_PERCENT),
        }
        return said + (_("%s是本次议程的申请单位，回避，不计入。") % recused if recused else "")

    @cached_property
    def quorum_missing(self) -> str:
        """Why the meeting could not conclude; empty when enough came, or before anything was recorded."""
        recorded = self.meeting.state not in {Meeting.State.PLANNED, Meeting.State.CANCELLED}
        return str(quorum_gap(self.meeting) or "") if recorded else ""

    @cached_property
    def counts(self) -> tuple[int, int]:
        """Member units that count, and those of them that came."""
        return count_seats(self.meeting)

    @cached_property
    def ended_by(self) -> str:
        """Who called it off, or ended it for want of a quorum; nothing else is ever done to it afterwards."""
        ends = ("admission.meeting.cancel", "admission.meeting.lapse")
        line = Event.objects.about(self.meeting).filter(kind__in=ends).first()
        return line.by_label if line else ""

    @cached_property
    def minutes_behind(self) -> bool:
        """Were the minutes written from another record than the one that stands now?"""
        return self.meeting.state == Meeting.State.HELD and minutes_behind(self.meeting)

    def incomplete(self) -> list[str]:
        """What the chair is still missing, a sentence each."""
        said = [self.quorum_missing] if self.quorum_missing else []
        if not self.meeting.minutes:
            said.append(_("会议纪要还没有写。"))
        elif self.minutes_behind:
            said.append(str(MINUTES_BEHIND))
        return said + [item.gap for item in self.agenda if item.gap]


def _voices(keys: Sequence[int]) -> dict[int, str]:
    """How the bodies that were asked stand, in words, for each application: one query."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for application, stance in Opinion.objects.standing_in(keys).values_list("round__application", "stance"):
        counts[application][stance] += 1
    return defaultdict(str, {application: spoken(found) for application, found in counts.items()})


def _essentials(row: AgendaItem) -> list[Fact]:
    application = row.application
    plan: ImplementationPlan | None = max(
        (plan for plan in application.plans.all() if plan.frozen_at), key=lambda plan: plan.number, default=None
    )
    facts: list[Fact] = [
        *subject(application),
        (_("范围"), where(sorted(application.scope.all(), key=lambda place: place.code))),
        when(application),
    ]
    if plan is None:
        return facts
    return [
        (_("社区做"), plan.community_does or plan.requirements),
        (_("社区不做"), plan.community_does_not),
        *facts,
        (_("经费"), money(plan)),
        (_("新增负担"), added(application)),
    ]


Recorded = tuple[AgendaItem, dict[str, str], Sequence[dict[str, str]]]
"""An item, what was written about it (the columns of AgendaItem), what was said."""


@spoken_in_chinese
def draft_minutes(
    meeting: Meeting, chair: str, seated: Sequence[Attendee], beside: Guests, items: Iterable[Recorded]
) -> str:
    """A first text of the minutes from what was recorded, for the clerk to work over."""
    began = timezone.localtime(meeting.planned_at)
    came = [seat.named for seat in seated if seat.present]
    missed = [seat.party.name for seat in seated if not seat.present and not seat.recused]
    opening = {
        "day": zh_day(began), "hour": f"{began:%H:%M}", "place": meeting.place, "meeting": meeting,
        "chair": Meeting.Chair(chair).label,
    }  # fmt: skip
    lines = [_("%(day)s %(hour)s，在%(place)s召开%(meeting)s，%(chair)s主持。") % opening]
    lines += [_("到会：%s。") % _("、").join(came)] if came else []
    lines += [_("没有到会：%s。") % _("、").join(missed)] if missed else []
    lines += [_("列席：%s。") % _("、").join(beside.came)] if beside.came else []
    lines += [_("通知列席，没有到会：%s。") % _("、").join(beside.missed)] if beside.missed else []
    for row, written, said in items:
        lines.append(f"{row.seq}. {row.application}" + _("（%s）") % row.application.applicant)
        lines += [_("汇报：%s") % written["report"]] if written["report"] else []
        lines += [_("：").join([one["speaker"], one["text"]]) for one in said]
        if written["conclusion"]:
            word = AgendaItem.Conclusion(written["conclusion"]).label
            lines.append(_("结论：%(word)s。%(text)s") % {"word": word, "text": written["conclusion_text"]})
    return "\n".join(lines)
