"""The stand-in's facts: what the provider replaces, takes for the same, fills in and refuses."""

import json
from typing import Any

from product_import.stand_in.schema import provider_schema
from tests.engine.conftest import both_majors
from tests.engine.protocol import Asked

import pytest
from msgpack import ExtType  # type: ignore[import-untyped]

GROUP = "aws_elasticache_replication_group"
SERVICE = "aws_ecs_service"
TASK = "aws_ecs_task_definition"
RULE = "aws_vpc_security_group_ingress_rule"
REDIS: dict[str, Any] = {
    "replication_group_id": "queue",
    "description": "Queue",
    "engine_version": "7.0",
    "num_cache_clusters": 3,
}
WORKERS: dict[str, Any] = {"name": "workers", "cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/main"}
SPOT = {"capacity_provider": "FARGATE_SPOT", "weight": 1, "base": None}
ON_DEMAND = {"capacity_provider": "FARGATE", "weight": 1, "base": None}
NEW_VERSION = {"engine_version": "7.1"}


def test_versions_of_the_schemas() -> None:
    """A state carries them; an upgrade of the provider that changes one rewrites the state."""
    versions = {
        major: {name: known.facts.version for name, known in schema.resource_types.items() if known.facts.version}
        for major in (5, 6)
        for schema in (provider_schema(major),)
    }
    assert versions[5] == {
        "aws_cloudwatch_metric_alarm": 1,
        "aws_ecs_service": 1,
        "aws_ecs_task_definition": 1,
        "aws_elasticache_replication_group": 2,
        "aws_security_group": 1,
        "aws_subnet": 1,
        "aws_vpc": 1,
    }
    assert versions[6] == versions[5] | {"aws_elasticache_replication_group": 3}


@both_majors
def test_a_newer_engine_version_is_an_upgrade_in_place(major: int) -> None:
    """The plan leaves the real version as it was, and the apply finds the new one."""
    asked = Asked(major)
    before = asked.applied(GROUP, **REDIS)
    assert before["engine_version_actual"] == "7.0.7"
    planned, replaced = asked.planned(GROUP, before, **REDIS | NEW_VERSION)
    assert (planned["engine_version_actual"], replaced) == ("7.0.7", [])
    after = asked.applied(GROUP, before, **REDIS | NEW_VERSION)
    assert (after["engine_version"], after["engine_version_actual"]) == ("7.1", "7.1.0")
    assert asked.changed(GROUP, asked.read(GROUP, after), **REDIS | NEW_VERSION) == set()


@both_majors
def test_an_engine_version_below_the_real_one_replaces_redis(major: int) -> None:
    """A refresh says the real version: what AWS upgraded by itself makes an old configuration a downgrade."""
    asked = Asked(major)
    before = asked.applied(GROUP, **REDIS)
    asked.provider.change_outside(GROUP, "queue", engine_version_actual="7.1.2")
    found = asked.read(GROUP, before)
    assert found["engine_version"] == "7.1"
    assert asked.planned(GROUP, found, **REDIS)[1] == ["engine_version"]
    assert asked.planned(GROUP, found, **REDIS | NEW_VERSION)[1] == []


@pytest.mark.parametrize(
    ("before", "actual", "after", "replaced"),
    [
        ("6.x", "6.2.6", "7.0", []),
        ("6.x", "6.2.6", "6.0", ["engine_version"]),
        ("6.2", "6.2.6", "6.x", []),
        ("7.0", "7.0.7", "6.x", ["engine_version"]),
        ("7.0", "7.0.7", "5.0.6", ["engine_version"]),
    ],
)
def test_versions_with_an_x(before: str, actual: str, after: str, replaced: list[str]) -> None:
    """`6.x` is the newest 6; after it the real version counts."""
    asked = Asked(5)
    state = asked.applied(GROUP, **REDIS | {"engine_version": before}) | {"engine_version_actual": actual}
    assert asked.planned(GROUP, state, **REDIS | {"engine_version": after})[1] == replaced


@both_majors
@pytest.mark.parametrize(("before", "after", "replaced"), [("redis", "valkey", []), ("valkey", "redis", ["engine"])])
def test_another_engine(major: int, before: str, after: str, replaced: list[str]) -> None:
    """Redis becomes Valkey in place, and there is no way back."""
    asked = Asked(major)
    state = asked.applied(GROUP, **REDIS, engine=before)
    assert asked.planned(GROUP, state, **REDIS, engine=after)[1] == replaced


@both_majors
@pytest.mark.parametrize(("version", "replaced"), [("7.0", []), ("6.2", ["transit_encryption_enabled"])])
def test_encryption_in_transit_of_old_engines_is_for_ever(major: int, version: str, replaced: list[str]) -> None:
    """From 7.0.5 on it can be turned on in place."""
    asked = Asked(major)
    arguments = REDIS | {"engine_version": version}
    state = asked.applied(GROUP, **arguments, transit_encryption_enabled=False)
    assert asked.planned(GROUP, state, **arguments, transit_encryption_enabled=True)[1] == replaced


@both_majors
def test_redis_with_cluster_mode(major: int) -> None:
    """Its members are numbered by node group, and it has one endpoint, for its configuration."""
    asked = Asked(major)
    clustered = {name: value for name, value in REDIS.items() if name != "num_cache_clusters"}
    clustered |= {"num_node_groups": 2, "replicas_per_node_group": 1}
    state = asked.applied(GROUP, **clustered)
    members = ["queue-0001-001", "queue-0001-002", "queue-0002-001", "queue-0002-002"]
    assert (state["member_clusters"], state["num_cache_clusters"]) == (members, 4)
    assert (state["cluster_enabled"], state["cluster_mode"]) == (True, "enabled")
    assert state["configuration_endpoint_address"].startswith("clustercfg.queue.")
    assert not state["primary_endpoint_address"]
    assert not state["reader_endpoint_address"]
    found = asked.read(GROUP, state)
    assert (found["num_node_groups"], found["replicas_per_node_group"]) == (2, 1)
    assert asked.changed(GROUP, found, **clustered) == set()
    grown = asked.applied(GROUP, found, **clustered | {"num_node_groups": 3})
    assert len(grown["member_clusters"]) == asked.read(GROUP, grown)["num_cache_clusters"] == 6


@both_majors
@pytest.mark.parametrize(
    ("arguments", "nodes"),
    [({}, 1), ({"num_node_groups": 1, "replicas_per_node_group": 2}, 3), ({"replicas_per_node_group": 1}, 2)],
)
def test_redis_without_a_number_of_nodes(major: int, arguments: dict[str, int], nodes: int) -> None:
    """AWS has one node then, and the replicas."""
    asked = Asked(major)
    group = {name: value for name, value in REDIS.items() if name != "num_cache_clusters"} | arguments
    state = asked.applied(GROUP, **group)
    assert state["member_clusters"] == [f"queue-{node:03}" for node in range(1, nodes + 1)]
    assert (state["num_cache_clusters"], state["replicas_per_node_group"]) == (nodes, nodes - 1)
    assert state["primary_endpoint_address"].startswith("master.queue.")
    assert asked.changed(GROUP, asked.read(GROUP, state), **group) == set()


@both_majors
def test_the_members_are_unknown_only_while_their_number_changes(major: int) -> None:
    """AWS says which nodes stay, and it need not be the first ones."""
    asked = Asked(major)
    state = asked.applied(GROUP, **REDIS)
    assert state["member_clusters"] == ["queue-001", "queue-002", "queue-003"]
    assert asked.changed(GROUP, state, **REDIS, node_type="cache.r7g.xlarge") == {"node_type"}
    fewer = REDIS | {"num_cache_clusters": 2}
    assert isinstance(asked.planned(GROUP, state, **fewer)[0]["member_clusters"], ExtType)
    state = asked.applied(GROUP, state, **fewer)
    assert state["member_clusters"] == ["queue-001", "queue-003"]
    assert asked.applied(GROUP, state, **REDIS)["member_clusters"] == ["queue-001", "queue-002", "queue-003"]


@both_majors
def test_aws_upgrades_minor_versions_unless_told_otherwise(major: int) -> None:
    """The provider has no default of its own, so that false stays false and nothing becomes true."""
    asked = Asked(major)
    assert asked.applied(GROUP, **REDIS)["auto_minor_version_upgrade"] == "true"
    assert asked.applied(GROUP, **REDIS, auto_minor_version_upgrade="false")["auto_minor_version_upgrade"] == "false"


def test_the_tokens_strategy_has_a_default_in_provider_5_alone() -> None:
    """So a configuration without it resends the token when the provider becomes 6, and one with it does not."""
    before, after = Asked(5), Asked(6)
    token: dict[str, Any] = {"auth_token": "only-an-example-token", "transit_encryption_enabled": True}
    state = before.applied(GROUP, **REDIS, **token)
    assert state["auth_token_update_strategy"] == "ROTATE"
    upgraded = after.read(GROUP, after.upgraded(GROUP, state, version=2))
    assert after.changed(GROUP, upgraded, **REDIS, **token) == {"auth_token_update_strategy"}
    assert after.changed(GROUP, upgraded, **REDIS, **token, auth_token_update_strategy="ROTATE") == set()


def test_a_state_of_an_older_replication_group() -> None:
    """Version 1 had no strategy, which becomes the default; provider 6 drops it where there is no token."""
    state = Asked(5).applied(GROUP, **REDIS) | {"auth_token_update_strategy": None}
    assert Asked(5).upgraded(GROUP, state, version=1)["auth_token_update_strategy"] == "ROTATE"
    assert Asked(6).upgraded(GROUP, state, version=1)["auth_token_update_strategy"] is None
    assert Asked(6).changed(GROUP, Asked(6).read(GROUP, Asked(6).upgraded(GROUP, state, version=1)), **REDIS) == set()


def test_rebalancing_between_zones() -> None:
    """Provider 5 turns it off where nothing is said. In 6 it stays as it is, and AWS turns it on for a new service."""
    before, after = Asked(5), Asked(6)
    off = before.applied(SERVICE, **WORKERS)
    assert off["availability_zone_rebalancing"] == "DISABLED"
    moved = after.read(SERVICE, after.upgraded(SERVICE, off, version=1))
    assert moved["availability_zone_rebalancing"] == "DISABLED"
    assert after.changed(SERVICE, moved, **WORKERS) == set()
    assert after.applied(SERVICE, **WORKERS)["availability_zone_rebalancing"] == "ENABLED"


@pytest.mark.parametrize(
    ("before", "after", "forced", "replaced"),
    [
        ([ON_DEMAND], [SPOT], False, ["capacity_provider_strategy"]),
        ([ON_DEMAND], [SPOT], True, []),
        ([], [SPOT], True, ["capacity_provider_strategy"]),
        ([SPOT], [], True, ["capacity_provider_strategy"]),
    ],
)
def test_another_capacity_provider(before: list[Any], after: list[Any], forced: bool, replaced: list[str]) -> None:
    """Provider 5 replaces the service, but for a forced new deployment from one strategy to another."""
    asked = Asked(5)
    state = asked.applied(SERVICE, **WORKERS, capacity_provider_strategy=before, force_new_deployment=forced)
    arguments = WORKERS | {"capacity_provider_strategy": after, "force_new_deployment": forced}
    assert asked.planned(SERVICE, state, **arguments)[1] == replaced


def test_another_capacity_provider_in_6() -> None:
    """Provider 6 wants a forced new deployment for it, and never replaces."""
    asked = Asked(6)
    state = asked.applied(SERVICE, **WORKERS)
    with pytest.raises(ValueError, match="force_new_deployment should be true when capacity_provider_strategy is"):
        asked.planned(SERVICE, state, **WORKERS, capacity_provider_strategy=[SPOT])
    arguments: dict[str, Any] = {"capacity_provider_strategy": [SPOT], "force_new_deployment": True}
    assert asked.planned(SERVICE, state, **WORKERS, **arguments)[1] == []


@both_majors
def test_a_service_with_a_strategy_has_no_launch_type(major: int) -> None:
    """A new one, and one that gets it in place; to name one again replaces it."""
    asked = Asked(major)
    assert asked.applied(SERVICE, **WORKERS)["launch_type"] == "EC2"
    assert asked.applied(SERVICE, **WORKERS, launch_type="FARGATE")["launch_type"] == "FARGATE"
    arguments: dict[str, Any] = {"capacity_provider_strategy": [SPOT], "force_new_deployment": True}
    new = asked.applied(SERVICE, **WORKERS, **arguments)
    assert new["launch_type"] == ""
    assert "launch_type" in asked.planned(SERVICE, new, **WORKERS, **arguments, launch_type="FARGATE")[1]
    if major == 6:
        moved = asked.applied(SERVICE, asked.applied(SERVICE, **WORKERS, launch_type="FARGATE"), **WORKERS, **arguments)
        assert moved["launch_type"] == ""
        assert asked.changed(SERVICE, asked.read(SERVICE, moved), **WORKERS, **arguments) == set()


@pytest.mark.parametrize(("major", "replaced"), [(5, ["deployment_controller"]), (6, [])])
def test_another_deployment_controller(major: int, replaced: list[str]) -> None:
    """It replaces the service before provider 6; to leave the block out is no change in either."""
    asked = Asked(major)
    state = asked.applied(SERVICE, **WORKERS, deployment_controller=[{"type": "ECS"}])
    other = [{"type": "CODE_DEPLOY"}]
    assert asked.planned(SERVICE, state, **WORKERS, deployment_controller=other)[1] == replaced
    assert asked.changed(SERVICE, state, **WORKERS) == set()


@both_majors
def test_a_circuit_breaker_that_is_left_out_stays(major: int) -> None:
    """To turn it off it has to be said."""
    asked = Asked(major)
    state = asked.applied(SERVICE, **WORKERS, deployment_circuit_breaker=[{"enable": True, "rollback": True}])
    assert asked.changed(SERVICE, state, **WORKERS) == set()
    off = [{"enable": False, "rollback": False}]
    assert asked.changed(SERVICE, state, **WORKERS, deployment_circuit_breaker=off) == {"deployment_circuit_breaker"}


@both_majors
def test_no_propagated_tags_are_none(major: int) -> None:
    """To say so is no change, in either direction; another value is."""
    asked = Asked(major)
    for before, after in (None, "NONE"), ("NONE", None):
        state = asked.applied(SERVICE, **WORKERS, propagate_tags=before)
        assert asked.changed(SERVICE, state, **WORKERS, propagate_tags=after) == set()
    assert asked.changed(SERVICE, state, **WORKERS, propagate_tags="SERVICE") == {"propagate_tags"}


@both_majors
def test_the_same_containers_in_other_words(major: int) -> None:
    """No new revision for another order or for a default that is spelled out."""
    asked = Asked(major)
    worker: dict[str, Any] = {
        "name": "worker",
        "image": "api:1",
        "environment": [{"name": "A", "value": "1"}, {"name": "B"}],
    }
    arguments: dict[str, Any] = {"family": "worker", "network_mode": "awsvpc"}
    state = asked.applied(TASK, **arguments, container_definitions=json.dumps([worker]))
    same = worker | {"environment": worker["environment"][::-1], "essential": True, "mountPoints": []}
    assert asked.changed(TASK, state, **arguments, container_definitions=json.dumps([same])) == set()
    other = json.dumps([worker | {"image": "api:2"}])
    assert asked.planned(TASK, state, **arguments, container_definitions=other)[1] == ["container_definitions"]


@both_majors
@pytest.mark.parametrize(
    ("resource_type", "argument", "others"),
    [
        ("aws_iam_role", "assume_role_policy", {"name": "task"}),
        ("aws_iam_role_policy", "policy", {"name": "s3", "role": "task"}),
        ("aws_secretsmanager_secret", "policy", {"name": "url"}),
        ("aws_sns_topic", "policy", {"name": "alarms"}),
    ],
)
def test_the_same_policy_in_other_words(major: int, resource_type: str, argument: str, others: dict[str, Any]) -> None:
    """No change for a single value in a list."""
    asked = Asked(major)
    one: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
    }
    same = json.dumps(one).replace('"s3:GetObject"', '["s3:GetObject"]')
    state = asked.applied(resource_type, None, **others, **{argument: json.dumps(one)})
    assert asked.changed(resource_type, state, **others, **{argument: same}) == set()
    other = json.dumps(one).replace("s3:GetObject", "s3:PutObject")
    assert asked.changed(resource_type, state, **others, **{argument: other}) == {argument}


@both_majors
def test_the_same_dashboard_in_other_words(major: int) -> None:
    """Its body is JSON, whose spaces do not count."""
    asked = Asked(major)
    state = asked.applied("aws_cloudwatch_dashboard", dashboard_name="jobs", dashboard_body='{"widgets":[]}')
    body = '{ "widgets": [ ] }'
    assert asked.changed("aws_cloudwatch_dashboard", state, dashboard_name="jobs", dashboard_body=body) == set()


def test_a_region_is_known_in_a_plan() -> None:
    """Of provider 6: the `provider` block's, unless the resource names one; ARNs have it."""
    asked = Asked(6, "eu-central-1")
    assert asked.planned(SERVICE, None, **WORKERS)[0]["region"] == "eu-central-1"
    topic = asked.applied("aws_sns_topic", name="alarms", region="us-west-2")
    assert (topic["region"], topic["arn"]) == ("us-west-2", "arn:aws:sns:us-west-2:123456789012:alarms")


def test_another_region_replaces() -> None:
    """That of the resource does; another one of the `provider` block leaves what is there where it is."""
    topic = Asked(6, "eu-central-1").applied("aws_sns_topic", name="alarms")
    moved = Asked(6, "us-west-2")
    assert moved.changed("aws_sns_topic", moved.read("aws_sns_topic", topic), name="alarms") == set()
    assert moved.planned("aws_sns_topic", topic, name="alarms", region="us-west-2")[1] == ["region"]


def test_a_state_of_provider_5_gets_its_region_by_a_refresh() -> None:
    """Without a refresh a plan would fill it in, in place."""
    topic = Asked(5).applied("aws_sns_topic", name="alarms")
    asked = Asked(6)
    state = asked.upgraded("aws_sns_topic", topic, version=0)
    assert state["region"] is None
    assert asked.planned("aws_sns_topic", state, name="alarms")[0]["region"] == "eu-central-1"
    assert asked.planned("aws_sns_topic", state, name="alarms")[1] == []
    found = asked.read("aws_sns_topic", state)
    assert found["region"] == "eu-central-1"
    assert asked.changed("aws_sns_topic", found, name="alarms") == set()


def test_a_refresh_of_provider_6_gives_a_service_its_arn() -> None:
    """The attribute is new there, and the same as the id."""
    asked = Asked(6)
    found = asked.read(SERVICE, asked.upgraded(SERVICE, Asked(5).applied(SERVICE, **WORKERS), version=1))
    assert found["arn"] == found["id"] == "arn:aws:ecs:eu-central-1:123456789012:service/main/workers"


@both_majors
def test_a_rule_of_another_kind_of_source_is_made_anew(major: int) -> None:
    """From one address range to another it changes in place, from a range to a group it cannot."""
    asked = Asked(major)
    rule: dict[str, Any] = {"security_group_id": "sg-1", "ip_protocol": "-1"}
    state = asked.applied(RULE, **rule, cidr_ipv4="10.0.0.0/8")
    assert asked.planned(RULE, state, **rule, cidr_ipv4="10.1.0.0/16")[1] == []
    of_a_group = asked.planned(RULE, state, **rule, referenced_security_group_id="sg-2")[1]
    assert of_a_group == ["cidr_ipv4", "referenced_security_group_id"]


def test_tags_on_a_terraform_that_takes_no_defaults() -> None:
    """Terraform 1.0 makes `{}` of null beside `ignore_changes`, and refuses a plan of anything but that or what was."""
    asked = Asked(5)
    asked.provider.sdk_types = False
    state = asked.applied("aws_cloudwatch_log_group", name="logs", tags={"Team": "one"})
    planned, _ = asked.planned("aws_cloudwatch_log_group", state, name="logs", tags={"Team": "two"}, tags_all={})
    assert (planned["tags"], planned["tags_all"]) == ({"Team": "two"}, {"Team": "one"})
