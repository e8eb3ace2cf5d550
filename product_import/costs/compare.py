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


def known_total(pairs: Iterable[Pair]) -> tuple[Decimal, Decimal] | None:
    """Return the sums of the pairs that are known; None where others are not and the sums are 0."""
    given = list(pairs)
    known = [(first, second) for first, second in given if first is not None and second is not None]
    if len(known) < len(given) and not any(first or second for first, second in known):
        return None
    return sum((first for first, _ in known), _NOTHING), sum((second for _, second in known), _NOTHING)
