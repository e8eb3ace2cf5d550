"""The list prices of AWS: the CSV files of prices/ have a row per price, with region, date, source and confidence."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from product_import.errors import UserError
from product_import.files import read_csv

PRICES = Path(__file__).with_name("prices")
COLUMNS = ("item", "region", "usd", "unit", "date", "confidence", "source")
CONFIDENCES = ("high", "medium", "low")
HOURS_PER_MONTH = 730
# "ElastiCache for Valkey ... 20% lower for node-based clusters": AWS News Blog, "Amazon ElastiCache and Amazon MemoryDB
# announce support for Valkey", 2024-10-08. The 73 node types that have both engines in us-east-1 follow it exactly.
_VALKEY_SHARE = Decimal("0.8")
_VALKEY_SOURCE = "less 20 % for Valkey (AWS News Blog, 2024-10-08)"


@dataclass(frozen=True)
class Price:
    """A price.

    Attributes:
        usd: US dollars for one unit.
        date: when it was valid.
        confidence: "high" if two sources agree or AWS's own answer says so, "medium" with one source, "low" if the
            price changes by demand or the source is doubtful.
    """

    item: str
    region: str
    usd: Decimal
    unit: str
    date: datetime.date
    confidence: str
    source: str


class NoPriceError(UserError):
    """There is no price of what the module has.

    Attributes:
        reason: the text without what is known instead.
    """

    def __init__(self, reason: str, known: str) -> None:
        super().__init__(f"{reason} {known}")
        self.reason = reason


class Prices:
    """Prices by item and region."""

    def __init__(self, rows: Iterable[Price]) -> None:
        self._rows = {(row.item, row.region): row for row in rows}

    def __iter__(self) -> Iterator[Price]:
        return iter(self._rows.values())

    def of(self, item: str, region: str) -> Price:
        """Return the price of an item.

        Raises:
            NoPriceError: the text says how to get it.
        """
        row = self._rows.get((item, region)) or self._of_valkey(item, region)
        if row is not None:
            return row
        add = how_to_fetch(region)
        regions = sorted({region for _, region in self._rows})
        if region not in regions:
            raise NoPriceError(f"No prices of the region {region}.", f"Known: {', '.join(regions)}. {add}")
        kind = item.partition(" ")[0]
        known = sorted(known for known, of in self._rows if of == region and known.partition(" ")[0] == kind)
        raise NoPriceError(
            f"No price of {item} in {region}.", f"Known: {', '.join(known) or 'none of the kind'}. {add}"
        )

    def _of_valkey(self, item: str, region: str) -> Price | None:
        """Return the price of a Valkey node from the price of the Redis node of the same type."""
        engine, _, node_type = item.partition(" ")
        redis = self._rows.get((f"redis {node_type}", region))
        if engine != "valkey" or redis is None:
            return None
        return replace(redis, item=item, usd=redis.usd * _VALKEY_SHARE, source=f"{redis.source}, {_VALKEY_SOURCE}")


def how_to_fetch(region: str) -> str:
    """Return the way to prices that are not there."""
    fetch = f"`product-import prices --region {region} --output FILE` fetches AWS's, without Spot's"
    return f"{fetch}; `--prices FILE` reads them, or your own."


def read_prices(own: Path | None = None) -> Prices:
    """Read the prices that come with the product; those of the user's own file take precedence.

    Raises:
        UserError: the file cannot be read, or a row is wrong.
    """
    files = [*sorted(PRICES.glob("*.csv")), *([] if own is None else [own])]
    return Prices(row for file in files for row in _rows(file))


def _rows(path: Path) -> Iterator[Price]:
    for place, row in read_csv(path, COLUMNS):
        try:
            usd, date = Decimal(row["usd"]), datetime.date.fromisoformat(row["date"])
        except (InvalidOperation, ValueError):
            raise UserError(
                f"{place}: usd must be a number and date of the form 2026-01-31. Given: {row['usd']}, {row['date']}."
            ) from None
        if not usd.is_finite() or usd < 0 or row["confidence"] not in CONFIDENCES:
            raise UserError(
                f"{place}: usd must not be negative, confidence one of {', '.join(CONFIDENCES)}. "
                f"Given: {row['usd']}, {row['confidence']}."
            )
        yield Price(row["item"], row["region"], usd, row["unit"], date, row["confidence"], row["source"])
