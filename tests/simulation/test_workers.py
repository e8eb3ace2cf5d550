"""Workers and their jobs, event by event, calculated by hand."""

import random
from collections.abc import Iterator
from itertools import repeat

from product_import.simulation.workers import Workers

import pytest


def workers(count: int, of_seconds: float, arrivals: Iterator[float], concurrency: int = 1) -> Workers:
    return Workers(count, concurrency, arrivals, repeat(of_seconds), random.Random(1))


def play_until(some: Workers, end: float) -> None:
    while some.next_change <= end:
        some.advance(some.next_change)
    some.advance(end)


def test_first_come_first_served() -> None:
    """Two slots, and jobs of 10 s at 0, 1, 2 and 30 s: the third waits for the first to end."""
    two = workers(1, 10, iter([0, 1, 2, 30]), concurrency=2)
    two.advance(30)
    assert (two.depth, two.at_once, list(two.waits), two.last_finish) == (0, 2, [8], 20)
    # Slots in use: from 0 to 11 s and 1 to 20 s.
    assert two.end_period() == (3, 30)
    two.advance(31)
    assert (two.depth, two.last_arrival, two.end_period()) == (1, 30, (1, 1))


def test_a_new_worker_takes_jobs_that_wait() -> None:
    """At the second at which it runs; a job that nobody has taken has waited until now."""
    one = workers(1, 100, iter([0, 0, 0, 0, 0]))
    one.advance(10)
    one.start([25.5, 60], billed=20)
    play_until(one, 50)
    assert (one.running, one.count, one.depth, list(one.waits), one.still_waiting()) == (2, 3, 5, [25.5], [50] * 3)
    play_until(one, 100)
    assert (one.running, one.depth, list(one.waits)) == (3, 4, [25.5, 60, 100])
    assert one.running_seconds == 100 + 74.5 + 40


def test_workers_that_have_not_started_are_stopped_first() -> None:
    """So that no job is interrupted."""
    some = workers(2, 600, iter([0, 0]))
    some.advance(60)
    some.start([120, 120, 130], billed=70)
    some.stop(3, 30, 30)
    assert (some.count, some.running, some.interrupted) == (2, 2, 0)


@pytest.mark.parametrize(("stopped", "seconds"), [(50, 0), (65, 60), (200, 140)])
def test_fargate_bills_from_the_pull_to_the_end(stopped: float, seconds: float) -> None:
    """A worker requested at 50 s: its image is pulled from 60 s on, it runs from 100 s on; at least a minute."""
    some = workers(1, 10, iter([]))
    some.advance(50)
    some.start([100], billed=60)
    play_until(some, stopped)
    before = some.billed_seconds()
    assert before == stopped + (max(60, stopped - 60) if 60 < stopped < 100 else max(0, stopped - 60))
    some.stop(1, 30, 30)
    play_until(some, 300)
    # The first one, or at 200 s either of the two.
    assert some.billed_seconds() in {300 + seconds, 200 + 240}


@pytest.mark.parametrize(("of_seconds", "until"), [(40, 100), (80, 130), (600, 130)])
def test_a_stopped_worker_is_billed_until_its_jobs_end_or_the_timeout(of_seconds: float, until: float) -> None:
    """A job that comes at 60 s, a worker that stops at 100 s, and 30 s of timeout."""
    one = workers(1, of_seconds, iter([60]))
    one.advance(100)
    one.stop(1, 30, 30)
    play_until(one, 300)
    assert one.billed_seconds() == until
    assert one.interrupted == (until == 130)


def test_an_interrupted_job_is_done_again_before_later_ones() -> None:
    """Of two workers one stops at 60 s: its job of 600 s has 30 s to end, and is stalled for 30 s.

    The other one ends its job at 600 s. It then does the interrupted one until 1,200 s, and after that the job that
    came at 200 s.
    """
    two = workers(2, 600, iter([0, 0, 200]))
    two.advance(60)
    assert two.end_period() == (2, 120)
    two.stop(1, 30, 30)
    assert two.depth == 2
    play_until(two, 300)
    assert (two.interrupted, two.depth) == (1, 3)
    play_until(two, 1800)
    assert (two.at_once, list(two.waits), two.depth, two.last_finish) == (2, [1000], 0, 1800)


def test_an_interrupted_job_takes_a_free_slot() -> None:
    """Once it is no longer stalled: at 120 s, so that it ends at 720 s."""
    two = workers(2, 600, iter([0]), concurrency=3)
    two.advance(60)
    two.start([61], billed=60)
    play_until(two, 62)
    two.stop(2, 30, 30)
    assert two.interrupted in {0, 1}
    play_until(two, 800)
    assert two.last_finish == (722 if two.interrupted else 600)
