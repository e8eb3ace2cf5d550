"""What a plan changes in the costs of a month, of this module's resources in it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from product_import.command_line import main
from product_import.costs import read_prices, read_usage
from product_import.plan_diff.compare.costs import CostChange, ItemCost, cost_changes
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.read.plan import read_plan
from tests.plan_diff.documents import document, resource
from tests.plan_diff.test_json import SCHEMA

import pytest

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
QUERIES = [{"id": "highest", "expression": "MAX(METRICS())", "metric": []}] + [
    {"id": f"node_{number}", "expression": "", "metric": [{"metric_name": "CPUUtilization"}]} for number in (1, 2, 3)
]
DEPLOYED: dict[str, dict[str, Any]] = {
    "aws_elasticache_replication_group.redis": {
        "engine": "redis",
        "node_type": "cache.r7g.large",
        "num_cache_clusters": 3,
        "snapshot_retention_limit": 5,
    },
    "aws_ecs_task_definition.import_worker": {"cpu": "2048", "memory": "4096", "runtime_platform": []},
    "aws_ecs_service.import_worker": {"capacity_provider_strategy": []},
    "aws_appautoscaling_target.import_worker": {"min_capacity": 2, "max_capacity": 50},
    "aws_appautoscaling_policy.import_worker_queue_depth": {
        "target_tracking_scaling_policy_configuration": [
            {
                "predefined_metric_specification": [],
                "customized_metric_specification": [
                    {
                        "metrics": [
                            {"id": "queued", "expression": "", "metric_stat": [{"metric": [{"namespace": "x"}]}]},
                            {"id": "running", "expression": "", "metric_stat": [{"metric": [{"namespace": "x"}]}]},
                            {"id": "jobs_per_worker", "expression": "queued / running", "metric_stat": []},
                        ]
                    }
                ],
            }
        ]
    },
    "aws_cloudwatch_metric_alarm.redis_cpu_high": {
        "metric_name": "",
        "namespace": "",
        "metric_query": QUERIES,
        "alarm_actions": [TOPIC],
    },
    "aws_cloudwatch_metric_alarm.queue_overload": {
        "metric_name": "BullQueueDepth",
        "namespace": "AVNZ/ProductImport",
        "metric_query": [],
        "alarm_actions": [TOPIC],
    },
    "aws_cloudwatch_log_group.import_worker": {"retention_in_days": 30},
    "aws_cloudwatch_log_group.redis_slow_log": {"retention_in_days": 7},
    "aws_secretsmanager_secret.redis_url": {"name_prefix": "redis-url-"},
}
MODULE = "module.product_import"
GROUP, TASK = "aws_elasticache_replication_group.redis", "aws_ecs_task_definition.import_worker"
ALARM = "aws_cloudwatch_metric_alarm.redis_cpu_high"


def planned(changed: dict[str, Any] | None = None, module: str = MODULE, **masks: Any) -> list[dict[str, Any]]:
    """A module that is deployed, with other values after the plan; `masks` are of those resources."""
    changed = changed or {}
    return [
        resource(
            f"{module}.{address}".removeprefix("."),
            ["update"] if address in changed else ["no-op"],
            before,
            {**before, **changed.get(address, {})},
            module_address=module,
            **(masks if address in changed else {}),
        )
        for address, before in DEPLOYED.items()
    ]


def costs(*resources: dict[str, Any]) -> tuple[CostChange, ...]:
    return cost_changes(read_plan(document(*resources), "plan.json"), read_usage(), read_prices(), Secrets())


def items(change: CostChange) -> dict[str, tuple[str, str]]:
    """Those that cost something else, before and after."""
    return {item.item: (str(item.before), str(item.after)) for item in change.items if item.before != item.after}


def report(tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str, **plans: list[dict[str, Any]]) -> str:
    """What `plan-diff --costs` prints of the plans."""
    for name, resources in plans.items():
        (tmp_path / f"{name}.json").write_bytes(document(*resources))
    assert main(["plan-diff", *(str(tmp_path / f"{name}.json") for name in plans), "--costs", *arguments]) in (0, 2)
    return capsys.readouterr().out


def test_what_changes_is_told_with_the_sum() -> None:
    """Each item is that of the command `cost`: its amount times its price."""
    (change,) = costs(*planned({GROUP: {"node_type": "cache.r7g.xlarge"}, TASK: {"memory": "8192"}}))
    assert change.module == "module.product_import"
    assert items(change) == {
        "Redis": ("479.61", "957.03"),  # 3 * 730 * 0.219, 3 * 730 * 0.437
        "Workers": ("720.80", "850.60"),  # 10 * 730 * (2 * 0.04048 + 4 * 0.004445), 8 * 0.004445
    }
    # 0.34, 0.40 of four metrics of alarms, 0.40, 0.30, 10.50, 0.09, 0.05, 0.40
    assert change.total == (Decimal("1212.89"), Decimal("1820.11"))
    assert change.not_known == {}


def test_a_first_plan_costs_nothing_before() -> None:
    """And the alarms read as many nodes as there will be, whose names no plan knows."""
    created = [
        resource(
            f"{MODULE}.{address}",
            ["create"],
            None,
            {name: value for name, value in after.items() if name != "metric_query" or address != ALARM},
            module_address=MODULE,
            after_unknown={"metric_query": True} if address == ALARM else {},
        )
        for address, after in DEPLOYED.items()
    ]
    (change,) = costs(*created)
    assert change.total == (Decimal("0.00"), Decimal("1212.89"))
    assert items(change)["Alarms"] == ("0.00", "0.40")


def test_what_is_destroyed_costs_nothing_after() -> None:
    """All of it, or the part that goes."""
    gone = [{**each, "change": {**each["change"], "actions": ["delete"], "after": None}} for each in planned()]
    (change,) = costs(*gone)
    assert change.total == (Decimal("1212.89"), Decimal("0.00"))
    (change,) = costs(*planned()[:-1], gone[-1])
    assert items(change) == {"Secrets": ("0.40", "0.00")}


def test_an_object_that_waits_for_its_removal_is_none_of_the_module() -> None:
    """It stands in the plan under the address of the one that took its place."""
    left = DEPLOYED[GROUP] | {"num_cache_clusters": 6}
    deposed = resource(f"{MODULE}.{GROUP}", ["delete"], left, None, module_address=MODULE, deposed="00000001")
    (change,) = costs(*planned(), deposed)
    assert items(change) == {}


def test_without_a_price_the_cost_is_not_known() -> None:
    """It is never 0, and no part of a sum; the rest is known."""
    (change,) = costs(*planned({GROUP: {"node_type": "cache.x9.large"}, TASK: {"cpu": "1024"}}))
    assert ItemCost("Redis", Decimal("479.61"), None, "No price of redis cache.x9.large in us-east-1.") in change.items
    assert change.not_known == {"No price of redis cache.x9.large in us-east-1.": ["Redis"]}
    assert change.total == (Decimal("733.28"), Decimal("437.78"))


def moved_to(region: str) -> list[dict[str, Any]]:
    """The plan of a module in another region."""
    topic = {"alarm_actions": [TOPIC.replace("us-east-1", region)]}
    return planned({address: topic for address in DEPLOYED if address.startswith("aws_cloudwatch_metric_alarm")})


def test_a_region_without_prices_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of everything alike, and without a total: 0.00 would read as if it were free."""
    (change,) = costs(*moved_to("af-south-1"))
    assert list(change.not_known) == ["No prices of the region af-south-1."]
    assert change.total is None
    lines = report(tmp_path, capsys, moved=moved_to("af-south-1")).splitlines()
    assert [line.split() for line in lines if line.startswith("moved ")] == [["moved", "all", "not", "known"]]
    text = report(tmp_path, capsys, "--format=json", moved=moved_to("af-south-1"))
    (module,) = json.loads(text)["environments"]["moved"]["costs"]
    assert (module["before_usd"], module["after_usd"]) == (None, None)


def test_a_region_with_some_prices_has_a_total_of_those(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the same items before and after."""
    lines = report(tmp_path, capsys, moved=moved_to("eu-central-1")).splitlines()
    assert "moved        total of what is known     731.30  842.22     +110.92" in lines
    assert "moved, Redis: No price of redis cache.r7g.large in eu-central-1." in lines


def test_a_value_that_only_an_apply_tells_is_not_known() -> None:
    """The text says which."""
    (change,) = costs(*planned({GROUP: {"node_type": None}}, after_unknown={"node_type": True}))
    later = "(known after apply: aws_elasticache_replication_group.redis.node_type)"
    assert list(change.not_known) == [f"The costs depend on {later}, which is not known."]


def test_a_namespace_that_only_an_apply_tells_is_not_known() -> None:
    """Whether AWS makes the metric cannot be told."""
    address = "aws_cloudwatch_metric_alarm.queue_overload"
    (change,) = costs(*planned({address: {"namespace": None}}, after_unknown={"namespace": True}))
    later = f"(known after apply: {address}.namespace)"
    assert change.not_known == {f"The costs depend on {later}, which is not known.": ["Custom metrics"]}


def test_a_size_that_is_no_number_is_not_known() -> None:
    """AWS takes such texts too, in a module of the same names."""
    (change,) = costs(*planned({TASK: {"cpu": "2 vCPU"}}))
    assert change.not_known == {"The costs depend on cpu, which must be a number.": ["Workers"]}


def test_an_argument_that_the_plan_lacks_is_named() -> None:
    """Instead of a traceback."""
    resources = planned()
    for side in ("before", "after"):
        values = resources[0]["change"][side]
        resources[0]["change"][side] = {name: value for name, value in values.items() if name != "node_type"}
    (change,) = costs(*resources)
    assert change.not_known == {
        "The costs depend on aws_elasticache_replication_group.redis.node_type, which the plan does not have.": [
            "Redis"
        ]
    }


def test_a_sensitive_value_does_not_show() -> None:
    """Nor does what it costs."""
    (change,) = costs(*planned({GROUP: {"node_type": "cache.r7g.xlarge"}}, after_sensitive={"node_type": True}))
    assert change.not_known == {
        "The costs depend on aws_elasticache_replication_group.redis.node_type, which is sensitive.": ["Redis"]
    }
    assert "957.03" not in str(change)
    for masks in ({"before_sensitive": {"node_type": True}}, {"after_sensitive": True}):
        (change,) = costs(*planned({GROUP: {"node_type": "cache.r7g.xlarge"}}, **masks))
        assert "Redis" in next(iter(change.not_known.values()))
    (change,) = costs(
        *planned({ALARM: {}}, after_sensitive={"alarm_actions": [False], "metric_query": [{"id": False}]})
    )
    assert change.not_known == {}


def test_the_mean_stays_within_the_limits_of_the_plan() -> None:
    """Ten workers cannot run on average where four may."""
    (change,) = costs(*planned({"aws_appautoscaling_target.import_worker": {"max_capacity": 4}}))
    assert items(change)["Workers"] == ("720.80", "288.32")
    (change,) = costs(*planned({"aws_appautoscaling_target.import_worker": {"min_capacity": 20}}))
    assert items(change)["Workers"] == ("720.80", "1441.60")


def test_each_module_of_a_root_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The root itself may be one; what else the root has is none."""
    other = resource("aws_elasticache_replication_group.redis", ["create"], None, {}, module_address="module.cache")
    staging = planned({GROUP: {"num_cache_clusters": 1}}, module='module.product_import["staging"]')
    text = report(tmp_path, capsys, plan=[other, *staging, *planned(module="")])
    assert [line.split() for line in text.splitlines() if line.startswith("plan ")] == [
        ["plan", 'module.product_import["staging"]', "Redis", "479.61", "159.87", "-319.74"],
        ["plan", 'module.product_import["staging"]', "total", "1,212.89", "893.15", "-319.74"],
        ["plan", "the", "root", "module", "total", "1,212.89", "1,212.89", "0.00"],
    ]


def test_environments_stand_beside_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In text: what changes, why something is not known, and where the numbers come from."""
    text = report(
        tmp_path,
        capsys,
        production=planned({GROUP: {"engine": "valkey"}}),
        staging=planned({GROUP: {"node_type": "cache.x9.large"}}),
        other=[resource("aws_iam_role.x", ["create"], None, {})],
    )
    assert (
        "environment  USD a month                before     after  difference\n"
        "-----------  ----------------------  ---------  --------  ----------\n"
        "production   Redis                      479.61    383.69      -95.92\n"
        "production   total                    1,212.89  1,116.97      -95.92\n"
        "staging      Redis                   not known\n"
        "staging      total of what is known     733.28    733.28        0.00\n"
        "other        total                   not known\n"
        "staging, Redis: No price of redis cache.x9.large in us-east-1.\n"
        "other, total: The plan has no resources of this module.\n"
        "Estimated from list prices and an assumed usage: `product-import cost` shows both. "
        "`product-import prices` fetches further prices.\n"
    ) in text


def test_a_comment_has_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not known stands in it with the reason, escaped."""
    text = report(
        tmp_path,
        capsys,
        "--format=markdown",
        production=planned({GROUP: {"engine": "valkey"}}),
        staging=planned({GROUP: {"node_type": "<b>"}}),
    )
    assert (
        '<tr><td><code>production</code></td><td>Redis</td><td align="right">479.61</td><td align="right">383.69</td>'
        '<td align="right">-95.92</td></tr>'
    ) in text
    assert '<td colspan="3">not known: <code>No price of redis &lt;b&gt; in us-east-1.</code></td>' in text


def test_programs_get_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With null where a number is not known; the members are those of the schema."""
    text = report(tmp_path, capsys, "--format=json", production=planned({GROUP: {"node_type": "cache.x9.large"}}))
    (costs,) = json.loads(text)["environments"]["production"]["costs"]
    assert (costs["module"], costs["complete"], costs["before_usd"], costs["after_usd"]) == (
        *("module.product_import", False),
        *(733.28, 733.28),
    )
    redis, _, workers, *_ = costs["items"]
    assert redis == {
        "item": "Redis",
        "before_usd": 479.61,
        "after_usd": None,
        "not_known": "No price of redis cache.x9.large in us-east-1.",
    }
    assert workers == {"item": "Workers", "before_usd": 720.8, "after_usd": 720.8, "not_known": ""}
    described = SCHEMA["$defs"]["costs"]["properties"]
    assert set(costs) == set(described)
    assert set(redis) == set(described["items"]["items"]["properties"])


def test_who_did_not_ask_gets_no_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Null, and no table."""
    file = tmp_path / "plan.json"
    file.write_bytes(document(*planned({GROUP: {"engine": "valkey"}})))
    assert main(["plan-diff", str(file), "--format=json"]) == 2
    assert json.loads(capsys.readouterr().out)["environments"]["plan"]["costs"] is None
    assert main(["plan-diff", str(file)]) == 2
    assert "USD" not in capsys.readouterr().out


def test_prices_and_usage_of_ones_own_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Over those that come along; without --costs they are a mistake."""
    prices, usage = tmp_path / "prices.csv", tmp_path / "usage.toml"
    row = "redis cache.x9.large,us-east-1,1,node-hour,2026-01-31,high,an offer"
    prices.write_text(f"item,region,usd,unit,date,confidence,source\n{row}\n")
    usage.write_text("mean_workers = 2\n")
    plan = planned({GROUP: {"node_type": "cache.x9.large"}})
    text = report(tmp_path, capsys, f"--prices={prices}", f"--usage={usage}", plan=plan)
    assert ["plan", "Redis", "479.61", "2,190.00", "+1,710.39"] in [line.split() for line in text.splitlines()]
    assert main(["plan-diff", str(tmp_path / "plan.json"), "--max-increase=0"]) == 1
    assert "--max-increase need --costs. Add it" in capsys.readouterr().err
    assert main(["plan-diff", str(tmp_path / "plan.json"), f"--usage={usage}"]) == 1
    assert (
        capsys.readouterr().err
        == "error: --usage, --prices and --max-increase need --costs. Add it, or leave them out.\n"
    )


def limited(tmp_path: Path, *arguments: str, **plans: list[dict[str, Any]]) -> int:
    """The status of a report whose costs have a limit."""
    for name, resources in plans.items():
        (tmp_path / f"{name}.json").write_bytes(document(*resources))
    return main(["plan-diff", *(str(tmp_path / f"{name}.json") for name in plans), "--costs", *arguments])


def test_a_rise_above_the_limit_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each module that is above it names the rows that make it."""
    rising = planned({GROUP: {"node_type": "cache.r7g.xlarge"}, TASK: {"memory": "8192"}})
    falling = planned({GROUP: {"num_cache_clusters": 1}})
    assert limited(tmp_path, "--max-increase=607.22", production=rising, staging=falling) == 2
    assert capsys.readouterr().err == ""
    assert limited(tmp_path, "--max-increase=607.21", production=rising, staging=falling) == 1
    assert capsys.readouterr().err == (
        "error: production: the costs rise by 607.22 USD a month, and 607.21 are allowed: "
        "Redis +477.42, Workers +129.80.\n"
    )
    two = [*planned({GROUP: {"node_type": "cache.r7g.xlarge"}}, module="module.a"), *planned(module="module.b")]
    assert limited(tmp_path, "--max-increase=0", production=two) == 1
    assert capsys.readouterr().err.startswith("error: production module.a: the costs rise by 477.42 USD a month")


def test_a_rise_that_is_not_known_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the reason; also of a plan without the module."""
    unknown = planned({GROUP: {"node_type": "cache.x9.large"}})
    other = [resource("aws_iam_role.x", ["create"], None, {})]
    assert limited(tmp_path, "--max-increase=1000000", production=unknown, other=other) == 1
    assert capsys.readouterr().err == (
        "error: production: the costs of Redis are not known, and may rise: "
        "No price of redis cache.x9.large in us-east-1.\n"
        "error: other: the costs are not known, and may rise: The plan has no resources of this module.\n"
    )


def test_a_limit_tells_no_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Though the reason has the text of one, which is marked elsewhere."""
    secret = resource("aws_x.y", ["create"], None, {"a": "cache.x9.large"}, after_sensitive={"a": True})
    assert limited(tmp_path, "--max-increase=0", plan=[secret, *planned({GROUP: {"node_type": "cache.x9.large"}})]) == 1
    told = capsys.readouterr().err
    assert "are not known, and may rise: No price of redis " in told
    assert "x9" not in told


def test_no_part_of_a_secret_topic_is_named_as_a_region() -> None:
    """The topic is secret elsewhere; its region is not the whole of it, so that a search does not find it."""
    topic = "arn:aws:sns:eu-secret-7:123456789012:alarms"
    plan = read_plan(document(*planned({ALARM: {"alarm_actions": [topic]}})), "plan.json")
    (change,) = cost_changes(plan, read_usage(), read_prices(), Secrets([topic]))
    assert "eu-secret-7" not in repr(change)
    assert any("alarm_actions, which is sensitive" in item.not_known for item in change.items)
