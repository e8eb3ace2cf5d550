"""The comparison with the configuration, as one check for each type of resource."""

from collections.abc import Iterator, Mapping
from functools import partial

from product_import.doctor.account import NotLookedAtError
from product_import.doctor.comparison.compare import Comparison
from product_import.doctor.comparison.places import READINGS, Place
from product_import.doctor.deployment import Deployment
from product_import.doctor.findings import Check, Fact, Finding
from product_import.words import counted


def _configured(resource_type: str, deployment: Deployment) -> Iterator[Finding]:
    for difference in deployment.once(Comparison).differences(resource_type):
        yield Finding(difference.fault, (difference.said,))


def compared(deployment: Deployment) -> Iterator[Finding | Fact]:
    """How much was compared."""
    comparison = deployment.once(Comparison)
    if not comparison.compared:
        raise NotLookedAtError("nothing could be read")
    unknown = len(comparison.unknown)
    # The inputs are not the only reason: what is missing in AWS has no ARN.
    rest = f"; {unknown} are not known without all inputs and resources" if unknown else ""
    yield Fact("configuration", f"{counted(len(comparison.compared), 'argument')} compared{rest}")


TYPES: Mapping[str, str] = {
    f"{resource_type} as configured": resource_type
    for resource_type, reading in READINGS.items()
    if any(isinstance(argument, Place) for argument in reading.arguments.values())
}
"""By the names of the checks."""
CONFIGURED: Mapping[str, Check] = {
    **{name: partial(_configured, resource_type) for name, resource_type in TYPES.items()},
    "arguments compared": compared,
}
