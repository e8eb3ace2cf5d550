"""The advice: the cheapest setting that is quick enough."""

from collections.abc import Mapping
from typing import Any

from product_import.simulation.advice import Choice, cheapest, choices, frontier

import pytest

SLOW = Choice(50, 1, 600, 700, 2)
FAIR = Choice(10, 2, 120, 900, 4)
DEAR = Choice(8, 2, 120, 950, 4.5)
FAST = Choice(2, 10, 30, 1500, 12)
FOUND = [FAST, DEAR, SLOW, FAIR]


def test_the_cheapest_that_is_quick_enough() -> None:
    """Up to the limit itself; none where none is; of equal cost the smaller minimum."""
    assert cheapest(FOUND, 120) == FAIR
    assert cheapest(FOUND, 10_000) == SLOW
    assert cheapest(FOUND, 10) is None
    fewer = Choice(10, 1, 110, 900, 4)
    assert cheapest([FAIR, fewer], 120) == fewer


def test_the_frontier_leaves_out_what_another_betters() -> None:
    """The cheapest first."""
    assert frontier(FOUND) == [SLOW, FAIR, FAST]


def figures(wait: float, workers: float, usd: float) -> dict[str, Any]:
    return {"wait_seconds": {"p95": wait}, "cost": {"workers_usd": usd}, "mean_workers": workers}


def test_every_target_is_tried_with_every_minimum_that_is_allowed() -> None:
    """None above the maximum, which the module would refuse; of equals the target nearest to the one that is set."""
    found = choices(lambda inputs: figures(1, inputs["worker_min_count"], 2), 3, 120, 12)
    assert {choice.minimum for choice in found} == {1, 2, 3}
    assert {choice.target for choice in found} >= {1, 10, 50, 100}
    best = cheapest(found, 120)
    assert best is not None
    assert (best.minimum, best.target, frontier(found)) == (1, 12, [best])


@pytest.mark.parametrize(("minimum", "target"), [(1, 1), (7, 17), (19, 44), (37, 9), (50, 100)])
def test_the_cheapest_is_found_between_what_is_tried_at_first(minimum: int, target: int) -> None:
    """Where a worker more, and a smaller target, cost more and are quicker; nothing is simulated twice."""
    asked = []

    def simulated(inputs: Mapping[str, Any]) -> dict[str, Any]:
        workers, queued = inputs["worker_min_count"], inputs["target_jobs_per_worker"]
        asked.append((workers, queued))
        enough = workers >= minimum and queued <= target
        return figures(100 if enough else 200, workers, 100 * workers - queued)

    found = choices(simulated, 50, 120, 10)
    best = cheapest(found, 120)
    assert best is not None
    assert (best.minimum, best.target) == (minimum, target)
    assert len(asked) == len(set(asked)) == len(found) < 700
