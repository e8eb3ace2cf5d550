"""The CloudWatch metrics that autoscaling and the alarms read."""

from dataclasses import dataclass

from product_import.inputs import Inputs

NAMESPACE = "AVNZ/ProductImport"
QUEUE_NAME = "product-import"


@dataclass(frozen=True)
class Metric:
    namespace: str
    name: str
    statistic: str
    dimensions: dict[str, str]


def queue_depth(inputs: Inputs) -> Metric:
    """Jobs that want a worker, as the application or its queue-depth publisher reports them."""
    return Metric(
        NAMESPACE,
        "BullQueueDepth",
        "Average",
        {"Environment": inputs.environment, "QueueName": QUEUE_NAME},
    )


def running_workers(inputs: Inputs, service_name: str) -> Metric:
    """Running tasks of the service; no data while none runs.

    Each task reports its CPU once a minute, so the number of samples of a minute is the number of tasks. The metric
    RunningTaskCount exists in paid Container Insights only.
    """
    return Metric(
        "AWS/ECS",
        "CPUUtilization",
        "SampleCount",
        {"ClusterName": inputs.ecs_cluster_name, "ServiceName": service_name},
    )
