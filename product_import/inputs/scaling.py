"""Inputs about the number of workers, and the queue that it follows."""

from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.effects import ADDS, REVISION
from product_import.inputs.rules import at_least, matches, one_of, positive, true_or_false, whole_number


@dataclass(frozen=True, kw_only=True)
class ScalingInputs:
    worker_min_count: int = field(
        default=2,
        metadata=about(
            "Smallest number of workers",
            whole_number(1),
            use="More where the first jobs must not wait for workers to start, 1 where they may",
        ),
    )
    worker_max_count: int = field(
        default=50,
        metadata=about(
            "Largest number of workers",
            whole_number(1),
            at_least("worker_min_count"),
            use="The database, or the budget, bears another number",
        ),
    )
    target_jobs_per_worker: float = field(
        default=10,
        metadata=about(
            "Queued jobs per running worker that autoscaling aims at",
            positive(),
            use="Less where jobs take long or must not wait, more where they are short",
        ),
    )
    fast_scale_out: bool = field(
        default=False,
        metadata=about(
            "Whether the workers also scale out after one minute above the target, in large steps; it must be known at "
            "plan, for it decides what there is",
            true_or_false(),
            use="Bursts must not wait [for target tracking](docs/scaling.md#fast-scale-out)",
            effect=ADDS,
        ),
    )
    worker_count_source: str = field(
        default="cpu_samples",
        metadata=about(
            "Which metric tells how many workers run: samples of their CPU, or RunningTaskCount of Container Insights",
            one_of(("cpu_samples", "container_insights")),
            use="The cluster has Container Insights anyway, which AWS charges for: it is the metric that AWS documents",
        ),
    )
    queue_name: str = field(
        default="product-import",
        metadata=about(
            "Name of Bull's queue: a dimension of its metric, and QUEUE_NAME in the worker's environment where it is "
            "another; BullMQ refuses a colon in it from 5.12.12 on",
            # A dimension's value starts with no colon (CloudWatch API Reference, Dimension).
            matches(
                "[A-Za-z0-9._-][A-Za-z0-9._:-]{0,99}",
                "be 1 to 100 letters, digits, dots, hyphens, underscores and colons, the first one no colon",
            ),
            use="The application calls its queue otherwise",
            effect=REVISION,
        ),
    )
    queue_prefix: str = field(
        default="bull",
        metadata=about(
            "Bull's prefix of its keys in Redis, and QUEUE_PREFIX in the worker's environment where it is another",
            matches(
                "[A-Za-z0-9._:{}-]{1,100}", "be 1 to 100 letters, digits, braces, dots, hyphens, underscores and colons"
            ),
            use="The application has a prefix of its own",
            effect=REVISION,
        ),
    )
    queue_depth_image: str = field(
        default="",
        metadata=about(
            "Docker image of the queue-depth publisher, which then runs beside each worker; empty for none",
            matches(r"[^\s]*", "be the name of an image without blanks, or empty"),
            use="The application does not publish the queue's depth itself",
            effect=REVISION,
        ),
    )
