"""`product-import plan-diff`: what saved plans, or a change of the module, would change."""

import argparse
import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from product_import import node
from product_import.arguments import amount
from product_import.checkout import checkout
from product_import.errors import UserError
from product_import.plan_diff.compare.changes import plan_diff, plan_diffs
from product_import.plan_diff.compare.costs import cost_changes
from product_import.plan_diff.compare.danger import loss_tables
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.read.plan import Plan, PlanError, read_plans
from product_import.plan_diff.write.printing import FORMATS, limit_increase, print_report

EXAMPLE = """\
examples:
  terraform show -json PLAN | product-import plan-diff
  product-import plan-diff staging.json production.json --format markdown
  product-import plan-diff --base main
  product-import plan-diff --base v1.0.0 --vars staging.tfvars production.tfvars --costs

With --base, no account is needed. The module of the git reference is deployed on a stand-in for the AWS provider, in
several environments, and the module of the working tree is planned on that. Without --vars the environments are:
defaults, with only the required inputs; development, with the smallest values; production, the example of the
documentation; and everything, with each input off its default. Leave the token out of --vars: one is made up.

exit status, as of `terraform plan -detailed-exitcode`: 0 no changes; 2 changes; 1 an error, wrong usage, a plan that
Terraform could not finish or, with --fail-on-danger, a dangerous change, or costs above --max-increase. Standard error
names the reason of a 1.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the inputs and the form of the report."""
    # 2 means that the plan has changes.
    parser.wrong_usage = 1  # type: ignore[attr-defined]
    parser.add_argument(
        "plans",
        nargs="*",
        metavar="FILE",
        help="what `terraform show -json PLAN` printed, a file per environment, named after it, or folders of .json "
        "files (default: stdin); log lines around a plan are skipped, and several plans in one file are numbered",
    )
    parser.add_argument(
        "--base",
        nargs="?",
        const="",
        metavar="REF",
        help="in place of reading plans, compare the working tree with a git reference (default: the default branch)",
    )
    parser.add_argument(
        "--vars",
        nargs="+",
        type=Path,
        default=(),
        metavar="FILE",
        help="with --base: .tfvars files to deploy with, or folders of such; an environment is named after its file",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="text for a terminal (default), Markdown for a comment on GitHub or GitLab, cut to 65,536 bytes, "
        "which both take, or JSON for programs, as product_import/plan_diff/write/report.schema.json describes it",
    )
    parser.add_argument(
        "--output", metavar="FILE", type=Path, help="write the report there, whole or not at all (default: stdout)"
    )
    parser.add_argument(
        "--fail-on-danger",
        action="store_true",
        help="exit with 1 if this plan or a deferred change destroys or replaces an object that holds data or serves "
        f"others (types of {', '.join(sorted(loss_tables()))}), forgets an object or changes an address",
    )
    parser.add_argument(
        "--costs",
        action="store_true",
        help="say what the module costs a month before and after, as `cost` estimates it",
    )
    parser.add_argument("--usage", metavar="FILE", type=Path, help="with --costs: a TOML file over costs/usage.toml")
    parser.add_argument(
        "--prices",
        metavar="FILE",
        type=Path,
        help="with --costs: a CSV file with further prices, as costs/prices/*.csv",
    )
    parser.add_argument(
        "--max-increase",
        metavar="USD",
        type=amount,
        help="with --costs: exit with 1 if a module costs more than so much above before a month, or may",
    )


def run(options: argparse.Namespace) -> int:
    """Print the report on the plans or the git reference of the options."""
    diffs = _diffs(options)
    status = print_report(diffs, options.format, options.output, options.fail_on_danger)
    return status if options.max_increase is None else limit_increase(diffs, options.max_increase) or status


def _diffs(options: argparse.Namespace) -> Mapping[str, PlanDiff]:
    if not options.costs and (options.usage or options.prices or options.max_increase is not None):
        raise UserError("--usage, --prices and --max-increase need --costs. Add it, or leave them out.")
    with_costs = _with_costs(options) if options.costs else lambda _, diff: diff
    if options.base is None:
        if options.vars:
            raise UserError("--vars needs --base: a saved plan already has its values.")
        # Plans are trees without cycles. On large ones, the search for cycles would take a quarter of the time.
        gc.disable()
        plans = dict(_plans(options.plans))
        diffs = plan_diffs(plans)
        return {name: with_costs(plans[name], diff) for name, diff in diffs.items()}
    if options.plans:
        raise UserError("--base compares the module of a git reference with the working tree's: leave the files out.")
    checkout()
    node.check()
    from product_import.plan_diff.working_tree import compare  # noqa: PLC0415, it starts Node

    return compare(options.base, options.vars, lambda plan: with_costs(plan, plan_diff(plan)))


def _with_costs(options: argparse.Namespace) -> Callable[[Plan, PlanDiff], PlanDiff]:
    from product_import.costs import read_prices, read_usage  # noqa: PLC0415, a report without them is there sooner

    usage, prices = read_usage(options.usage), read_prices(options.prices)

    return lambda plan, diff: replace(diff, costs=cost_changes(plan, usage, prices, diff.secrets))


def _plans(inputs: list[str]) -> Iterator[tuple[str, Plan]]:
    """Yield the environment and the plan of each input; several plans in one file are numbered."""
    names: set[str] = set()
    for source, name, read in _files(inputs) if inputs else [("standard input", "plan", _standard_input)]:
        plans = read_plans(read(), source)
        for number, plan in enumerate(plans, start=1):
            environment = f"{name} {number}" if len(plans) > 1 else name
            if environment in names:
                raise PlanError(
                    f"{source}: another file has the same name, and the report names environments after files."
                )
            names.add(environment)
            yield environment, plan


def _files(inputs: list[str]) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Yield the path, the environment and the reader of each file; a file of a folder is named by its path in there."""
    for each in map(Path, inputs):
        if not each.is_dir():
            yield str(each), each.stem, partial(_content, each)
            continue
        names = sorted(file.relative_to(each) for file in each.rglob("*.json"))
        visible = [name for name in names if not any(part.startswith(".") for part in name.parts)]  # not .terraform
        if not visible:
            raise UserError(f"{each}: the folder must have a file whose name ends with .json.")
        for name in visible:
            yield str(each / name), name.with_suffix("").as_posix(), partial(_content, each / name)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(str(error)) from None


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UserError("standard input is closed: name a FILE, or pipe `terraform show -json PLAN` in.")
    return sys.stdin.buffer.read()
