"""A replaced service keeps its autoscaling: AWS deletes what scales a service together with it."""

from product_import.engine import Engine
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment

import pytest

SCALING = {
    "aws_appautoscaling_policy.import_worker_cpu",
    "aws_appautoscaling_policy.import_worker_queue_depth",
    "aws_appautoscaling_target.import_worker",
}
OTHER = {"ecs_cluster_id": "arn:aws:ecs:us-east-1:123456789012:cluster/other", "ecs_cluster_name": "other"}


@pytest.mark.usefixtures("provider")
@both_majors
def test_one_apply_replaces_the_service_with_what_scales_it(applied: Deployment, engine: Engine) -> None:
    """With -replace: the target and its policies are replaced too, and the next plan is empty."""
    deployed = deployment.copy(applied, engine)
    assert deployed.actions() == {}
    replace = f"-replace={deployed.prefix}aws_ecs_service.import_worker"
    planned = deployed.changes(engine.plan(replace))
    assert {name for name, actions in planned.items() if actions == ("delete", "create")} == {
        "aws_ecs_service.import_worker",
        *SCALING,
    }
    engine.apply()
    assert deployed.actions() == {}


@pytest.mark.usefixtures("provider")
@both_majors
def test_one_apply_moves_the_service_to_another_cluster(applied: Deployment, engine: Engine) -> None:
    """The target follows, and the next plan is empty."""
    deployed = deployment.copy(applied, engine)
    deployed.apply(**OTHER)
    assert deployed.actions(**OTHER) == {}
    assert deployed.state()["aws_appautoscaling_target.import_worker"]["resource_id"].startswith("service/other/")
