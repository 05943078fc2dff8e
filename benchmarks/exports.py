"""A long list as a workbook, in a process of its own for its memory, against psycopg and the writer alone."""

import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.measure import Result
from benchmarks.sizes import Sizes
from config import places

ROUNDS = 2


def measure(sizes: Sizes) -> Iterator[Result]:
    """In turn, as everywhere; what a process needs to start is not measured."""
    runs: dict[str, list[dict[str, float]]] = {"portal": [], "bare": []}
    for _n in range(min(ROUNDS, sizes.rounds)):
        for who, found in runs.items():
            found.append(_run(who, sizes.exported))
    ours, theirs = (median(run["seconds"] for run in found) for found in runs.values())
    rows = runs["portal"][0]["rows"]
    if rows != runs["bare"][0]["rows"]:
        raise ValueError(f"not the same rows: {runs}")
    yield Result(f"export of {rows:,.0f} rows", ours / theirs, 2.5, "psycopg and the XLSX writer alone")
    growth = max(run["growth"] for run in runs["portal"])
    yield Result(f"memory for an export of {rows:,.0f} rows", growth, 60, "the process before it", unit="MB")


def _run(who: str, rows: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.exporting", who, str(rows)]
    done = subprocess.run(command, cwd=places.BASE_DIR, check=True, stdout=subprocess.PIPE)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found
