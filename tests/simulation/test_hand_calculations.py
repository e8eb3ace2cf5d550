"""Workloads calculated by hand, and the figures that AWS measured.

With the module's defaults: 2 workers of 5 jobs at once, target 10, cooldown 300 s. A point is seen 150 s after its
minute: the third one, which ends at 180 s, at 330 s. Workers take 60 s to start: they run from 390 s on.
"""

from collections.abc import Mapping
from dataclasses import replace
from statistics import mean
from typing import Any

from product_import.simulation import Assumptions, play
from product_import.simulation.play import Change
from product_import.simulation.workload import burst
from tests.simulation.scenarios import BUSY, FIXED, cpu_alone, every_minute, scaling_of, seconds

import pytest


def test_a_burst_of_long_jobs(module: Mapping[str, Any]) -> None:
    """50 jobs of an hour: 10 start at once, the third point has 25 a worker: ceil(2 * 25 / 10) = 5 workers.

    Their 15 new slots start 15 jobs at 390 s; the other 25 start when the first 10 and those 15 are done.
    """
    played = play(scaling_of(module), burst(50, 60), seconds(3600), FIXED)
    assert played.changes[:3] == [Change(0, 2, 2, 2, 50), Change(330, 5, 2, 2, 50), Change(390, 5, 5, 2, 50)]
    assert (played.at_once, sorted(played.waits)) == (10, [390] * 15 + [3600] * 10 + [3990] * 15)


def test_a_burst_of_short_jobs(module: Mapping[str, Any]) -> None:
    """500 jobs of 30 s: 20 are done a minute, so that the third point is 440 jobs, 220 a worker: 44 workers.

    13 batches of 10 start before 390 s. Then 220 slots take 220 jobs, at 420 s the last 150; all is done at 450 s.
    """
    played = play(scaling_of(module), burst(500, 60), seconds(30), FIXED)
    assert played.depth[:9] == [480, 460, 440, 420, 400, 380, 150, 0, 0]
    assert played.highest[:9] == [500, 480, 460, 440, 420, 400, 380, 150, 0]
    assert (played.wait(50, 95), played.drained) == ([390, 420], 450)
    # 9 a worker is the margin: at 420 s 150 jobs on 44 workers are below it. The 15th such point is seen at 1,410 s.
    assert played.changes[1:] == [Change(330, 44, 2, 2, 50), Change(390, 44, 44, 2, 50), Change(1410, 2, 2, 2, 50)]
    assert played.mean_workers == pytest.approx((2 * 3600 + 42 * (1410 - 390)) / 3600)
    # Billed from 340 s on, when the images are pulled.
    assert played.billed_workers == pytest.approx((2 * 3600 + 42 * (1410 - 340)) / 3600)


def test_a_steady_flow_within_the_minimum(module: Mapping[str, Any]) -> None:
    """5 jobs a minute of 60 s keep 5 of 10 slots busy: nobody waits, 2 workers stay, half of their CPU is used."""
    played = play(scaling_of(module), every_minute(5, 120), seconds(60))
    assert set(played.desired) == {2}
    assert (played.at_once, len(played.waits), played.mean_workers) == (600, 0, 2)
    assert played.cpu[60] == pytest.approx(2 + 0.5 * (50 - 2))
    # The last job comes at 7,194 s.
    assert (max(played.highest), played.drained) == (5, 60)


def test_a_burst_that_is_done_within_a_minute_has_a_peak(module: Mapping[str, Any]) -> None:
    """12 jobs of 5.5 s: 10 at once, 2 after them."""
    played = play(scaling_of(module), burst(12, 60), seconds(5.5))
    assert (played.depth[0], max(played.highest), played.drained, list(played.waits)) == (0, 12, 11, [5.5] * 2)


@pytest.mark.parametrize(("delay", "decided"), [(0, 180), (29.5, 209.5), (60, 240), (100, 280), (150, 330), (200, 380)])
def test_a_point_is_seen_exactly_after_its_delay(module: Mapping[str, Any], delay: float, decided: float) -> None:
    """The third one ends at 180 s."""
    assumptions = replace(FIXED, metric_delay_seconds=delay, start_up_seconds=7.25)
    played = play(scaling_of(module), burst(500, 60), seconds(3600), assumptions)
    assert [change.time for change in played.changes[:3]] == [0, decided, decided + 7.25]


def test_what_comes_after_the_workload_is_billed_above_the_minimum_only(module: Mapping[str, Any]) -> None:
    """The burst of short jobs in a workload of 10 minutes: 42 more workers are billed from 340 s to 1,410 s."""
    played = play(scaling_of(module), burst(500, 10), seconds(30), FIXED)
    assert (played.workload_seconds, played.seconds) == (600, 1440)
    assert played.billed_workers == pytest.approx((2 * 600 + 42 * (1410 - 340)) / 600)


@pytest.mark.parametrize(
    ("assumptions", "trigger", "in_all"),
    [
        (replace(BUSY, start_up_seconds=23), 363, 386),
        (replace(BUSY, start_up_seconds=23, metric_period_seconds=20, metric_delay_seconds=16), 86, 109),
    ],
    ids=["one-minute metrics", "20 s metrics"],
)
def test_the_benchmark_of_aws(module: Mapping[str, Any], assumptions: Assumptions, trigger: int, in_all: int) -> None:
    """Target tracking on CPU, the load coming at any second of a minute: within 8 % of what AWS measured."""
    triggered, running = [], []
    for second in range(0, 60, 4):
        load = replace(burst(10, 30), second=float(second))
        _, scaled, ran, *_ = play(cpu_alone(scaling_of(module)), load, seconds(7200), assumptions).changes
        triggered.append(scaled.time - second)
        running.append(ran.time - second)
    assert mean(triggered) == pytest.approx(trigger, rel=0.08)
    assert mean(running) == pytest.approx(in_all, rel=0.08)
