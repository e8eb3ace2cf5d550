"""What a new value of a required input does to a deployment, as the module's README says."""

from typing import Any

from product_import.inputs import INPUTS
from product_import.inputs.effects import EVERY_TYPE
from tests.contract import ADDRESSES
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment

import pytest

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret"
TOPIC = "arn:aws:sns:us-east-1:123456789012"
# A plan each. Inputs share one where no two replace the same type, so that each replacement has one cause.
GROUPS: tuple[dict[str, Any], ...] = (
    {"environment": "staging"},
    {"vpc_id": "vpc-0123456789abcdef1", "database_secret_arn": f"{SECRET}:other-AbCdEf"},
    {
        "ecs_cluster_id": "arn:aws:ecs:us-east-1:123456789012:cluster/other",
        "ecs_cluster_name": "other",
        "encryption_key_secret_arn": f"{SECRET}:other-AbCdEf",
    },
    {
        "private_subnet_ids": ["subnet-0123456789abcdef0"],
        "redis_auth_token": "another-token-of-Redis",
        "worker_image": "api:2",
        "s3_bucket_arn": "arn:aws:s3:::others",
        "sns_alarm_topic_arn": f"{TOPIC}:others",
        "sns_critical_topic_arn": f"{TOPIC}:worse",
    },
)
EFFECTS = {row.name: row.effect for row in INPUTS if row.required}


def test_each_required_input_is_here() -> None:
    assert sorted(name for group in GROUPS for name in group) == sorted(EFFECTS)
    for group in GROUPS:
        types = [kind for name in group for kind in EFFECTS[name].replaces]
        assert len(types) == len(set(types))


@both_majors
@pytest.mark.parametrize("inputs", GROUPS, ids="+".join)
def test_a_new_value_replaces_what_the_readme_says(applied: Deployment, inputs: dict[str, Any]) -> None:
    actions = applied.actions(**inputs)
    replaced = {address for address, action in actions.items() if action == "replace"}
    said = {kind for name in inputs for kind in EFFECTS[name].replaces}
    assert replaced == {
        address
        for address in ADDRESSES
        if said == set(EVERY_TYPE) or address.partition(".")[0].removeprefix("aws_") in said
    }
    assert set(actions.values()) <= {"replace", "update"}
