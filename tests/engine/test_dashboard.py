"""The dashboard: its body as CloudWatch documents it, and what stands on it."""

import re
from collections.abc import Callable
from typing import Any

from tests.engine.dashboard_body import Body, Graph, Rendering, graphs, read, series
from tests.engine.deployment import Deployment

import pytest

ADDRESS = "aws_cloudwatch_dashboard.product_import[0]"
NODES = tuple(f"production-product-import-00{number}" for number in (1, 2, 3))
Planned = Callable[..., Body]


@pytest.fixture(scope="module")
def planned(deployments: Callable[[int], Deployment]) -> Planned:
    """The body that is planned with inputs where the module is deployed without a dashboard."""
    deployed = deployments(5)

    def plan(**inputs: Any) -> Body:
        values = deployed.resources(deployed.plan(create_dashboard=True, **inputs))
        return read(values[ADDRESS]["dashboard_body"])

    return plan


@pytest.fixture(scope="module")
def body(planned: Planned) -> Body:
    return planned()


def lines(graph: Graph) -> list[tuple[str, float, str]]:
    """Label, value and shading of a graph's lines."""
    return [(line.label, line.value, line.fill) for line in graph.annotations.horizontal]


def nodes_of(graph: Graph) -> list[tuple[str, str, str]]:
    """Metric, statistic and node of a graph's series, each named after its node."""
    found: list[tuple[str, str, str]] = []
    for parts, rendering in series(graph):
        namespace, name, *dimensions = parts
        assert namespace == "AWS/ElastiCache"
        assert dimensions == ["CacheClusterId", rendering.label, "CacheNodeId", "0001"]
        found.append((name, rendering.stat, rendering.label))
    return found


def test_each_graph_keeps_its_minute(body: Body) -> None:
    """A sample of the CPU is a task in one minute only, so a long time must not be shown at a longer period."""
    assert (body.start, body.periodOverride) == ("-PT3H", "inherit")
    assert {graph.period for graph in graphs(body).values()} == {60}
    assert {graph.region for graph in graphs(body).values()} == {"us-east-1"}
    # From 0 on, so that a little is not shown as much.
    assert {(graph.yAxis.left.min, graph.yAxis.left.showUnits) for graph in graphs(body).values()} == {(0, False)}


def test_the_queue_and_the_workers_stand_beside_their_limits(body: Body) -> None:
    """Depth with its alarm, jobs per worker with the target, workers with minimum and maximum."""
    shown = graphs(body)
    depth = ["AVNZ/ProductImport", "BullQueueDepth", "Environment", "production", "QueueName", "product-import"]
    service = ["ClusterName", "main", "ServiceName", "production-product-import-worker"]
    running = ["AWS/ECS", "CPUUtilization", *service]
    assert series(shown["Queued jobs"]) == [(depth, Rendering(label="Queued jobs"))]
    assert lines(shown["Queued jobs"]) == [("queue_overload: above queue_overload_threshold", 10000, "above")]
    assert series(shown["Queued jobs per running worker"]) == [
        (depth, Rendering(id="queued", visible=False)),
        (running, Rendering(id="running", stat="SampleCount", visible=False)),
        ([], Rendering(expression="queued / running", label="Queued jobs per running worker")),
    ]
    assert lines(shown["Queued jobs per running worker"]) == [("target_jobs_per_worker", 10, "none")]
    assert series(shown["Running workers"]) == [(running, Rendering(stat="SampleCount", label="Running workers"))]
    assert lines(shown["Running workers"]) == [
        ("worker_count_low: below worker_min_count", 2, "below"),
        ("worker_max_count", 50, "none"),
    ]
    assert series(shown["CPU of the workers, %"]) == [(running, Rendering(label="Average of the workers"))]
    assert lines(shown["CPU of the workers, %"]) == [("target of autoscaling", 70, "none")]
    assert series(shown["Memory of the workers, %"]) == [
        (["AWS/ECS", "MemoryUtilization", *service], Rendering(label="Average of the workers"))
    ]


def test_each_node_of_redis_is_shown(body: Body) -> None:
    """By the names that AWS gives them; what is added up or at its worst in a minute is."""
    shown = graphs(body)
    for title, metric, statistic in (
        ("CPU of Redis, %", "CPUUtilization", "Average"),
        ("Memory of Redis, %", "DatabaseMemoryUsagePercentage", "Average"),
        ("Keys evicted by Redis", "Evictions", "Sum"),
        ("Connections to Redis", "CurrConnections", "Maximum"),
        ("Lag of the replicas of Redis, s", "ReplicationLag", "Maximum"),
    ):
        assert nodes_of(shown[title]) == [(metric, statistic, node) for node in NODES]
    assert lines(shown["Memory of Redis, %"]) == [("redis_memory_high: above redis_memory_threshold", 85, "above")]


@pytest.mark.parametrize(
    ("node_type", "metric", "threshold", "limit"),
    [
        ("cache.t2.micro", "CPUUtilization", 75, 90),
        ("cache.t4g.micro", "CPUUtilization", 75, 45),
        ("cache.r7g.large", "CPUUtilization", 60, 36),
        ("cache.r7g.xlarge", "EngineCPUUtilization", 75, 75),
    ],
)
def test_the_cpu_of_redis_is_shown_as_the_alarm_has_it(
    planned: Planned, node_type: str, metric: str, threshold: int, limit: float
) -> None:
    """The line is where a node's own metric sets the alarm off, which multiplies that of a small one."""
    graph = graphs(planned(redis_node_type=node_type, redis_cpu_threshold=threshold))["CPU of Redis, %"]
    assert {name for name, _, _ in nodes_of(graph)} == {metric}
    ((label, value, fill),) = lines(graph)
    assert (label, fill) == ("redis_cpu_high: above redis_cpu_threshold", "above")
    assert value == pytest.approx(limit)


def test_the_lines_follow_the_inputs(planned: Planned) -> None:
    """None of them is typed a second time."""
    shown = graphs(
        planned(
            worker_min_count=3,
            worker_max_count=9,
            target_jobs_per_worker=2.5,
            queue_overload_threshold=7,
            redis_memory_threshold=60,
        )
    )
    assert [line[1] for title in shown for line in lines(shown[title])] == [7, 2.5, 3, 9, 70, 45, 60]


def test_each_alarm_is_there_with_its_state_its_line_and_its_meaning(body: Body) -> None:
    """And with where help is."""
    names = ["redis_cpu_high", "redis_memory_high", "queue_overload", "worker_count_low"]
    (shown,) = (widget.properties for widget in body.widgets if widget.type == "alarm")
    alarms = shown["alarms"]
    # Those in alarm come first.
    assert shown["sortBy"] == "stateUpdatedTimestamp"
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:production-product-import-"
    assert alarms == [f"{arn}{name.replace('_', '-')}" for name in names]
    of_alarms = [
        line.label.partition(":")[0]
        for graph in graphs(body).values()
        for line in graph.annotations.horizontal
        if line.fill != "none"
    ]
    assert sorted(of_alarms) == sorted(names)
    (text,) = (widget.properties["markdown"] for widget in body.widgets if widget.type == "text")
    assert re.findall(r"^\| (\w+_\w+) \| .+ \|$", text, flags=re.MULTILINE) == names
    assert "README of the Terraform module product-import" in text


def test_errors_of_the_workers_are_shown(body: Body) -> None:
    """The newest of the workers' log group."""
    (query,) = (widget.properties["query"] for widget in body.widgets if widget.type == "log")
    source, fields, condition, order, limit = re.split(r" ?\n?\| ", query)
    assert source == "SOURCE '/ecs/production/product-import-worker'"
    assert fields == "fields @timestamp, @logStream, @message"
    assert (order, limit) == ("sort @timestamp desc", "limit 50")
    match = re.fullmatch(r"filter @message like /\(\?i\)(.*)/", condition)
    assert match is not None
    said = {
        '{"level":"error","msg":"Import 7 failed"}': True,
        "TypeError: Cannot read properties of undefined": True,
        "job stalled more than allowable limit": True,
        "imported 500 products": False,
    }
    assert {line: bool(re.search(match[1], line, re.IGNORECASE)) for line in said} == said
