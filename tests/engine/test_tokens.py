"""Tokens of cdktf as inputs of the Python class, each kind where it may be: what a plan makes of them."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from product_import import engine as engines
from product_import.aws.cloudwatch_log_group import CloudwatchLogGroup
from product_import.aws.elasticache_subnet_group import ElasticacheSubnetGroup
from product_import.aws.provider import AwsProvider
from product_import.engine import Engine
from product_import.inputs import InputError, Inputs
from product_import.module.stack import ProductImport
from product_import.plan_diff.environments import REQUIRED
from tests.bad_inputs import SECRETS, SUBNETS, TAGS

import pytest
from cdktf import App, TerraformStack

SUBNET = "subnet-0123456789abcdef0"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:api-AbCdEf"
# What the attributes of the other stack are, by the end of the output's name.
VALUES: Mapping[str, Any] = {
    "name": "given",
    "arn": SECRET,
    "retention_in_days": 3,
    "skip_destroy": True,
    "tags": {"TEAM": "import"},
    "subnet_ids": [SUBNET, "subnet-0123456789abcdef1"],
}
TASK, SERVICE = "aws_ecs_task_definition.import_worker", "aws_ecs_service.import_worker"
GROUP, REDIS = "aws_cloudwatch_log_group.import_worker", "aws_elasticache_replication_group.redis"
SUBNETS_OF_REDIS = "aws_elasticache_subnet_group.redis"
Other = CloudwatchLogGroup
Resources = Mapping[str, Mapping[str, Any]]


def worker(resources: Resources, member: str) -> dict[str, str]:
    """A list of the worker's container by name."""
    *_, container = json.loads(resources[TASK]["container_definitions"])
    return {item["name"]: item.get("value", item.get("valueFrom")) for item in container[member]}


# The kind of token and where it is, the inputs, what the plan has, and what it is then.
CASES: Mapping[str, tuple[Callable[[Other, Any], Mapping[str, Any]], Callable[[Resources], Any], Any]] = {
    "string": (
        lambda group, _: {"worker_image": group.name},
        lambda resources: json.loads(resources[TASK]["container_definitions"])[0]["image"],
        "given",
    ),
    "part of a string": (
        lambda group, _: {"environment": f"e-{group.name}"},
        lambda resources: resources[SERVICE]["name"],
        "e-given-product-import-worker",
    ),
    "number": (
        lambda group, _: {"worker_concurrency": group.retention_in_days, "worker_min_count": group.retention_in_days},
        lambda resources: (worker(resources, "environment")["BULL_CONCURRENCY"], resources[SERVICE]["desired_count"]),
        ("3", 3),
    ),
    "bool": (
        lambda group, _: {"worker_wait_for_steady_state": group.skip_destroy},
        lambda resources: resources[SERVICE]["wait_for_steady_state"],
        True,
    ),
    "list": (
        lambda _, subnets: {"private_subnet_ids": subnets.subnet_ids},
        lambda resources: resources[SUBNETS_OF_REDIS]["subnet_ids"],
        VALUES["subnet_ids"],
    ),
    "item of a list": (
        lambda group, _: {"worker_command": ["node", group.name, 'say "hi" ${x}']},
        lambda resources: json.loads(resources[TASK]["container_definitions"])[0]["command"],
        ["node", "given", 'say "hi" ${x}'],
    ),
    "list beside items": (
        lambda _, subnets: {
            "private_subnet_ids": [*subnets.subnet_ids, "subnet-0123456789abcdef2"],
            "worker_command": ["node", *subnets.subnet_ids, 'say "hi" ${x}'],
        },
        lambda resources: (
            resources[SERVICE]["network_configuration"][0]["subnets"],
            json.loads(resources[TASK]["container_definitions"])[0]["command"],
        ),
        (
            [*VALUES["subnet_ids"], "subnet-0123456789abcdef2"],
            ["node", *VALUES["subnet_ids"], 'say "hi" ${x}'],
        ),
    ),
    "map": (
        lambda group, _: {"tags": group.tags, "worker_environment": group.tags},
        lambda resources: (resources[GROUP]["tags"], worker(resources, "environment")["TEAM"]),
        ({"TEAM": "import", "Name": "production-product-import-worker-logs"}, "import"),
    ),
    "value in a map": (
        lambda group, _: {"tags": {"Team": group.name, "A": "b"}, "worker_secrets": {"KEY": group.arn}},
        lambda resources: (resources[REDIS]["tags"]["Team"], worker(resources, "secrets")["KEY"]),
        ("given", SECRET),
    ),
    "part of a value in a map": (
        lambda group, _: {"worker_secrets": {"KEY": f"{group.arn}:key::", "OTHER": f"{SECRET}:key::"}},
        lambda resources: worker(resources, "secrets")["KEY"],
        f"{SECRET}:key::",
    ),
    "key of a map": (
        lambda group, _: {"tags": {group.name: "a"}, "worker_environment": {group.name: "b"}},
        lambda resources: (resources[REDIS]["tags"]["given"], worker(resources, "environment")["given"]),
        ("a", "b"),
    ),
    "number in a map": (
        lambda group, _: {
            "tags": {"Days": group.retention_in_days},
            "worker_environment": {"DAYS": group.retention_in_days},
        },
        lambda resources: (resources[REDIS]["tags"]["Days"], worker(resources, "environment")["DAYS"]),
        ("3", "3"),
    ),
    "bool in a map": (
        lambda group, _: {"worker_environment": {"KEPT": group.skip_destroy}},
        lambda resources: worker(resources, "environment")["KEPT"],
        "true",
    ),
}


def stacks(folder: Path) -> tuple[App, Other, Any]:
    """An app with another stack, whose attributes are the tokens."""
    app = App(outdir=str(folder))
    other = TerraformStack(app, "other")
    AwsProvider(other, "aws", region="us-east-1")
    group = CloudwatchLogGroup(
        other, "group", name="given", retention_in_days=3, skip_destroy=True, tags=VALUES["tags"]
    )
    return app, group, ElasticacheSubnetGroup(other, "subnets", name="subnets", subnet_ids=VALUES["subnet_ids"])


def with_values(text: str) -> dict[str, Any]:
    """The root with values in the place of the other stack's state."""
    named = re.sub(r"data\.terraform_remote_state\.[\w-]+\.outputs\.([\w-]+)", r"local.\1", text)
    tree: dict[str, Any] = json.loads(named)
    del tree["data"]
    tree["terraform"].pop("backend")
    for name in set(re.findall(r"local\.(cross-stack-output-[\w-]+)", named)):
        (value,) = (value for end, value in VALUES.items() if name.endswith(end))
        tree.setdefault("locals", {})[name] = value
    return tree


@pytest.mark.parametrize("kind", CASES)
def test_a_token_arrives(engine: Engine, kind: str) -> None:
    """As the value that it stands for, in its type."""
    inputs, planned, value = CASES[kind]
    app, *other = stacks(engine.folder / "cdktf.out")
    ProductImport(app, "stack", Inputs(**{**REQUIRED, **inputs(*other)}))
    app.synth()
    engine.write("cdk.tf.json", with_values((engine.folder / "cdktf.out/stacks/stack/cdk.tf.json").read_text()))
    engine.init()
    # What another resource tells is unknown in containers and policies until that one is there.
    engine.deploy()
    assert planned(engines.resources(engine.state())) == value


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        (lambda group, _: {"worker_secrets": {"KEY": group.arn, "OTHER": "s3cret"}}, SECRETS),
        (lambda group, _: {"private_subnet_ids": [group.name, "bogus"]}, SUBNETS),
        (lambda _, subnets: {"private_subnet_ids": [subnets.subnet_ids]}, SUBNETS),
        (lambda group, _: {"tags": {group.name: "a", "Team": 1}}, TAGS),
    ],
)
def test_what_is_beside_a_token_is_checked(tmp_path: Path, inputs: Any, text: str) -> None:
    """A list in a list is none of strings either."""
    app, *other = stacks(tmp_path)
    with pytest.raises(InputError, match=re.escape(text)):
        ProductImport(app, "stack", Inputs(**{**REQUIRED, **inputs(*other)}))
