"""What Application Auto Scaling makes of what its policies ask for, decision by decision."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from product_import.simulation import Assumptions
from product_import.simulation.autoscaler import Autoscaler, Datapoint
from tests.simulation.scenarios import scaling_of

import pytest

# One point is enough.
AT_ONCE = Assumptions(points_out=1, points_in=1)


def autoscaler(module: Mapping[str, Any]) -> Autoscaler:
    """Of 2 to 50 workers, on jobs per worker and on 70 % of CPU; 60 s after an addition, 600 after a removal."""
    scaling = scaling_of(module)
    queue, cpu = sorted(scaling.policies, key=lambda policy: policy.metric.reads("cpu"))
    slow = replace(cpu, scale_in_cooldown=600)
    return Autoscaler(replace(scaling, policies=(queue, slow)), AT_ONCE)


def test_the_cooldowns(module: Mapping[str, Any]) -> None:
    """Of several policies the longest one on the way in; an addition ends it, and is followed by its own.

    Source: Application Auto Scaling user guide, target tracking, "Define cooldown periods".
    """
    service = autoscaler(module)
    for second, queued_each, counted, desired in (
        (0, 50, 2, 10),  # ceil(2 * 50 / 10)
        (59, 4, 10, 10),  # 60 s after an addition nothing is removed
        (60, 4, 10, 4),  # ceil(10 * 4 / 10)
        (360, 5, 4, 4),  # the 300 s of the queue's policy are over, the 600 s of the other one not
        (400, 20, 4, 8),  # more is added at once
        (459, 5, 8, 8),
        (460, 5, 8, 4),  # and what is left of the 600 s is no more
        (1059, 5, 4, 4),
        (1060, 5, 4, 2),
    ):
        service.decide(second, Datapoint(queued_each * counted, counted, 1))
        service.reached(second)
        assert service.desired == desired, second


@pytest.mark.parametrize(("queued_each", "desired"), [(10.0, 10), (10.1, 11), (9.0, 10), (8.9, 9)])
def test_between_nine_tenths_of_the_target_and_the_target_nothing_moves(
    module: Mapping[str, Any], queued_each: float, desired: int
) -> None:
    """Both bounds belong to what is left alone."""
    service = autoscaler(module)
    service.decide(0, Datapoint(50 * 2, 2, 1))
    service.reached(0)
    service.decide(1000, Datapoint(queued_each * 10, 10, 1))
    assert service.desired == desired


def test_a_rounding_error_is_no_worker_more(module: Mapping[str, Any]) -> None:
    """450 jobs at a target of 10 are 45 workers, though 450 / 7 * 7 / 10 is a little more."""
    service = autoscaler(module)
    service.decide(0, Datapoint(450 / 7 * 7, 7, 1))
    assert service.desired == 45


@pytest.mark.parametrize(("times_the_target", "desired"), [(1.9, 6), (2, 8), (3.9, 8), (4, 16)])
def test_a_step_begins_with_its_lower_bound(module: Mapping[str, Any], times_the_target: float, desired: int) -> None:
    """4 workers and 50, 100 or 300 %; the upper bound is the next step's.

    Source: Application Auto Scaling API Reference, StepAdjustment.
    """
    service = Autoscaler(scaling_of(module, fast_scale_out=True, worker_min_count=4), Assumptions())
    service.decide(0, Datapoint(times_the_target * 4 * 10, 4, 1))
    assert service.desired == desired


def test_a_policy_that_does_not_scale_in_keeps_all(module: Mapping[str, Any]) -> None:
    """`disable_scale_in`: it never agrees."""
    scaling = scaling_of(module)
    first, second = scaling.policies
    service = Autoscaler(replace(scaling, policies=(first, replace(second, scales_in=False))), AT_ONCE)
    service.decide(0, Datapoint(1000 * 2, 2, 1000))
    most = service.desired
    service.reached(0)
    service.decide(1000, Datapoint(1 * most, most, 1))
    assert service.desired == most


def test_a_cooldown_begins_when_the_workers_run(module: Mapping[str, Any]) -> None:
    """Nothing is removed before; a further addition is not kept back, and starts it anew."""
    service = autoscaler(module)
    for second, queued_each, counted, desired, reached in (
        (0, 50, 2, 10, False),
        (500, 1, 10, 10, False),
        (600, 50, 4, 20, True),
        (659, 1, 20, 20, True),
        (660, 1, 20, 2, True),
    ):
        service.decide(second, Datapoint(queued_each * counted, counted, 1))
        if reached:
            service.reached(second)
        assert service.desired == desired, second
