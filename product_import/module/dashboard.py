"""The dashboard: what the alarms watch, and what explains it, on one page.

Its form is that of the Amazon CloudWatch API Reference, "Dashboard Body Structure and Syntax".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from product_import.aws.cloudwatch_dashboard import CloudwatchDashboard
from product_import.aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from product_import.inputs import Inputs
from product_import.module.alarms import ALARMS, Alarm
from product_import.module.autoscaling import CPU_TARGET_PERCENT, JOBS_PER_WORKER
from product_import.module.expressions import call, conditional, each_item, jsonencode, text_of
from product_import.module.metrics import (
    NODE_ID,
    Metric,
    NodeMetric,
    queue_depth,
    redis_cpu,
    redis_memory,
    running_workers,
    worker_utilization,
)
from product_import.module.redis import Redis
from product_import.module.resources import Resources, attribute
from product_import.module.workers import Workers

from cdktf import Token

COLUMNS = 24
SHOWN_HOURS = 3
# The samples of a minute are the running workers, those of five minutes are not.
PERIOD_SECONDS = 60
ALARM_COLOR, LINE_COLOR = "#d62728", "#7f7f7f"
ERRORS_SHOWN = 50
# Of the messages that Node.js, Bull and loggers of JSON write.
ERRORS = "/(?i)(error|exception|fatal|unhandled|stalled)/"

Widget = Mapping[str, Any]
Line = Mapping[str, Any]


def dashboard(
    resources: Resources, inputs: Inputs, redis: Redis, workers: Workers, alarms: Mapping[str, CloudwatchMetricAlarm]
) -> None:
    """The dashboard, where there is to be one; `alarms` are by name."""
    graphs = _Graphs(inputs, redis, workers)
    resources.add(
        CloudwatchDashboard,
        "product_import",
        count=Token.as_number(str(conditional(inputs.create_dashboard, 1, 0))),
        dashboard_name=f"{inputs.environment}-product-import",
        dashboard_body=jsonencode(
            {
                "start": f"-PT{SHOWN_HOURS}H",
                # Each graph keeps its period, also where a longer time is shown.
                "periodOverride": "inherit",
                "widgets": _placed(
                    (7, [_text(inputs), _alarms(alarms)]),
                    (6, graphs.queue()),
                    (6, graphs.workers_load()),
                    (6, graphs.redis_load()),
                    (6, graphs.redis_rest()),
                    (6, [_errors(inputs, workers)]),
                ),
            }
        ),
    )


def _placed(*rows: tuple[int, Sequence[Widget]]) -> list[Widget]:
    """The widgets of rows of a height; those of a row share its width."""
    placed: list[Widget] = []
    y = 0
    for height, widgets in rows:
        width = COLUMNS // len(widgets)
        for index, widget in enumerate(widgets):
            placed.append({**widget, "x": index * width, "y": y, "width": width, "height": height})
        y += height
    return placed


def _text(inputs: Inputs) -> Widget:
    rows = "\n".join(f"| {row.name} | {row.description} |" for row in ALARMS)
    return {
        "type": "text",
        "properties": {
            "markdown": f"# Product import, {inputs.environment}\n\n"
            f"| Alarm | It means |\n|---|---|\n{rows}\n\n"
            "What to look at then: the README of the Terraform module product-import, where the name of an alarm leads "
            "from the table of alarms to the commands. Terraform takes back what is changed here. "
            "Values of a minute are kept for 15 days."
        },
    }


def _alarms(alarms: Mapping[str, CloudwatchMetricAlarm]) -> Widget:
    return {
        "type": "alarm",
        "properties": {
            "title": "Alarms",
            "sortBy": "stateUpdatedTimestamp",
            "alarms": [attribute(alarm, "arn") for alarm in alarms.values()],
        },
    }


def _errors(inputs: Inputs, workers: Workers) -> Widget:
    return {
        "type": "log",
        "properties": {
            "title": "Errors in the logs of the workers",
            "region": inputs.aws_region,
            "view": "table",
            "query": f"SOURCE '{attribute(workers.log_group, 'name')}' | fields @timestamp, @logStream, @message\n"
            f"| filter @message like {ERRORS}\n| sort @timestamp desc\n| limit {ERRORS_SHOWN}",
        },
    }


@dataclass(frozen=True)
class _Graphs:
    inputs: Inputs
    redis: Redis
    workers: Workers

    def queue(self) -> list[Widget]:
        queued, running = queue_depth(self.inputs), running_workers(self.inputs, self.workers.service_name)
        return [
            self._graph("Queued jobs", [_series(queued, label="Queued jobs")]),
            self._graph(
                "Queued jobs per running worker",
                [
                    _series(queued, id="queued", visible=False),
                    _series(running, id="running", visible=False),
                    [{"expression": JOBS_PER_WORKER, "label": "Queued jobs per running worker"}],
                ],
                _line("target_jobs_per_worker", self.inputs.target_jobs_per_worker),
            ),
            self._graph(
                "Running workers",
                [_series(running, label="Running workers")],
                _line("worker_max_count", self.inputs.worker_max_count),
            ),
        ]

    def workers_load(self) -> list[Widget]:
        cpu, memory = (
            _series(
                worker_utilization(resource, self.inputs, self.workers.service_name), label="Average of the workers"
            )
            for resource in ("CPU", "Memory")
        )
        return [
            self._graph("CPU of the workers, %", [cpu], _line("target of autoscaling", CPU_TARGET_PERCENT)),
            self._graph("Memory of the workers, %", [memory]),
        ]

    def redis_load(self) -> list[Widget]:
        return [
            self._graph("CPU of Redis, %", self._nodes(redis_cpu(self.inputs).name, "Average")),
            self._graph("Memory of Redis, %", self._nodes(redis_memory().name, "Average")),
        ]

    def redis_rest(self) -> list[Widget]:
        return [
            self._graph("Keys evicted by Redis", self._nodes("Evictions", "Sum")),
            self._graph("Connections to Redis", self._nodes("CurrConnections", "Maximum")),
            self._graph("Lag of the replicas of Redis, s", self._nodes("ReplicationLag", "Maximum")),
        ]

    def _graph(self, title: str, metrics: Any, *lines: Line) -> Widget:
        """A graph of metrics, with the lines of its alarms and further ones."""
        of_alarms = [self._alarm_line(row) for row in ALARMS if row.graph == title]
        return {
            "type": "metric",
            "properties": {
                "title": title,
                "region": self.inputs.aws_region,
                "view": "timeSeries",
                "period": PERIOD_SECONDS,
                "metrics": metrics,
                "yAxis": {"left": {"min": 0, "showUnits": False}},
                **({"annotations": {"horizontal": [*of_alarms, *lines]}} if of_alarms or lines else {}),
            },
        }

    def _alarm_line(self, row: Alarm) -> Line:
        metric, threshold = row.metric(self.inputs, self.workers), getattr(self.inputs, row.threshold)
        side = {"GreaterThanThreshold": "above", "LessThanThreshold": "below"}[row.comparison]
        return {
            "label": f"{row.name}: {side} {row.threshold}",
            "value": metric.limit(threshold) if isinstance(metric, NodeMetric) else threshold,
            "fill": side,
            "color": ALARM_COLOR,
        }

    def _nodes(self, metric_name: str, statistic: str) -> Any:
        """A series for each Redis node, by the name that AWS gives it."""
        return each_item(
            call("tolist", attribute(self.redis.group, "member_clusters")),
            f'["AWS/ElastiCache", {text_of(metric_name)}, "CacheClusterId", val, "CacheNodeId", "{NODE_ID}", '
            f'{{ label = val, stat = "{statistic}" }}]',
        )


def _series(metric: Metric, **rendering: Any) -> list[Any]:
    dimensions = [part for dimension in metric.dimensions.items() for part in dimension]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic, **rendering}]


def _line(label: str, value: Any) -> Line:
    return {"label": label, "value": value, "color": LINE_COLOR}
