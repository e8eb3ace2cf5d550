"""The depth of the queue: whether it is published, and by whom."""

from collections.abc import Iterator

from product_import.doctor.deployment import PUBLISHER, RECENTLY, Deployment
from product_import.doctor.faults import DEPTH_ELSEWHERE, DEPTH_MISSING, DEPTH_WRONG
from product_import.doctor.findings import Fact, Finding

MINUTES = int(RECENTLY.total_seconds() // 60)


def depth(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Published in the last minutes, with the dimensions that are read.

    AWS does not say who publishes: CloudTrail logs no PutMetricData unless somebody pays for its data events. What it
    says is whether the task has a publisher, and how often a minute gets a value.
    """
    values, times = deployment.depth
    if values:
        yield Fact(
            "queue",
            f"{values[-1]:g} jobs; depth published {times:g} times in {MINUTES} minutes, {_by(deployment, times)}",
        )
        if min(values) < 0:
            yield Finding(DEPTH_WRONG, (f"{min(values):g} jobs in the last {MINUTES} minutes.",))
        return
    wanted = _dimensions(deployment.depth_metric)
    found = _published(deployment)
    yield Fact("queue", "depth not known")
    environment = f"Environment={deployment.environment}"
    near = [other for other in found if environment in other.split(",") and other != wanted]
    if near:
        yield Finding(DEPTH_ELSEWHERE, (f"Published: {'; '.join(near)}.", f"Read: {wanted}."))
        return
    last = "It was published within the last 3 hours." if wanted in found else "Nor in the last 3 hours."
    others = [f"Published for others: {'; '.join(other for other in found if other != wanted)}."]
    yield Finding(
        DEPTH_MISSING, (f"{wanted}. {last}", *_publishers(deployment), *(others if set(found) - {wanted} else ()))
    )


def _by(deployment: Deployment, times: float) -> str:
    if deployment.container(PUBLISHER) is None:
        return "by the application: the workers' task has no publisher"
    if times > 2 * MINUTES:
        return "by the publisher beside the workers and, since it is so often, by somebody else too"
    return "by the publisher beside the workers"


def _publishers(deployment: Deployment) -> Iterator[str]:
    """What the publishers beside the workers are doing."""
    if deployment.container(PUBLISHER) is None:
        yield "The workers' task has no publisher: the application has to publish."
        return
    states = [
        f"{container.get('lastStatus', '?')} {container.get('healthStatus', '')}".strip()
        for task in deployment.tasks("RUNNING")
        for container in task.get("containers", [])
        if container["name"] == PUBLISHER
    ]
    yield f"Publishers beside the workers: {', '.join(sorted(states)) or 'none runs'}."


def _published(deployment: Deployment) -> list[str]:
    """The dimensions that the metric has had in the last 3 hours."""
    metric = deployment.depth_metric
    found = deployment.account.pages(
        "cloudwatch:ListMetrics",
        "Metrics",
        Namespace=metric["Namespace"],
        MetricName=metric["MetricName"],
        RecentlyActive="PT3H",
    )
    return sorted({_dimensions(each) for each in found})


def _dimensions(metric: dict[str, object]) -> str:
    pairs = metric["Dimensions"]
    assert isinstance(pairs, list)
    return ",".join(sorted(f"{pair['Name']}={pair['Value']}" for pair in pairs))
