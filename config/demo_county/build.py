"""Let the year pass: every act of every case in the order of its moment, through working days, up to today."""

import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from communities.models import Division
from config.demo_county import days, foundation, receiving
from config.demo_county.cast import Cast, make_accounts
from config.demo_county.course import acts_of
from config.demo_county.days import Days
from config.demo_county.script import Script
from worklists.models import ItemList

CASES = Path(__file__).parent / "cases.csv"
OFTEN = 100

Told = Callable[[str], object]
Moment = tuple[datetime, Callable[[datetime], object]]


def build(*, now: datetime, told: Told = lambda _sentence: None) -> None:
    """The county, its lists and a year of cases that end where they stand at `now`. `told`: hears how far it is."""
    calendar = Days(now)
    opening = calendar.opening()
    told("正在建立示范县：区划、单位、账号……")
    cast = foundation.lay_out(calendar, at=opening)
    make_accounts(cast, at=opening)
    foundation.facts(cast, at=opening)
    told("正在建立示范县：指导清单和区县清单……")
    foundation.publish_lists(cast, guidance_at=opening, first_at=opening + timedelta(hours=2))
    moments = sorted(_year(cast), key=lambda moment: moment[0])
    for n, (at, act) in enumerate(moments):
        if n % OFTEN == 0:
            told(f"正在建立示范县：一年里的申请，第 {n + 1} 件事，共 {len(moments)} 件……")
        act(at)


def _year(cast: Cast) -> Iterator[Moment]:
    for case in cases(cast):
        yield from _moments(case)
    yield days.at(cast.days.ago(240), time(9, 30)), lambda at: _second_edition(cast, at)
    yield from receiving.moments(cast)


def cases(cast: Cast) -> Iterator[Script]:
    """The rows of cases.csv."""
    with CASES.open(encoding="utf-8", newline="") as lines:
        for n, row in enumerate(csv.DictReader(lines)):
            yield Script(cast, n, row)


def _moments(case: Script) -> Iterator[Moment]:
    """Backwards from the day of the last act: so many days ago, on a working day, in office hours."""
    day = case.cast.days.ago(int(case.row["days_ago"]))
    for n, (delay, act, options) in enumerate(reversed(acts_of(case))):
        yield _office_hour(day, case.n, n), _bound(act, options)
        day = case.cast.days.before(day, delay)


def _bound(act: Callable[..., None], options: dict[str, int]) -> Callable[[datetime], None]:
    return lambda at: act(at, **options)


def _office_hour(day: date, case: int, back: int) -> datetime:
    """Between nine and five; later acts of a case later in the day."""
    return days.at(day, days.CLOSING) - timedelta(minutes=back * 25 + case % 25, seconds=case)


def _second_edition(cast: Cast, at: datetime) -> None:
    """The county goes through its list again: what the procedure took off stays off, two more are dropped."""
    city = Division.objects.get(code=cast.county.code[:4])
    guidance = ItemList.objects.published().filter(owner=city)[0]
    starts_on = timezone.localtime(at).date() + timedelta(days=20)
    number = f"株天社准〔{starts_on.year}〕1号"
    foundation.adopt(cast, guidance, number=number, starts_on=starts_on, dropped=foundation.DROPPED_LATER, at=at)
