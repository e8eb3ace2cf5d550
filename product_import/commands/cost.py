"""`product-import cost`: what the module costs a month, or what two sets of inputs differ by."""

import argparse
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from product_import.arguments import amount
from product_import.checkout import MODULE, shipped
from product_import.configuration import Configuration
from product_import.costs import Estimate, compared, document, known_costs, read_prices, read_usage, text, too_much
from product_import.errors import UsageError

EXAMPLE = """\
examples:
  product-import cost
  product-import cost production.tfvars --mean-workers 6.5
  product-import cost today.tfvars tomorrow.tfvars --max-increase 100

Without a file the inputs have their defaults. Prices and usage are files: product_import/costs/prices/*.csv (region,
date, source and confidence of each price) and usage.toml. `product-import simulate` finds the mean number of workers.

exit status: 0, or 1 for an error and where --max-increase is exceeded; the cost of what has no price may exceed it.
Standard error names the rows that did.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The inputs, and what the module alone does not tell."""
    parser.add_argument(
        "inputs", nargs="*", metavar="VARS", type=Path, help="a .tfvars or .tfvars.json file; two are compared"
    )
    parser.add_argument("--mean-workers", metavar="NUMBER", type=amount, help="workers that run on average")
    parser.add_argument("--usage", metavar="FILE", type=Path, help="a TOML file over costs/usage.toml")
    add_shared_arguments(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text (default), or JSON for programs, as product_import/costs/cost.schema.json describes it",
    )
    parser.add_argument(
        "--max-increase",
        metavar="USD",
        type=amount,
        help="with two files: exit with 1 if the second costs more than so much above the first a month, or may",
    )


def add_shared_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the module and further prices lie."""
    parser.add_argument(
        "--prices", metavar="FILE", type=Path, help="a CSV file with further prices, as costs/prices/*.csv"
    )
    parser.add_argument("--module", metavar="FOLDER", type=Path, help="the module (default: the one of this version)")


def module_folder(options: argparse.Namespace) -> Path:
    """The module that the options name."""
    return options.module or shipped() / MODULE


def run(options: argparse.Namespace) -> int:
    """Print the estimate, or the difference of two."""
    if len(options.inputs) > 2:
        raise UsageError(f"cost takes one file of inputs, or two to compare. Given: {len(options.inputs)}.")
    if options.max_increase is not None and len(options.inputs) != 2:
        raise UsageError(f"--max-increase needs two files to compare. Given: {len(options.inputs)}.")
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
    print(document(estimates, usage) if options.format == "json" else text(estimates))
    if options.max_increase is None:
        return 0
    old, new = estimates.values()
    return _limited(old, new, options.max_increase)


def _limited(old: Estimate, new: Estimate, most: Decimal) -> int:
    reasons = [reason for estimate in (old, new) for reason in estimate.not_known.values()]
    if why := too_much(compared(old, new), reasons, most):
        print(f"error: {why.rstrip('.')}.", file=sys.stderr)
        return 1
    return 0
