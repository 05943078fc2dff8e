"""Roles and the actor: who acts, in what capacity, for which unit, over which territory. Pure."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.text import in_chinese

LEVEL_LENGTHS = (2, 4, 6, 9, 12)
ABOVE = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}  # length of a code -> length of the code one level up
CITY = 4
COUNTY = 6
STREET = 9


class Role(models.TextChoices):
    """The capacities in which people act (rulebook section 3, decisions: Roles)."""

    APPLICANT = "applicant", _("部门经办")
    STREET = "street", _("街道（乡镇）经办")
    COMMUNITY = "community", _("社区")
    OFFICE = "office", _("审核委员会办公室经办")
    DIRECTOR = "director", _("审核委员会主任")
    DEPUTY = "deputy", _("审核委员会副主任")
    MEMBER = "member", _("成员单位")
    ALTERNATE = "alternate", _("成员单位替补")
    CITY = "city", _("市级督办")
    AUDITOR = "auditor", _("审计")
    HR = "hr", _("人社")
    WORKER = "worker", _("社区工作者")
    ADMIN = "admin", _("平台管理员")
    SYSTEM = "system", _("外部系统")


DECIDERS = frozenset({Role.DIRECTOR, Role.DEPUTY})
MEMBERS = frozenset({Role.MEMBER, Role.ALTERNATE})
APPLICANTS = frozenset({Role.APPLICANT, Role.STREET})
BY_UNIT = frozenset({Role.APPLICANT, Role.OFFICE, Role.MEMBER, Role.ALTERNATE})

# How long the code of the territory may be in which a role is held.
TERRITORY: dict[Role, tuple[int, ...]] = {
    Role.APPLICANT: (6,),
    Role.STREET: (9,),
    Role.COMMUNITY: (12,),
    Role.OFFICE: (6,),
    Role.DIRECTOR: (6,),
    Role.DEPUTY: (6,),
    Role.MEMBER: (6,),
    Role.ALTERNATE: (6,),
    Role.CITY: (4,),
    Role.AUDITOR: (2, 4, 6),
    Role.HR: (6,),
    Role.WORKER: (9, 12),
    Role.ADMIN: (2, 4, 6),
}


def lineage(code: str) -> list[str]:
    """A division code and the codes of all that contain it: 430211001 -> 43, 4302, 430211, 430211001."""
    return [code[:length] for length in LEVEL_LENGTHS if length <= len(code)]


def parent_code(code: str) -> str:
    """The code of the division one level up; "" for a province."""
    return code[: ABOVE[len(code)]]


def chain_of(code: str) -> str:
    """The event chain that keeps what happens in a place: its county's, its city's, else the platform's ("")."""
    return code[:COUNTY] if len(code) >= CITY else ""


def inbox(role: str, code: str, unit_id: int | None) -> str:
    """Where messages for a post arrive: they outlive the person who holds it. "street:430211001", "applicant:17"."""
    return f"{role}:{unit_id}" if role in BY_UNIT else f"{role}:{code}"


@dataclass(frozen=True)
class Actor:
    """Somebody who acts under one appointment (or an external system). `code` is the territory's division code."""

    user_id: int | None
    appointment_id: int | None
    role: Role
    code: str
    unit_id: int | None
    unit_name: str
    capacity: str = ""
    succeeds: frozenset[int] = frozenset()

    @property
    def units(self) -> frozenset[int]:
        """The units whose affairs are this actor's: the own one, and those that were abolished in its favour."""
        return frozenset() if self.unit_id is None else self.succeeds | {self.unit_id}

    @property
    def county(self) -> str:
        """The county (tenant) of this actor; shorter for a city's or the platform's actor."""
        return self.code[:COUNTY]

    @property
    def lineage(self) -> list[str]:
        """Own code and all above it."""
        return lineage(self.code)

    @property
    def label(self) -> str:
        """For audit lines and pages: unit and capacity, never a person's name."""
        return f"{self.unit_name} · {self.capacity or in_chinese(self.role.label)}"

    @property
    def inbox(self) -> str:
        """The inbox of the post."""
        return inbox(self.role, self.code, self.unit_id)

    def covers(self, code: str) -> bool:
        """Does this actor's territory contain the division?"""
        return code.startswith(self.code)

    def within(self, code: str) -> bool:
        """Does the division contain this actor's territory?"""
        return self.code.startswith(code)


def system(county: str = "") -> Actor:
    """The actor of scheduled tasks and commands."""
    return Actor(None, None, Role.SYSTEM, county, None, "平台", "定时任务")
