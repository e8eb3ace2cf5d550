"""`terraform show -json PLAN | python -m product_import.plan_diff`: see `--help`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from product_import.plan_diff.changes import plan_diff
from product_import.plan_diff.command_line import ReportParser, print_report
from product_import.plan_diff.plan import PlanError, read_plan


def main(arguments: list[str]) -> int:
    """Print the report on the plans that the arguments name, and return the exit status."""
    parser = ReportParser("python -m product_import.plan_diff", "Show what Terraform plans would change.")
    parser.add_argument(
        "plans",
        nargs="*",
        metavar="FILE",
        help="what `terraform show -json PLAN` printed, a file per environment, named after it (default: stdin)",
    )
    options = parser.parse_args(arguments)
    try:
        diffs = {name: plan_diff(read_plan(content, source)) for name, source, content in _inputs(options.plans)}
    except (OSError, PlanError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return print_report(diffs, options)


def _inputs(files: list[str]) -> Iterator[tuple[str, str, bytes]]:
    """The environment, the name in errors and the content of each input."""
    names = [Path(file).stem for file in files]
    for name, file in zip(names, files, strict=True):
        if names.count(name) > 1:
            raise PlanError(f"{file}: another file has the same name, and the report names environments after files.")
        yield name, file, Path(file).read_bytes()
    if not files:
        yield "plan", "standard input", sys.stdin.buffer.read()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
