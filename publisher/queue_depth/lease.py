"""Which one of many publishers serves an interval."""

from enum import Enum, auto

from redis import Redis
from redis.exceptions import ReadOnlyError, ResponseError

# No lease lasts longer, so one that would, or that has no expiry, is not a publisher's and stops nobody.
LONGEST_MILLISECONDS = 60_000

# Errors of a primary that takes no writes from anybody: it cannot save, or has too few replicas (redis, src/server.c,
# shared.bgsaveerr and shared.noreplicaserr).
_NO_WRITES = ("MISCONF ", "NOREPLICAS ")

# What holds the lease in the place of a publisher once the data point is there.
_PUBLISHED = "published"

# `allow-oom`: a Redis that is full takes no writes, but these it needs to take (redis.io, "Lua scripts: flags").
_TAKE = f"""#!lua flags=allow-oom
local holder = redis.call('GET', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if holder and holder ~= ARGV[1] and left >= 0 and left <= {LONGEST_MILLISECONDS} then
  return holder
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""
_CLOSE = """#!lua flags=allow-oom
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
"""
_RELEASE = """#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
"""


class NotWritableError(Exception):
    """Redis takes no writes, and so no lease."""


class Interval(Enum):
    """How an interval stands."""

    OURS = auto()
    """We hold the lease and are to publish."""
    TRIED = auto()
    """Another publisher holds the lease and has not published yet."""
    SERVED = auto()
    """The data point is there."""


def key(environment: str, prefix: str, queue: str) -> str:
    """Where the lease is: outside of Bull's own keys, where it could be taken for a job.

    Colons in a part are encoded: prefix `a:b` with queue `c` is another metric than prefix `a` with queue `b:c`.
    """
    return ":".join(
        ("queue-depth", *(part.replace("%", "%25").replace(":", "%3A") for part in (environment, prefix, queue)))
    )


def take(client: Redis, name: str, holder: str, milliseconds: int) -> Interval:
    """Request the lease `name` for the next `milliseconds`; its holder may do so again.

    Raises NotWritableError: a replica, or a primary that stopped writes. Raises RedisError.
    """
    try:
        current = client.eval(_TAKE, 1, name, holder, milliseconds)
    except ResponseError as error:
        if isinstance(error, ReadOnlyError) or str(error).startswith(_NO_WRITES):
            raise NotWritableError(
                "Redis takes no writes, so workers can take no job and the lease cannot be written; nothing is "
                f"published until it does. Redis says: {type(error).__name__}: {error}"
            ) from None
        raise
    if current == holder:
        return Interval.OURS
    return Interval.SERVED if current == _PUBLISHED else Interval.TRIED


def close(client: Redis, name: str, milliseconds: int) -> None:
    """Let nobody have the lease for the next `milliseconds`, since the data point is there. Raises RedisError."""
    client.eval(_CLOSE, 1, name, _PUBLISHED, milliseconds)


def release(client: Redis, name: str, holder: str) -> None:
    """Let another publisher have the lease, where `holder` has it. Raises RedisError."""
    client.eval(_RELEASE, 1, name, holder)
