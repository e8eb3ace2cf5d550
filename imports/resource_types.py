"""Which types of the AWS provider are in use: Terraform types without their `aws_` prefix."""

PROVIDER = "provider"

RESOURCE_TYPES = (
    "appautoscaling_policy",
    "appautoscaling_target",
    "cloudwatch_dashboard",
    "cloudwatch_log_group",
    "cloudwatch_metric_alarm",
    "ecs_service",
    "ecs_task_definition",
    "elasticache_parameter_group",
    "elasticache_replication_group",
    "elasticache_subnet_group",
    "iam_role",
    "iam_role_policy",
    "iam_role_policy_attachment",
    "secretsmanager_secret",
    "secretsmanager_secret_version",
    "security_group",
)
"""What the module is made of, and what the AWS bindings therefore contain."""

NEIGHBOURS = (
    "appautoscaling_scheduled_action",
    "ecs_cluster",
    "eip",
    "internet_gateway",
    "nat_gateway",
    "route",
    "route_table",
    "route_table_association",
    "s3_bucket",
    "sns_topic",
    "subnet",
    "vpc",
    "vpc_security_group_egress_rule",
    "vpc_security_group_ingress_rule",
)
"""What roots that consume the module have beside it. The stand-in knows them too (`make schemas`)."""
