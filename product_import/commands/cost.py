"""`product-import cost`: what the module costs a month, or what two sets of inputs differ by."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from product_import.checkout import MODULE, checkout
from product_import.configuration import Configuration
from product_import.costs import (
    Cost,
    Prices,
    Usage,
    monthly_costs,
    read_prices,
    read_usage,
    total,
    worker_cost,
)
from product_import.errors import UsageError
from product_import.tables import text_table

EXAMPLE = """\
examples:
  product-import cost
  product-import cost production.tfvars --mean-workers 6.5
  product-import cost today.tfvars tomorrow.tfvars

Without a file the inputs have their defaults. Prices and usage are files: product_import/costs/prices/*.csv (region,
date, source and confidence of each price) and usage.toml. `product-import simulate` finds the mean number of workers.
"""
LEFT_OUT = "Left out: data transfer, NAT, API requests, and the logs of Container Insights."
# AWS's page on CloudWatch prices, "Free tier". It is of the whole account, which may have used it up.
FREE_TIERS = (
    "Free per account and month, not subtracted: 10 alarm metrics, 10 custom metrics, 3 dashboards, 5 GB of logs "
    "(ingested, stored and queried)."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The inputs, and what the module alone does not tell."""
    parser.add_argument(
        "inputs", nargs="*", metavar="VARS", type=Path, help="a .tfvars or .tfvars.json file; two are compared"
    )
    parser.add_argument("--mean-workers", metavar="NUMBER", type=workers_argument, help="workers that run on average")
    parser.add_argument("--usage", metavar="FILE", type=Path, help="a TOML file over costs/usage.toml")
    add_shared_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_shared_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the module and further prices lie."""
    parser.add_argument(
        "--prices", metavar="FILE", type=Path, help="a CSV file with further prices, as costs/prices/*.csv"
    )
    parser.add_argument("--module", metavar="FOLDER", type=Path, help="the module (default: the clone's own)")


def workers_argument(text: str) -> Decimal:
    """A number of workers on the command line."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise argparse.ArgumentTypeError(f"must be a number of at least 0. Given: {text}")
    return number


def module_folder(options: argparse.Namespace) -> Path:
    """The module that the options name."""
    return options.module or checkout() / MODULE


def run(options: argparse.Namespace) -> int:
    """Print the estimate, or the difference of two."""
    if len(options.inputs) > 2:
        raise UsageError(f"cost takes one file of inputs, or two to compare. Given: {len(options.inputs)}.")
    usage = read_usage(options.usage)
    if options.mean_workers is not None:
        usage = replace(usage, mean_workers=options.mean_workers)
    prices, module = read_prices(options.prices), module_folder(options)
    estimates = {
        "defaults" if path is None else str(path): _estimate(Configuration.read(module, path), usage, prices)
        for path in options.inputs or [None]
    }
    if len(options.inputs) != len(estimates) and options.inputs:
        raise UsageError(f"cost compares two files with different names. Given: {options.inputs[0]} twice.")
    print(json.dumps(_document(estimates, usage), indent=2) if options.json else _report(estimates))
    return 0


@dataclass(frozen=True)
class Limit:
    """So many workers that run all month, and what they cost."""

    workers: int
    usd: Decimal


Estimate = tuple[list[Cost], Mapping[str, Limit]]


def _estimate(configuration: Configuration, usage: Usage, prices: Prices) -> Estimate:
    """The rows, and what the workers cost at the minimum and the maximum."""
    target = configuration.resource("aws_appautoscaling_target", "import_worker")
    counts = {name: target[f"{name[:3]}_capacity"] for name in ("minimum", "maximum")}
    return monthly_costs(configuration, usage, prices), {
        name: Limit(count, worker_cost(configuration, Decimal(count), prices)) for name, count in counts.items()
    }


def _report(estimates: Mapping[str, Estimate]) -> str:
    if len(estimates) == 1:
        ((rows, limits),) = estimates.values()
        used = [price for row in rows for price in row.prices]
        table = text_table(
            ("item", "amount", "price", "USD a month"),
            [
                (row.item, row.amount, ", ".join(f"{price.usd} a {price.unit}" for price in row.prices), f"{row.usd:,}")
                for row in rows
            ]
            + [("total", "", "", f"{total(rows):,}")],
            right=(3,),
        )
        workers = ", ".join(f"{limit.workers} (the {name}) {limit.usd:,}" for name, limit in limits.items())
        sources = sorted({f"{price.source} ({price.date:%Y-%m-%d}, confidence {price.confidence})" for price in used})
        notes = [f"Workers that run all month, USD: {workers}.", LEFT_OUT, FREE_TIERS, "Prices:"]
        return "\n".join([f"{table}\n", *notes, *(f"  {source}" for source in sources)])
    (before, (old, old_limits)), (after, (new, new_limits)) = estimates.items()
    by_item = [{row.item: row.usd for row in rows} for rows in (old, new)]
    compared = [
        (item, by_item[0].get(item, Decimal(0)), by_item[1].get(item, Decimal(0)))
        for item in dict.fromkeys([*by_item[0], *by_item[1]])
    ]
    compared.append(("total", total(old), total(new)))
    compared += [(f"workers at the {name}", old_limits[name].usd, new_limits[name].usd) for name in old_limits]
    return text_table(
        ("USD a month", before, after, "difference"),
        [(item, f"{first:,}", f"{second:,}", f"{second - first:+,}") for item, first, second in compared],
        right=(1, 2, 3),
    )


def _document(estimates: Mapping[str, Estimate], usage: Usage) -> dict[str, Any]:
    totals = [total(rows) for rows, _ in estimates.values()]
    return {
        "usage": {name: float(value) for name, value in vars(usage).items()},
        **({"difference_usd": float(totals[1] - totals[0])} if len(totals) > 1 else {}),
        "estimates": {
            name: {
                "total_usd": float(total(rows)),
                "workers_all_month": {
                    name: {"workers": limit.workers, "usd": float(limit.usd)} for name, limit in limits.items()
                },
                "costs": [
                    {
                        "item": row.item,
                        "amount": row.amount,
                        "usd": float(row.usd),
                        "prices": [
                            {
                                "item": price.item,
                                "region": price.region,
                                "usd": float(price.usd),
                                "unit": price.unit,
                                "date": price.date.isoformat(),
                                "confidence": price.confidence,
                                "source": price.source,
                            }
                            for price in row.prices
                        ],
                    }
                    for row in rows
                ],
            }
            for name, (rows, limits) in estimates.items()
        },
    }
