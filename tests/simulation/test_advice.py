"""The advice: the cheapest setting that is fast enough."""

import random
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from product_import.simulation import Assumptions, JobSeconds, Scaling, Workload, play
from product_import.simulation.advice import Choice, Problem, cheapest, compared, frontier, spread
from product_import.simulation.assumptions import variants
from product_import.simulation.play import Simulation
from product_import.simulation.scaling import with_target
from product_import.simulation.workload import burst, job_seconds
from tests.simulation.scenarios import scaling_of

import pytest

SLOW = Choice(50, 1, 600, 700, 2)
FAIR = Choice(10, 2, 120, 900, 4)
EXPENSIVE = Choice(8, 2, 120, 950, 4.5)
FAST = Choice(2, 10, 30, 1500, 12)

# US dollars of a worker in an hour.
USD = 0.09874


def problem(scaling: Scaling, workload: Workload, seconds: JobSeconds, wait: float) -> Problem:
    """Of a scaling configuration with a target of 1."""

    def simulate(with_settings: Scaling, assumptions: Assumptions) -> Simulation:
        return Simulation(with_settings, workload, seconds, assumptions, seed=0, outage=range(0), schedule=())

    return Problem(
        scaling,
        simulate,
        variants(Assumptions()),
        lambda _, workers: round(workers * USD * workload.seconds / 3600, 4),
        jobs=sum(workload.jobs),
        wait=wait,
        target=10,
        minima=range(1, scaling.maximum + 1),
    )


def played(asked: Problem, minimum: int, target: int) -> Choice:
    """A setting, simulated to the end, whatever it comes to."""
    scaling = asked.configured(minimum, target)
    runs = [asked.simulate(scaling, variant).to_the_end() for variant in asked.variants]
    return Choice(
        target,
        minimum,
        round(max(run.wait(95)[0] for run in runs), 1),
        max(asked.cost(minimum, run.billed_workers) for run in runs),
        round(max(run.mean_workers for run in runs), 2),
    )


def by_brute_force(asked: Problem) -> Choice | None:
    """Simulate all settings."""
    every = (played(asked, *setting) for setting in product(asked.minima, range(1, asked.jobs + 1)))
    enough = [choice for choice in every if choice.wait <= asked.wait]
    return min(
        enough, key=lambda choice: (choice.cost, choice.minimum, abs(choice.target - asked.target)), default=None
    )


def random_cases() -> Iterator[tuple[int, dict[str, Any], Workload, str]]:
    """Services of up to 6 workers and workloads of up to 45 jobs, with and without the fast scale-out."""
    chance = random.Random(20)
    for number in range(17):
        inputs = {
            "worker_min_count": 1,
            "worker_max_count": chance.randint(2, 6),
            "worker_concurrency": chance.randint(1, 3),
            "fast_scale_out": chance.random() < 0.5,
        }
        jobs = chance.randint(10, 45)
        workload = burst(jobs, 40)
        if chance.random() < 0.5:
            minutes = [chance.randrange(15) for _ in range(jobs)]
            workload = Workload("by chance", tuple(map(minutes.count, range(40))))
        length = chance.randint(20, 120)
        yield number, inputs, workload, chance.choice([f"{length}", f"exponential:{length}"])


@pytest.mark.parametrize(("number", "inputs", "workload", "length"), [*random_cases()])
def test_the_advice_is_what_brute_force_finds(
    module: Mapping[str, Any], number: int, inputs: dict[str, Any], workload: Workload, length: str
) -> None:
    """The same setting with the same figures, or none where there is none."""
    scaling = scaling_of(module, **inputs, target_jobs_per_worker=1)
    asked = problem(scaling, workload, job_seconds(length), 0)
    waits = sorted({choice.wait for choice in compared(asked)})
    # A wait that some of the settings keep.
    wait = waits[number * len(waits) // 17]
    asked = problem(scaling, workload, job_seconds(length), wait)
    assert cheapest(asked) == by_brute_force(asked)


@pytest.mark.parametrize(
    ("inputs", "workload", "length", "expected"),
    [
        ({"worker_max_count": 300}, burst(3000, 60), "30", (60, 190, 10)),
        ({}, burst(5000, 60), "1", (550, 2, 1600)),
        ({"worker_concurrency": 50}, burst(20_000, 60), "10", (600, 6, 2371)),
    ],
)
def test_the_advice_for_large_bursts(
    module: Mapping[str, Any], inputs: dict[str, Any], workload: Workload, length: str, expected: tuple[int, int, int]
) -> None:
    """Of a longest wait, minimum and target are what brute force found, which takes too long for a test.

    The first: nothing scales out within 60 s, in which 190 workers with 5 slots start 95 % of 3,000 jobs, in 3 rounds.
    The second: all targets with 1 worker; 2 workers that never scale out are enough, and more cost more.
    The third: of all minima that cost no more, every tenth target, and all from 2,100 to 2,699.
    """
    wait, minimum, target = expected
    asked = problem(scaling_of(module, **inputs, target_jobs_per_worker=1), workload, job_seconds(length), wait)
    best = cheapest(asked)
    assert best is not None
    assert (best.minimum, best.target) == (minimum, target)
    # And no other one is cheaper, of some by chance.
    chance = random.Random(20)
    for _ in range(20):
        other = played(asked, chance.randint(1, minimum), round(chance.uniform(0.5, 1.5) * target))
        assert other.wait > wait or other.cost >= best.cost


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("target", [1, 3, 10, 2.5, 7])
def test_a_configuration_with_another_target_is_the_modules(
    module: Mapping[str, Any], target: float, fast: bool
) -> None:
    """As it is read with that input."""
    changed = with_target(scaling_of(module, target_jobs_per_worker=1, fast_scale_out=fast), target)
    read = scaling_of(module, target_jobs_per_worker=target, fast_scale_out=fast)
    assert [policy.target for policy in changed.policies] == [policy.target for policy in read.policies]
    for ours, modules in zip(changed.steps, read.steps, strict=True):
        assert ours.metric.value(105, 7, 1) == pytest.approx(modules.metric.value(105, 7, 1))
    workload, seconds = burst(200, 60), job_seconds("45")
    assert play(changed, workload, seconds) == play(read, workload, seconds)
    assert len(changed.steps) == fast


def test_the_frontier_leaves_out_what_another_beats() -> None:
    """The cheapest first."""
    assert frontier([FAST, EXPENSIVE, SLOW, FAIR]) == [SLOW, FAIR, FAST]


def test_choices_that_cost_about_as_much_are_left_out() -> None:
    """Except the best and the fastest."""
    line = [Choice(1, 1, 100 - cost, cost, 1) for cost in (10, 11, 12, 13, 14, 15, 15.5)]
    assert [choice.cost for choice in spread(line, None)] == [10, 12, 15, 15.5]
    assert [choice.cost for choice in spread(line, line[1])] == [10, 11, 14, 15.5]


def test_settings_all_over_the_range_are_compared(module: Mapping[str, Any]) -> None:
    """None above the maximum, which the module would refuse, and none that costs more than one without any wait."""
    asked = problem(
        scaling_of(module, worker_max_count=9, target_jobs_per_worker=1), burst(30, 60), job_seconds("30"), 0
    )
    found = list(compared(asked))
    # 6 workers have 30 slots.
    assert {choice.minimum for choice in found} == {1, 2, 3, 4, 5, 6}
    assert len(found) == len({(choice.target, choice.minimum) for choice in found})
    for choice in found:
        assert choice == played(asked, choice.minimum, choice.target)
