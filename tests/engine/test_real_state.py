"""The stand-in's state beside one that the real provider wrote.

real_state.json holds the inputs, the state of provider 5.46 after an apply and a refresh, and what that refresh
changed. It was made against emulators of AWS. Of the container ECS's own answer is in it, which the emulator shortens.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.engine import Engine, Executable
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.registry import PROVIDER_OF_REGISTRY
from tests.engine.stand_in import stand_in

import pytest

REAL: Mapping[str, Any] = json.loads(Path(__file__).with_name("real_state.json").read_text())
States = tuple[dict[str, Any], dict[str, Any]]
# The attributes of which the values are new for each resource, or a time.
MADE = {
    "aws_appautoscaling_policy": ("arn", "alarm_arns"),
    "aws_appautoscaling_target": ("arn",),
    "aws_elasticache_replication_group": ("primary_endpoint_address", "reader_endpoint_address"),
    "aws_iam_role": ("create_date", "unique_id"),
    "aws_iam_role_policy_attachment": ("id",),
    "aws_secretsmanager_secret": ("arn", "name"),
    "aws_secretsmanager_secret_version": ("version_id",),
    "aws_security_group": ("id", "name"),
}
DIFFERENT = {
    ("aws_appautoscaling_target", "role_arn"): "the emulator returns none",
    ("aws_ecs_service", "iam_role"): "the emulator returns none",
    ("aws_ecs_service", "platform_version"): "the emulator returns none",
    ("aws_ecs_task_definition", "container_definitions"): "5.46 writes cpu 0, later versions do not (documents.py)",
    ("aws_elasticache_replication_group", "at_rest_encryption_enabled"): "a bool in 5.46, text in later versions",
    ("aws_elasticache_replication_group", "engine_version_actual"): "the emulator has no patch levels",
    ("aws_elasticache_replication_group", "ip_discovery"): "the emulator returns none",
    ("aws_elasticache_replication_group", "network_type"): "the emulator returns none",
    ("aws_elasticache_subnet_group", "vpc_id"): "the stand-in does not know which VPC a subnet is in",
}
# Attributes of one side alone: the schemas are those of 5.99.1 and 6.25.0.
ONLY_HERE = {
    5: {
        "aws_appautoscaling_target": {"suspended_state"},
        "aws_ecs_service": {
            "availability_zone_rebalancing",
            "force_delete",
            "volume_configuration",
            "vpc_lattice_configurations",
        },
        "aws_ecs_task_definition": {"enable_fault_injection"},
        "aws_elasticache_replication_group": {"cluster_mode", "transit_encryption_mode"},
        "aws_secretsmanager_secret_version": {"has_secret_string_wo", "secret_string_wo", "secret_string_wo_version"},
    },
    6: {
        "aws_appautoscaling_policy": {"predictive_scaling_policy_configuration"},
        "aws_cloudwatch_log_group": {"deletion_protection_enabled"},
        "aws_ecs_service": {"arn", "deployment_configuration", "sigint_rollback"},
        "aws_elasticache_replication_group": {"node_group_configuration"},
    },
}
WITHOUT_REGION = {"aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment"}
GONE_IN_6 = {"aws_ecs_task_definition": {"inference_accelerator"}}


@pytest.fixture
def states(tmp_path: Path, executable: Executable, major: int, synthesized: Path) -> States:
    """After an apply of the same inputs, and as the next plan finds it; nothing else was made on this stand-in."""
    if PROVIDER_OF_REGISTRY:
        pytest.skip("This test is about the stand-in for the provider.")
    with stand_in(executable, major) as (_, reattach):
        deployed = deployment.consumer(Engine(tmp_path, executable, reattach), synthesized)
        deployed.configure(deployed.engine, REAL["inputs"])
        deployed.engine.init()
        deployed.engine.deploy()
        plan = deployed.engine.plan()
        assert deployed.changes(plan) == {}
        return deployed.state(), deployed.resources(plan["prior_state"])


def without_made_values(state: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The state with the name of an attribute in the place of its value, wherever that stands."""
    names: dict[str, str] = {}
    for address, values in state.items():
        for attribute in MADE.get(address.partition(".")[0], ()):
            for number, value in enumerate(
                [values[attribute]] if isinstance(values[attribute], str) else values[attribute]
            ):
                names[value] = f"<{address}.{attribute}.{number}>"
    text = json.dumps(state)
    for value in sorted(names, key=len, reverse=True):
        text = text.replace(value, names[value])
    return dict(json.loads(text))


@pytest.mark.usefixtures("plans_defaults")
@both_majors
def test_the_state_is_that_of_the_real_provider(states: States, major: int) -> None:
    """Each attribute of each resource, but what differs for the reasons above."""
    ours, theirs = without_made_values(states[1]), without_made_values(REAL["state"])
    assert ours.keys() == theirs.keys()
    different = set()
    for address, values in theirs.items():
        kind = address.partition(".")[0]
        only_here = ONLY_HERE[5].get(kind, set()) | (
            ONLY_HERE[6].get(kind, set()) | {"region"} - ({"region"} if kind in WITHOUT_REGION else set())
            if major == 6
            else set()
        )
        assert ours[address].keys() - values.keys() == only_here, address
        assert values.keys() - ours[address].keys() == (GONE_IN_6.get(kind, set()) if major == 6 else set()), address
        shared = values.keys() & ours[address].keys()
        different |= {(kind, name) for name in shared if ours[address][name] != values[name]}
    assert different == set(DIFFERENT)


@pytest.mark.usefixtures("plans_defaults")
@both_majors
def test_the_container_differs_in_one_member(states: States) -> None:
    """What 5.46 writes and later versions do not is all that differs."""
    task = "aws_ecs_task_definition.import_worker"
    ours, theirs = (
        json.loads(without_made_values(state)[task]["container_definitions"]) for state in (states[1], REAL["state"])
    )
    assert [{"cpu": 0, **container} for container in ours] == theirs


@pytest.mark.usefixtures("plans_defaults")
@both_majors
def test_the_first_refresh_finds_what_the_real_one_finds(states: States) -> None:
    """Null becomes empty, and roles have got their policies: no more than that."""
    before, after = states
    found = {
        address: sorted(name for name in values if values[name] != after[address][name])
        for address, values in before.items()
    }
    assert {address: names for address, names in found.items() if names} == REAL["first_refresh"]
