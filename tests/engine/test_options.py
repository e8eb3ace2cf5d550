"""The options: the life of a deployment that gets one of them, and of one with all that can stand together."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from product_import import engine as engines
from product_import.engine import Engine
from product_import.inputs import INPUTS
from product_import.inputs.effects import ADDS, NOTHING
from product_import.plan_diff.environments import DOCUMENTED
from tests.contract import ADDRESSES, OPTIONAL_ADDRESSES
from tests.engine import deployment
from tests.engine.conftest import Attached, Served, both_majors
from tests.engine.deployment import Deployment, Value
from tests.engine.emulator import Emulator, emulated
from tests.engine.options import (
    ALARM,
    CLIENTS,
    FAST_POLICY,
    OPTIONS,
    TASK,
    TASK_POLICY,
    Argument,
    grouped,
    values,
)
from tests.engine.registry import PROVIDER_OF_REGISTRY
from tests.project import module_tree

import pytest

# What only the provider goes by: no request to AWS that changes something has it.
OF_THE_PROVIDER = {"apply_immediately", "final_snapshot_identifier", "wait_for_steady_state"}
MODULE = "module.product_import"
TELLING = [
    name for name, option in OPTIONS.items() if option.planned or option.worker or option.statements or option.rules
]


@dataclass(frozen=True)
class Walk:
    """What happened to deployments, by the name of the option that they got.

    Attributes:
        plans: the plan that sets the option where there is none, with addresses as inside the module.
        left: what the next plan would change once that was applied.
        rest: what is there after the destroy.
    """

    plans: dict[str, dict[str, Any]]
    left: dict[str, Mapping[str, str]]
    rest: dict[str, Mapping[str, Any]]

    def changes(self, name: str) -> dict[str, Any]:
        """What the option's plan has of each resource that changes, by address."""
        changes = self.plans[name]["resource_changes"]
        return {change["address"]: change["change"] for change in changes if change["change"]["actions"] != ["no-op"]}


def changed_arguments(change: Mapping[str, Any]) -> set[str]:
    before, after = change["before"], change["after"]
    unknown = {argument for argument, value in change["after_unknown"].items() if "true" in json.dumps(value)}
    return unknown | {argument for argument in after if after[argument] != before.get(argument)}


class Account:
    """The inputs as the emulated AWS needs them, whose ids are its own."""

    def __init__(self, emulator: Emulator) -> None:
        groups = (
            emulator.client("ec2").create_security_group(GroupName=name, Description="Adds jobs", VpcId=emulator.vpc_id)
            for name in CLIENTS
        )
        # As a set has them.
        self._clients = dict(zip(sorted(CLIENTS), sorted(group["GroupId"] for group in groups), strict=True))
        self.place: Mapping[str, Any] = {
            "ecs_cluster_id": emulator.cluster_arn,
            "vpc_id": emulator.vpc_id,
            "private_subnet_ids": emulator.subnet_ids,
        }

    def inputs(self, given: Mapping[str, Any]) -> dict[str, Any]:
        text = json.dumps({**self.place, **given})
        for client, there in self._clients.items():
            text = text.replace(client, there)
        return dict(json.loads(text))

    def plan(self, made: Mapping[str, Any], key: str) -> dict[str, Any]:
        """What a plan has of one deployment, as if it were production's: addresses inside the module, ids as given."""
        changes = _of(key, {change["address"]: change for change in made["resource_changes"]})
        resources = _of(key, engines.resources(made))
        own: dict[str, Any] = {
            "resource_changes": [
                change | {"address": address.removeprefix(_prefix(key))} for address, change in changes.items()
            ],
            "resources": {address.removeprefix(_prefix(key)): values for address, values in resources.items()},
        }
        text = json.dumps(own).replace(key, DOCUMENTED["environment"])
        for client, there in self._clients.items():
            text = text.replace(there, client)
        return dict(json.loads(text))


class SideBySide:
    """Deployments of the documented inputs in one root, by the names of their environments."""

    def __init__(self, engine: Engine, synthesized: Path, keys: Collection[str]) -> None:
        self.engine, self._keys = engine, keys
        deployment.add_module(engine, synthesized)
        variables = module_tree(synthesized)["variable"]
        self._defaults = {name: given["default"] for name, given in variables.items() if "default" in given}
        each = {name: f"${{each.value.{name}}}" for name in variables if name != "redis_auth_token"}
        engine.write(
            "main.tf.json",
            {
                "variable": {"deployments": {}, "redis_auth_token": {"sensitive": True}},
                "provider": {"aws": {"region": DOCUMENTED["aws_region"]}},
                "module": {
                    "product_import": {
                        "for_each": "${var.deployments}",
                        "source": "./modules/product-import",
                        "redis_auth_token": "${var.redis_auth_token}",
                        **each,
                    }
                },
            },
        )
        engine.init()

    def configure(self, inputs: Callable[[str], Mapping[str, Any]]) -> None:
        """Give each deployment inputs over the documented ones."""
        documented = {name: value for name, value in DOCUMENTED.items() if name != "redis_auth_token"}
        deployments = {key: {**self._defaults, **documented, **inputs(key), "environment": key} for key in self._keys}
        token = DOCUMENTED["redis_auth_token"]
        self.engine.write("terraform.tfvars.json", {"deployments": deployments, "redis_auth_token": token})


@pytest.fixture(scope="session")
def walk(
    tmp_path_factory: pytest.TempPathFactory,
    attached: Attached,
    served_providers: Callable[[int], Served],
    synthesized: Path,
    major: int,
) -> Walk:
    """In the emulated AWS deployments are made side by side, get a group of options each, and go again."""
    if PROVIDER_OF_REGISTRY:
        pytest.skip("The provider of the registry applies to an account: only plans run on it here.")
    provider, _ = served_providers(major)
    groups = {f"walk-{number}": names for number, names in enumerate(grouped())}
    with emulated("us-east-1", major) as cloud:
        provider.cloud = cloud
        account = Account(cloud)
        deployed = SideBySide(attached(tmp_path_factory.mktemp("walk"), major), synthesized, groups)
        deployed.configure(lambda _: account.place)
        deployed.engine.deploy()
        deployed.configure(lambda key: account.inputs(values(groups[key])))
        plan = deployed.engine.plan()
        deployed.engine.apply()
        left = deployment.actions(deployed.engine)
        # The plan before has refreshed all.
        deployed.engine.destroy("-refresh=false")
        rest = engines.resources(deployed.engine.state())
        provider.reset()

    walk = Walk({}, {}, {})
    for key, names in groups.items():
        walk.plans.update(dict.fromkeys(names, account.plan(plan, key)))
        walk.left.update(dict.fromkeys(names, _of(key, left)))
        walk.rest.update(dict.fromkeys(names, _of(key, rest)))
    return walk


def _of(key: str, by_address: Mapping[str, Value]) -> dict[str, Value]:
    """Those of one deployment."""
    return {address: value for address, value in by_address.items() if address.startswith(_prefix(key))}


def _prefix(key: str) -> str:
    return f"{MODULE}[{json.dumps(key)}]."


def test_each_option_is_here() -> None:
    """But the region, which a deployment does not change: the provider of another one sees none of it."""
    assert {row.name for row in INPUTS if not row.required} - {"aws_region"} == set(OPTIONS)


@both_majors
@pytest.mark.usefixtures("plans_defaults")
@pytest.mark.parametrize("names", grouped())
def test_an_option_changes_what_it_is_about(walk: Walk, names: list[str], major: int) -> None:
    """And nothing else; once it is applied nothing is left to change, and it goes."""
    expected = set[Argument]().union(*(OPTIONS[name].changes(major) for name in names))
    changes = walk.changes(names[0])
    assert set(changes) == {address for address, _ in expected}
    updated = {address for address, change in changes.items() if change["actions"] == ["update"]}
    assert {(address, argument) for address in updated for argument in changed_arguments(changes[address])} == {
        (address, argument) for address, argument in expected if address in updated
    }
    assert (walk.left[names[0]], walk.rest[names[0]]) == ({}, {})


@both_majors
@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_does_to_a_deployment_what_the_readme_says(walk: Walk, name: str, major: int) -> None:
    """It replaces, adds, or changes in place what AWS sees or what only the provider goes by."""
    changed, changes = OPTIONS[name].changes(major), walk.changes(name)
    (effect,) = (row.effect for row in INPUTS if row.name == name)
    replaced = effect.replaces if major < 6 or effect.replaces_with_6 is None else effect.replaces_with_6
    forcing = {
        (address, str(path[0])) for address, change in changes.items() for path in change.get("replace_paths", [])
    }
    assert {address.split(".")[0] for address, _ in forcing & changed} == {f"aws_{kind}" for kind in replaced}
    actions = [changes[address]["actions"] for address, _ in changed]
    assert all(action == ["create"] for action in actions) == (effect == ADDS)
    assert ({argument for _, argument in changed} <= OF_THE_PROVIDER) == (effect == NOTHING)


@both_majors
@pytest.mark.parametrize("name", TELLING)
def test_an_option_does_what_it_says(walk: Walk, name: str) -> None:
    """Each argument has the value that is written here."""
    option, planned = OPTIONS[name], walk.plans[name]["resources"]
    for (address, argument), value in option.planned.items():
        assert planned[address][argument] == value, f"{address}.{argument}"
    if option.worker:
        (worker,) = (item for item in json.loads(planned[TASK]["container_definitions"]) if item["name"] == "worker")
        for key, value in option.worker.items():
            found = worker[key]
            if key in ("environment", "secrets"):
                assert [item for item in found if item in value] == sorted(value, key=itemgetter("name"))
            else:
                assert found == value
    for address, statement in option.statements.items():
        *_, last = json.loads(planned[address]["policy"])["Statement"]
        if "Resource" in last and isinstance(last["Resource"], list):
            last["Resource"] = [... if "redis-url" in arn else arn for arn in last["Resource"]]
        assert last == statement
    for (address, direction), rule in option.rules.items():
        rules = [{name: value for name, value in found.items() if value} for found in planned[address][direction]]
        assert rule in rules


@pytest.mark.parametrize("partition", ["aws-us-gov", "aws-cn"])
def test_the_partition_is_that_of_the_bucket(applied: Deployment, partition: str) -> None:
    """In the ARNs that the module makes of it; the rules take all that are given."""
    given = json.dumps({**DOCUMENTED, **values(OPTIONS)}).replace("arn:aws:", f"arn:{partition}:")
    planned = applied.resources(applied.plan(**json.loads(given)))
    managed = planned["aws_iam_role_policy_attachment.ecs_execution_role_policy"]
    assert managed["policy_arn"] == f"arn:{partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    *_, protection = json.loads(planned[TASK_POLICY]["policy"])["Statement"]
    assert protection["Resource"] == f"arn:{partition}:ecs:us-east-1:*:task/main/*"


@both_majors
def test_all_options_live_together(emulator: Emulator, engine: Engine, synthesized: Path) -> None:
    """In the emulated AWS they are created at the addresses of every deployment, leave nothing to change, and go."""
    deployed = deployment.consumer(engine, synthesized)
    deployed.init()
    everything = Account(emulator).inputs(values(OPTIONS)) | {
        "aws_region": "eu-central-1",
        "sns_alarm_topic_arn": "arn:aws:sns:eu-central-1:123456789012:alarms",
        "sns_critical_topic_arn": "arn:aws:sns:eu-central-1:123456789012:critical",
    }
    deployed.apply(**everything)
    state = deployed.state()
    assert set(state) == ADDRESSES.union(*OPTIONAL_ADDRESSES.values())
    assert state[f"{ALARM}.fast_scale_out[0]"]["alarm_actions"] == [state[FAST_POLICY]["arn"]]
    assert deployed.actions(**everything) == {}
    engine.destroy("-refresh=false")
    assert deployed.state() == {}
