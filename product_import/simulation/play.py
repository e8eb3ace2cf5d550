"""A workload played against a scaling configuration."""

import math
import random
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, repeat
from typing import Any, NamedTuple

from product_import.simulation.assumptions import Assumptions
from product_import.simulation.autoscaler import Autoscaler, Datapoint
from product_import.simulation.scaling import Alarm, Scaling
from product_import.simulation.schedule import Schedule, ScheduledAction
from product_import.simulation.workers import Workers
from product_import.simulation.workload import MINUTES_A_DAY, JobSeconds, Workload, lognormal

# How long the simulation waits for an empty queue after the workload; a service that is too small never gets there.
LONGEST_DRAIN_MINUTES = MINUTES_A_DAY


class Change(NamedTuple):
    """Numbers of workers from a time on, in seconds."""

    time: float
    desired: int
    running: int
    minimum: int
    maximum: int


@dataclass
class Played:
    """What happened. Lists have a value for each period.

    Attributes:
        period: seconds of a period.
        workload_seconds: length of the workload.
        seconds: simulated time; the workload, and until its jobs are done and the service is back at its minimum.
        desired: workers that autoscaling requested, at the period's end.
        changes: every change of these numbers and of their limits, with its exact time.
        depth: jobs that waited or were worked on, at the period's end.
        highest: highest depth during the period.
        points: the metrics; their depth is None in an outage.
        alarms: whether each alarm of the module that the model knows was on.
        at_once: jobs that did not wait.
        waits: seconds that each other job waited for its start, or until the end if it never started.
        interrupted: jobs that a scale-in interrupted. They were done again.
        drained: seconds from the last arrival until the queue was empty; None if it never was.
        mean_workers: workers that ran, over the simulated time.
        billed_workers: workers that Fargate bills, over the time of the workload. After it, only those above the
            minimum count.
    """

    period: float
    workload_seconds: float
    seconds: float = 0
    desired: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    highest: list[int] = field(default_factory=list)
    points: list[Datapoint] = field(default_factory=list)
    alarms: dict[str, list[bool]] = field(default_factory=dict)
    at_once: int = 0
    waits: "array[float]" = field(default_factory=lambda: array("d"))
    interrupted: int = 0
    drained: float | None = None
    mean_workers: float = 0
    billed_workers: float = 0

    @property
    def running(self) -> list[int]:
        """Workers that ran, at the period's end."""
        return [point.running for point in self.points]

    @property
    def cpu(self) -> list[float]:
        """Percent, the mean of the running workers."""
        return [point.cpu for point in self.points]

    @property
    def jobs(self) -> int:
        return self.at_once + len(self.waits)

    @property
    def mean_wait(self) -> float:
        return sum(self.waits) / max(1, self.jobs)

    @property
    def peak_workers(self) -> int:
        return max(change.running for change in self.changes)

    def wait(self, *percentiles: float) -> list[float]:
        """Seconds that so many percent of the jobs waited at most, for each; 0 without jobs."""
        ordered = sorted(self.waits)
        ranks = [math.ceil(self.jobs * percentile / 100) - self.at_once for percentile in percentiles]
        return [ordered[rank - 1] if rank > 0 else 0.0 for rank in ranks]


def play(
    scaling: Scaling,
    workload: Workload,
    seconds: JobSeconds,
    assumptions: Assumptions | None = None,
    *,
    seed: int = 0,
    outage: range = range(0),
    schedule: Sequence[ScheduledAction] = (),
) -> Played:
    """Play a workload until its jobs are done and the service is back at its minimum.

    Args:
        scaling: the module's configuration.
        workload: jobs by minute.
        seconds: how long a job takes.
        assumptions: the model's constants (default: theirs).
        seed: seed of all that is chance. The same seed gives the same result.
        outage: minutes in which nobody publishes the queue's depth.
        schedule: scheduled actions beside the module.

    Raises:
        UserError: the schedule's limits do not fit together.
    """
    return Simulation(
        scaling, workload, seconds, assumptions or Assumptions(), seed=seed, outage=outage, schedule=schedule
    ).to_the_end()


class Simulation:
    """A workload that is played period by period; the arguments are those of play()."""

    def __init__(
        self,
        scaling: Scaling,
        workload: Workload,
        seconds: JobSeconds,
        assumptions: Assumptions,
        *,
        seed: int,
        outage: range,
        schedule: Sequence[ScheduledAction],
    ) -> None:
        self._scaling, self._workload, self._assumed, self._outage = scaling, workload, assumptions, outage
        self._limits = Schedule(scaling, schedule)
        minimum, maximum = self._limits.at_first
        self.autoscaler = Autoscaler(replace(scaling, minimum=minimum, maximum=maximum), assumptions)
        self.workers = Workers(
            minimum,
            scaling.concurrency,
            workload.arrivals(),
            seconds.of(sum(workload.jobs), seed),
            random.Random(f"stopped workers {seed}"),
        )
        self._start_ups = _start_ups(assumptions, seed)
        self._played = Played(assumptions.metric_period_seconds, workload.seconds)
        # What the autoscaler was told, and what it then desired.
        self._told: list[tuple[Callable[..., None], tuple[Any, ...], int]] = []
        self._running_seconds = self._minimum_afterwards = 0.0
        self._note()

    def to_the_end(self) -> Played:
        for _ in self.periods():
            pass
        return self.result()

    def periods(self) -> Iterator[int]:
        """Play, and stop after each period."""
        period = self._played.period
        a_minute = round(60 / period)
        workload_periods = len(self._workload.jobs) * a_minute
        # A period's points can be seen so many periods and seconds after its end.
        periods_late, seconds_late = divmod(self._assumed.metric_delay_seconds, period)
        for index in range(workload_periods + LONGEST_DRAIN_MINUTES * a_minute):
            if index % a_minute == 0 and (changed := self._limits.at(index // a_minute)):
                self._tell(Autoscaler.limit, *changed)
                self._note()
            seen = index - 1 - round(periods_late)
            if seen >= 0:
                self._advance(index * period + seconds_late)
                self._tell(Autoscaler.decide, self.workers.now, self._played.points[seen])
            self._advance((index + 1) * period)
            self._measure(index // a_minute in self._outage)
            if index >= workload_periods:
                self._minimum_afterwards += self.autoscaler.minimum * period
            yield index
            if index + 1 >= workload_periods and self._is_over():
                break

    def decides_alike(self, scaling: Scaling, assumptions: Assumptions | None = None) -> bool:
        """Tell whether the autoscaler would have decided the same until now with another configuration or rule."""
        minimum, maximum = self._limits.at_first
        other = Autoscaler(replace(scaling, minimum=minimum, maximum=maximum), assumptions or self._assumed)
        for method, arguments, desired in self._told:
            method(other, *arguments)
            if other.desired != desired:
                return False
        return True

    def least_billed_workers(self) -> float:
        """What `billed_workers` is at least, whatever comes."""
        workers, length = self.workers, self._played.workload_seconds
        to_come = self.autoscaler.minimum * max(0.0, length - workers.now)
        return (workers.billed_seconds() + to_come - self._minimum_afterwards) / length

    def result(self) -> Played:
        """What happened until now."""
        played, workers = self._played, self.workers
        played.seconds = workers.now
        played.alarms = {
            alarm.name: _states(alarm, [alarm.metric.value(*point) for point in played.points], played.period)
            for alarm in self._scaling.alarms
        }
        played.at_once, played.interrupted = workers.at_once, workers.interrupted
        played.waits = workers.waits
        played.waits.extend(workers.still_waiting())
        played.drained = None if workers.depth else max(0.0, workers.last_finish - workers.last_arrival)
        played.mean_workers = workers.running_seconds / workers.now
        played.billed_workers = (workers.billed_seconds() - self._minimum_afterwards) / played.workload_seconds
        return played

    def _is_over(self) -> bool:
        return self.workers.depth == 0 and self.workers.running == self.workers.count == self.autoscaler.minimum

    def _advance(self, end: float) -> None:
        while (change := self.workers.next_change) <= end:
            self.workers.advance(change)
            self._note()
        self.workers.advance(end)

    def _tell(self, method: Callable[..., None], *arguments: Any) -> None:
        """Call a method of the autoscaler, and follow what it then desires."""
        before = self.autoscaler.desired
        method(self.autoscaler, *arguments)
        self._told.append((method, arguments, self.autoscaler.desired))
        if self.autoscaler.desired != before:
            self._follow()

    def _follow(self) -> None:
        """Start or stop workers, so that there are as many as autoscaling requests."""
        workers, assumed = self.workers, self._assumed
        missing = self.autoscaler.desired - workers.count
        if missing > 0:
            ready = [workers.now + next(self._start_ups) for _ in range(missing)]
            workers.start(ready, workers.now + assumed.scheduling_seconds)
            self._advance(workers.now)
        elif missing < 0:
            workers.stop(-missing, self._scaling.stop_timeout, assumed.stalled_seconds)
        self._note()

    def _note(self) -> None:
        """Record numbers of workers that have changed."""
        autoscaler, changes = self.autoscaler, self._played.changes
        numbers = (autoscaler.desired, self.workers.running, autoscaler.minimum, autoscaler.maximum)
        if not changes or changes[-1][1:] != numbers:
            changes.append(Change(self.workers.now, *numbers))
            if self.workers.running == autoscaler.desired:
                self._tell(Autoscaler.reached, self.workers.now)

    def _measure(self, outage: bool) -> None:
        """Record a period that is over."""
        played, workers, scaling = self._played, self.workers, self._scaling
        highest, busy_seconds = workers.end_period()
        running_seconds = workers.running_seconds - self._running_seconds
        self._running_seconds = workers.running_seconds
        share = min(1.0, busy_seconds / (running_seconds * scaling.concurrency)) if running_seconds else 0.0
        idle, busy = self._assumed.idle_cpu_percent, self._assumed.busy_cpu_percent
        depth = workers.depth
        played.points.append(Datapoint(None if outage else float(depth), workers.running, idle + share * (busy - idle)))
        played.desired.append(self.autoscaler.desired)
        played.depth.append(depth)
        played.highest.append(highest)


def _start_ups(assumed: Assumptions, seed: int) -> Iterator[float]:
    """Seconds that each worker takes to start."""
    median, spread = assumed.start_up_seconds, assumed.start_up_spread
    if median == 0 or spread == 1:
        return repeat(median)
    return lognormal(random.Random(f"start-up {seed}"), median, spread * median)


def _states(alarm: Alarm, series: Sequence[float | None], period: float) -> list[bool]:
    """Tell whether an alarm is on at the end of each period: all of its last periods breach."""
    points = max(1, round(alarm.period / period))
    sums = list(accumulate((point or 0.0 for point in series), initial=0.0))
    known = list(accumulate((point is not None for point in series), initial=0))
    breaching = [False] * len(series)
    for stop in range(points, len(series) + 1):
        number = known[stop] - known[stop - points]
        if number:
            mean = (sums[stop] - sums[stop - points]) / number
            breaching[stop - 1] = mean > alarm.threshold if alarm.above else mean < alarm.threshold
        else:
            breaching[stop - 1] = alarm.missing_breaches
    back = range(0, points * alarm.periods, points)
    return [
        on and index + 1 >= points * alarm.periods and all(breaching[index - each] for each in back)
        for index, on in enumerate(breaching)
    ]
