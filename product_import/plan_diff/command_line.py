"""The options and the exit status of every command that prints a report on plan diffs."""

import argparse
import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from product_import.plan_diff.changes import PlanDiff
from product_import.plan_diff.rendering import markdown, text

EXIT_STATUS = """\
exit status, as of `terraform plan -detailed-exitcode`: 0 no changes; 2 changes; 1 an error, wrong usage or, with
--fail-on-danger, a dangerous change; standard error says which of these it was.
"""


class ReportParser(argparse.ArgumentParser):
    """A parser with the options of a report, for `print_report`."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=EXIT_STATUS,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.add_argument(
            "--format",
            choices=("text", "markdown"),
            default="text",
            help="text for a terminal (default), or Markdown for a comment on GitHub, cut to its 65,536 characters",
        )
        self.add_argument(
            "--fail-on-danger",
            action="store_true",
            help="exit with 1 if something stateful would go or an address would change",
        )

    def error(self, message: str) -> NoReturn:
        """Leave with status 1: argparse's own 2 would say that the plan holds changes."""
        self.print_usage(sys.stderr)
        self.exit(1, f"error: {message}\n")


def print_report(diffs: Mapping[str, PlanDiff], options: argparse.Namespace) -> int:
    """Print the report on the plan diffs of the named environments, and return the exit status."""
    content = markdown(diffs) if options.format == "markdown" else text(diffs)
    try:
        # As GitHub and today's terminals read it, whatever the locale says.
        sys.stdout.buffer.write(content.encode())
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    dangerous = sum(len(diff.dangers) for diff in diffs.values())
    if options.fail_on_danger and dangerous:
        print(f"error: dangerous changes: {dangerous}", file=sys.stderr)
        return 1
    return 2 if any(diff.has_changes for diff in diffs.values()) else 0
