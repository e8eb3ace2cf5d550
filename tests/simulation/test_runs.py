"""A workload simulated several times."""

from collections.abc import Mapping
from typing import Any

from product_import.simulation import Assumptions, Workload, play
from product_import.simulation.assumptions import variants
from product_import.simulation.runs import Scenario
from product_import.simulation.workload import burst, daily, job_seconds
from tests.simulation.scenarios import scaling_of

import pytest


@pytest.mark.parametrize("jobs", [5, 100, 200])
@pytest.mark.parametrize("fast", [False, True])
def test_each_seed_is_simulated_with_each_rule(module: Mapping[str, Any], jobs: int, fast: bool) -> None:
    """Where both rules decide the same, as for few jobs, the result of one is that of the other."""
    scaling, seconds = scaling_of(module, fast_scale_out=fast), job_seconds("exponential:30")
    scenario = Scenario(burst(jobs, 60), seconds, Assumptions(), seed=3)
    every = [
        play(scaling, scenario.workload, seconds, variant, seed=seed)
        for seed in range(3, 13)
        for variant in variants(scenario.assumptions)
    ]
    assert list(scenario.runs(scaling)) == every


@pytest.mark.parametrize(
    ("workload", "seeds"),
    [(burst(500, 60), 10), (daily(20_000, 1), 10), (daily(20_000, 7), 2), (daily(1_000_000, 1), 1)],
)
def test_large_workloads_have_fewer_seeds(workload: Workload, seeds: int) -> None:
    """At least one."""
    assert Scenario(workload, job_seconds("30"), Assumptions(), seed=5).seeds == range(5, 5 + seeds)
