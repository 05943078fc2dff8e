"""Departments, coordinating bodies and street offices: set up, closed with a successor, known by older names (A-30)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events
from base.errors import RuleViolation
from base.sentences import sentence
from communities import access
from communities.access import Act
from communities.actions.posts import end_with
from communities.codes import clean_name
from communities.models import Appointment, Department, Division
from communities.roles import COUNTY, Actor, Role, chain_of


def create_department(
    county: Division,
    *,
    name: str,
    starts_on: date,
    by: Actor,
    at: datetime,
    kind: Department.Kind = Department.Kind.DEPARTMENT,
    short_name: str = "",
    aliases: Sequence[str] = (),
    street: Division | None = None,
    hosts_office: bool = False,
    ends_on: date | None = None,
    successor: Department | None = None,
) -> Department:
    """A unit of a county. One that is gone already is entered with its end and successor, so that old lists find it."""
    access.check(by, Act.CREATE_DEPARTMENT, county.code)
    names = [clean_name(text) for text in (name, *filter(None, [short_name]), *aliases)]
    asked = dict.fromkeys(names, "aliases") | ({names[1]: "short_name"} if short_name else {}) | {names[0]: "name"}
    _check_kind(county, kind, street)
    if ends_on is not None and ends_on < starts_on:
        raise RuleViolation(_("撤销日期不能早于设立日期。"), field="ends_on")
    with acts.act():
        Division.objects.select_for_update().get(pk=county.pk)  # one at a time: two could take the same name
        _check_names(county, asked, starts_on=starts_on, ends_on=ends_on)
        host = Department.objects.of(county.code).filter(hosts_office=True, ends_on__isnull=True).first()
        if hosts_office and host and ends_on is None:
            raise RuleViolation(_("审核委员会办公室已经设在%(unit)s，一个区县只有一个。") % {"unit": host.name})
        _check_successor(county, successor, ends_on=ends_on)
        department = Department.objects.create(
            division=county, kind=kind, name=names[0], short_name=short_name and names[1],
            aliases=names[2 if short_name else 1 :], street=street, hosts_office=hosts_office,
            starts_on=starts_on, ends_on=ends_on, successor=successor,
        )  # fmt: skip
        _record("create", department, by=by, at=at, says=gettext_noop("设立单位"))
    return department


def close_department(
    department: Department, *, ends_on: date, by: Actor, at: datetime, successor: Department | None = None
) -> Department:
    """A unit ends. Its posts end with it; its successor hosts the office where it did, and answers for its items."""
    access.check(by, Act.CLOSE_DEPARTMENT, department.division.code)
    with acts.act():
        county = Division.objects.select_for_update().get(pk=department.division_id)
        locked = Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
        if locked.ends_on is not None:
            raise RuleViolation(_("%(unit)s已经撤销，不用再办。") % {"unit": locked.name})
        if ends_on < locked.starts_on:
            raise RuleViolation(_("撤销日期不能早于设立日期。"), field="ends_on")
        if successor is not None and successor.pk == locked.pk:
            raise RuleViolation(_("承继单位应是另一个单位。"), field="successor")
        _check_successor(county, successor, ends_on=ends_on)
        locked.ends_on, locked.successor = ends_on, successor
        locked.save()
        _pass_on_office(locked, successor)
        end_with(Appointment.objects.filter(unit=locked), ends_on=ends_on, by=by, at=at)
        _record("close", locked, by=by, at=at, says=gettext_noop("撤销单位"))
    return locked


def host_office(department: Department, *, by: Actor, at: datetime) -> Department:
    """The committee's office sits at this unit from now on. Where it sat elsewhere, its posts there end today."""
    access.check(by, Act.HOST_OFFICE, department.division.code)
    today = acts.legal_day(at)
    with acts.act():
        county = Division.objects.select_for_update().get(pk=department.division_id)
        locked = Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
        if len(county.code) != COUNTY or locked.kind == Department.Kind.STREET_OFFICE:
            raise RuleViolation(_("审核委员会办公室只能设在区县的部门或者议事协调机构。"), field="unit")
        if locked.ends_on is not None or locked.starts_on > today:
            raise RuleViolation(
                _("%(unit)s还没有设立或者已定撤销，请选存续的单位。") % {"unit": locked.name}, field="unit"
            )
        standing = Department.objects.of(county.code).filter(hosts_office=True)
        before = list(standing.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)).select_for_update(of=("self",)))
        if locked in before:
            raise RuleViolation(_("审核委员会办公室已经设在%(unit)s，不用再办。") % {"unit": locked.name}, field="unit")
        for unit in before:
            unit.hosts_office = False
            unit.save()
        end_with(Appointment.objects.filter(role=Role.OFFICE, unit__in=before), ends_on=today, by=by, at=at)
        locked.hosts_office = True
        locked.save()
        _record("host_office", locked, by=by, at=at, says=gettext_noop("审核委员会办公室设在本单位"))
    return locked


def add_alias(department: Department, *, alias: str, by: Actor, at: datetime) -> Department:
    """One more name under which lists print this unit."""
    access.check(by, Act.ADD_ALIAS, department.division.code)
    alias = clean_name(alias)
    with acts.act():
        county = Division.objects.select_for_update().get(pk=department.division_id)
        locked = Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
        _check_names(county, {alias: "alias"}, starts_on=locked.starts_on, ends_on=locked.ends_on)
        locked.aliases = [*locked.aliases, alias]
        locked.save()
        says = sentence(gettext_noop("增加别名“%(alias)s”"), alias=alias)
        _record("add_alias", locked, by=by, at=at, says=says)
    return locked


def _check_kind(county: Division, kind: Department.Kind, street: Division | None) -> None:
    if (kind == Department.Kind.STREET_OFFICE) != (street is not None):
        raise RuleViolation(_("街道办事处（乡镇政府）要写明所在街道，其他单位不写。"), field="street")
    if street is not None and not street.code.startswith(county.code):
        raise RuleViolation(
            _("%(street)s不在%(county)s。") % {"street": street.name, "county": county.name}, field="street"
        )


def _check_names(county: Division, asked: dict[str, str], *, starts_on: date, ends_on: date | None) -> None:
    """A name must find one unit on any day, else an import could not tell whom a line means. `asked`: the names, each
    with the field that asks for it."""
    names = list(asked)
    same_time = Department.objects.of(county.code).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        same_time = same_time.filter(starts_on__lte=ends_on)
    taken = same_time.filter(Q(name__in=names) | Q(short_name__in=names) | Q(aliases__overlap=names)).first()
    if taken is not None:
        name = next(text for text in names if text in {taken.name, taken.short_name, *taken.aliases})
        raise RuleViolation(
            _("“%(name)s”已经是%(unit)s的名称、简称或别名，请换一个。") % {"name": name, "unit": taken.name},
            field=asked[name],
        )


def _check_successor(county: Division, successor: Department | None, *, ends_on: date | None) -> None:
    if successor is None:
        return
    if ends_on is None:
        raise RuleViolation(_("存续的单位没有承继单位。"))
    if successor.division_id != county.pk:
        raise RuleViolation(_("承继单位应是本区县的单位。"), field="successor")
    if successor.ends_on is not None and successor.ends_on <= ends_on:
        raise RuleViolation(_("承继单位自己也已经撤销，请写现在承担职责的单位。"), field="successor")


def _pass_on_office(closed: Department, successor: Department | None) -> None:
    if not closed.hosts_office:
        return
    if successor is None:
        raise RuleViolation(_("审核委员会办公室设在本单位，撤销时要写明承继单位。"), field="successor")
    ended, following = closed, Department.objects.select_for_update(of=("self",))
    while ended.ends_on is not None:
        if ended.successor_id is None:
            raise RuleViolation(
                _("%(unit)s也要撤销，又没有承继单位，不能接办公室。") % {"unit": ended.name}, field="successor"
            )
        heir = following.get(pk=ended.successor_id)
        if heir.starts_on > ended.ends_on + timedelta(days=1):
            raise RuleViolation(
                _("%(unit)s那时还没有设立，办公室会没有地方。") % {"unit": heir.name}, field="successor"
            )
        heir.hosts_office = True
        heir.save()
        ended = heir


def _record(verb: str, department: Department, *, by: Actor, at: datetime, says: str) -> None:
    code = department.division.code
    events.record(
        f"communities.department.{verb}", target=department, by=by, at=at, chain=chain_of(code), audience=[code],
        data={
            "says": says, "name": department.name, "short_name": department.short_name, "aliases": department.aliases,
            "starts_on": department.starts_on.isoformat(), "successor": department.successor_id,
            "ends_on": department.ends_on.isoformat() if department.ends_on else None,
            "hosts_office": department.hosts_office,
        },
    )  # fmt: skip
