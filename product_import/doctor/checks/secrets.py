"""The secrets that the tasks get, and the KMS keys of the deployment. Nothing here shows any part of a secret."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from product_import.doctor.account import NotLookedAtError
from product_import.doctor.comparison.compare import HIDDEN, Comparison, is_unknown
from product_import.doctor.deployment import Answer, Deployment, shown
from product_import.doctor.faults import DIFFERS, KEY_DISABLED, SECRET_ELSEWHERE, SECRET_NO_URL, SECRET_UNREADABLE
from product_import.doctor.findings import Fact, Finding

# botocore's model of Secrets Manager, the errors of GetSecretValue that nobody's permissions explain.
UNREADABLE = ("InvalidRequestException", "DecryptionFailure")
# IAM user guide, "Troubleshoot access denied error messages".
DENIED_BY_SECRET = "explicit deny in a resource-based policy"


def secrets(deployment: Deployment) -> Iterator[Finding]:
    """There, and not about to be deleted."""
    for arn, names in deployment.secrets().items():
        secret, of = deployment.secret(arn), f"{arn}, of {', '.join(names)}"
        if secret is None:
            yield Finding(SECRET_UNREADABLE, (f"{of}: it does not exist.",))
        elif "DeletedDate" in secret:
            yield Finding(
                SECRET_UNREADABLE, (f"{of}: it is scheduled for deletion since {shown(secret['DeletedDate'])}.",)
            )


def keys(deployment: Deployment) -> Iterator[Finding]:
    """Enabled."""
    found: dict[str, list[str]] = {}
    for arn in deployment.secrets():
        secret = deployment.secret(arn)
        if secret and secret.get("KmsKeyId"):
            found.setdefault(secret["KmsKeyId"], []).append(arn.rpartition(":")[2])
    for group in deployment.configuration.resources("aws_cloudwatch_log_group").values():
        if isinstance(key := group["kms_key_id"], str):
            found.setdefault(key, []).append(f"log group {group['name']}")
    if deployment.redis and deployment.redis.get("KmsKeyId"):
        found.setdefault(deployment.redis["KmsKeyId"], []).append("Redis")
    for key, users in found.items():
        answer = deployment.account.read("kms:DescribeKey", absent="NotFoundException", KeyId=key)
        state = answer["KeyMetadata"].get("KeyState", "unknown") if answer else "not there"
        if state != "Enabled":
            yield Finding(KEY_DISABLED, (f"{key} is {state}. It encrypts {', '.join(users)}.",))


def redis_url(deployment: Deployment) -> Iterator[Finding | Fact]:
    """A URL, of this Redis, with what this Redis requires and the configuration has."""
    if deployment.task is None:
        return
    try:
        url, reason = deployment.redis_url
    except NotLookedAtError as error:
        if error.code in UNREADABLE or DENIED_BY_SECRET in error.message:
            yield Finding(SECRET_UNREADABLE, (f"{deployment.redis_url_secret}, of REDIS_URL: {error.message}",))
            return
        raise
    if url is None:
        yield Finding(SECRET_NO_URL, (reason,))
        return
    try:
        parts = urlsplit(url)
        host, port, password = parts.hostname, parts.port, parts.password
    except ValueError:  # its text has parts of the URL
        host = port = password = None
    if host is None or parts.scheme not in ("redis", "rediss"):
        yield Finding(SECRET_NO_URL, ("What it holds is no URL that begins with rediss:// and names a host.",))
        return
    yield Fact("REDIS_URL", "a URL")
    group = deployment.redis
    if group is None:
        return
    lacking = []
    if group.get("TransitEncryptionEnabled") and parts.scheme == "redis":
        lacking.append("It begins with redis://, and this Redis requires TLS: rediss://.")
    if group.get("AuthTokenEnabled") and not password:
        lacking.append("It has no token, and this Redis requires one.")
    if lacking:
        yield Finding(SECRET_NO_URL, tuple(lacking))
    endpoint = _endpoint(group)
    elsewhere = endpoint and (host, port) != endpoint
    if endpoint and elsewhere:
        yield Finding(SECRET_ELSEWHERE, (f"It names {host}:{port}; this Redis is {endpoint[0]}:{endpoint[1]}.",))
    if not (lacking or elsewhere):
        yield from _other_text(deployment, url)


def _other_text(deployment: Deployment, url: str) -> Iterator[Finding]:
    """Whether the URL is not the one that the configuration makes: then its token or its form is another."""
    version = deployment.once(Comparison).configuration.resource("aws_secretsmanager_secret_version", "redis_url")
    text = version["secret_string"]
    if is_unknown(text):
        return
    if json.loads(text).get("url") != url:
        where = "aws_secretsmanager_secret_version.redis_url.secret_string"
        yield Finding(DIFFERS, (f"{where}: {HIDDEN}, where another text is {deployment.configured_by}.",))


def _endpoint(group: Answer) -> tuple[str, int] | None:
    """What clients connect to. While AWS creates the group there is nothing."""
    shards = group.get("NodeGroups", [])
    found = group.get("ConfigurationEndpoint") or (shards[0].get("PrimaryEndpoint") if shards else None)
    return (found["Address"].lower(), found["Port"]) if found else None
