"""The committee itself: where its office sits, which units have a seat (art 3; decisions: Seats and appointments)."""

from datetime import date, datetime

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission.actions._take import record
from admission.models import Application, CommitteeSeat
from admission.procedure import CLOSED
from base import acts, events
from base.errors import NotAllowed, RuleViolation
from base.sentences import sentence
from communities import access
from communities import actions as communities
from communities.models import Department, Division
from communities.roles import Actor
from worklists import recusal

Post = CommitteeSeat.Post


def place_office(unit: Department, *, by: Actor, at: datetime) -> Department:
    """The office sits at this unit from now on, and what is still open there goes with it."""
    with acts.act():
        placed = communities.host_office(unit, by=by, at=at)
        follow_office(by=by, at=at, county=placed.division)
    return placed


def follow_office(*, by: Actor, at: datetime, county: Division | None = None) -> int:
    """Open applications go to the unit at which the office sits today: it was moved, or its unit has ended.

    One that the new host itself has filed goes to the stand-in; where there is none yet, it waits. Returns how many.
    """
    open_ones = Application.objects.exclude(state__in=CLOSED).filter(office_recused=False)
    if county is not None:
        open_ones = open_ones.filter(county=county)
    today, moved = acts.legal_day(at), 0
    for place in Division.objects.filter(pk__in=open_ones.values("county")).order_by("code"):
        host = recusal.host_of(place.code, on=today)
        if host is None:
            continue
        elsewhere = open_ones.filter(county=place).exclude(office_unit=host).select_related("applicant")
        moved += sum(_hand_over(row, place, by=by, at=at) for row in elsewhere.order_by("pk"))
    return moved


def _hand_over(application: Application, county: Division, *, by: Actor, at: datetime) -> bool:
    try:
        unit, recused = office_for(application.applicant, county, on=acts.legal_day(at))
    except RuleViolation:
        return False
    with acts.locked(application, at=at) as locked:
        locked.office_unit, locked.office_recused = unit, recused
        says = sentence(gettext_noop("办公室的工作改由%(unit)s接着办理"), unit=unit.name)
        record(locked, "follow_office", says=says, by=by, data={"office": unit.pk, "recused": recused})
    return True


def office_for(unit: Department, county: Division, *, on: date) -> tuple[Department, bool]:
    """Who does the office's steps: the host, or the substitute where the host itself applies (A-9)."""
    host = recusal.host_of(county.code, on=on)
    if host is None:
        raise RuleViolation(_("本区县还没有设审核委员会办公室。请联系平台管理员，在“设置”的“审核委员会”里设好。"))
    if unit != host:
        return host, False
    substitute = recusal.stand_in_of(county.code, on=on)
    if substitute is None:
        raise RuleViolation(
            _(
                "本单位申请时要由别的单位代行办公室工作，本区县还没有这个单位。"
                "请联系平台管理员，在“设置”的“审核委员会”里选好。"
            )
        )
    return substitute, True


def may_seat(actor: Actor, county: str) -> bool:
    """The seats are kept by the office of the county, and by the administrator."""
    return access.runs_county(actor, county)


def give_seat(
    county: Division,
    *,
    unit: Department,
    post: CommitteeSeat.Post,
    starts_on: date,
    by: Actor,
    at: datetime,
    ends_on: date | None = None,
) -> CommitteeSeat:
    """A unit has a seat from a day on. It says who is counted; who acts for it is an appointment (ADR 0010)."""
    _check_may(by, county.code)
    if ends_on is not None and ends_on < starts_on:
        raise RuleViolation(_("最后一天不能早于开始日期。"), field="ends_on")
    if unit.division_id != county.pk or unit.kind == Department.Kind.STREET_OFFICE:
        raise RuleViolation(_("审核委员会的席位给本区县的部门或者议事协调机构。"), field="unit")
    if not Department.objects.valid(starts_on).filter(pk=unit.pk).exists():
        raise RuleViolation(_("%(unit)s在席位开始那天不存在，请选存续的单位。") % {"unit": unit.name}, field="unit")
    with acts.act():
        Division.objects.select_for_update().get(pk=county.pk)  # one at a time: two could take the same seat
        _check_free(county, unit, post, starts_on=starts_on, ends_on=ends_on)
        seat = CommitteeSeat.objects.create(county=county, unit=unit, post=post, starts_on=starts_on, ends_on=ends_on)
        _note(seat, "give", says=gettext_noop("审核委员会席位：%(unit)s，%(post)s"), by=by, at=at)
    return seat


def end_seat(seat: CommitteeSeat, *, ends_on: date, by: Actor, at: datetime) -> CommitteeSeat:
    """The seat is held through `ends_on`, not longer."""
    _check_may(by, seat.county.code)
    with acts.act():
        rows = CommitteeSeat.objects.select_for_update(of=("self",)).select_related("county", "unit")
        locked = rows.get(pk=seat.pk)
        if locked.ends_on is not None and locked.ends_on <= ends_on:
            raise RuleViolation(
                _("这个席位到%(day)s为止，不用再办。") % {"day": date_format(locked.ends_on)}, field="ends_on"
            )
        if ends_on < locked.starts_on:
            raise RuleViolation(_("最后一天不能早于开始日期。"), field="ends_on")
        locked.ends_on = ends_on
        locked.save()
        _note(locked, "end", says=gettext_noop("审核委员会席位终止：%(unit)s，%(post)s"), by=by, at=at)
    return locked


def _check_may(by: Actor, county: str) -> None:
    if not may_seat(by, county):
        raise NotAllowed(_("席位由审核委员会办公室或者平台管理员登记。请联系审核委员会办公室。"))


def _check_free(
    county: Division, unit: Department, post: CommitteeSeat.Post, *, starts_on: date, ends_on: date | None
) -> None:
    """A unit is counted once; there is one director at a time."""
    held = CommitteeSeat.objects.filter(county=county, post=post)
    held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        held = held.filter(starts_on__lte=ends_on)
    if held.filter(unit=unit).exists():
        raise RuleViolation(_("%(unit)s在这段时间里已经有同样的席位。") % {"unit": unit.name}, field="unit")
    if post == Post.DIRECTOR and (other := held.select_related("unit").first()):
        raise RuleViolation(
            _("主任只有一位，这段时间里是%(unit)s的席位，请先把它终止。") % {"unit": other.unit.name}, field="post"
        )


def _note(seat: CommitteeSeat, act: str, *, says: str, by: Actor, at: datetime) -> None:
    county = seat.county.code
    events.record(
        f"admission.committeeseat.{act}", target=seat, by=by, at=at, chain=county, audience=[county],
        data={
            "says": sentence(says, unit=seat.unit.name, post=Post(seat.post).label),
            "unit": seat.unit_id, "post": seat.post, "starts_on": seat.starts_on, "ends_on": seat.ends_on,
        },
    )  # fmt: skip
