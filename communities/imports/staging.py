"""The rows of a divisions file in a table of this connection: compared with what is known, then taken over in batches.

SQL, because all of China is 620,000 rows. The temporary table belongs to one connection and is dropped at the end.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from communities.imports.reading import Refused, Row
from communities.roles import LEVEL_LENGTHS, parent_code

CREATE = """
CREATE TEMPORARY TABLE staged_division (
    line integer NOT NULL, code varchar(12) COLLATE "C" NOT NULL, name varchar(80) NOT NULL,
    kind varchar(10) NOT NULL, said boolean NOT NULL, starts_on date,
    level smallint NOT NULL, above varchar(12) COLLATE "C" NOT NULL  -- columns, for the planner knows their statistics
)
"""
DROP = "DROP TABLE IF EXISTS staged_division"
COPY = "COPY staged_division (line, code, name, kind, said, starts_on, level, above) FROM STDIN"
ANALYZE = "ANALYZE staged_division"

REPEATED = """
WITH first AS (SELECT code, min(line) AS line FROM staged_division GROUP BY code HAVING count(*) > 1)
DELETE FROM staged_division USING first
WHERE staged_division.code = first.code AND staged_division.line > first.line
RETURNING staged_division.line, staged_division.code, staged_division.name, first.line
"""
ENDED = """
DELETE FROM staged_division USING communities_division
WHERE staged_division.code = communities_division.code AND communities_division.ends_on IS NOT NULL
RETURNING line, staged_division.code, staged_division.name
"""
FOREIGN = """
DELETE FROM staged_division
WHERE NOT starts_with(code, %(territory)s)
AND NOT EXISTS (
    SELECT FROM communities_division
    WHERE communities_division.code = staged_division.code AND communities_division.name = staged_division.name
    AND (communities_division.kind = staged_division.kind OR NOT said)
)
RETURNING line, code, name
"""
ANY_MISSING = """
SELECT EXISTS (
    SELECT FROM (SELECT DISTINCT above FROM staged_division WHERE above <> '') AS wanted
    WHERE NOT EXISTS (SELECT FROM staged_division WHERE code = wanted.above)
    AND NOT EXISTS (SELECT FROM communities_division WHERE code = wanted.above AND ends_on IS NULL)
)
"""
MISSING = """
SELECT above FROM (SELECT DISTINCT above FROM staged_division WHERE level = %(level)s) AS wanted
WHERE NOT EXISTS (SELECT FROM staged_division WHERE code = wanted.above)
AND NOT EXISTS (SELECT FROM communities_division WHERE code = wanted.above AND ends_on IS NULL)
"""
ORPHANS = "DELETE FROM staged_division WHERE level = %(level)s AND above = ANY(%(missing)s) RETURNING line, code, name"
# What a known place loses: its name, its kind, its first day. What the file does not say is NULL and changes nothing.
COUNT = """
SELECT coalesce(max(line), 0), count(*) FILTER (WHERE known.code IS NULL),
    count(*) FILTER (WHERE known.name <> staged.name OR (said AND known.kind <> staged.kind)
        OR known.starts_on <> staged.starts_on)
FROM staged_division AS staged LEFT JOIN communities_division AS known USING (code)
"""
FIRST = """
SELECT staged.line, staged.code, staged.name, coalesce(file.name, known.name, '')
FROM (SELECT * FROM staged_division ORDER BY line LIMIT %(most)s) AS staged
LEFT JOIN staged_division AS file ON file.code = staged.above
LEFT JOIN communities_division AS known ON known.code = staged.above
ORDER BY staged.line
"""
CHANGED = """
SELECT staged.code,
    CASE WHEN known.starts_on <> staged.starts_on THEN known.name || ' ' || known.starts_on ELSE known.name END,
    CASE WHEN known.starts_on <> staged.starts_on THEN staged.name || ' ' || staged.starts_on ELSE staged.name END
FROM staged_division AS staged JOIN communities_division AS known USING (code)
WHERE (
    known.name <> staged.name OR (said AND known.kind <> staged.kind) OR known.starts_on <> staged.starts_on
)
ORDER BY staged.code LIMIT %(most)s
"""
# Everybody else is locked out for the two or three seconds in which the staged rows become divisions.
ALONE = "LOCK TABLE communities_division IN SHARE ROW EXCLUSIVE MODE"
UPDATE = """
UPDATE communities_division AS known
SET name = staged.name, kind = CASE WHEN said THEN staged.kind ELSE known.kind END,
    starts_on = coalesce(staged.starts_on, known.starts_on)
FROM staged_division AS staged
WHERE known.code = staged.code AND (
    known.name <> staged.name OR (said AND known.kind <> staged.kind) OR known.starts_on <> staged.starts_on
)
"""
# A street or community that joins others of its county is new today; the first of a county were there all along.
TAKE = """
INSERT INTO communities_division (code, name, kind, starts_on)
SELECT code, name, kind, coalesce(
    starts_on, CASE WHEN others.county IS NULL THEN %(always)s::date ELSE %(today)s::date END
)
FROM staged_division AS staged
LEFT JOIN (
    SELECT DISTINCT left(code, 6) COLLATE "C" AS county, length(code) AS level
    FROM communities_division WHERE length(code) > 6
) AS others ON others.county = left(staged.code, 6) AND others.level = staged.level
WHERE NOT EXISTS (SELECT FROM communities_division AS known WHERE known.code = staged.code)
ORDER BY line
"""

CHUNK = 5_000
NULL = r"\N"
STEP = 10  # chunks between two lines of progress
Told = Callable[[int], None]
MOST_REFUSED = 1_000
MOST_CHANGED = 100
MOST_FIRST = 10


@dataclass
class Staged:
    """What a file holds, compared with what is known. `refused` keeps the first of them, `bad` counts them all."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    bad: int = 0
    last: int = 0
    ascending: bool = True  # as statistical tables are; then no code can occur twice
    refused: list[Refused] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # code, before, after: the first of them
    overwritten: list[tuple[str, str, str]] = field(default_factory=list)  # all of them, once they are taken over
    first: list[tuple[int, str, str, str]] = field(default_factory=list)  # line, code, name, name of the place above

    @property
    def same(self) -> int:
        """Rows that change nothing."""
        return self.rows - self.new - self.changed - self.bad

    def refuse(self, row: Refused) -> None:
        """One more row that cannot be taken."""
        self.bad += 1
        if len(self.refused) < MOST_REFUSED:
            self.refused.append(row)


@contextmanager
def staged(rows: Iterable[Row | Refused], *, territory: str, told: Told) -> Iterator[Staged]:
    """The rows in their temporary table, without those that cannot be taken. `told`: how many have been read."""
    found = Staged()
    with connection.cursor() as cursor:
        cursor.execute(DROP)
        cursor.execute(CREATE)
        texts = _copied(rows, found)
        while step := list(islice(texts, STEP)):
            with cursor.copy(COPY) as copy:
                for text in step:
                    copy.write(text)
            told(found.rows)
        cursor.execute(ANALYZE)
        _sort_out(cursor, found, territory)
        cursor.execute(COUNT)
        found.last, found.new, found.changed = cursor.fetchone()
        cursor.execute(FIRST, {"most": MOST_FIRST})
        found.first = cursor.fetchall()
        if found.changed:
            cursor.execute(CHANGED, {"most": MOST_CHANGED})
            found.changes = cursor.fetchall()
    found.refused.sort(key=lambda row: row.line)
    yield found
    with connection.cursor() as cursor:
        cursor.execute(DROP)


def take_over(found: Staged, *, always: date, today: date) -> None:
    """The staged rows become divisions, all of them or none: inside an act.

    `always`: the first day of what was there before anybody wrote it down; `today`: that of what joins others.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if found.changed:
            cursor.execute(CHANGED, {"most": None})
            found.overwritten = cursor.fetchall()
            cursor.execute(UPDATE)
        cursor.execute(TAKE, {"always": always, "today": today})


def _copied(rows: Iterable[Row | Refused], found: Staged) -> Iterator[str]:
    """The rows as COPY wants them, many at a time. Names hold no tab and no line break (`clean_name`)."""
    lines: list[str] = []
    before = ""
    for row in rows:
        found.rows += 1
        if isinstance(row, Refused):
            found.refuse(row)
            continue
        line, code, name, kind, said, first = row
        found.ascending = found.ascending and before < code
        before = code
        escaped = name.replace("\\", "\\\\")
        lines.append(
            f"{line}\t{code}\t{escaped}\t{kind}\t{said:d}\t{first or NULL}\t{len(code)}\t{parent_code(code)}\n"
        )
        if len(lines) == CHUNK:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def _sort_out(cursor: CursorWrapper, found: Staged, territory: str) -> None:
    if not found.ascending:
        cursor.execute(REPEATED)
        for line, code, name, first in cursor.fetchall():
            found.refuse(Refused(line, f"{code} {name}", _("与第 %(line)d 行的代码重复。") % {"line": first}))
    cursor.execute(ENDED)
    _refuse(cursor, found, _("这个区划已经停用，代码不能再用。"))
    if territory:
        cursor.execute(FOREIGN, {"territory": territory})
        _refuse(cursor, found, _("不在您的辖区内。"))
    cursor.execute(ANY_MISSING)
    if not cursor.fetchone()[0]:
        return
    for level in LEVEL_LENGTHS[1:]:  # from above: who is refused takes those below along
        cursor.execute(MISSING, {"level": level})
        if missing := [above for (above,) in cursor.fetchall()]:
            cursor.execute(ORPHANS, {"level": level, "missing": missing})
            _refuse(cursor, found, _("上级区划还没有，或者已经停用。请先导入上级区划。"))


def _refuse(cursor: CursorWrapper, found: Staged, why: str) -> None:
    for line, code, name in cursor.fetchall():
        found.refuse(Refused(line, f"{code} {name}", why))
