"""How many jobs want a worker now."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from redis import Redis

_LISTS = ("wait", "paused", "active")
_SORTED_SETS = ("prioritized", "delayed", "completed", "failed")
_OTHER_KEYS = ("meta", "id", "stalled-check")
# BullMQ Pro keeps the jobs of a group in `groups:<id>`, its groups in one of the first four, and the last group that it
# served in `groups-lid`. These are the keys of its script pauseGroup; it documents none of them.
_GROUP_KEYS = ("groups", "groups:limit", "groups:max", "groups:paused", "groups-lid")

# A script is a transaction as MULTI is, but a full Redis, which refuses to queue commands for EXEC, still runs it.
# Every command takes the same time for any number of jobs. BullMQ 3 and 4 left an entry such as 0:0 at the right
# end of a list to wake workers up, which is no job: no hash is behind it.
# Both libraries add to the left end of `wait` and take from its right end; `lifo` and Bull 4's prioritized jobs are
# put in from the right, so the oldest job may be at either end (their scripts addJob, addStandardJob).
_COUNT = r"""
local counts = {}
local waiting
local paused = redis.call('HEXISTS', KEYS[8], 'paused') == 1
for i = 1, 3 do
  local last = redis.call('LINDEX', KEYS[i], -1)
  local marker = last and last:match('^0:%d+$') and redis.call('EXISTS', ARGV[1] .. last) == 0
  counts[i] = redis.call('LLEN', KEYS[i]) - (marker and 1 or 0)
  if i == 1 and counts[1] > 0 and not paused then
    waiting = {redis.call('LINDEX', KEYS[1], 0), redis.call('LINDEX', KEYS[1], marker and -2 or -1)}
  end
end
for i = 4, 7 do
  counts[i] = redis.call('ZCARD', KEYS[i])
end
counts[8] = paused and 1 or 0
counts[9] = redis.call('EXISTS', unpack(KEYS))
counts[10] = redis.call('EXISTS', unpack(KEYS, 11))
waiting = waiting or {}
if not paused then
  waiting[#waiting + 1] = redis.call('ZRANGE', KEYS[4], 0, 0)[1]
end
local jobs = {}
for _, id in ipairs(waiting) do
  local job = redis.pcall('HMGET', ARGV[1] .. id, 'timestamp', 'opts')
  jobs[#jobs + 1] = not job.err and job or nil
end
counts[11] = jobs
return counts
"""


class QueueUnknownError(Exception):
    """Redis holds no key of this queue."""


class GroupsError(Exception):
    """The queue has groups of BullMQ Pro."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Jobs by state, as getJobCounts returns them. BullMQ 6 has no state `paused`: it leaves such jobs waiting."""

    waiting: int
    """Bull 4: with the prioritized ones, which it keeps in `wait` and, a second time, in `priority`."""
    prioritized: int
    """BullMQ: these are not in `wait`. Bull 4: always 0."""
    active: int
    paused: int
    delayed: int
    completed: int
    failed: int
    queue_paused: bool
    oldest_waiting_age: int
    """Seconds since the oldest job at the ends of what waits was due: added, and its own delay over. 0 with none."""

    @property
    def ready(self) -> int:
        """Jobs that a worker can take now: waiting and prioritized ones, each counted once. None of a paused queue."""
        # Bull 4 and BullMQ 5 move `wait` to `paused`; BullMQ 5 leaves `prioritized` in place, and BullMQ 6 both.
        return 0 if self.queue_paused else self.waiting + self.prioritized

    @property
    def depth(self) -> int:
        """Jobs that need a worker now: those that are ready, and active ones."""
        return self.ready + self.active


def measure(client: Redis, prefix: str, name: str) -> Counts:
    """Read all counts at one moment and in one round trip; needs Redis 7.

    Raises QueueUnknownError where no key of the queue exists, which is so for a wrong prefix or name, and before
    any use. The first job leaves `id` for good, and BullMQ's Queue `meta`. Until then a worker's `stalled-check`
    shows that the queue is the right one; Bull sets it every 30 s for 30 s, so it may be away for a moment and an
    interval has to be tried more than once. Raises GroupsError for a queue with groups, whose jobs would be missed.
    Raises RedisError.
    """
    queue = f"{prefix}:{name}:"
    keys = [queue + key for key in _LISTS + _SORTED_SETS + _OTHER_KEYS + _GROUP_KEYS]
    wait, paused, active, prioritized, delayed, completed, failed, queue_paused, known, grouped, jobs = client.eval_ro(
        _COUNT, len(keys), *keys, queue
    )
    if not known:
        raise QueueUnknownError(
            f"no key {prefix}:{name}:* in Redis: QUEUE_PREFIX or QUEUE_NAME is wrong, or neither a worker nor a job "
            "has been there yet"
        )
    if grouped:
        raise GroupsError(
            f"{prefix}:{name} has groups of BullMQ Pro, whose jobs cannot be counted here: publish the depth from the "
            "application (README, Without it), or add the jobs without a group"
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
        oldest_waiting_age=_age(jobs),
    )


def _age(jobs: Sequence[tuple[str | None, str | None]]) -> int:
    due = [milliseconds for job in jobs if (milliseconds := _due(*job)) is not None]
    # The clocks of the application and of this machine may differ a little.
    return max(0, int(time.time()) - min(due) // 1000) if due else 0


def _due(timestamp: str | None, options: str | None) -> int | None:
    """When the job was added and its own delay over; Bull clears the job's own `delay` when it is due.

    None for a hash that was removed under it, a job that is not of Bull's making, or a time that is none: Bull takes
    any from the application. Whatever it is, the depth is known.
    """
    try:
        delay = json.loads(options or "{}").get("delay") or 0
        return int(float(timestamp or "")) + int(float(delay))
    except (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError):
        return None
