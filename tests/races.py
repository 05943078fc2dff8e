"""Several at once, for real: each call in its own thread, connection and transaction."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connections


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls at the same moment; what each returned, or the exception it ended with, in the order given.

    Needs `django_db(transaction=True)`: the threads see only what is committed.
    """
    outcomes: list[Any] = [None] * len(calls)
    start = Barrier(len(calls), timeout=30)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            start.wait()
            outcomes[place] = call()
        except Exception as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each, daemon=True) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if any(thread.is_alive() for thread in threads):
        raise TimeoutError("the calls wait for each other")
    return outcomes
