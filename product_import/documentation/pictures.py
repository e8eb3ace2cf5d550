"""The pictures of the documentation, simulated from the synthesized module: `make pictures`."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from product_import.checkout import MODULE
from product_import.configuration import Configuration
from product_import.simulation import Assumptions, Played, Workload, play, read_scaling
from product_import.simulation.drawing import comparison, svg, timeline
from product_import.simulation.runs import Scenario
from product_import.simulation.scaling import raw_depth
from product_import.simulation.workload import burst, job_seconds

DOCS = Path("docs/pictures")
"""Those that the archive of the module leaves out."""


def pictures(tree: Mapping[str, Any]) -> dict[Path, str]:
    """Draw the SVG files, by their path in the project.

    Args:
        tree: the module as Terraform's JSON has it.
    """
    scaling = read_scaling(Configuration(tree, {}))
    flow = Workload("15 jobs a minute", (15,) * 90)
    lines = {
        name: play(each, flow, job_seconds("60"))
        for name, each in (("jobs per worker", scaling), ("bare depth", raw_depth(scaling)))
    }
    queue = burst(500, 30)
    burst_of_jobs = Scenario(queue, job_seconds("30"), Assumptions())
    fast = {
        name: list(burst_of_jobs.runs(read_scaling(Configuration(tree, {"fast_scale_out": on}))))
        for name, on in (("with fast_scale_out", True), ("target tracking alone", False))
    }
    return {
        DOCS / "metric.svg": svg(
            comparison(
                lines,
                "Why jobs per worker is the metric",
                "15 jobs a minute of 60 s each: on the bare depth of the queue the service goes to its maximum.",
            )
        ),
        DOCS / "fast.svg": svg(
            comparison(
                {name: runs[0] for name, runs in fast.items()}, "What fast_scale_out saves", _saved(*fast.values())
            )
        ),
        MODULE / "pictures/burst.svg": svg(timeline(fast["target tracking alone"], "A burst of 500 jobs of 30 s each")),
    }


def _saved(fast: Sequence[Played], slow: Sequence[Played]) -> list[str]:
    """What is saved of the jobs' waiting, in words."""
    means = [_minutes(played.mean_wait for played in runs) for runs in (fast, slow)]
    halves = [_minutes(played.wait(50)[0] for played in runs) for runs in (fast, slow)]
    return [
        f"A burst of {fast[0].jobs} jobs of 30 s: they wait {means[0]} minutes on average instead of {means[1]}, half",
        f"of them up to {halves[0]} instead of {halves[1]} ({len(fast)} simulations, the first of which is drawn).",
    ]


def _minutes(seconds: Iterable[float]) -> str:
    """A range."""
    minutes = sorted(seconds)
    ends = (f"{end / 60:.1f}" for end in (minutes[0], minutes[-1]))
    return " to ".join(dict.fromkeys(ends))
