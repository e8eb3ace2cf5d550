"""The metric in CloudWatch."""

from datetime import UTC, datetime
from typing import Protocol

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

_NAMESPACE = "AVNZ/ProductImport"
_NAME = "BullQueueDepth"


class CloudWatch(Protocol):
    """What is used of boto3's client."""

    def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, object]]) -> object:  # noqa: N803
        """Store data points; raises botocore's BotoCoreError and ClientError."""


def cloudwatch(region: str) -> CloudWatch:
    """A client that tries each call once; its credentials come from the task's role."""
    client: CloudWatch = boto3.client(
        "cloudwatch",
        region_name=region,
        config=Config(connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 1}),
    )
    return client


def publish(client: CloudWatch, environment: str, queue_name: str, depth: int) -> None:
    """Put one data point with the present time."""
    client.put_metric_data(
        Namespace=_NAMESPACE,
        MetricData=[
            {
                "MetricName": _NAME,
                "Dimensions": [
                    {"Name": "Environment", "Value": environment},
                    {"Name": "QueueName", "Value": queue_name},
                ],
                "Timestamp": datetime.now(UTC),
                "Value": depth,
                "Unit": "Count",
            }
        ],
    )
