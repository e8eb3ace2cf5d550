"""Inputs about the alarms."""

from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.names import alarm_topic_arn


@dataclass(frozen=True, kw_only=True)
class AlarmInputs:
    sns_alarm_topic_arn: str = field(metadata=about("ARN of the SNS topic of alarms", *alarm_topic_arn()))
    sns_critical_topic_arn: str = field(metadata=about("ARN of the SNS topic of critical alarms", *alarm_topic_arn()))
