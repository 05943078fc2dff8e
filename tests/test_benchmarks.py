"""The benchmarks run, from the file to the last row, at sizes that say nothing about speed."""

import os
import subprocess
import sys

from django.conf import settings

SMALL = {"ROWS": "300", "EXPORTED": "50", "ROUNDS": "1", "REQUESTS": "1"}
ROWS = (
    "<= 5 ", "import of 300 divisions",
    "<= 1.3 ", "a community's list",
    "<= 3 ", "a community's list",
    "<= 1.3 ", "the same on a past day",
    "<= 3 ", "the same on a past day",
    "<= 1.3 ", "the same as known on a past day",
    "<= 3 ", "the same as known on a past day",
    ">= 0.1 ", "HTML list of 50 items",
    ">= 0.1 ", "HTML page of an item",
    ">= 0.1 ", "HTML page of a finished application",
    "<= 4 ", "check of a task",
    "<= 2.5 ", "export of 50 rows",
    "<= 60 ", "memory for an export of 50 rows",
)  # fmt: skip


def test_every_row_is_printed_with_its_bound_and_its_baseline():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks"], cwd=settings.BASE_DIR, env={**os.environ, **SMALL}, check=False,
        text=True, capture_output=True,
    )  # fmt: skip
    assert done.stderr == ""
    printed = [line for line in done.stdout.splitlines() if " | against " in line]
    expected = list(zip(ROWS[::2], ROWS[1::2], strict=True))
    assert len(printed) == len(expected), done.stdout
    for line, (bound, name) in zip(printed, expected, strict=True):
        assert name in line
        assert bound in line
    missed = sum(line.startswith("MISS") for line in printed)
    assert done.stdout.splitlines()[-1] == f"{len(expected)} figures, {missed} missed."
    assert done.returncode == (1 if missed else 0)


def test_it_says_in_one_sentence_that_it_may_not_make_a_database(tmp_path):
    nowhere = f"postgresql://portal@/portal?host={tmp_path}"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks"], cwd=settings.BASE_DIR, env={**os.environ, "DATABASE_URL": nowhere},
        check=False, text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("The benchmark makes databases of its own on this server, and may not: ")
