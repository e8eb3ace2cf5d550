"""Jobs of a queue: the worker that takes them, and the one-off task that adds them.

Both run in the public image of Node, with Bull installed when they start: what is accepted is the module, not an image.
"""

import json
from typing import Any

from product_import.acceptance.record import TAG
from product_import.errors import UserError

IMAGE = "public.ecr.aws/docker/library/node:22-alpine"
BULL = "bull@4.16.5"
JOB_SECONDS = 60
READY = "/tmp/ready"
# Bull takes host, port and token from the URL, and not that rediss:// is TLS.
_QUEUE = (
    'const Bull = require("bull");'
    "const url = process.env.REDIS_URL;"
    'const queue = new Bull(process.env.QUEUE_NAME || "product-import", url,'
    ' url.startsWith("rediss:") ? { redis: { tls: {} } } : {});'
)
WORKER = _QUEUE + (
    "const seconds = Number(process.env.JOB_SECONDS);"
    "queue.process(Number(process.env.BULL_CONCURRENCY),"
    " () => new Promise((done) => setTimeout(done, seconds * 1000)));"
    'queue.on("error", (error) => console.error("Error: " + error.message));'
    f'queue.isReady().then(() => require("fs").writeFileSync(process.env.READY_FILE || "{READY}", ""));'
    'process.on("SIGTERM", () => queue.close().then(() => process.exit(0)));'
)
ADD = _QUEUE + (
    "const jobs = Array.from({ length: Number(process.env.JOBS) }, () => ({ data: {} }));"
    "queue.addBulk(jobs).then(() => queue.close()).then(() => process.exit(0), (error) => {"
    ' console.error("Error: " + error.message); process.exit(1); });'
)


def command(program: str) -> list[str]:
    """What a container of the image runs."""
    return ["sh", "-c", f"cd /tmp && npm install --silent --no-audit --no-fund {BULL} && exec node -e '{program}'"]


def inputs() -> dict[str, Any]:
    """The module's inputs of the worker."""
    return {
        "worker_image": IMAGE,
        "worker_command": command(WORKER),
        "worker_health_check_command": ["CMD-SHELL", f"test -f {READY}"],
        "worker_environment": {"JOB_SECONDS": str(JOB_SECONDS)},
    }


def add(ecs: Any, cluster: str, service: dict[str, Any], number: int) -> str:
    """Start the task that adds so many jobs, from within the VPC; returns its ARN.

    The cluster has the name of the run.

    Raises:
        UserError: ECS starts none.
    """
    override = {
        "name": "worker",
        "command": command(ADD),
        "environment": [{"name": "JOBS", "value": str(number)}],
    }
    answer = ecs.run_task(
        cluster=cluster,
        taskDefinition=service["taskDefinition"],
        launchType="FARGATE",
        networkConfiguration=service["networkConfiguration"],
        overrides={"containerOverrides": [override]},
        startedBy=TAG,
        tags=[{"key": TAG, "value": cluster}],
    )
    if not answer["tasks"]:
        raise UserError(f"ECS starts no task: {json.dumps(answer['failures'])}")
    arn: str = answer["tasks"][0]["taskArn"]
    return arn


def added(ecs: Any, cluster: str, task: str) -> bool | None:
    """Whether the task has done its work; None while it is at it.

    Raises:
        UserError: it failed.
    """
    (found,) = ecs.describe_tasks(cluster=cluster, tasks=[task])["tasks"]
    if found["lastStatus"] != "STOPPED":
        return None
    codes = [container.get("exitCode") for container in found["containers"] if container["name"] == "worker"]
    if codes != [0]:
        raise UserError(f"the task that adds jobs failed: {found.get('stoppedReason')}, exit code {codes}.")
    return True


def stop(ecs: Any, cluster: str) -> None:
    """Stop the tasks that add jobs: without Redis one would go on trying."""
    try:
        tasks = ecs.list_tasks(cluster=cluster, startedBy=TAG)["taskArns"]
    except ecs.exceptions.ClusterNotFoundException:
        return
    for task in tasks:
        ecs.stop_task(cluster=cluster, task=task, reason="The run is at its end.")
