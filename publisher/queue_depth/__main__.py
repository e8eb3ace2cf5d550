"""The command: python -m queue_depth."""

import argparse
import json
import os
import signal
import sys
import threading
from dataclasses import asdict

from .log import log, start_logging
from .settings import Settings, SettingsError

_STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}
_GRACE_SECONDS = 0.5


def main() -> int:
    """Returns the exit status: 0, 1 for a failed run; wrong usage exits with 2."""
    parser = argparse.ArgumentParser(
        prog="queue_depth",
        description="Publishes the depth of a Bull queue to CloudWatch, once an interval.",
        epilog="Read from the environment: REDIS_URL, ENVIRONMENT, AWS_REGION, QUEUE_NAME (product-import), "
        "QUEUE_PREFIX (bull), INTERVAL (60, seconds).",
    )
    parser.add_argument("--once", action="store_true", help="measure once, print the counts as JSON, publish, end")
    parser.add_argument("--dry-run", action="store_true", help="with --once: do not publish")
    options = parser.parse_args()
    if options.dry_run and not options.once:
        parser.error("--dry-run goes with --once")
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        parser.error(str(error))
    start_logging(settings.redis.password)
    return _once(settings, options.dry_run) if options.once else _until_stopped(settings)


def _once(settings: Settings, dry_run: bool) -> int:
    # The libraries take most of the start, so what does not need them does not wait for them.
    from .connection import connect  # noqa: PLC0415
    from .depth import measure  # noqa: PLC0415

    try:
        with connect(settings.redis) as redis:
            counts = measure(redis, settings.queue_prefix, settings.queue_name)
        print(json.dumps({"depth": counts.depth, **asdict(counts)}))
        if not dry_run:
            from .metric import cloudwatch, publish  # noqa: PLC0415

            publish(cloudwatch(settings.region), settings.environment, settings.queue_name, counts.depth)
    except Exception as error:
        log.error("failed", {"error": error})
        return 1
    return 0


def _until_stopped(settings: Settings) -> int:
    """Waits for a signal here while a thread publishes, so that no call of a library can hold up the stop."""
    # Blocked and waited for instead of handled: a handler could interrupt anything, and process 1 has none by default.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    stop = threading.Event()
    failures: list[BaseException] = []

    def publish() -> None:
        try:
            from .loop import publish_each_interval  # noqa: PLC0415

            publish_each_interval(settings, stop)
        except BaseException as error:
            failures.append(error)
            os.kill(os.getpid(), signal.SIGTERM)

    publisher = threading.Thread(target=publish, daemon=True)
    publisher.start()
    signal.sigwait(_STOP_SIGNALS)
    stop.set()
    publisher.join(_GRACE_SECONDS)
    for error in failures:
        log.error("ended", {"error": error})
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
