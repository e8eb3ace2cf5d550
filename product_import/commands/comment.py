"""`product-import comment`: put a report on a pull request or a merge request."""

import argparse
import os
from pathlib import Path

from product_import.plan_diff.write.comment import HOSTS, comment

EXAMPLE = """\
example: product-import comment 12 plan-diff.md
The repository and the token come from environment variables. GitHub: GH_REPO or GITHUB_REPOSITORY, and GH_TOKEN or
GITHUB_TOKEN. GitLab's CI: GITLAB_TOKEN, a token with the scope `api`, and the predefined variables.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The pull request or merge request, the report and the host."""
    parser.add_argument("pull_request", metavar="PULL_REQUEST", type=_number, help="its number")
    parser.add_argument("report", metavar="REPORT", type=Path, help="a report in Markdown")
    default = "gitlab" if os.environ.get("GITLAB_CI") else "github"
    parser.add_argument(
        "--host",
        choices=HOSTS,
        default=default,
        help="the host (default: gitlab in GitLab's CI, else github)",
    )


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1. Given: {text!r}")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Write the comment, or replace that of an earlier run."""
    comment(HOSTS[options.host](os.environ), options.pull_request, options.report)
    return 0
