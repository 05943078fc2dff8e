"""Document numbers (发文字号): gapless for each owner, kind and year, given out in the transaction of the act itself.

The lock on the series row is held until that transaction ends: one that rolls back gives its number back.
"""

import re
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events
from base.errors import RuleViolation
from base.models import DocumentNumber, NumberSeries
from base.sentences import sentence

RUNNING = re.compile(r"\{n(?::0(\d))?\}")  # {n}, or {n:04} for leading zeros
MARKUP = re.compile(r"""[<>&"'`\\]""")  # a number is plain text wherever it is printed
LONGEST = DocumentNumber._meta.get_field("text").max_length or 0
LONGEST_REASON = DocumentNumber._meta.get_field("void_reason").max_length or 0


class BadWording(RuleViolation):
    """A wording from which no series of numbers can be made."""


class NumberTaken(RuleViolation):
    """Two series with the same wording came to the same number."""


class CannotVoid(RuleViolation):
    """This number cannot be made void."""


def next_number(owner: str, kind: str, *, wording: str, on: date, at: datetime) -> DocumentNumber:
    """The next number of a series, in a wording like "株天社准告〔{year}〕{n}号".

    `on`: the legal day, by the calendar of the county, whose year counts.
    Needs a transaction. Raises BadWording, NumberTaken.
    """
    [number] = next_numbers(owner, kind, count=1, wording=wording, on=on, at=at)
    return number


def next_numbers(owner: str, kind: str, *, count: int, wording: str, on: date, at: datetime) -> list[DocumentNumber]:
    """Several numbers of a series that follow one another: as many statements as for one."""
    if isinstance(on, datetime):
        raise TypeError("`on` is a legal day (base.acts.legal_day), not a moment")
    check_wording(wording)
    series = _locked_series(owner, kind, on.year)
    places = range(series.last + 1, series.last + 1 + count)
    texts = {place: worded(wording, year=on.year, n=place) for place in places}
    if taken := DocumentNumber.objects.filter(text__in=texts.values()).first():
        raise NumberTaken(_("编号“%s”已经用过，请联系平台管理员检查编号格式是否与另一种文书相同。") % taken.text)
    series.last += count
    series.save(update_fields=["last"])
    return DocumentNumber.objects.bulk_create(
        DocumentNumber(series=series, seq=place, text=text, issued_at=at) for place, text in texts.items()
    )


def _locked_series(owner: str, kind: str, year: int) -> NumberSeries:
    rows = NumberSeries.objects.select_for_update().filter(owner=owner, kind=kind, year=year)
    series = rows.first()
    if series is None:
        NumberSeries.objects.bulk_create([NumberSeries(owner=owner, kind=kind, year=year)], ignore_conflicts=True)
        series = rows.get()
    return series


def void(number: DocumentNumber, *, by: events.Doer, at: datetime, reason: str) -> DocumentNumber:
    """作废: the number stays in the register and is never used again. Raises CannotVoid."""
    with acts.act():
        row = DocumentNumber.objects.select_for_update(of=("self",)).select_related("series").get(pk=number.pk)
        if row.void_reason:
            raise CannotVoid(_("编号“%s”已经作废，不用再作废。") % row.text)
        if not reason.strip():
            raise CannotVoid(_("请写明作废的原因。"))
        row.void_reason = reason.strip()[:LONGEST_REASON]
        row.save(update_fields=["void_reason"])
        says = sentence(gettext_noop("作废编号“%(number)s”：%(why)s"), number=row.text, why=row.void_reason)
        events.record(
            "base.documentnumber.void",
            target=row,
            by=by,
            at=at,
            chain=row.series.owner,
            data={"says": says},
            audience=[row.series.owner],
        )
    return row


def check_wording(wording: str) -> None:
    """Does each number of the year come out different, and short enough to be kept? Raises BadWording."""
    if len(RUNNING.findall(wording)) != 1 or wording.count("{year}") != 1:
        raise BadWording(_("编号格式里要有一个 {year}（年份）和一个 {n}（顺序号），例如“准告〔{year}〕{n}号”。"))
    if MARKUP.search(wording):
        raise BadWording(_("编号格式只写文字、数字和括号，不能有 < > & 和引号这类符号。"))
    if re.search(r"[{}]", worded(wording, year=0, n=0)):
        raise BadWording(_("编号格式里除 {year} 和 {n} 以外不能有花括号。"))
    if len(worded(wording, year=9999, n=999_999)) > LONGEST:
        raise BadWording(_("编号格式太长，编号不能超过 %s 个字。") % LONGEST)


def same_series(one: str, other: str) -> bool:
    """Would two wordings come to the same numbers?"""
    return RUNNING.sub("{n}", one.strip()) == RUNNING.sub("{n}", other.strip())


def worded(wording: str, *, year: int, n: int) -> str:
    """The number as it is printed. Only the two places are filled: a wording is a setting, not a program."""
    filled = RUNNING.sub(lambda place: str(n).zfill(int(place[1] or 0)), wording)
    return filled.replace("{year}", str(year))
