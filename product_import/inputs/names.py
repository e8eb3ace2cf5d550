"""The forms of AWS's names, as rules and as the patterns that they are made of."""

from product_import.inputs.rules import Rule, in_region_of, matches

ID = "[0-9a-f]{8}([0-9a-f]{9})?"
ARN = "arn:aws[a-z-]*"
IN_REGION = "[a-z0-9-]+:[0-9]{12}"
CLUSTER_NAME = "[A-Za-z0-9_-]{1,255}"
# AWS puts a "!" into the names of secrets that its services own, and a hyphen with six random characters behind every
# name (Secrets Manager API Reference, CreateSecret). A key takes any character except those that end a string.
_SECRET_NAME, _SECRET_KEY = "[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}", r'[^:"\\{\r\n]*'


def secret_arn() -> Rule:
    """The ARN of a secret, or of a part of one as ECS writes it.

    Of any region: the Amazon ECS developer guide ("Specifying sensitive data") lets a task refer to another one's.
    It must be the full ARN (Amazon ECS API Reference, Secret): without the random characters the execution role's
    policy matches no secret, and no task starts. A name that itself ends like them cannot be told apart.
    """
    return matches(
        f"{ARN}:secretsmanager:{IN_REGION}:secret:{_SECRET_NAME}((:{_SECRET_KEY}){{3}})?",
        "be the full ARN of a secret with the hyphen and the six random characters that AWS appended to its name "
        "(arn:aws:secretsmanager:<region>:<account>:secret:<name>-AbCdEf), "
        "with :<json key>:<stage>:<version> after it where a part of the secret is meant",
    )


def kms_key_arn() -> Rule:
    """The ARN of a KMS key; that of an alias is none, for policies do not take it."""
    return matches(
        f"{ARN}:kms:{IN_REGION}:key/(mrk-[0-9a-f]{{32}}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})",
        "be the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>)",
    )


def alarm_topic_arn() -> tuple[Rule, ...]:
    """The ARN of an SNS topic that CloudWatch takes.

    Of a topic elsewhere it says "Invalid region ca-central-1 specified. Only us-west-2 is supported." (seen in
    cds-snc/notification-terraform, pull request 128).
    """
    return (
        matches(
            f"{ARN}:sns:{IN_REGION}:[A-Za-z0-9_-]{{1,256}}",
            "be the ARN of an SNS topic (arn:aws:sns:<region>:<account>:<name>)",
        ),
        in_region_of("aws_region"),
    )
