"""Signals that end a run: what becomes of them, where it must not end now too."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def _stopping() -> list[signal.Signals]:
    """Those that end a run; under `nohup` the end of the terminal is none of them."""
    known = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    return [each for each in known if signal.getsignal(each) is not signal.SIG_IGN]


def ignore() -> None:
    """Nothing happens on them from now on, within the `answered` that calls this, which puts all back."""
    for each in _stopping():
        signal.signal(each, lambda *_: None)


@contextmanager
def answered(answer: Callable[[], object]) -> Iterator[None]:
    """They call this, in the place of what they do otherwise."""
    before = {each: signal.signal(each, lambda *_: answer()) for each in _stopping()}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
