"""A list read from a file, looked at row by row before anything is saved of it."""

from dataclasses import asdict
from datetime import date, datetime

from django.utils.translation import gettext as _

from base import acts
from base.errors import RuleViolation
from communities.models import Division, ImportRun
from communities.roles import Actor
from worklists import access
from worklists.access import Act
from worklists.actions import editions
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


def confirm_preview(run: ImportRun, *, by: Actor, at: datetime) -> ItemList:
    """The rows without errors become a draft edition. Raises RuleViolation the second time."""
    with acts.act():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != ImportRun.State.PREVIEW:
            raise RuleViolation(_("这次导入已经办过。请到“清单版次”里看草案。"))
        head, reading = previewed(locked)
        owner = Division.objects.get(code=locked.county)
        edition = editions.draft_edition(owner, head=head, rows=reading.good, by=by, at=at)
        locked.state, locked.done, locked.finished_at = ImportRun.State.DONE, len(reading.good), at
        locked.save(update_fields=["state", "done", "finished_at"])
    return edition
