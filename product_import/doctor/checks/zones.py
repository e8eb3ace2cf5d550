"""The subnets of the workers, which are those of Redis too: their zones and their free addresses."""

from collections.abc import Iterator

from product_import.doctor.account import NotLookedAtError
from product_import.doctor.deployment import Answer, Deployment
from product_import.doctor.faults import ADDRESSES_MISSING, ONE_ZONE
from product_import.doctor.findings import Fact, Finding


def zones(deployment: Deployment) -> Iterator[Finding | Fact]:
    """More than one zone, and addresses for further tasks."""
    network = (deployment.service or {}).get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    subnets = network.get("subnets", [])
    if not subnets:
        return
    # With a filter, one that does not exist is left out; by their ids it would be an error.
    found = deployment.account.pages(
        "ec2:DescribeSubnets", "Subnets", Filters=[{"Name": "subnet-id", "Values": subnets}]
    )
    by_id: dict[str, Answer] = {subnet.get("SubnetId", "?"): subnet for subnet in found}
    unusable = [f"{subnet} {why}." for subnet in subnets if (why := _unusable(by_id.get(subnet)))]
    if unusable:
        yield Finding(ADDRESSES_MISSING, tuple(unusable))
    names = sorted({subnet["AvailabilityZone"] for subnet in found if subnet.get("AvailabilityZone")})
    if found and not names:
        raise NotLookedAtError("EC2 names no zone of the subnets")
    free = sum(subnet.get("AvailableIpAddressCount", 0) for subnet in found)
    yield Fact("zones", f"{', '.join(names) or 'none'}; {free} free addresses")
    if len(names) == 1:
        yield Finding(ONE_ZONE, (f"{', '.join(subnets)} in {names[0]}.",))


def _unusable(subnet: Answer | None) -> str | None:
    """Why no task can start in a subnet."""
    if subnet is None:
        return "does not exist"
    if (state := subnet.get("State", "available")) != "available":
        return f"is {state}"
    return "has no free address" if subnet.get("AvailableIpAddressCount") == 0 else None
