"""Inputs about the workers: where they run, what they run, and what that may reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.effects import NOTHING, REVISION, Effect
from product_import.inputs.logs import retention
from product_import.inputs.names import ARN, CLUSTER_NAME, IN_REGION, secret_arn
from product_import.inputs.rules import (
    apart_from,
    each_matches,
    each_named,
    in_region_of,
    last_part_is,
    matches,
    one_of,
    paired_with,
    starts_with,
    true_or_false,
    whole_number,
)

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

# The names that the module gives itself, or means to give, to what the container reads.
RESERVED_VARIABLES = (
    *("WORKER_TYPE", "BULL_CONCURRENCY", "ENABLE_API", "NODE_ENV", "AWS_REGION", "QUEUE_NAME", "QUEUE_PREFIX"),
    *("DATABASE_URL", "REDIS_URL", "INTEGRATION_ENCRYPTION_KEY"),
)
_VARIABLE = "[A-Za-z_][A-Za-z0-9_]*"
_NAMES = f"names of letters, digits and underscores, none of {', '.join(RESERVED_VARIABLES)}"


@dataclass(frozen=True, kw_only=True)
class WorkerInputs:
    ecs_cluster_id: str = field(
        metadata=about(
            "ARN of the ECS cluster",
            matches(
                f"({ARN}:ecs:{IN_REGION}:cluster/)?{CLUSTER_NAME}",
                "be the ARN of an ECS cluster (arn:aws:ecs:<region>:<account>:cluster/<name>) or its name",
            ),
            # Autoscaling and the alarms look for the service in the cluster of that name.
            last_part_is("ecs_cluster_name", "be of the cluster that the ecs_cluster_name names"),
            in_region_of("aws_region"),
            # The autoscaling target follows, for its name is read from the service.
            effect=Effect("**replaces the service**: its workers stop before new ones start", ("ecs_service",)),
        )
    )
    ecs_cluster_name: str = field(
        metadata=about(
            "Name of the ECS cluster",
            matches(CLUSTER_NAME, "be 1 to 255 letters, digits, hyphens and underscores"),
            effect=Effect(
                "goes with the ecs_cluster_id; replaces the autoscaling target and its policies",
                ("appautoscaling_target", "appautoscaling_policy"),
            ),
        )
    )
    worker_image: str = field(
        metadata=about(
            "Docker image of the worker",
            matches(r"[^\s]+", "be the name of an image, not empty and without blanks"),
            effect=REVISION,
        )
    )
    database_secret_arn: str = field(
        metadata=about(
            "Full ARN of the secret with DATABASE_URL, AWS's six random characters included",
            secret_arn(),
            effect=REVISION,
        )
    )
    encryption_key_secret_arn: str = field(
        metadata=about(
            "Full ARN of the secret with INTEGRATION_ENCRYPTION_KEY, AWS's six random characters included",
            secret_arn(),
            effect=REVISION,
        )
    )
    s3_bucket_arn: str = field(
        metadata=about(
            "ARN of the bucket of product images",
            matches(f"{ARN}:s3:::[A-Za-z0-9._-]{{3,255}}", "be the ARN of an S3 bucket (arn:aws:s3:::<name>)"),
        )
    )
    worker_cpu: int = field(
        default=2048,
        metadata=about(
            "CPU units of a worker, 1024 are one vCPU",
            one_of(FARGATE_SIZES),
            use="The CPU of the workers is mostly idle, or always busy",
            effect=REVISION,
        ),
    )
    worker_memory: int = field(
        default=4096,
        metadata=about(
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
                brief="go with the worker_cpu, [as Fargate has it](docs/scaling.md#cpu-and-memory-on-fargate)",
            ),
            use="Workers run out of memory, or use a part of it only",
            effect=REVISION,
        ),
    )
    worker_concurrency: int = field(
        default=5,
        metadata=about(
            "Jobs that a worker processes at once",
            whole_number(1),
            use="More where jobs mostly wait for others, fewer where a worker runs out of memory",
            effect=REVISION,
        ),
    )
    worker_cpu_architecture: str = field(
        default="X86_64",
        metadata=about(
            "CPU architecture of the workers",
            one_of(("X86_64", "ARM64")),
            use="ARM64 costs a fifth less; the images of the worker and of the publisher have to be built for it",
            effect=REVISION,
        ),
    )
    # Up to 99: AWS places nothing on a provider of weight 0, and FARGATE has the rest of 100 as its weight.
    # Source: the Amazon ECS API Reference, CapacityProviderStrategyItem.
    worker_fargate_spot_percent: int = field(
        default=0,
        metadata=about(
            "Percentage of the workers above the worker_min_count that run on Fargate Spot",
            whole_number(0, 99),
            use="Workers may be stopped [at any time](docs/changes.md#workers-on-fargate-spot), to cost less; best in "
            "a new environment, because only late releases of provider 6 change the service in place",
            effect=Effect(
                "**replaces the service**; late releases of provider 6: in place",
                ("ecs_service", "appautoscaling_target", "appautoscaling_policy"),
                (),
            ),
        ),
    )
    worker_command: Sequence[str] = field(
        default=("node", "dist/workers/product-import-worker.js"),
        metadata=about(
            "Command of the worker's container",
            each_matches(r"(?s:.+)", "be a list of at least one string, none of them empty"),
            use="The image starts its worker otherwise",
            effect=REVISION,
        ),
    )
    worker_health_check_command: Sequence[str] = field(
        default=("CMD-SHELL", "node healthcheck.js || exit 1"),
        metadata=about(
            "Command by which ECS sees that a worker is healthy",
            starts_with(
                ("CMD", "CMD-SHELL"), 2, "be a list of CMD or CMD-SHELL and at least one string, none of them empty"
            ),
            use="The image checks its health otherwise",
            effect=REVISION,
        ),
    )
    worker_environment: Mapping[str, str] = field(
        default_factory=dict,
        metadata=about(
            "Further variables of the worker's environment",
            each_named(_VARIABLE, f"be a map of strings with {_NAMES}", reserved=RESERVED_VARIABLES),
            use="The application reads settings of its own; what is secret belongs into worker_secrets",
            effect=REVISION,
        ),
    )
    worker_secrets: Mapping[str, str] = field(
        default_factory=dict,
        metadata=about(
            "Further secrets in the worker's environment: the names of the variables with the full ARNs of the secrets",
            each_named(
                _VARIABLE,
                "be a map of full ARNs of secrets with the hyphen and the six random characters that AWS appended to "
                "their names, :<json key>:<stage>:<version> after them where a part is meant, "
                f"with {_NAMES}",
                reserved=RESERVED_VARIABLES,
                of=secret_arn(),
            ),
            apart_from("worker_environment"),
            use="The application needs keys of further services; the execution role may then read them",
            effect=REVISION,
        ),
    )
    worker_enable_execute_command: bool = field(
        default=False,
        metadata=about(
            "Whether ECS Exec gives a shell in a worker",
            true_or_false(),
            use="Somebody has to look into a worker; tasks that run already have to be started anew",
        ),
    )
    worker_wait_for_steady_state: bool = field(
        default=False,
        metadata=about(
            "Whether an apply waits until a deployment is over",
            true_or_false(),
            use="Later steps of a pipeline need the new workers; "
            "[after a rollback](docs/changes.md#deploy-the-workers) only late releases of provider 6 fail; with "
            "workers on Spot a change of it starts [a new deployment](docs/changes.md#workers-on-fargate-spot)",
            effect=NOTHING,
        ),
    )
    propagate_tags: str = field(
        default="NONE",
        metadata=about(
            "Whose tags new tasks get",
            one_of(("NONE", "SERVICE", "TASK_DEFINITION")),
            use="Fargate's bill is to be split by tag: it is untagged without it",
        ),
    )
    worker_log_retention_in_days: int = field(
        default=30,
        metadata=about("Days for which the workers' logs are kept", retention(), use="Law or budget ask for it"),
    )
