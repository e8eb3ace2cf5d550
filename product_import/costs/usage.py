"""How much of the module is used, which only the application can tell: usage.toml has the assumptions."""

import tomllib
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path

from product_import.errors import UserError
from product_import.files import read_text

USAGE = Path(__file__).with_name("usage.toml")


@dataclass(frozen=True)
class Usage:
    """What a month uses.

    Attributes:
        mean_workers: workers that run on average.
        worker_log_gb_per_month: GB of a worker that runs all month.
        redis_log_gb_per_month: GB of all Redis nodes.
        log_stored_share: the stored volume as a share of the ingested volume.
        log_query_gb_per_month: GB that queries with Logs Insights scan.
        redis_snapshot_gb: GB of one snapshot of Redis.
    """

    mean_workers: Decimal
    worker_log_gb_per_month: Decimal
    redis_log_gb_per_month: Decimal
    log_stored_share: Decimal
    log_query_gb_per_month: Decimal
    redis_snapshot_gb: Decimal


def read_usage(own: Path | None = None) -> Usage:
    """The usage of a file, and the assumptions for what it leaves out.

    Raises:
        UserError: the file cannot be read, or holds something else.
    """
    values = _values(USAGE) | ({} if own is None else _values(own))
    return Usage(**values)


def _values(path: Path) -> dict[str, Decimal]:
    try:
        given = tomllib.loads(read_text(path), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: {error}.") from None
    names = [field.name for field in fields(Usage)]
    for name, value in given.items():
        if name not in names:
            raise UserError(f"{path}: {name} is no usage. Known: {', '.join(names)}.")
        number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal("NaN")
        if not number.is_finite() or number < 0:
            raise UserError(f"{path}: {name} must be a number of at least 0. Given: {value}.")
    return {name: Decimal(value) for name, value in given.items()}
