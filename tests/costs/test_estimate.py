"""The estimate of the module's costs against sums written out."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from product_import.configuration import Configuration
from product_import.costs import monthly_costs, read_prices, read_usage, redis_cost, worker_cost
from product_import.errors import UserError

import pytest


def costs(module: Mapping[str, Any], mean_workers: int = 10, **inputs: Any) -> dict[str, str]:
    """The sum of each item."""
    usage = replace(read_usage(), mean_workers=Decimal(mean_workers))
    rows = monthly_costs(Configuration(module, inputs), usage, read_prices())
    return {row.item: str(row.usd) for row in rows}


def test_the_costs_with_the_defaults(module: Mapping[str, Any]) -> None:
    """Each row is its amount times its price, for a month of 730 hours."""
    assert costs(module) == {
        "Redis": "479.61",  # 3 * 730 * 0.219
        "Workers": "720.80",  # 10 * 730 * (2 * 0.04048 + 4 * 0.004445)
        "Alarms": "0.80",  # (3 + 3 + 1 + 1) * 0.10
        "Custom metrics": "0.30",
        "Logs, taken in": "10.50",  # (10 * 2 + 1) * 0.50
        "Logs, kept": "0.60",  # (20 * 30 + 1 * 7) * 24 / 730 * 0.03
        "Secrets": "0.40",
    }


def test_prices_that_are_not_sure_say_so(module: Mapping[str, Any]) -> None:
    """Those of nodes and Fargate are, those of CloudWatch and secrets are not."""
    rows = monthly_costs(Configuration(module, {}), read_usage(), read_prices())
    assert [row.item for row in rows if row.sure] == ["Redis", "Workers"]


def test_an_alarm_costs_by_the_metrics_that_it_reads(module: Mapping[str, Any]) -> None:
    """With one node each of the four alarms reads one metric."""
    found = costs(module, redis_num_replicas=1)
    assert (found["Alarms"], found["Redis"]) == ("0.40", "159.87")


def test_an_alarm_over_the_members_of_the_group_reads_one_metric_a_node(module: Mapping[str, Any]) -> None:
    """Which members there are is known after an apply; how many, before."""
    alarm: dict[str, Any] = {
        "metric_query": [{"id": "highest", "expression": "MAX(METRICS())"}],
        "dynamic": {
            "metric_query": {"for_each": "${aws_elasticache_replication_group.redis.member_clusters}", "content": {}}
        },
    }
    tree = {**module, "resource": {**module["resource"], "aws_cloudwatch_metric_alarm": {"memory": alarm}}}
    assert costs(tree, redis_num_replicas=6)["Alarms"] == "0.60"
    alarm["dynamic"]["metric_query"]["for_each"] = "${aws_elasticache_replication_group.redis.arn}"
    with pytest.raises(
        UserError, match=r"How many metrics an alarm reads depends on .*redis\.arn\), which is not known"
    ):
        costs(tree)


def test_metrics_of_aws_are_no_custom_ones(module: Mapping[str, Any]) -> None:
    """Those of Container Insights cost the cluster, which is not the module's."""
    assert costs(module, worker_count_source="container_insights") == costs(module)


def test_valkey_costs_a_fifth_less(module: Mapping[str, Any]) -> None:
    """By the engine of the planned group, and whatever its version."""
    assert costs(module, redis_engine="valkey", redis_engine_version="7.2")["Redis"] == "383.69"  # 3 * 730 * 0.1752
    assert costs(module, redis_engine="valkey", redis_engine_version="9.1")["Redis"] == "383.69"


def test_the_mean_is_within_the_limits(module: Mapping[str, Any]) -> None:
    """The assumed 10 are too many for 4, and their logs too."""
    found = costs(module, worker_max_count=4)
    assert (found["Workers"], found["Logs, taken in"]) == ("288.32", "4.50")
    assert costs(module, worker_min_count=20)["Workers"] == "1441.60"


def test_arm_costs_a_fifth_less(module: Mapping[str, Any]) -> None:
    """By the architecture of the planned task."""
    tree = with_worker(module, "aws_ecs_task_definition", runtime_platform={"cpu_architecture": "ARM64"})
    assert costs(tree)["Workers"] == "576.70"  # 10 * 730 * (2 * 0.03238 + 4 * 0.00356)


def test_spot_runs_its_share_above_the_base(module: Mapping[str, Any]) -> None:
    """2 of 10 on demand as the base, half of the other 8 on Spot."""
    # 6 * 730 * (2 * 0.04048 + 4 * 0.004445) + 4 * 730 * (2 * 0.01334053 + 4 * 0.00146489)
    assert costs(module, worker_fargate_spot_percent=50)["Workers"] == "527.50"
    assert costs(module, 2, worker_fargate_spot_percent=50)["Workers"] == "144.16"
    one = worker_cost(Configuration(module, {"worker_fargate_spot_percent": 50}), Decimal(1), read_prices())
    assert str(one) == "72.08"  # fewer than the base
    # 6 * 730 * (2 * 0.03238 + 4 * 0.00356) + 4 * 730 * (2 * 0.01067111 + 4 * 0.00117323)
    arm = costs(module, worker_fargate_spot_percent=50, worker_cpu_architecture="ARM64")
    assert arm["Workers"] == "422.04"


def test_fast_scale_out_costs_two_metrics(module: Mapping[str, Any]) -> None:
    """Those that its alarm reads: 0.80 are 1.00."""
    assert costs(module, fast_scale_out=True)["Alarms"] == "1.00"


def test_a_dashboard_costs(module: Mapping[str, Any]) -> None:
    """Where the module makes one."""
    assert costs(module, create_dashboard=True)["Dashboards"] == "3.00"
    assert "Dashboards" not in costs(module)


@pytest.mark.parametrize(
    ("workers", "cpu", "memory", "usd"),
    [
        (1, 2048, 4096, "72.08"),
        (2, 2048, 4096, "144.16"),
        (50, 2048, 4096, "3604.01"),
        (1, 256, 512, "9.01"),  # 730 * (0.25 * 0.04048 + 0.5 * 0.004445)
        (0, 2048, 4096, "0.00"),
    ],
)
def test_workers_cost_by_their_vcpus_and_memory(
    module: Mapping[str, Any], workers: int, cpu: int, memory: int, usd: str
) -> None:
    """CPU units and MiB are turned into what Fargate bills."""
    configuration = Configuration(module, {"worker_cpu": cpu, "worker_memory": memory})
    assert str(worker_cost(configuration, Decimal(workers), read_prices())) == usd


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        (
            {"redis_node_type": "cache.x9g.large"},
            r"No price of redis cache\.x9g\.large in us-east-1\. Known: redis cache",
        ),
        ({"aws_region": "eu-central-1"}, r"No prices of the region eu-central-1\. Known: us-east-1\."),
    ],
)
def test_what_has_no_price_is_an_error(module: Mapping[str, Any], inputs: Mapping[str, Any], text: str) -> None:
    """Which names what has one; never 0."""
    with pytest.raises(UserError, match=text):
        costs(module, **inputs)


def test_nodes_cost_by_their_type(module: Mapping[str, Any]) -> None:
    """The next larger type costs twice as much, but for 0.001 an hour."""
    configuration = Configuration(module, {"redis_node_type": "cache.r7g.xlarge"})
    assert str(redis_cost(configuration, read_prices())) == "957.03"  # 3 * 730 * 0.437


def with_worker(module: Mapping[str, Any], resource_type: str, **arguments: Any) -> Mapping[str, Any]:
    """The module with further arguments of the worker's resource."""
    changed = {"import_worker": {**module["resource"][resource_type]["import_worker"], **arguments}}
    return {**module, "resource": {**module["resource"], resource_type: changed}}
