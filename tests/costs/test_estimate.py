"""The estimate of the module's costs against sums written out."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from product_import.configuration import Configuration
from product_import.costs import (
    NoPriceError,
    Usage,
    known_costs,
    known_total,
    monthly_costs,
    read_prices,
    read_usage,
    redis_cost,
    worker_cost,
)
from product_import.errors import UserError

import pytest

GROUP = ("aws_elasticache_replication_group", "redis")
TASK = ("aws_ecs_task_definition", "import_worker")


def costs(module: Mapping[str, Any], mean_workers: int = 10, **inputs: Any) -> dict[str, str]:
    """The sum of each item."""
    usage = replace(read_usage(), mean_workers=Decimal(mean_workers))
    return costs_with(usage, module, **inputs)


def costs_with(usage: Usage, module: Mapping[str, Any], **inputs: Any) -> dict[str, str]:
    rows = monthly_costs(Configuration(module, inputs), usage, read_prices())
    return {row.item: str(row.usd) for row in rows}


def test_the_costs_with_the_defaults(module: Mapping[str, Any]) -> None:
    """Each row is its amount times its price, for a month of 730 hours."""
    assert costs(module) == {
        "Redis": "479.61",  # 3 * 730 * 0.219
        "Snapshots": "0.34",  # (5 - 1) * 1 * 0.085
        "Workers": "720.80",  # 10 * 730 * (2 * 0.04048 + 4 * 0.004445)
        "Alarms": "0.80",  # (3 + 3 + 1 + 1) * 0.10
        "Scaling alarms": "0.60",  # 2 * (1 + 2) * 0.10
        "Custom metrics": "0.30",
        "Logs ingested": "10.50",  # (10 * 2 + 1) * 0.50
        "Logs stored": "0.09",  # (20 * 30 + 1 * 7) * 24 / 730 * 0.15 * 0.03
        "Log queries": "0.05",  # 10 * 0.005
        "Secrets": "0.40",
    }


def test_prices_that_are_not_sure_say_so(module: Mapping[str, Any]) -> None:
    """One source alone tells the prices of snapshots and dashboards; that of Spot changes."""
    inputs = {"create_dashboard": True, "worker_fargate_spot_percent": 50}
    rows = monthly_costs(Configuration(module, inputs), read_usage(), read_prices())
    assert [row.item for row in rows if not row.sure] == ["Snapshots", "Workers", "Dashboards"]


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


def test_container_insights_cost_the_metrics_of_the_service(module: Mapping[str, Any]) -> None:
    """Only if the workers are counted by them. The metrics of the cluster belong to the cluster."""
    found = costs(module, worker_count_source="container_insights")
    assert found.pop("Container Insights") == "6.30"  # (13 + 8) * 0.30
    assert found == costs(module)


def test_aws_keeps_two_alarms_for_each_target_tracking_policy(module: Mapping[str, Any]) -> None:
    """Each reads the metrics of the policy. A step policy has the module's own alarm."""
    policies = module["resource"]["aws_appautoscaling_policy"]
    cpu = {"import_worker_cpu": policies["import_worker_cpu"]}
    tree = {**module, "resource": {**module["resource"], "aws_appautoscaling_policy": cpu}}
    assert costs(tree)["Scaling alarms"] == "0.20"
    tree = {**module, "resource": {**module["resource"], "aws_appautoscaling_policy": {}}}
    assert "Scaling alarms" not in costs(tree)


def test_one_snapshot_is_free(module: Mapping[str, Any]) -> None:
    """The others cost by their size."""
    for days in (0, 1):
        assert "Snapshots" not in costs(with_resource(module, GROUP, snapshot_retention_limit=days))
    usage = replace(read_usage(), redis_snapshot_gb=Decimal(10))
    found = costs_with(usage, with_resource(module, GROUP, snapshot_retention_limit=35))
    assert found["Snapshots"] == "28.90"  # 34 * 10 * 0.085


def test_logs_cost_by_what_is_stored_and_queried(module: Mapping[str, Any]) -> None:
    """Without compression all that was ingested is stored."""
    usage = replace(read_usage(), log_stored_share=Decimal(1), log_query_gb_per_month=Decimal(1000))
    found = costs_with(usage, module)
    assert (found["Logs stored"], found["Log queries"]) == ("0.60", "5.00")  # 607 * 24 / 730 * 0.03, 1000 * 0.005


def test_valkey_costs_a_fifth_less(module: Mapping[str, Any]) -> None:
    """By the engine of the planned group, whatever its version."""
    assert costs(module, redis_engine="valkey", redis_engine_version="7.2")["Redis"] == "383.69"  # 3 * 730 * 0.1752
    assert costs(module, redis_engine="valkey", redis_engine_version="9.1")["Redis"] == "383.69"


def test_the_mean_is_within_the_limits(module: Mapping[str, Any]) -> None:
    """The assumed 10 are too many for 4, and their logs too."""
    found = costs(module, worker_max_count=4)
    assert (found["Workers"], found["Logs ingested"]) == ("288.32", "4.50")
    assert costs(module, worker_min_count=20)["Workers"] == "1441.60"


def test_arm_costs_a_fifth_less(module: Mapping[str, Any]) -> None:
    """By the architecture of the planned task."""
    tree = with_resource(module, TASK, runtime_platform={"cpu_architecture": "ARM64"})
    assert costs(tree)["Workers"] == "576.70"  # 10 * 730 * (2 * 0.03238 + 4 * 0.00356)


def test_spot_runs_its_share_above_the_base(module: Mapping[str, Any]) -> None:
    """2 of 10 on demand as the base, half of the other 8 on Spot."""
    # 6 * 730 * (2 * 0.04048 + 4 * 0.004445) + 4 * 730 * (2 * 0.01288871 + 4 * 0.00141527)
    assert costs(module, worker_fargate_spot_percent=50)["Workers"] == "524.28"
    assert costs(module, 2, worker_fargate_spot_percent=50)["Workers"] == "144.16"
    one = worker_cost(Configuration(module, {"worker_fargate_spot_percent": 50}), Decimal(1), read_prices())
    assert str(one) == "72.08"  # fewer than the base
    # 6 * 730 * (2 * 0.03238 + 4 * 0.00356) + 4 * 730 * (2 * 0.01030969 + 4 * 0.00113349)
    arm = costs(module, worker_fargate_spot_percent=50, worker_cpu_architecture="ARM64")
    assert arm["Workers"] == "419.47"


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
            r"No price of redis cache\.x9g\.large in us-east-1\. Known: redis cache.* --region us-east-1 --output FILE",
        ),
        (
            {"aws_region": "af-south-1"},
            r"No prices of the region af-south-1\. Known: ap-northeast-1, .* prices --region af-south-1 ",
        ),
    ],
)
def test_what_has_no_price_is_an_error(module: Mapping[str, Any], inputs: Mapping[str, Any], text: str) -> None:
    """Which names what has one; never 0."""
    with pytest.raises(UserError, match=text):
        costs(module, **inputs)


def test_a_part_may_be_known(module: Mapping[str, Any]) -> None:
    """What is not says which price is missing, and is no part of the total."""
    found = known_costs(Configuration(module, {"aws_region": "eu-central-1"}), read_usage(), read_prices())
    assert found.not_known["Redis"] == "No price of redis cache.r7g.large in eu-central-1."
    assert (found.of("Redis"), found.of("Workers"), found.of("Dashboards")) == (None, Decimal("828.99"), Decimal(0))
    assert found.usd == Decimal("842.22")  # 10 * 730 * (2 * 0.04656 + 4 * 0.00511) and 21 * 0.63
    spot = {"aws_region": "eu-central-1", "worker_fargate_spot_percent": 50}
    limits = known_costs(Configuration(module, spot), read_usage(), read_prices()).limits
    assert {name: limit.usd for name, limit in limits.items()} == {"minimum": Decimal("165.80"), "maximum": None}


def test_where_no_price_is_known_nothing_is(module: Mapping[str, Any]) -> None:
    """A total of nothing would read as if it were free."""
    with pytest.raises(NoPriceError, match="No prices of the region af-south-1"):
        known_costs(Configuration(module, {"aws_region": "af-south-1"}), read_usage(), read_prices())
    one, none = Decimal(1), Decimal(0)
    assert known_total([(one, one), (one, None)]) == (one, one)
    assert known_total([(none, none), (one, None)]) is None
    assert known_total([(none, none)]) == (none, none)


def test_prices_differ_by_region(module: Mapping[str, Any]) -> None:
    """London's sums written out: only the snapshots have no price there."""
    london = Configuration(module, {"aws_region": "eu-west-2"})
    found = known_costs(london, read_usage(), read_prices())
    assert list(found.not_known) == ["Snapshots"]
    assert {row.item: str(row.usd) for row in found.rows} == {
        "Redis": "560.64",  # 3 * 730 * 0.256
        "Workers": "828.99",  # 10 * 730 * (2 * 0.04656 + 4 * 0.00511)
        "Alarms": "0.80",
        "Scaling alarms": "0.60",
        "Custom metrics": "0.30",
        "Logs ingested": "12.57",  # 21 * 0.5985
        "Logs stored": "0.09",  # 607 * 24 / 730 * 0.15 * 0.0315
        "Log queries": "0.06",  # 10 * 0.0059
        "Secrets": "0.40",
    }


def test_nodes_cost_by_their_type(module: Mapping[str, Any]) -> None:
    """The next larger type costs twice as much, but for 0.001 an hour."""
    configuration = Configuration(module, {"redis_node_type": "cache.r7g.xlarge"})
    assert str(redis_cost(configuration, read_prices())) == "957.03"  # 3 * 730 * 0.437


def with_resource(module: Mapping[str, Any], address: tuple[str, str], **arguments: Any) -> Mapping[str, Any]:
    """The module with other arguments of a resource."""
    kind, name = address
    changed = {**module["resource"][kind], name: {**module["resource"][kind][name], **arguments}}
    return {**module, "resource": {**module["resource"], kind: changed}}
