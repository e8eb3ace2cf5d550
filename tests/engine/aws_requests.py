"""Where the arguments of each type go: the call that creates the resource, and its names for arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """The call that creates a resource.

    An argument goes to the member of its own name (`task_role_arn`: taskRoleArn, `volume`: volumes) or to its place:
    a path of members, "Operation:path" for another call of the service, or None for what the provider keeps to itself.
    """

    service: str
    operation: str
    places: Mapping[str, str | None] = field(default_factory=dict)


REQUESTS: Mapping[str, Request] = {
    "aws_appautoscaling_policy": Request(
        "application-autoscaling",
        "PutScalingPolicy",
        {
            "name": "PolicyName",
            # From provider 6 on; in 5 the argument has the member's name.
            **{
                f"predictive_scaling_policy_configuration.metric_specification.{kind}.metric_data_query": (
                    "MetricDataQueries"
                )
                for kind in (
                    "customized_capacity_metric_specification",
                    "customized_load_metric_specification",
                    "customized_scaling_metric_specification",
                )
            },
        },
    ),
    "aws_appautoscaling_target": Request("application-autoscaling", "RegisterScalableTarget"),
    "aws_cloudwatch_dashboard": Request("cloudwatch", "PutDashboard"),
    "aws_cloudwatch_log_group": Request(
        "logs",
        "CreateLogGroup",
        {"name": "logGroupName", "retention_in_days": "PutRetentionPolicy:retentionInDays", "skip_destroy": None},
    ),
    "aws_cloudwatch_metric_alarm": Request(
        "cloudwatch",
        "PutMetricAlarm",
        {
            "evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile",
            "metric_query": "Metrics",
            "metric_query.metric": "MetricStat",
            "metric_query.metric.dimensions": "Metric.Dimensions",
            "metric_query.metric.metric_name": "Metric.MetricName",
            "metric_query.metric.namespace": "Metric.Namespace",
        },
    ),
    "aws_ecs_service": Request(
        "ecs",
        "CreateService",
        {
            "alarms": "deploymentConfiguration.alarms",
            "deployment_circuit_breaker": "deploymentConfiguration.deploymentCircuitBreaker",
            "deployment_maximum_percent": "deploymentConfiguration.maximumPercent",
            "deployment_minimum_healthy_percent": "deploymentConfiguration.minimumHealthyPercent",
            "force_delete": "DeleteService:force",
            "force_new_deployment": "UpdateService:forceNewDeployment",
            "iam_role": "role",
            "load_balancer.elb_name": "loadBalancerName",
            "name": "serviceName",
            "network_configuration": "networkConfiguration.awsvpcConfiguration",
            "ordered_placement_strategy": "placementStrategy",
            "service_connect_configuration.service.client_alias": "clientAliases",
            "sigint_rollback": None,
            "service_connect_configuration.service.tls.issuer_cert_authority": "issuerCertificateAuthority",
            "triggers": None,
            "volume_configuration.managed_ebs_volume.size_in_gb": "sizeInGiB",
            "wait_for_steady_state": None,
        },
    ),
    "aws_ecs_task_definition": Request(
        "ecs",
        "RegisterTaskDefinition",
        {
            "skip_destroy": None,
            "track_latest": None,
            "volume.configure_at_launch": "configuredAtLaunch",
            "volume.host_path": "host.sourcePath",
        },
    ),
    "aws_elasticache_parameter_group": Request(
        "elasticache",
        "CreateCacheParameterGroup",
        {
            "family": "CacheParameterGroupFamily",
            "name": "CacheParameterGroupName",
            "parameter": "ModifyCacheParameterGroup:ParameterNameValues",
            "parameter.name": "ParameterName",
            "parameter.value": "ParameterValue",
        },
    ),
    "aws_elasticache_replication_group": Request(
        "elasticache",
        "CreateReplicationGroup",
        {
            "apply_immediately": "ModifyReplicationGroup:ApplyImmediately",
            "auth_token_update_strategy": "ModifyReplicationGroup:AuthTokenUpdateStrategy",
            "description": "ReplicationGroupDescription",
            "final_snapshot_identifier": "DeleteReplicationGroup:FinalSnapshotIdentifier",
            "log_delivery_configuration.destination": "DestinationDetails.CloudWatchLogsDetails.LogGroup",
            "maintenance_window": "PreferredMaintenanceWindow",
            "node_type": "CacheNodeType",
            "parameter_group_name": "CacheParameterGroupName",
            "security_group_names": "CacheSecurityGroupNames",
            "subnet_group_name": "CacheSubnetGroupName",
        },
    ),
    "aws_elasticache_subnet_group": Request(
        "elasticache",
        "CreateCacheSubnetGroup",
        {"description": "CacheSubnetGroupDescription", "name": "CacheSubnetGroupName"},
    ),
    "aws_iam_role": Request(
        "iam",
        "CreateRole",
        {"assume_role_policy": "AssumeRolePolicyDocument", "force_detach_policies": None, "name": "RoleName"},
    ),
    "aws_iam_role_policy": Request(
        "iam", "PutRolePolicy", {"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"}
    ),
    "aws_iam_role_policy_attachment": Request("iam", "AttachRolePolicy", {"role": "RoleName"}),
    "aws_secretsmanager_secret": Request(
        "secretsmanager",
        "CreateSecret",
        {
            "policy": "PutResourcePolicy:ResourcePolicy",
            "recovery_window_in_days": "DeleteSecret:RecoveryWindowInDays",
            "replica": "AddReplicaRegions",
        },
    ),
    "aws_secretsmanager_secret_version": Request(
        "secretsmanager",
        "PutSecretValue",
        {"secret_string_wo": "SecretString", "secret_string_wo_version": None},
    ),
    "aws_security_group": Request(
        "ec2",
        "CreateSecurityGroup",
        {
            "egress": "AuthorizeSecurityGroupEgress:IpPermissions",
            "ingress": "AuthorizeSecurityGroupIngress:IpPermissions",
            "name": "GroupName",
            "revoke_rules_on_delete": None,
            "tags": "CreateTags:Tags",
        },
    ),
}
