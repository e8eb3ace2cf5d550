"""The report on a played workload: the figures, as a table and as JSON."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from product_import.configuration import Configuration
from product_import.costs import HOURS_PER_MONTH, Prices, Usage, monthly_costs, total, worker_cost
from product_import.errors import UserError
from product_import.simulation.assumptions import RULES, Assumptions
from product_import.simulation.play import Played
from product_import.tables import text_table

PERCENTILES = (50, 95, 99)
# A burst says nothing about the rest of a month.
HOURS_TO_EXTRAPOLATE = 24


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


def figures_table(found: Mapping[str, Any]) -> str:
    """The figures for people."""
    cost = found["cost"]
    rows: list[tuple[str, object]] = [
        ("jobs", f"{found['jobs']:,}"),
        ("simulated", f"{found['simulated_hours']:,} h"),
        ("workers, mean", f"{found['mean_workers']:,}"),
        ("workers, peak", found["peak_workers"]),
        ("queued jobs, peak", f"{found['peak_queued_jobs']:,}"),
        ("time to drain", "never" if found["drained_seconds"] is None else minutes(found["drained_seconds"])),
        *((f"wait, {name[1:]}th percentile", minutes(seconds)) for name, seconds in found["wait_seconds"].items()),
        ("interrupted jobs", found["interrupted_jobs"]),
        *((f"alarm {name}", f"{on:,} min") for name, on in found["alarm_minutes"].items()),
        (f"workers billed, mean of {found['workload_hours']:,} h", f"{found['billed_workers']:,}"),
    ]
    if "unknown" in cost:
        rows.append(("cost", cost["unknown"]))
    else:
        rows.append((f"cost of these workers in {found['workload_hours']:,} h", f"{cost['workers_usd']:,.2f} USD"))
    if "month_usd" in cost:
        rows.append(("cost of the module, a month like this", f"{cost['month_usd']:,.2f} USD"))
    return text_table(("figure", "value"), rows)


def assumptions_table(assumptions: Assumptions) -> str:
    """The model's constants and rules, each with its source and confidence."""
    rows = [
        (
            each.name,
            f"{getattr(assumptions, each.name):g}",
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
