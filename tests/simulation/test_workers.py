"""Workers and their jobs, second by second."""

import random

from product_import.simulation.workers import Workers
from tests.simulation.scenarios import seconds


def workers(count: int, of_seconds: float) -> Workers:
    """With a slot each, and periods of a minute."""
    return Workers(count, 1, seconds(of_seconds), random.Random(1), (60, 60))


def test_those_that_have_not_started_are_stopped_first() -> None:
    """So that no job is interrupted."""
    some = workers(2, 600)
    some.add([0, 0])
    some.advance(0)
    some.start(3, 120)
    some.stop(3, 60, 30, 30)
    assert (some.count, some.running(61), some.interrupted) == (2, 2, 0)


def test_an_interrupted_job_is_done_again_before_later_ones() -> None:
    """Of two workers one stops at 60 s: its job of 600 s has 30 s to end, and is stalled for 30 s.

    The other one ends its job at 600 s. It then takes the interrupted one, which it ends at 1,200 s, and after that the
    job that came at 200 s.
    """
    two = workers(2, 600)
    two.add([0, 0])
    two.advance(0)
    two.stop(1, 60, 30, 30)
    two.add([200])
    for period in range(1, 31):
        two.advance(period)
    assert two.interrupted == 1
    assert two.waits == [0, 0, 1000]
    assert [period for period, done in enumerate(two.done) if done] == [9, 19, 29]
    # In use: both slots for a minute, one for 30 s more, the other until 1,800 s.
    busy = [two.busy(period) for period in range(31)]
    assert busy == [120, 90, *[60] * 28, 0]
