"""Facts of ECS."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from product_import.equivalence import same_containers
from product_import.stand_in.documents import found_containers, ordered_containers
from product_import.stand_in.facts.kinds import HERE, Facts, Resource, left_out, without


def _same_containers(before: Any, after: Any, task: Resource) -> bool:
    return same_containers(before, after, awsvpc=task["network_mode"] == "awsvpc")


def _same_or_none(before: Any, after: Any, _: Resource) -> bool:
    """As `DiffSuppressFunc` of propagate_tags, ecs/service.go."""
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


def _service_role(service: Resource) -> str:
    """ECS's developer guide, "Service-linked roles"; in the form of `GetRoleNameFromARN` of ecs/service.go."""
    return "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS" if service["network_configuration"] else ""


FACTS: Mapping[str, Facts] = {
    # ecs/cluster.go
    "aws_ecs_cluster": Facts(
        replace=frozenset({"name"}),
        defaults={"configuration.execute_command_configuration.logging": "DEFAULT"},
        made={"arn": f"arn:aws:ecs:{HERE}:cluster/{{name}}", "id": "{arn}"},
    ),
    # ecs/service.go
    "aws_ecs_service": Facts(
        replace=frozenset(
            {"cluster", "deployment_controller", "iam_role", "launch_type", "name", "scheduling_strategy"}
        ),
        replace_if={"capacity_provider_strategy": _is_not_forced_or_empties},
        same={
            **dict.fromkeys(("alarms", "deployment_circuit_breaker", "deployment_controller"), left_out),
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
            "iam_role": _service_role,
            "triggers": lambda _: {},
        },
        follow={"launch_type": "capacity_provider_strategy"},
        read={
            # `flattenDeploymentController`.
            "deployment_controller": lambda service: service["deployment_controller"] or [{"type": "ECS"}],
            # ECS API Reference, Service: NONE where nothing was set.
            "propagate_tags": lambda service: service["propagate_tags"] or "NONE",
        },
        unread=frozenset({"force_delete", "force_new_deployment"}),
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
        normal={"container_definitions": ordered_containers},
        read={"container_definitions": lambda task: found_containers(task["container_definitions"])},
        defaults={"skip_destroy": False, "track_latest": False},
        made={
            "revision": lambda definition: definition["serial"],
            "arn": f"arn:aws:ecs:{HERE}:task-definition/{{family}}:{{revision}}",
            "arn_without_revision": f"arn:aws:ecs:{HERE}:task-definition/{{family}}",
            "id": "{family}",
        },
        max_items={"placement_constraints": 10},
        version=1,
    ),
}

_SERVICE, _TASK = FACTS["aws_ecs_service"], FACTS["aws_ecs_task_definition"]
# What provider 6 changed: its upgrade guide, and the files named above as of 6.2x.
IN_6: Mapping[str, Facts] = {
    "aws_ecs_service": replace(
        _SERVICE,
        replace=_SERVICE.replace - {"deployment_controller"},
        replace_if={},
        refuse_if={
            "capacity_provider_strategy": (
                _is_not_forced,
                "force_new_deployment should be true when capacity_provider_strategy is being updated",
            )
        },
        defaults=without(_SERVICE.defaults, "availability_zone_rebalancing"),
        # ECS API Reference, CreateService: the default since 2025-09.
        made={**_SERVICE.made, "arn": "{id}", "availability_zone_rebalancing": "ENABLED"},
        read={**_SERVICE.read, "arn": lambda service: service["id"]},
        unread=_SERVICE.unread | {"sigint_rollback"},
    ),
    "aws_ecs_task_definition": replace(
        _TASK,
        replace=_TASK.replace - {"inference_accelerator"},
    ),
}
