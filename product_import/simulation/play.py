"""A workload played against a scaling configuration, period by period."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from product_import.simulation.assumptions import Assumptions
from product_import.simulation.autoscaler import Autoscaler
from product_import.simulation.scaling import Alarm, Scaling
from product_import.simulation.schedule import Schedule, ScheduledAction
from product_import.simulation.workers import Workers
from product_import.simulation.workload import MINUTES_A_DAY, JobSeconds, Workload

# How long an empty queue is waited for after the last job; a service that is too small never gets there.
LONGEST_DRAIN_MINUTES = MINUTES_A_DAY


@dataclass
class Played:
    """What happened; lists have a value for each period.

    Attributes:
        period: seconds of a period.
        wanted: workers that autoscaling asked for, at the period's end.
        running: workers that ran, at the period's end.
        minimum, maximum: the limits of both.
        depth: jobs that waited or were worked on, at the period's end.
        measured: the depth as it was published; None in an outage.
        cpu: percent, the mean of the running workers.
        jobs_per_worker: None without data.
        alarms: of each alarm of the module that the model knows, whether it was on.
        waits: seconds that each job waited for its start, or until the end where it never started.
        interrupted: jobs that a scale-in broke off; they were done again.
        drained: seconds from the last arrival until the queue was empty; None if it never was.
    """

    period: float
    workload_periods: int
    wanted: list[int] = field(default_factory=list)
    running: list[int] = field(default_factory=list)
    minimum: list[int] = field(default_factory=list)
    maximum: list[int] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    measured: list[float | None] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    jobs_per_worker: list[float | None] = field(default_factory=list)
    alarms: dict[str, list[bool]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    interrupted: int = 0
    drained: float | None = None

    @property
    def mean_workers(self) -> float:
        """Those that ran, over the time of the workload and until it was drained and scaled in."""
        return sum(self.running) / len(self.running)

    def wait(self, *percentiles: float) -> list[float]:
        """Seconds that so many percent of the jobs waited at most, for each; of no jobs 0."""
        ordered = sorted(self.waits) or [0.0]
        return [ordered[math.ceil(len(ordered) * percentile / 100) - 1] for percentile in percentiles]


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
        seed: of all that is chance; the same seed gives the same.
        outage: minutes in which nobody publishes the queue's depth.
        schedule: scheduled actions beside the module.

    Raises:
        UserError: the schedule's limits do not go together.
    """
    assumed = assumptions or Assumptions()
    period = assumed.metric_period_seconds
    a_minute = round(60 / period)
    periods = len(workload.jobs) * a_minute
    most = periods + LONGEST_DRAIN_MINUTES * a_minute
    limits = Schedule(scaling, schedule)
    autoscaler = Autoscaler(scaling, assumed)
    autoscaler.limit(*limits.at_first)
    workers = Workers(autoscaler.wanted, scaling.concurrency, seconds, random.Random(seed), (period, most))
    played = Played(period, periods, waits=workers.waits)
    tracked, stepped, watched = (
        [(each.metric, list[float | None]()) for each in group]
        for group in (scaling.policies, scaling.steps, scaling.alarms)
    )
    unseen = math.ceil(assumed.metric_delay_seconds / period)
    present, last_arrival = 0, 0.0
    for index in range(most):
        end = (index + 1) * period
        if index % a_minute == 0 and (changed := limits.at(index // a_minute)):
            autoscaler.limit(*changed)
            _follow(workers, autoscaler.wanted, index * period, scaling, assumed)
        if index % a_minute == 0 and index < periods and workload.jobs[index // a_minute]:
            present += _arrive(workers, workload, index // a_minute)
            last_arrival = index * period
        before = present
        workers.advance(index)
        present -= workers.done[index]
        running = workers.running(end)
        cpu = _cpu(workers.busy(index) / (period * scaling.concurrency), running, assumed)
        measured = None if index // a_minute in outage else float(present)
        if present or before:
            played.drained = None if present else end - last_arrival
        for group in (tracked, stepped, watched):
            for metric, points in group:
                points.append(metric.value(measured, running, cpu))
        played.running.append(running)
        if index >= unseen:
            seen = index - unseen
            autoscaler.decide(
                end,
                [points[seen] for _, points in tracked],
                [points[seen] for _, points in stepped],
                played.running[seen],
            )
        if autoscaler.wanted != workers.count:
            _follow(workers, autoscaler.wanted, end, scaling, assumed)
        played.wanted.append(autoscaler.wanted)
        played.minimum.append(autoscaler.minimum)
        played.maximum.append(autoscaler.maximum)
        played.depth.append(present)
        played.measured.append(measured)
        played.cpu.append(cpu)
        played.jobs_per_worker.append(measured / running if measured is not None and running else None)
        if index + 1 >= periods and present == 0 and workers.count == autoscaler.minimum:
            break
    played.alarms = {
        alarm.name: _states(alarm, points, period) for alarm, (_, points) in zip(scaling.alarms, watched, strict=True)
    }
    played.interrupted = workers.interrupted
    played.waits += workers.still_waited(len(played.running) * period)
    return played


def _arrive(workers: Workers, workload: Workload, minute: int) -> int:
    jobs, now = workload.jobs[minute], minute * 60.0
    second = workload.second
    workers.add([now + ((job + 0.5) / jobs * 60 if second is None else second) for job in range(jobs)])
    return jobs


def _cpu(busy: float, running: int, assumed: Assumptions) -> float:
    share = min(1.0, busy / running) if running else 0.0
    return assumed.idle_cpu_percent + share * (assumed.busy_cpu_percent - assumed.idle_cpu_percent)


def _follow(workers: Workers, wanted: int, now: float, scaling: Scaling, assumed: Assumptions) -> None:
    if wanted > workers.count:
        workers.start(wanted - workers.count, now + assumed.start_up_seconds)
    elif wanted < workers.count:
        workers.stop(workers.count - wanted, now, scaling.stop_timeout, assumed.stalled_seconds)


def _states(alarm: Alarm, series: Sequence[float | None], period: float) -> list[bool]:
    """Whether an alarm is on at the end of each period: all of its last periods breach."""
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
