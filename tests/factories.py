"""Test data, one section an app. Use `.create()`; name only the fields that the test is about."""

from datetime import UTC, date, datetime

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from base.models import Holiday, User
from communities.models import Appointment, Community, Department, Division
from communities.roles import Actor, Role
from worklists import actions as worklists_actions
from worklists.actions import _versions
from worklists.content import ItemContent
from worklists.kinds import Category, Origin
from worklists.models import ItemList, ItemVersion, WorkItem
from worklists.rows import Row

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


# --- base --------------------------------------------------------------------------------------------------
class UserFactory(DjangoModelFactory[User]):
    """An account, which is nobody yet; it signs in with `PASSWORD`."""

    username = factory.Sequence(lambda n: f"account{n}")
    password = factory.django.Password(PASSWORD)

    class Meta:
        model = User


class HolidayFactory(DjangoModelFactory[Holiday]):
    """A day off, unless told otherwise."""

    date = date(2026, 10, 1)
    is_workday = False
    name = "国庆节"
    source = "放假通知"

    class Meta:
        model = Holiday


# --- communities -------------------------------------------------------------------------------------------
class DivisionFactory(DjangoModelFactory[Division]):
    """A county, unless told otherwise."""

    code = factory.Sequence(lambda n: f"4302{n % 100:02}")
    name = factory.LazyAttribute(lambda row: f"区划{row.code}")
    kind = factory.LazyAttribute(
        lambda row: {2: "province", 4: "city", 6: "county", 9: "street", 12: "community"}[len(row.code)]
    )

    class Meta:
        model = Division
        django_get_or_create = ("code",)


class DepartmentFactory(DjangoModelFactory[Department]):
    """A functional department of 天元区."""

    division = factory.SubFactory(DivisionFactory, code="430211", name="天元区")
    name = factory.Sequence(lambda n: f"部门{n}")

    class Meta:
        model = Department


class CommunityFactory(DjangoModelFactory[Community]):
    """The facts of a community of 嵩山路街道; say the code of the division."""

    class Params:
        code = factory.Sequence(lambda n: f"430211001{n % 200:03}")

    division = factory.SubFactory(DivisionFactory, code=factory.SelfAttribute("..code"))
    kind = Community.Kind.URBAN
    changed_at = NOW

    class Meta:
        model = Community


class AppointmentFactory(DjangoModelFactory[Appointment]):
    """A post held since the beginning of 2026; say the unit where the role needs one."""

    user = factory.SubFactory(UserFactory)
    role = Role.AUDITOR
    division = factory.SubFactory(DivisionFactory, code="430211", name="天元区")
    starts_on = date(2026, 1, 1)

    class Meta:
        model = Appointment


def actor(role: Role = Role.OFFICE, code: str = "430211", unit: Department | None = None) -> Actor:
    """Somebody who acts, without an account."""
    return Actor(None, None, role, code, unit.pk if unit else None, unit.name if unit else "测试单位")


# --- worklists ---------------------------------------------------------------------------------------------
def content(title: str = "流动人口登记管理", **fields: object) -> ItemContent:
    """What an item says."""
    return ItemContent(**{"title": title, "category": Category.ASSIST, "department_text": "公安局", **fields})


def admitted(
    owner: Division, *, scope: list[str] | None = None, starts_on: date = date(2026, 1, 1),
    ends_on: date | None = None, said: ItemContent | None = None, at: datetime = NOW, by: Actor | None = None,
    notice_number: str = "株天社准告〔2026〕1号",
) -> WorkItem:  # fmt: skip
    """An item that stands on the list by a notice."""
    return worklists_actions.admit_item(
        owner, content=said or content(), scope=scope or [owner.code], starts_on=starts_on, ends_on=ends_on,
        origin=Origin.ADMISSION, notice_number=notice_number, decided_on=starts_on, by=by or actor(), at=at,
    )  # fmt: skip


def row(seq: int, title: str, *, department: str = "公安局", category: str = "assist", **more: object) -> Row:
    """One row of a list as it is handed in."""
    return Row(line=seq + 1, seq=seq, department=department, category=category, title=title, **more)


def city_edition(
    city: Division, *titles: str, starts_on: date = date(2019, 1, 1), at: datetime = NOW, rows: list[Row] | None = None
) -> ItemList:
    """A published edition of the city's guidance list."""
    by = actor(Role.CITY, city.code)
    head = worklists_actions.Head(
        title=f"指导清单（{starts_on.year}年）", issue_number=f"株办发〔{starts_on.year}〕1号", issued_on=starts_on,
        starts_on=starts_on,
    )  # fmt: skip
    rows = rows or [row(seq, title) for seq, title in enumerate(titles, start=1)]
    draft = worklists_actions.draft_edition(city, head=head, rows=rows, by=by, at=at)
    return worklists_actions.publish_edition(draft, by=by, at=at)


def county_draft(guidance: ItemList, county: Division, *, starts_on: date, at: datetime = NOW) -> ItemList:
    """The county's draft from a city's edition."""
    head = worklists_actions.Head(
        title=f"{county.name}社区工作事项清单（{starts_on.year}年）", issue_number=f"株天办发〔{starts_on.year}〕8号",
        issued_on=starts_on, starts_on=starts_on,
    )  # fmt: skip
    return worklists_actions.adopt_edition(guidance, owner=county, head=head, by=actor(Role.OFFICE, county.code), at=at)


def county_edition(guidance: ItemList, county: Division, *, starts_on: date, at: datetime = NOW) -> ItemList:
    """The county's edition, adopted whole and published by the director."""
    draft = county_draft(guidance, county, starts_on=starts_on, at=at)
    return worklists_actions.publish_edition(draft, by=actor(Role.DIRECTOR, county.code), at=at)


def misrecorded(item: WorkItem, *, said: ItemContent, scope: list[str], starts_on: date, ends_on: date | None,
                at: datetime) -> ItemVersion:  # fmt: skip
    """The newest version of an item as if it had been recorded otherwise than it was decided (before ADR 0018)."""
    wrong = item.versions.known().order_by("in_force").last()
    _versions.close([wrong], at=at)
    draft = _versions.compose(
        item, said, in_force=DateRange(starts_on, _versions.until(ends_on)), since=at, scope=scope,
        authority=_versions.Authority(wrong.edition_id, wrong.notice_number, wrong.decided_on),
        scope_text=_versions.scope_text(item.owner, scope), ending="expired" if ends_on else "",
    )  # fmt: skip
    return _versions.write([draft])[0]
