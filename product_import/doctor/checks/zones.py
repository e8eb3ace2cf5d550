"""The subnets of the workers, which are those of Redis too: their zones and their free addresses."""

from collections.abc import Iterator

from product_import.doctor.deployment import Deployment
from product_import.doctor.faults import ADDRESSES_MISSING, ONE_ZONE
from product_import.doctor.findings import Fact, Finding


def zones(deployment: Deployment) -> Iterator[Finding | Fact]:
    """More than one zone, and addresses for further tasks."""
    network = (deployment.service or {}).get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    subnets = network.get("subnets", [])
    if not subnets:
        return
    found = deployment.account.read("ec2:DescribeSubnets", SubnetIds=subnets)["Subnets"]
    names = sorted({subnet["AvailabilityZone"] for subnet in found if "AvailabilityZone" in subnet})
    free = {subnet["SubnetId"]: subnet.get("AvailableIpAddressCount") for subnet in found}
    yield Fact("zones", f"{', '.join(names)}; {sum(count or 0 for count in free.values())} free addresses")
    if len(names) < 2:
        yield Finding(ONE_ZONE, (f"{', '.join(subnets)} in {', '.join(names)}.",))
    full = [f"{subnet} has no free address." for subnet, count in free.items() if count == 0]
    if full:
        yield Finding(ADDRESSES_MISSING, tuple(full))
