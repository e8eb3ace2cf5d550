"""The module's outputs: one table, from which come Terraform's outputs, those of the class, and the documentation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from cdktf import TerraformStack


def _about(description: str, *, sensitive: bool = False) -> Any:
    return field(metadata={"description": description, "sensitive": sensitive})


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """References to what the stack makes, for its Terraform outputs and for other stacks of the app."""

    redis_endpoint: str = _about("Address of the primary Redis node")
    redis_configuration_endpoint: str = _about("Configuration endpoint of Redis: null, since cluster mode is off")
    redis_port: float = _about("Port of Redis")
    redis_security_group_id: str = _about("ID of the security group of Redis")
    worker_security_group_id: str = _about("ID of the security group of the workers")
    worker_task_definition_arn: str = _about("ARN of the worker's task definition, with its revision")
    worker_task_definition_family: str = _about("Family of the worker's task definition")
    worker_service_name: str = _about("Name of the ECS service")
    worker_service_id: str = _about("ARN of the ECS service")
    worker_log_group_name: str = _about("Name of the workers' log group")
    redis_url_secret_arn: str = _about("ARN of the secret with the URL of Redis", sensitive=True)
    autoscaling_target_id: str = _about("Resource ID of the autoscaling target")
    alarms: Mapping[str, str] = _about("Map of the alarms' ARNs")


@dataclass(frozen=True)
class Output:
    """A row of the table."""

    name: str
    description: str
    sensitive: bool


OUTPUTS = tuple(Output(name=item.name, **item.metadata) for item in fields(Outputs))


def declare(stack: TerraformStack, outputs: Outputs) -> None:
    """Declare the Terraform outputs."""
    declared = {
        row.name: {
            "value": getattr(outputs, row.name),
            "description": row.description,
            **({"sensitive": True} if row.sensitive else {}),
        }
        for row in OUTPUTS
    }
    stack.add_override("output", declared)
    # cdktf's command line takes its list of outputs from here, and fails after a deployment on one that is null.
    listed = {name: name for name in declared if name != "redis_configuration_endpoint"}
    stack.add_override(f"//.outputs.{stack.node.path.replace('/', '.')}", listed)
