"""The CloudWatch metrics that autoscaling and the alarms read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from product_import.inputs import Inputs
from product_import.module.expressions import call, conditional, operation

NAMESPACE = "AVNZ/ProductImport"
# CloudWatch's expression for the highest of the metrics that an alarm reads.
HIGHEST = "MAX(METRICS())"
# The dimension CacheNodeId of each node: the nodes of a replication group are clusters of one.
NODE_ID = "0001"

# Of the one vCPU that Redis's thread can use.
HOST_CPU_LIMIT_PERCENT = 90
# Sizes with up to 2 vCPUs, and those of them with 1; all others have 4 or more. Source: the EC2 instance types of the
# same names. M1, M2 and M3 differ: AWS makes no new nodes of these (ElastiCache user guide, "Supported node types").
_SMALL_NODE = "[.](micro|small|medium|large)$"
_ONE_VCPU = "[.]t2[.](micro|small)$"


@dataclass(frozen=True)
class Metric:
    namespace: str
    name: str
    statistic: str
    dimensions: dict[str, str]


@dataclass(frozen=True)
class NodeMetric:
    """A metric that each Redis node has.

    Attributes:
        highest: CloudWatch's expression for the highest of the nodes.
        label: what CloudWatch calls that.
        limit: what a node's metric is where `highest` is at a threshold.
    """

    name: str
    highest: str
    label: str
    limit: Callable[[Any], Any]


def queue_depth(inputs: Inputs) -> Metric:
    """Jobs that want a worker, as the application or its queue-depth publisher reports them."""
    return Metric(
        NAMESPACE,
        "BullQueueDepth",
        "Average",
        {"Environment": inputs.environment, "QueueName": inputs.queue_name},
    )


def running_workers(inputs: Inputs, service_name: str) -> Metric:
    """Running tasks of the service; of the CPU's samples no data while none runs.

    Each task reports its CPU once a minute, so the number of samples of a minute is the number of tasks. The metric
    RunningTaskCount, with which AWS documents this (Application Auto Scaling user guide, "Create a target tracking
    scaling policy using metric math"), exists in paid Container Insights only.

    A service whose `monitoring` asks for metrics every 20 seconds sends three samples a minute under the same name
    (Amazon ECS developer guide, "Faster auto scaling with high-resolution metrics"). CloudWatch does not tell how long
    a sample stands for, so no statistic and no function of metric math stays right: the service must not ask for it.
    """
    insights = operation(inputs.worker_count_source, "==", "container_insights")
    namespace, name, statistic = (
        str(conditional(insights, counted, sampled))
        for counted, sampled in (
            ("ECS/ContainerInsights", "AWS/ECS"),
            ("RunningTaskCount", "CPUUtilization"),
            ("Average", "SampleCount"),
        )
    )
    dimensions = {"ClusterName": inputs.ecs_cluster_name, "ServiceName": service_name}
    return Metric(namespace, name, statistic, dimensions)


def worker_utilization(resource: Literal["CPU", "Memory"], inputs: Inputs, service_name: str) -> Metric:
    """How much of their CPU or of their memory the workers take, in percent, on average."""
    return Metric(
        "AWS/ECS",
        f"{resource}Utilization",
        "Average",
        {"ClusterName": inputs.ecs_cluster_name, "ServiceName": service_name},
    )


def redis_memory() -> NodeMetric:
    """How much of a node's memory the data take."""
    return NodeMetric(
        "DatabaseMemoryUsagePercentage",
        HIGHEST,
        "Highest DatabaseMemoryUsagePercentage of the nodes",
        lambda threshold: threshold,
    )


def redis_cpu(inputs: Inputs) -> NodeMetric:
    """What tells that Redis, one thread, is short of CPU: above the redis_cpu_threshold it is.

    With up to 2 vCPUs that is the CPU of the whole node, which Redis shares with the node's other work. Its limit, 90 %
    divided by the vCPUs, counts as the threshold's default; another threshold moves the limit in proportion. With more
    it is the CPU of Redis's thread alone.
    Source: the Amazon ElastiCache user guide, "Which metrics should I monitor?".
    """
    small, one_vcpu = (call("can", call("regex", sizes, inputs.redis_node_type)) for sizes in (_SMALL_NODE, _ONE_VCPU))
    of_one, of_two = (
        f"{HIGHEST} * {vcpus} * {Inputs.redis_cpu_threshold} / {HOST_CPU_LIMIT_PERCENT}" for vcpus in (1, 2)
    )
    host = f"Highest CPUUtilization of the nodes, {HOST_CPU_LIMIT_PERCENT} % of a vCPU as {Inputs.redis_cpu_threshold}"

    def limit(threshold: Any) -> Any:
        one, two = (
            operation(threshold, "*", HOST_CPU_LIMIT_PERCENT / (vcpus * Inputs.redis_cpu_threshold)) for vcpus in (1, 2)
        )
        return conditional(small, conditional(one_vcpu, one, two), threshold)

    name, highest, label = (
        str(conditional(small, of_host, of_thread))
        for of_host, of_thread in (
            ("CPUUtilization", "EngineCPUUtilization"),
            (conditional(one_vcpu, of_one, of_two), HIGHEST),
            (host, "Highest EngineCPUUtilization of the nodes"),
        )
    )
    return NodeMetric(name, highest, label, limit)
