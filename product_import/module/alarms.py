"""The alarms: one table and one loop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from product_import.aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm, CloudwatchMetricAlarmMetricQuery
from product_import.inputs import Inputs
from product_import.module.metrics import (
    NODE_ID,
    Metric,
    NodeMetric,
    queue_depth,
    redis_cpu,
    redis_memory,
    running_workers,
)
from product_import.module.redis import Redis
from product_import.module.resources import Resources, attribute
from product_import.module.workers import Workers


@dataclass(frozen=True)
class Alarm:
    """A row of the table.

    Attributes:
        metric: what it watches.
        threshold: the input that holds it.
        missing_data: what CloudWatch makes of a period without data; "breaching" alarms.
        graph: the title of the graph that shows it on the dashboard.
    """

    name: str
    description: str
    metric: Callable[[Inputs, Workers], Metric | NodeMetric]
    comparison: Literal["GreaterThanThreshold", "LessThanThreshold"]
    threshold: str
    period_seconds: int
    periods: int
    missing_data: Literal["missing", "breaching"]
    graph: str
    critical: bool = False


ALARMS = (
    Alarm(
        name="redis_cpu_high",
        description="Redis is short of CPU: jobs are added and taken more slowly",
        metric=lambda inputs, _: redis_cpu(inputs),
        comparison="GreaterThanThreshold",
        threshold="redis_cpu_threshold",
        period_seconds=300,
        periods=1,
        missing_data="missing",
        graph="CPU of Redis, %",
    ),
    Alarm(
        name="redis_memory_high",
        description="The memory of a Redis node is nearly full: Redis refuses new jobs when it is",
        metric=lambda *_: redis_memory(),
        comparison="GreaterThanThreshold",
        threshold="redis_memory_threshold",
        period_seconds=300,
        periods=1,
        missing_data="missing",
        graph="Memory of Redis, %",
    ),
    Alarm(
        name="queue_overload",
        description="More jobs are queued than the workers get done, or nobody measures the queue",
        metric=lambda inputs, _: queue_depth(inputs),
        comparison="GreaterThanThreshold",
        threshold="queue_overload_threshold",
        period_seconds=300,
        periods=1,
        # Without the metric nothing scales either.
        missing_data="breaching",
        graph="Queued jobs",
        critical=True,
    ),
    Alarm(
        name="worker_count_low",
        description="Fewer workers run than the minimum",
        metric=lambda inputs, workers: running_workers(inputs, workers.service_name),
        comparison="LessThanThreshold",
        threshold="worker_min_count",
        period_seconds=60,
        periods=3,
        # No running task sends no data.
        missing_data="breaching",
        graph="Running workers",
    ),
)


def alarms(resources: Resources, inputs: Inputs, redis: Redis, workers: Workers) -> dict[str, CloudwatchMetricAlarm]:
    """An alarm for each row; each notifies when it starts and when it is over. Returns them by name."""
    added = {}
    for row in ALARMS:
        name = f"{inputs.environment}-product-import-{row.name.replace('_', '-')}"
        metric = row.metric(inputs, workers)
        topic = inputs.sns_critical_topic_arn if row.critical else inputs.sns_alarm_topic_arn
        alarm = resources.add(
            CloudwatchMetricAlarm,
            row.name,
            alarm_name=name,
            # What to do then stands in the README: a link here would change deployed alarms whenever that page moves.
            alarm_description=f"{row.description}.",
            comparison_operator=row.comparison,
            threshold=getattr(inputs, row.threshold),
            evaluation_periods=row.periods,
            treat_missing_data=row.missing_data,
            alarm_actions=[topic],
            ok_actions=[topic],
            tags=resources.tags(Name=name),
            **(_highest_node(metric) if isinstance(metric, NodeMetric) else _one_metric(metric, row.period_seconds)),
        )
        if isinstance(metric, NodeMetric):
            alarm.add_override("dynamic.metric_query", _each_node(metric, row.period_seconds, redis))
        added[row.name] = alarm
    return added


def _one_metric(metric: Metric, period_seconds: int) -> dict[str, Any]:
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": metric.dimensions,
        "statistic": metric.statistic,
        "period": period_seconds,
    }


def _highest_node(metric: NodeMetric) -> dict[str, Any]:
    query = CloudwatchMetricAlarmMetricQuery(
        id="highest", expression=metric.highest, label=metric.label, return_data=True
    )
    return {"metric_query": [query]}


def _each_node(metric: NodeMetric, period_seconds: int, redis: Redis) -> dict[str, Any]:
    """The dynamic block of a query for each node: ElastiCache's metrics have no series of the whole group.

    The nodes are those that AWS names, for it is AWS that decides which go. One keeps its name when its role moves in a
    failover, so the alarm reads them all.
    """
    return {
        "for_each": attribute(redis.group, "member_clusters"),
        "content": {
            # CloudWatch takes no hyphen in it.
            "id": '${replace(metric_query.value, "-", "_")}',
            "return_data": False,
            "metric": {
                "namespace": "AWS/ElastiCache",
                "metric_name": metric.name,
                "stat": "Average",
                "period": period_seconds,
                "dimensions": {"CacheClusterId": "${metric_query.value}", "CacheNodeId": NODE_ID},
            },
        },
    }
