"""The program under test, run as in its container."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

_PUBLISHER = Path(__file__).parents[2] / "publisher"
_COMMAND = (sys.executable, "-m", "queue_depth")
# Only keeps a failing test from waiting for ever.
_PATIENCE_SECONDS = 30


def run(variables: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [*_COMMAND, *arguments],
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


def _patched(patches: str) -> tuple[str, ...]:
    run_module = "import runpy; runpy.run_module('queue_depth', run_name='__main__')"
    return (sys.executable, "-c", f"{patches}\n{run_module}")


class Program:
    """A publisher that runs until it is told to stop; each line that it logs goes to `log` and to `output`.

    `patches`, lines of Python, are run before it: they shorten what takes long, or hold up what is quick.
    """

    def __init__(self, variables: Mapping[str, str], log: "Log | None" = None, patches: str = "") -> None:
        self.log = Log() if log is None else log
        self.output = ""
        self.process = popen(variables, subprocess.PIPE, _patched(patches) if patches else _COMMAND)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.output += line
            self.log.put((self, json.loads(line)))

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
