"""One data point in each interval."""

import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

from redis import Redis
from redis.exceptions import RedisError

from . import lease
from .connection import connect
from .depth import measure
from .heartbeat import Pulse
from .log import log
from .metric import CloudWatch, cloudwatch, publish
from .settings import Settings

# Intervals begin at the clock's multiples of their length, so that each of CloudWatch's minutes gets one data point.
# Publishers begin at a random moment of the first part, so that it is not always the same one that serves.
_BEGIN_WITHIN = 0.1
# No try begins after this part, and leases end a little later but before the interval does: neither latency nor
# clocks not quite the same give an interval a second data point or cost the next one its only one.
_TRY_WITHIN = 0.9
_LEASED = 0.95
# A try that has not come to its end by then is another publisher's to make.
_TRY_LASTS = 0.5
# A publisher that only stands by says so at first and then this often, so that it does not look like a dead one.
_SILENCE_SECONDS = 3600


class TooLateError(Exception):
    """The lease ended before the measurement could be published."""


def publish_each_interval(settings: Settings, queue: str, stop: threading.Event, pulse: Pulse) -> None:
    """Serve the interval that is running, then each further one, until `stop`.

    Whatever fails is logged and tried again with a fresh measurement until the interval ends; then its data point
    is missing, which the alarm reads as a failure. No error ends the loop.
    """
    publisher = _Publisher(settings, queue, pulse)
    length = settings.interval
    while not stop.is_set():
        begin = time.time() // length * length
        publisher.serve(begin, stop)
        pause = begin + (1 + random.uniform(0, _BEGIN_WITHIN)) * length - time.time()
        # Where the clock was set back in the meantime, the next interval would be far away.
        stop.wait(min(pause, (1 + _BEGIN_WITHIN) * length))


class _Publisher:
    def __init__(self, settings: Settings, queue: str, pulse: Pulse) -> None:
        self._settings = settings
        self._queue = queue
        self._pulse = pulse
        self._lease = lease.key(settings.environment, settings.queue_prefix, queue)
        self._holder = uuid.uuid4().hex
        self._client: CloudWatch | None = None
        self._spoke = float("-inf")

    def serve(self, begin: float, stop: threading.Event) -> None:
        """See to it that the interval from `begin` on gets its data point, from here or from another publisher."""
        interval = self._settings.interval
        last_try, lease_end = (begin + part * interval for part in (_TRY_WITHIN, _LEASED))
        if time.time() > last_try:
            return
        for pause in _pauses(interval):
            self._pulse.tried()
            error = None
            try:
                state = self._attempt(lease_end)
            except Exception as raised:
                state, error = lease.Interval.TRIED, raised
            if state is not lease.Interval.TRIED:
                self._pulse.served()
                return
            again = time.time() + pause <= last_try
            if error:
                pause_logged = round(pause, 3) if again else None
                log.warning("failed", {"queue": self._queue, "error": error, "retry_in_seconds": pause_logged})
            if stop.wait(pause if again else 0):
                return
            if not again or time.time() > last_try:
                log.error("no data point in this interval", {"queue": self._queue})
                return

    def _attempt(self, lease_end: float) -> lease.Interval:
        """Publish, unless another publisher has or is about to; returns how the interval stands now."""
        settings = self._settings
        # Before the lease, which a publisher without credentials has no use for.
        self._client = client = self._client or cloudwatch(settings.region)
        own_end = min(lease_end, time.time() + _TRY_LASTS * settings.interval)
        with connect(settings.redis) as redis:
            state = lease.take(redis, self._lease, self._holder, _milliseconds_until(own_end))
            if state is lease.Interval.SERVED:
                self._stand_by()
            if state is not lease.Interval.OURS:
                return state
            try:
                depth = self._publish(redis, client, own_end)
            except Exception:
                with suppress(RedisError):
                    lease.release(redis, self._lease, self._holder)
                raise
            try:
                lease.close(redis, self._lease, _milliseconds_until(lease_end))
            except RedisError as error:
                # The data point is there; another one beside it does no harm to an average.
                log.warning("lease not closed", {"queue": self._queue, "error": error})
        self._spoke = monotonic()
        log.info("published", {"queue": self._queue, "depth": depth})
        return state

    def _publish(self, redis: Redis, client: CloudWatch, own_end: float) -> int:
        settings = self._settings
        measured = datetime.now(UTC)
        counts = measure(redis, settings.queue_prefix, self._queue)
        if time.time() > own_end:
            raise TooLateError("the lease ended before the measurement could be published")
        publish(client, settings, self._queue, counts, measured)
        return counts.depth

    def _stand_by(self) -> None:
        if monotonic() - self._spoke >= _SILENCE_SECONDS:
            self._spoke = monotonic()
            log.info("standing by", {"queue": self._queue})


def _milliseconds_until(end: float) -> int:
    return max(1, int((end - time.time()) * 1000))


def _pauses(interval: int) -> Iterator[float]:
    """Seconds between tries, at the default interval about 1, 2, 4, 8 and then 15."""
    pause = interval / 60
    while True:
        yield pause * random.uniform(0.5, 1)
        pause = min(2 * pause, interval / 4)
