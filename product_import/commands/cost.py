"""`product-import cost`: what the module costs a month, or what two sets of inputs differ by."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from product_import.checkout import MODULE, checkout
from product_import.configuration import Configuration
from product_import.costs import Estimate, Usage, known_costs, read_prices, read_usage, text
from product_import.errors import UsageError

EXAMPLE = """\
examples:
  product-import cost
  product-import cost production.tfvars --mean-workers 6.5
  product-import cost today.tfvars tomorrow.tfvars

Without a file the inputs have their defaults. Prices and usage are files: product_import/costs/prices/*.csv (region,
date, source and confidence of each price) and usage.toml. `product-import simulate` finds the mean number of workers.
"""


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
        "defaults" if path is None else str(path): known_costs(Configuration.read(module, path), usage, prices)
        for path in options.inputs or [None]
    }
    if len(options.inputs) != len(estimates) and options.inputs:
        raise UsageError(f"cost compares two files with different names. Given: {options.inputs[0]} twice.")
    print(json.dumps(_document(estimates, usage), indent=2) if options.json else text(estimates))
    return 0


def _document(estimates: Mapping[str, Estimate], usage: Usage) -> dict[str, Any]:
    totals = [estimate.usd for estimate in estimates.values()]
    return {
        "usage": {name: float(value) for name, value in vars(usage).items()},
        **({"difference_usd": float(totals[1] - totals[0])} if len(totals) > 1 else {}),
        "estimates": {
            name: {
                "total_usd": float(estimate.usd),
                "not_known": dict(estimate.not_known),
                "workers_all_month": {
                    name: {"workers": limit.workers, "usd": None if limit.usd is None else float(limit.usd)}
                    for name, limit in estimate.limits.items()
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
                    for row in estimate.rows
                ],
            }
            for name, estimate in estimates.items()
        },
    }
