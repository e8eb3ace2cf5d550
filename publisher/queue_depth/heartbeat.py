"""Signs of life, for those who watch the program from outside."""

import sys
import time
from pathlib import Path
from time import monotonic

from .log import log

# The file is touched every few seconds.
_FRESH_SECONDS = 60
# Intervals that may end badly before a publisher no longer counts as well: one data point may fail for a moment.
_INTERVALS = 3


class Pulse:
    """When the publisher of one queue last did something, and last did well."""

    def __init__(self, interval: int) -> None:
        self._well_seconds = (_INTERVALS + 1) * interval
        self._tried = self._served = monotonic()

    def tried(self) -> None:
        """A try has begun or an interval is over."""
        self._tried = monotonic()

    def served(self) -> None:
        """An interval has its data point."""
        self._served = monotonic()

    @property
    def age(self) -> float:
        """Seconds since the last try."""
        return monotonic() - self._tried

    @property
    def well(self) -> bool:
        """Whether one of the last intervals has its data point."""
        return monotonic() - self._served < self._well_seconds


class Heart:
    """Touches a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._fails = False

    def beat(self) -> None:
        """Where it fails the program goes on, says so once, and `check` finds it unwell."""
        try:
            self._file.touch()
        except OSError as error:
            if not self._fails:
                log.warning("no heartbeat", {"error": error})
            self._fails = True
        else:
            self._fails = False


def check(file: Path) -> int:
    """The exit status of a health check: 0 for a fresh file, else 1 with a line that says why."""
    try:
        age = time.time() - file.stat().st_mtime
    except OSError as error:
        print(f"queue_depth: no heartbeat: {error}", file=sys.stderr)
        return 1
    if age > _FRESH_SECONDS:
        print(f"queue_depth: the last heartbeat is {age:.0f} s old", file=sys.stderr)
        return 1
    return 0
