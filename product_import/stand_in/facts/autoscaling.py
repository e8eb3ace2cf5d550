"""Facts of Application Auto Scaling."""

from collections.abc import Mapping

from product_import.stand_in.facts.kinds import HERE, Facts, Resource, left_out

_SCALABLE = frozenset({"resource_id", "scalable_dimension", "service_namespace"})


def _alarms(policy: Resource) -> list[str]:
    """Application Auto Scaling's user guide, "Target tracking scaling policies": it makes two alarms of its own."""
    if policy["policy_type"] != "TargetTrackingScaling":
        return []
    name = "arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-{resource_id}-Alarm".format(**policy)
    return [f"{name}{end}-{policy['unique']}" for end in ("High", "Low")]


FACTS: Mapping[str, Facts] = {
    # appautoscaling/policy.go
    "aws_appautoscaling_policy": Facts(
        replace=_SCALABLE | {"name"},
        defaults={
            "policy_type": "StepScaling",
            "target_tracking_scaling_policy_configuration.disable_scale_in": False,
            "target_tracking_scaling_policy_configuration.customized_metric_specification.metrics.return_data": True,
        },
        made={
            "arn": f"arn:aws:autoscaling:{HERE}:scalingPolicy:{{unique}}"
            ":resource/{service_namespace}/{resource_id}:policyName/{name}",
            "id": "{name}",
            "alarm_arns": _alarms,
        },
    ),
    # appautoscaling/scheduled_action.go
    "aws_appautoscaling_scheduled_action": Facts(
        replace=_SCALABLE | {"name"},
        defaults={"timezone": "UTC"},
        made={
            "arn": f"arn:aws:autoscaling:{HERE}:scheduledAction:{{unique}}"
            ":resource/{service_namespace}/{resource_id}:scheduledActionName/{name}",
            "id": "{name}-{service_namespace}-{resource_id}",
        },
        unread=frozenset({"end_time", "start_time"}),
    ),
    # appautoscaling/target.go
    "aws_appautoscaling_target": Facts(
        replace=_SCALABLE,
        # Computed, for people who suspend scaling past Terraform: pull request 38942.
        same={"suspended_state": left_out},
        made={
            "arn": f"arn:aws:application-autoscaling:{HERE}:scalable-target/{{unique}}",
            "id": "{resource_id}",
            # Application Auto Scaling's user guide, "Service-linked roles".
            "role_arn": "arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
            "AWSServiceRoleForApplicationAutoScaling_ECSService",
        },
    ),
}
