"""Which target and minimum keep the wait short enough, and what that costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

TARGETS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50)
MINIMA = (1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50)


@dataclass(frozen=True)
class Choice:
    """A setting, and what it comes to.

    Attributes:
        wait: seconds that 95 % of the jobs wait at most.
        cost: US dollars a month.
    """

    target: float
    minimum: int
    wait: float
    cost: float
    mean_workers: float


def choices(simulated: Callable[[Mapping[str, Any]], dict[str, Any]], maximum: int) -> list[Choice]:
    """Every target with every minimum that the maximum allows.

    Args:
        simulated: the figures (report.figures) with some inputs changed.
        maximum: of the workers.
    """
    found = []
    for minimum in MINIMA:
        for target in TARGETS if minimum <= maximum else ():
            inputs = {"target_jobs_per_worker": target, "worker_min_count": minimum}
            figures = simulated(inputs)
            wait, cost = figures["wait_seconds"]["p95"], figures["cost"]["month_usd"]
            found.append(Choice(target, minimum, wait, cost, figures["mean_workers"]))
    return found


def cheapest(found: list[Choice], wait: float) -> Choice | None:
    """The cheapest choice whose wait is short enough; of equal cost the largest target, which moves least."""
    enough = [choice for choice in found if choice.wait <= wait]
    return min(enough, key=lambda choice: (choice.cost, choice.minimum, -choice.target), default=None)


def frontier(found: list[Choice]) -> list[Choice]:
    """The choices that none is both cheaper and quicker than, the cheapest first."""
    best: list[Choice] = []
    for choice in sorted(found, key=lambda choice: (choice.cost, choice.wait, -choice.target)):
        if not best or choice.wait < best[-1].wait:
            best.append(choice)
    return best
