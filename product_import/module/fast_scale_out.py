"""Scaling out in minutes: an alarm and a step policy beside target tracking, which waits for three points."""

from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicy,
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyStepScalingPolicyConfiguration as StepScaling,
)
from product_import.aws.appautoscaling_policy import (
    AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment as Step,
)
from product_import.aws.appautoscaling_target import AppautoscalingTarget
from product_import.aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from product_import.inputs import Inputs
from product_import.module.autoscaling import JOBS_PER_WORKER, SCALE_OUT_COOLDOWN_SECONDS
from product_import.module.expressions import call, conditional
from product_import.module.metrics import Metric, queue_depth, running_workers
from product_import.module.resources import Resources, address, attribute
from product_import.module.workers import Workers

from cdktf import Token

# From so many times the target on, so many percent of the workers are added: never more than the jobs ask for, but
# in the first step.
STEPS = ((1, 50), (2, 100), (4, 300), (8, 700))
PERIOD_SECONDS = 60


def fast_scale_out(resources: Resources, inputs: Inputs, target: AppautoscalingTarget, workers: Workers) -> None:
    """The step policy and the alarm that calls it, where they are wanted."""
    count = Token.as_number(str(conditional(inputs.fast_scale_out, 1, 0)))
    starts = [times - STEPS[0][0] for times, _ in STEPS]
    policy = resources.add(
        AppautoscalingPolicy,
        "import_worker_fast_scale_out",
        count=count,
        name=f"{inputs.environment}-import-worker-fast-scale-out",
        policy_type="StepScaling",
        service_namespace=attribute(target, "service_namespace"),
        resource_id=attribute(target, "id"),
        scalable_dimension=attribute(target, "scalable_dimension"),
        step_scaling_policy_configuration=StepScaling(
            adjustment_type="PercentChangeInCapacity",
            cooldown=SCALE_OUT_COOLDOWN_SECONDS,
            metric_aggregation_type="Average",
            step_adjustment=[
                Step(
                    metric_interval_lower_bound=str(start),
                    metric_interval_upper_bound=None if end is None else str(end),
                    scaling_adjustment=percent,
                )
                for start, end, (_, percent) in zip(starts, [*starts[1:], None], STEPS, strict=True)
            ],
        ),
    )
    name = f"{inputs.environment}-product-import-fast-scale-out"
    resources.add(
        CloudwatchMetricAlarm,
        "fast_scale_out",
        count=count,
        alarm_name=name,
        alarm_description="More jobs are queued for each worker than the target: workers are added at once.",
        comparison_operator="GreaterThanThreshold",
        # The metric counts in targets, so that neither it nor the steps have to be computed.
        threshold=STEPS[0][0],
        evaluation_periods=1,
        # No data, no scaling.
        treat_missing_data="missing",
        # Nobody has to know: what is wrong, the other alarms say.
        alarm_actions=[f"${{{address(policy)}[0].arn}}"],
        metric_query=[
            _query("queued", queue_depth(inputs)),
            _query("running", running_workers(inputs, workers.service_name)),
            CloudwatchMetricAlarmMetricQuery(
                id="times_target",
                expression=str(call("join", " / ", [JOBS_PER_WORKER, call("tostring", inputs.target_jobs_per_worker)])),
                label="Queued jobs per running worker, in targets",
                return_data=True,
            ),
        ],
        tags=resources.tags(Name=name),
    )


def _query(query_id: str, metric: Metric) -> CloudwatchMetricAlarmMetricQuery:
    return CloudwatchMetricAlarmMetricQuery(
        id=query_id,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=metric.namespace,
            metric_name=metric.name,
            stat=metric.statistic,
            period=PERIOD_SECONDS,
            dimensions=metric.dimensions,
        ),
        return_data=False,
    )
