"""CONTRIBUTING.md's recipe "Add an input", followed in a copy of the project for an input of each kind."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.project import Copy, copy_project, module_tree

import pytest


@dataclass(frozen=True)
class Recipe:
    """An input that somebody may want to add.

    Attributes:
        group: the file of inputs, and the class in it.
        field: its annotation and its default.
        rule: as it stands in the table.
        part: the file of the module that uses it, what stands there, and what comes in its place.
        resource: the type and the name of what it changes, and the attribute.
        default: what the variable says.
        value: another one.
    """

    name: str
    group: tuple[str, str]
    field: tuple[str, str]
    rule: str
    part: tuple[str, str, str]
    resource: tuple[str, str, str]
    default: Any
    value: Any

    def follow(self, project: Path) -> None:
        """Steps 1 and 2."""
        file, group = self.group
        table = project / f"product_import/inputs/{file}.py"
        annotation, default = self.field
        row = f'    {self.name}: {annotation} = field(default={default}, metadata=about("New", {self.rule}))\n'
        text = table.read_text()
        assert f"class {group}:\n" in text
        imports = "from collections.abc import Sequence\nfrom product_import.inputs.rules import *\n"
        head, _, rows = text.partition(f"class {group}:\n")
        docstring, _, fields = head.partition('"""\n')
        table.write_text(f'{docstring}"""\n{imports}{fields}class {group}:\n{rows}{row}')
        part, old, new = self.part
        path = project / f"product_import/module/{part}.py"
        assert path.read_text().count(old) == 1
        path.write_text(path.read_text().replace(old, new))


RECIPES = [
    Recipe(
        "cpu_target_percent",
        ("scaling", "ScalingInputs"),
        ("int", "70"),
        "whole_number(1, 100)",
        ("autoscaling", "target_value=CPU_TARGET_PERCENT", "target_value=inputs.cpu_target_percent"),
        ("aws_appautoscaling_policy", "import_worker_cpu", "target_tracking_scaling_policy_configuration"),
        70,
        90,
    ),
    Recipe(
        "redis_snapshot_retention_days",
        ("redis", "RedisInputs"),
        ("int", "5"),
        "whole_number(1, 35)",
        ("redis", "=SNAPSHOT_RETENTION_DAYS,", "=inputs.redis_snapshot_retention_days,"),
        ("aws_elasticache_replication_group", "redis", "snapshot_retention_limit"),
        5,
        35,
    ),
    Recipe(
        "workers_have_public_ips",
        ("workers", "WorkerInputs"),
        ("bool", "False"),
        "true_or_false()",
        ("workers", "assign_public_ip=False", "assign_public_ip=inputs.workers_have_public_ips"),
        ("aws_ecs_service", "import_worker", "network_configuration"),
        False,
        True,
    ),
    Recipe(
        "redis_zones",
        ("redis", "RedisInputs"),
        ("Sequence[str]", "()"),
        'each_matches("[a-z0-9-]+", "be a list of zones", least=0)',
        (
            "redis",
            "        port=REDIS_PORT,",
            "        port=REDIS_PORT, preferred_cache_cluster_azs=list(inputs.redis_zones),",
        ),
        ("aws_elasticache_replication_group", "redis", "preferred_cache_cluster_azs"),
        [],
        ["us-east-1a", "us-east-1b"],
    ),
    Recipe(
        "redis_topic_arn",
        ("redis", "RedisInputs"),
        ("str | None", "None"),
        'or_null(matches("arn:[a-z0-9:-]+", "be the ARN of a topic"))',
        (
            "redis",
            "        engine=inputs.redis_engine,",
            "        engine=inputs.redis_engine, notification_topic_arn=inputs.redis_topic_arn,",
        ),
        ("aws_elasticache_replication_group", "redis", "notification_topic_arn"),
        None,
        "arn:aws:sns:us-east-1:123456789012:redis",
    ),
]
# What holds the value, where the attribute is a block.
NESTED = {"workers_have_public_ips": "assign_public_ip", "cpu_target_percent": "target_value"}
APP = """
import json, sys
from product_import import InputError, Inputs, ProductImport
from product_import.plan_diff.environments import REQUIRED
from cdktf import App
app = App(outdir="app")
ProductImport(app, "stack", Inputs(**REQUIRED, **json.loads(sys.argv[1])))
app.synth()
"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A project with all of these inputs, synthesized."""
    project = copy_project(tmp_path_factory.mktemp("recipe") / "project")
    for recipe in RECIPES:
        recipe.follow(project.folder)
    result = project.main()
    assert result.returncode == 0, result.stderr
    return project


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_the_input_becomes_a_variable_that_its_resource_takes(followed: Copy, recipe: Recipe) -> None:
    """Optional, with its default: null is written, for without a word the variable would be required."""
    module = module_tree(followed.folder)
    variable = module["variable"][recipe.name]
    assert "default" in variable
    assert variable["default"] == recipe.default
    resource_type, name, attribute = recipe.resource
    value = module["resource"][resource_type][name][attribute]
    value = value[NESTED[recipe.name]] if recipe.name in NESTED else value
    assert value == f"${{var.{recipe.name}}}"


@pytest.mark.parametrize(
    "text",
    [
        "retained for 5 (`redis_snapshot_retention_days`) days",
        "| CPU | average CPU utilization of the service | 70 (`cpu_target_percent`) % |",
        "| `workers_have_public_ips`<br>bool, `false` | New.<br>*Must* be true or false. |",
        "| `redis_zones`<br>list(string), `[]` | New.<br>*Must* be a list of zones. |",
        "| `redis_topic_arn`<br>string, `null` | New.<br>*Must* be the ARN of a topic, or null. |",
    ],
)
def test_the_readme_says_the_default_and_the_name(followed: Copy, text: str) -> None:
    """In the tables of inputs, and where the input stands in the place of what was fixed."""
    assert text in (followed.folder / "modules/product-import/README.md").read_text()


@pytest.fixture(scope="module")
def from_python(followed: Copy) -> Any:
    """The resources of the class with a value for each of them."""
    values = {recipe.name: recipe.value for recipe in RECIPES}
    env = {**os.environ, "PYTHONPATH": str(followed.folder)}
    command = (sys.executable, "-c", APP, json.dumps(values))
    subprocess.run(command, cwd=followed.folder, env=env, check=True)
    return json.loads((followed.folder / "app/stacks/stack/cdk.tf.json").read_text())["resource"]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_the_class_takes_a_value(from_python: Any, recipe: Recipe) -> None:
    """As it is."""
    resource_type, name, attribute = recipe.resource
    value = from_python[resource_type][name][attribute]
    value = value[NESTED[recipe.name]] if recipe.name in NESTED else value
    assert value == recipe.value
