"""What two estimates differ by."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from product_import.costs.cost import Estimate
from product_import.costs.estimate import ITEMS

Pair = tuple[Decimal | None, Decimal | None]
_NOTHING = Decimal("0.00")


def compared(old: Estimate, new: Estimate) -> Mapping[str, Pair]:
    """Return US dollars per month by the item, of both estimates; None where they are not known."""
    return {item: (old.of(item), new.of(item)) for item in ITEMS if item in old.items or item in new.items}


def too_much(costs: Mapping[str, Pair], reasons: Iterable[str], most: Decimal) -> str:
    """Return why the costs rise by more than is allowed, or may; empty if they do not.

    Args:
        costs: by the item.
        reasons: why some are not known.
        most: US dollars per month by which they may rise.
    """
    if unknown := [item for item, pair in costs.items() if None in pair]:
        return f"the costs of {', '.join(unknown)} are not known, and may rise: {' '.join(dict.fromkeys(reasons))}"
    changes = {item: (after or _NOTHING) - (before or _NOTHING) for item, (before, after) in costs.items()}
    increase = sum(changes.values(), _NOTHING)
    if increase <= most:
        return ""
    rows = sorted((item for item, change in changes.items() if change), key=lambda item: -changes[item])
    which = ", ".join(f"{item} {changes[item]:+,}" for item in rows)
    return f"the costs rise by {increase:,} USD a month, and {most:,} are allowed: {which}"


def known_total(pairs: Iterable[Pair]) -> tuple[Decimal, Decimal] | None:
    """Return the sums of the pairs that are known; None where others are not and the sums are 0."""
    given = list(pairs)
    known = [(first, second) for first, second in given if first is not None and second is not None]
    if len(known) < len(given) and not any(first or second for first, second in known):
        return None
    return sum((first for first, _ in known), _NOTHING), sum((second for _, second in known), _NOTHING)
