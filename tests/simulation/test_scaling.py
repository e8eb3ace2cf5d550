"""What is read out of the synthesized module."""

import copy
from collections.abc import Mapping
from typing import Any

from product_import.errors import UserError
from tests.simulation.scenarios import scaling_of

import pytest


def test_the_defaults(module: Mapping[str, Any]) -> None:
    """Bounds, targets, cooldowns and the containers' stop timeout."""
    scaling = scaling_of(module)
    assert (scaling.minimum, scaling.maximum, scaling.concurrency, scaling.stop_timeout) == (2, 50, 5, 60)
    assert {
        (policy.metric.name, policy.target, policy.scale_out_cooldown, policy.scale_in_cooldown)
        for policy in scaling.policies
    } == {("ECSServiceAverageCPUUtilization", 70, 60, 300), ("Queued jobs per running worker", 10, 60, 300)}


def test_an_operators_inputs(module: Mapping[str, Any]) -> None:
    """They go through the module's own expressions."""
    scaling = scaling_of(
        module, worker_min_count=3, worker_max_count=9, target_jobs_per_worker=2.5, worker_concurrency=1
    )
    assert (scaling.minimum, scaling.maximum, scaling.concurrency) == (3, 9, 1)
    assert sorted(policy.target for policy in scaling.policies) == [2.5, 70]


def test_metric_math_is_what_the_module_says(module: Mapping[str, Any]) -> None:
    """Jobs per worker; no value without data or without a worker."""
    (metric,) = (policy.metric for policy in scaling_of(module).policies if policy.metric.reads("depth"))
    assert metric.value(100, 4, 50) == 25
    assert metric.value(None, 4, 50) is None
    assert metric.value(100, 0, None) is None


def test_a_step_policy_is_read_with_its_alarm(module: Mapping[str, Any]) -> None:
    """The module's own: steps that count from one target on, after one point."""
    assert scaling_of(module).steps == ()
    (step,) = scaling_of(module, fast_scale_out=True, target_jobs_per_worker=4).steps
    assert (step.threshold, step.points, step.cooldown, step.least) == (1, 1, 60, 1)
    assert sorted(step.steps) == [(0, 1, 50), (1, 3, 100), (3, 7, 300), (7, float("inf"), 700)]
    assert step.metric.value(100, 4, 50) == 100 / 4 / 4
    assert step.metric.value(None, 4, 50) is None


def test_what_a_policy_says_otherwise_is_read(module: Mapping[str, Any]) -> None:
    """What the module leaves at AWS's defaults."""
    tree = copy.deepcopy(dict(module))
    policies = tree["resource"]["aws_appautoscaling_policy"]
    policies["import_worker_cpu"]["target_tracking_scaling_policy_configuration"]["disable_scale_in"] = True
    policies["import_worker_fast_scale_out"]["step_scaling_policy_configuration"]["min_adjustment_magnitude"] = 3
    scaling = scaling_of(tree, fast_scale_out=True)
    assert {policy.name: policy.scales_in for policy in scaling.policies} == {
        "import_worker_cpu": False,
        "import_worker_queue_depth": True,
    }
    assert scaling.steps[0].least == 3


def test_no_worker_sends_no_sample(module: Mapping[str, Any]) -> None:
    """Which is missing data, and not 0."""
    (count,) = (alarm.metric for alarm in scaling_of(module).alarms if alarm.name == "worker_count_low")
    assert (count.value(5, 0, None), count.value(5, 2, 50)) == (None, 2)


def test_workers_are_counted_by_the_chosen_source(module: Mapping[str, Any]) -> None:
    """The same series of the model, by either of CloudWatch's names."""
    for source in ("cpu_samples", "container_insights"):
        scaling = scaling_of(module, worker_count_source=source, fast_scale_out=True)
        read = [policy.metric for policy in scaling.policies if policy.metric.reads("depth")]
        assert all(metric.reads("running") for metric in (*read, scaling.steps[0].metric))
        assert [alarm.name for alarm in scaling.alarms] == ["queue_overload", "worker_count_low"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            lambda r: r["aws_appautoscaling_policy"]["import_worker_cpu"][
                "target_tracking_scaling_policy_configuration"
            ].update(predefined_metric_specification={"predefined_metric_type": "ALBRequestCountPerTarget"}),
            "scales on ALBRequestCountPerTarget, which the simulation does not know",
        ),
        (lambda r: r.update(aws_appautoscaling_scheduled_action={"night": {}}), "has a scheduled action"),
    ],
)
def test_what_the_model_does_not_know_is_refused(module: Mapping[str, Any], change: Any, text: str) -> None:
    """By name."""
    tree = copy.deepcopy(dict(module))
    change(tree["resource"])
    with pytest.raises(UserError, match=text):
        scaling_of(tree)
