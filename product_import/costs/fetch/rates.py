"""Which rates of AWS's price list are prices of the estimate."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from product_import.costs.price_list import Price
from product_import.errors import UserError

SERVICES = ("AmazonECS", "AmazonElastiCache", "AmazonCloudWatch", "AWSSecretsManager")


@dataclass(frozen=True)
class Rate:
    """A rate on demand, as the price list has it.

    Attributes:
        begin: the amount from which on it is charged; another rate has the amounts below.
        published: when the list was.
        version: the list's.
    """

    service: str
    region: str
    place: str
    usage_type: str
    operation: str
    engine: str
    begin: str
    unit: str
    currency: str
    usd: str
    published: str
    version: str


@dataclass(frozen=True)
class Fetched:
    """The prices of a region.

    Attributes:
        left_out: why an item has none, by the item.
    """

    prices: tuple[Price, ...]
    left_out: Mapping[str, str]


@dataclass(frozen=True)
class _Kind:
    """A charge of the estimate.

    Attributes:
        usage_type: the pattern of AWS's name, without the region's code before it.
        item: the name of the price, but of a node.
        unit: of the price.
        units: how AWS's name for the unit begins.
        operation: what AWS calls it, where others have the same usage type.
        engines: the first word of the name of a node's price, before its type, by AWS's name for the engine.
    """

    service: str
    usage_type: str
    item: str
    unit: str
    units: tuple[str, ...]
    operation: str = ""
    engines: Mapping[str, str] | None = None


_ENGINES = {"Redis": "redis", "Valkey": "valkey"}
_HOURS, _GIGABYTES = ("hour", "hr", "vcpu-h", "gb-h"), ("gb",)
# The names are those of bills and of the price list, by which AWS meters. Nodes with SyncDurability or ExtendedSupport
# have meters of their own, and so have Windows and the further storage of a task.
_KINDS = (
    _Kind("AmazonECS", "Fargate-vCPU-Hours:perCPU", "fargate X86_64 vcpu", "vCPU-hour", _HOURS),
    _Kind("AmazonECS", "Fargate-GB-Hours", "fargate X86_64 memory", "GB-hour", _HOURS),
    _Kind("AmazonECS", "Fargate-ARM-vCPU-Hours:perCPU", "fargate ARM64 vcpu", "vCPU-hour", _HOURS),
    _Kind("AmazonECS", "Fargate-ARM-GB-Hours", "fargate ARM64 memory", "GB-hour", _HOURS),
    _Kind("AmazonElastiCache", r"NodeUsage:(cache\.[a-z0-9.]+)", "", "node-hour", _HOURS, engines=_ENGINES),
    _Kind("AmazonElastiCache", "BackupUsage", "snapshot", "GB and month", _GIGABYTES),
    _Kind("AmazonCloudWatch", "CW:AlarmMonitorUsage", "alarm metric", "metric and month", ("alarm", "metric")),
    _Kind("AmazonCloudWatch", "CW:MetricMonitorUsage", "custom metric", "metric and month", ("metric",)),
    _Kind("AmazonCloudWatch", "DataProcessing-Bytes", "log ingested", "GB", _GIGABYTES, "PutLogEvents"),
    _Kind("AmazonCloudWatch", "TimedStorage-ByteHrs", "log stored", "GB and month", _GIGABYTES),
    _Kind("AmazonCloudWatch", "DataScanned-Bytes", "log queried", "GB", _GIGABYTES),
    _Kind("AWSSecretsManager", "AWSSecretsManager-Secrets", "secret", "secret and month", ("",)),
)
# EUC1-, EU-, USE1-, ...; us-east-1 has usage types without one too.
_CODE = r"(?:[A-Z]{2,4}\d?-)?"
_NONE = "AWS's price list has none."
NOT_IN_THE_LIST = {
    "fargate_spot": "AWS's price list has no prices of Fargate Spot, which change by demand.",
    "dashboard": "Not looked for: AWS's lists of regions mostly lack it. AWS's page on CloudWatch prices has it.",
}


def fetched(rates: Iterable[Rate], region: str) -> Fetched:
    """Return the prices of a region that its rates tell.

    Raises:
        UserError: AWS has no rates for the region, or one that is none.
    """
    found: dict[str, dict[Decimal, Price]] = {}
    units: dict[str, str] = {}
    seen = dict.fromkeys(SERVICES, 0)
    for rate in rates:
        if rate.region not in ("", region) or rate.place not in ("", "AWS Region"):
            continue
        seen[rate.service] += 1
        kind, item = _known(rate) or (None, "")
        if kind is None:
            continue
        if not rate.unit.lower().startswith(kind.units):
            units[item] = rate.unit
            continue
        price = _price(rate, item, kind.unit, region)
        if price is not None:
            found.setdefault(item, {})[price.usd] = price
    if empty := [service for service, count in seen.items() if not count]:
        raise UserError(f"AWS has no prices of {empty[0]} in {region}. Is the region right?")
    left_out = dict(NOT_IN_THE_LIST)
    if not any(item.startswith("redis ") for item in found):
        left_out["redis"] = _NONE
    left_out |= {kind.item: _NONE for kind in _KINDS if kind.engines is None and kind.item not in found}
    for item, unit in units.items():
        if item not in found:
            left_out[item] = f"AWS has it by the {unit}, which the estimate does not know."
    for item, prices in found.items():
        if len(prices) > 1:
            left_out[item] = f"AWS has several prices: {', '.join(str(usd) for usd in sorted(prices))}."
    return Fetched(tuple(next(iter(found[item].values())) for item in found if item not in left_out), left_out)


def _known(rate: Rate) -> tuple[_Kind, str] | None:
    for kind in _KINDS:
        matched = rate.service == kind.service and re.fullmatch(_CODE + kind.usage_type, rate.usage_type)
        if not matched or (kind.operation and rate.operation != kind.operation):
            continue
        if kind.engines is None:
            return kind, kind.item
        if rate.engine in kind.engines:
            return kind, f"{kind.engines[rate.engine]} {matched[1]}"
    return None


def _price(rate: Rate, item: str, unit: str, region: str) -> Price | None:
    """Return the price of the first tier; None for that of another, or of what a reservation pays."""
    if rate.currency != "USD":
        return None
    try:
        usd, begin = Decimal(rate.usd), Decimal(rate.begin or 0)
        date = datetime.date.fromisoformat(rate.published[:10])
    except (InvalidOperation, ValueError):
        given = f"{rate.usd}, {rate.begin}, {rate.published}"
        raise UserError(f"AWS's price list has a rate of {rate.usage_type} that is none. Given: {given}.") from None
    if begin or not usd:
        return None
    source = f"AWS Price List ({rate.service}, version {rate.version})"
    return Price(item, region, usd.normalize(), unit, date, "high", source)
