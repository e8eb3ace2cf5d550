"""Application Auto Scaling as AWS describes it: what each policy requests, and what happens to it.

The autoscaler knows no clock and no queue: feed it with datapoints and times, of a simulation or of a live service.
"""

import math
from typing import NamedTuple

from product_import.simulation.assumptions import Assumptions
from product_import.simulation.scaling import Scaling, StepScaling, TargetTracking


class Datapoint(NamedTuple):
    """Metrics of a period.

    Attributes:
        depth: jobs that wait or are worked on; None if nobody published it.
        running: workers that ran.
        cpu: percent, mean of the workers.
    """

    depth: float | None
    running: int
    cpu: float


class Autoscaler:
    """The desired count of a service. An assumption of both rules of target tracking is taken as `then`.

    Call decide() with each datapoint once it can be seen, and reached() when as many workers run as are desired.

    Attributes:
        desired: workers that the service is to have; its minimum at first.
        minimum, maximum: limits of it, which a schedule may change.
    """

    def __init__(self, scaling: Scaling, assumptions: Assumptions) -> None:
        self.minimum, self.maximum = scaling.minimum, scaling.maximum
        self.desired = self._before = self.minimum
        self._tracking = [_Tracking(policy, assumptions) for policy in scaling.policies]
        self._stepping = [_Stepping(step) for step in scaling.steps]
        self._cooldown = 0.0
        self._out_until = self._in_until = -math.inf

    def limit(self, minimum: int, maximum: int) -> None:
        """Set other limits, as a scheduled action does: the desired count follows at once, whatever the cooldowns."""
        self.minimum, self.maximum = minimum, maximum
        self.desired = min(max(self.desired, minimum), maximum)

    def reached(self, now: float) -> None:
        """Begin the cooldown of a scale-out: all desired workers run."""
        if self._out_until == math.inf:
            self._out_until = now + self._cooldown

    def decide(self, now: float, point: Datapoint) -> None:
        """Change `desired` by the newest datapoint."""
        for tracking in self._tracking:
            tracking.see(point)
        for stepping in self._stepping:
            stepping.see(point)
        # Until the cooldown of an addition is over, the next one counts from the number before it.
        before = self._before if now < self._out_until else self.desired
        out = [(each.capacity(before), each.policy.scale_out_cooldown) for each in self._tracking if each.high]
        out += [(each.capacity(before), each.step.cooldown) for each in self._stepping if each.high]
        most, cooldown = max(out, default=(0, 0.0))
        if most > self.desired:
            self._scale_out(min(most, self.maximum), now, cooldown)
        elif not out and now >= self._in_until and now >= self._out_until:
            self._scale_in(now)

    def _scale_out(self, desired: int, now: float, cooldown: float) -> None:
        if desired <= self.desired:
            return
        if now >= self._out_until:
            self._before = self.desired
        self.desired = desired
        self._out_until, self._cooldown = math.inf, cooldown
        # A scale-out ends the cooldown of a scale-in.
        self._in_until = -math.inf

    def _scale_in(self, now: float) -> None:
        if self.desired == self.minimum or not all(each.low and each.policy.scales_in for each in self._tracking):
            return
        requested = max((each.capacity(self.desired) for each in self._tracking), default=self.desired)
        desired = max(requested, self.minimum)
        if desired < self.desired:
            self.desired = desired
            self._in_until = now + max(each.policy.scale_in_cooldown for each in self._tracking)


class _Tracking:
    """The two alarms of a target tracking policy.

    Attributes:
        high, low: whether each is on.
    """

    def __init__(self, policy: TargetTracking, assumptions: Assumptions) -> None:
        self.policy = policy
        self._point, self._counted = 0.0, 0
        self._margin = policy.target * assumptions.scale_in_margin_percent / 100
        self._points_out, self._points_in = assumptions.points_out, assumptions.points_in
        self._of_now = assumptions.multiplied_workers == "now"
        self._above = self._below = 0
        self.high = self.low = False

    def see(self, datapoint: Datapoint) -> None:
        point = self.policy.metric.value(*datapoint)
        if point is None:
            self._above = self._below = 0
        else:
            self._above = self._above + 1 if point > self.policy.target else 0
            self._below = self._below + 1 if point < self._margin else 0
            self._point, self._counted = point, datapoint.running
        self.high, self.low = self._above >= self._points_out, self._below >= self._points_in

    def capacity(self, before: int) -> int:
        """Workers that the newest point requests where so many were desired."""
        workers = before if self._of_now else self._counted
        # Without rounding, 450 jobs on 7 workers, 450 / 7 * 7 / 10, would be a little more than 45.
        return math.ceil(round(workers * self._point / self.policy.target, 9))


class _Stepping:
    """The alarm of a step policy."""

    def __init__(self, step: StepScaling) -> None:
        self.step = step
        self._point = 0.0
        self._above = 0

    def see(self, datapoint: Datapoint) -> None:
        point = self.step.metric.value(*datapoint)
        self._above = self._above + 1 if point is not None and point > self.step.threshold else 0
        self._point = point or 0.0

    @property
    def high(self) -> bool:
        return self._above >= self.step.points

    def capacity(self, before: int) -> int:
        """What the step requests where so many workers were desired."""
        breach = self._point - self.step.threshold
        percent = next((percent for low, high, percent in self.step.steps if low <= breach < high), 0)
        change = before * percent / 100
        return before + max(self.step.least, 1 if 0 < change < 1 else math.floor(change)) if percent else before
