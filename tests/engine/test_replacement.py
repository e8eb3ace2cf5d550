"""What AWS deletes or loses together with a resource that is replaced: the same apply brings it back."""

from collections.abc import Mapping

from product_import.stand_in.provider import Provider
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment

import pytest

TASK, SERVICE = "aws_ecs_task_definition.import_worker", "aws_ecs_service.import_worker"
TARGET = "aws_appautoscaling_target.import_worker"
POLICIES = ("aws_appautoscaling_policy.import_worker_cpu", "aws_appautoscaling_policy.import_worker_queue_depth")
ROLE, GROUP = "aws_iam_role.ecs_execution_role", "aws_cloudwatch_log_group.import_worker"
REVISION = {TASK: "replace", SERVICE: "update"}
# What goes with a resource. Sources: terraform-provider-aws, issues 9473 and 14615 (service); Application Auto Scaling
# API Reference, DeregisterScalableTarget; the provider, deleteRole of iam/role.go; moby,
# daemon/logger/awslogs/cloudwatchlogs.go (the stream of a running task).
LOST: Mapping[str, Mapping[str, str]] = {
    SERVICE: dict.fromkeys((TARGET, *POLICIES), "replace"),
    TARGET: dict.fromkeys(POLICIES, "replace"),
    ROLE: {
        "aws_iam_role_policy_attachment.ecs_execution_role_policy": "replace",
        "aws_iam_role_policy.ecs_execution_secrets": "replace",
        **REVISION,
    },
    GROUP: REVISION,
}


@both_majors
@pytest.mark.parametrize("address", LOST)
def test_a_replacement_brings_back_what_goes_with_it(applied: Deployment, address: str) -> None:
    """The plan has it beside the replacement, and nothing else."""
    planned = applied.actions()
    assert planned == {}
    found = deployment.actions(applied.engine, f"-replace={applied.prefix}{address}")
    assert {name.removeprefix(applied.prefix): action for name, action in found.items()} == {
        address: "replace",
        **LOST[address],
    }


@pytest.mark.parametrize("address", [SERVICE, GROUP])
def test_what_somebody_deleted_comes_back_with_what_went_with_it(
    applied: Deployment, provider: Provider, address: str
) -> None:
    """A plan learns of the deletion when it refreshes, and of what AWS deleted with a service."""
    provider.delete_outside(address.partition(".")[0], applied.state()[address]["id"])
    lost = LOST[address] if address == GROUP else dict.fromkeys(LOST[address], "create")
    assert applied.actions() == {address: "create", **lost}
