"""Inputs about the workers: where they run, what they run, and what that may reach."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.names import ARN, CLUSTER_NAME, IN_REGION, secret_arn
from product_import.inputs.rules import in_region_of, last_part_is, matches, one_of, paired_with, whole_number

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
        )
    )
    ecs_cluster_name: str = field(
        metadata=about(
            "Name of the ECS cluster",
            matches(CLUSTER_NAME, "be 1 to 255 letters, digits, hyphens and underscores"),
        )
    )
    worker_image: str = field(
        metadata=about(
            "Docker image of the worker", matches(r"[^\s]+", "be the name of an image, not empty and without blanks")
        )
    )
    database_secret_arn: str = field(metadata=about("ARN of the secret with DATABASE_URL", secret_arn()))
    encryption_key_secret_arn: str = field(
        metadata=about("ARN of the secret with INTEGRATION_ENCRYPTION_KEY", secret_arn())
    )
    s3_bucket_arn: str = field(
        metadata=about(
            "ARN of the bucket of product images",
            matches(f"{ARN}:s3:::[A-Za-z0-9._-]{{3,255}}", "be the ARN of an S3 bucket (arn:aws:s3:::<name>)"),
        )
    )
    worker_cpu: int = field(
        default=2048, metadata=about("CPU units of a worker, 1024 are one vCPU", one_of(FARGATE_SIZES))
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
            ),
        ),
    )
    worker_concurrency: int = field(default=5, metadata=about("Jobs that a worker processes at once", whole_number(1)))
