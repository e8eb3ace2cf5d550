"""The workers: a Fargate service of the container that takes jobs from the queue."""

from dataclasses import dataclass
from typing import Any

from product_import.aws.cloudwatch_log_group import CloudwatchLogGroup
from product_import.aws.ecs_service import (
    EcsService,
    EcsServiceDeploymentCircuitBreaker,
    EcsServiceNetworkConfiguration,
)
from product_import.aws.ecs_task_definition import EcsTaskDefinition
from product_import.inputs import Inputs
from product_import.module.containers import containers
from product_import.module.expressions import Expression, call, conditional, listed_if, operation
from product_import.module.network import Network
from product_import.module.redis import Redis
from product_import.module.resources import Resources, attribute
from product_import.module.roles import Roles

from cdktf import Token


@dataclass(frozen=True)
class Workers:
    log_group: CloudwatchLogGroup
    task: EcsTaskDefinition
    service: EcsService

    @property
    def service_name(self) -> str:
        """For use in the same stack."""
        return attribute(self.service, "name")

    @property
    def name_after_apply(self) -> str:
        """The same name, but unknown in a plan that creates or replaces the service: it is the end of the ARN.

        AWS deletes with a service what Application Auto Scaling has for it (terraform-provider-aws, issues 9473 and
        14615). What uses this name is recreated by the same apply.
        """
        return str(call("regex", "[^/]+$", attribute(self.service, "id")))


def workers(resources: Resources, inputs: Inputs, network: Network, redis: Redis, roles: Roles) -> Workers:
    """The log group, the task definition and the service."""
    name = f"{inputs.environment}-product-import-worker"
    log_group = resources.add(
        CloudwatchLogGroup,
        "import_worker",
        name=f"/ecs/{inputs.environment}/product-import-worker",
        retention_in_days=inputs.worker_log_retention_in_days,
        kms_key_id=inputs.kms_key_arn,
        tags=resources.tags(Name=f"{name}-logs"),
    )
    task = resources.add(
        EcsTaskDefinition,
        "import_worker",
        family=name,
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu=str(call("tostring", inputs.worker_cpu)),
        memory=str(call("tostring", inputs.worker_memory)),
        execution_role_arn=attribute(roles.execution, "arn"),
        task_role_arn=attribute(roles.task, "arn"),
        container_definitions=containers(inputs, redis, log_group),
        # ECS rolls a failed deployment back to the old revision, which it cannot when that one is deregistered.
        skip_destroy=True,
        tags=resources.tags(Name=f"{name}-task"),
    )
    task.add_override("dynamic.runtime_platform", _platform(inputs))
    spot = operation(inputs.worker_fargate_spot_percent, ">=", 1)
    service = resources.add(
        EcsService,
        "import_worker",
        name=name,
        cluster=inputs.ecs_cluster_id,
        task_definition=attribute(task, "arn"),
        launch_type=str(conditional(Expression(f"!{spot.text}"), "FARGATE", None)),
        # The provider changes a strategy of a service that is there only with it, and ECS only with a new deployment.
        force_new_deployment=Token.as_any(str(conditional(spot, True, None))),
        desired_count=inputs.worker_min_count,
        deployment_maximum_percent=200,
        deployment_minimum_healthy_percent=100,
        deployment_circuit_breaker=EcsServiceDeploymentCircuitBreaker(enable=True, rollback=True),
        wait_for_steady_state=inputs.worker_wait_for_steady_state,
        enable_execute_command=inputs.worker_enable_execute_command,
        propagate_tags=inputs.propagate_tags,
        network_configuration=EcsServiceNetworkConfiguration(
            subnets=list(inputs.private_subnet_ids),
            security_groups=[attribute(network.worker, "id")],
            assign_public_ip=False,
        ),
        tags=resources.tags(Name=f"{name}-service"),
        # The autoscaler moves the count from here on.
        lifecycle={"ignore_changes": ["desired_count"]},
        # A task that starts before its rights and its secret exist fails.
        depends_on=[*roles.policies, redis.url_secret_version],
    )
    service.add_override("dynamic.capacity_provider_strategy", _strategy(inputs, spot))
    return Workers(log_group=log_group, task=task, service=service)


def _platform(inputs: Inputs) -> dict[str, Any]:
    """The block of another architecture: the default has none, for it would be a new revision of the same."""
    return {
        "for_each": str(
            listed_if(operation(inputs.worker_cpu_architecture, "!=", "X86_64"), inputs.worker_cpu_architecture)
        ),
        "content": {"cpu_architecture": "${runtime_platform.value}", "operating_system_family": "LINUX"},
    }


def _strategy(inputs: Inputs, spot: Expression) -> dict[str, Any]:
    """The blocks of workers on Spot: as many as the minimum run on Fargate, those above by their weights.

    A weight is 0 to 1,000, a base up to 100,000. Source: the Amazon ECS API Reference, CapacityProviderStrategyItem.
    """
    percent = inputs.worker_fargate_spot_percent
    providers = conditional(
        spot,
        [
            {"name": "FARGATE", "base": inputs.worker_min_count, "weight": operation(100, "-", percent)},
            {"name": "FARGATE_SPOT", "base": 0, "weight": percent},
        ],
        [],
    )
    return {
        "for_each": str(providers),
        "content": {
            "capacity_provider": "${capacity_provider_strategy.value.name}",
            "base": "${capacity_provider_strategy.value.base}",
            "weight": "${capacity_provider_strategy.value.weight}",
        },
    }
