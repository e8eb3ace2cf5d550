"""`product-import simulate`: how the module scales with a workload, what waits, and what that costs."""

import argparse
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from product_import.commands.cost import add_shared_arguments, module_folder
from product_import.configuration import Configuration
from product_import.costs import HOURS_PER_MONTH, read_prices, read_usage
from product_import.errors import UsageError, UserError
from product_import.simulation import Assumptions, Workload, drawing, read_scaling
from product_import.simulation.advice import PERCENTILE, Choice, Problem, cheapest, compared, frontier, spread
from product_import.simulation.assumptions import variants, with_values
from product_import.simulation.report import (
    assumptions_table,
    describe,
    figure_rows,
    figures,
    figures_table,
    introduction,
    minutes,
    ranges,
    span,
    usd,
    workers_usd,
)
from product_import.simulation.runs import Scenario
from product_import.simulation.schedule import read_action
from product_import.simulation.workload import MOST_JOBS, burst, daily, job_seconds, read_workload
from product_import.tables import text_table
from product_import.terminal import progress

EXAMPLE = """\
examples:
  product-import simulate --burst 500 --job-seconds 30
  product-import simulate production.tfvars --daily 20000 --days 7 --job-seconds lognormal:30:120
  product-import simulate --daily 20000 --schedule 07:00=10 --schedule 19:00=2
  product-import simulate --jobs trace.csv --picture week.html --picture week.svg
  product-import simulate --daily 20000 --job-seconds 30 --wait 120
  product-import simulate --assumptions

--wait finds the target_jobs_per_worker and worker_min_count that keep the 95th percentile of the wait below it, and
what they cost. A CSV file has the columns minute and jobs, in any order; others are ignored. Figures are ranges of
several simulations: the start-up time of a worker is random, and AWS does not document everything. --assumptions lists
the assumptions with sources and confidence; --assume NAME=VALUE changes one.
"""
BURST_MINUTES = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the inputs, the workload, and the form of the report."""
    parser.add_argument("inputs", nargs="?", metavar="VARS", type=Path, help="a .tfvars or .tfvars.json file")
    workload = parser.add_mutually_exclusive_group()
    workload.add_argument("--burst", metavar="N", type=_jobs, help="so many jobs at once (default: 500)")
    workload.add_argument("--daily", metavar="N", type=_jobs, help="so many jobs a day, most at 15:00")
    workload.add_argument("--jobs", metavar="FILE", type=Path, help="a CSV file with the columns minute and jobs")
    parser.add_argument("--days", metavar="N", type=_days, help="of --daily (default: 1)")
    parser.add_argument(
        "--job-seconds",
        metavar="S",
        default="30",
        help="of a job: a number, exponential:MEAN or lognormal:MEDIAN:P95 (default: 30)",
    )
    parser.add_argument(
        "--outage", metavar="FROM-TO", type=_minutes, default=range(0), help="minutes without the depth"
    )
    parser.add_argument(
        "--schedule",
        metavar="HH:MM=MIN[-MAX]",
        action="append",
        default=[],
        help="limits of the workers from that time of each day on, as a scheduled action beside the module sets them",
    )
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="the same seed gives the same (default: 0)")
    parser.add_argument(
        "--assume", metavar="NAME=VALUE", type=_assumption, action="append", default=[], help="change an assumption"
    )
    parser.add_argument("--assumptions", action="store_true", help="print the assumptions and no more")
    parser.add_argument("--wait", metavar="S", type=_seconds, help="advise: the longest wait of 95 %% of the jobs")
    parser.add_argument(
        "--picture", metavar="FILE", type=Path, action="append", default=[], help="draw it: .svg, .png or .html"
    )
    parser.add_argument("--usage", metavar="FILE", type=Path, help="a TOML file over costs/usage.toml")
    add_shared_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Print the figures, or the advice, and draw the pictures."""
    assumptions = with_values(Assumptions(), dict(options.assume))
    if options.assumptions:
        print(assumptions_table(assumptions))
        return 0
    if options.picture:
        drawing.check([*options.picture])
    scenario = Scenario(
        _workload(options),
        job_seconds(options.job_seconds),
        assumptions,
        options.outage,
        [read_action(text) for text in options.schedule],
        options.seed,
    )
    configuration = Configuration.read(module_folder(options), options.inputs)
    if options.wait is not None:
        return _advise(options, configuration, scenario)
    prices, usage = read_prices(options.prices), read_usage(options.usage)
    with progress("Simulating"):
        played = list(scenario.runs(read_scaling(configuration)))
    found = ranges([figures(each, configuration, prices, usage) for each in played])
    about = describe(scenario, configuration, options.inputs, len(played))
    if options.picture:
        spec = drawing.timeline(played, scenario.title)
        drawing.draw(drawing.Picture(spec, introduction(about), figure_rows(found)), options.picture)
    if options.json:
        print(json.dumps({**about, **found, "written": [str(file) for file in options.picture]}, indent=2))
    else:
        print(introduction(about), figures_table(found), *_ending(options), sep="\n\n")
    return 0


def _ending(options: argparse.Namespace) -> list[str]:
    return [f"Written: {', '.join(map(str, options.picture))}"] if options.picture else []


def _advise(options: argparse.Namespace, configuration: Configuration, scenario: Scenario) -> int:
    prices, workload = read_prices(options.prices), scenario.workload

    @lru_cache
    def with_minimum(minimum: int) -> Configuration:
        return configuration.with_inputs({"worker_min_count": minimum})

    scaling = read_scaling(configuration.with_inputs({"target_jobs_per_worker": 1}))
    problem = Problem(
        scaling,
        scenario.start,
        variants(scenario.assumptions),
        lambda minimum, workers: workers_usd(with_minimum(minimum), workers, workload.seconds / 3600, prices),
        jobs=sum(workload.jobs),
        wait=options.wait,
        target=configuration.variable("target_jobs_per_worker"),
        # A schedule sets the minimum at all times.
        minima=[scaling.minimum] if scenario.schedule else range(1, scaling.maximum + 1),
    )
    try:
        with progress("Simulating all choices"):
            best, found = cheapest(problem), list(compared(problem))
    except UserError as error:
        raise UserError(f"Advice compares costs: {error}") from None
    found += [best] if best else []
    in_range = None if best is None else _in_range(problem, best, scenario)
    runs = len(scenario.seeds) * len(problem.variants)
    about = describe(scenario, configuration, options.inputs, runs)
    advice, table = _advice(best, in_range, problem), _compared(best, found, problem, workload.seconds / 3600)
    compared_settings = f"Best of {len(found)} compared settings (no other is both cheaper and faster):"
    if options.picture:
        text = "\n".join((introduction(about), advice, compared_settings))
        drawing.draw(drawing.Picture(drawing.cost_against_wait(found, options.wait), text, table), options.picture)
    if options.json:
        document = {
            **about,
            "longest_wait_seconds": options.wait,
            "advice": None if best is None else {**vars(best), "ranges": in_range},
            "choices": [vars(choice) for choice in found],
            "written": [str(file) for file in options.picture],
        }
        print(json.dumps(document, indent=2))
    else:
        text = text_table(table[0], table[1:], right=range(len(table[0])))
        print(introduction(about), advice, compared_settings, text, *_ending(options), sep="\n\n")
    return 0 if best else 1


def _in_range(problem: Problem, best: Choice, scenario: Scenario) -> dict[str, Any]:
    """The ranges of the best choice in all simulations; the search made those with the first seed."""
    hours = scenario.workload.seconds / 3600
    return ranges(
        [
            {
                "wait_seconds": round(played.wait(PERCENTILE)[0], 1),
                "cost_usd": problem.cost(best.minimum, played.billed_workers),
                "minimum_usd_a_month": round(problem.cost(best.minimum, best.minimum) * HOURS_PER_MONTH / hours, 2),
                "hours": round(hours, 2),
            }
            for played in scenario.runs(problem.configured(best.minimum, best.target))
        ]
    )


def _advice(best: Choice | None, in_range: Mapping[str, Any] | None, problem: Problem) -> str:
    if best is None or in_range is None:
        return f"No target and minimum keep the wait of 95 % of the jobs below {minutes(problem.wait)}."
    wait, cost, alone, hours = (
        span(in_range[name], text)
        for name, text in (("wait_seconds", minutes), ("cost_usd", usd), ("minimum_usd_a_month", usd), ("hours", str))
    )
    later = in_range["wait_seconds"]["high"] > problem.wait
    return (
        f"target_jobs_per_worker = {best.target} and worker_min_count = {best.minimum}: 95 % of the jobs wait {wait} "
        f"at most. The workers cost {cost} in the {hours} h of the workload; the minimum alone costs {alone} a month."
        + (
            f" The search used the first seed; with others the wait can be above {minutes(problem.wait)}."
            if later
            else ""
        )
    )


def _compared(best: Choice | None, found: Sequence[Choice], problem: Problem, hours: float) -> Sequence[Sequence[str]]:
    """The best settings, with a head."""
    head = (
        "target_jobs_per_worker",
        "worker_min_count",
        "wait, 95th",
        "mean workers",
        f"USD in {hours:,.1f} h",
        "minimum alone, USD a month",
    )
    return [head] + [
        (
            f"{each.target}",
            f"{each.minimum}",
            minutes(each.wait),
            f"{each.mean_workers}",
            f"{each.cost:,.2f}",
            f"{problem.cost(each.minimum, each.minimum) * HOURS_PER_MONTH / hours:,.2f}",
        )
        for each in spread(frontier(found), best)
    ]


def _workload(options: argparse.Namespace) -> Workload:
    if options.days is not None and options.daily is None:
        raise UsageError(f"--days goes with --daily alone. Given: --days {options.days}.")
    if options.jobs is not None:
        return read_workload(options.jobs)
    if options.daily is not None:
        days = options.days or 1
        if options.daily * days > MOST_JOBS:
            raise UsageError(f"At most {MOST_JOBS:,} jobs are simulated. Given: {options.daily * days:,}.")
        return daily(options.daily, days)
    return burst(options.burst or 500, BURST_MINUTES)


def _whole(text: str, highest: int) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= highest):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {highest:,}. Given: {text}")
    return int(text)


def _jobs(text: str) -> int:
    return _whole(text, MOST_JOBS)


def _days(text: str) -> int:
    return _whole(text, 366)


def _minutes(text: str) -> range:
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) < int(last)):
        raise argparse.ArgumentTypeError(f"must be two minutes that rise, as in 10-40. Given: {text}")
    return range(int(first), int(last))


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number of seconds of at least 0. Given: {text}")
    return number


def _assumption(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"must be of the form NAME=VALUE. Given: {text}")
    return name, value
