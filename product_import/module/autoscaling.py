"""Autoscaling: as many workers as the queue and the CPU ask for."""

from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicy,
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration as TargetTracking,
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification as CustomizedMetric,
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetrics as MetricQuery,
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStat as Stat,
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetric as StatMetric,  # noqa: E501
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetricDimensions as Dimension,  # noqa: E501
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification as PredefinedMetric,
)
from product_import.aws.appautoscaling_target import AppautoscalingTarget
from product_import.inputs import Inputs
from product_import.module.metrics import Metric, queue_depth, running_workers
from product_import.module.resources import Resources, attribute
from product_import.module.workers import Workers

SCALE_OUT_COOLDOWN_SECONDS = 60
SCALE_IN_COOLDOWN_SECONDS = 300
CPU_TARGET_PERCENT = 70
# CloudWatch's metric math over the queries of these ids.
JOBS_PER_WORKER = "queued / running"


def autoscaling(resources: Resources, inputs: Inputs, workers: Workers) -> AppautoscalingTarget:
    """The target, which is returned, and its two policies: the one that asks for more workers wins."""
    target = resources.add(
        AppautoscalingTarget,
        "import_worker",
        service_namespace="ecs",
        resource_id=f"service/{inputs.ecs_cluster_name}/{workers.name_after_apply}",
        scalable_dimension="ecs:service:DesiredCount",
        min_capacity=inputs.worker_min_count,
        max_capacity=inputs.worker_max_count,
    )

    def policy(name: str, target_tracking: TargetTracking) -> None:
        resources.add(
            AppautoscalingPolicy,
            f"import_worker_{name.replace('-', '_')}",
            name=f"{inputs.environment}-import-worker-{name}",
            policy_type="TargetTrackingScaling",
            service_namespace=attribute(target, "service_namespace"),
            # AWS deletes the policies of a target that is replaced, and only its id is unknown then.
            resource_id=attribute(target, "id"),
            scalable_dimension=attribute(target, "scalable_dimension"),
            target_tracking_scaling_policy_configuration=target_tracking,
        )

    policy(
        "queue-depth",
        TargetTracking(
            target_value=inputs.target_jobs_per_worker,
            scale_out_cooldown=SCALE_OUT_COOLDOWN_SECONDS,
            scale_in_cooldown=SCALE_IN_COOLDOWN_SECONDS,
            customized_metric_specification=CustomizedMetric(
                metrics=[
                    _stat("queued", queue_depth(inputs)),
                    _stat("running", running_workers(inputs, workers.service_name)),
                    # Target tracking wants a value that falls as workers are added: the bare depth does not.
                    MetricQuery(
                        id="jobs_per_worker",
                        expression=JOBS_PER_WORKER,
                        label="Queued jobs per running worker",
                        return_data=True,
                    ),
                ]
            ),
        ),
    )
    policy(
        "cpu",
        TargetTracking(
            target_value=CPU_TARGET_PERCENT,
            scale_out_cooldown=SCALE_OUT_COOLDOWN_SECONDS,
            scale_in_cooldown=SCALE_IN_COOLDOWN_SECONDS,
            predefined_metric_specification=PredefinedMetric(predefined_metric_type="ECSServiceAverageCPUUtilization"),
        ),
    )
    return target


def _stat(query_id: str, metric: Metric) -> MetricQuery:
    return MetricQuery(
        id=query_id,
        metric_stat=Stat(
            metric=StatMetric(
                namespace=metric.namespace,
                metric_name=metric.name,
                dimensions=[Dimension(name=name, value=value) for name, value in metric.dimensions.items()],
            ),
            stat=metric.statistic,
        ),
        return_data=False,
    )
