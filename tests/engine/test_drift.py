"""What a plan does about changes that somebody else made."""

from product_import.stand_in.provider import Provider
from tests.engine.deployment import Deployment


def test_the_autoscalers_count_stays(applied: Deployment, provider: Provider) -> None:
    """A desired count that the autoscaler moved is no reason for a change."""
    service = applied.state()["aws_ecs_service.import_worker"]
    provider.change_outside("aws_ecs_service", service["id"], desired_count=37)
    plan = applied.plan()
    assert applied.changes(plan) == {}
    assert applied.resources(plan)["aws_ecs_service.import_worker"]["desired_count"] == 37


def test_a_revision_of_a_deployment_tool_is_taken_back(applied: Deployment, provider: Provider) -> None:
    """The service goes back to the module's revision, in place."""
    state = applied.state()
    definition = state["aws_ecs_task_definition.import_worker"]
    foreign = f"{definition['arn_without_revision']}:{definition['revision'] + 1}"
    service = state["aws_ecs_service.import_worker"]
    provider.change_outside("aws_ecs_service", service["id"], task_definition=foreign)
    plan = applied.plan()
    assert applied.changes(plan) == {"aws_ecs_service.import_worker": ("update",)}
    assert applied.resources(plan)["aws_ecs_service.import_worker"]["task_definition"] == definition["arn"]


def test_rules_added_by_hand_are_removed(applied: Deployment, provider: Provider) -> None:
    """Of each group in each direction, also where the module has no rule itself."""
    rule = {
        "cidr_blocks": ["10.0.0.0/8"],
        "description": "by hand",
        "from_port": 22,
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "protocol": "tcp",
        "security_groups": [],
        "self": False,
        "to_port": 22,
    }
    groups = ("aws_security_group.redis", "aws_security_group.import_worker")
    state = applied.state()
    for address in groups:
        group = state[address]
        added = {direction: [*group[direction], rule] for direction in ("ingress", "egress")}
        provider.change_outside("aws_security_group", group["id"], **added)
    plan = applied.plan()
    assert applied.changes(plan) == dict.fromkeys(groups, ("update",))
    planned = applied.resources(plan)
    for address in groups:
        for direction in ("ingress", "egress"):
            assert planned[address][direction] == state[address][direction]


def test_a_deleted_alarm_comes_back(applied: Deployment, provider: Provider) -> None:
    """It is created again, and nothing else changes."""
    provider.delete_outside("aws_cloudwatch_metric_alarm", "production-product-import-queue-overload")
    assert applied.changes(applied.plan()) == {"aws_cloudwatch_metric_alarm.queue_overload": ("create",)}


def test_a_redis_that_aws_upgraded_is_left_alone_with_its_version_as_input(
    applied: Deployment, provider: Provider
) -> None:
    """At the default the plan would replace it with every job in it."""
    group = "aws_elasticache_replication_group"
    newer = {"engine_version": "7.1", "engine_version_actual": "7.1.0"}
    provider.change_outside(group, "production-product-import", **newer)
    assert applied.changes(applied.plan())[f"{group}.redis"] == ("delete", "create")
    assert applied.actions(redis_engine_version="7.1") == {}
