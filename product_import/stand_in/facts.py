"""What a schema does not say about the provider's types: one table, and what provider 6 changes in it.

Each type names the file of hashicorp/terraform-provider-aws, below internal/service/, that its facts come from. They
were read as of provider 5.99 and, where 6 differs, of 6.2x (README.md says what could not be read). The forms of ARNs
are those of AWS's Service Authorization Reference, the form of endpoints that of ElastiCache's user guide.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from product_import.equivalence import same_containers, same_json, same_policies

Resource = Mapping[str, Any]
"""A resource's values."""


@dataclass(frozen=True)
class Facts:
    replace: frozenset[str] = frozenset()
    """Arguments whose change replaces the resource."""
    replace_if: Mapping[str, Callable[[Resource, Resource], bool]] = field(default_factory=dict)
    """Arguments whose change replaces the resource on a condition over what it was and what is planned."""
    refuse_if: Mapping[str, tuple[Callable[[Resource, Resource], bool], str]] = field(default_factory=dict)
    """Arguments whose change is an error of the plan, on such a condition; with the provider's text."""
    same: Mapping[str, Callable[[Any, Any, Resource], bool]] = field(default_factory=dict)
    """When a value is no change of another one, besides null and empty: of what it was, what is planned, and the
    resource as it is planned."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What the provider plans for an argument that is not set; the name of a nested one has dots."""
    made: Mapping[str, str | Callable[[Resource], Any]] = field(default_factory=dict)
    """Computed values after apply, in this order: a format over the resource's values, or a function of them. Besides
    the values there are `region`, `account`, `unique` (hex digits) and `serial` (a number), new for each resource, and
    `prior` (what it was, empty for a new one)."""
    renew: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Computed values that become unknown in a plan when one of the named arguments changes."""
    follow: Mapping[str, str] = field(default_factory=dict)
    """Computed values that an update makes anew when the named argument changes, although the plan does not say so."""
    read: Mapping[str, Callable[[Resource], Any]] = field(default_factory=dict)
    """What each refresh sets, made of what else it found."""
    upgrade: Mapping[int, Callable[[Resource], Resource]] = field(default_factory=dict)
    """What becomes of a state of an earlier version of the schema, by that version: each on top of the one before."""
    sensitive: frozenset[str] = frozenset()
    max_items: Mapping[str, int] = field(default_factory=dict)
    """Limits of blocks other than none and one."""
    version: int = 0
    """The version of the schema, which a state carries."""


NOTHING = Facts()


def _prefixed_name(resource: Resource) -> str:
    return f"{resource['name_prefix'] or 'terraform-'}{resource['unique']}"


def _nothing(_: Resource) -> None:
    """Null after apply, although computed."""


def _same_policies(before: Any, after: Any, _: Resource) -> bool:
    return same_policies(before or "", after or "")


def _same_json(before: Any, after: Any, _: Resource) -> bool:
    return same_json(before or "", after or "")


def _same_containers(before: Any, after: Any, task: Resource) -> bool:
    return same_containers(before, after, awsvpc=task["network_mode"] == "awsvpc")


def _left_out(before: Any, after: Any, _: Resource) -> bool:
    """As `SuppressMissingOptionalConfigurationBlock` of verify/diff.go: to leave a block out is no change."""
    return bool(before) and after == []


_VERSION = re.compile(r"\d+(\.\d+)*")


def _version(text: str) -> tuple[float, ...]:
    """`6.x` comes after each 6; `7.1` is `7.1.0`."""
    parts = [float("inf") if part == "x" else int(part) for part in text.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def _is_downgrade(before: Resource, after: Resource) -> bool:
    """As `engineVersionIsDowngrade` of elasticache/engine_version.go; after `7.x` the real version's minor counts."""
    old, new = before["engine_version"], after["engine_version"]
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    if old.endswith(".x"):
        return _version(new)[:2] < _version(before["engine_version_actual"])[:2]
    return _version(new) < _version(old)


def _actual_version(group: Resource) -> str:
    """The patch level that AWS runs: ElastiCache's user guide, "Supported engine versions"."""
    newest = {"5.0.6": "5.0.6", "6.x": "6.2.6", "7.0": "7.0.7"}
    return newest.get(group["engine_version"], f"{group['engine_version']}.0")


def _engine_version(group: Resource) -> Any:
    """As `setEngineVersionRedis` of elasticache/engine_version.go: the real version without its patch level."""
    actual, configured = group["engine_version_actual"], group["engine_version"]
    if not isinstance(actual, str) or not _VERSION.fullmatch(actual):
        return configured
    major, minor, *_ = actual.split(".")
    if int(major) < 6:
        return actual
    return f"{major}.x" if isinstance(configured, str) and configured.endswith(".x") else f"{major}.{minor}"


def _is_no_upgrade_to_valkey(before: Resource, after: Resource) -> bool:
    """As `customizeDiffEngineForceNewOnDowngrade` of elasticache/engine_version.go."""
    return (before["engine"], after["engine"]) != ("redis", "valkey")


def _is_older_than_7_0_5(before: Resource, _: Resource) -> bool:
    """Before 7.0.5 encryption in transit can only be chosen at creation (elasticache/replication_group.go)."""
    return not isinstance(before["engine_version_actual"], str) or _version(before["engine_version_actual"]) < (7, 0, 5)


def _members(group: Resource) -> list[str]:
    """The provider sends a number of nodes. Which ones go is AWS's choice; here it is not the highest numbers."""
    number, before = group["num_cache_clusters"] or 1, sorted(group["prior"].get("member_clusters") or [])
    if number <= len(before):
        return [*before[:1], *before[len(before) - number + 1 :]]
    names = (f"{group['replication_group_id']}-{node:03}" for node in range(1, number + 1 + len(before)))
    return sorted([*before, *[name for name in names if name not in before][: number - len(before)]])


def _with_rotation(state: Resource) -> Resource:
    """As `replicationGroupStateUpgradeFromV1` of elasticache/replication_group_migrate.go."""
    return {**state, "auth_token_update_strategy": "ROTATE", "cluster_mode": None}


def _without_idle_rotation(state: Resource) -> Resource:
    """As `replicationGroupStateUpgradeFromV2` of elasticache/replication_group_migrate.go."""
    return state if state.get("auth_token") else {**state, "auth_token_update_strategy": None}


def _same_or_none(before: Any, after: Any, _: Resource) -> bool:
    """AWS reports NONE where nothing was set; a state of here has null then.

    The provider itself leaves alone what goes from NONE to nothing (`DiffSuppressFunc` of propagate_tags,
    ecs/service.go).
    """
    return (before or "NONE") == (after or "NONE")


def _is_not_forced_or_empties(before: Resource, after: Resource) -> bool:
    """As `capacityProviderStrategyCustomizeDiff` of ecs/service.go, provider 5."""
    before_or_after_empty = not before["capacity_provider_strategy"] or not after["capacity_provider_strategy"]
    return not after["force_new_deployment"] or before_or_after_empty


def _is_not_forced(_: Resource, after: Resource) -> bool:
    return not after["force_new_deployment"]


def _launch_type(service: Resource) -> str:
    """AWS reports none for a service with a strategy, and the provider keeps what it reports."""
    return "" if service["capacity_provider_strategy"] else service["prior"].get("launch_type") or "EC2"


def _source_kind(rule: Resource) -> list[str]:
    kinds = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
    return [kind for kind in kinds if rule[kind] is not None]


def _has_another_kind_of_source(before: Resource, after: Resource) -> bool:
    """As `ModifyPlan` of ec2/vpc_security_group_ingress_rule.go."""
    return _source_kind(before) != _source_kind(after)


_HERE = "{region}:{account}"
_MANAGED = {"description": "Managed by Terraform"}
_SCALABLE = frozenset({"resource_id", "scalable_dimension", "service_namespace"})
# SNS API Reference, SetTopicAttributes: the policy of a topic that has been given none; its actions are left out.
_TOPIC_POLICY = {
    "Version": "2008-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Resource": "ARN"}],
}
_RULE = Facts(
    replace=frozenset({"security_group_id"}),
    replace_if=dict.fromkeys(
        ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"), _has_another_kind_of_source
    ),
    made={
        "id": "sgr-{unique}",
        "security_group_rule_id": "{id}",
        "arn": f"arn:aws:ec2:{_HERE}:security-group-rule/{{id}}",
    },
)

_FACTS: Mapping[str, Facts] = {
    # appautoscaling/policy.go
    "aws_appautoscaling_policy": Facts(
        replace=_SCALABLE | {"name"},
        defaults={
            "policy_type": "StepScaling",
            "target_tracking_scaling_policy_configuration.disable_scale_in": False,
            "target_tracking_scaling_policy_configuration.customized_metric_specification.metrics.return_data": True,
        },
        made={
            "arn": f"arn:aws:autoscaling:{_HERE}:scalingPolicy:{{unique}}"
            ":resource/{service_namespace}/{resource_id}:policyName/{name}",
            "id": "{name}",
        },
    ),
    # appautoscaling/scheduled_action.go
    "aws_appautoscaling_scheduled_action": Facts(
        replace=_SCALABLE | {"name"},
        defaults={"timezone": "UTC"},
        made={
            "arn": f"arn:aws:autoscaling:{_HERE}:scheduledAction:{{unique}}"
            ":resource/{service_namespace}/{resource_id}:scheduledActionName/{name}",
            "id": "{name}-{service_namespace}-{resource_id}",
        },
    ),
    # appautoscaling/target.go
    "aws_appautoscaling_target": Facts(
        replace=_SCALABLE,
        # Computed, for people who suspend scaling past Terraform: pull request 38942.
        same={"suspended_state": _left_out},
        made={
            "arn": f"arn:aws:application-autoscaling:{_HERE}:scalable-target/{{unique}}",
            "id": "{resource_id}",
            "role_arn": "arn:aws:iam::{account}:role/aws-service-role/{service_namespace}/{unique}",
        },
    ),
    # cloudwatch/dashboard.go
    "aws_cloudwatch_dashboard": Facts(
        replace=frozenset({"dashboard_name"}),
        same={"dashboard_body": _same_json},
        made={"dashboard_arn": "arn:aws:cloudwatch::{account}:dashboard/{dashboard_name}", "id": "{dashboard_name}"},
    ),
    # logs/group.go
    "aws_cloudwatch_log_group": Facts(
        replace=frozenset({"log_group_class", "name", "name_prefix"}),
        defaults={"retention_in_days": 0, "skip_destroy": False},
        made={
            "name": _prefixed_name,
            "name_prefix": "",
            "arn": f"arn:aws:logs:{_HERE}:log-group:{{name}}",
            "id": "{name}",
            "log_group_class": "STANDARD",
        },
    ),
    # cloudwatch/metric_alarm.go
    "aws_cloudwatch_metric_alarm": Facts(
        replace=frozenset({"alarm_name"}),
        defaults={"actions_enabled": True, "treat_missing_data": "missing", "metric_query.return_data": False},
        made={"arn": f"arn:aws:cloudwatch:{_HERE}:alarm:{{alarm_name}}", "id": "{alarm_name}"},
        version=1,
    ),
    # ecs/cluster.go
    "aws_ecs_cluster": Facts(
        replace=frozenset({"name"}),
        defaults={"configuration.execute_command_configuration.logging": "DEFAULT"},
        made={"arn": f"arn:aws:ecs:{_HERE}:cluster/{{name}}", "id": "{arn}"},
    ),
    # ecs/service.go
    "aws_ecs_service": Facts(
        replace=frozenset(
            {"cluster", "deployment_controller", "iam_role", "launch_type", "name", "scheduling_strategy"}
        ),
        replace_if={"capacity_provider_strategy": _is_not_forced_or_empties},
        same={
            **dict.fromkeys(("alarms", "deployment_circuit_breaker", "deployment_controller"), _left_out),
            "propagate_tags": _same_or_none,
        },
        defaults={
            "availability_zone_rebalancing": "DISABLED",  # from 5.77 on
            "deployment_controller.type": "ECS",
            "deployment_maximum_percent": 200,
            "deployment_minimum_healthy_percent": 100,
            "enable_ecs_managed_tags": False,
            "enable_execute_command": False,
            "network_configuration.assign_public_ip": False,
            "scheduling_strategy": "REPLICA",
            "wait_for_steady_state": False,
        },
        made={
            "id": lambda service: "arn:aws:ecs:{region}:{account}:service/{cluster_name}/{name}".format(
                cluster_name=service["cluster"].rpartition("/")[2], **service
            ),
            "platform_version": "LATEST",
            "launch_type": _launch_type,
        },
        follow={"launch_type": "capacity_provider_strategy"},
        max_items={"ordered_placement_strategy": 5, "placement_constraints": 10},
        version=1,
    ),
    # ecs/task_definition.go
    "aws_ecs_task_definition": Facts(
        replace=frozenset(
            {
                "container_definitions",
                "cpu",
                "enable_fault_injection",
                "ephemeral_storage",
                "execution_role_arn",
                "family",
                "inference_accelerator",
                "ipc_mode",
                "memory",
                "network_mode",
                "pid_mode",
                "placement_constraints",
                "proxy_configuration",
                "requires_compatibilities",
                "runtime_platform",
                "task_role_arn",
                "volume",
            }
        ),
        same={"container_definitions": _same_containers},
        defaults={"skip_destroy": False, "track_latest": False},
        made={
            "revision": lambda definition: definition["serial"],
            "arn": f"arn:aws:ecs:{_HERE}:task-definition/{{family}}:{{revision}}",
            "arn_without_revision": f"arn:aws:ecs:{_HERE}:task-definition/{{family}}",
            "id": "{family}",
        },
        max_items={"placement_constraints": 10},
        version=1,
    ),
    # elasticache/parameter_group.go
    "aws_elasticache_parameter_group": Facts(
        replace=frozenset({"description", "family", "name"}),
        defaults=_MANAGED,
        made={"arn": f"arn:aws:elasticache:{_HERE}:parametergroup:{{name}}", "id": "{name}"},
    ),
    # elasticache/replication_group.go
    "aws_elasticache_replication_group": Facts(
        replace=frozenset(
            {
                "at_rest_encryption_enabled",
                "data_tiering_enabled",
                "global_replication_group_id",
                "kms_key_id",
                "network_type",
                "port",
                "replication_group_id",
                "security_group_names",
                "snapshot_arns",
                "snapshot_name",
                "subnet_group_name",
            }
        ),
        replace_if={
            "engine": _is_no_upgrade_to_valkey,
            "engine_version": _is_downgrade,
            "transit_encryption_enabled": _is_older_than_7_0_5,
        },
        defaults={
            "auth_token_update_strategy": "ROTATE",
            "automatic_failover_enabled": False,
            "engine": "redis",
            "multi_az_enabled": False,
        },
        made={
            "arn": f"arn:aws:elasticache:{_HERE}:replicationgroup:{{replication_group_id}}",
            "id": "{replication_group_id}",
            "cluster_mode": "disabled",
            # Only a group with cluster mode has one.
            "configuration_endpoint_address": _nothing,
            "global_replication_group_id": _nothing,
            "primary_endpoint_address": "master.{replication_group_id}.{unique}.{region}.cache.amazonaws.com",
            "reader_endpoint_address": "replica.{replication_group_id}.{unique}.{region}.cache.amazonaws.com",
            "member_clusters": _members,
            # The provider has no default for it, AWS has (ElastiCache API Reference, CreateReplicationGroup).
            "auto_minor_version_upgrade": "true",
            "engine_version": "7.1",
            "engine_version_actual": _actual_version,
        },
        renew={"member_clusters": frozenset({"num_cache_clusters", "num_node_groups", "replicas_per_node_group"})},
        follow={"engine_version_actual": "engine_version"},
        read={"engine_version": _engine_version},
        upgrade={1: _with_rotation},
        sensitive=frozenset({"auth_token"}),
        max_items={"log_delivery_configuration": 2},
        version=2,
    ),
    # elasticache/subnet_group.go
    "aws_elasticache_subnet_group": Facts(
        replace=frozenset({"name"}),
        defaults=_MANAGED,
        made={"arn": f"arn:aws:elasticache:{_HERE}:subnetgroup:{{name}}", "id": "{name}"},
    ),
    # iam/role.go
    "aws_iam_role": Facts(
        replace=frozenset({"name", "name_prefix", "path"}),
        same={"assume_role_policy": _same_policies},
        defaults={"force_detach_policies": False, "max_session_duration": 3600, "path": "/"},
        made={
            "name": _prefixed_name,
            "name_prefix": "",
            "arn": lambda role: "arn:aws:iam::{account}:role{0}{name}".format(role["path"] or "/", **role),
            "id": "{name}",
            "unique_id": "AROA{unique}",
        },
    ),
    # iam/role_policy.go
    "aws_iam_role_policy": Facts(
        replace=frozenset({"name", "name_prefix", "role"}),
        same={"policy": _same_policies},
        made={"name": _prefixed_name, "name_prefix": "", "id": "{role}:{name}"},
    ),
    # iam/role_policy_attachment.go
    "aws_iam_role_policy_attachment": Facts(
        replace=frozenset({"policy_arn", "role"}),
        made={"id": "{role}-{unique}"},
    ),
    # secretsmanager/secret.go
    "aws_secretsmanager_secret": Facts(
        replace=frozenset({"name", "name_prefix"}),
        same={"policy": _same_policies},
        defaults={"force_overwrite_replica_secret": False, "recovery_window_in_days": 30},
        made={
            "name": _prefixed_name,
            "name_prefix": "",
            "arn": f"arn:aws:secretsmanager:{_HERE}:secret:{{name}}-{{unique:.6}}",
            "id": "{arn}",
            "policy": "",
        },
    ),
    # secretsmanager/secret_version.go
    "aws_secretsmanager_secret_version": Facts(
        replace=frozenset({"secret_binary", "secret_id", "secret_string", "secret_string_wo_version"}),
        made={
            "arn": "{secret_id}",
            "version_id": "terraform-{unique}",
            "id": "{secret_id}|{version_id}",
            "version_stages": lambda _: ["AWSCURRENT"],
        },
        sensitive=frozenset({"secret_binary", "secret_string", "secret_string_wo"}),
    ),
    # ec2/vpc_security_group.go
    "aws_security_group": Facts(
        replace=frozenset({"description", "name", "name_prefix", "vpc_id"}),
        defaults=_MANAGED | {"revoke_rules_on_delete": False},
        made={
            "name": _prefixed_name,
            "name_prefix": "",
            "id": "sg-{unique}",
            "arn": f"arn:aws:ec2:{_HERE}:security-group/{{id}}",
            "owner_id": "{account}",
            "vpc_id": "vpc-{unique}",
        },
        version=1,
    ),
    # sns/topic.go
    "aws_sns_topic": Facts(
        replace=frozenset({"fifo_topic", "name", "name_prefix"}),
        same={"delivery_policy": _same_json, "policy": _same_policies},
        defaults={"content_based_deduplication": False, "fifo_topic": False},
        made={
            "name": _prefixed_name,
            "name_prefix": "",
            "arn": f"arn:aws:sns:{_HERE}:{{name}}",
            "id": "{arn}",
            "owner": "{account}",
            "policy": lambda topic: json.dumps(_TOPIC_POLICY).replace("ARN", topic["arn"]),
            "signature_version": _nothing,
            "beginning_archive_time": "",
            "fifo_throughput_scope": "",
            "tracing_config": "",
        },
    ),
    # ec2/vpc_security_group_egress_rule.go and vpc_security_group_ingress_rule.go
    "aws_vpc_security_group_egress_rule": _RULE,
    "aws_vpc_security_group_ingress_rule": _RULE,
}


def _in_6(resource_type: str, facts: Facts) -> Facts:
    """What provider 6 changed: its upgrade guide, and the files named above as of 6.2x."""
    if resource_type == "aws_ecs_service":
        return replace(
            facts,
            replace=facts.replace - {"deployment_controller"},
            replace_if={},
            refuse_if={
                "capacity_provider_strategy": (
                    _is_not_forced,
                    "force_new_deployment should be true when capacity_provider_strategy is being updated",
                )
            },
            defaults=_without(facts.defaults, "availability_zone_rebalancing"),
            # ECS API Reference, CreateService: the default since 2025-09.
            made={**facts.made, "arn": "{id}", "availability_zone_rebalancing": "ENABLED"},
            read={"arn": lambda service: service["id"]},
        )
    if resource_type == "aws_ecs_task_definition":
        return replace(facts, replace=facts.replace - {"inference_accelerator"})
    if resource_type == "aws_elasticache_replication_group":
        return replace(
            facts,
            defaults=_without(facts.defaults, "auth_token_update_strategy", "engine"),
            made={**facts.made, "engine": "redis"},
            upgrade={**facts.upgrade, 2: _without_idle_rotation},
            version=3,
        )
    return facts


def _without(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name not in names}


def facts_of(major: int) -> Mapping[str, Facts]:
    """The facts of each type, by its full name, in a major version of the provider."""
    return _FACTS if major < 6 else {name: _in_6(name, facts) for name, facts in _FACTS.items()}
