"""The estimate of the module's costs against sums written out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from product_import.documentation.costs import monthly_costs, redis_cost, worker_cost

import pytest

DEFAULTS = {
    "redis_node_type": "cache.r7g.large",
    "redis_num_replicas": 3,
    "worker_cpu": 2048,
    "worker_memory": 4096,
}


def test_the_costs_with_the_defaults(module: Mapping[str, Any]) -> None:
    """Each row is its amount times its price, for a month of 730 hours."""
    assert {row.item: str(row.usd) for row in monthly_costs(module["resource"], DEFAULTS)} == {
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
    assert [row.item for row in monthly_costs(module["resource"], DEFAULTS) if row.sure] == ["Redis", "Workers"]


def test_an_alarm_costs_by_the_metrics_that_it_reads(module: Mapping[str, Any]) -> None:
    """With one node each of the four alarms reads one metric."""
    costs = {row.item: row for row in monthly_costs(module["resource"], {**DEFAULTS, "redis_num_replicas": 1})}
    assert costs["Alarms"].usd == Decimal("0.40")
    assert costs["Alarms"].amount == "4 metrics read by 4 alarms"
    assert costs["Redis"].usd == Decimal("159.87")


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
def test_workers_cost_by_their_vcpus_and_memory(workers: int, cpu: int, memory: int, usd: str) -> None:
    """CPU units and MiB are turned into what Fargate bills."""
    assert str(worker_cost(workers, cpu, memory)) == usd


def test_nodes_cost_by_their_type() -> None:
    """The next larger type costs twice as much, but for 0.001 an hour."""
    assert str(redis_cost(3, "cache.r7g.xlarge")) == "957.03"  # 3 * 730 * 0.437
    with pytest.raises(KeyError, match=r"cache\.m7g\.large"):
        redis_cost(3, "cache.m7g.large")
