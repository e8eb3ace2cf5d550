"""The advice: the cheapest setting that is quick enough."""

from collections.abc import Mapping
from typing import Any

from product_import.simulation.advice import Choice, cheapest, choices, frontier

SLOW = Choice(50, 1, 600, 700, 2)
FAIR = Choice(10, 2, 120, 900, 4)
DEAR = Choice(8, 2, 120, 950, 4.5)
FAST = Choice(2, 10, 30, 1500, 12)
FOUND = [FAST, DEAR, SLOW, FAIR]


def test_the_cheapest_that_is_quick_enough() -> None:
    """Up to the limit itself; none where none is."""
    assert cheapest(FOUND, 120) == FAIR
    assert cheapest(FOUND, 10_000) == SLOW
    assert cheapest(FOUND, 10) is None


def test_the_frontier_leaves_out_what_another_betters() -> None:
    """The cheapest first."""
    assert frontier(FOUND) == [SLOW, FAIR, FAST]


def test_every_target_is_tried_with_every_minimum_that_is_allowed() -> None:
    """None above the maximum, which the module would refuse."""

    def simulated(inputs: Mapping[str, Any]) -> dict[str, Any]:
        return {"wait_seconds": {"p95": 1.0}, "cost": {"month_usd": 2.0}, "mean_workers": inputs["worker_min_count"]}

    found = choices(simulated, 3)
    assert {choice.minimum for choice in found} == {1, 2, 3}
    assert {choice.target for choice in found} >= {1, 10, 50}
