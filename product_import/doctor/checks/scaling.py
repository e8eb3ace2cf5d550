"""Scaling: its limits, the alarms of its policies, and what it did last."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from product_import.configuration import Unknown
from product_import.doctor.checks.workers import STUCK_AFTER
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
# botocore's model of Application Auto Scaling, ScalingActivityStatusCode.
NOT_DONE, UNDER_WAY = ("Failed", "Unfulfilled", "Overridden"), ("Pending", "InProgress")
# Its NotScaledReason. A code that is not listed here holds a change back too.
NOTHING_TO_DO = ("AlreadyAtMinCapacity", "AlreadyAtDesiredCapacity")
HELD = {
    "AutoScalingAnticipatedFlapping": "it would have had to go back at once",
    "TargetServicePutResourceAsUnscalable": "ECS takes no change of the service now",
}
AT_MAXIMUM = "AlreadyAtMaxCapacity"


def scaling(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Not suspended, with the alarms of its policies, within the configured limits, and at work."""
    target = deployment.scaling_target
    if target is None:
        # The comparison says so.
        return
    yield from _alarms_of_policies(deployment)
    suspended = [name for name, value in target.get("SuspendedState", {}).items() if value]
    if suspended:
        yield Finding(SCALING_SUSPENDED, (f"On: {', '.join(suspended)}.",))
    yield from _limits(deployment, target)
    yield from _activities(deployment, target)


def _alarms_of_policies(deployment: Deployment) -> Iterator[Finding]:
    """Those that Application Auto Scaling makes for target tracking: listed by the policy, and there."""
    tracking = [each for each in deployment.scaling_policies if each.get("PolicyType") == "TargetTrackingScaling"]
    listed = {policy["PolicyName"]: [each["AlarmName"] for each in policy.get("Alarms", [])] for policy in tracking}
    names = sorted(name for of_policy in listed.values() for name in of_policy)
    found = deployment.account.pages("cloudwatch:DescribeAlarms", "MetricAlarms", AlarmNames=names) if names else []
    there = {alarm["AlarmName"] for alarm in found if alarm.get("ActionsEnabled", True)}
    for policy, of_policy in listed.items():
        if not of_policy:
            yield Finding(SCALING_MISSING, (f"The policy {policy} has no alarms.",))
        for name in of_policy:
            if name not in there:
                yield Finding(SCALING_MISSING, (f"The alarm {name} of the policy {policy} is missing, or is off.",))


def _limits(deployment: Deployment, target: Answer) -> Iterator[Finding | Fact]:
    expected = deployment.expected("appautoscaling_target", "import_worker")
    live = (target.get("MinCapacity"), target.get("MaxCapacity"))
    configured = (expected["min_capacity"], expected["max_capacity"])
    if live == configured or any(isinstance(limit, Unknown) for limit in configured):
        return
    changes = [(each, each.get("ScalableTargetAction", {})) for each in deployment.scheduled_actions]
    # An action may set one limit and leave the other as it is.
    allowed = [
        {limit, *(change[name] for _, change in changes if name in change)}
        for limit, name in zip(configured, ("MinCapacity", "MaxCapacity"), strict=True)
    ]
    names = ", ".join(each.get("ScheduledActionName", "?") for each, _ in changes)
    if all(limit in limits for limit, limits in zip(live, allowed, strict=True)):
        yield Fact("schedule", f"scheduled actions set the limits: {names}")
        return
    seen = f"{live[0]} to {live[1]}, where {configured[0]} to {configured[1]} is {deployment.configured_by}."
    yield Finding(LIMITS_DIFFER, (seen, *([f"Scheduled actions set other limits: {names}."] if names else [])))


def _activities(deployment: Deployment, target: Answer) -> Iterator[Finding | Fact]:
    activities = deployment.activities
    done = [each for each in activities if not each.get("NotScaledReasons")]
    last = "; ".join(f"{shown(each['StartTime'])} {each.get('Description', '')}" for each in done[:ACTIVITIES_SHOWN])
    limits = f"from {target.get('MinCapacity')} to {target.get('MaxCapacity')} workers"
    yield Fact("scaling", f"{limits}; last: {last or 'nothing'}")
    since = deployment.now - LATELY
    newest = done[0] if done else {"StartTime": since}
    begun, status = newest["StartTime"], newest.get("StatusCode")
    stuck = status in UNDER_WAY and begun < deployment.now - STUCK_AFTER
    if stuck or (status in NOT_DONE and begun > since):
        message = f"{newest.get('Description', '')} {newest.get('StatusMessage', status)}"
        yield Finding(SCALING_FAILED, (f"{shown(begun)} {message}",))
    reasons = [
        reason for each in activities[:1] if each["StartTime"] > since for reason in each.get("NotScaledReasons", [])
    ]
    codes = [reason.get("Code", "no code") for reason in reasons]
    held = [
        f"{HELD.get(code, 'AWS says no more')} ({code})" for code in codes if code not in (*NOTHING_TO_DO, AT_MAXIMUM)
    ]
    if held:
        yield Finding(SCALING_HELD, (f"{shown(activities[0]['StartTime'])}: {'; '.join(held)}.",))
    yield from _at_maximum(deployment, target, reasons)


def _at_maximum(deployment: Deployment, target: Answer, reasons: list[Mapping[str, Any]]) -> Iterator[Finding]:
    service = deployment.service
    if service is None or service.get("desiredCount", 0) < target.get("MaxCapacity", 0):
        return
    values, _ = deployment.depth
    running = service.get("runningCount", 0)
    per_worker = values[-1] / running if values and running else 0
    aim = deployment.configuration.variable("target_jobs_per_worker")
    if per_worker > aim:
        shares = f"{values[-1]:g} jobs, {per_worker:g} for each of {running} workers, where {aim:g} is the target."
        yield Finding(SCALING_AT_MAXIMUM, (shares,))
    elif any(reason.get("Code") == AT_MAXIMUM for reason in reasons):
        yield Finding(
            SCALING_AT_MAXIMUM, (f"{service.get('desiredCount', 0)} workers are desired already ({AT_MAXIMUM}).",)
        )
