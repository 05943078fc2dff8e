"""One county made by the acts alone: the demo county's places and lists, fifty more items, one finished application."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from admission.procedure import State
from communities.models import Division
from communities.roles import STREET
from config.demo_county import build, days, foundation
from config.demo_county.cast import Cast, make_accounts
from config.demo_county.course import acts_of
from config.demo_county.days import Days
from worklists import actions
from worklists.content import ItemContent
from worklists.kinds import Category, Ending, Origin
from worklists.models import WorkItem

CODE = "430211"
BUREAU = "应急局"
ADMITTED = 50
COMMUNITY = 12
IN_FORCE, RECORDED = 500, 360  # days ago: the additional items
CHANGED, CHANGE_RECORDED = 100, 120  # days ago: those of them that were changed or ended


def lay_out() -> None:
    """Everything in one transaction, in an empty database or beside other divisions."""
    calendar = Days(timezone.now())
    opening = calendar.opening()
    with transaction.atomic():
        cast = foundation.lay_out(calendar, at=opening)
        make_accounts(cast, at=opening)
        foundation.publish_lists(cast, guidance_at=opening, first_at=opening + timedelta(hours=2))
        items = [_admit(cast, n) for n in range(ADMITTED)]
        for n, item in enumerate(items[::3]):
            _amend(cast, item, 3 * n)
        for item in items[1:16:3]:
            _retire(cast, item)
        _take_one_to_the_end(cast)


def _admit(cast: Cast, n: int) -> WorkItem:
    day = cast.days.ago(IN_FORCE)
    return actions.admit_item(
        cast.county, content=_content(cast, n, "每月走访一次。"), scope=_scope(cast, n), starts_on=day, ends_on=None,
        origin=Origin.ADMISSION, notice_number=_number(n), decided_on=day, by=cast.office, at=_morning(cast, RECORDED),
    )  # fmt: skip


def _amend(cast: Cast, item: WorkItem, n: int) -> None:
    actions.amend_item(
        item, content=_content(cast, n, "每季度走访一次。"), scope=_scope(cast, n), starts_on=cast.days.ago(CHANGED),
        ends_on=None, notice_number=_number(ADMITTED + n), decided_on=cast.days.ago(CHANGE_RECORDED), by=cast.office,
        at=_morning(cast, CHANGE_RECORDED),
    )  # fmt: skip


def _retire(cast: Cast, item: WorkItem) -> None:
    day = cast.days.ago(CHANGED)
    actions.retire_item(item, ends_on=day, ending=Ending.COMPLETED, by=cast.office, at=_morning(cast, CHANGE_RECORDED))


def _content(cast: Cast, n: int, does: str) -> ItemContent:
    return ItemContent(
        title=f"第{n + 1}类场所安全隐患排查登记", category=Category.ASSIST, department_text=BUREAU,
        department_id=cast.units[BUREAU].pk, does=does, does_not="不承担行政执法和处罚。", basis="《安全生产法》",
    )  # fmt: skip


def _scope(cast: Cast, n: int) -> list[str]:
    """Of five items one reaches some streets, one some communities, the others the whole county."""
    inside = Division.objects.under(cast.county.code).order_by("code")
    match n % 5:
        case 1:
            return list(inside.of_level(STREET).values_list("code", flat=True)[n % 2 :: 2])
        case 2:
            return list(inside.of_level(COMMUNITY).values_list("code", flat=True)[n % 20 :: 20])
        case _:
            return [cast.county.code]


def _number(n: int) -> str:
    return f"株天社准告〔2025〕{n + 1}号"


def _morning(cast: Cast, ago: int) -> datetime:
    return days.at(cast.days.ago(ago), time(10, 0))


def _take_one_to_the_end(cast: Cast) -> None:
    """The first case of the demo that is filed in the end, act by act, the last of them some days ago."""
    case = next(case for case in build.cases(cast) if case.until is State.FILED)
    day, moments = cast.days.ago(5), []
    for delay, act, options in reversed(acts_of(case)):
        moments.append((day, act, options))
        day = cast.days.before(day, delay)
    for n, (on, act, options) in enumerate(reversed(moments)):
        act(days.at(on, time(9, 0)) + timedelta(minutes=n), **options)
