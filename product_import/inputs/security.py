"""Inputs about who reaches what, and under whose keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.effects import REPLACES_REDIS, Effect
from product_import.inputs.names import ARN, ID, kms_key_arn
from product_import.inputs.rules import each_matches, each_network, matches, or_null, true_or_false


@dataclass(frozen=True, kw_only=True)
class SecurityInputs:
    redis_client_security_group_ids: Sequence[str] = field(
        default=(),
        metadata=about(
            "IDs of security groups that reach Redis beside the workers'",
            each_matches(
                f"sg-{ID}", "be a list of IDs of security groups (sg- and 8 or 17 hexadecimal digits)", least=0
            ),
            use="What adds the jobs is not to share the workers' group",
        ),
    )
    worker_egress_cidr_blocks: Sequence[str] = field(
        default=("0.0.0.0/0",),
        metadata=about(
            "IPv4 networks to which the workers may connect",
            each_network('be a list of at least one IPv4 network, such as "10.0.0.0/16"'),
            use="The workers must not reach all of the internet; ECR, S3, Secrets Manager, CloudWatch, Redis and the "
            "database have to be in them",
        ),
    )
    redis_kms_key_arn: str | None = field(
        default=None,
        metadata=about(
            "ARN of the KMS key of Redis at rest; null for AWS's own",
            or_null(kms_key_arn()),
            use="Rules ask for a key of yours; only before the first apply, for later it costs every job",
            effect=REPLACES_REDIS,
        ),
    )
    kms_key_arn: str | None = field(
        default=None,
        metadata=about(
            "ARN of the KMS key of the secret and the log groups, with which the execution role may decrypt; null for "
            "AWS's own",
            or_null(kms_key_arn()),
            use="Rules ask for a key of yours; its policy has to allow CloudWatch Logs of the region, and the way back "
            "[begins with a command](docs/permissions.md#secrets-and-kms-keys)",
            effect=Effect("in place; back to null, only after [a command](permissions.md#secrets-and-kms-keys)"),
        ),
    )
    iam_permissions_boundary_arn: str | None = field(
        default=None,
        metadata=about(
            "ARN of the policy that bounds what both roles may",
            or_null(
                matches(
                    f"{ARN}:iam::([0-9]{{12}}|aws):policy/[A-Za-z0-9+=,.@_/-]+",
                    "be the ARN of an IAM policy (arn:aws:iam::<account>:policy/<name>)",
                )
            ),
            use="Whoever applies may create no role without it",
        ),
    )
    worker_scale_in_protection: bool = field(
        default=False,
        metadata=about(
            "Whether a worker may protect its own task from a scale-in",
            true_or_false(),
            use="Jobs take longer than a worker has to stop; the application "
            "[requests it](docs/worker.md#protecting-a-long-job)",
        ),
    )
