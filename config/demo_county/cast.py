"""Who acts in the demo: posts of real offices, no persons. The accounts are named for their role."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from base.models import User
from communities import actions
from communities.models import Department, Division
from communities.roles import Actor, Role, system
from config.demo_county.days import Days

PASSWORD = "tianyuan-2026"  # noqa: S105  a demo county holds nothing secret; the sign-in page shows it
SINCE = date(2025, 1, 1)

# account, role, division, unit (short name), capacity
ACCOUNTS = (
    ("dept", Role.APPLICANT, "430211", "应急局", "经办"),
    ("office", Role.OFFICE, "430211", "民政局", "准入办经办"),
    ("director", Role.DIRECTOR, "430211", "", "审核委员会主任"),
    ("deputy", Role.DEPUTY, "430211", "", "审核委员会副主任"),
    ("member", Role.MEMBER, "430211", "组织部", "成员单位联络员"),
    ("street", Role.STREET, "430211001", "嵩山路街道", "经办"),
    ("community", Role.COMMUNITY, "430211001001", "", "社区经办"),
    ("auditor", Role.AUDITOR, "430211", "", "审计"),
    ("city", Role.CITY, "4302", "", "市级督办"),
    ("admin", Role.ADMIN, "430211", "", "平台管理员"),
)
SECOND_POSTS = (("dept", Role.APPLICANT, "430211", "区安委会", "议事协调机构经办"),)


@dataclass
class Cast:
    """The posts of the county, by unit and by place."""

    county: Division
    days: Days
    units: dict[str, Department] = field(default_factory=dict)
    offices: dict[int, Department] = field(default_factory=dict)
    hearings: dict[int, Any] = field(default_factory=dict)
    office: Actor = field(init=False)
    director: Actor = field(init=False)
    deputy: Actor = field(init=False)
    city: Actor = field(init=False)

    def __post_init__(self) -> None:
        rows = Department.objects.of(self.county.code).filter(ends_on__isnull=True).select_related("street")
        self.units = {row.short_name or row.name: row for row in rows}
        self.offices = {row.street_id: row for row in rows if row.street_id}
        self.office = self._at("民政局", Role.OFFICE, "准入办经办")
        code = self.county.code
        self.director = Actor(None, None, Role.DIRECTOR, code, None, self.county.name, "审核委员会主任")
        self.deputy = Actor(None, None, Role.DEPUTY, code, None, self.county.name, "审核委员会副主任")
        self.city = Actor(None, None, Role.CITY, code[:4], None, "株洲市", "市级督办")

    def _at(self, unit: str, role: Role, capacity: str) -> Actor:
        row = self.units[unit]
        return Actor(None, None, role, self.county.code, row.pk, row.name, capacity)

    def applicant(self, unit: Department) -> Actor:
        """Who files for a unit: its clerk, or the clerk of a street's office."""
        if unit.street:
            return Actor(None, None, Role.STREET, unit.street.code, unit.pk, unit.name, "经办")
        return Actor(None, None, Role.APPLICANT, self.county.code, unit.pk, unit.name, "经办")

    def substitute(self, unit: Department) -> Actor:
        """The member unit that does the office's work."""
        return Actor(None, None, Role.MEMBER, self.county.code, unit.pk, unit.name, "成员单位联络员")

    def body(self, division: Division) -> Actor:
        """Who answers for a street or a community."""
        if len(division.code) == len("430211001"):
            unit = self.offices[division.pk]
            return Actor(None, None, Role.STREET, division.code, unit.pk, unit.name, "经办")
        return Actor(None, None, Role.COMMUNITY, division.code, None, division.name, "社区经办")


def make_accounts(cast: Cast, *, at: datetime) -> None:
    """An account for each role, and a second post for one of them, so that switching can be tried."""
    password = make_password(PASSWORD)  # hashed once: it is the same for all, and no secret
    made = {name: _account(name, password) for name, *_post in ACCOUNTS}
    for name, role, code, unit, capacity in (*ACCOUNTS, *SECOND_POSTS):
        actions.appoint(
            made[name],
            role=role,
            division=Division.objects.get(code=code),
            unit=cast.units[unit] if unit else None,
            capacity=capacity,
            starts_on=SINCE,
            by=system(),
            at=at,
        )


def _account(name: str, password: str) -> User:
    return User.objects.create(
        username=name, email=f"{name}@example.invalid", password=password, is_staff=name == "admin"
    )
