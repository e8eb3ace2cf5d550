"""Inputs about the alarms."""

from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.effects import ADDS
from product_import.inputs.names import alarm_topic_arn
from product_import.inputs.rules import true_or_false, whole_number


@dataclass(frozen=True, kw_only=True)
class AlarmInputs:
    sns_alarm_topic_arn: str = field(metadata=about("ARN of the SNS topic of alarms", *alarm_topic_arn()))
    sns_critical_topic_arn: str = field(metadata=about("ARN of the SNS topic of critical alarms", *alarm_topic_arn()))
    redis_cpu_threshold: int = field(
        default=75,
        metadata=about(
            "Percentage of the CPU of a Redis node above which redis_cpu_high alarms",
            whole_number(1, 100),
            use="It alarms too early or too late",
        ),
    )
    redis_memory_threshold: int = field(
        default=85,
        metadata=about(
            "Percentage of the memory of a Redis node above which redis_memory_high alarms",
            whole_number(1, 100),
            use="It alarms too early or too late",
        ),
    )
    queue_overload_threshold: int = field(
        default=10000,
        metadata=about(
            "Number of queued jobs above which queue_overload alarms",
            whole_number(1),
            use="As many jobs are common, or fewer are an emergency",
        ),
    )
    create_dashboard: bool = field(
        default=False,
        metadata=about(
            "Whether there is a CloudWatch dashboard of queue, workers and Redis; it must be known at plan, for it "
            "decides what there is",
            true_or_false(),
            use="People look at this environment; AWS charges for a dashboard, and for what its table of errors scans",
            effect=ADDS,
        ),
    )
