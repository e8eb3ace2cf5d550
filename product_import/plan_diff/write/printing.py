"""Print a report and return the exit status."""

import os
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from product_import import output as standard_output
from product_import.files import replace_files
from product_import.plan_diff.compare.costs import NO_MODULE
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.compare.values import printable
from product_import.plan_diff.write.hiding import hiding
from product_import.terminal import coloured

FORMATS = ("text", "markdown", "json")
MOST_NAMED = 100
"""The number of destructive changes that standard error lists."""


def print_report(diffs: Mapping[str, PlanDiff], form: str, output: Path | None, fail_on_danger: bool) -> int:
    """Write the report on the plan diffs of the named environments, and return the exit status.

    Args:
        diffs: by environment.
        form: one of FORMATS.
        output: the file to replace; None for standard output.
        fail_on_danger: makes a dangerous change status 1; an unfinished plan always does.

    Raises:
        UserError: the report cannot be written.
    """
    content = _content(diffs, form)
    if output:
        replace_files({output: content})
    else:
        _print(coloured(content, sys.stdout) if form == "text" else content)
    dangerous = any(diff.dangers for diff in diffs.values())
    if dangerous and (fail_on_danger or output):
        _name_dangers(diffs, fail_on_danger)
    if failed := [name for name, diff in diffs.items() if diff.errored]:
        names = ", ".join(map(printable, map(hiding(diffs), failed)))
        print(coloured(f"error: Terraform failed while planning: {names}", sys.stderr), file=sys.stderr)
        return 1
    if dangerous and fail_on_danger:
        return 1
    return 2 if any(diff.has_changes for diff in diffs.values()) else 0


def limit_increase(diffs: Mapping[str, PlanDiff], most: Decimal) -> int:
    """Return 1 if the costs of a module rise by more than is allowed, or may, and say which; else 0."""
    from product_import.costs import too_much  # noqa: PLC0415, it is asked for seldom

    hide = hiding(diffs)
    status = 0
    for name, diff in diffs.items():
        for module in diff.costs or ():
            why = too_much(module.by_item, module.not_known, most)
            if why:
                where = f"{name} {module.module}".rstrip() if len(diff.costs or ()) > 1 else name
                print(f"error: {printable(hide(f'{where}: {why}')).rstrip('.')}.", file=sys.stderr)
                status = 1
        if not diff.costs:
            print(
                f"error: {printable(hide(name))}: the costs are not known, and may rise: {NO_MODULE}", file=sys.stderr
            )
            status = 1
    return status


def _name_dangers(diffs: Mapping[str, PlanDiff], fail: bool) -> None:
    """List the destructive changes on standard error: with the report in a file, nothing else says why it fails."""
    from product_import.plan_diff.write.text import danger_lines  # noqa: PLC0415

    lines = danger_lines(diffs)
    head = coloured(f"{'error: ' if fail else ''}dangerous changes: {len(lines)}", sys.stderr)
    print(head, *lines[:MOST_NAMED], sep="\n", file=sys.stderr)
    if len(lines) > MOST_NAMED:
        print(f"and {len(lines) - MOST_NAMED:,} more: see the report", file=sys.stderr)


# Each writer is imported when it is needed, so that a report on a terminal starts fast.
def _content(diffs: Mapping[str, PlanDiff], form: str) -> str:
    if form == "markdown":
        from product_import.plan_diff.write.markdown import markdown  # noqa: PLC0415
        from product_import.plan_diff.write.origin import origin  # noqa: PLC0415

        return markdown(diffs, origin(os.environ))
    if form == "json":
        from product_import.plan_diff.write.json import json  # noqa: PLC0415

        return json(diffs)
    from product_import.plan_diff.write.text import text  # noqa: PLC0415

    return text(diffs)


def _print(content: str) -> None:
    if sys.stdout is None:  # closed, as by a caller that needs only the status
        return
    try:
        # UTF-8 in every locale: GitHub and current terminals read it.
        sys.stdout.buffer.write(content.encode())
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, stopped early; the status stays
        standard_output.drop()
