"""What AWS refuses and its service models do not say. Each rule names its source.

A rule gives pairs of an argument and a text. Values that are not known yet pass.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.engine.dashboard_body import read

from msgpack import ExtType  # type: ignore[import-untyped]

Complaints = Iterator[tuple[str, str]]
Values = Mapping[str, Any]

# CPU units: MiB. Amazon ECS Developer Guide, "Task CPU and memory" for Fargate.
_FARGATE_MEMORY = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
# CloudWatch Logs API Reference, PutRetentionPolicy; 0 is the provider's "never expires".
_RETENTION_DAYS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
# ElastiCache User Guide, "Redis OSS parameters": not supported since 2.8.22.
_NO_REDIS_PARAMETERS = ("appendonly", "appendfsync")
# The same, `maxmemory-policy`.
_MAXMEMORY_POLICIES = (
    *("volatile-lru", "allkeys-lru", "volatile-lfu", "allkeys-lfu"),
    *("volatile-random", "allkeys-random", "volatile-ttl", "noeviction"),
)
# ElastiCache User Guide, "Engine specific parameters": a family is for the versions that begin with its number.
_FAMILIES = ("redis5.0", "redis6.x", "redis7", "valkey7", "valkey8", "valkey9")
# ElastiCache User Guide, "Authenticating with the AUTH command".
_AUTH_TOKEN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!&#$^<>-")
# Service Authorization Reference, Amazon S3: operations of its API that are no actions of IAM.
_NO_ACTIONS = {
    "s3:HeadObject": "s3:GetObject",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
}


def rules(resource_type: str, values: Values) -> list[tuple[str, str]]:
    """What the rules of a type say to its configured values."""
    return [(argument, f"{argument}: {text}.") for rule in _RULES[resource_type] for argument, text in rule(values)]


def _fargate_pair(task: Values) -> Complaints:
    if "FARGATE" not in (task["requires_compatibilities"] or []):
        return
    for argument in ("cpu", "memory"):
        if task[argument] is None:
            yield argument, "Fargate wants it"
    cpu, memory = _number(task["cpu"]), _number(task["memory"])
    if cpu is None:
        return
    if cpu not in _FARGATE_MEMORY:
        yield "cpu", f"Fargate has {', '.join(map(str, _FARGATE_MEMORY))}, not {cpu}"
    elif memory is not None and memory not in _FARGATE_MEMORY[cpu]:
        allowed = ", ".join(map(str, _FARGATE_MEMORY[cpu]))
        yield "memory", f"with cpu {cpu} Fargate has {allowed}, not {memory}"


def _stop_timeout(task: Values) -> Complaints:
    """Amazon ECS Developer Guide, task definition parameters for Fargate: at most 120 seconds."""
    for container in _json(task["container_definitions"], list):
        timeout = container.get("stopTimeout") if isinstance(container, dict) else None
        if isinstance(timeout, int) and not 2 <= timeout <= 120:
            yield "container_definitions", f"stopTimeout is 2 to 120 s on Fargate, not {timeout}"


def _policy(argument: str) -> Callable[[Values], Complaints]:
    """IAM User Guide, "Grammar of the IAM JSON policy language"."""

    def rule(values: Values) -> Complaints:
        text = values[argument]
        if not isinstance(text, str):
            return
        policy = _json(text, dict)
        if not policy:
            yield argument, "AWS wants a JSON object"
        elif policy.get("Version") not in ("2012-10-17", "2008-10-17"):
            yield argument, f'the Version of a policy is "2012-10-17", not {policy.get("Version")!r}'
        for statement in _list(policy.get("Statement")):
            if not isinstance(statement, dict):
                yield argument, f"a Statement of a policy is a JSON object, not {statement!r}"
                continue
            for action in _list(statement.get("Action")):
                if action in _NO_ACTIONS:
                    yield argument, f"IAM has no action {action}; {_NO_ACTIONS[action]} covers it"

    return rule


def _retention(group: Values) -> Complaints:
    days = group["retention_in_days"]
    if isinstance(days, int) and days not in _RETENTION_DAYS:
        yield "retention_in_days", f"AWS has {', '.join(map(str, _RETENTION_DAYS))}, not {days}"


def _recovery_window(secret: Values) -> Complaints:
    """Secrets Manager API Reference, DeleteSecret; 0 is the provider's "without recovery"."""
    days = secret["recovery_window_in_days"]
    if isinstance(days, int) and days != 0 and not 7 <= days <= 30:
        yield "recovery_window_in_days", f"AWS has 0 and 7 to 30 days, not {days}"


def _redis_parameters(group: Values) -> Complaints:
    if isinstance(group["family"], str) and group["family"] not in _FAMILIES:
        yield "family", f"it is one of {', '.join(_FAMILIES)}, not {group['family']!r}"
    for parameter in _list(group["parameter"]):
        name, value = parameter["name"], parameter["value"]
        if name in _NO_REDIS_PARAMETERS:
            yield "parameter", f"the family {group['family']} has no parameter {name}"
        if name == "maxmemory-policy" and isinstance(value, str) and value not in _MAXMEMORY_POLICIES:
            yield "parameter", f"maxmemory-policy is one of {', '.join(_MAXMEMORY_POLICIES)}, not {value!r}"


def _auth_token(group: Values) -> Complaints:
    """The value stays out of every text."""
    token = group["auth_token"]
    if token is not None and group["transit_encryption_enabled"] in (None, False):
        yield "auth_token", "it needs transit_encryption_enabled"
    if isinstance(token, str) and not (16 <= len(token) <= 128 and set(token) <= _AUTH_TOKEN):
        yield "auth_token", "AWS wants 16 to 128 letters, digits and ! & # $ ^ < > -"


def _replication_group(group: Values) -> Complaints:
    """ElastiCache API Reference, CreateReplicationGroup."""
    name, version, nodes = group["replication_group_id"], group["engine_version"], group["num_cache_clusters"]
    if isinstance(name, str) and len(name) > 40:
        yield "replication_group_id", f"AWS allows 40 characters, not {len(name)}"
    if isinstance(version, str) and version.startswith("7") and version.endswith("x"):
        yield "engine_version", f'Redis 7 wants a number as "7.0", not {version!r}'
    if isinstance(nodes, int) and not 1 <= nodes <= 6:
        yield "num_cache_clusters", f"AWS has 1 to 6 nodes, not {nodes}"
    for argument in ("automatic_failover_enabled", "multi_az_enabled"):
        if nodes == 1 and group[argument] is True:
            yield argument, "it needs two nodes or more"


def _alarm(alarm: Values) -> Complaints:
    """CloudWatch API Reference, PutMetricAlarm."""
    queries = _list(alarm["metric_query"])
    if queries and alarm["metric_name"] is not None:
        yield "metric_query", "an alarm has either it or metric_name"
    if not queries and alarm["metric_query"] == [] and alarm["metric_name"] is None:
        yield "metric_name", "an alarm has either it or metric_query"
    if queries:
        yield from _one_result("metric_query", [query["return_data"] for query in queries], default=False)
    if len(queries) > 10:
        yield "metric_query", f"an alarm reads at most 10 metrics, not {len(queries)}"


def _dashboard(dashboard: Values) -> Complaints:
    """CloudWatch API Reference, PutDashboard."""
    name, body = dashboard["dashboard_name"], dashboard["dashboard_body"]
    if isinstance(name, str) and not re.fullmatch("[A-Za-z0-9_-]{1,255}", name):
        yield "dashboard_name", f"up to 255 letters, digits, hyphens and underscores, not {name!r}"
    if isinstance(body, str):
        try:
            read(body)
        except ValueError as error:
            yield "dashboard_body", str(error)


def _metric_math(policy: Values) -> Complaints:
    """Application Auto Scaling User Guide, "Create a target tracking scaling policy using metric math"."""
    for configuration in _list(policy["target_tracking_scaling_policy_configuration"]):
        for specification in _list(configuration["customized_metric_specification"]):
            metrics = _list(specification["metrics"])
            if metrics:
                results = [metric["return_data"] for metric in metrics]
                argument = "target_tracking_scaling_policy_configuration"
                yield from _one_result(argument, results, default=True)


def _steps(policy: Values) -> Complaints:
    """Application Auto Scaling API Reference, StepAdjustment: a lower bound that is null is without a limit, too."""
    for configuration in _list(policy["step_scaling_policy_configuration"]):
        steps = _list(configuration["step_adjustment"])
        bounds = [(step["metric_interval_lower_bound"], step["metric_interval_upper_bound"]) for step in steps]
        # Where one is not known yet, or no number, nothing can be said.
        if not bounds or not all(bound is None or _is_decimal(bound) for pair in bounds for bound in pair):
            continue
        ranges = sorted((float(lower or "-inf"), float(upper or "inf")) for lower, upper in bounds)
        ends = [*(lower for lower, _ in ranges[1:]), float("inf")]
        if [upper for _, upper in ranges] != ends or ranges[0][0] not in (0, float("-inf")):
            yield "step_scaling_policy_configuration", "its steps must neither overlap nor have a gap"


def _capacity_providers(service: Values) -> Complaints:
    """ECS API Reference, CreateService and CapacityProviderStrategyItem."""
    strategy = _list(service["capacity_provider_strategy"])
    if strategy and service["launch_type"] is not None:
        yield "launch_type", "it must be left out where there is a capacity_provider_strategy"
    if sum(bool(item["base"]) for item in strategy) > 1:
        yield "capacity_provider_strategy", "only one provider has a base"
    # A weight of 0 places nothing, whatever the base.
    if any(item["base"] and not item["weight"] for item in strategy):
        yield "capacity_provider_strategy", "a provider with a base wants a weight above 0"


def _capacity(target: Values) -> Complaints:
    """Application Auto Scaling API Reference, RegisterScalableTarget."""
    low, high = target["min_capacity"], target["max_capacity"]
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield "max_capacity", f"it is {high}, below min_capacity, which is {low}"


def _one_result(argument: str, results: list[Any], *, default: bool) -> Complaints:
    returned = sum(default if result is None else result is True for result in results)
    if returned != 1 and not any(isinstance(result, ExtType) for result in results):
        yield argument, f"exactly one metric returns data, not {returned}"


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) is not None


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() else None


def _list(value: Any) -> list[Any]:
    """What is there and known. A policy has one or a list."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [item for item in items if not isinstance(item, ExtType)]


def _json(text: Any, kind: type) -> Any:
    try:
        parsed = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        parsed = None
    return parsed if isinstance(parsed, kind) else kind()


_RULES: Mapping[str, tuple[Callable[[Values], Complaints], ...]] = {
    "aws_appautoscaling_policy": (_metric_math, _steps),
    "aws_appautoscaling_target": (_capacity,),
    "aws_cloudwatch_dashboard": (_dashboard,),
    "aws_cloudwatch_log_group": (_retention,),
    "aws_cloudwatch_metric_alarm": (_alarm,),
    "aws_ecs_service": (_capacity_providers,),
    "aws_ecs_task_definition": (_fargate_pair, _stop_timeout),
    "aws_elasticache_parameter_group": (_redis_parameters,),
    "aws_elasticache_replication_group": (_auth_token, _replication_group),
    "aws_elasticache_subnet_group": (),
    "aws_iam_role": (_policy("assume_role_policy"),),
    "aws_iam_role_policy": (_policy("policy"),),
    "aws_iam_role_policy_attachment": (),
    "aws_secretsmanager_secret": (_policy("policy"), _recovery_window),
    "aws_secretsmanager_secret_version": (),
    "aws_security_group": (),
}
