"""What the AWS provider takes for the same in the arguments of a resource, so that it is no change in a report."""

import re
from collections.abc import Container
from typing import Any

from product_import.equivalence import differing_containers, differing_policies
from product_import.plan_diff.compare.comparison import Rules
from product_import.plan_diff.read.plan import Resource

# The module's types. All are written on terraform-plugin-sdk, which does not tell null from an empty value: a plan and
# an apply interchange the two (helper/schema/grpc_provider.go, normalizeNullValues), and an update sends nothing for
# such a change (helper/schema/resource_data.go, HasChange). Terraform itself leaves out "" against null for such types
# (internal/command/jsonformat/differ/attribute.go). Types of the other SDK, the plugin framework, do tell them apart.
SDK_TYPES = frozenset(
    {
        "aws_appautoscaling_policy",
        "aws_appautoscaling_target",
        "aws_cloudwatch_dashboard",
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_metric_alarm",
        "aws_ecs_service",
        "aws_ecs_task_definition",
        "aws_elasticache_parameter_group",
        "aws_elasticache_replication_group",
        "aws_elasticache_subnet_group",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_version",
        "aws_security_group",
    }
)
# What AWS returns where a block is not set, which the provider then takes for no change: `deployment_controller` of
# internal/service/ecs/service.go, SuppressMissingOptionalConfigurationBlock. A replacement shows it all the same.
_RETURNED = {("aws_ecs_service", "deployment_controller"): [{"type": "ECS"}]}
# The provider compares arguments of these names as policies: SuppressEquivalentPolicyDiffs of internal/verify/json.go.
_POLICY = re.compile(r"\w*policy\w*$")


def is_returned(resource: Resource, argument: str, old: Any, new: Any) -> bool:
    """Whether the difference of an argument is that AWS returned a default."""
    return new in (None, []) and old is not None and old == _RETURNED.get((resource.type, argument))


def rules(resource: Resource, forcing_paths: Container[str]) -> Rules:
    """What is the same in a resource's arguments; what forces its replacement never is."""
    of_sdk = resource.type in SDK_TYPES
    of_containers = resource.type == "aws_ecs_task_definition"
    awsvpc = of_containers and (resource.change.after or {}).get("network_mode") == "awsvpc"

    def alike(path: str, old: Any, new: Any) -> tuple[Any, Any]:
        if of_containers and path == "container_definitions":
            return differing_containers(old, new, awsvpc=awsvpc)
        return differing_policies(old, new) if _POLICY.search(path) else (old, new)

    return Rules(lambda path: of_sdk and path not in forcing_paths, alike)
