"""What is published besides the depth, for one queue or several."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from queue_depth.depth import Counts
from queue_depth.metric import publish
from queue_depth.settings import Settings, SettingsError

import pytest

from .cloudwatch_server import CloudWatch
from .program import Log, Program, run
from .queues import Queue
from .redis_server import RedisServer, waiting
from .test_settings import RIGHT

Variables = Mapping[str, str]


def points(cloudwatch: CloudWatch) -> set[tuple[str, str, float, str]]:
    """Metric, queue, value and unit of all data points."""
    return {(point.name, point.dimensions[1].value, point.value, point.unit) for point in cloudwatch.data}


def test_further_metrics_are_those_that_were_asked_for(
    redis: RedisServer, queue: Queue, cloudwatch: CloudWatch, variables: Variables
) -> None:
    """Waiting, delayed and failed jobs as Bull's getJobCounts has them, beside the depth, in one call."""
    queue.add(5)
    queue.add(2, priority=3)
    queue.add(3, delay=3_600_000)
    queue.do("take", count=2)
    queue.do("fail", count=1)
    counts = queue.do("counts")
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": queue.name, "METRICS": "waiting,delayed,failed"}
    assert run(variables, "--once").returncode == 0
    assert points(cloudwatch) == {
        ("BullQueueDepth", queue.name, 6, "Count"),
        ("BullWaitingJobs", queue.name, 5, "Count"),
        ("BullDelayedJobs", queue.name, 3, "Count"),
        ("BullFailedJobs", queue.name, 1, "Count"),
    }
    assert (counts["waiting"] + counts.get("prioritized", 0), counts["delayed"], counts["failed"]) == (5, 3, 1)
    assert cloudwatch.calls == [("monitoring", "PutMetricData")]


def test_the_age_of_the_oldest_waiting_job_is_in_seconds(
    redis: RedisServer, bull_queue: Queue, cloudwatch: CloudWatch, variables: Variables
) -> None:
    """The metric that asks how long users wait."""
    bull_queue.add(1, timestamp=round(datetime.now(UTC).timestamp() * 1000) - 3_000_000)
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": bull_queue.name, "METRICS": "oldest-waiting-age"}
    assert run(variables, "--once").returncode == 0
    [point] = [point for point in cloudwatch.data if point.name == "BullOldestWaitingJobAge"]
    assert 3000 <= point.value < 3060
    assert point.unit == "Seconds"


def test_several_queues_of_one_redis(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Callable[..., Program]
) -> None:
    """Each queue has its data points, and one that is not there keeps none of the others waiting."""
    waiting(redis, 3, "first")
    waiting(redis, 5, "second")
    names = "first,not-there,second"
    log: Log = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": names}).log
    while {"first", "second"} - {point.dimensions[1].value for point in cloudwatch.data}:
        log.lines_until("published")
    assert points(cloudwatch) == {("BullQueueDepth", "first", 3, "Count"), ("BullQueueDepth", "second", 5, "Count")}
    while (line := log.lines_until("failed")[-1][1])["queue"] != "not-there":
        pass
    assert "no key bull:not-there:*" in line["error"]


def test_once_goes_through_all_queues(redis: RedisServer, cloudwatch: CloudWatch, variables: Variables) -> None:
    """One line of JSON for each; the status is 1 where one failed."""
    waiting(redis, 3, "first")
    waiting(redis, 5, "second")
    done = run({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "first,not-there,second"}, "--once")
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["queue"], line["depth"]) for line in lines] == [("first", 3), ("second", 5)]
    assert len(cloudwatch.data) == 2


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        (
            "METRICS",
            "age",
            "METRICS has to be some of waiting, delayed, failed, oldest-waiting-age, separated by commas",
        ),
        ("METRICS", "failed,failed", "METRICS has 'failed' more than once"),
        ("QUEUE_NAME", "a,,b", "1 to 255 ASCII characters, the first one no colon; it is ''"),
        (
            "QUEUE_NAME",
            "a, b",
            "without a blank at either end, 1 to 255 ASCII characters, the first one no colon; it is ' b'",
        ),
        ("QUEUE_NAME", "a,b,a", "QUEUE_NAME has 'a' more than once"),
    ],
)
def test_wrong_lists(name: str, value: str, complaint: str) -> None:
    """Each item is checked."""
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment({**RIGHT, name: value})
    assert complaint in str(refusal.value)


@pytest.mark.parametrize(("interval", "resolution"), [("60", 60), ("59", 1), ("10", 1)])
def test_intervals_below_a_minute_are_stored_at_their_resolution(interval: str, resolution: int) -> None:
    """CloudWatch keeps seconds apart only where it is told to; a minute's data point needs no more than a minute's."""
    settings = Settings.from_environment({**RIGHT, "INTERVAL": interval})
    sent: list[Any] = []

    class Client:
        def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, object]]) -> dict[str, Any]:  # noqa: ARG002, N803
            sent.extend(MetricData)
            return {"ResponseMetadata": {"RequestId": "1"}}

    counts = Counts(1, 0, 0, 0, 0, 0, 0, queue_paused=False, oldest_waiting_age=0)
    publish(Client(), settings, "q", counts, datetime.now(UTC))
    assert [point["StorageResolution"] for point in sent] == [resolution]
