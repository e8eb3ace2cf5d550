"""The scaling configuration, read out of the synthesized module with an operator's inputs in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from product_import.configuration import Configuration, Resource
from product_import.configuration.expressions import template
from product_import.configuration.values import Expression, ExpressionError, Names
from product_import.errors import UserError

# What the model has a series of, by CloudWatch's namespace, name and statistic. The depth's namespace is the module's.
_SERIES = {
    ("AWS/ECS", "CPUUtilization", "SampleCount"): "running",
    ("ECS/ContainerInsights", "RunningTaskCount", "Average"): "running",
    ("AWS/ECS", "CPUUtilization", "Average"): "cpu",
}
_PREDEFINED = {"ECSServiceAverageCPUUtilization": "cpu"}


@dataclass(frozen=True)
class Metric:
    """A CloudWatch metric or metric math over some.

    Attributes:
        name: for people.
        value: the metric's value from that of `depth`, `running` and `cpu` in a period; None without data.
    """

    name: str
    _series: Mapping[str, str]
    _expression: Expression | None = None
    # Results of the expression by its values, which come again and again.
    _results: dict[tuple[float, ...], float | None] = field(default_factory=dict, compare=False)
    _divisor: float = 1

    def reads(self, series: str) -> bool:
        return series in self._series.values()

    def value(self, depth: float | None, running: int, cpu: float | None) -> float | None:
        # No task that runs sends no sample.
        known = {"depth": depth, "running": running or None, "cpu": cpu}
        if self._expression is None:
            (series,) = self._series.values()
            return known[series]
        values = tuple([value for series in self._series.values() if (value := known[series]) is not None])
        if len(values) < len(self._series):
            return None
        if values not in self._results:
            self._results[values] = self._calculated(self._expression, values)
        result = self._results[values]
        return None if result is None else result / self._divisor

    def divided_by(self, divisor: float) -> "Metric":
        return replace(self, _divisor=divisor)

    def _calculated(self, expression: Expression, values: tuple[float, ...]) -> float | None:
        try:
            return float(expression(Names(dict(zip(self._series, values, strict=True)), "metric math")))
        except ExpressionError:  # a division by zero has no value
            return None


@dataclass(frozen=True)
class TargetTracking:
    """A target tracking policy; cooldowns in seconds."""

    name: str
    metric: Metric
    target: float
    scale_out_cooldown: float
    scale_in_cooldown: float
    scales_in: bool


@dataclass(frozen=True)
class StepScaling:
    """A step policy that adds workers, and the alarm that calls it.

    Attributes:
        steps: lower and upper bound of the metric above the threshold, and the percentage that they add.
        points: one-minute points above the threshold.
    """

    name: str
    metric: Metric
    threshold: float
    points: int
    steps: tuple[tuple[float, float, float], ...]
    cooldown: float
    least: int


@dataclass(frozen=True)
class Alarm:
    """An alarm of the module on what the model knows; seconds."""

    name: str
    metric: Metric
    above: bool
    threshold: float
    period: int
    periods: int
    missing_breaches: bool


@dataclass(frozen=True)
class Scaling:
    """All that decides how many workers run."""

    minimum: int
    maximum: int
    concurrency: int
    stop_timeout: float
    policies: tuple[TargetTracking, ...]
    steps: tuple[StepScaling, ...]
    alarms: tuple[Alarm, ...]


def read_scaling(configuration: Configuration) -> Scaling:
    """The scaling configuration of a module.

    Raises:
        UserError: the module scales by what the model does not know.
    """
    if configuration.resources("aws_appautoscaling_scheduled_action"):
        raise UserError("The module has a scheduled action, which the simulation does not know.")
    target = configuration.resource("aws_appautoscaling_target", "import_worker")
    containers = json.loads(configuration.resource("aws_ecs_task_definition", "import_worker")["container_definitions"])
    (worker,) = (container for container in containers if container["name"] == "worker")
    depth = configuration.resource("aws_cloudwatch_metric_alarm", "queue_overload")
    depth_metric = (depth["namespace"], depth["metric_name"], depth["statistic"])
    reader = _Reader({**_SERIES, depth_metric: "depth"})
    policies = configuration.resources("aws_appautoscaling_policy")
    return Scaling(
        minimum=target["min_capacity"],
        maximum=target["max_capacity"],
        concurrency=configuration.variable("worker_concurrency"),
        stop_timeout=worker["stopTimeout"],
        policies=tuple(
            reader.target_tracking(name, policy)
            for name, policy in policies.items()
            if policy["policy_type"] == "TargetTrackingScaling"
        ),
        steps=tuple(
            reader.step(name, policy, _alarm_of(configuration, name))
            for name, policy in policies.items()
            if policy["policy_type"] == "StepScaling"
        ),
        alarms=tuple(
            alarm
            for name, resource in configuration.resources("aws_cloudwatch_metric_alarm").items()
            if (alarm := reader.alarm(name, resource)) is not None
        ),
    )


@dataclass(frozen=True)
class _Reader:
    series: Mapping[tuple[str, str, str], str]

    def target_tracking(self, name: str, policy: Resource) -> TargetTracking:
        (settings,) = policy.blocks("target_tracking_scaling_policy_configuration")
        if "predefined_metric_specification" in settings:
            kind = _only(settings["predefined_metric_specification"])["predefined_metric_type"]
            if kind not in _PREDEFINED:
                raise UserError(f"The policy {name} scales on {kind}, which the simulation does not know.")
            metric = _plain(kind, _PREDEFINED[kind])
        else:
            specification = _only(settings["customized_metric_specification"])
            metric = self._metric(name, specification.get("metrics", [specification]))
        return TargetTracking(
            name,
            metric,
            settings["target_value"],
            settings.get("scale_out_cooldown", 300),
            settings.get("scale_in_cooldown", 300),
            not settings.get("disable_scale_in", False),
        )

    def step(self, name: str, policy: Resource, alarm: Resource) -> StepScaling:
        (settings,) = policy.blocks("step_scaling_policy_configuration")
        if settings["adjustment_type"] != "PercentChangeInCapacity":
            raise UserError(
                f"The policy {name} adjusts by {settings['adjustment_type']}: known is the change in percent."
            )
        steps = settings["step_adjustment"]
        return StepScaling(
            name,
            self._metric(name, alarm.blocks("metric_query") or [_own_metric(alarm)]),
            alarm["threshold"],
            alarm["evaluation_periods"],
            tuple(
                (
                    float(step.get("metric_interval_lower_bound") or 0),
                    float(step.get("metric_interval_upper_bound") or "inf"),
                    float(step["scaling_adjustment"]),
                )
                for step in (steps if isinstance(steps, list) else [steps])
            ),
            settings.get("cooldown", 300),
            settings.get("min_adjustment_magnitude", 1) or 1,
        )

    def alarm(self, name: str, resource: Resource) -> Alarm | None:
        """None where it reads what the model does not have, as Redis's metrics."""
        if "metric_name" not in resource:
            return None
        read = _own_metric(resource)
        if (read["namespace"], read["metric_name"], read["statistic"]) not in self.series:
            return None
        return Alarm(
            name,
            self._metric(name, [read]),
            resource["comparison_operator"] == "GreaterThanThreshold",
            resource["threshold"],
            resource["period"],
            resource["evaluation_periods"],
            resource["treat_missing_data"] == "breaching",
        )

    def _metric(self, name: str, queries: list[Mapping[str, Any]]) -> Metric:
        if len(queries) == 1 and "metric_name" in queries[0]:
            return _plain(queries[0]["metric_name"], self._known(name, queries[0], queries[0]["statistic"]))
        series, expression, label = {}, None, name
        for query in queries:
            if query.get("expression"):
                if expression is not None:
                    raise UserError(f"{name} has more than one expression of metric math: known is one.")
                expression, label = query["expression"], query.get("label") or name
            else:
                stat = _only(query.get("metric_stat") or query["metric"])
                read = _only(stat["metric"]) if "metric" in stat else stat
                series[query["id"]] = self._known(name, read, stat["stat"])
        if expression is None:
            raise UserError(f"{name} reads no metric math, and more than one metric.")
        return Metric(label, series, template(f"${{{expression}}}"))

    def _known(self, name: str, metric: Mapping[str, Any], statistic: str) -> str:
        key = (metric["namespace"], metric["metric_name"], statistic)
        if key not in self.series:
            raise UserError(f"{name} reads {' '.join(key)}, which the simulation does not know.")
        return self.series[key]


def with_target(scaling: Scaling, target: float) -> Scaling:
    """The scaling configuration with another `target_jobs_per_worker`, where that input was 1.

    It is the target of the policy on the queue, and divides the metric of the step policy. Reading it out of the module
    takes longer than a simulation.
    """
    return replace(
        scaling,
        policies=tuple(
            replace(policy, target=target) if policy.metric.reads("depth") else policy for policy in scaling.policies
        ),
        steps=tuple(replace(step, metric=step.metric.divided_by(target)) for step in scaling.steps),
    )


def raw_depth(scaling: Scaling) -> Scaling:
    """The fault that the module fixes: its policies on the bare depth of the queue, for comparison."""
    policies = [
        replace(policy, metric=_plain("Queued jobs", "depth")) if policy.metric.reads("depth") else policy
        for policy in scaling.policies
    ]
    return replace(scaling, policies=tuple(policies))


def _plain(name: str, series: str) -> Metric:
    return Metric(name, {series: series})


def _own_metric(alarm: Resource) -> Mapping[str, Any]:
    return {name: alarm[name] for name in ("namespace", "metric_name", "statistic")}


def _alarm_of(configuration: Configuration, policy: str) -> Resource:
    address = f"aws_appautoscaling_policy.{policy}.arn"
    for alarm in configuration.resources("aws_cloudwatch_metric_alarm").values():
        if any(address in str(action) for action in alarm["alarm_actions"]):
            return alarm
    raise UserError(f"No alarm calls the step policy {policy}.")


def _only(block: Any) -> Mapping[str, Any]:
    """A block that there is once, which Terraform's JSON has bare or in a list."""
    only: Mapping[str, Any] = block[0] if isinstance(block, list) else block
    return only
