"""Three workloads calculated by hand, and the figures that AWS measured.

With the module's defaults: 2 workers of 5 jobs at once, target 10, cooldown 300 s. A point is seen 150 s after its
minute, and decisions fall on minutes: of the third point, which ends at 180 s, at 360 s. Workers take 60 s to start:
they run from 420 s on.
"""

from collections.abc import Mapping
from dataclasses import replace
from statistics import mean
from typing import Any

from product_import.simulation import Assumptions, play
from product_import.simulation.workload import burst
from tests.simulation.scenarios import BUSY, cpu_alone, every_minute, scaling_of, seconds

import pytest


def test_a_burst_of_long_jobs(module: Mapping[str, Any]) -> None:
    """50 jobs of an hour: 10 start at once, the third point has 25 a worker: ceil(2 * 25 / 10) = 5 workers.

    Their 15 new slots start 15 jobs at 420 s; the other 25 start when the first 10 and those 15 are done.
    """
    played = play(scaling_of(module), burst(50, 60), seconds(3600))
    assert played.wanted[:7] == [2, 2, 2, 2, 2, 5, 5]
    assert played.running[:8] == [2, 2, 2, 2, 2, 2, 2, 5]
    assert sorted(played.waits) == [0] * 10 + [420] * 15 + [3600] * 10 + [4020] * 15


def test_a_burst_of_short_jobs(module: Mapping[str, Any]) -> None:
    """500 jobs of 30 s: 20 are done a minute, so that the third point is 440 jobs, 220 a worker: 44 workers.

    14 batches of 10 start before 420 s. Then 220 slots take 220 jobs, at 450 s the last 140; all is done at 480 s.
    """
    played = play(scaling_of(module), burst(500, 60), seconds(30))
    assert played.depth[:9] == [480, 460, 440, 420, 400, 380, 360, 0, 0]
    assert max(played.wanted) == 44
    assert (played.wait(50, 95), played.drained) == ([420, 450], 480)
    # 9 a worker is the margin: from the point of 480 s on it is 0, 15 points end at 1,320 s and are seen at 1,500 s.
    assert played.wanted[23:26] == [44, 2, 2]


def test_a_steady_flow_within_the_minimum(module: Mapping[str, Any]) -> None:
    """5 jobs a minute of 60 s keep 5 of 10 slots busy: nobody waits, 2 workers stay, half of their CPU is used."""
    played = play(scaling_of(module), every_minute(5, 120), seconds(60))
    assert set(played.wanted) == {2}
    assert (max(played.waits), played.mean_workers) == (0, 2)
    assert played.cpu[60] == pytest.approx(2 + 0.5 * (50 - 2))


@pytest.mark.parametrize(
    ("assumptions", "trigger", "in_all"),
    [
        (replace(BUSY, start_up_seconds=23), 363, 386),
        (replace(BUSY, start_up_seconds=23, metric_period_seconds=20, metric_delay_seconds=16), 86, 109),
    ],
    ids=["one-minute metrics", "20 s metrics"],
)
def test_the_benchmark_of_aws(module: Mapping[str, Any], assumptions: Assumptions, trigger: int, in_all: int) -> None:
    """Target tracking on CPU, the load coming at any second of a minute: within a fifth of what AWS measured."""
    triggered = []
    for second in range(0, 60, 4):
        load = replace(burst(10, 30), second=float(second))
        played = play(cpu_alone(scaling_of(module)), load, seconds(7200), assumptions)
        first = next(index for index, wanted in enumerate(played.wanted) if wanted > 2)
        triggered.append((first + 1) * played.period - second)
    assert mean(triggered) == pytest.approx(trigger, rel=0.2)
    assert mean(triggered) + assumptions.start_up_seconds == pytest.approx(in_all, rel=0.2)
