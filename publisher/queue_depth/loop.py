"""One data point in each interval."""

import random
import threading
import time
import uuid
from collections.abc import Iterator

from . import lease
from .connection import connect
from .depth import measure
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


def publish_each_interval(settings: Settings, stop: threading.Event) -> None:
    """Serve the interval that is running, then each further one, until `stop`.

    Whatever fails is logged and tried again with a fresh measurement until the interval ends; then its data point
    is missing, which the alarm reads as a failure. No error ends the loop, since nobody restarts it.
    """
    client = cloudwatch(settings.region)
    holder = uuid.uuid4().hex
    length = settings.interval
    while not stop.is_set():
        begin = time.time() // length * length
        _serve(settings, client, holder, begin, stop)
        stop.wait(begin + (1 + random.uniform(0, _BEGIN_WITHIN)) * length - time.time())


def _serve(settings: Settings, client: CloudWatch, holder: str, begin: float, stop: threading.Event) -> None:
    last_try, lease_end = (begin + part * settings.interval for part in (_TRY_WITHIN, _LEASED))
    for pause in _pauses(settings.interval):
        now = time.time()
        if now > last_try or stop.is_set():
            return
        try:
            _attempt(settings, client, holder, int((lease_end - now) * 1000))
        except Exception as error:
            again = time.time() + pause <= last_try
            log.warning("failed", {"error": error, "retry_in_seconds": round(pause, 3) if again else None})
            if not again:
                log.error("no data point in this interval")
                return
            stop.wait(pause)
        else:
            return


def _attempt(settings: Settings, client: CloudWatch, holder: str, milliseconds: int) -> None:
    with connect(settings.redis) as redis:
        if not lease.take(redis, f"{settings.queue_prefix}:{settings.queue_name}", holder, milliseconds):
            return
        counts = measure(redis, settings.queue_prefix, settings.queue_name)
    publish(client, settings.environment, settings.queue_name, counts.depth)
    log.info("published", {"depth": counts.depth})


def _pauses(interval: int) -> Iterator[float]:
    """Seconds between tries, at the default interval about 1, 2, 4, 8 and then 15."""
    pause = interval / 60
    while True:
        yield pause * random.uniform(0.5, 1)
        pause = min(2 * pause, interval / 4)
