"""The data directory: made, checked, and held by one instance at a time. Modes of what exists are never changed."""

import errno
import fcntl
import os
import pwd
import stat
import tempfile
from pathlib import Path
from typing import IO

from config import places
from config.embedded.process import Account, EmbeddedError

LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes
LONGEST_SOCKET_NAME = "pg/.s.PGSQL.5432"
ELSEWHERE = "请改正它，或用 DATA_DIR= 换一个目录。"


def prepare(data: Path) -> None:
    """Make the data directory, or say in one sentence why it cannot be used."""
    try:
        if data.is_relative_to(places.private_root()):
            ensure_private_root()
        data.parent.mkdir(parents=True, exist_ok=True)
        _make(data)
        facts = data.stat()
    except FileExistsError as error:
        raise EmbeddedError(f"数据目录 {data}（或它的上级）不是目录，而是文件。{ELSEWHERE}") from error
    except OSError as error:
        raise EmbeddedError(f"数据目录 {data} 无法使用：{_why(error)}。{ELSEWHERE}") from error
    mode = stat.S_IMODE(facts.st_mode)
    if mode & stat.S_IRWXU != stat.S_IRWXU or not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        raise EmbeddedError(
            f"数据目录 {data} 无法读写：权限是 {mode:o}，属于账户 {_account_name(facts.st_uid)}。{ELSEWHERE}"
        )


def _make(place: Path) -> None:
    """Make a directory that is not there. As root 0711, whatever the umask: `nobody` passes through, blind."""
    if place.is_dir():
        return
    place.mkdir(mode=0o700)
    if os.geteuid() == 0:
        place.chmod(0o711)


def fresh_place(prefix: str) -> Path:
    """A new directory of our own with a short path."""
    ensure_private_root()
    place = Path(tempfile.mkdtemp(prefix=prefix, dir=places.private_root()))
    if os.geteuid() == 0:
        place.chmod(0o711)
    return place


def ensure_private_root() -> None:
    """A place of this user's own under /var/tmp; a directory that someone else put there is not trusted."""
    root = places.private_root()
    _make(root)
    facts = root.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        raise EmbeddedError(f"{root} 不是当前账户独有的目录，不能在其中存放数据。请用 DATA_DIR= 指定一个目录。")


def services_home(data: Path, *, account: Account | None) -> Path:
    """Where the services live: the data directory itself, unless `nobody` cannot enter it or its path is too long
    for a socket. Then a short place beside it all, whose address the data directory keeps.
    """
    home = places.services_home(data)
    if home == data and not _suits(data, account):
        home = _short_place(data)
    for cluster in (home / "pg", home / "broker"):
        owner = cluster.stat().st_uid if cluster.exists() else None
        if owner not in (None, account.uid if account else os.geteuid()):
            raise EmbeddedError(
                f"{cluster} 属于账户 {_account_name(owner)}，当前账户不能使用。"
                "请用当初的账户运行，或用 DATA_DIR= 换一个目录。"
            )
    return home


def _suits(data: Path, account: Account | None) -> bool:
    short = len(os.fsencode(data / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    return short and (account is None or account.can_enter(data))


def _short_place(data: Path) -> Path:
    home = fresh_place("s-")
    places.services_note(data).write_text(f"{home}\n")
    return home


def hold(data: Path) -> IO[str]:
    """Only one instance uses a data directory at a time. The lock ends with the process that holds it."""
    lock = (data / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise EmbeddedError(
            f"数据目录 {data} 正由另一个实例使用（进程 {holder}）。请先停止它，或用 DATA_DIR= 换一个目录。"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _why(error: OSError) -> str:
    known = {
        errno.EACCES: "没有权限",
        errno.EPERM: "没有权限",
        errno.EROFS: "所在的文件系统只读",
        errno.ENOTDIR: "路径中有一段不是目录",
        errno.ENOSPC: "磁盘已满",
        errno.ENAMETOOLONG: "路径太长",
    }
    return known.get(error.errno or 0, error.strerror or str(error))


def _account_name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid).pw_name if uid is not None else ""
    except KeyError:
        return str(uid)
