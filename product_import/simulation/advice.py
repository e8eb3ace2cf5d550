"""Which target and minimum keep the wait short enough, and what that costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TARGETS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100)
MINIMA = (1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50)


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


def choices(
    simulated: Callable[[Mapping[str, Any]], dict[str, Any]], maximum: int, wait: float, usual: float
) -> list[Choice]:
    """Targets and minima all over their range, and each whole one near the cheapest that is quick enough.

    Those of a target near the usual one come first, so that of equals they are taken.

    Args:
        simulated: the figures (report.figures) with some inputs changed.
        maximum: of the workers.
        wait: seconds that are quick enough.
        usual: the target that is set.
    """
    found: dict[tuple[int, int], Choice] = {}

    def look(minima: Sequence[int], targets: Sequence[int]) -> list[Choice]:
        for minimum in minima:
            for target in targets:
                if minimum <= maximum and (minimum, target) not in found:
                    figures = simulated({"target_jobs_per_worker": target, "worker_min_count": minimum})
                    waited, cost = figures["wait_seconds"]["p95"], figures["cost"]["workers_usd"]
                    found[minimum, target] = Choice(target, minimum, waited, cost, figures["mean_workers"])
        return sorted(found.values(), key=lambda choice: abs(choice.target - usual))

    all_over = look(MINIMA, TARGETS)
    best = cheapest(all_over, wait)
    if best is None:
        return all_over
    closer = cheapest(look(_near(best.minimum, MINIMA), TARGETS), wait) or best
    return look([closer.minimum], _near(closer.target, TARGETS))


def _near(number: int, tried: Sequence[int]) -> range:
    """From the one that was tried before a number to the one after it."""
    place = tried.index(number)
    return range(tried[max(0, place - 1)], tried[min(place + 1, len(tried) - 1)] + 1)


def cheapest(found: list[Choice], wait: float) -> Choice | None:
    """The cheapest choice whose wait is short enough; of equals the one of the smallest minimum, then the first."""
    enough = [choice for choice in found if choice.wait <= wait]
    return min(enough, key=lambda choice: (choice.cost, choice.minimum), default=None)


def frontier(found: list[Choice]) -> list[Choice]:
    """The choices that none is both cheaper and quicker than, the cheapest first; of equals the first."""
    best: list[Choice] = []
    for choice in sorted(found, key=lambda choice: (choice.cost, choice.wait)):
        if not best or choice.wait < best[-1].wait:
            best.append(choice)
    return best
