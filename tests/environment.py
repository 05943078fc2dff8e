"""Loaded before the settings (`-p` in pyproject.toml): the addresses, keys and services of a test run.

One embedded server for a run, started here by the process that starts the run; the workers of pytest-xdist inherit
its address and make a database each. Where DATABASE_URL and REDIS_URL are set, those are used and nothing is started.
"""

import os
import shutil
from contextlib import ExitStack

import pytest

from config import embedded, places
from config.embedded import home

RUN = ExitStack()


def _sweep() -> None:
    """Remove what runs that were killed left behind: a directory whose lock nobody holds."""
    for left in places.private_root().glob("t-*/lock"):
        try:
            home.hold(left.parent).close()
        except (embedded.EmbeddedError, FileNotFoundError):
            continue
        shutil.rmtree(left.parent, ignore_errors=True)


def _prepare() -> None:
    _sweep()
    os.environ |= {"SECRET_KEY": "only for tests", "HTTPS": "false", "DEBUG": "false", "DEMO": "false"}
    os.environ["DATABASE_POOL_MAX"] = "12"  # eight at once and who watches them
    data = home.fresh_place("t-")
    RUN.callback(shutil.rmtree, data, ignore_errors=True)
    (data / "static").mkdir()  # WhiteNoise wants the directory; the files themselves come from the finders
    services = RUN.enter_context(embedded.running(data, durable=False))
    os.environ |= {
        "DATA_DIR": str(data),
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.broker_url,
    }


if "PYTEST_XDIST_WORKER" not in os.environ:
    try:
        _prepare()
    except embedded.EmbeddedError as error:
        RUN.close()
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure() -> None:
    RUN.close()
