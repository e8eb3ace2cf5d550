"""`product-import prices`: the prices of a region, from AWS's price list."""

import argparse
import csv
import io
import re
import sys
from pathlib import Path

from product_import.costs.fetch import Fetched, by_api, by_files, fetched
from product_import.costs.fetch.api import client
from product_import.costs.price_list import COLUMNS
from product_import.files import replace_files

EXAMPLE = """\
examples:
  product-import prices --region eu-central-1 --output frankfurt.csv
  product-import prices --region eu-west-1 --public

With credentials that boto3 finds, AWS's API is asked (pricing:GetProducts). Otherwise, and with --public, AWS's public
files are read, which are some MB; a terminal shows how many. Each price gets the date and the version of AWS's list.
What the list does not have is named; of that, the prices of the product stay. `cost --prices` reads the file.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of which region, and where to."""
    parser.add_argument("--region", required=True, metavar="REGION", type=_region, help="of AWS, as eu-central-1")
    parser.add_argument(
        "--output", metavar="FILE", type=Path, help="write the prices there, whole or not at all (default: stdout)"
    )
    parser.add_argument("--public", action="store_true", help="read the public files, whatever credentials there are")


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d", text):
        raise argparse.ArgumentTypeError(f"must be a region of AWS, as eu-central-1. Given: {text}")
    return text


def run(options: argparse.Namespace) -> int:
    """Fetch the prices and write them."""
    api = None if options.public else client()
    rates = by_files(options.region) if api is None else by_api(api, options.region)
    found = fetched(rates, options.region)
    if options.output:
        replace_files({options.output: _table(found)})
    else:
        print(_table(found), end="")
    where = f" in {options.output}" if options.output else ""
    print(f"{len(found.prices)} prices of {options.region}{where}.", file=sys.stderr)
    for item, reason in found.left_out.items():
        print(f"Without {item}: {reason}", file=sys.stderr)
    return 0


def _table(found: Fetched) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for price in sorted(found.prices, key=lambda price: (price.source, price.item)):
        usd = f"{price.usd:f}"
        writer.writerow((price.item, price.region, usd, price.unit, price.date, price.confidence, price.source))
    return file.getvalue()
