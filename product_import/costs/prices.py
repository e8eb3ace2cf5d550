"""The list prices of AWS: prices.csv has a row for each, with its region, date, source and confidence."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from product_import.errors import UserError
from product_import.files import read_csv

PRICES = Path(__file__).with_name("prices.csv")
COLUMNS = ("item", "region", "usd", "unit", "date", "confidence", "source")
CONFIDENCES = ("high", "medium", "low")
HOURS_PER_MONTH = 730


@dataclass(frozen=True)
class Price:
    """A row.

    Attributes:
        usd: US dollars for one unit.
        date: when it held.
        confidence: "high" where AWS's own page says so, "low" where it moves or is of another region.
    """

    item: str
    region: str
    usd: Decimal
    unit: str
    date: datetime.date
    confidence: str
    source: str


class Prices:
    """Prices by item and region."""

    def __init__(self, rows: list[Price]) -> None:
        self._rows = {(row.item, row.region): row for row in rows}

    def __iter__(self) -> Iterator[Price]:
        return iter(self._rows.values())

    def of(self, item: str, region: str) -> Price:
        """The price of an item.

        Raises:
            UserError: there is none; the text names what there is.
        """
        row = self._rows.get((item, region))
        if row is not None:
            return row
        regions = sorted({region for _, region in self._rows})
        if region not in regions:
            raise UserError(
                f"No prices of the region {region}. Known: {', '.join(regions)}. "
                f"`--prices FILE` adds rows of the form {','.join(COLUMNS)}."
            )
        kind = item.partition(" ")[0]
        known = sorted(known for known, of in self._rows if of == region and known.partition(" ")[0] == kind)
        raise UserError(
            f"No price of {item} in {region}. Known: {', '.join(known) or 'none of the kind'}. "
            f"`--prices FILE` adds rows of the form {','.join(COLUMNS)}."
        )


def read_prices(own: Path | None = None) -> Prices:
    """The prices that come with the product, with those of a file of one's own over them.

    Raises:
        UserError: the file cannot be read, or a row is wrong.
    """
    files = [PRICES] if own is None else [PRICES, own]
    return Prices([row for file in files for row in _rows(file)])


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
