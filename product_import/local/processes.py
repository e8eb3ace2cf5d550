"""Programs that end with this one, whatever ends it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

# Its input ends with this process, even after SIGKILL. Then it ends its process group.
_GUARD = """
import os, signal, sys
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
sys.stdin.buffer.read()
os.killpg(0, signal.SIGKILL)
"""


class Processes:
    """Starts programs in a process group of their own, out of reach of the terminal's Ctrl-C. A context manager."""

    def __enter__(self) -> "Processes":
        self._guard = subprocess.Popen([sys.executable, "-c", _GUARD], stdin=subprocess.PIPE, process_group=0)
        self._started: list[subprocess.Popen[str]] = []
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._guard.stdin
        self._guard.stdin.close()
        self._guard.wait()
        for process in self._started:
            process.wait()

    def start(
        self,
        command: Sequence[str | Path],
        variables: Mapping[str, str],
        *,
        folder: Path,
        output: IO[bytes] | int = subprocess.DEVNULL,
    ) -> "subprocess.Popen[str]":
        """Start a program.

        Args:
            command: the program and its arguments.
            variables: its whole environment, except PATH.
            folder: its working directory.
            output: of standard output and standard error.
        """
        process = subprocess.Popen(
            [*map(str, command)],
            env={"PATH": os.environ.get("PATH", os.defpath), **variables},
            cwd=folder,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=self._guard.pid,
        )
        self._started.append(process)
        return process


def kill(process: "subprocess.Popen[str]") -> None:
    """End a process at once, as a crash does."""
    process.send_signal(signal.SIGKILL)
    process.wait()
