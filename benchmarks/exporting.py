"""The process that writes one workbook and says how long it took and how much memory: `exporting portal|bare ROWS`."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django
import psycopg
import rustpy_xlsxwriter
from psycopg.rows import dict_row

from benchmarks.measure import seconds

ROWS = """
SELECT i.code, v.department_text, d.name, v.category, v.title, v.side, v.applies_to, v.executor,
    lower(v.in_force)::text, (upper(v.in_force) - 1)::text, v.scope_text,
    coalesce(e.title, v.notice_number), v.does, v.does_not,
    (SELECT seq FROM worklists_listentry AS p WHERE p.item_id = v.item_id AND p.edition_id = v.edition_id LIMIT 1)::text
FROM worklists_itemversion AS v JOIN worklists_workitem AS i ON i.id = v.item_id
LEFT JOIN communities_department AS d ON d.id = v.department_id
LEFT JOIN worklists_itemlist AS e ON e.id = v.edition_id
WHERE upper_inf(v.recorded) ORDER BY i.code, v.id LIMIT %s
"""
WARM_UP = 100


def portal(rows: int) -> int:
    """As the download of a list does it."""
    from worklists import exports, lists  # noqa: PLC0415  they need the settings
    from worklists.models import ItemVersion  # noqa: PLC0415

    versions = lists.shown(ItemVersion.objects.known()).order_by("item__code", "pk")[:rows]
    return len(exports.to_xlsx(exports.of_items(versions.iterator(), [])))


def bare(rows: int) -> int:
    """The fewest lines that write the same cells."""
    buffer = io.BytesIO()
    with (
        psycopg.connect(os.environ["DATABASE_URL"]) as connection,
        connection.cursor("rows", row_factory=dict_row) as cursor,
    ):
        cursor.execute(ROWS, [rows])
        rustpy_xlsxwriter.write_worksheet(cursor, buffer)
    return len(buffer.getvalue())


def measured(work: Callable[[int], int], rows: int) -> dict[str, float]:
    """Seconds, and by how many megabytes the process grew at most; after a small one to warm up."""
    work(WARM_UP)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = memory("VmRSS")
    spent = seconds(lambda: work(rows))
    return {"seconds": spent, "growth": memory("VmHWM") - before, "rows": rows}


def memory(what: str) -> float:
    """A line of this process's status, in megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{what}:"))


if __name__ == "__main__":
    name, number = sys.argv[1:]
    if name == portal.__name__:
        django.setup()
    sys.stdout.write(json.dumps(measured({"portal": portal, "bare": bare}[name], int(number))))
