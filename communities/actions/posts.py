"""Appointments: who holds which role, where, how long (ADR 0010)."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from base import acts, events
from base.errors import NotAllowed, RuleViolation
from base.models import User
from base.sentences import sentence
from communities import access
from communities.access import Act
from communities.models import Account, Appointment, Department, Division
from communities.roles import BY_UNIT, TERRITORY, Actor, Role, chain_of

OF_OTHERS = lazy("这个账号是别的辖区的，请由上一级的平台管理员办理，或者另开一个账号。")


def appoint(
    user: User,
    *,
    role: Role,
    division: Division,
    starts_on: date,
    by: Actor,
    at: datetime,
    unit: Department | None = None,
    capacity: str = "",
    ends_on: date | None = None,
) -> Appointment:
    """An account takes up a post. One account may hold several, and works under one at a time."""
    access.check(by, Act.APPOINT, division.code)
    _check_not_own(user.pk, by=by)
    _check_place(role, division, on=starts_on)
    _check_unit(role, division, unit, on=starts_on)
    if ends_on is not None and ends_on < starts_on:
        raise RuleViolation(_("离任日期不能早于任职日期。"), field="ends_on")
    with acts.act():
        holder = User.objects.select_for_update().get(pk=user.pk)
        if not holder.is_active:
            raise RuleViolation(_("这个账号已经停用，请先启用或换一个账号。"), field="username")
        if not Account.objects.appointable_by(by, acts.legal_day(at)).filter(pk=holder.pk).exists():
            raise NotAllowed(str(OF_OTHERS))
        _check_once(holder, role, division, unit, starts_on=starts_on, ends_on=ends_on)
        appointment = Appointment.objects.create(
            user=holder, role=role, division=division, unit=unit, capacity=capacity,
            starts_on=starts_on, ends_on=ends_on,
        )  # fmt: skip
        says = sentence(gettext_noop("任职：%(role)s"), role=Role(role).label)
        _record("appoint", appointment, by=by, at=at, says=says)
    return appointment


def end_appointment(appointment: Appointment, *, ends_on: date, by: Actor, at: datetime) -> Appointment:
    """The post is held through `ends_on`, not longer."""
    access.check(by, Act.END_APPOINTMENT, appointment.division.code)
    _check_not_own(appointment.user_id, by=by)
    with acts.act():
        locked = Appointment.objects.select_for_update(of=("self",)).select_related("division").get(pk=appointment.pk)
        if locked.ends_on is not None and locked.ends_on <= ends_on:
            raise RuleViolation(
                _("这项任职到%(day)s为止，不用再办。") % {"day": date_format(locked.ends_on)}, field="ends_on"
            )
        if ends_on < locked.starts_on:
            raise RuleViolation(_("离任日期不能早于任职日期。"), field="ends_on")
        locked.ends_on = ends_on
        locked.save()
        says = sentence(gettext_noop("离任：%(role)s"), role=Role(locked.role).label)
        _record("end", locked, by=by, at=at, says=says)
    return locked


def end_with(held: QuerySet[Appointment], *, ends_on: date, by: Actor, at: datetime) -> int:
    """The posts at a place or unit end with it: a part of its closing. How many."""
    ended = 0
    rows = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on)).select_related("division").order_by("pk")
    for row in rows.select_for_update(of=("self",)):
        if row.starts_on > ends_on:
            raise RuleViolation(
                _("有一项任职从%(day)s才开始，请先把它终止。") % {"day": date_format(row.starts_on)}, field="ends_on"
            )
        row.ends_on = ends_on
        row.save()
        _record("end", row, by=by, at=at, says=gettext_noop("随单位或区划终止任职"))
        ended += 1
    return ended


def _check_not_own(user_id: int, *, by: Actor) -> None:
    if by.user_id == user_id:
        raise NotAllowed(_("自己的任职不能自己办，请由另一位平台管理员办理。"))


def _check_place(role: Role, division: Division, *, on: date) -> None:
    if len(division.code) not in TERRITORY.get(role, ()):
        raise RuleViolation(
            _("“%(role)s”的辖区不能是%(place)s，请选对应级别的区划。")
            % {"role": Role(role).label, "place": division.name},
            field="division",
        )
    if not Division.objects.valid(on).filter(pk=division.pk).exists():
        raise RuleViolation(
            _("%(place)s在任职开始那天不在用，请选在用的区划。") % {"place": division.name}, field="division"
        )


def _check_unit(role: Role, division: Division, unit: Department | None, *, on: date) -> None:
    if unit is None:
        if role in BY_UNIT or role == Role.STREET:
            raise RuleViolation(_("“%(role)s”要写明单位。") % {"role": Role(role).label}, field="unit")
        return
    if not division.code.startswith(unit.division.code):
        raise RuleViolation(
            _("%(unit)s不是%(place)s的单位。") % {"unit": unit.name, "place": division.name}, field="unit"
        )
    if role == Role.STREET and unit.street_id != division.pk:
        raise RuleViolation(_("街道（乡镇）经办的单位应是本街道办事处（乡镇政府）。"), field="unit")
    if role == Role.APPLICANT and unit.kind == Department.Kind.STREET_OFFICE:
        raise RuleViolation(_("街道办事处（乡镇政府）的经办请选角色“街道（乡镇）经办”。"), field="role")
    if not Department.objects.valid(on).filter(pk=unit.pk).exists():
        raise RuleViolation(_("%(unit)s在任职开始那天不存在，请选存续的单位。") % {"unit": unit.name}, field="unit")


def _check_once(
    user: User, role: Role, division: Division, unit: Department | None, *, starts_on: date, ends_on: date | None
) -> None:
    same = Appointment.objects.filter(user=user, role=role, division=division, unit=unit)
    if ends_on is not None:
        same = same.filter(starts_on__lte=ends_on)
    if same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)).exists():
        raise RuleViolation(_("这个账号在这段时间里已经有同样的任职。"), field="username")


def _record(verb: str, appointment: Appointment, *, by: Actor, at: datetime, says: str) -> None:
    """For the audit log only: who holds what is not in anybody's feed. The account by its number, never its name."""
    code = appointment.division.code
    events.record(
        f"communities.appointment.{verb}", target=appointment, by=by, at=at, chain=chain_of(code), in_feed=False,
        data={
            "says": says, "user": appointment.user_id, "role": appointment.role, "code": code,
            "unit": appointment.unit_id, "starts_on": appointment.starts_on.isoformat(),
            "ends_on": appointment.ends_on.isoformat() if appointment.ends_on else None,
        },
    )  # fmt: skip
