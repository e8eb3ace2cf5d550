"""The alarms: one table and one loop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from product_import.aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm, CloudwatchMetricAlarmMetricQuery
from product_import.inputs import Inputs
from product_import.module.metrics import Metric, queue_depth, running_workers
from product_import.module.redis import Redis
from product_import.module.resources import Resources
from product_import.module.workers import Workers

from cdktf import Fn, Op, Token


@dataclass(frozen=True)
class Alarm:
    """A row of the table.

    Attributes:
        metric: name of an ElastiCache metric, of which the highest node counts, or the metric itself.
        threshold: a number in the metric's unit, or the input that holds it.
        missing_data: what CloudWatch makes of a period without data; "breaching" alarms.
    """

    name: str
    description: str
    metric: str | Callable[[Inputs, Workers], Metric]
    comparison: Literal["GreaterThanThreshold", "LessThanThreshold"]
    threshold: int | str
    period_seconds: int
    periods: int
    missing_data: Literal["missing", "breaching"]
    critical: bool = False


ALARMS = (
    Alarm(
        name="redis_cpu_high",
        description="The engine's thread of a Redis node is busy: jobs are added and taken more slowly",
        # Redis runs on one thread: a node's CPUUtilization stays near 50 % on two vCPUs when Redis is at its limit.
        metric="EngineCPUUtilization",
        comparison="GreaterThanThreshold",
        threshold=75,
        period_seconds=300,
        periods=1,
        missing_data="missing",
    ),
    Alarm(
        name="redis_memory_high",
        description="The memory of a Redis node is nearly full: Redis refuses new jobs when it is",
        metric="DatabaseMemoryUsagePercentage",
        comparison="GreaterThanThreshold",
        threshold=85,
        period_seconds=300,
        periods=1,
        missing_data="missing",
    ),
    Alarm(
        name="queue_overload",
        description="More jobs are queued than the workers get done, or nobody measures the queue",
        metric=lambda inputs, _: queue_depth(inputs),
        comparison="GreaterThanThreshold",
        threshold=10_000,
        period_seconds=300,
        periods=1,
        # Without the metric nothing scales either.
        missing_data="breaching",
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
    ),
)


def alarms(resources: Resources, inputs: Inputs, redis: Redis, workers: Workers) -> dict[str, str]:
    """An alarm for each row; each notifies when it starts and when it is over. Returns their ARNs by name."""
    arns = {}
    for row in ALARMS:
        name = f"{inputs.environment}-product-import-{row.name.replace('_', '-')}"
        topic = inputs.sns_critical_topic_arn if row.critical else inputs.sns_alarm_topic_arn
        alarm = resources.add(
            CloudwatchMetricAlarm,
            row.name,
            alarm_name=name,
            alarm_description=f"{row.description}.",
            comparison_operator=row.comparison,
            threshold=getattr(inputs, row.threshold) if isinstance(row.threshold, str) else row.threshold,
            evaluation_periods=row.periods,
            treat_missing_data=row.missing_data,
            alarm_actions=[topic],
            ok_actions=[topic],
            tags=resources.tags(Name=name),
            **(
                _highest_node(row.metric)
                if isinstance(row.metric, str)
                else _one_metric(row.metric(inputs, workers), row.period_seconds)
            ),
        )
        if isinstance(row.metric, str):
            alarm.add_override("dynamic.metric_query", _each_node(row.metric, row.period_seconds, inputs, redis))
        arns[row.name] = alarm.arn
    return arns


def _one_metric(metric: Metric, period_seconds: int) -> dict[str, Any]:
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": metric.dimensions,
        "statistic": metric.statistic,
        "period": period_seconds,
    }


def _highest_node(metric_name: str) -> dict[str, Any]:
    query = CloudwatchMetricAlarmMetricQuery(
        id="highest", expression="MAX(METRICS())", label=f"Highest {metric_name} of the nodes", return_data=True
    )
    return {"metric_query": [query]}


def _each_node(metric_name: str, period_seconds: int, inputs: Inputs, redis: Redis) -> dict[str, Any]:
    """The dynamic block of a query for each node: ElastiCache's metrics have no series of the whole group.

    A node keeps its number when its role moves in a failover, so the alarm reads them all.
    """
    node = "${metric_query.value}"
    return {
        "for_each": Fn.range(1, Token.as_number(Op.add(inputs.redis_num_replicas, 1))),
        "content": {
            "id": f"node_{node}",
            "return_data": False,
            "metric": {
                "namespace": "AWS/ElastiCache",
                "metric_name": metric_name,
                "stat": "Average",
                "period": period_seconds,
                "dimensions": {
                    "CacheClusterId": f"{redis.group_id}-00{node}",
                    "CacheNodeId": "0001",
                },
            },
        },
    }
