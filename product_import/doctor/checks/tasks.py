"""Tasks that stopped in the last hour: what ended them, whatever the counts say now."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from product_import.doctor.deployment import Answer, Deployment
from product_import.doctor.faults import (
    ADDRESSES_MISSING,
    IMAGE_NOT_PULLED,
    OUT_OF_MEMORY,
    SECRET_UNREADABLE,
    TASKS_STOP,
    Fault,
)
from product_import.doctor.findings import Fact, Finding
from product_import.words import counted

REASONS_SHOWN = 3
# So many tasks that end by themselves within an hour are no accident.
LOOP = 3
# botocore's model of ECS, TaskStopCode: the task's own end. The others are scaling, deployments, people and AWS.
OWN_END = ("EssentialContainerExited", "TaskFailedToStart")
# ECS developer guide, "Stopped tasks error messages" and "Service event messages". The first that fits counts.
CAUSES: Mapping[Fault, str] = {
    OUT_OF_MEMORY: r"OutOfMemory",
    IMAGE_NOT_PULLED: r"CannotPull|pull image|registry auth from ecr|ecr registry auth",
    ADDRESSES_MISSING: r"InsufficientFreeAddresses|free (IP )?addresses|RESOURCE:ENI",
    SECRET_UNREADABLE: r"unable to (pull|retrieve) secrets?|secrets manager|secretsmanager",
}


def tasks(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Out of memory, an image or a secret that cannot be read, no address, or again and again for any reason."""
    if deployment.service is None:
        return
    ended = [task for task in deployment.stopped_tasks if _failed(task)]
    yield Fact("stopped tasks", f"{len(ended)} failed in the last hour")
    unexplained = []
    by_fault: dict[Fault, Counter[str]] = {}
    for said in [_said(task) for task in ended]:
        fault = _cause(said)
        if fault is None:
            unexplained.append(said)
        else:
            by_fault.setdefault(fault, Counter())[said] += 1
    for event in deployment.events:
        # ECS says the same of tasks that it could not even begin.
        if re.search("unable to|failed to", event) and (fault := _cause(event)) is not None:
            by_fault.setdefault(fault, Counter())[f"ECS: {event}"] += 1
    for fault, kinds in by_fault.items():
        yield Finding(fault, tuple(_counted(kinds)))
    if len(unexplained) >= LOOP:
        yield Finding(TASKS_STOP, tuple(_counted(Counter(unexplained))))


def reasons(deployment: Deployment) -> Iterator[str]:
    """What ECS says: the last events of the service, and why tasks stopped."""
    yield from (f"ECS: {event}" for event in deployment.events[:REASONS_SHOWN])
    yield from _counted(Counter(map(_said, deployment.stopped_tasks)))


def _failed(task: Answer) -> bool:
    """Whether the task ended by itself, or ECS ended it for its health."""
    return task.get("stopCode") in OWN_END or "health check" in task.get("stoppedReason", "")


def _cause(said: str) -> Fault | None:
    return next((fault for fault, pattern in CAUSES.items() if re.search(pattern, said)), None)


def _said(task: Answer) -> str:
    """Why a task stopped, and how its containers ended. No task's own id: tasks that end alike say the same."""
    containers = [
        f"{container.get('name')}: {', '.join(_ended(container))}"
        for container in task.get("containers", [])
        if container.get("reason") or container.get("exitCode")
    ]
    reason = "; ".join([task.get("stoppedReason", "no reason"), *containers])
    return re.sub(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "...", reason)


def _ended(container: Answer) -> Iterator[str]:
    if container.get("reason"):
        yield container["reason"]
    if container.get("exitCode"):
        yield f"exit code {container['exitCode']}"


def _counted(kinds: Counter[str]) -> Iterator[str]:
    for said, number in kinds.most_common(REASONS_SHOWN):
        yield said if said.startswith("ECS: ") else f"{counted(number, 'task')} stopped: {said}"
