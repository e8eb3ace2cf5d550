"""The secret of REDIS_URL. Nothing here shows any part of it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from product_import.doctor.deployment import Answer, Deployment
from product_import.doctor.faults import SECRET_ELSEWHERE, SECRET_NO_URL
from product_import.doctor.findings import Fact, Finding


def redis_url(deployment: Deployment) -> Iterator[Finding | Fact]:
    """A URL, of this Redis, with what this Redis asks for."""
    if deployment.task is None:
        return
    url, reason = deployment.redis_url
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
        lacking.append("It begins with redis://, and this Redis wants TLS: rediss://.")
    if group.get("AuthTokenEnabled") and not password:
        lacking.append("It has no token, and this Redis wants one.")
    if lacking:
        yield Finding(SECRET_NO_URL, tuple(lacking))
    endpoint = _endpoint(group)
    if endpoint and (host, port) != endpoint:
        yield Finding(SECRET_ELSEWHERE, (f"It names {host}:{port}; this Redis is {endpoint[0]}:{endpoint[1]}.",))


def _endpoint(group: Answer) -> tuple[str, int] | None:
    """What clients connect to; while AWS creates the group there is nothing."""
    shards = group.get("NodeGroups", [])
    found = group.get("ConfigurationEndpoint") or (shards[0].get("PrimaryEndpoint") if shards else None)
    return (found["Address"].lower(), found["Port"]) if found else None
