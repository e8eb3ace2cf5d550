"""The program under test, run as in its container."""

import json
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Any

_PUBLISHER = Path(__file__).parents[2] / "publisher"
_COMMAND = (sys.executable, "-m", "queue_depth")
# Only keeps a failing test from waiting for ever: a machine may be ten times as slow as usual.
_PATIENCE_SECONDS = 60


def run(variables: Mapping[str, str], *arguments: str, patches: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program to its end, after some lines of Python."""
    return subprocess.run(
        [*patched(patches), *arguments],
        cwd=_PUBLISHER,
        env=dict(variables),
        text=True,
        capture_output=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


def popen(variables: Mapping[str, str], stderr: int, command: tuple[str, ...] = _COMMAND) -> "subprocess.Popen[str]":
    """Start the program."""
    return subprocess.Popen(command, cwd=_PUBLISHER, env=dict(variables), text=True, stderr=stderr)


def patched(patches: str) -> tuple[str, ...]:
    """The program after some lines of Python."""
    run_module = "import runpy; runpy.run_module('queue_depth', run_name='__main__')"
    return (sys.executable, "-c", f"{patches}\n{run_module}")


def until(is_so: Callable[[], object]) -> None:
    """Wait until it is so."""
    patience = monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert monotonic() < patience
        sleep(0.01)


def interval_from(begin: float) -> str:
    """Patches with which an interval begins at this time, so that 50 seconds of 60 are left on a slow machine too."""
    return f"import time\nclock = time.time\ntime.time = lambda: clock() - {begin}"


class Program:
    """A publisher that runs until it is told to stop; each line that it logs goes to `log` and to `output`.

    `patches`, lines of Python, are run before it: they shorten what takes long, or hold up what is quick.
    """

    def __init__(self, variables: Mapping[str, str], log: "Log | None" = None, patches: str = "") -> None:
        self.log = Log() if log is None else log
        self.output = ""
        self.process = popen(variables, subprocess.PIPE, patched(patches) if patches else _COMMAND)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.output += line
            self.log.put((self, json.loads(line)))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE_SECONDS)

    def kill(self) -> None:
        """End it at once and take in all that it logged."""
        self.process.kill()
        self.process.wait()
        self._reader.join()


class Log(queue.Queue[tuple[Program, dict[str, Any]]]):
    """The lines of one or several publishers."""

    def lines_until(self, event: str) -> list[tuple[Program, dict[str, Any]]]:
        """The next lines up to one of this event, which is the last of them."""
        patience = monotonic() + _PATIENCE_SECONDS
        lines: list[tuple[Program, dict[str, Any]]] = []
        while not lines or lines[-1][1]["event"] != event:
            assert monotonic() < patience, lines
            lines.append(self.get(timeout=_PATIENCE_SECONDS))
        return lines
