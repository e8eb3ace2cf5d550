"""Time: how long a run waits for things, and that all of it comes to an end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from product_import.errors import UserError

POLL_SECONDS = 15
# A run takes about two thirds of it: a quarter of an hour to make Redis, as long to delete it, the rest to scale.
LIMIT_SECONDS = 3 * 3600

Value = TypeVar("Value")


class TooLongError(UserError):
    """Something did not happen in its time."""


@dataclass
class Pace:
    """The clock of a run.

    Attributes:
        seconds: a clock that only goes forward.
        sleep: waits so many seconds.
    """

    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    begun: float = field(init=False)

    def __post_init__(self) -> None:
        self.begun = self.seconds()

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.seconds() - self.begun

    def wait_for(self, what: str, value: Callable[[], Value | None], minutes: float) -> Value:
        """Ask again and again until there is a value.

        Raises:
            TooLongError: there is none after so many minutes, or the whole run takes too long.
        """
        until = self.seconds() + minutes * 60
        while (found := value()) is None:
            if self.seconds() >= until:
                raise TooLongError(f"{what}: not within {minutes:g} minutes.")
            self.check()
            self.sleep(POLL_SECONDS)
        return found

    def check(self) -> None:
        """End a run that takes too long.

        Raises:
            TooLongError: it does.
        """
        if self.elapsed > LIMIT_SECONDS:
            raise TooLongError(f"The run takes longer than {LIMIT_SECONDS / 3600:g} hours.")
