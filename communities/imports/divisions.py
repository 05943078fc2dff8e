"""Divisions from a file: looked at first, then taken over with progress and a report; safe to repeat.

A run goes upload -> check (nothing is saved) -> confirm -> carry out; the command and the demo do it in one go.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from django.core.files.base import File
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events, files
from base.errors import RuleViolation
from base.sentences import sentence
from communities import access
from communities.access import Act
from communities.actions import enrol_communities
from communities.imports.reading import Refused, Row, read
from communities.imports.staging import Staged, Told, staged, take_over
from communities.models import Division, ImportRun
from communities.roles import COUNTY, Actor, chain_of, system

WHAT = "divisions"
TABLES = frozenset({".csv", ".txt"})
LARGEST = 64 * 1024 * 1024  # all of China is 38 MB
IN_A_LINE = 1_000
Changes = list[tuple[str, str, str]]
LOCK = "SELECT pg_try_advisory_lock(%s, %s)"
UNLOCK = "SELECT pg_advisory_unlock(%s, %s)"
LOCK_SPACE = 430211  # ours among the advisory locks of the database


def upload(file: File, *, by: Actor, at: datetime, level: int | None = None) -> ImportRun:
    """Keep the file; nothing is read into the divisions before somebody has looked at the check."""
    access.check(by, Act.IMPORT_DIVISIONS, by.code)
    with acts.act():
        kept = files.keep(file, by=by, at=at, county=chain_of(by.code), allowed=TABLES, limit=LARGEST)
        return ImportRun.objects.create(
            what=WHAT, county=by.code, file=kept, state=ImportRun.State.PREVIEW, report={"level": level},
            started_by=by.label, started_at=at, appointment_id=by.appointment_id,
        )  # fmt: skip


def check(run: ImportRun, *, at: datetime) -> ImportRun:
    """Read the file and compare: what would be new, changed, refused. Saves no division."""
    with _failing(run, at=at), files.open_content(_file(run)) as stream:
        rows = read(stream, level=run.report.get("level"))
        with staged(rows, territory=run.county, told=_progress(run)) as found:
            run.rows, run.report = found.rows, {**run.report, **_said(found)}
        run.save()
    return run


def confirm(run: ImportRun, *, by: Actor, at: datetime) -> ImportRun:
    """Whoever has seen the check lets it run. The scheduler (or a worker woken up) carries it out."""
    access.check(by, Act.IMPORT_DIVISIONS, run.county)
    with acts.act():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != ImportRun.State.PREVIEW or "new" not in locked.report:
            raise RuleViolation(_("这次导入已经办过，或者还没有检查完。请刷新页面看看现在的状态。"))
        if not importable(locked):
            raise RuleViolation(_("文件里没有一行可以导入，请改好文件再传一次。"))
        locked.state, locked.started_at, locked.started_by = ImportRun.State.RUNNING, at, by.label
        locked.appointment_id = by.appointment_id
        locked.save()
    return locked


def importable(run: ImportRun) -> int:
    """How many rows of a checked file can be taken."""
    return sum(run.report.get(what, 0) for what in ("new", "changed", "same"))


def discard(run: ImportRun, *, by: Actor, at: datetime) -> ImportRun:
    """Whoever has seen the check leaves it."""
    access.check(by, Act.IMPORT_DIVISIONS, run.county)
    with acts.act():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != ImportRun.State.PREVIEW:
            raise RuleViolation(_("这次导入已经办过，不能放弃。"))
        locked.state, locked.finished_at = ImportRun.State.FAILED, at
        locked.report = {**locked.report, "error": _("已放弃，没有导入任何一行。")}
        locked.save()
    return locked


def carry_out(run: ImportRun, *, at: datetime) -> ImportRun:
    """Take a confirmed file over. One that was broken off is simply done again."""
    by = run.appointment.actor() if run.appointment else system(run.county)
    with _failing(run, at=at), files.open_content(_file(run)) as stream:
        _import(run, read(stream, level=run.report.get("level")), by=by, at=at, told=_progress(run))
    return run


def import_divisions(
    stream: IO[bytes], *, by: Actor, at: datetime, level: int | None = None, told: Told = lambda _done: None
) -> ImportRun:
    """A whole file in one go: for commands and the demo. Raises RuleViolation for a file that is no such table."""
    access.check(by, Act.IMPORT_DIVISIONS, by.code)
    rows = read(stream, level=level)
    run = ImportRun.objects.create(
        what=WHAT, county=by.code, state=ImportRun.State.RUNNING, report={"level": level},
        started_by=by.label, started_at=at, appointment_id=by.appointment_id,
    )  # fmt: skip
    return _import(run, rows, by=by, at=at, told=told)


def proceed(run: ImportRun, *, at: datetime) -> None:
    """The next thing to do with a run, unless another worker is at it."""
    with _alone(run) as mine:
        if not mine:
            return
        run.refresh_from_db()
        if run.state == ImportRun.State.PREVIEW:
            check(run, at=at)
        elif run.state == ImportRun.State.RUNNING:
            carry_out(run, at=at)


def waiting() -> Iterator[ImportRun]:
    """The runs that a worker should see to: uploaded and not yet checked, or confirmed and not yet done."""
    for run in ImportRun.objects.of(WHAT).exclude(file=None).select_related("file").order_by("pk"):
        if run.state == ImportRun.State.RUNNING or (run.state == ImportRun.State.PREVIEW and "new" not in run.report):
            yield run


def _import(
    run: ImportRun, rows: Iterable[Row | Refused], *, by: Actor, at: datetime, told: Told = lambda _done: None
) -> ImportRun:
    """All rows that can be taken, the end of the run and its audit line: together or not at all.

    In a county's own import a new community at once has its page of facts: without one nobody asks or tells it.
    """
    with staged(rows, territory=by.code, told=told) as found, acts.act():
        take_over(found, always=Division._meta.get_field("starts_on").default, today=acts.legal_day(at))
        run.state, run.rows, run.done, run.finished_at = ImportRun.State.DONE, found.rows, found.rows, at
        run.report = {**run.report, **_said(found), "enrolled": _enrol(by, at=at)}
        run.save()
        imported = gettext_noop("导入区划：新增 %(new)d，修改 %(changed)d，没有导入 %(bad)d")
        says = sentence(imported, new=found.new, changed=found.changed, bad=found.bad)
        counted = {"rows": found.rows, "new": found.new, "changed": found.changed, "refused": found.bad}
        first, *more = list(batched(found.overwritten)) or [[]]
        _record(run, "import", by=by, at=at, data={"says": says, **counted, "changes": first})
        for changes in more:
            said = gettext_noop("导入区划：修改的（续）")
            _record(run, "import_changes", by=by, at=at, data={"says": said, "changes": changes})
    return run


def batched(changes: Changes) -> Iterator[Changes]:
    """What was overwritten, so many to an audit line: every old name is kept, and no line grows beyond reading."""
    for start in range(0, len(changes), IN_A_LINE):
        yield changes[start : start + IN_A_LINE]


def _record(run: ImportRun, verb: str, *, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    events.record(
        f"communities.division.{verb}", target=run, by=by, at=at, chain=chain_of(by.code), audience=[by.code],
        data=data,
    )  # fmt: skip


def _enrol(by: Actor, *, at: datetime) -> int:
    """How many communities of the administrator's own county got their page of facts; elsewhere it is a step apart."""
    county = Division.objects.of_level(COUNTY).filter(code=by.code).first()
    if county is None or not access.may(by, Act.ENROL_COMMUNITIES, county.code):
        return 0
    return len(enrol_communities(county, by=by, at=at))


def _progress(run: ImportRun) -> Told:
    """Said beside the reading, so that the page can show it."""

    def told(done: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(done=done)

    return told


def _said(found: Staged) -> dict[str, Any]:
    return {
        "new": found.new,
        "changed": found.changed,
        "same": found.same,
        "refused": found.bad,
        "refusals": [[row.line, row.text, row.why] for row in found.refused],
        "changes": found.changes,
        "first": found.first,
    }


def _file(run: ImportRun) -> Any:
    if run.file is None:
        raise ValueError(f"{run} has no file")
    return run.file


@contextmanager
def _failing(run: ImportRun, *, at: datetime) -> Iterator[None]:
    """A file that cannot be read ends its run with the sentence that says why."""
    try:
        yield
    except RuleViolation as refusal:
        run.state, run.finished_at = ImportRun.State.FAILED, at
        run.report = {**run.report, "error": str(refusal)}
        run.save()


@contextmanager
def _alone(run: ImportRun) -> Iterator[bool]:
    """One worker at a time on a run: is it us? The lock ends with the connection at the latest."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [LOCK_SPACE, run.pk])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute(UNLOCK, [LOCK_SPACE, run.pk])
