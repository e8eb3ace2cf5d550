"""Which target and minimum keep the wait short enough, and what that costs."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf

from product_import.simulation.assumptions import Assumptions
from product_import.simulation.play import Played, Simulation
from product_import.simulation.scaling import Scaling, with_target

PERCENTILE = 95
# Reports round the wait to a tenth of a second.
ROUNDING = 0.05
# Settings to compare; ten times as many, and so on, as far as the inputs allow.
LEAST_DIFFERENCE = 1.2
COMPARED = (1, 1.5, 2, 3, 4, 5, 6, 8)


@dataclass(frozen=True)
class Choice:
    """A setting, and what it comes to.

    Attributes:
        wait: seconds that 95 % of the jobs wait at most.
        cost: US dollars of the workers in the time of the workload.
    """

    target: int
    minimum: int
    wait: float
    cost: float
    mean_workers: float


@dataclass(frozen=True)
class Problem:
    """What the search needs to know.

    Attributes:
        scaling: configuration with a target of 1.
        simulate: start a simulation of the workload with a configuration and assumptions.
        variants: variants of the model. The worst wait and the highest cost of them count.
        cost: US dollars of the workers, for a minimum and a mean of billed workers.
        jobs: number of jobs.
        wait: seconds that are short enough.
        target: target that is set. Of equal settings the nearest to it is chosen.
        minima: numbers of workers that may be the minimum, in rising order.
    """

    scaling: Scaling
    simulate: Callable[[Scaling, Assumptions], Simulation]
    variants: Sequence[Assumptions]
    cost: Callable[[int, float], float]
    jobs: int
    wait: float
    target: float
    minima: Sequence[int]

    def configured(self, minimum: int, target: int) -> Scaling:
        return replace(with_target(self.scaling, target), minimum=minimum)


def cheapest(problem: Problem) -> Choice | None:
    """Find the cheapest setting whose wait is short enough.

    Every minimum and every whole target is considered. A target of as many jobs as there are never scales out, so no
    larger one is. Of equally expensive settings the one with the smallest minimum wins, then that with the nearest
    target.

    Returns:
        None if there is no such setting.
    """
    best: Choice | None = None
    for minimum in problem.minima:
        # The minimum runs all the time.
        if best is not None and problem.cost(minimum, minimum) >= best.cost:
            break
        target, affordable = problem.jobs, inf if best is None else _affordable(problem, minimum, best.cost)
        while target > 0:
            choice, smallest = _Trial(problem, minimum, target).result(affordable)
            if choice is not None and (best is None or _order(problem, choice) < _order(problem, best)):
                best, affordable = choice, _affordable(problem, minimum, choice.cost)
            target = smallest - 1
    return best


def compared(problem: Problem) -> Iterator[Choice]:
    """Simulate settings all over the range, as far as they differ, whether their wait is short enough or not."""
    anything = replace(problem, wait=inf)
    fastest = inf
    for minimum in problem.minima:
        if minimum not in _all_over(problem.minima[-1]):
            continue
        if problem.cost(minimum, minimum) >= fastest:
            break
        next_target = problem.jobs
        for target in reversed(_all_over(problem.jobs)):
            if target <= next_target:
                choice, smallest = _Trial(anything, minimum, target).result(inf)
                assert choice is not None
                yield choice
                next_target = smallest - 1
                if choice.wait == 0:
                    fastest = min(fastest, choice.cost)


def frontier(found: Sequence[Choice]) -> list[Choice]:
    """Choices than which no other is both cheaper and faster, in rising order of cost; of equals the first."""
    best: list[Choice] = []
    for choice in sorted(found, key=lambda choice: (choice.cost, choice.wait)):
        if not best or choice.wait < best[-1].wait:
            best.append(choice)
    return best


def spread(line: Sequence[Choice], best: Choice | None) -> list[Choice]:
    """Leave out choices that cost about as much as the one before; the best and the fastest stay."""
    kept: list[Choice] = []
    for choice in line:
        if not kept or choice.cost >= LEAST_DIFFERENCE * kept[-1].cost or choice in {best, line[-1]}:
            kept.append(choice)
    return kept


def _order(problem: Problem, choice: Choice) -> tuple[float, int, float]:
    return choice.cost, choice.minimum, abs(choice.target - problem.target)


def _all_over(most: int) -> list[int]:
    """Whole numbers up to one, which are about as far from each other as they are large."""
    powers = (10**power for power in range(len(str(most))))
    found = {int(number * power) for power in powers for number in COMPARED}
    return sorted({number for number in found if number < most} | {most})


def _affordable(problem: Problem, minimum: int, usd: float) -> float:
    """Mean number of billed workers of which more certainly cost more."""
    # What is above the minimum after the workload counts too, so that a mean above the maximum is possible.
    thousandths = range(1000 * minimum, 10**9)
    place = bisect_left(thousandths, True, key=lambda number: problem.cost(minimum, number / 1000) > usd)
    return (thousandths.start + place) / 1000


class _Trial:
    """A setting that is simulated until it is clear that it is no good, and those that have the same result.

    Settings with which the autoscaler decides the same have the same result. Targets that do so are neighbours: among
    targets with the same decisions until a datapoint, a larger one never requests more workers than a smaller one.
    """

    def __init__(self, problem: Problem, minimum: int, target: int) -> None:
        self._problem, self._minimum, self._target = problem, minimum, target

    def result(self, affordable: float) -> tuple[Choice | None, int]:
        """Simulate.

        Args:
            affordable: billed workers, of which more are no good.

        Returns:
            None if the setting is no good, and the smallest target with the same result.
        """
        problem = self._problem
        done: list[Simulation] = []
        played: list[Played] = []
        for variant in problem.variants:
            simulation = problem.simulate(problem.configured(self._minimum, self._target), variant)
            done.append(simulation)
            for _ in simulation.periods():
                if self._is_late(simulation) or simulation.least_billed_workers() > affordable:
                    return None, self._smallest([simulation])
            played.append(simulation.result())
        smallest = self._smallest(done)
        choice = Choice(
            target=round(min(max(problem.target, smallest), self._target)),
            minimum=self._minimum,
            wait=round(max(each.wait(PERCENTILE)[0] for each in played), 1),
            cost=max(problem.cost(self._minimum, each.billed_workers) for each in played),
            mean_workers=round(max(each.mean_workers for each in played), 2),
        )
        return choice, smallest

    def _is_late(self, simulation: Simulation) -> bool:
        """Tell whether too many jobs have waited too long."""
        may_be_late = self._problem.jobs - ceil(self._problem.jobs * PERCENTILE / 100)
        return simulation.workers.waited_longer(self._problem.wait + ROUNDING) > may_be_late

    def _smallest(self, simulations: Sequence[Simulation]) -> int:
        """Smallest target with which all simulations would have been the same."""

        def alike(target: int) -> bool:
            scaling = self._problem.configured(self._minimum, target)
            return all(each.decides_alike(scaling) for each in simulations)

        step, same = 1, self._target
        while same - step > 0 and alike(same - step):
            same, step = same - step, 2 * step
        # The smallest is above `same - step`.
        between = range(max(1, same - step + 1), same)
        return between.start + bisect_left(between, True, key=alike)
