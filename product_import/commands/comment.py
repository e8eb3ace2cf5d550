"""`product-import comment`: put a report on a pull request."""

import argparse
from pathlib import Path

from product_import.plan_diff.comment import comment

EXAMPLE = """\
example: product-import comment 12 plan-diff.md
GitHub's command line `gh` has to be there; it takes the repository and the token from the environment.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The pull request and the report."""
    parser.add_argument("pull_request", metavar="PULL_REQUEST", type=int, help="its number")
    parser.add_argument("report", metavar="REPORT", type=Path, help="a report in Markdown")


def run(options: argparse.Namespace) -> int:
    """Write the comment, over that of an earlier run."""
    comment(options.pull_request, options.report)
    return 0
