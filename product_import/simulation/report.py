"""The report on a played workload: the figures, as a table and as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration
from product_import.costs import HOURS_PER_MONTH, Prices, Usage, monthly_costs, total, worker_cost
from product_import.errors import UserError
from product_import.simulation.assumptions import RULES, Assumptions
from product_import.simulation.play import Played
from product_import.simulation.runs import Scenario
from product_import.tables import text_table
from product_import.words import counted

# What the figures depend on most.
INPUTS = (
    *("worker_min_count", "worker_max_count", "target_jobs_per_worker", "worker_concurrency", "fast_scale_out"),
    *("worker_cpu", "worker_memory", "aws_region"),
)
PERCENTILES = (50, 95, 99)
# Figures that are the same in every simulation.
CONSTANT = ("jobs", "workload_hours", "unknown")
# A burst says nothing about the rest of a month.
HOURS_TO_EXTRAPOLATE = 24


def describe(scenario: Scenario, configuration: Configuration, inputs: Path | None, runs: int) -> dict[str, Any]:
    """What was simulated."""
    defaults = vars(Assumptions())
    assumed = {name: value for name, value in vars(scenario.assumptions).items() if value != defaults[name]}
    return {
        "workload": scenario.workload.name,
        "job_seconds": scenario.seconds.text,
        "outage_minutes": f"{scenario.outage.start}-{scenario.outage.stop}" if scenario.outage else None,
        "schedule": [str(action) for action in scenario.schedule],
        "inputs_of": None if inputs is None else str(inputs),
        "inputs": {name: configuration.variable(name) for name in INPUTS},
        "assumed": assumed,
        "seeds": list(scenario.seeds),
        "simulations": runs,
    }


def introduction(about: Mapping[str, Any]) -> str:
    """What was simulated, for people."""
    workload = f"{about['workload'][0].upper()}{about['workload'][1:]}, {about['job_seconds']} s each"
    if about["outage_minutes"]:
        workload += f"; the queue's depth is missing in the minutes {about['outage_minutes']}"
    if about["schedule"]:
        workload += f"; each day {', '.join(about['schedule'])}"
    inputs = ", ".join(f"{name} {json.dumps(value)}" for name, value in about["inputs"].items())
    seeds = about["seeds"]
    runs = f"{counted(about['simulations'], 'simulation')} with " + (
        f"the seed {seeds[0]}" if len(seeds) == 1 else f"the seeds {seeds[0]} to {seeds[-1]}"
    )
    if about["simulations"] > len(seeds):
        runs += ", each with both rules that target tracking may follow (multiplied_workers)"
    assumed = "".join(f" Assumed: {name}={value}." for name, value in about["assumed"].items())
    return (
        f"{workload}.\n"
        f"Inputs: {about['inputs_of'] or 'the defaults'} ({inputs}).\n"
        f"{runs}; ranges are from the lowest to the highest.{assumed} `--assumptions` explains the model."
    )


def figures(played: Played, configuration: Configuration, prices: Prices, usage: Usage) -> dict[str, Any]:
    """The figures by name; seconds, counts and US dollars."""
    waits = zip(PERCENTILES, played.wait(*PERCENTILES), strict=True)
    return {
        "jobs": played.jobs,
        "workload_hours": round(played.workload_seconds / 3600, 2),
        "simulated_hours": round(played.seconds / 3600, 2),
        "mean_workers": round(played.mean_workers, 2),
        "billed_workers": round(played.billed_workers, 2),
        "peak_workers": played.peak_workers,
        "peak_queued_jobs": max(played.highest),
        "drained_seconds": None if played.drained is None else round(played.drained, 1),
        "wait_seconds": {f"p{percentile}": round(seconds, 1) for percentile, seconds in waits},
        "interrupted_jobs": played.interrupted,
        "alarm_minutes": {
            name: round(sum(states) * played.period / 60, 1) for name, states in sorted(played.alarms.items())
        },
        "cost": _cost(played, configuration, prices, usage),
    }


def ranges(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The lowest and the highest of each figure of several simulations."""
    return {
        name: first if name in CONSTANT else _range([figures[name] for figures in found])
        for name, first in found[0].items()
    }


def _range(values: Sequence[Any]) -> Any:
    if isinstance(values[0], Mapping):
        return ranges(values)
    # A queue that is never drained takes longer than any other.
    known = [value for value in values if value is not None]
    return {"low": min(known, default=None), "high": max(known) if len(known) == len(values) else None}


def figures_table(found: Mapping[str, Any]) -> str:
    """The ranges of the figures for people."""
    return text_table(("figure", "value"), figure_rows(found))


def figure_rows(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    cost, hours = found["cost"], f"{found['workload_hours']:,} h"
    rows = [
        ("jobs", f"{found['jobs']:,}"),
        ("simulated", span(found["simulated_hours"], lambda number: f"{number:,} h")),
        ("workers, mean", span(found["mean_workers"])),
        ("workers, peak", span(found["peak_workers"])),
        ("queued jobs, peak", span(found["peak_queued_jobs"])),
        ("time to drain", span(found["drained_seconds"], minutes)),
        *((f"wait, {name[1:]}th percentile", span(each, minutes)) for name, each in found["wait_seconds"].items()),
        ("interrupted jobs", span(found["interrupted_jobs"])),
        *((f"alarm {name}", span(on, lambda number: f"{number:,} min")) for name, on in found["alarm_minutes"].items()),
        (f"workers billed, mean of {hours}", span(found["billed_workers"])),
    ]
    if "unknown" in cost:
        rows.append(("cost", cost["unknown"]))
    else:
        rows.append((f"cost of these workers in {hours}", span(cost["workers_usd"], usd)))
    if "month_usd" in cost:
        rows.append(("cost of the module, a month like this", span(cost["month_usd"], usd)))
    return rows


def span(figure: Mapping[str, Any], text: Callable[[Any], str] = "{:,}".format) -> str:
    """A range for people."""
    low, high = ("never" if figure[end] is None else text(figure[end]) for end in ("low", "high"))
    return low if low == high else f"{low} to {high}"


def usd(number: float) -> str:
    return f"{number:,.2f} USD"


def assumptions_table(assumptions: Assumptions) -> str:
    """The model's constants and rules, each with its source and confidence."""
    rows = [
        (
            each.name,
            f"{value:g}" if isinstance(value := getattr(assumptions, each.name), float | int) else value,
            each.metadata["confidence"],
            f"{each.metadata['about']}. {each.metadata['source']}",
        )
        for each in fields(Assumptions)
    ]
    rows += [("(rule)", "", confidence, f"{rule}. {source}") for rule, confidence, source in RULES]
    return text_table(("assumption", "value", "confidence", "what, and source"), rows)


def minutes(seconds: float) -> str:
    """A time, in the unit that people use for it."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:,.1f} min"


def workers_usd(configuration: Configuration, billed_workers: float, hours: float, prices: Prices) -> float:
    """US dollars of so many workers on average in a time.

    Raises:
        UserError: there is no price of them.
    """
    return round(float(worker_cost(configuration, _rounded(billed_workers), prices)) * hours / HOURS_PER_MONTH, 6)


def _cost(played: Played, configuration: Configuration, prices: Prices, usage: Usage) -> dict[str, Any]:
    """Cost of the workers in the time of the workload; from a day on, also that of the module in a month."""
    hours = played.workload_seconds / 3600
    try:
        cost = {"workers_usd": workers_usd(configuration, played.billed_workers, hours, prices)}
        if hours >= HOURS_TO_EXTRAPOLATE:
            used = replace(usage, mean_workers=_rounded(played.billed_workers))
            cost["month_usd"] = float(total(monthly_costs(configuration, used, prices)))
    except UserError as error:
        return {"unknown": str(error)}
    return cost


def _rounded(workers: float) -> Decimal:
    return Decimal(str(round(workers, 4)))
