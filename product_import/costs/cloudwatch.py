"""The costs of alarms, metrics and dashboards."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from product_import.costs.cost import Component, Cost
from product_import.costs.planned import Planned, PlannedResource, address, known, nested, region
from product_import.costs.price_list import Prices
from product_import.costs.usage import Usage
from product_import.errors import UserError

# AWS publishes metrics of these namespaces: free ones, or those of Container Insights, which have a row of their own.
_OF_AWS = ("AWS/", "ECS/")
_CONTAINER_INSIGHTS = "ECS/ContainerInsights"
# Amazon CloudWatch User Guide, "Amazon ECS Container Insights metrics": 13 metrics per service (ServiceName,
# ClusterName) and 8 per task family (TaskDefinitionFamily, ClusterName), charged as custom metrics.
_CONTAINER_INSIGHTS_METRICS = 13 + 8
# Application Auto Scaling User Guide, "Target tracking scaling policies": one alarm to scale out and one to scale in.
_ALARMS_OF_A_POLICY = 2
_ALARM = "aws_cloudwatch_metric_alarm"
_POLICY = "aws_appautoscaling_policy"
_DASHBOARD = "aws_cloudwatch_dashboard"
_TARGET_TRACKING = "target_tracking_scaling_policy_configuration"


def alarms(module: Planned, _: Usage, prices: Prices) -> Cost:
    """Return the cost of the module's alarms. AWS charges for each metric that an alarm reads."""
    price, found = prices.of("alarm metric", region(module)), module.resources(_ALARM)
    components = tuple(
        Component(address(_ALARM, name, alarm), "alarm metrics", Decimal(_metrics_of(module, alarm)), price)
        for name, alarm in found.items()
    )
    metrics = sum(component.quantity for component in components)
    return Cost("Alarms", f"{metrics} metrics read by {len(found)} alarms", components)


def scaling_alarms(module: Planned, _: Usage, prices: Prices) -> Cost | None:
    """Return the cost of the alarms that AWS keeps for target tracking policies, or None without such policies."""
    counts = {
        address(_POLICY, name, policy): _ALARMS_OF_A_POLICY * max(1, len(list(_tracked(block))))
        for name, policy in module.resources(_POLICY).items()
        for block in _target_tracking(policy)
    }
    if not counts:
        return None
    price = prices.of("alarm metric", region(module))
    components = (Component(policy, "alarm metrics", Decimal(count), price) for policy, count in counts.items())
    amount = f"{sum(counts.values())} metrics read by AWS's {_ALARMS_OF_A_POLICY * len(counts)} alarms"
    return Cost("Scaling alarms", f"{amount} of {len(counts)} policies", tuple(components))


def custom_metrics(module: Planned, _: Usage, prices: Prices) -> Cost:
    """Return the cost of the metrics that alarms read and AWS does not publish."""
    alarms_of: dict[str, str] = {}
    for name, alarm in module.resources(_ALARM).items():
        if "metric_name" in alarm and not known(alarm["namespace"]).startswith(_OF_AWS):
            alarms_of.setdefault(known(alarm["metric_name"]), address(_ALARM, name, alarm))
    price = prices.of("custom metric", region(module))
    components = (Component(alarm, name, Decimal(1), price) for name, alarm in sorted(alarms_of.items()))
    return Cost("Custom metrics", ", ".join(sorted(alarms_of)), tuple(components))


def container_insights(module: Planned, _: Usage, prices: Prices) -> Cost | None:
    """Return the cost of the service's metrics of Container Insights, or None if nothing reads them."""
    read = [metric.get("namespace") for policy in module.resources(_POLICY).values() for metric in _metrics(policy)]
    if _CONTAINER_INSIGHTS not in map(known, read):
        return None
    name = "import_worker"
    service = address("aws_ecs_service", name, module.resource("aws_ecs_service", name))
    price, count = prices.of("custom metric", region(module)), _CONTAINER_INSIGHTS_METRICS
    component = Component(service, "Container Insights metrics", Decimal(count), price)
    return Cost("Container Insights", f"{count} metrics of the service and its task family", (component,))


def dashboards(module: Planned, _: Usage, prices: Prices) -> Cost | None:
    """Return the cost of the dashboards, or None if the module has none."""
    found = module.resources(_DASHBOARD)
    if not found:
        return None
    price = prices.of("dashboard", region(module))
    components = (
        Component(address(_DASHBOARD, name, dashboard), "dashboard", Decimal(1), price)
        for name, dashboard in found.items()
    )
    return Cost("Dashboards", f"{len(found)} of this module", tuple(components))


def _metrics_of(module: Planned, alarm: PlannedResource) -> int:
    if "metric_name" in alarm:
        return 1
    metrics = sum(1 for query in alarm.blocks("metric_query") if query.get("metric"))
    members = alarm.dynamic("metric_query")
    if members is None:
        return metrics
    if not members.address.endswith(".member_clusters"):
        raise UserError(f"How many metrics an alarm reads depends on {members}, which is not known here.")
    # Each node is a member.
    return metrics + int(known(module.resource("aws_elasticache_replication_group", "redis")["num_cache_clusters"]))


def _target_tracking(policy: PlannedResource) -> list[Any]:
    unknown = policy.dynamic(_TARGET_TRACKING)
    if unknown is not None:
        raise UserError(f"How many alarms AWS keeps depends on {unknown}, which is not known here.")
    return policy.blocks(_TARGET_TRACKING)


def _tracked(block: Any) -> Iterator[Any]:
    """Yield the metrics that a target tracking policy computes its value from; none if it has a predefined metric."""
    for specification in nested(block, "customized_metric_specification"):
        for query in nested(specification, "metrics"):
            yield from nested(query, "metric_stat")


def _metrics(policy: PlannedResource) -> Iterator[Any]:
    for block in _target_tracking(policy):
        for stat in _tracked(block):
            yield from nested(stat, "metric")
