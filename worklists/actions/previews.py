"""A list read from a file, looked at row by row before anything is saved of it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from base import acts
from base.errors import RuleViolation
from communities.models import Division, ImportRun
from communities.roles import Actor
from worklists import access, departments
from worklists.access import Act
from worklists.actions import _beside, editions, outlook
from worklists.models import ItemList
from worklists.rows import Reading, Row

GUIDANCE_LIST = "guidance_list"


def preview_edition(owner: Division, *, head: editions.Head, reading: Reading, by: Actor, at: datetime) -> ImportRun:
    """Keep what was read from a file, so that it can be looked at row by row. No list changes."""
    access.check(by, Act.DRAFT_EDITION, owner.code)
    days = {
        key: day.isoformat() if day else None
        for key, day in (("issued_on", head.issued_on), ("starts_on", head.starts_on))
    }
    report = {"head": {**asdict(head), **days}, "rows": [asdict(row) for row in reading.rows], "empty": reading.empty}
    return ImportRun.objects.create(
        what=GUIDANCE_LIST, county=owner.code, rows=len(reading.rows), report=report, started_by=by.label, started_at=at
    )


def previewed(run: ImportRun) -> tuple[editions.Head, Reading]:
    """The cover and the rows that a preview keeps."""
    head = dict(run.report["head"])
    for key in ("issued_on", "starts_on"):
        head[key] = date.fromisoformat(head[key]) if head[key] else None
    rows = tuple(Row.of(row) for row in run.report["rows"])
    return editions.Head(**head), Reading(rows, tuple(run.report["empty"]))


def looked_at(run: ImportRun, *, today: date) -> tuple[editions.Head, Reading, outlook.Outlook]:
    """The cover, the rows with all that would be refused when they are confirmed, and what they do to the list."""
    head, reading = previewed(run)
    owner = Division.objects.get(code=run.county)
    cover = editions.cover(owner, head=head, based_on=editions.newest_guidance(owner), at=run.started_at)
    checked = Reading(_placed(cover, _beside.decided(cover, reading.rows), today=today), reading.empty)
    return head, checked, outlook.of_rows(cover, checked.good, today=today)


def _placed(cover: ItemList, rows: Sequence[Row], *, today: date) -> tuple[Row, ...]:
    """The rows of a county, those whose department no unit of it answers to with that among their notes."""
    if cover.kind != ItemList.Kind.COUNTY:
        return tuple(rows)
    units = departments.mapping(cover.owner.code, (row.department for row in rows), on=cover.starts_on or today)
    unknown = _("没有找到叫“%s”的单位，请核对名称；名称没错的，请平台管理员在单位里补上别名。")
    return tuple(
        row if units[row.department] or row.errors else replace(row, notes=(*row.notes, unknown % row.department))
        for row in rows
    )


def number_preview(run: ImportRun, *, issue_number: str, by: Actor, at: datetime) -> ImportRun:
    """The number of the document that issues the list, put on the cover of a preview: it decides the additions."""
    access.check(by, Act.DRAFT_EDITION, run.county)
    with acts.act():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        _check_open(locked)
        locked.report = {**locked.report, "head": {**locked.report["head"], "issue_number": issue_number}}
        locked.save(update_fields=["report"])
    return locked


def confirm_preview(run: ImportRun, *, by: Actor, at: datetime) -> ItemList:
    """The rows without errors become a draft edition. Raises RuleViolation the second time."""
    with acts.act():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        _check_open(locked)
        head, reading, _effect = looked_at(locked, today=acts.legal_day(at))
        owner = Division.objects.get(code=locked.county)
        edition = editions.draft_edition(owner, head=head, rows=reading.good, by=by, at=at)
        locked.state, locked.done, locked.finished_at = ImportRun.State.DONE, len(reading.good), at
        locked.save(update_fields=["state", "done", "finished_at"])
    return edition


def _check_open(run: ImportRun) -> None:
    if run.state != ImportRun.State.PREVIEW:
        raise RuleViolation(_("这次导入已经办过。请到“清单版次”里看草案。"))
