"""The option `queue_depth_image`: the queue-depth publisher as a second container of the worker's task."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.engine import deployment
from tests.engine.conftest import Attached
from tests.engine.deployment import Deployment

import pytest

TASK = "aws_ecs_task_definition.import_worker"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, attached: Attached, synthesized: Path) -> Deployment:
    """A deployment without the publisher, for one test after the other."""
    consumer = deployment.consumer(attached(tmp_path_factory.mktemp("queue-depth")), synthesized)
    consumer.init()
    consumer.apply()
    return consumer


def containers(state: Mapping[str, Any]) -> Any:
    """The container definitions of a state, the worker's first."""
    return sorted(json.loads(state[TASK]["container_definitions"]), key=lambda container: container["name"] != "worker")


def test_the_default_leaves_the_worker_alone(deployed: Deployment) -> None:
    """One container, and an empty image is the default."""
    assert [container["name"] for container in containers(deployed.state())] == ["worker"]
    assert deployed.actions(queue_depth_image="") == {}


def test_an_image_adds_the_container_in_a_new_revision(deployed: Deployment) -> None:
    """Nothing else changes: the permission, the secret and the log group are there."""
    deployed.apply(queue_depth_image="")
    plan = deployed.plan(queue_depth_image='registry/"odd"\\${image}:1')
    assert {address: actions for address, actions in deployed.changes(plan).items() if address != TASK} == {
        "aws_ecs_service.import_worker": ("update",)
    }
    deployed.engine.apply()
    state = deployed.state()
    worker, publisher = containers(state)
    secret = state["aws_secretsmanager_secret.redis_url"]["arn"]
    assert worker["name"] == "worker"
    publisher = {name: value for name, value in publisher.items() if value != []}
    publisher["environment"].sort(
        key=lambda variable: ["ENVIRONMENT", "QUEUE_NAME", "AWS_REGION"].index(variable["name"])
    )
    assert publisher == {
        "name": "queue-depth",
        "image": 'registry/"odd"\\${image}:1',
        "essential": False,
        "restartPolicy": {"enabled": True, "restartAttemptPeriod": 60},
        "memoryReservation": 64,
        "readonlyRootFilesystem": True,
        "healthCheck": {
            "command": ["CMD", "python", "-m", "queue_depth", "--check"],
            "interval": 60,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 120,
        },
        "environment": [
            {"name": "ENVIRONMENT", "value": "production"},
            {"name": "QUEUE_NAME", "value": "product-import"},
            {"name": "AWS_REGION", "value": "us-east-1"},
        ],
        "secrets": [{"name": "REDIS_URL", "valueFrom": f"{secret}:url::"}],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "/ecs/production/product-import-worker",
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "queue-depth",
            },
        },
    }


def test_it_fits_the_smallest_task(deployed: Deployment) -> None:
    """Its reservation is a part of the task's memory, of which Fargate has 512 MiB at least."""
    deployed.apply(queue_depth_image="queue-depth:1", worker_cpu=256, worker_memory=512)
    state = deployed.state()
    reserved = sum(container.get("memoryReservation", 0) for container in containers(state))
    assert reserved < int(state[TASK]["memory"]) == 512
