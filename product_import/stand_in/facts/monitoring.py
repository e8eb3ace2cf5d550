"""Facts of CloudWatch, its logs, and SNS."""

import json
from collections.abc import Mapping

from product_import.stand_in.documents import normal_json
from product_import.stand_in.facts.kinds import (
    HERE,
    Facts,
    equal_json,
    equal_policies,
    nothing,
    prefixed_name,
)

# SNS API Reference, SetTopicAttributes: the policy of a topic that has been given none; its actions are left out.
_TOPIC_POLICY = {
    "Version": "2008-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Resource": "ARN"}],
}
FACTS: Mapping[str, Facts] = {
    # cloudwatch/dashboard.go
    "aws_cloudwatch_dashboard": Facts(
        replace=frozenset({"dashboard_name"}),
        same={"dashboard_body": equal_json},
        normal={"dashboard_body": normal_json},
        made={"dashboard_arn": "arn:aws:cloudwatch::{account}:dashboard/{dashboard_name}", "id": "{dashboard_name}"},
    ),
    # logs/group.go
    "aws_cloudwatch_log_group": Facts(
        replace=frozenset({"log_group_class", "name", "name_prefix"}),
        defaults={"retention_in_days": 0, "skip_destroy": False},
        made={
            "name": prefixed_name,
            "name_prefix": "",
            "arn": f"arn:aws:logs:{HERE}:log-group:{{name}}",
            "id": "{name}",
            "log_group_class": "STANDARD",
        },
    ),
    # cloudwatch/metric_alarm.go
    "aws_cloudwatch_metric_alarm": Facts(
        replace=frozenset({"alarm_name"}),
        defaults={"actions_enabled": True, "treat_missing_data": "missing", "metric_query.return_data": False},
        made={
            "arn": f"arn:aws:cloudwatch:{HERE}:alarm:{{alarm_name}}",
            "id": "{alarm_name}",
            "evaluate_low_sample_count_percentiles": "",
        },
        version=1,
    ),
    # sns/topic.go
    "aws_sns_topic": Facts(
        replace=frozenset({"fifo_topic", "name", "name_prefix"}),
        same={"delivery_policy": equal_json, "policy": equal_policies},
        normal=dict.fromkeys(("archive_policy", "delivery_policy", "policy"), normal_json),
        defaults={"content_based_deduplication": False, "fifo_topic": False},
        made={
            "name": prefixed_name,
            "name_prefix": "",
            "arn": f"arn:aws:sns:{HERE}:{{name}}",
            "id": "{arn}",
            "owner": "{account}",
            "policy": lambda topic: json.dumps(_TOPIC_POLICY).replace("ARN", topic["arn"]),
            "signature_version": nothing,
            "beginning_archive_time": "",
            "fifo_throughput_scope": "",
            "tracing_config": "",
        },
    ),
}
