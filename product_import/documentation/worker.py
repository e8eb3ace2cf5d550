"""The module's page on the worker: what the module gives it, from the task definition, and what it has to do."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from product_import.configuration import Configuration
from product_import.documentation.markdown import Row, table_rows
from product_import.module.containers import QUEUE_DEPTH_MEMORY_MIB, QUEUE_NAME, QUEUE_PREFIX
from product_import.module.redis import PARAMETERS


class Meaning(NamedTuple):
    """What a variable of the worker's environment means, and an example of its value."""

    text: str
    example: str


MEANINGS: Mapping[str, Meaning] = {
    "WORKER_TYPE": Meaning("Tells an image with several programs which one to be. Always this value", "product-import"),
    "BULL_CONCURRENCY": Meaning("Jobs that the worker runs at once: `worker_concurrency`", "5"),
    "ENABLE_API": Meaning("Tells an image that also serves an API not to. Always this value", "false"),
    "NODE_ENV": Meaning("`environment`. Libraries only know `production` and `development`", "production"),
    "AWS_REGION": Meaning("Region of S3 and CloudWatch: `aws_region`", "us-east-1"),
    "QUEUE_NAME": Meaning(f"Name of the queue. Only set if `queue_name` is not `{QUEUE_NAME}`", "catalogue-import"),
    "QUEUE_PREFIX": Meaning(f"Prefix of Bull's keys. Only set if `queue_prefix` is not `{QUEUE_PREFIX}`", "shop"),
    "REDIS_URL": Meaning(
        "URL of the primary endpoint of Redis, with TLS. The token is percent-encoded",
        "rediss://:to%24ken@primary.example:6379",
    ),
    "DATABASE_URL": Meaning("The secret `database_secret_arn`, as it is", "postgres://user:password@host/products"),
    "INTEGRATION_ENCRYPTION_KEY": Meaning(
        "The secret `encryption_key_secret_arn`, as it is", "as your application stores it"
    ),
}
"""By name. A variable of the task definition without an entry fails the synthesis."""


def worker_values(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template of docs/worker.md shows of the task definition.

    Args:
        tree: the module as Terraform's JSON has it, without comments.

    Raises:
        KeyError: the task definition has a variable without a meaning.
    """
    worker = container(tree, {"queue_name": "other", "queue_prefix": "other"})
    return {
        "variable_rows": table_rows(_variables(worker)),
        "command": " ".join(worker["command"]),
        "health": worker["healthCheck"],
        "health_command": worker["healthCheck"]["command"][-1],
        "stop_timeout": worker["stopTimeout"],
        "redis_parameters": PARAMETERS,
        "queue_depth_memory": QUEUE_DEPTH_MEMORY_MIB,
        "queue_name": QUEUE_NAME,
        "queue_prefix": QUEUE_PREFIX,
    }


def container(tree: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The worker's container of the task definition."""
    task = Configuration(tree, inputs).resource("aws_ecs_task_definition", "import_worker")
    (worker,) = (each for each in json.loads(task["container_definitions"]) if each["name"] == "worker")
    found: dict[str, Any] = worker
    return found


def _variables(worker: Mapping[str, Any]) -> Iterator[Row]:
    for kind, listed in (("variable", worker["environment"]), ("secret", worker["secrets"])):
        for name in (each["name"] for each in listed):
            meaning = MEANINGS[name]
            yield f"`{name}`", kind, f"{meaning.text}.", f"`{meaning.example}`"
