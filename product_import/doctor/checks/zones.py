"""The availability zones that the workers' subnets lie in, which are those of Redis too."""

from collections.abc import Iterator

from product_import.doctor.deployment import Deployment
from product_import.doctor.faults import ONE_ZONE
from product_import.doctor.findings import Fact, Finding


def zones(deployment: Deployment) -> Iterator[Finding | Fact]:
    """More than one."""
    if deployment.service is None:
        return
    subnets = deployment.service["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    found = deployment.account.read("ec2:DescribeSubnets", SubnetIds=subnets)["Subnets"]
    names = sorted({subnet["AvailabilityZone"] for subnet in found})
    yield Fact("zones", ", ".join(names))
    if len(names) < 2:
        yield Finding(ONE_ZONE, (f"{', '.join(subnets)} in {', '.join(names)}.",))
