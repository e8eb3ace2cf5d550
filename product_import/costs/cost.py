"""A row of the estimate and the components that it consists of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from product_import.costs.price_list import Price


@dataclass(frozen=True)
class Component:
    """One thing that AWS charges for.

    Attributes:
        resource: the address of the resource that causes the charge.
        quantity: the units in a month.
    """

    resource: str
    name: str
    quantity: Decimal
    price: Price

    @property
    def usd(self) -> Decimal:
        """US dollars per month, not rounded."""
        return self.quantity * self.price.usd


@dataclass(frozen=True)
class Cost:
    """A row of the estimate."""

    item: str
    amount: str
    components: tuple[Component, ...]

    @property
    def usd(self) -> Decimal:
        """US dollars per month, to the cent."""
        return sum((component.usd for component in self.components), Decimal(0)).quantize(Decimal("0.01"))

    @property
    def prices(self) -> tuple[Price, ...]:
        """Each price once, in the order of the components."""
        return tuple(dict.fromkeys(component.price for component in self.components))

    @property
    def sure(self) -> bool:
        return all(price.confidence == "high" for price in self.prices)


@dataclass(frozen=True)
class Limit:
    """So many workers that run all month.

    Attributes:
        usd: what they cost; None where a price is not known.
    """

    workers: int
    usd: Decimal | None


@dataclass(frozen=True)
class Estimate:
    """What a module costs a month.

    Attributes:
        rows: those whose prices are known.
        not_known: why the others are not, by the item.
        limits: the workers at the minimum and the maximum.
    """

    region: str
    rows: tuple[Cost, ...]
    not_known: Mapping[str, str]
    limits: Mapping[str, Limit]

    @property
    def usd(self) -> Decimal:
        """US dollars per month of the rows that are known."""
        return total(self.rows)

    @property
    def items(self) -> frozenset[str]:
        """What the module has, known or not."""
        return frozenset(self.not_known).union(row.item for row in self.rows)

    def of(self, item: str) -> Decimal | None:
        """US dollars per month of an item; None where they are not known."""
        return None if item in self.not_known else total(row for row in self.rows if row.item == item)


def total(rows: Iterable[Cost]) -> Decimal:
    """Return US dollars per month of all rows."""
    return sum((row.usd for row in rows), Decimal("0.00"))


def plain(number: Decimal) -> str:
    """Return a number without exponent and without trailing zeros."""
    return f"{number.normalize():f}"
