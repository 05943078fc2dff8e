"""Child processes: under which account they run, how they are ended, and that none outlives its parent."""

import contextlib
import ctypes
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1


class EmbeddedError(Exception):
    """What stands in the way, in one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The unprivileged account that runs the services when we are root: PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    def can_enter(self, path: Path) -> bool:
        """May this account walk down to `path`? Asked, never arranged: no directory's mode is opened for it."""
        return all(self._may_search(step) for step in (path, *path.parents) if step.exists())

    def _may_search(self, path: Path) -> bool:
        facts = path.stat()
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & stat.S_IXUSR)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & stat.S_IXGRP)
        return bool(facts.st_mode & stat.S_IXOTH)


def service_account() -> Account | None:
    """`nobody` when we are root, else ourselves. No account is ever added."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def identity(account: Account | None) -> dict[str, object]:
    """The arguments of subprocess that make a child run as `account`."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def environment(**extra: str) -> dict[str, str]:
    """What a service needs to know of our environment: where programs are, and a neutral language."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", **extra}


def run(command: Sequence[object], *, account: Account | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload]  # identity() is typed loosely
        [str(word) for word in command],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd="/",
        env=environment(),
        umask=0o077,
        **identity(account),
    )


@dataclass
class Child:
    """A process we started. `name` is what a person calls it."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """Ask, wait, insist; then sweep what is left of its group."""
        if self.alive:
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self, lines: int = 5) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.strip().splitlines()[-lines:])


def spawn(
    name: str,
    command: Sequence[object],
    *,
    log: Path,
    env: Mapping[str, str],
    account: Account | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    cwd: Path = Path("/"),
) -> Child:
    """Start a child in a session of its own, so that Ctrl-C reaches us alone and we end the children in order."""
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(  # type: ignore[call-overload]  # identity() is typed loosely
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=cwd,
                env=dict(env),
                umask=0o077,
                start_new_session=True,
                preexec_fn=_end_with_parent(stop_signal),  # noqa: PLW1509  one system call, no lock is taken
                **identity(account),
            )
        except OSError as error:
            raise EmbeddedError(f"{name}无法启动：{error.strerror}（{command[0]}）。") from error
    return Child(name, process, log, stop_signal)


def _end_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Linux tells the child when its parent is gone, so that even a killed supervisor leaves nothing behind."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, stop_signal.value)

    return ask


def wait_until(ready: Callable[[], bool], child: Child, *, seconds: float = 30.0) -> None:
    """Until `ready()`; a child that ends before, or never gets there, is reported with its last words."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not child.alive:
            raise EmbeddedError(f"{child.name}启动后退出。日志（{child.log}）最后写着：\n{child.last_words()}")
        if time.monotonic() > deadline:
            raise EmbeddedError(f"{child.name}在{seconds:.0f}秒内没有就绪。日志在 {child.log}。")
        time.sleep(0.02)
