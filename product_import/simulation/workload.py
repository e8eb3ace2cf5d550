"""The jobs: when they come and how long each takes."""

import math
import random
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, repeat
from pathlib import Path

from product_import.errors import UsageError, UserError
from product_import.files import read_csv
from product_import.words import counted

MINUTES_A_DAY = 24 * 60
MOST_JOBS = 5_000_000
# The 95th percentile of the standard normal distribution.
P95 = 1.6448536269514722


@dataclass(frozen=True)
class Workload:
    """Jobs by minute.

    Attributes:
        name: for people.
        jobs: how many are added in each minute, evenly spread over it.
        second: those of a minute come all at that second of it instead.
    """

    name: str
    jobs: tuple[int, ...]
    second: float | None = None

    @property
    def seconds(self) -> float:
        """Length of the workload."""
        return 60.0 * len(self.jobs)

    def arrivals(self) -> Iterator[float]:
        """Times at which the jobs come, in seconds."""
        return chain.from_iterable(
            [60 * minute + (job + 0.5) / count * 60 for job in range(count)]
            if self.second is None
            else repeat(60 * minute + self.second, count)
            for minute, count in enumerate(self.jobs)
            if count
        )


@dataclass(frozen=True)
class JobSeconds:
    """How long a job takes: a value or a distribution.

    Attributes:
        text: as the user wrote it.
        draw: gives seconds without end, from a source of chance.
    """

    text: str
    draw: Callable[[random.Random], Iterator[float]]

    def of(self, jobs: int, seed: int) -> Iterator[float]:
        """Seconds of so many jobs, the same for each simulation with this seed, and after them others without end."""
        return chain(_first(self, jobs, seed), self.draw(random.Random(f"further jobs {seed}")))


# Simulations of one workload with different settings take the same jobs; drawing them takes a third of the time.
@lru_cache(maxsize=1)
def _first(seconds: JobSeconds, jobs: int, seed: int) -> "array[float]":
    return array("d", islice(seconds.draw(random.Random(seed)), jobs))


def burst(jobs: int, minutes: int) -> Workload:
    """So many jobs at once, then none."""
    return Workload(f"a burst of {counted(jobs, 'job')}", (jobs, *[0] * (minutes - 1)), second=0)


def daily(jobs_a_day: int, days: int) -> Workload:
    """A curve with its low at 03:00 and its high at 15:00, the same each day."""
    shape = [1 - math.cos(2 * math.pi * (minute / MINUTES_A_DAY - 3 / 24)) for minute in range(MINUTES_A_DAY)]
    # Whole jobs whose sum is exact: what is lost in one minute comes in a later one.
    jobs, given, wanted = [], 0, 0.0
    for share in shape:
        wanted += jobs_a_day * share / sum(shape)
        jobs.append(round(wanted) - given)
        given += jobs[-1]
    return Workload(f"{counted(jobs_a_day, 'job')} a day, {counted(days, 'day')}", tuple(jobs * days))


def read_workload(path: Path) -> Workload:
    """The jobs of a CSV file with the columns `minute` and `jobs`; minutes that are left out have none.

    Raises:
        UserError: it cannot be read, or a row is wrong.
    """
    jobs: list[int] = []
    for place, row in read_csv(path, ("minute", "jobs")):
        cells = [cell.strip() for cell in row.values()]
        if not all(cell.isascii() and cell.isdigit() and len(cell) <= 9 for cell in cells):
            raise UserError(f"{place}: must be two whole numbers, of 9 digits at most. Given: {','.join(cells):.60}")
        minute, count = map(int, cells)
        if minute < len(jobs) or minute > 366 * MINUTES_A_DAY:
            raise UserError(f"{place}: minutes must rise, to a year at most. Given: {minute}.")
        jobs += [*[0] * (minute - len(jobs)), count]
    if not 0 < sum(jobs) <= MOST_JOBS:
        raise UserError(f"{path}: must hold 1 to {MOST_JOBS:,} jobs. Given: {sum(jobs):,}.")
    return Workload(f"the jobs of {path.name}", tuple(jobs))


def job_seconds(text: str) -> JobSeconds:
    """`30`, `exponential:MEAN` or `lognormal:MEDIAN:P95`, in seconds.

    Raises:
        UserError: it is none of them.
    """
    kind, *numbers = text.split(":") if ":" in text else ("fixed", text)
    try:
        values = [float(number) for number in numbers]
    except ValueError:
        values = []
    right = all(0 < value < 1e6 for value in values)
    if right and kind == "fixed" and len(values) == 1:
        return JobSeconds(text, lambda _: repeat(values[0]))
    if right and kind == "exponential" and len(values) == 1:
        return JobSeconds(text, lambda chance: _exponential(chance, values[0]))
    if right and kind == "lognormal" and len(values) == 2 and values[0] < values[1]:
        return JobSeconds(text, lambda chance: lognormal(chance, values[0], values[1]))
    raise UsageError(
        "The seconds of a job must be a number above 0, exponential:MEAN, or lognormal:MEDIAN:P95 with a 95th "
        f"percentile above the median. Given: {text}."
    )


def lognormal(chance: random.Random, median: float, p95: float) -> Iterator[float]:
    """Values without end whose logarithms are normally distributed.

    Box and Muller's transform, as in random.gauss(), which takes twice as long for one value at a time.
    """
    mu, sigma = math.log(median), math.log(p95 / median) / P95
    uniform, exp, log, sqrt, cos, sin = chance.random, math.exp, math.log, math.sqrt, math.cos, math.sin
    while True:
        angle, radius = math.tau * uniform(), sigma * sqrt(-2 * log(1 - uniform()))
        yield exp(mu + radius * cos(angle))
        yield exp(mu + radius * sin(angle))


def _exponential(chance: random.Random, mean: float) -> Iterator[float]:
    uniform, log = chance.random, math.log
    while True:
        yield -mean * log(1 - uniform())
