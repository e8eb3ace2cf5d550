"""Scheduled scaling, which a root adds beside the module: other limits of the number of workers, by the time of day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from product_import.errors import UsageError, UserError
from product_import.simulation.scaling import Scaling
from product_import.simulation.workload import MINUTES_A_DAY


@dataclass(frozen=True)
class ScheduledAction:
    """What happens each day.

    Attributes:
        minute: of the day.
        minimum: of workers, from then on.
        maximum: the same; None leaves it as it is.
    """

    minute: int
    minimum: int
    maximum: int | None

    def __str__(self) -> str:
        limits = f"{self.minimum}" if self.maximum is None else f"{self.minimum}-{self.maximum}"
        return f"{self.minute // 60:02}:{self.minute % 60:02}={limits}"


def read_action(text: str) -> ScheduledAction:
    """`07:00=10` or `07:00=10-60`.

    Raises:
        UserError: it is neither.
    """
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)=(\d{1,6})(?:-(\d{1,6}))?", text, re.ASCII)
    if match is None:
        raise UsageError(
            f"A schedule must be a time and a minimum of workers, as in 07:00=10, or 07:00=10-60 with a maximum. "
            f"Given: {text}."
        )
    hours, minutes, minimum, maximum = match.groups()
    return ScheduledAction(int(hours) * 60 + int(minutes), int(minimum), None if maximum is None else int(maximum))


class Schedule:
    """The limits by the time of day; before the first action of a day are those of the last one, as on any day.

    Args:
        scaling: the module's limits.
        actions: in any order.

    Raises:
        UserError: a minimum is below 1 or above the maximum of its time.
    """

    def __init__(self, scaling: Scaling, actions: Sequence[ScheduledAction] = ()) -> None:
        ordered = sorted(actions, key=lambda action: action.minute)
        limits = (scaling.minimum, scaling.maximum)
        self._limits: dict[int, tuple[int, int]] = {}
        for action in [*ordered, *ordered]:
            limits = (action.minimum, limits[1] if action.maximum is None else action.maximum)
            if not 1 <= limits[0] <= limits[1]:
                raise UserError(
                    f"The minimum of a schedule must be at least 1 and not above the maximum. Given: {limits[0]}, "
                    f"with a maximum of {limits[1]}."
                )
            self._limits[action.minute] = limits
        self.at_first = limits

    def at(self, minute: int) -> tuple[int, int] | None:
        """The limits that an action sets in a minute of the workload, which begins at midnight."""
        return self._limits.get(minute % MINUTES_A_DAY)
