"""PostgreSQL as a child process: a cluster of our own, a socket in its 0700 directory, no TCP."""

import os
import re
import shutil
import signal
import time
from pathlib import Path

import psycopg
from psycopg import sql

from config import places
from config.embedded import binaries
from config.embedded.process import Account, Child, EmbeddedError, environment, run, spawn, wait_until

SPEED_OVER_SAFETY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # a test's data may be lost
PATIENCE_WITH_ORPHANS = 10
LOCK_FILES = ("postmaster.pid", ".s.PGSQL.5432.lock")


def start(home: Path, *, account: Account | None, durable: bool) -> Child:
    """Start the cluster in `home`/pg, made first where there is none, and wait until it answers."""
    cluster = home / "pg"
    programs = binaries.postgres(major=_major(cluster), account=account)
    if not cluster.exists():
        _create(cluster, programs.directory, account=account)
    _clear_locks_of_the_dead(cluster)
    server = _serve(cluster, programs.directory / "postgres", account=account, durable=durable)
    for _attempt in range(PATIENCE_WITH_ORPHANS):
        try:
            wait_until(lambda: _answers(home), server)
        except EmbeddedError:
            server.stop()
            if "shared memory block" not in server.last_words():
                raise
            time.sleep(0.5)  # after a kill the old server's sessions need a moment to notice
            server = _serve(cluster, programs.directory / "postgres", account=account, durable=durable)
        except BaseException:
            server.stop()
            raise
        else:
            return server
    raise EmbeddedError(f"数据库的上一次运行没有结束干净，仍有进程占用 {cluster}。请稍等再试。")


def _serve(cluster: Path, program: Path, *, account: Account | None, durable: bool) -> Child:
    settings = [
        "listen_addresses=",
        f'unix_socket_directories="{cluster}"',
        "unix_socket_permissions=0700",
        "max_connections=100",
        "logging_collector=off",
        *(() if durable else SPEED_OVER_SAFETY),
    ]
    return spawn(
        "数据库（PostgreSQL）",
        [program, "-D", cluster, *(word for line in settings for word in ("-c", line))],
        log=cluster.parent / "postgres.log",
        env=environment(),
        account=account,
        stop_signal=signal.SIGINT,
    )


def ensure_database(home: Path, name: str = places.DATABASE_NAME) -> None:
    with psycopg.connect(places.database_url(home, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _major(cluster: Path) -> int | None:
    """A cluster remembers which major version made it."""
    try:
        return int((cluster / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        return None


def _create(cluster: Path, directory: Path, *, account: Account | None) -> None:
    """Made beside its place and renamed when complete, so that a killed initdb leaves no half cluster."""
    fresh = cluster.with_name("pg.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if account:
        os.chown(fresh, account.uid, account.gid)
    made = run(
        [
            directory / "initdb",
            "-D",
            fresh,
            "-U",
            places.DATABASE_USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        account=account,
    )
    if made.returncode:
        raise EmbeddedError(f"建立数据库失败（{directory / 'initdb'}）：{made.stderr.strip()}")
    fresh.rename(cluster)


def _clear_locks_of_the_dead(cluster: Path) -> None:
    """After a kill the lock files name a process that is gone, or a stranger that was given its number.

    The caller holds the lock of the data directory, so a server that still runs here is an orphan of ours.
    """
    for lock in (cluster / name for name in LOCK_FILES):
        if not lock.exists():
            continue
        if named := re.match(r"-?(\d+)", lock.read_text()):
            _end_orphan(int(named[1]), cluster)
        lock.unlink(missing_ok=True)


def _end_orphan(pid: int, cluster: Path, *, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    if _is_server_of(pid, cluster):
        os.kill(pid, signal.SIGINT)
    while _is_server_of(pid, cluster):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"数据库的上一次运行（进程 {pid}）没有结束，仍占用 {cluster}。请先结束它。")
        time.sleep(0.05)


def _is_server_of(pid: int, cluster: Path) -> bool:
    """A server works in its cluster. Where the system does not tell (no /proc), PostgreSQL itself checks the lock."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == cluster.resolve()
    except OSError:
        return False


def _answers(home: Path) -> bool:
    try:
        with psycopg.connect(places.database_url(home, "postgres"), connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False
