"""The pictures of the module's README, simulated from the synthesized module: `make pictures`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration
from product_import.documentation.dashboard import dashboard_picture
from product_import.simulation import Workload, play, read_scaling
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
    return {
        FOLDER / "metric.svg": svg(
            comparison(
                lines,
                "Why jobs per worker is the metric",
                "15 jobs a minute of 60 s each: on the bare depth of the queue the service goes to its maximum.",
            )
        ),
        FOLDER / "burst.svg": svg(
            timeline(play(scaling, queue, job_seconds("30")), "A burst of 500 jobs of 30 s each")
        ),
        FOLDER / "dashboard.svg": svg(dashboard_picture(tree)),
    }
