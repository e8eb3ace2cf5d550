"""The module's outputs: one table, from which come the Terraform outputs and the documentation."""

from collections.abc import Mapping
from dataclasses import dataclass

from product_import.module.alarms import ALARMS

from cdktf import TerraformOutput, TerraformStack


@dataclass(frozen=True)
class Output:
    """A row of the table; `value` is a Terraform reference, or a map of them."""

    name: str
    description: str
    value: str | Mapping[str, str]
    sensitive: bool = False


OUTPUTS = (
    Output(
        "redis_endpoint",
        "Address of the primary Redis node",
        "aws_elasticache_replication_group.redis.primary_endpoint_address",
    ),
    Output(
        "redis_configuration_endpoint",
        "Configuration endpoint of Redis: null, since cluster mode is off",
        "aws_elasticache_replication_group.redis.configuration_endpoint_address",
    ),
    Output("redis_port", "Port of Redis", "aws_elasticache_replication_group.redis.port"),
    Output("redis_security_group_id", "ID of the security group of Redis", "aws_security_group.redis.id"),
    Output(
        "worker_security_group_id", "ID of the security group of the workers", "aws_security_group.import_worker.id"
    ),
    Output(
        "worker_task_definition_arn",
        "ARN of the worker's task definition, with its revision",
        "aws_ecs_task_definition.import_worker.arn",
    ),
    Output(
        "worker_task_definition_family",
        "Family of the worker's task definition",
        "aws_ecs_task_definition.import_worker.family",
    ),
    Output("worker_service_name", "Name of the ECS service", "aws_ecs_service.import_worker.name"),
    Output("worker_service_id", "ARN of the ECS service", "aws_ecs_service.import_worker.id"),
    Output("worker_log_group_name", "Name of the workers' log group", "aws_cloudwatch_log_group.import_worker.name"),
    Output(
        "redis_url_secret_arn",
        "ARN of the secret with the URL of Redis",
        "aws_secretsmanager_secret.redis_url.arn",
        sensitive=True,
    ),
    Output(
        "autoscaling_target_id",
        "Resource ID of the autoscaling target",
        "aws_appautoscaling_target.import_worker.resource_id",
    ),
    Output(
        "alarms",
        "Map of the alarms' ARNs",
        {alarm.name: f"aws_cloudwatch_metric_alarm.{alarm.name}.arn" for alarm in ALARMS},
    ),
)


def outputs(stack: TerraformStack) -> None:
    """Declare the outputs."""
    for output in OUTPUTS:
        value = (
            f"${{{output.value}}}"
            if isinstance(output.value, str)
            else {name: f"${{{reference}}}" for name, reference in output.value.items()}
        )
        TerraformOutput(
            stack,
            output.name,
            value=value,
            description=output.description,
            sensitive=output.sensitive or None,
        )
    # cdktf's command line takes its list of outputs from here, and fails after a deployment on one that is null.
    stack.add_override(f"//.outputs.{stack.node.path.replace('/', '.')}.redis_configuration_endpoint", None)
