"""What the command does: publish until it is stopped, or once, or tell whether it does."""

import argparse
import gc
import json
import os
import signal
import threading
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from time import monotonic
from typing import NoReturn

from . import heartbeat
from .log import log, start_logging
from .settings import Settings, SettingsError

# What a thread gets to end a call or a line of the log.
_GRACE_SECONDS = 0.5
_LOOK_SECONDS = 5
# Longer than any interval with what its last try may take: looking up names, and the calls' own timeouts.
_STUCK_SECONDS = 240
# What a measurement with `--once` may take, as long as an interval.
_ONCE_SECONDS = 60
# A check that comes so late shows that the whole process was frozen (SIGSTOP, a paused container): no call has hung.
_FROZEN_SECONDS = 60


class StuckError(Exception):
    """A call that should have ended long ago has not."""


def main(stop_signals: Collection[signal.Signals]) -> int:
    """Returns the exit status: 0, 1 for a failed run; wrong usage and what no later try could mend exit with 2.

    `stop_signals` are blocked.
    """
    parser = argparse.ArgumentParser(
        prog="queue_depth",
        description="Publishes the depth of Bull queues to CloudWatch, once an interval.",
        epilog="Read from the environment: REDIS_URL, ENVIRONMENT, AWS_REGION, QUEUE_NAME (product-import; several "
        "separated by commas), QUEUE_PREFIX (bull), INTERVAL (60, seconds), METRICS (none; more of them, separated by "
        "commas), HEARTBEAT_FILE (/dev/shm/queue-depth).",
    )
    parser.add_argument("--once", action="store_true", help="measure once, print the counts as JSON, publish, end")
    parser.add_argument("--dry-run", action="store_true", help="with --once: do not publish")
    parser.add_argument(
        "--check", action="store_true", help="tell by the exit status whether one that runs here is well"
    )
    options = parser.parse_args()
    if options.dry_run and not options.once:
        parser.error("--dry-run goes with --once")
    if options.check and options.once:
        parser.error("--check goes alone")
    try:
        settings = Settings.from_environment(os.environ)
        if options.check:
            return heartbeat.check(settings.heartbeat_file)
        if not options.dry_run:
            # The libraries take most of the start, so what does not need them does not wait for them, and no garbage is
            # looked for among what they load, now or later: it stays to the end.
            gc.disable()
            from .metric import check_environment  # noqa: PLC0415

            check_environment(settings.region)
            gc.freeze()
            gc.enable()
    except SettingsError as error:
        parser.error(str(error))
    start_logging(settings.redis.password)
    if options.once:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, stop_signals)
        return _once(settings, options.dry_run)
    return _until_stopped(settings, stop_signals)


def _once(settings: Settings, dry_run: bool) -> int:
    """Measure each queue in a thread: the timeouts of Redis's client start again with each byte that comes."""
    return max(_once_in_time(settings, queue, dry_run) for queue in settings.queue_names)


def _once_in_time(settings: Settings, queue: str, dry_run: bool) -> int:
    statuses: list[int] = []

    def run() -> None:
        try:
            _measure_and_publish(settings, queue, dry_run)
            statuses.append(0)
        except Exception as error:
            log.error("failed", {"queue": queue, "error": error})
            statuses.append(1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(_ONCE_SECONDS)
    if thread.is_alive():
        log.error("failed", {"queue": queue, "error": StuckError(f"a call has not ended for {_ONCE_SECONDS} s")})
    return statuses[0] if statuses else 1


def _measure_and_publish(settings: Settings, queue: str, dry_run: bool) -> None:
    from .connection import connect  # noqa: PLC0415
    from .depth import measure  # noqa: PLC0415

    measured = datetime.now(UTC)
    with connect(settings.redis) as redis:
        counts = measure(redis, settings.queue_prefix, queue)
    print(json.dumps({"queue": queue, "depth": counts.depth, **asdict(counts)}))
    if not dry_run:
        from .metric import cloudwatch, publish  # noqa: PLC0415

        publish(cloudwatch(settings.region), settings, queue, counts, measured)


def _stopped(stop_signals: Collection[signal.Signals]) -> bool:
    """Wait a few seconds for one of the signals, without a handler, which could interrupt anything."""
    received = signal.sigtimedwait(stop_signals, _LOOK_SECONDS)
    # After SIGSTOP and SIGCONT past the timeout, CPython returns the siginfo that sigtimedwait(2) did not fill in
    # (Modules/signalmodule.c, signal_sigtimedwait_impl).
    return received is not None and received.si_signo in stop_signals


def _until_stopped(settings: Settings, stop_signals: Collection[signal.Signals]) -> NoReturn:
    """Waits for a signal here while a thread for each queue publishes: no call of a library holds up the stop."""
    stop = threading.Event()
    failures: list[BaseException] = []
    pulses = {queue: heartbeat.Pulse(settings.interval) for queue in settings.queue_names}

    def publish(queue: str, pulse: heartbeat.Pulse) -> None:
        try:
            from .loop import publish_each_interval  # noqa: PLC0415

            publish_each_interval(settings, queue, stop, pulse)
        except BaseException as error:
            failures.append(error)
            os.kill(os.getpid(), signal.SIGTERM)

    threads = [threading.Thread(target=publish, args=each, daemon=True) for each in pulses.items()]
    threads.insert(0, threading.Thread(target=log.info, args=("started", settings.shown()), daemon=True))
    for thread in threads:
        thread.start()
    heart = heartbeat.Heart(settings.heartbeat_file)
    looked = monotonic()
    while not _stopped(stop_signals):
        before, looked = looked, monotonic()
        if looked - before > _FROZEN_SECONDS:
            for pulse in pulses.values():
                pulse.tried()
        if stuck := [queue for queue, pulse in pulses.items() if pulse.age > _STUCK_SECONDS]:
            failures.append(StuckError(f"a call has not ended for {_STUCK_SECONDS} s; queues: {', '.join(stuck)}"))
            break
        if all(pulse.well for pulse in pulses.values()):
            heart.beat()
    stop.set()
    for error in failures:
        threads.append(threading.Thread(target=log.error, args=("ended", {"error": error}), daemon=True))
        threads[-1].start()
    patience = monotonic() + _GRACE_SECONDS
    for thread in threads:
        thread.join(max(0, patience - monotonic()))
    # At its usual end Python would wait for a log that nobody reads any more.
    os._exit(1 if failures else 0)
