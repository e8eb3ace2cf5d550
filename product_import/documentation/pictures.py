"""The pictures of the module's README, simulated from the synthesized module: `make pictures`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration
from product_import.documentation.dashboard import dashboard_picture
from product_import.simulation import Played, Workload, play, read_scaling
from product_import.simulation.drawing import comparison, svg, timeline
from product_import.simulation.scaling import raw_depth
from product_import.simulation.workload import burst, job_seconds

FOLDER = Path("pictures")


def readme_pictures(tree: Mapping[str, Any]) -> dict[Path, str]:
    """The SVG files by their path in the module.

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
    fast = {
        name: play(read_scaling(Configuration(tree, {"fast_scale_out": on})), queue, job_seconds("30"))
        for name, on in (("with fast_scale_out", True), ("target tracking alone", False))
    }
    return {
        FOLDER / "metric.svg": svg(
            comparison(
                lines,
                "Why jobs per worker is the metric",
                "15 jobs a minute of 60 s each: on the bare depth of the queue the service goes to its maximum.",
            )
        ),
        FOLDER / "fast.svg": svg(comparison(fast, "What fast_scale_out saves", _saved(*fast.values()))),
        FOLDER / "burst.svg": svg(
            timeline(play(scaling, queue, job_seconds("30")), "A burst of 500 jobs of 30 s each")
        ),
        FOLDER / "dashboard.svg": svg(dashboard_picture(tree)),
    }


def _saved(fast: Played, slow: Played) -> str:
    """What is saved of the jobs' waiting, in words."""
    means = [round(played.mean_wait / 60, 1) for played in (slow, fast)]
    halves = [round(played.wait(50)[0] / 60, 1) for played in (slow, fast)]
    return (
        f"A burst of {fast.jobs} jobs of 30 s: they wait {means[1]} minutes on average instead of {means[0]}, "
        f"half of them up to {halves[1]} instead of {halves[0]}."
    )
