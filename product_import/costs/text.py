"""The estimate as text."""

from collections.abc import Mapping
from decimal import Decimal

from product_import.costs.compare import compared, known_total
from product_import.costs.cost import Estimate
from product_import.costs.estimate import ITEMS
from product_import.costs.price_list import how_to_fetch
from product_import.tables import text_table

LEFT_OUT = ("data transfer", "NAT", "API requests", "the logs of Container Insights")
# AWS's page on CloudWatch prices, "Free tier". It is of the whole account, which may have used it up.
FREE_TIERS = (
    (10, "alarm metrics"),
    (10, "custom metrics"),
    (3, "dashboards"),
    (5, "GB of logs (ingested, stored and queried)"),
)
NOT_KNOWN = "not known"


def text(estimates: Mapping[str, Estimate]) -> str:
    """Return the table of an estimate, or the differences between two."""
    if len(estimates) == 1:
        (estimate,) = estimates.values()
        return "\n".join([_table(estimate), "", *_notes(estimate)])
    (before, old), (after, new) = estimates.items()
    return "\n".join([_compared(before, old, after, new), *_missing(old, new)])


def _table(estimate: Estimate) -> str:
    rows = {
        row.item: (row.item, row.amount, ", ".join(f"{price.usd} a {price.unit}" for price in row.prices), usd(row.usd))
        for row in estimate.rows
    } | {item: (item, "", "", NOT_KNOWN) for item in estimate.not_known}
    return text_table(
        ("item", "amount", "price", "USD a month"),
        [
            *(rows[item] for item in ITEMS if item in rows),
            (_total(estimate.not_known), "", "", usd(estimate.usd)),
        ],
        right=(3,),
    )


def _notes(estimate: Estimate) -> list[str]:
    workers = ", ".join(f"{limit.workers} (the {name}) {usd(limit.usd)}" for name, limit in estimate.limits.items())
    prices = [price for row in estimate.rows for price in row.prices]
    sources = sorted({f"{price.source} ({price.date:%Y-%m-%d}, confidence {price.confidence})" for price in prices})
    return [
        *_missing(estimate),
        f"Workers that run all month, USD: {workers}.",
        f"Left out: {', '.join(LEFT_OUT[:-1])}, and {LEFT_OUT[-1]}.",
        f"Free per account and month, not subtracted: {', '.join(f'{amount} {of}' for amount, of in FREE_TIERS)}.",
        "Prices:",
        *(f"  {source}" for source in sources),
    ]


def _compared(before: str, old: Estimate, after: str, new: Estimate) -> str:
    costs = compared(old, new)
    known = known_total(costs.values())
    rows = [
        *costs.items(),
        (_total(old.not_known or new.not_known), known or (None, None)),
        *((f"workers at the {name}", (limit.usd, new.limits[name].usd)) for name, limit in old.limits.items()),
    ]
    return text_table(
        ("USD a month", before, after, "difference"),
        [(item, usd(first), usd(second), _difference(first, second)) for item, (first, second) in rows],
        right=(1, 2, 3),
    )


def _total(not_known: Mapping[str, str]) -> str:
    return "total of what is known" if not_known else "total"


def _missing(*estimates: Estimate) -> list[str]:
    found = dict.fromkeys(pair for estimate in estimates for pair in estimate.not_known.items())
    regions = dict.fromkeys(estimate.region for estimate in estimates if estimate.not_known)
    lines = [*(f"{item}: {reason}" for item, reason in found), *map(how_to_fetch, regions)]
    return ["Not known:", *(f"  {line}" for line in lines)] if found else []


def usd(amount: Decimal | None) -> str:
    """Return US dollars as text."""
    return NOT_KNOWN if amount is None else f"{amount:,}"


def _difference(first: Decimal | None, second: Decimal | None) -> str:
    return NOT_KNOWN if first is None or second is None else f"{second - first:+,}"
