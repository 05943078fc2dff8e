"""PostgreSQL and the broker as local child processes, where no address is configured.

Started by `make demo` and `make test` on purpose, never by importing the settings: type checks, makemigrations and
workers import those too. Order for each service: its configured address (DATABASE_URL, REDIS_URL), the programs that
`EMBEDDED=wheel|system` names, those of the system, those inside the wheels.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config import places
from config.embedded import broker, home, postgres
from config.embedded.process import Child, EmbeddedError, service_account

__all__ = ["Child", "EmbeddedError", "Services", "running"]


@dataclass
class Services:
    """The addresses to use, and the processes we started for them (none where an address was configured)."""

    database_url: str
    broker_url: str
    children: list[Child] = field(default_factory=list)


@contextmanager
def running(data: Path, *, durable: bool = True) -> Iterator[Services]:
    """Hold `data`, start what is not configured, yield the addresses, and stop it all in reverse order.

    `durable=False` gives up safety for speed, for tests.
    """
    services = Services(os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", ""))
    with ExitStack() as stack:
        home.prepare(data)
        stack.enter_context(home.hold(data))
        if not (services.database_url and services.broker_url):
            account = service_account()
            place = home.services_home(data, account=account)
            if not services.database_url:
                server = postgres.start(place, account=account, durable=durable)
                stack.callback(server.stop)
                services.children.append(server)
                postgres.ensure_database(place)
                services.database_url = places.database_url(place)
            if not services.broker_url:
                queue = broker.start(place, account=account)
                stack.callback(queue.stop)
                services.children.append(queue)
                services.broker_url = places.broker_url(place)
        yield services
