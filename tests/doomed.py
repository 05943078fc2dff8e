"""Processes that do one thing and may be killed at it: real ones that run Django, with connections of their own.

Each is forked off a server that has loaded Django and holds no connection, so that it starts in milliseconds.
"""

import os
import signal
import time
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

import django
import psycopg
from psycopg import sql

django.setup()  # here, so that the server has done it once for all

from django.db import connection, transaction  # noqa: E402
from django.urls import get_resolver  # noqa: E402

get_resolver().check()  # every page and what it imports, which is loaded at the first address otherwise

PATIENCE = 60
"""Seconds until a condition counts as never met. No test waits that long unless it fails."""
WHERE = ("NAME", "HOST", "PORT", "USER", "PASSWORD")

T = TypeVar("T")
Work = Callable[..., object]
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.doomed"])


def start(work: Work, *args: object, database: Mapping[str, Any] | None = None) -> BaseProcess:
    """`work(*args)` in another process, on the database of this test (or on another one: NAME, HOST, USER ...)."""
    where = database or {key: connection.settings_dict[key] for key in WHERE}
    process = CONTEXT.Process(target=_work, args=(where, work, args), daemon=True)
    process.start()
    return process


def done(process: BaseProcess) -> int | None:
    """How it ended: 0, or 1 after an exception, or minus the signal that killed it."""
    process.join(PATIENCE)
    return process.exitcode


def killed(process: BaseProcess) -> None:
    """SIGKILL: no `except`, no `finally`, no goodbye to the database."""
    process.kill()
    assert done(process) == -signal.SIGKILL


def _work(where: Mapping[str, Any], work: Work, args: tuple[object, ...]) -> None:
    connection.settings_dict.update(where)
    work(*args)


def die() -> None:
    """The end of the process that calls it."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_after(statements: int, work: Work) -> None:
    """Do `work` until so many statements have been executed; if it needs fewer, until the moment after its COMMIT.

    With the very last statement it dies before the COMMIT.
    """
    left, at_the_end = statements, False

    def count(execute: Callable[..., object], *statement: Any) -> object:
        nonlocal left, at_the_end
        if connection.in_atomic_block and not at_the_end:
            at_the_end = True
            transaction.on_commit(die)  # the first of all that happens after the COMMIT
        result = execute(*statement)
        left -= 1
        if left == 0:
            die()
        return result

    with connection.execute_wrapper(count):
        work()


def until(condition: Callable[[], T]) -> T:
    """Wait with much patience until a condition says something; what it says."""
    deadline = time.monotonic() + PATIENCE
    while not (said := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError("it never happened")
        time.sleep(0.01)
    return said


def waiting_for(holder: psycopg.Connection[Any]) -> list[int]:
    """The server processes that wait for a lock which `holder` holds."""
    found = holder.execute(
        "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    return [pid for (pid,) in found.fetchall()]


def is_gone(pid: int) -> bool:
    """Has this server process ended?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.fetchone() is None


def everything() -> dict[str, tuple[int, str]]:
    """Every table with its number of rows and a fingerprint of all that they say."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(sql.SQL(" UNION ALL ").join(_summary(table) for table in tables))
        return {table: (rows, said) for table, rows, said in cursor.fetchall()}


def _summary(table: str) -> sql.Composed:
    said = "SELECT {}, count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
    return sql.SQL(said).format(table, sql.Identifier(table))


def sizes() -> dict[str, int]:
    """Every table with its number of rows."""
    return {table: rows for table, (rows, _said) in everything().items()}
