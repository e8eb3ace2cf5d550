"""The metrics in CloudWatch."""

import os
import threading
from datetime import datetime
from typing import Any, Protocol

from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import NoCredentialsError  # type: ignore[import-untyped]
from botocore.session import Session  # type: ignore[import-untyped]

from .depth import Counts
from .settings import Metric, Settings, SettingsError

_NAMESPACE = "AVNZ/ProductImport"
# What CloudWatch takes a shorter period than a minute's as.
_HIGH_RESOLUTION = 1
_STANDARD_RESOLUTION = 60

# One for all clients, since each keeps 10 MB of botocore's data; to be used by one thread at a time.
_SESSION = Session()
_LOCK = threading.Lock()


class NotAcceptedError(Exception):
    """What answered is not CloudWatch."""


class CloudWatch(Protocol):
    """What is used of botocore's client."""

    def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, object]]) -> dict[str, Any]:  # noqa: N803
        """Store data points; raises botocore's BotoCoreError and ClientError."""


def cloudwatch(region: str) -> CloudWatch:
    """A client that tries each call once, with the credentials of the task's role.

    Raises botocore's errors where they cannot be had, which may pass: a client without any would never ask again.
    """
    with _LOCK:
        if _SESSION.get_credentials() is None:
            raise NoCredentialsError
        return _client(region)


def check_environment(region: str) -> None:
    """Raises SettingsError for variables of AWS with which no client can be made, whatever happens later."""
    try:
        # With credentials at hand nothing is asked of the network, so no failure is a passing one.
        _client(region, aws_access_key_id="none", aws_secret_access_key="none")
    except Exception as error:
        given = ", ".join(sorted(name for name in os.environ if name.startswith("AWS_")))
        raise SettingsError(f"one of {given} is wrong: {error}") from None


def _client(region: str, **credentials: str) -> CloudWatch:
    client: CloudWatch = _SESSION.create_client(
        "cloudwatch",
        region_name=region,
        config=Config(connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 1}),
        **credentials,
    )
    return client


def publish(client: CloudWatch, settings: Settings, queue: str, counts: Counts, measured: datetime) -> None:
    """Put one data point for the depth and for each of the further metrics, with the time of the measurement.

    Raises NotAcceptedError for an answer that is not CloudWatch's. Raises botocore's errors.
    """
    further = {
        Metric.WAITING: ("BullWaitingJobs", counts.ready, "Count"),
        Metric.DELAYED: ("BullDelayedJobs", counts.delayed, "Count"),
        Metric.FAILED: ("BullFailedJobs", counts.failed, "Count"),
        Metric.OLDEST_WAITING_AGE: ("BullOldestWaitingJobAge", counts.oldest_waiting_age, "Seconds"),
    }
    depth = ("BullQueueDepth", counts.depth, "Count")
    answer = client.put_metric_data(
        Namespace=_NAMESPACE,
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [
                    {"Name": "Environment", "Value": settings.environment},
                    {"Name": "QueueName", "Value": queue},
                ],
                "Timestamp": measured,
                "Value": value,
                "Unit": unit,
                "StorageResolution": _STANDARD_RESOLUTION if settings.interval == 60 else _HIGH_RESOLUTION,
            }
            for name, value, unit in (depth, *(further[metric] for metric in settings.metrics))
        ],
    )
    # botocore takes any answer with status 200 for a success, also a page of a proxy. Each of AWS's has an id.
    if not answer["ResponseMetadata"].get("RequestId"):
        raise NotAcceptedError(
            "the answer to PutMetricData has no request id, so it is not CloudWatch's: check proxies and "
            "AWS_ENDPOINT_URL"
        )
