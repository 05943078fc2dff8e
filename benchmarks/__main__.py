"""`make bench`: what counts as fast, as far as it is there, each row with its bound; 1 when a bound is missed."""

import gc
import signal
import sys
from collections.abc import Iterator

from benchmarks import scratch
from benchmarks.measure import Result, say
from benchmarks.scratch import Databases
from benchmarks.sizes import Sizes
from config.embedded import EmbeddedError


def main() -> int:
    """Measure, print each row as soon as it is known, and judge."""
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))  # so that the databases are dropped
    results: list[Result] = []
    try:
        with scratch.databases() as databases:
            for result in measured(Sizes.asked(), databases):
                say(result)
                results.append(result)
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 1
    missed = sum(not result.holds for result in results)
    say(f"{len(results)} figures, {missed} missed.")
    return 1 if missed else 0


def measured(sizes: Sizes, databases: Databases) -> Iterator[Result]:
    """One group after the other: each leaves in the database what the next one needs."""
    from benchmarks import checks, counties, county, divisions, exports, lists, pages  # noqa: PLC0415  they need the settings

    content = divisions.content(sizes)
    say("Reading in divisions ...")
    yield from divisions.measure(content, sizes, url=databases.url)
    say("Making one county, and many like it ...")
    county.lay_out()
    scratch.settle()
    databases.copy()
    divisions.read_in(content)
    counties.fill()
    scratch.settle()
    gc.collect()
    gc.freeze()  # as config/gunicorn_conf.py does before it forks
    say("Lists ...")
    yield from lists.measure(sizes, url=databases.url, single=databases.single)
    say("Pages ...")
    yield from pages.measure(sizes, url=databases.url)
    say("Checks ...")
    yield from checks.measure(sizes, url=databases.url)
    say("Exports ...")
    yield from exports.measure(sizes)


if __name__ == "__main__":
    sys.exit(main())
