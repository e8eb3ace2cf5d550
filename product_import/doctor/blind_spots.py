"""What the doctor cannot see: the table that the section of its page is made of."""

from collections.abc import Iterator, Mapping

from product_import.doctor.comparison.places import READINGS, NotCompared

UNSEEN: Mapping[str, str] = {
    "Who publishes the queue's depth": "AWS records no such call. The doctor tells it from the task definition, and "
    "from how often a minute gets a value.",
    "A wrong depth of 0 or more, such as that of another queue": "It looks like any other.",
    "Whether a worker does what it should": "AWS knows only that it runs and what it logs. Of that the doctor reads "
    "what [logs.py](../product_import/doctor/checks/logs.py) lists.",
    "Policies of secrets, keys, topics and the bucket": "IAM's simulator leaves them out.",
    "Values of other secrets than `REDIS_URL`, and the rotation of secrets": "The doctor reads no further secret.",
    "Whether a subscription of a topic reaches anybody": "SNS tells only that it is confirmed.",
    "Tasks that stopped more than an hour ago": "ECS forgets them.",
    "One or two tasks that stopped in the last hour for a reason without a fault of its own": "ECS replaces them.",
    "Tasks that AWS or a user stopped, such as Spot interruptions": "The workers did not fail. Too few running workers "
    "are a finding.",
    "What ECS says while as many workers run as it should": "Its reasons count when workers are missing, except those "
    "that have a fault of their own.",
    "Route tables, NAT gateways, VPC endpoints, network ACLs and DNS": "The doctor reads the subnets and the module's "
    "security groups. Of the rest it knows what stopped tasks and logs say.",
    "Subnets that are nearly full": "How many addresses are enough depends on scaling. The report shows the sum.",
    "Service quotas before they are reached": "The doctor does not read them.",
    "A desired count below the minimum, or more running workers than desired": "Only too few running workers are a "
    "fault.",
    "The platform version, zone rebalancing, and the state of the task definition's revision": "The module sets none.",
    "Further scaling policies, and further policies of a role": "A root may add them beside the module.",
    "The role of the scaling target": "Application Auto Scaling uses its service-linked role for ECS, whatever is "
    "registered (its API reference, RegisterScalableTarget).",
    "Zones of Redis's nodes": "The module leaves the choice to ElastiCache.",
    "Changes of Redis that wait for the maintenance window, service updates and backups": "They change nothing yet.",
    "States of single shards and nodes within a node of Redis": "The state of the node and of the group counts.",
    "Logs that Redis fails to deliver": "The doctor compares only where it is to deliver them.",
    "Alarms that evaluate part of their data": "The doctor reads the state of an alarm.",
    "Tags, rules of other security groups, and members of structures that the module does not set": "No argument says "
    "them, unless [places.py](../product_import/doctor/comparison/places.py) lists them.",
}
"""What is not seen, and why: cells of a table in Markdown."""


def section() -> str:
    """Return the section of the page: the arguments that are not compared, and what no argument says."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    reasons: dict[str, set[str]] = {}
    for reading in READINGS.values():
        for name, argument in reading.arguments.items():
            if isinstance(argument, NotCompared):
                reasons.setdefault(argument.reason, set()).add(f"`{name}`")
    yield "These arguments of the module are not compared:\n\n| Argument | It |\n|---|---|"
    yield from (f"| {', '.join(sorted(names))} | {reason} |" for reason, names in sorted(reasons.items()))
    yield (
        "\nWithout all inputs, arguments that depend on the missing ones are not compared. The report counts them."
        "\n\nNor does the doctor see:\n\n| What | Why |\n|---|---|"
    )
    yield from (f"| {what} | {why} |" for what, why in UNSEEN.items())
