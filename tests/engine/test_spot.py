"""Workers on Fargate Spot: what a share of them does to a service that is there, by the provider's version."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.engine import Engine, EngineError
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.compare.danger import Remedy
from product_import.plan_diff.read.plan import read_plan
from product_import.stand_in.provider import Provider
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment

import pytest

SERVICE = "aws_ecs_service.import_worker"
SCALING = (
    "aws_appautoscaling_target.import_worker",
    "aws_appautoscaling_policy.import_worker_cpu",
    "aws_appautoscaling_policy.import_worker_queue_depth",
)
REPLACED = {5: ("delete", "create"), 6: ("update",)}


def strategy(plan: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Base and weight of each capacity provider."""
    (service,) = (
        resource["values"]
        for module in plan["planned_values"]["root_module"]["child_modules"]
        for resource in module["resources"]
        if resource["address"].endswith(SERVICE)
    )
    return {item["capacity_provider"]: (item["base"], item["weight"]) for item in service["capacity_provider_strategy"]}


@both_majors
def test_the_first_share_replaces_the_service_before_provider_6(applied: Deployment, major: int) -> None:
    """The plan diff says that it is dangerous; later it is changed in place, by a new deployment."""
    plan = applied.plan(worker_fargate_spot_percent=40, worker_min_count=3)
    assert applied.changes(plan)[SERVICE] == REPLACED[major]
    assert strategy(plan) == {"FARGATE": (3, 60), "FARGATE_SPOT": (0, 40)}
    dangers = plan_diff(read_plan(json.dumps(plan).encode(), "plan")).dangers
    remedy = Remedy("To keep the workers, read `Workers on Fargate Spot` in the module's README")
    assert [(danger.addresses, danger.consequence, danger.remedy) for danger in dangers] == (
        [((f"{applied.prefix}{SERVICE}",), "all its workers stop", remedy)] if major == 5 else []
    )


@both_majors
@pytest.mark.usefixtures("plans_defaults")
def test_a_life_with_workers_on_spot(engine: Engine, synthesized: Path, provider: Provider, major: int) -> None:
    """Another share or minimum is in place in any version; back to none is not, unless AWS is asked first."""
    deployed = deployment.consumer(engine, synthesized)
    deployed.init()
    deployed.apply(worker_fargate_spot_percent=40)
    service = deployed.state()[SERVICE]
    assert service["launch_type"] == ""
    assert deployed.actions(worker_fargate_spot_percent=40) == {}
    assert deployed.actions(worker_fargate_spot_percent=99, worker_min_count=3)[SERVICE] == "update"
    if major == 5:
        assert deployed.actions(worker_fargate_spot_percent=0) == dict.fromkeys({SERVICE, *SCALING}, "replace")
    else:
        with pytest.raises(EngineError, match="force_new_deployment should be true when capacity_provider_strategy is"):
            deployed.plan(worker_fargate_spot_percent=0)
    # What `aws ecs update-service --capacity-provider-strategy '[]'` leaves.
    provider.change_outside("aws_ecs_service", service["id"], capacity_provider_strategy=[], launch_type="FARGATE")
    assert deployed.actions(worker_fargate_spot_percent=0) == {SERVICE: "update"}
    deployed.engine.apply()
    assert deployed.actions(worker_fargate_spot_percent=0) == {}
