"""Scaling: its target, its policies, and what it did last."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from product_import.doctor.deployment import Answer, Deployment, shown
from product_import.doctor.faults import (
    LIMITS_DIFFER,
    SCALING_AT_MAXIMUM,
    SCALING_FAILED,
    SCALING_HELD,
    SCALING_MISSING,
    SCALING_SUSPENDED,
)
from product_import.doctor.findings import Fact, Finding

LATELY = timedelta(hours=1)
ACTIVITIES_SHOWN = 3
# Codes of botocore's model of Application Auto Scaling, NotScaledReason. The others say that there is nothing to do.
HELD = {
    "AutoScalingAnticipatedFlapping": "it would have had to go back at once",
    "TargetServicePutResourceAsUnscalable": "ECS takes no change of the service now",
}
AT_MAXIMUM = "AlreadyAtMaxCapacity"


def scaling(deployment: Deployment) -> Iterator[Finding | Fact]:
    """There, not suspended, within the limits that are configured, and at work."""
    target = _target(deployment)
    if target is None:
        expected = deployment.expected("appautoscaling_target", "import_worker")
        yield Finding(SCALING_MISSING, (f"There is no scalable target {expected['resource_id']}.",))
        return
    yield from _policies(deployment)
    suspended = [name for name, value in target.get("SuspendedState", {}).items() if value]
    if suspended:
        yield Finding(SCALING_SUSPENDED, (f"On: {', '.join(suspended)}.",))
    yield from _limits(deployment, target)
    yield from _activities(deployment, target)


def _target(deployment: Deployment) -> Answer | None:
    expected = deployment.expected("appautoscaling_target", "import_worker")
    answer = deployment.account.read(
        "application-autoscaling:DescribeScalableTargets",
        ServiceNamespace=expected["service_namespace"],
        ResourceIds=[expected["resource_id"]],
        ScalableDimension=expected["scalable_dimension"],
    )
    target: Answer | None = next(iter(answer["ScalableTargets"]), None)
    return target


def _policies(deployment: Deployment) -> Iterator[Finding]:
    expected = deployment.expected("appautoscaling_target", "import_worker")
    found = deployment.account.pages(
        "application-autoscaling:DescribeScalingPolicies",
        "ScalingPolicies",
        ServiceNamespace=expected["service_namespace"],
        ResourceId=expected["resource_id"],
    )
    alarms = {policy["PolicyName"]: policy.get("Alarms", []) for policy in found}
    names = [policy["name"] for policy in deployment.configuration.resources("aws_appautoscaling_policy").values()]
    missing = [f"The policy {name} is missing." for name in names if name not in alarms]
    without = [f"The policy {name} has no alarms." for name in names if name in alarms and not alarms[name]]
    if missing or without:
        yield Finding(SCALING_MISSING, (*missing, *without))


def _limits(deployment: Deployment, target: Answer) -> Iterator[Finding]:
    expected = deployment.expected("appautoscaling_target", "import_worker")
    live, wanted = (
        f"{found[low]} to {found[high]}"
        for found, low, high in (
            (target, "MinCapacity", "MaxCapacity"),
            (expected, "min_capacity", "max_capacity"),
        )
    )
    if live != wanted:
        yield Finding(LIMITS_DIFFER, (f"{live}, where {wanted} is {deployment.configured_by}.",))


def _activities(deployment: Deployment, target: Answer) -> Iterator[Finding | Fact]:
    activities = deployment.activities
    done = [each for each in activities if not each.get("NotScaledReasons")]
    last = "; ".join(f"{shown(each['StartTime'])} {each['Description']}" for each in done[:ACTIVITIES_SHOWN])
    yield Fact("scaling", f"from {target['MinCapacity']} to {target['MaxCapacity']} workers; last: {last or 'nothing'}")
    since = deployment.now - LATELY
    if done and done[0]["StartTime"] > since and done[0]["StatusCode"] in ("Failed", "Unfulfilled"):
        message = done[0].get("StatusMessage", done[0]["StatusCode"])
        yield Finding(SCALING_FAILED, (f"{shown(done[0]['StartTime'])} {done[0]['Description']} {message}",))
    reasons = [
        reason for each in activities[:1] if each["StartTime"] > since for reason in each.get("NotScaledReasons", [])
    ]
    held = [f"{HELD[reason['Code']]} ({reason['Code']})" for reason in reasons if reason["Code"] in HELD]
    if held:
        yield Finding(SCALING_HELD, (f"{shown(activities[0]['StartTime'])}: {'; '.join(held)}.",))
    yield from _at_maximum(deployment, target, reasons)


def _at_maximum(deployment: Deployment, target: Answer, reasons: list[Mapping[str, Any]]) -> Iterator[Finding]:
    service = deployment.service
    if service is None or service["desiredCount"] < target["MaxCapacity"]:
        return
    values, _ = deployment.depth
    running = service["runningCount"]
    per_worker = values[-1] / running if values and running else 0
    aim = deployment.configuration.variable("target_jobs_per_worker")
    if per_worker > aim:
        shares = f"{values[-1]:g} jobs, {per_worker:g} for each of {running} workers, where {aim:g} is the target."
        yield Finding(SCALING_AT_MAXIMUM, (shares,))
    elif any(reason["Code"] == AT_MAXIMUM for reason in reasons):
        yield Finding(SCALING_AT_MAXIMUM, (f"{service['desiredCount']} workers are wanted already ({AT_MAXIMUM}).",))
