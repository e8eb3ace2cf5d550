"""How many jobs want a worker now."""

from dataclasses import dataclass

from redis import Redis

_LISTS = ("wait", "paused", "active")
_SORTED_SETS = ("prioritized", "delayed", "completed", "failed")
_OTHER_KEYS = ("meta", "id", "stalled-check")

# A script is a transaction as MULTI is, but a full Redis, which refuses to queue commands for EXEC, still runs it.
# Every command takes the same time for any number of jobs. BullMQ 3 and 4 left an entry such as 0:0 at the right
# end of a list to wake workers up, which is no job.
_COUNT = r"""
local counts = {}
for i = 1, 3 do
  local last = redis.call('LINDEX', KEYS[i], -1)
  local marker = last and last:match('^0:%d+$')
  counts[i] = redis.call('LLEN', KEYS[i]) - (marker and 1 or 0)
end
for i = 4, 7 do
  counts[i] = redis.call('ZCARD', KEYS[i])
end
counts[8] = redis.call('HEXISTS', KEYS[8], 'paused')
counts[9] = redis.call('EXISTS', unpack(KEYS))
return counts
"""


class QueueUnknownError(Exception):
    """Redis holds no key of this queue."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Jobs by state, as Bull's getJobCounts has them."""

    waiting: int
    """Bull 4: with the prioritized ones, which it keeps in `wait` and, a second time, in `priority`."""
    prioritized: int
    """BullMQ 5: these are not in `wait`. Bull 4: always 0."""
    active: int
    paused: int
    delayed: int
    completed: int
    failed: int
    queue_paused: bool

    @property
    def depth(self) -> int:
        """Jobs that want a worker now: waiting, prioritized ones counted once, and active."""
        # Pausing moves `wait` to `paused`, but BullMQ leaves `prioritized` where it is.
        return self.waiting + self.active + (0 if self.queue_paused else self.prioritized)


def measure(client: Redis, prefix: str, name: str) -> Counts:
    """Read all counts at one moment and in one round trip; needs Redis 7.

    Raises QueueUnknownError where no key of the queue exists, which is so for a wrong prefix or name, and before
    any use. The first job leaves `id` for good, and BullMQ's Queue `meta`. Until then a worker's `stalled-check`
    shows that the queue is the right one; Bull sets it every 30 s for 30 s, so it may be away for a moment and an
    interval has to be tried more than once. Raises RedisError.
    """
    keys = [f"{prefix}:{name}:{key}" for key in _LISTS + _SORTED_SETS + _OTHER_KEYS]
    wait, paused, active, prioritized, delayed, completed, failed, queue_paused, known = client.eval_ro(
        _COUNT, len(keys), *keys
    )
    if not known:
        raise QueueUnknownError(
            f"no key {prefix}:{name}:* in Redis: QUEUE_PREFIX or QUEUE_NAME is wrong, or neither a worker nor a job "
            "has been there yet"
        )
    return Counts(
        waiting=wait,
        prioritized=prioritized,
        active=active,
        paused=paused,
        delayed=delayed,
        completed=completed,
        failed=failed,
        queue_paused=bool(queue_paused),
    )
