"""The one list of what the AWS bindings contain: Terraform types without their `aws_` prefix."""

PROVIDER = "provider"

RESOURCE_TYPES = (
    "appautoscaling_policy",
    "appautoscaling_target",
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
