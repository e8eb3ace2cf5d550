"""The whole loop: from jobs in Bull to the number of workers that the module's policy asks for."""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from math import ceil
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from .cloudwatch_server import REGION, CloudWatch
from .conftest import Resources
from .program import run
from .queues import Queue, Queues
from .redis_server import RedisServer

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


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
def empty_redis(redis_servers: Callable[[], RedisServer]) -> Iterator[tuple[RedisServer, Queues]]:
    """A server of the test's own, with Bull on it."""
    server = redis_servers()
    queues = Queues(server.port)
    yield server, queues
    queues.stop()


@pytest.mark.parametrize(("jobs", "workers"), [(500, 50), (100, 10)])
def test_jobs_in_bull_become_workers(
    *,
    empty_redis: tuple[RedisServer, Queues],
    cloudwatch: CloudWatch,
    variables: Mapping[str, str],
    queue_policy: Mapping[str, Any],
    jobs: int,
    workers: int,
) -> None:
    """With 2 workers running 500 jobs ask for 50 and 100 jobs for 10, by the policy's math on what CloudWatch holds."""
    server, queues = empty_redis
    Queue(queues, "bull", "product-import").add(jobs)
    assert run({**variables, "REDIS_URL": server.url}, "--once").returncode == 0
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
