"""What the tests of the simulation share: the module's scaling, and workloads."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from product_import.configuration import Configuration
from product_import.simulation import Assumptions, JobSeconds, Scaling, Workload, read_scaling
from product_import.simulation.workload import job_seconds

LONG = job_seconds("7200")
# Each worker takes as long to start.
FIXED = Assumptions(start_up_spread=1)
BUSY = replace(FIXED, busy_cpu_percent=90)


def scaling_of(module: Mapping[str, Any], **inputs: Any) -> Scaling:
    """The scaling of the synthesized module."""
    return read_scaling(Configuration(module, inputs))


def cpu_alone(scaling: Scaling) -> Scaling:
    """Without the policy on the queue."""
    policies = tuple(policy for policy in scaling.policies if policy.metric.reads("cpu"))
    return replace(scaling, policies=policies)


def seconds(number: float) -> JobSeconds:
    return job_seconds(str(number))


def every_minute(jobs: int, minutes: int) -> Workload:
    return Workload(f"{jobs} a minute", (jobs,) * minutes)
