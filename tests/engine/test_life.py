"""The life of a deployment: of the root in cdktf.out/, and of a root that consumes the module."""

from collections.abc import Callable
from pathlib import Path

from product_import.engine import Engine
from product_import.plan_diff import environments
from product_import.stand_in.provider import Provider
from tests.contract import ADDRESSES
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment

import pytest


@pytest.mark.parametrize(
    ("kind", "major"),
    [(deployment.root, 5), (deployment.consumer, 5), (deployment.consumer, 6)],
    ids=["root", "consumer", "consumer with provider 6"],
    scope="session",
)
def test_a_deployment_from_the_first_plan_to_the_end(
    kind: Callable[[Engine, Path], Deployment], engine: Engine, synthesized: Path
) -> None:
    """It begins with 25 resources, each apply leaves nothing to change, and at the end nothing is left."""
    deployed = kind(engine, synthesized)
    deployed.init()
    assert deployed.engine.validate() == []
    actions = deployed.actions()
    assert len(actions) == 25
    assert actions == dict.fromkeys(ADDRESSES, "create")
    deployed.engine.apply()
    first = deployed.state()
    assert deployed.actions() == {}

    inputs = {
        "worker_image": "api:2",
        "worker_max_count": 60,
        "redis_node_type": "cache.r7g.xlarge",
        "redis_num_replicas": 2,
        "redis_auth_token": "another-token-of-Redis",
    }
    deployed.apply(**inputs)
    second = deployed.state()
    assert deployed.actions(**inputs) == {}
    assert set(second) == set(first) == ADDRESSES
    definition = second["aws_ecs_task_definition.import_worker"]
    assert definition["arn"] != first["aws_ecs_task_definition.import_worker"]["arn"]
    assert second["aws_ecs_service.import_worker"]["task_definition"] == definition["arn"]
    for address in ("aws_elasticache_replication_group.redis", "aws_ecs_service.import_worker"):
        assert second[address]["id"] == first[address]["id"]

    # The plan before has refreshed all.
    deployed.engine.destroy("-refresh=false")
    assert deployed.state() == {}


@both_majors
def test_another_image_or_size_is_a_new_revision(applied: Deployment) -> None:
    """The service moves on to it in place."""
    plan = applied.plan(worker_image="api:2", worker_cpu=1024, worker_memory=2048, worker_concurrency=3)
    assert applied.changes(plan) == {
        "aws_ecs_task_definition.import_worker": ("delete", "create"),
        "aws_ecs_service.import_worker": ("update",),
    }


def test_other_bounds_and_another_target_leave_the_service_alone(applied: Deployment) -> None:
    """They are the autoscaler's, its policy's and an alarm's; the running count stays as it is."""
    plan = applied.plan(worker_min_count=4, worker_max_count=51, target_jobs_per_worker=7.5)
    assert applied.changes(plan) == {
        "aws_appautoscaling_target.import_worker": ("update",),
        "aws_appautoscaling_policy.import_worker_queue_depth": ("update",),
        "aws_cloudwatch_metric_alarm.worker_count_low": ("update",),
    }
    target = applied.resources(plan)["aws_appautoscaling_target.import_worker"]
    assert (target["min_capacity"], target["max_capacity"]) == (4, 51)


@both_majors
def test_the_number_of_nodes_changes_in_place(applied: Deployment) -> None:
    """Redis keeps its data, and the alarms of its nodes follow."""
    assert applied.actions(redis_num_replicas=5) == {
        "aws_elasticache_replication_group.redis": "update",
        "aws_cloudwatch_metric_alarm.redis_cpu_high": "update",
        "aws_cloudwatch_metric_alarm.redis_memory_high": "update",
    }


@both_majors
def test_the_alarms_follow_the_nodes_that_aws_keeps(applied: Deployment, engine: Engine, provider: Provider) -> None:
    """Which nodes go when there are to be fewer, AWS decides: here the first, of three."""
    deployed = deployment.copy(applied, engine)
    deployed.apply(redis_num_replicas=2)
    group = deployed.state()["aws_elasticache_replication_group.redis"]["id"]
    kept = [f"{group}-002", f"{group}-003"]
    provider.change_outside("aws_elasticache_replication_group", group, member_clusters=kept)
    assert deployed.actions(redis_num_replicas=2) == {
        "aws_cloudwatch_metric_alarm.redis_cpu_high": "update",
        "aws_cloudwatch_metric_alarm.redis_memory_high": "update",
    }
    deployed.engine.apply()
    after = deployed.state()
    for name in ("redis_cpu_high", "redis_memory_high"):
        queries = after[f"aws_cloudwatch_metric_alarm.{name}"]["metric_query"]
        assert [query["metric"][0]["dimensions"]["CacheClusterId"] for query in queries if query["metric"]] == kept


@both_majors
def test_a_new_token_is_rotated(applied: Deployment) -> None:
    """Redis takes it in place, the secret gets a new version, and an operator sees neither token."""
    new = "another-token-of-Redis"
    assert applied.changes(applied.plan(redis_auth_token=new)) == {
        "aws_elasticache_replication_group.redis": ("update",),
        "aws_secretsmanager_secret_version.redis_url": ("delete", "create"),
    }
    assert "(sensitive value)" in (text := applied.engine.run("show", "planned"))
    assert new not in text
    assert environments.TOKEN not in text


@both_majors
def test_tags_change_in_place(applied: Deployment) -> None:
    """A tag touches the 17 resources that have tags and replaces none."""
    actions = applied.actions(tags={"Team": "import"})
    assert len(actions) == 17
    assert set(actions.values()) == {"update"}


def test_another_vpc_replaces_the_groups_without_an_outage(applied: Deployment) -> None:
    """The new security groups are there before the old ones go."""
    changes = applied.changes(applied.plan(vpc_id="vpc-0123456789abcdef1"))
    assert changes["aws_security_group.redis"] == ("create", "delete")
    assert changes["aws_security_group.import_worker"] == ("create", "delete")
    assert changes["aws_ecs_service.import_worker"] == ("update",)
    assert changes["aws_elasticache_replication_group.redis"] == ("update",)
