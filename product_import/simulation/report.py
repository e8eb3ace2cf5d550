"""What is told of a played workload: the figures, as a table and as JSON."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from product_import.configuration import Configuration
from product_import.costs import HOURS_PER_MONTH, Prices, monthly_costs, read_usage, total, worker_cost
from product_import.errors import UserError
from product_import.simulation.assumptions import RULES, Assumptions
from product_import.simulation.play import Played
from product_import.tables import text_table

PERCENTILES = (50, 95, 99)


def figures(played: Played, configuration: Configuration, prices: Prices) -> dict[str, Any]:
    """The figures by name; seconds, counts and US dollars."""
    hours = len(played.running) * played.period / 3600
    mean = played.mean_workers
    waits = zip(PERCENTILES, played.wait(*PERCENTILES), strict=True)
    return {
        "jobs": len(played.waits),
        "simulated_hours": round(hours, 2),
        "mean_workers": round(mean, 2),
        "peak_workers": max(played.running),
        "peak_queued_jobs": max(played.depth),
        "drained_seconds": played.drained,
        "wait_seconds": {f"p{percentile}": round(seconds, 1) for percentile, seconds in waits},
        "interrupted_jobs": played.interrupted,
        "alarm_minutes": {
            name: round(sum(states) * played.period / 60, 1) for name, states in sorted(played.alarms.items())
        },
        "cost": _cost(mean, hours, configuration, prices),
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
    ]
    if "unknown" in cost:
        rows.append(("cost", cost["unknown"]))
    else:
        rows += [
            ("workers, in this time", f"{cost['workers_usd']:,.2f} USD"),
            ("all, a month at this mean", f"{cost['month_usd']:,.2f} USD"),
        ]
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
    """A time, in the unit that one thinks in."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:,.1f} min"


def _cost(mean: float, hours: float, configuration: Configuration, prices: Prices) -> dict[str, Any]:
    workers = Decimal(str(round(mean, 4)))
    try:
        month = total(monthly_costs(configuration, replace(read_usage(), mean_workers=workers), prices))
        a_month = worker_cost(configuration, workers, prices)
    except UserError as error:
        return {"unknown": str(error)}
    return {
        "workers_usd": round(float(a_month) * hours / HOURS_PER_MONTH, 4),
        "month_usd": float(month),
    }
