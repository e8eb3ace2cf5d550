"""Inputs about the number of workers, and the queue that it follows."""

from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.rules import at_least, matches, positive, whole_number


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
    queue_depth_image: str = field(
        default="",
        metadata=about(
            "Docker image of the queue-depth publisher, which then runs beside each worker; empty for none",
            matches(r"[^\s]*", "be the name of an image without blanks, or empty"),
            use="The application does not publish the queue's depth itself",
            replaces=("ecs_task_definition",),
        ),
    )
