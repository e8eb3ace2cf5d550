"""The containers of the worker's task."""

from typing import Any

from product_import.aws.cloudwatch_log_group import CloudwatchLogGroup
from product_import.inputs import Inputs
from product_import.module.expressions import call, conditional, each, jsonencode, listed_if, operation
from product_import.module.redis import Redis
from product_import.module.resources import attribute

# What the application and the publisher take without a variable.
QUEUE_NAME, QUEUE_PREFIX = "product-import", "bull"
STOP_TIMEOUT_SECONDS = 60
# The publisher takes about 50 MiB; the rest of the task's memory is the worker's.
QUEUE_DEPTH_MEMORY_MIB = 64


def containers(inputs: Inputs, redis: Redis, log_group: CloudwatchLogGroup) -> str:
    """The JSON of the containers: the worker, and the queue-depth publisher where its image is named."""
    # Its id, which is unknown where the group is created: a running task has its stream in the group that was there
    # before, and sends its logs nowhere (moby, daemon/logger/awslogs/cloudwatchlogs.go).
    log_group_name = attribute(log_group, "id")
    # The key "url" of the secret's JSON, in its current version.
    redis_url = call("join", "", [attribute(redis.url_secret, "arn"), ":url::"])
    queue_prefix = listed_if(
        operation(inputs.queue_prefix, "!=", QUEUE_PREFIX), {"name": "QUEUE_PREFIX", "value": inputs.queue_prefix}
    )
    worker = {
        "name": "worker",
        "image": inputs.worker_image,
        "essential": True,
        "command": inputs.worker_command,
        "environment": call(
            "concat",
            [
                {"name": "WORKER_TYPE", "value": "product-import"},
                {"name": "BULL_CONCURRENCY", "value": call("tostring", inputs.worker_concurrency)},
                {"name": "ENABLE_API", "value": "false"},
                {"name": "NODE_ENV", "value": inputs.environment},
                {"name": "AWS_REGION", "value": inputs.aws_region},
            ],
            # Where they are as ever, the environment is: a variable more would be a new revision.
            listed_if(
                operation(inputs.queue_name, "!=", QUEUE_NAME), {"name": "QUEUE_NAME", "value": inputs.queue_name}
            ),
            queue_prefix,
            each(inputs.worker_environment, "{ name = key, value = val }"),
        ),
        # By name, as a map is: their order is a difference before release 5.37 of the provider.
        "secrets": each(
            call(
                "merge",
                {
                    "DATABASE_URL": inputs.database_secret_arn,
                    "REDIS_URL": redis_url,
                    "INTEGRATION_ENCRYPTION_KEY": inputs.encryption_key_secret_arn,
                },
                inputs.worker_secrets,
            ),
            "{ name = key, valueFrom = val }",
        ),
        "logConfiguration": _logs(inputs, log_group_name, "worker"),
        "healthCheck": {
            "command": inputs.worker_health_check_command,
            "interval": 30,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 60,
        },
        "stopTimeout": STOP_TIMEOUT_SECONDS,
    }
    queue_depth = {
        "name": "queue-depth",
        "image": inputs.queue_depth_image,
        # The worker goes on without it: missing data alarms.
        "essential": False,
        # Since it is not essential, its end replaces no task. A run shorter than the period, which is the shortest that
        # AWS takes, is not repeated: a setting is wrong (Amazon ECS Developer Guide, container-restart-policy).
        "restartPolicy": {"enabled": True, "restartAttemptPeriod": 60},
        "memoryReservation": QUEUE_DEPTH_MEMORY_MIB,
        "readonlyRootFilesystem": True,
        # For people to see: ECS itself does nothing about it, for the health of a container that is not essential is no
        # part of its task's (Amazon ECS API Reference, HealthCheck).
        "healthCheck": {
            "command": ["CMD", "python", "-m", "queue_depth", "--check"],
            "interval": 60,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 120,
        },
        "environment": call(
            "concat",
            [
                {"name": "ENVIRONMENT", "value": inputs.environment},
                {"name": "QUEUE_NAME", "value": inputs.queue_name},
                {"name": "AWS_REGION", "value": inputs.aws_region},
            ],
            queue_prefix,
        ),
        "secrets": [{"name": "REDIS_URL", "valueFrom": redis_url}],
        "logConfiguration": _logs(inputs, log_group_name, "queue-depth"),
    }
    if not inputs.queue_depth_image:
        return jsonencode([worker])
    # By name: before release 5.39 of the provider the order is a difference.
    start = conditional(operation(inputs.queue_depth_image, "==", ""), 1, 0)
    return jsonencode(call("slice", [queue_depth, worker], start, 2))


def _logs(inputs: Inputs, log_group_name: str, stream_prefix: str) -> dict[str, Any]:
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": log_group_name,
            "awslogs-region": inputs.aws_region,
            "awslogs-stream-prefix": stream_prefix,
        },
    }
