"""The module's inputs: one table, from which come the Terraform variables, the checks and the documentation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any

from product_import.inputs.rules import (
    Rule,
    at_least,
    each_matches,
    map_of_strings,
    matches,
    one_of,
    paired_with,
    positive,
    whole_number,
)

from cdktf import Token

# CPU units to MiB of memory. Source: the Amazon ECS developer guide, "Task CPU and memory" of Fargate.
FARGATE_SIZES: Mapping[int, range | tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}

_TERRAFORM_TYPES = {
    str: "string",
    str | None: "string",
    int: "number",
    float: "number",
    Sequence[str]: "list(string)",
    Mapping[str, str]: "map(string)",
}

_ID = "[0-9a-f]{8}([0-9a-f]{9})?"
_ARN = "arn:aws[a-z-]*"
_IN_REGION = "[a-z0-9-]+:[0-9]{12}"
# AWS puts a "!" into the names of secrets that its services own. A key is free but for what ends a string.
_SECRET_NAME, _SECRET_KEY = "[A-Za-z0-9/_+=.@!-]+", r'[^:"\\{\r\n]*'
_SECRET = f"{_ARN}:secretsmanager:{_IN_REGION}:secret:{_SECRET_NAME}((:{_SECRET_KEY}){{3}})?"
_SECRET_ALLOWED = (
    "be the ARN of a secret (arn:aws:secretsmanager:<region>:<account>:secret:<name>), "
    "with :<json key>:<stage>:<version> after it where a part of the secret is meant"
)
_CLUSTER_NAME = "[A-Za-z0-9_-]{1,255}"
_TOPIC = matches(
    f"{_ARN}:sns:{_IN_REGION}:[A-Za-z0-9_-]{{1,256}}",
    "be the ARN of an SNS topic (arn:aws:sns:<region>:<account>:<name>)",
)


def _about(description: str, *rules: Rule, sensitive: bool = False) -> dict[str, Any]:
    return {"description": description, "rules": rules, "sensitive": sensitive}


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The values of the module's inputs: real ones from a Python program, or references to Terraform variables.

    `redis_auth_token` may be left out: it is then a sensitive variable of the stack (TF_VAR_redis_auth_token), so that
    no secret is written to cdktf.out.
    """

    environment: str = field(
        metadata=_about(
            "Name of the environment, a part of every resource's name",
            matches(
                "[a-z](-?[a-z0-9])*",
                "be 1 to 25 lower-case letters, digits and single hyphens, start with a letter and end with a letter "
                "or digit",
                longest=25,
            ),
        )
    )
    aws_region: str = field(
        default="us-east-1",
        metadata=_about(
            "AWS region of the provider that the module gets; for the workers' logs and their AWS_REGION",
            matches("[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}", 'be the name of an AWS region, such as "us-east-1"'),
        ),
    )
    vpc_id: str = field(
        metadata=_about(
            "ID of the VPC",
            matches(f"vpc-{_ID}", "be the ID of a VPC (vpc- and 8 or 17 hexadecimal digits)"),
        )
    )
    private_subnet_ids: Sequence[str] = field(
        metadata=_about(
            "IDs of the private subnets of Redis and the workers",
            each_matches(
                f"subnet-{_ID}",
                "be a list of at least one ID of a subnet (subnet- and 8 or 17 hexadecimal digits)",
            ),
        )
    )
    tags: Mapping[str, str] = field(
        default_factory=dict,
        metadata=_about(
            "Tags of the resources, the autoscaling target excepted, below those that the module sets itself",
            map_of_strings(),
        ),
    )
    redis_node_type: str = field(
        default="cache.r7g.large",
        metadata=_about(
            "Node type of Redis",
            matches(
                "cache[.][a-z0-9]+[.][a-z0-9]+",
                'be an ElastiCache node type, such as "cache.r7g.large", and neither of the t1 nor of the r6gd family',
                excluded="cache[.](t1|r6gd)[.]",
            ),
        ),
    )
    redis_num_replicas: int = field(
        default=3,
        metadata=_about(
            "Number of Redis nodes, the primary among them; failover and Multi-AZ from 2 on", whole_number(1, 6)
        ),
    )
    redis_auth_token: str | None = field(
        default=None,
        metadata=_about(
            "AUTH token of Redis",
            matches(
                "[A-Za-z0-9!&#$^<>-]{16,128}",
                "be 16 to 128 letters, digits and characters of ! & # $ ^ < > -",
            ),
            sensitive=True,
        ),
    )
    ecs_cluster_id: str = field(
        metadata=_about(
            "ARN of the ECS cluster",
            matches(
                f"({_ARN}:ecs:{_IN_REGION}:cluster/)?{_CLUSTER_NAME}",
                "be the ARN of an ECS cluster (arn:aws:ecs:<region>:<account>:cluster/<name>) or its name",
            ),
        )
    )
    ecs_cluster_name: str = field(
        metadata=_about(
            "Name of the ECS cluster",
            matches(_CLUSTER_NAME, "be 1 to 255 letters, digits, hyphens and underscores"),
        )
    )
    worker_image: str = field(
        metadata=_about(
            "Docker image of the worker", matches(r"[^\s]+", "be the name of an image, not empty and without blanks")
        )
    )
    worker_cpu: int = field(
        default=2048, metadata=_about("CPU units of a worker, 1024 are one vCPU", one_of(FARGATE_SIZES))
    )
    worker_memory: int = field(
        default=4096,
        metadata=_about(
            "Memory of a worker in MiB",
            paired_with(
                "worker_cpu",
                FARGATE_SIZES,
                "go with the worker_cpu on Fargate: "
                + "; ".join(
                    f"{cpu}: {', '.join(map(str, sizes))}"
                    if isinstance(sizes, tuple)
                    else f"{cpu}: {sizes[0]} to {sizes[-1]} in steps of {sizes.step}"
                    for cpu, sizes in FARGATE_SIZES.items()
                ),
            ),
        ),
    )
    worker_concurrency: int = field(default=5, metadata=_about("Jobs that a worker processes at once", whole_number(1)))
    worker_min_count: int = field(default=2, metadata=_about("Smallest number of workers", whole_number(1)))
    worker_max_count: int = field(
        default=50, metadata=_about("Largest number of workers", whole_number(1), at_least("worker_min_count"))
    )
    target_jobs_per_worker: float = field(
        default=10, metadata=_about("Queued jobs per running worker that autoscaling aims at", positive())
    )
    database_secret_arn: str = field(
        metadata=_about("ARN of the secret with DATABASE_URL", matches(_SECRET, _SECRET_ALLOWED))
    )
    encryption_key_secret_arn: str = field(
        metadata=_about("ARN of the secret with INTEGRATION_ENCRYPTION_KEY", matches(_SECRET, _SECRET_ALLOWED))
    )
    s3_bucket_arn: str = field(
        metadata=_about(
            "ARN of the bucket of product images",
            matches(f"{_ARN}:s3:::[A-Za-z0-9._-]{{3,255}}", "be the ARN of an S3 bucket (arn:aws:s3:::<name>)"),
        )
    )
    sns_alarm_topic_arn: str = field(metadata=_about("ARN of the SNS topic of alarms", _TOPIC))
    sns_critical_topic_arn: str = field(metadata=_about("ARN of the SNS topic of critical alarms", _TOPIC))
    queue_depth_image: str = field(
        default="",
        metadata=_about(
            "Docker image of the queue-depth publisher, which then runs beside each worker; empty for none",
            matches(r"[^\s]*", "be the name of an image without blanks, or empty"),
        ),
    )


@dataclass(frozen=True)
class Input:
    """A row of the table.

    Attributes:
        default: None where the input is required.
    """

    name: str
    type: str
    description: str
    required: bool
    default: Any
    sensitive: bool
    rules: tuple[Rule, ...]


def _row(item: Field[Any]) -> Input:
    default = item.default if item.default_factory is MISSING else item.default_factory()
    sensitive = item.metadata["sensitive"]
    required = sensitive or default is MISSING
    return Input(
        name=item.name,
        type=_TERRAFORM_TYPES[item.type],  # type: ignore[index]
        description=item.metadata["description"],
        required=required,
        default=None if required else default,
        sensitive=sensitive,
        rules=item.metadata["rules"],
    )


INPUTS = tuple(_row(item) for item in fields(Inputs))


class InputError(ValueError):
    """Inputs that break their rules; the text has a line for each, with what is allowed and what was given."""


def check(inputs: Inputs) -> None:
    """Check real values. A token of cdktf, such as a reference to another stack, has no value yet and passes.

    Raises:
        InputError: for all broken rules together. A sensitive value does not show.
    """
    errors = []
    for row in INPUTS:
        value = getattr(inputs, row.name)
        if row.sensitive and value is None:
            continue
        for rule in row.rules:
            others = [getattr(inputs, name) for name in rule.others]
            if not rule.accepts(value, *others) and not any(map(_is_reference, (value, *others))):
                given = "(sensitive value)" if row.sensitive else repr(value)
                errors.append(f"{rule.message(row.name)} Given: {given}.")
                break
    if errors:
        raise InputError("\n".join(errors))


def _is_reference(value: object) -> bool:
    """Whether a value is or holds a token of cdktf."""
    try:
        # Infinity and NaN are no JSON: they would end the Node that answers here.
        json.dumps(value, allow_nan=False, default=str)
    except ValueError:
        return False
    return Token.is_unresolved(value)
