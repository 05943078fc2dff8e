"""A year's holiday notice from a file: `manage.py import_holidays 2027.csv --year 2027 --source "国务院办公厅……"`.

`--official` takes those that the portal carries (base/data), at the installation and after every upgrade.
"""

import csv
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from base import calendar
from base.calendar import Notice, SpecialDay
from base.errors import RuleViolation
from base.text import decode, one_line

COLUMNS = ("date", "is_workday", "name")
WORKDAY = {"1": True, "是": True, "true": True, "0": False, "否": False, "false": False}


@dataclass(frozen=True)
class Console:
    """Whoever runs a command on the server."""

    user_id: int | None = None
    label: str = "平台 · 命令行"
    role: str = "system"
    code: str = ""


class Command(BaseCommand):
    help = "Load a year's holiday notice (CSV in UTF-8 or GBK: date,is_workday,name), or those we carry. Repeatable."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, the year it is for, and where it comes from; or none of them."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("path", type=Path, nargs="?")
        what.add_argument("--official", action="store_true", help="the years we carry that nobody has entered yet")
        parser.add_argument("--year", type=int, help="the year that the notice arranges")
        parser.add_argument("--source", help="title, number and date of the notice")
        parser.add_argument("--published-on", type=date.fromisoformat, help="the day of the notice")

    def handle(self, *_args: Any, path: Path | None, year: int | None, source: str | None, **options: Any) -> None:
        """All of the file or nothing: every wrong row is named first."""
        if path is None:
            self._official()
            return
        if year is None or not source:
            raise CommandError(_("请用 --year 写明是哪一年的安排，用 --source 写明放假通知的标题和文号。"))
        try:
            days = read(path)
            notice = Notice(year, source, options["published_on"], tuple(days))
            changed = calendar.enter_notice(notice, by=Console(), at=timezone.now())
        except (RuleViolation, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(year)s 年的安排共 %(all)s 天，新增或改动 %(changed)s 天。")
            % {"year": year, "all": len(days), "changed": len(changed.days)}
        )

    def _official(self) -> None:
        """A year that has been entered stays as people have made it."""
        years = sorted(calendar.load_official(by=Console(), at=timezone.now()).years)
        if years:
            self.stdout.write(_("导入了%s年的放假安排。") % _("、").join(str(year) for year in years))
        else:
            self.stdout.write(_("平台自带的放假安排都已经有了，没有改动。"))


class BadRows(RuleViolation):
    """The rows that cannot be read, a sentence each."""


def read(path: Path) -> list[SpecialDay]:
    """The days of a file. Raises BadRows, NotText."""
    reader = csv.DictReader(decode(path.read_bytes()).splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise BadRows(_("缺少列：%s。第一行应为 date,is_workday,name。") % "、".join(missing))
    days: dict[date, SpecialDay] = {}
    wrong: list[str] = []
    for row in reader:
        try:
            day = _day(row, seen=days)
            days[day.on] = day
        except ValueError as error:
            wrong.append(_("第 %(line)s 行：%(why)s。") % {"line": reader.line_num, "why": error})
    if wrong or not days:
        raise BadRows("\n".join(wrong) or _("文件里没有一天，请检查。"))
    return list(days.values())


def _day(row: dict[str, str | None], *, seen: Container[date]) -> SpecialDay:
    on, is_workday, name = (one_line(row[column] or "") for column in COLUMNS)
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise ValueError(_("日期“%s”应写成 2027-01-01 的样子") % on) from error
    if day in seen:
        raise ValueError(_("日期 %s 重复") % on)
    if is_workday.lower() not in WORKDAY:
        raise ValueError(_("is_workday“%s”应为 1（上班）或 0（放假）") % is_workday)
    if not name:
        raise ValueError(_("没有写名称"))
    return SpecialDay(day, WORKDAY[is_workday.lower()], name[:40])
