"""Where AWS's answers have the arguments of the module's resources: the table that the comparison works through.

A test holds it against the synthesized module, and the doctor's page against it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from product_import.configuration import Resource
from product_import.doctor.comparison import readings
from product_import.doctor.deployment import Answer, Deployment
from product_import.doctor.faults import (
    ALARM_MISSING,
    ALARM_MUTED,
    DIFFERS,
    LOG_MISSING,
    NODES_DIFFER,
    PARAMETERS_DIFFER,
    RESOURCE_MISSING,
    ROLE_MISSING,
    SCALING_MISSING,
    Fault,
)
from product_import.equivalence import same_json, same_policies


@dataclass(frozen=True)
class Place:
    """Where an answer has an argument.

    A structure names its members: what AWS adds to it later is not compared, and no false alarm.

    Attributes:
        path: of the answer's members, in JMESPath.
        fault: of a difference.
        default: what the argument means where it is null or the module leaves it out.
        of_nodes: the path is of each node of Redis.
        live: makes the argument's form of what the answer has; it gets the answer besides.
        configured: makes the same form of what is configured.
        same: decides in place of an equal form.
        shown: whether the values are short enough to be shown.
        blocks: the module has blocks of it, some of them dynamic.
    """

    path: str
    fault: Fault = DIFFERS
    default: Any = None
    of_nodes: bool = False
    live: Callable[[Any, Answer], Any] = lambda value, _: value
    configured: Callable[[Any], Any] = lambda value: value
    same: Callable[[Any, Any], bool] | None = None
    shown: bool = True
    blocks: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """An argument that a check of its own compares, by the check's name."""

    check: str


@dataclass(frozen=True)
class NotCompared:
    """An argument that is not compared; the reason ends a sentence that begins with the argument."""

    reason: str


Argument = Place | Elsewhere | NotCompared


@dataclass(frozen=True)
class Reading:
    """How a type of resource is read and compared.

    Attributes:
        calls: that the reading makes, as IAM names them.
        missing: the fault where there is no such resource; None: a check of its own says why.
        arguments: every argument of the module's resources of the type, and further ones whose default matters.
        made: what AWS makes and other resources refer to, by its path.
    """

    calls: tuple[str, ...]
    read: Callable[[Deployment, Resource], Answer | None]
    missing: Fault | None
    arguments: Mapping[str, Argument]
    made: Mapping[str, str] = field(default_factory=dict)


class Exact(str):
    """A text that is compared as it is: "5" is not 5, and "false" not nothing."""

    __slots__ = ()


def _document(value: Any) -> str:
    """A policy as text: botocore decodes those of IAM."""
    return value if isinstance(value, str) else json.dumps(value)


def _statements(document: Any) -> list[str]:
    """The statements of a policy, each in one line."""
    found = (json.loads(_document(document)) or {}).get("Statement", [])
    return [json.dumps(each, sort_keys=True) for each in (found if isinstance(found, list) else [found])]


def _policy(path: str) -> Place:
    return Place(
        path,
        live=lambda value, _: _statements(value),
        configured=_statements,
        same=lambda live, configured: same_policies(
            *(json.dumps({"Statement": [json.loads(each) for each in statements]}) for statements in (live, configured))
        ),
    )


def _containers(value: Any) -> dict[str, Any]:
    """Containers by their names, in the form of containers that ECS answers."""
    containers = json.loads(value) if isinstance(value, str) else value
    return {each.get("name", "?"): _container(each) for each in containers or []}


def _container(container: Mapping[str, Any]) -> dict[str, Any]:
    """A container whose environment is by name, and compared to the letter."""
    environment = {each.get("name", "?"): Exact(each.get("value", "")) for each in container.get("environment", [])}
    essential = {"essential": container.get("essential", True)}
    # ECS may answer with the one default that it has for a port's protocol (internal/service/ecs/
    # task_definition_equivalency.go of the provider); the module maps no ports.
    return {**container, **essential, "environment": environment, "command": _in_order(container.get("command"))}


def _in_order(words: Any) -> Any:
    """A command, whose words have an order."""
    return json.dumps(words) if words else None


def _rules(path: str) -> Place:
    return Place(
        path,
        live=lambda permissions, answer: readings.rules(permissions or [], answer["GroupId"]),
        configured=readings.configured_rules,
    )


def _last_part(arn: str | None) -> str | None:
    return arn.rpartition("/")[2] if arn else arn


def _switch(value: Any, _: Answer) -> bool:
    return value in ("enabled", "enabling")


_TAGS = NotCompared("changes nothing that runs, and AWS tells it in a further call for each resource")
_TERRAFORM = NotCompared("only tells Terraform how to proceed")
_IN_NAME = {
    "resource_id": Place("ResourceId"),
    "scalable_dimension": Place("ScalableDimension"),
    "service_namespace": Place("ServiceNamespace"),
}
_METRIC_QUERY = """Metrics[].{
  id: Id, expression: Expression, label: Label, return_data: ReturnData, period: Period, metric: {
    dimensions: MetricStat.Metric.Dimensions, metric_name: MetricStat.Metric.MetricName,
    namespace: MetricStat.Metric.Namespace, period: MetricStat.Period, stat: MetricStat.Stat, unit: MetricStat.Unit
  }
}"""
_TARGET_TRACKING = """TargetTrackingScalingPolicyConfiguration.{
  target_value: TargetValue, disable_scale_in: DisableScaleIn, scale_in_cooldown: ScaleInCooldown,
  scale_out_cooldown: ScaleOutCooldown,
  predefined_metric_specification: PredefinedMetricSpecification.{
    predefined_metric_type: PredefinedMetricType, resource_label: ResourceLabel
  },
  customized_metric_specification: CustomizedMetricSpecification.{
    dimensions: Dimensions, metric_name: MetricName, namespace: Namespace, statistic: Statistic, unit: Unit,
    metrics: Metrics[].{
      id: Id, expression: Expression, label: Label, return_data: ReturnData, metric_stat: MetricStat.{
        stat: Stat, unit: Unit,
        metric: Metric.{dimensions: Dimensions, metric_name: MetricName, namespace: Namespace}
      }
    }
  }
}"""
_STEPS = """StepScalingPolicyConfiguration.{
  adjustment_type: AdjustmentType, cooldown: Cooldown, metric_aggregation_type: MetricAggregationType,
  min_adjustment_magnitude: MinAdjustmentMagnitude, step_adjustment: StepAdjustments[].{
    metric_interval_lower_bound: MetricIntervalLowerBound, metric_interval_upper_bound: MetricIntervalUpperBound,
    scaling_adjustment: ScalingAdjustment
  }
}"""
_CIRCUIT_BREAKER = "deploymentConfiguration.deploymentCircuitBreaker.{enable: enable, rollback: rollback}"
_STRATEGY = "capacityProviderStrategy[].{base: base, capacity_provider: capacityProvider, weight: weight}"
_NETWORK = """networkConfiguration.awsvpcConfiguration.{
  assign_public_ip: assignPublicIp, security_groups: securityGroups, subnets: subnets
}"""
_LOG_DELIVERY = """LogDeliveryConfigurations[].{
  log_type: LogType, log_format: LogFormat, destination_type: DestinationType,
  destination: DestinationDetails.CloudWatchLogsDetails.LogGroup
    || DestinationDetails.KinesisFirehoseDetails.DeliveryStream
}"""

READINGS: Mapping[str, Reading] = {
    "aws_appautoscaling_policy": Reading(
        ("application-autoscaling:DescribeScalingPolicies",),
        readings.scaling_policy,
        SCALING_MISSING,
        {
            **_IN_NAME,
            "name": Place("PolicyName"),
            "policy_type": Place("PolicyType"),
            "step_scaling_policy_configuration": Place(_STEPS),
            "target_tracking_scaling_policy_configuration": Place(_TARGET_TRACKING),
        },
        made={"arn": "PolicyARN"},
    ),
    "aws_appautoscaling_target": Reading(
        ("application-autoscaling:DescribeScalableTargets",),
        readings.scaling_target,
        SCALING_MISSING,
        {**_IN_NAME, "max_capacity": Elsewhere("scaling"), "min_capacity": Elsewhere("scaling")},
    ),
    "aws_cloudwatch_dashboard": Reading(
        ("cloudwatch:GetDashboard",),
        readings.dashboard,
        RESOURCE_MISSING,
        {
            "dashboard_body": Place("DashboardBody", same=same_json, shown=False),
            "dashboard_name": Place("DashboardName"),
        },
    ),
    "aws_cloudwatch_log_group": Reading(
        ("logs:DescribeLogGroups",),
        readings.log_group,
        LOG_MISSING,
        {
            "kms_key_id": Place("kmsKeyId"),
            "log_group_class": Place("logGroupClass", default="STANDARD"),
            "name": Place("logGroupName"),
            "retention_in_days": Place("retentionInDays"),
            "tags": _TAGS,
        },
    ),
    "aws_cloudwatch_metric_alarm": Reading(
        ("cloudwatch:DescribeAlarms",),
        readings.alarm,
        ALARM_MISSING,
        {
            "actions_enabled": Place("ActionsEnabled", ALARM_MUTED, default=True),
            "alarm_actions": Place("AlarmActions", ALARM_MUTED),
            "alarm_description": Place("AlarmDescription"),
            "alarm_name": Place("AlarmName"),
            "comparison_operator": Place("ComparisonOperator"),
            "datapoints_to_alarm": Place("DatapointsToAlarm"),
            "dimensions": Place("Dimensions"),
            "evaluation_periods": Place("EvaluationPeriods"),
            "extended_statistic": Place("ExtendedStatistic"),
            "insufficient_data_actions": Place("InsufficientDataActions"),
            "metric_name": Place("MetricName"),
            "metric_query": Place(_METRIC_QUERY, blocks=True),
            "namespace": Place("Namespace"),
            "ok_actions": Place("OKActions"),
            "period": Place("Period"),
            "statistic": Place("Statistic"),
            "tags": _TAGS,
            "threshold": Place("Threshold"),
            "threshold_metric_id": Place("ThresholdMetricId"),
            "treat_missing_data": Place("TreatMissingData", default="missing"),
            "unit": Place("Unit"),
        },
        made={"arn": "AlarmArn"},
    ),
    "aws_ecs_service": Reading(
        ("ecs:DescribeServices",),
        readings.service,
        None,
        {
            "capacity_provider_strategy": Place(_STRATEGY, blocks=True),
            "cluster": Place("clusterArn", live=lambda arn, _: _last_part(arn), configured=_last_part),
            "deployment_circuit_breaker": Place(_CIRCUIT_BREAKER),
            "deployment_controller": Place("deploymentController.type", default="ECS"),
            "deployment_maximum_percent": Place("deploymentConfiguration.maximumPercent"),
            "deployment_minimum_healthy_percent": Place("deploymentConfiguration.minimumHealthyPercent"),
            "desired_count": NotCompared("changes with scaling; Terraform ignores it too"),
            "enable_ecs_managed_tags": Place("enableECSManagedTags"),
            "enable_execute_command": Place("enableExecuteCommand"),
            "force_new_deployment": _TERRAFORM,
            "launch_type": Place("launchType"),
            "load_balancer": Place("loadBalancers"),
            "name": Place("serviceName"),
            "network_configuration": Place(_NETWORK),
            "propagate_tags": Place("propagateTags", default="NONE"),
            "scheduling_strategy": Place("schedulingStrategy", default="REPLICA"),
            "tags": _TAGS,
            # The revision that the state names is not known here: the contents of the one that runs are compared.
            "task_definition": Place("taskDefinition", live=lambda arn, _: re.sub(r"^.*/|:[0-9]+$", "", arn or "")),
            "wait_for_steady_state": _TERRAFORM,
        },
    ),
    "aws_ecs_task_definition": Reading(
        ("ecs:DescribeTaskDefinition",),
        readings.task_definition,
        None,
        {
            "container_definitions": Place(
                "containerDefinitions", live=lambda containers, _: _containers(containers), configured=_containers
            ),
            "cpu": Place("cpu"),
            "ephemeral_storage": Place("ephemeralStorage"),
            "execution_role_arn": Place("executionRoleArn"),
            "family": Place("family"),
            "memory": Place("memory"),
            "network_mode": Place("networkMode"),
            "requires_compatibilities": Place("requiresCompatibilities"),
            "runtime_platform": Place(
                "runtimePlatform.{cpu_architecture: cpuArchitecture, operating_system_family: operatingSystemFamily}",
                default={"cpu_architecture": "X86_64", "operating_system_family": "LINUX"},
                blocks=True,
            ),
            "skip_destroy": _TERRAFORM,
            "tags": _TAGS,
            "task_role_arn": Place("taskRoleArn"),
            "volume": Place("volumes"),
        },
        made={"arn": "family"},
    ),
    "aws_elasticache_parameter_group": Reading(
        ("elasticache:DescribeCacheParameterGroups", "elasticache:DescribeCacheParameters"),
        readings.parameter_group,
        PARAMETERS_DIFFER,
        {
            "family": Place("CacheParameterGroupFamily"),
            "name": Place("CacheParameterGroupName"),
            "parameter": Place("Parameters[].{name: ParameterName, value: ParameterValue}", PARAMETERS_DIFFER),
            "tags": _TAGS,
        },
    ),
    "aws_elasticache_replication_group": Reading(
        ("elasticache:DescribeReplicationGroups", "elasticache:DescribeCacheClusters"),
        readings.replication_group,
        None,
        {
            "apply_immediately": _TERRAFORM,
            "at_rest_encryption_enabled": Place("AtRestEncryptionEnabled"),
            # Whether there is one: that it is the one of the inputs shows where workers connect with it.
            "auth_token": Place("AuthTokenEnabled", configured=bool),
            "auth_token_update_strategy": _TERRAFORM,
            "auto_minor_version_upgrade": Place("AutoMinorVersionUpgrade", of_nodes=True),
            "automatic_failover_enabled": Place("AutomaticFailover", live=_switch),
            "cluster_mode": Place("ClusterMode", default="disabled"),
            "data_tiering_enabled": Place("DataTiering", live=_switch),
            "description": Place("Description"),
            "engine": Elsewhere("nodes of Redis"),
            "engine_version": Elsewhere("nodes of Redis"),
            "final_snapshot_identifier": NotCompared("is used when Terraform deletes Redis"),
            "global_replication_group_id": Place("GlobalReplicationGroupInfo.GlobalReplicationGroupId"),
            "ip_discovery": Place("IpDiscovery", default="ipv4"),
            "kms_key_id": Place("KmsKeyId"),
            "log_delivery_configuration": Place(_LOG_DELIVERY),
            "maintenance_window": Place("PreferredMaintenanceWindow", of_nodes=True),
            "multi_az_enabled": Place("MultiAZ", live=_switch),
            "network_type": Place("NetworkType", default="ipv4"),
            "node_type": Place("CacheNodeType", NODES_DIFFER),
            "notification_topic_arn": Place("NotificationConfiguration.TopicArn", of_nodes=True),
            "num_cache_clusters": Place("length(MemberClusters || `[]`)", NODES_DIFFER),
            "parameter_group_name": Place(
                "CacheParameterGroup.CacheParameterGroupName", PARAMETERS_DIFFER, of_nodes=True
            ),
            "port": Place("NodeGroups[0].PrimaryEndpoint.Port || ConfigurationEndpoint.Port"),
            "replication_group_id": Place("ReplicationGroupId"),
            "security_group_ids": Place("SecurityGroups[].SecurityGroupId", of_nodes=True),
            "snapshot_name": NotCompared("is read when Redis is created, and not kept"),
            "snapshot_retention_limit": Place("SnapshotRetentionLimit"),
            "snapshot_window": Place("SnapshotWindow"),
            "subnet_group_name": Place("CacheSubnetGroupName", of_nodes=True),
            "tags": _TAGS,
            "transit_encryption_enabled": Place("TransitEncryptionEnabled"),
            "transit_encryption_mode": Place("TransitEncryptionMode || 'required'", default="required"),
            "user_group_ids": Place("UserGroupIds"),
        },
        made={"member_clusters": "MemberClusters", "primary_endpoint_address": "NodeGroups[0].PrimaryEndpoint.Address"},
    ),
    "aws_elasticache_subnet_group": Reading(
        ("elasticache:DescribeCacheSubnetGroups",),
        readings.subnet_group,
        RESOURCE_MISSING,
        {
            "name": Place("CacheSubnetGroupName"),
            "subnet_ids": Place("Subnets[].SubnetIdentifier"),
            "tags": _TAGS,
        },
    ),
    "aws_iam_role": Reading(
        ("iam:GetRole",),
        readings.role,
        ROLE_MISSING,
        {
            "assume_role_policy": _policy("AssumeRolePolicyDocument"),
            "name": Place("RoleName"),
            "permissions_boundary": Place("PermissionsBoundary.PermissionsBoundaryArn"),
            "tags": _TAGS,
        },
        made={"arn": "Arn"},
    ),
    "aws_iam_role_policy": Reading(
        ("iam:GetRolePolicy",),
        readings.role_policy,
        ROLE_MISSING,
        {"name": Place("PolicyName"), "policy": _policy("PolicyDocument"), "role": Place("RoleName")},
    ),
    "aws_iam_role_policy_attachment": Reading(
        ("iam:ListAttachedRolePolicies",),
        readings.attachment,
        ROLE_MISSING,
        {"policy_arn": Place("PolicyArn"), "role": Place("RoleName")},
    ),
    "aws_secretsmanager_secret": Reading(
        ("secretsmanager:DescribeSecret",),
        readings.secret,
        None,
        {
            "description": Place("Description"),
            "kms_key_id": Place("KmsKeyId"),
            "name_prefix": Place("Name", same=str.startswith),
            "tags": _TAGS,
        },
        made={"arn": "ARN", "id": "ARN"},
    ),
    "aws_secretsmanager_secret_version": Reading(
        ("secretsmanager:GetSecretValue",),
        readings.nothing,
        None,
        {"secret_id": Elsewhere("secret of REDIS_URL"), "secret_string": Elsewhere("secret of REDIS_URL")},
    ),
    "aws_security_group": Reading(
        ("ec2:DescribeSecurityGroups",),
        readings.security_group,
        RESOURCE_MISSING,
        {
            "description": Place("Description"),
            "egress": _rules("IpPermissionsEgress"),
            "ingress": _rules("IpPermissions"),
            "name_prefix": Place("GroupName", same=str.startswith),
            "tags": _TAGS,
            "vpc_id": Place("VpcId"),
        },
        made={"id": "GroupId"},
    ),
}
