"""Services and databases of one run: made for it, dropped after it. No other table is ever touched."""

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config import embedded
from config.embedded import EmbeddedError, home

T = TypeVar("T")


@dataclass(frozen=True)
class Databases:
    """The database in which the portal works, that of many counties, and its copy from when there was one."""

    server: str
    many: str
    single: str

    @property
    def url(self) -> str:
        """The address of the one in which the portal works."""
        return make_conninfo(self.server, dbname=self.many)

    def make(self) -> None:
        """The first, empty. Raises EmbeddedError where this server does not let us."""
        try:
            _run(self.server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.many)))
        except psycopg.Error as error:
            raise EmbeddedError(
                f"The benchmark makes databases of its own on this server, and may not: {error}"
            ) from error

    def copy(self) -> None:
        """The second, as the first is now."""
        _disconnect()
        names = sql.Identifier(self.single), sql.Identifier(self.many)
        _run(self.server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))

    def drop(self) -> None:
        """Both, whoever is still connected."""
        for name in (self.many, self.single):
            try:
                _run(self.server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            except psycopg.Error as error:
                sys.stderr.write(f"{name} is still there: {error}\n")


@contextmanager
def databases() -> Iterator[Databases]:
    """Everything started, Django set up, the tables made; all of it gone in the end.

    DATABASE_URL and REDIS_URL are used where they are set, else the embedded servers.
    """
    with ExitStack() as stack:
        place = home.fresh_place("b-")
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        (place / "static").mkdir()  # WhiteNoise wants the directory; the files themselves come from the finders
        services = stack.enter_context(embedded.running(place))
        ours = Databases(services.database_url, *(f"zhunru_bench_{os.getpid()}_{name}" for name in ("many", "single")))
        ours.make()
        stack.callback(ours.drop)
        os.environ |= {
            "DATABASE_URL": ours.url, "REDIS_URL": services.broker_url, "DATA_DIR": str(place),
            "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "only for benchmarks", "HTTPS": "false",
            "DEBUG": "false", "DEMO": "false", "ALLOWED_HOSTS": "localhost",
        }  # fmt: skip
        _set_up()
        yield ours
        _disconnect()


@contextmanager
def opened(name: str) -> Iterator[Callable[[Callable[[], T]], T]]:
    """Another database beside the usual one: yields what calls a function while the portal works in it."""
    from django.db import connections  # noqa: PLC0415  the settings can be read only after `databases`

    usual = connections["default"]
    connections.settings[name] = {**usual.settings_dict, "NAME": name}
    other = connections[name]

    def there(work: Callable[[], T]) -> T:
        connections["default"] = other
        try:
            return work()
        finally:
            connections["default"] = usual

    try:
        yield there
    finally:
        other.close()
        other.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend


def settle() -> None:
    """What the server does by itself in quiet minutes, now."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _set_up() -> None:
    """Django with its tables; log lines are written as always, to nowhere."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    import config.wsgi  # noqa: F401, PLC0415  it sets Django up

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},  # nothing is collected
    }
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(Path(os.devnull).open("w"))  # noqa: SIM115  as long as the process
    call_command("migrate", interactive=False, verbosity=0)


def _disconnect() -> None:
    from django.db import connection  # noqa: PLC0415

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _run(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
