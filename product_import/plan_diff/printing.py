"""A report goes out, and its exit status is made."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from product_import.files import replace_files
from product_import.plan_diff.changes import PlanDiff
from product_import.plan_diff.markdown import markdown
from product_import.plan_diff.text import text


def print_report(diffs: Mapping[str, PlanDiff], form: str, output: Path | None, fail_on_danger: bool) -> int:
    """Write the report on the plan diffs of the named environments, and return the exit status.

    Args:
        diffs: by environment.
        form: "text" or "markdown".
        output: the file to replace; None for standard output.
        fail_on_danger: makes a dangerous change status 1.

    Raises:
        UserError: the file cannot be written.
    """
    content = markdown(diffs) if form == "markdown" else text(diffs)
    if output:
        replace_files({output: content})
    else:
        _print(content)
    dangerous = sum(len(diff.dangers) for diff in diffs.values())
    if fail_on_danger and dangerous:
        print(f"error: dangerous changes: {dangerous}", file=sys.stderr)
        return 1
    return 2 if any(diff.has_changes for diff in diffs.values()) else 0


def _print(content: str) -> None:
    try:
        # As GitHub and today's terminals read it, whatever the locale says.
        sys.stdout.buffer.write(content.encode())
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
