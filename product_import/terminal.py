"""What only a person at a terminal sees: the progress of long steps, and colours."""

import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

PATIENCE_SECONDS = 5.0
_RED, _GREEN, _YELLOW = 31, 32, 33
# Of a report on a plan, and of messages.
_COLOURS = {
    "+": _GREEN,
    "-": _RED,
    "~": _YELLOW,
    "-/+": _RED,
    "+/-": _RED,
    "!": _RED,
    "error:": _RED,
    "warning:": _YELLOW,
}
_SIGNS = "|".join(map(re.escape, sorted(_COLOURS, key=len, reverse=True)))
_MARK = re.compile(rf"^( *)({_SIGNS})(?= )", re.MULTILINE)


@contextmanager
def progress(step: str) -> Iterator[None]:
    """Show a step that takes longer than 5 seconds, with its elapsed time, if standard error is a terminal."""
    stream = sys.stderr
    if not _is_terminal(stream):
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_show, args=(step, stream, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(step: str, stream: TextIO, done: threading.Event) -> None:
    begun = time.monotonic()
    if done.wait(PATIENCE_SECONDS):
        return
    while True:
        print(f"\r{step} ... {time.monotonic() - begun:.0f} s", end="", file=stream, flush=True)
        if done.wait(1):
            break
    print("\r\033[K", end="", file=stream, flush=True)


def coloured(text: str, stream: TextIO) -> str:
    """Return a text with its signs and levels coloured if the stream is a terminal.

    https://no-color.org: NO_COLOR with any value turns colours off. TERM is `dumb` on terminals that have none.
    """
    if not _is_terminal(stream) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return _MARK.sub(lambda match: f"{match[1]}\033[{_COLOURS[match[2]]}m{match[2]}\033[0m", text)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
