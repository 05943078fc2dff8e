"""Divisions and the facts of communities."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events
from base.errors import RuleViolation
from base.sentences import sentence
from communities import access
from communities.access import Act
from communities.actions.posts import end_with
from communities.codes import VILLAGE_LENGTH, clean_code, clean_name, community_kind, kind_of
from communities.models import Appointment, Community, Division
from communities.roles import Actor, chain_of, parent_code

FACTS = (
    "kind", "households", "residents", "registered_population", "facility_area", "has_service_station", "phone",
)  # fmt: skip
KIND_OF_COMMUNITY = {
    Division.Kind.COMMUNITY: Community.Kind.URBAN,
    Division.Kind.VILLAGE: Community.Kind.RURAL,
}


def create_division(
    code: str, *, name: str, starts_on: date, by: Actor, at: datetime, kind: Division.Kind | None = None
) -> Division:
    """A new place, under one that exists; a community comes with its page of facts. Its kind: from the digits."""
    code, name = clean_code(code), clean_name(name)
    access.check(by, Act.CREATE_DIVISION, code)
    above = parent_code(code)
    with acts.act():
        if above and not Division.objects.valid(starts_on).filter(code=above).exists():
            raise RuleViolation(
                _("上级区划 %(code)s 还没有，或者在这一天不在用。请先建上级区划。") % {"code": above}, field="code"
            )
        division, created = Division.objects.get_or_create(
            code=code, defaults={"name": name, "kind": kind or kind_of(code), "starts_on": starts_on}
        )
        if not created:
            raise RuleViolation(
                _("区划代码 %(code)s 已经有了：%(name)s。") % {"code": code, "name": division.name}, field="code"
            )
        if len(code) == VILLAGE_LENGTH:
            _add_facts([division], at=at)
        events.record(
            "communities.division.create", target=division, by=by, at=at, chain=chain_of(code), audience=[code],
            data={"says": gettext_noop("新设区划"), "code": code, "name": name, "starts_on": starts_on.isoformat()},
        )  # fmt: skip
    return division


def close_division(
    division: Division, *, ends_on: date, by: Actor, at: datetime, successor: Division | None = None
) -> Division:
    """A place ends; who held a post there holds it no longer. What was handed to it then stays under its old code."""
    access.check(by, Act.CLOSE_DIVISION, division.code)
    with acts.act():
        locked = Division.objects.select_for_update().get(pk=division.pk)
        _check_closing(locked, ends_on=ends_on, successor=successor)
        locked.ends_on, locked.successor = ends_on, successor
        locked.save()
        ended = end_with(Appointment.objects.filter(division=locked), ends_on=ends_on, by=by, at=at)
        events.record(
            "communities.division.close", target=locked, by=by, at=at, chain=chain_of(locked.code),
            audience=[locked.code],
            data={
                "says": gettext_noop("停用区划"), "code": locked.code, "ends_on": ends_on.isoformat(),
                "successor": successor.code if successor else "", "ended_appointments": ended,
            },
        )  # fmt: skip
    return locked


def enrol_communities(county: Division, *, by: Actor, at: datetime) -> list[Community]:
    """A page of facts for each community and village of a county that has none yet. Safe to repeat.

    A place that is neither by its name nor by its code (工业园区, 生活区) is left out: nothing is guessed.
    """
    access.check(by, Act.ENROL_COMMUNITIES, county.code)
    with acts.act():
        Division.objects.select_for_update().get(pk=county.pk)
        places = Division.objects.under(county.code).valid(acts.legal_day(at)).of_level(VILLAGE_LENGTH)
        added = _add_facts(places.filter(community__isnull=True).order_by("code"), at=at)
        if added:
            says = sentence(gettext_noop("建立 %(count)s 个社区的基本情况"), count=len(added))
            events.record(
                "communities.community.enrol", target=county, by=by, at=at, chain=chain_of(county.code),
                audience=[county.code],
                data={"says": says, "added": len(added)},
            )  # fmt: skip
    return added


def record_facts(community: Community, *, by: Actor, at: datetime, seen: int | None = None, **facts: Any) -> Community:
    """What a community is and has, as the street or the office knows it (rulebook section 7). `facts`: of FACTS."""
    access.check(by, Act.RECORD_FACTS, community.division.code)
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"unknown facts: {unknown}")
    code = community.division.code
    with acts.locked(community, at=at, seen=seen) as locked:
        changed = {name: [getattr(locked, name), facts[name]] for name in facts if getattr(locked, name) != facts[name]}
        for name, (_old, new) in changed.items():
            setattr(locked, name, new)
        labels = [field.verbose_name for field in Community._meta.fields if field.name in changed]
        nothing = gettext_noop("核对社区情况，没有变化")
        says = sentence(gettext_noop("修改%(what)s"), what=labels) if labels else nothing
        events.record(
            "communities.community.record_facts", target=locked, by=by, at=locked.changed_at, chain=chain_of(code),
            audience=[code],
            data={"version": locked.version + 1, "changed": changed, "says": says},
        )  # fmt: skip
    return locked


def _check_closing(division: Division, *, ends_on: date, successor: Division | None) -> None:
    if division.ends_on is not None:
        raise RuleViolation(_("%(name)s已经停用，不用再办。") % {"name": division.name})
    if ends_on < division.starts_on:
        raise RuleViolation(_("停用日期不能早于启用日期。"), field="ends_on")
    below = Division.objects.under(division.code).exclude(pk=division.pk)
    if left := below.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on)).count():
        raise RuleViolation(_("还有 %(n)d 个下级区划在用，请先停用它们。") % {"n": left})
    office = getattr(division, "office", None)
    if office and (office.ends_on is None or office.ends_on > ends_on):
        raise RuleViolation(_("%(unit)s还在，请先撤销这个单位。") % {"unit": office.name})
    if successor is None:
        return
    if successor.pk == division.pk or len(successor.code) != len(division.code):
        raise RuleViolation(_("承继区划应是另一个同级区划。"), field="successor")
    if successor.ends_on is not None and successor.ends_on <= ends_on:
        raise RuleViolation(_("承继区划在停用日之后也不在用，请另选一个。"), field="successor")


def _add_facts(divisions: Iterable[Division], *, at: datetime) -> list[Community]:
    kinds = [
        (division, community_kind(division.name) or KIND_OF_COMMUNITY.get(Division.Kind(division.kind)))
        for division in divisions
    ]
    return Community.objects.bulk_create(
        [Community(division=division, kind=kind, changed_at=at) for division, kind in kinds if kind], batch_size=2000
    )
