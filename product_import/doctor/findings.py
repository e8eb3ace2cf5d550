"""What a look at a deployment yields."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from product_import.doctor.deployment import Deployment
from product_import.doctor.faults import Fault


@dataclass(frozen=True)
class Finding:
    """A fault that is there.

    Attributes:
        details: what exactly was seen, in lines.
    """

    fault: Fault
    details: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """How something stands, well or not."""

    name: str
    text: str


Check = Callable[[Deployment], Iterator[Finding | Fact]]
"""Looks at one thing. What it yields before a NotLookedAtError counts."""
