"""ARNs and hosts of China, GovCloud and other partitions."""

import json

from tests.engine.conftest import both_majors
from tests.engine.protocol import Asked

import pytest

POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-central-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ],
)
@both_majors
def test_what_an_apply_makes_up(major: int, region: str, partition: str, suffix: str) -> None:
    """Of a type with facts, and of one without."""
    asked = Asked(major, region)
    role = asked.applied("aws_iam_role", name="one", assume_role_policy=POLICY)
    assert role["arn"] == f"arn:{partition}:iam::123456789012:role/one"
    queue = asked.applied("aws_sqs_queue", name="one")
    assert queue["arn"] == f"arn:{partition}:sqs:{region}:123456789012:one"
    endpoint = asked.applied(
        "aws_elasticache_replication_group", replication_group_id="one", description="one", num_cache_clusters=1
    )["primary_endpoint_address"]
    assert endpoint.endswith(f".cache.{suffix}")


def test_what_a_plan_knows_stays() -> None:
    """An ARN of another partition in an argument is the user's."""
    arn = "arn:aws:iam::123456789012:policy/one"
    made = Asked(5, "cn-north-1").applied("aws_iam_role_policy_attachment", role="one", policy_arn=arn)
    assert made["policy_arn"] == arn
