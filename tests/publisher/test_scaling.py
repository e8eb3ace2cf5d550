"""What is published against what the module plans: its alarm, its role, and the number of workers of its policy.

In one file, for which the module is planned once.
"""

import ast
import json
import operator
from collections.abc import Callable, Mapping
from datetime import timedelta
from math import ceil
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from .cloudwatch_server import REGION, CloudWatch
from .conftest import Resources
from .program import Program, run
from .queues import Queue, Queues
from .redis_server import RedisServer, waiting

Variables = Mapping[str, str]

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def test_the_data_point_is_the_one_that_the_module_reads(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, queue_metric: Mapping[str, object]
) -> None:
    """Namespace, name and dimensions are the alarm's, the unit is Count, the value the depth."""
    waiting(redis, 7)
    assert run({**variables, "REDIS_URL": redis.url}, "--once").returncode == 0
    [point] = cloudwatch.data
    assert {
        "namespace": point.namespace,
        "name": point.name,
        "dimensions": {dimension.name: dimension.value for dimension in point.dimensions},
    } == queue_metric
    assert (point.unit, point.value) == ("Count", 7)


def test_only_put_metric_data_is_called(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Callable[..., Program], planned: Resources
) -> None:
    """What the task role allows is enough and no more: one statement allows what is called, in its namespace."""
    waiting(redis, 1)
    publisher = start({**variables, "REDIS_URL": redis.url})
    publisher.log.lines_until("published")
    publisher.log.lines_until("published")
    [statement] = json.loads(planned["aws_iam_role_policy.ecs_task_cloudwatch"]["policy"])["Statement"]
    assert set(cloudwatch.calls) == {("monitoring", "PutMetricData")}
    assert statement["Action"] == "cloudwatch:PutMetricData"
    [namespace] = {point.namespace for point in cloudwatch.data}
    assert statement["Condition"] == {"StringEquals": {"cloudwatch:namespace": namespace}}


@pytest.fixture(scope="session")
def queue_policy(planned: Resources) -> Mapping[str, Any]:
    """The limits, the target and the metrics of the module's queue policy, blocks as lists."""
    target = planned["aws_appautoscaling_target.import_worker"]
    policy = planned["aws_appautoscaling_policy.import_worker_queue_depth"]
    [tracking] = policy["target_tracking_scaling_policy_configuration"]
    [specification] = tracking["customized_metric_specification"]
    return {
        "min_capacity": target["min_capacity"],
        "max_capacity": target["max_capacity"],
        "target_value": tracking["target_value"],
        "metrics": specification["metrics"],
    }


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """CloudWatch's metric math as far as the four operations go."""

    def value(node: ast.expr) -> float:
        match node:
            case ast.BinOp(left, operation, right):
                result: float = OPERATORS[type(operation)](value(left), value(right))
                return result
            case ast.Name(name):
                return values[name]
            case ast.Constant(int() | float() as number):
                return number
        raise NotImplementedError(ast.unparse(node))

    return value(ast.parse(expression, mode="eval").body)


def latest(client: Any, point: Any, stat: Mapping[str, Any]) -> float:
    """The value of one metric_stat block at the minute of `point`, from CloudWatch."""
    [metric] = stat["metric"]
    minute = point.timestamp.replace(second=0, microsecond=0)
    query = {
        "Id": "m",
        "MetricStat": {
            "Metric": {
                "Namespace": metric["namespace"],
                "MetricName": metric["metric_name"],
                "Dimensions": [{"Name": each["name"], "Value": each["value"]} for each in metric["dimensions"]],
            },
            "Period": 60,
            "Stat": stat["stat"],
        },
    }
    reply = client.get_metric_data(MetricDataQueries=[query], StartTime=minute, EndTime=minute + timedelta(minutes=1))
    [value] = reply["MetricDataResults"][0]["Values"]
    return float(value)


def desired_count(client: Any, point: Any, policy: Mapping[str, Any], running: int) -> int:
    """What target tracking sets, for the minute of `point`."""
    stats = {each["id"]: each["metric_stat"][0] for each in policy["metrics"] if each.get("metric_stat")}
    [expression] = [each["expression"] for each in policy["metrics"] if each["return_data"]]
    values = {name: latest(client, point, stat) for name, stat in stats.items()}
    wanted = ceil(running * evaluate(expression, values) / policy["target_value"])
    return int(max(policy["min_capacity"], min(policy["max_capacity"], wanted)))


@pytest.fixture
def module_queue(redis: RedisServer, bull_queues: Queues) -> Queue:
    """The module's queue, with nothing in it yet."""
    redis.client.flushall()
    return Queue(bull_queues, "bull", "product-import")


@pytest.mark.parametrize(("jobs", "workers"), [(500, 50), (100, 10)])
def test_jobs_in_bull_become_workers(
    *,
    redis: RedisServer,
    module_queue: Queue,
    cloudwatch: CloudWatch,
    variables: Variables,
    queue_policy: Mapping[str, Any],
    jobs: int,
    workers: int,
) -> None:
    """With 2 workers running 500 jobs ask for 50 and 100 jobs for 10, by the policy's math on what CloudWatch holds."""
    module_queue.add(jobs)
    assert run({**variables, "REDIS_URL": redis.url}, "--once").returncode == 0
    [point] = cloudwatch.data
    client = boto3.client(
        "cloudwatch",
        region_name=REGION,
        endpoint_url=cloudwatch.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    # ECS puts one sample a minute for each running task.
    [running] = [each["metric_stat"][0]["metric"][0] for each in queue_policy["metrics"] if each["id"] == "running"]
    for _ in range(2):
        client.put_metric_data(
            Namespace=running["namespace"],
            MetricData=[
                {
                    "MetricName": running["metric_name"],
                    "Dimensions": [{"Name": each["name"], "Value": each["value"]} for each in running["dimensions"]],
                    "Timestamp": point.timestamp,
                    "Value": 40,
                    "Unit": "Percent",
                }
            ],
        )
    assert desired_count(client, point, queue_policy, running=2) == workers
