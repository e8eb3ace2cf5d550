"""The workers that run, their tasks that stopped, and their last deployment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from product_import.doctor.checks.tasks import reasons
from product_import.doctor.deployment import RECENTLY, Answer, Deployment, shown
from product_import.doctor.faults import (
    DEPLOYMENT_FAILED,
    DEPLOYMENT_STUCK,
    NO_WORKERS,
    SERVICE_MISSING,
    WORKERS_MISSING,
)
from product_import.doctor.findings import Fact, Finding

# A task starts within minutes, and a deployment replaces all tasks in a few rounds. ECS itself waits for hours.
STUCK_AFTER = timedelta(minutes=30)
FAILED_TASKS = 2
# botocore's model of ECS, ServiceDeploymentStatus.
UNDER_WAY = ("PENDING", "IN_PROGRESS")
NOT_SUCCESSFUL = ("ROLLBACK_", "STOP")


def workers(deployment: Deployment) -> Iterator[Finding | Fact]:
    """As many as desired, or why not."""
    service = deployment.service
    if service is None:
        name = deployment.expected("ecs_service", "import_worker")["name"]
        yield Finding(SERVICE_MISSING, (f"{name} in the cluster {deployment.cluster}",))
        return
    running, desired, starting = (service.get(f"{state}Count", 0) for state in ("running", "desired", "pending"))
    counts = f"{running} running, {desired} desired, {starting} starting"
    yield Fact("workers", counts)
    if running == 0:
        yield Finding(NO_WORKERS, (f"{counts}.", *reasons(deployment)))
    elif running < desired and not _changed_recently(deployment, service):
        yield Finding(WORKERS_MISSING, (f"{counts}.", *reasons(deployment)))


def last_deployment(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Whether it succeeded, or will."""
    service = deployment.service
    if service is None:
        return
    found = deployment.account.pages(
        "ecs:ListServiceDeployments",
        "serviceDeployments",
        cluster=deployment.cluster,
        service=service["serviceName"],
    )
    runs = f"The service runs {service['taskDefinition'].rpartition('/')[2]}."
    primary: Answer = next((each for each in service.get("deployments", []) if each.get("status") == "PRIMARY"), {})
    last = max(found, key=lambda each: _begun(each, deployment), default=None)
    if last is None:
        # Of a service that nobody has deployed since ECS keeps a list of deployments.
        for failed in (each for each in service.get("deployments", []) if each.get("rolloutState") == "FAILED"):
            yield Finding(DEPLOYMENT_FAILED, (failed.get("rolloutStateReason", "FAILED"), runs))
    else:
        status = last.get("status", "unknown")
        yield Fact("last deployment", f"{status}, begun {shown(_begun(last, deployment))}")
        if status.startswith(NOT_SUCCESSFUL):
            reason = last.get("statusReason", "ECS gives no reason.")
            yield Finding(DEPLOYMENT_FAILED, (f"{status}: {reason}", runs, *reasons(deployment)))
            return
    under_way = last.get("status") in UNDER_WAY if last else primary.get("rolloutState") == "IN_PROGRESS"
    begun = _begun(last or primary, deployment)
    failed_tasks = primary.get("failedTasks", 0)
    if under_way and (deployment.now - begun > STUCK_AFTER or failed_tasks >= FAILED_TASKS):
        since = f"In progress since {shown(begun)}; {failed_tasks} of its tasks failed."
        yield Finding(DEPLOYMENT_STUCK, (since, *reasons(deployment)))


def _begun(found: Answer, deployment: Deployment) -> datetime:
    begun: datetime = found.get("startedAt") or found.get("createdAt") or deployment.now
    return begun


def _changed_recently(deployment: Deployment, service: Answer) -> bool:
    """Whether ECS may still be starting what is desired."""
    since = deployment.now - RECENTLY
    began = [_begun(each, deployment) for each in service.get("deployments", []) if each.get("status") == "PRIMARY"]
    scaled = [each["StartTime"] for each in deployment.activities if not each.get("NotScaledReasons")]
    return any(time > since for time in (*began, *scaled))
