"""What a measurement is: a ratio of two medians taken in turn, with its bound."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True)
class Result:
    """One row of the report. `at_least` tells a bound that must be reached from one that must not be passed."""

    name: str
    figure: float
    bound: float
    baseline: str
    at_least: bool = False
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Is the bound kept?"""
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    def __str__(self) -> str:
        verdict, sign = "ok  " if self.holds else "MISS", ">=" if self.at_least else "<="
        figure = f"{verdict} {self.figure:8.3f} {sign} {self.bound:<4g}{self.unit:<2}"
        return f"{figure} {self.name} | against {self.baseline}"


def seconds(work: Work) -> float:
    """How long it takes once. Used in ratios only."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(works: Sequence[Work], *, rounds: int, between: Work = lambda: None) -> list[float]:
    """The median time of each, measured A B A B ... after one round to warm up; `between` is not measured."""
    taken: list[list[float]] = [[] for _work in works]
    for n in range(rounds + 1):
        for work, times in zip(works, taken, strict=True):
            between()
            spent = seconds(work)
            if n:
                times.append(spent)
    return [median(times) for times in taken]


def say(sentence: object) -> None:
    """A line of progress or of the report."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
