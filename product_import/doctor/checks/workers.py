"""The workers that run, and their last deployment."""

from collections.abc import Iterator
from datetime import timedelta

from product_import.doctor.deployment import RECENTLY, Answer, Deployment, shown
from product_import.doctor.faults import DEPLOYMENT_FAILED, NO_WORKERS, SERVICE_MISSING, WORKERS_MISSING
from product_import.doctor.findings import Fact, Finding

REASONS_SHOWN = 3
EVENTS_SINCE = timedelta(hours=1)
# botocore's model of ECS, ServiceDeploymentStatus.
NOT_SUCCESSFUL = ("ROLLBACK_", "STOP")


def workers(deployment: Deployment) -> Iterator[Finding | Fact]:
    """As many as wanted, or why not."""
    service = deployment.service
    if service is None:
        name = deployment.expected("ecs_service", "import_worker")["name"]
        yield Finding(SERVICE_MISSING, (f"{name} in the cluster {deployment.cluster}",))
        return
    running, wanted, starting = (service[f"{state}Count"] for state in ("running", "desired", "pending"))
    counts = f"{running} run, {wanted} are wanted, {starting} are starting"
    yield Fact("workers", counts)
    if running == 0:
        yield Finding(NO_WORKERS, (f"{counts}.", *_reasons(deployment, service)))
    elif running < wanted and not _changed_recently(deployment, service):
        yield Finding(WORKERS_MISSING, (f"{counts}.", *_reasons(deployment, service)))


def last_deployment(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Whether it succeeded."""
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
    if not found:
        # Of a service that nobody has deployed since ECS keeps a list of deployments.
        for failed in (each for each in service["deployments"] if each.get("rolloutState") == "FAILED"):
            yield Finding(DEPLOYMENT_FAILED, (failed.get("rolloutStateReason", "FAILED"), runs))
        return
    last = max(found, key=lambda each: each["createdAt"])
    yield Fact("last deployment", f"{last['status']}, begun {shown(last['createdAt'])}")
    if last["status"].startswith(NOT_SUCCESSFUL):
        reason = last.get("statusReason", "ECS gives no reason.")
        yield Finding(DEPLOYMENT_FAILED, (f"{last['status']}: {reason}", runs, *_stopped(deployment)))


def _changed_recently(deployment: Deployment, service: Answer) -> bool:
    """Whether ECS may still be starting what is wanted."""
    since = deployment.now - RECENTLY
    began = [each["createdAt"] for each in service["deployments"] if each["status"] == "PRIMARY"]
    scaled = [each["StartTime"] for each in deployment.activities if not each.get("NotScaledReasons")]
    return any(time > since for time in (*began, *scaled))


def _reasons(deployment: Deployment, service: Answer) -> Iterator[str]:
    """What ECS says: the service's last events, and why tasks stopped."""
    since = deployment.now - EVENTS_SINCE
    recent = (event["message"] for event in service.get("events", []) if event["createdAt"] > since)
    for message in list(dict.fromkeys(recent))[:REASONS_SHOWN]:
        yield f"ECS: {message}"
    yield from _stopped(deployment)


def _stopped(deployment: Deployment) -> Iterator[str]:
    reasons = []
    for task in deployment.tasks("STOPPED"):
        containers = [
            f"{container['name']}: {container.get('reason') or 'exit code ' + str(container['exitCode'])}"
            for container in task.get("containers", [])
            if container.get("reason") or container.get("exitCode")
        ]
        reasons.append("; ".join([task.get("stoppedReason", "no reason"), *containers]))
    for reason in list(dict.fromkeys(reasons))[:REASONS_SHOWN]:
        yield f"A task stopped: {reason}"
