"""Which one of many publishers serves an interval."""

from redis import Redis
from redis.exceptions import OutOfMemoryError


def take(client: Redis, queue: str, holder: str, milliseconds: int) -> bool:
    """Whether `holder` is the one to publish for `queue` during the next `milliseconds`.

    It stays the one when it asks again. When Redis is full and refuses the write, everyone without a living
    lease is: too many data points do no harm to an average, none at all would. Raises RedisError.
    """
    # Outside of Bull's own keys, where it could be taken for a job.
    key = f"queue-depth:{queue}"
    commands = client.pipeline(transaction=False)
    commands.set(key, holder, nx=True, px=milliseconds)
    commands.get(key)
    taken, current = commands.execute(raise_on_error=False)
    for reply in (taken, current):
        if isinstance(reply, Exception) and not isinstance(reply, OutOfMemoryError):
            raise reply
    return current in (holder, None)
