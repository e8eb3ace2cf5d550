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
_PATIENCE_SECONDS = 20


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


class Program:
    """A publisher that runs until it is told to stop; each line that it logs goes to `log` and to `output`."""

    def __init__(self, variables: Mapping[str, str], log: "Log | None" = None) -> None:
        self.log = Log() if log is None else log
        self.output = ""
        self.process = subprocess.Popen(
            _COMMAND, cwd=_PUBLISHER, env=dict(variables), text=True, stderr=subprocess.PIPE
        )
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
