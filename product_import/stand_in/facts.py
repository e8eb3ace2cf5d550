"""What the bindings cannot say about the provider's types: one table.

Source: the schema of each resource in hashicorp/terraform-provider-aws, internal/service/*/*.go (`ForceNew`, `Default`,
`Sensitive`, `MaxItems`, `SchemaVersion`, and what its create function sets as id), as of provider 5.99. The forms of
ARNs are those of AWS's Service Authorization Reference, the form of endpoints that of ElastiCache's user guide.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Facts:
    replace: frozenset[str] = frozenset()
    """Arguments whose change replaces the resource."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What the provider plans for an argument that is not set; the name of a nested one has dots."""
    made: Mapping[str, str | Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    """Computed values after apply, in this order: a format over the resource's values, or a function of them. Besides
    the values there are `region`, `account`, `unique` (hex digits) and `serial` (a number), new for each resource."""
    renew: Mapping[str, str] = field(default_factory=dict)
    """Computed values that an update makes anew when the named argument changes."""
    sensitive: frozenset[str] = frozenset()
    max_items: Mapping[str, int] = field(default_factory=dict)
    """Limits of blocks other than none and one."""
    version: int = 0
    """The version of the schema, which a state carries."""


def _prefixed_name(resource: Mapping[str, Any]) -> str:
    return f"{resource['name_prefix'] or 'terraform-'}{resource['unique']}"


def _members(group: Mapping[str, Any]) -> list[str]:
    return [f"{group['replication_group_id']}-{node:03}" for node in range(1, (group["num_cache_clusters"] or 1) + 1)]


def _nothing(_: Mapping[str, Any]) -> None:
    """Null after apply, although computed."""


_HERE = "{region}:{account}"
_MANAGED = {"description": "Managed by Terraform"}
_SCALABLE = frozenset({"resource_id", "scalable_dimension", "service_namespace"})

FACTS: Mapping[str, Facts] = {
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
    "aws_appautoscaling_target": Facts(
        replace=_SCALABLE,
        made={
            "arn": f"arn:aws:application-autoscaling:{_HERE}:scalable-target/{{unique}}",
            "id": "{resource_id}",
            "role_arn": "arn:aws:iam::{account}:role/aws-service-role/{service_namespace}/{unique}",
        },
    ),
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
    "aws_cloudwatch_metric_alarm": Facts(
        replace=frozenset({"alarm_name"}),
        defaults={"actions_enabled": True, "treat_missing_data": "missing", "metric_query.return_data": False},
        made={"arn": f"arn:aws:cloudwatch:{_HERE}:alarm:{{alarm_name}}", "id": "{alarm_name}"},
        version=1,
    ),
    "aws_ecs_service": Facts(
        replace=frozenset({"cluster", "iam_role", "launch_type", "name", "scheduling_strategy"}),
        defaults={
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
        },
        max_items={"ordered_placement_strategy": 5, "placement_constraints": 10},
    ),
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
    "aws_elasticache_parameter_group": Facts(
        replace=frozenset({"description", "family", "name"}),
        defaults=_MANAGED,
        made={"arn": f"arn:aws:elasticache:{_HERE}:parametergroup:{{name}}", "id": "{name}"},
    ),
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
            "auto_minor_version_upgrade": "true",
        },
        renew={"member_clusters": "num_cache_clusters", "engine_version_actual": "engine_version"},
        sensitive=frozenset({"auth_token"}),
        max_items={"log_delivery_configuration": 2},
        version=2,
    ),
    "aws_elasticache_subnet_group": Facts(
        replace=frozenset({"name"}),
        defaults=_MANAGED,
        made={"arn": f"arn:aws:elasticache:{_HERE}:subnetgroup:{{name}}", "id": "{name}"},
    ),
    "aws_iam_role": Facts(
        replace=frozenset({"name", "name_prefix", "path"}),
        defaults={"force_detach_policies": False, "max_session_duration": 3600, "path": "/"},
        made={
            "name": _prefixed_name,
            "name_prefix": "",
            "arn": lambda role: "arn:aws:iam::{account}:role{0}{name}".format(role["path"] or "/", **role),
            "id": "{name}",
            "unique_id": "AROA{unique}",
        },
    ),
    "aws_iam_role_policy": Facts(
        replace=frozenset({"name", "name_prefix", "role"}),
        made={"name": _prefixed_name, "name_prefix": "", "id": "{role}:{name}"},
    ),
    "aws_iam_role_policy_attachment": Facts(
        replace=frozenset({"policy_arn", "role"}),
        made={"id": "{role}-{unique}"},
    ),
    "aws_secretsmanager_secret": Facts(
        replace=frozenset({"name", "name_prefix"}),
        defaults={"force_overwrite_replica_secret": False, "recovery_window_in_days": 30},
        made={
            "name": _prefixed_name,
            "name_prefix": "",
            "arn": f"arn:aws:secretsmanager:{_HERE}:secret:{{name}}-{{unique:.6}}",
            "id": "{arn}",
            "policy": "",
        },
    ),
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
}

NOTHING = Facts()
