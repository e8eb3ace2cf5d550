"""The promise to consumers: within a major version nothing they rely on changes or goes."""

import copy
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from product_import.engine import Engine
from product_import.plan_diff import working_tree as program
from product_import.plan_diff.environments import var_files
from tests.project import PROJECT, module_tree

import pytest

Tree = dict[str, Any]


def releases() -> list[str]:
    """The tags of the last major version, or the reason why there is none to hold the working tree against."""
    command = ["git", "-C", str(PROJECT), "tag", "--list", "v*"]
    tags = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    versions = {tag: [int(part) for part in tag[1:].split(".")] for tag in tags if re.fullmatch(r"v\d+\.\d+\.\d+", tag)}
    last = max((version[0] for version in versions.values()), default=None)
    return [tag for tag, version in versions.items() if version[0] == last]


def broken_promises(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What a consumer of the old module would miss in the new one."""
    broken = []
    for kind, resources in old["resource"].items():
        broken += [f"address {kind}.{name}" for name in resources if name not in new["resource"].get(kind, {})]
    for name, variable in old["variable"].items():
        kept = new["variable"].get(name, {})
        same = all(variable.get(key) == kept.get(key) for key in ("type", "default", "sensitive"))
        if not same or ("default" in kept) != ("default" in variable):
            broken.append(f"input {name}")
    for name, variable in new["variable"].items():
        if name not in old["variable"] and "default" not in variable:
            broken.append(f"required input {name}")
    for name, output in old["output"].items():
        kept = new["output"].get(name, {})
        if any(output.get(key) != kept.get(key) for key in ("value", "sensitive")):
            broken.append(f"output {name}")
    return broken


@pytest.mark.parametrize("release", releases() or [None])
def test_deployed_releases_go_on(release: str | None, engine: Engine, synthesized: Path, tmp_path: Path) -> None:
    """Each earlier release of the major version: nothing is missed, and a plan on it destroys nothing stateful."""
    if release is None:
        pytest.skip("No release is tagged in this clone: the contract and the module in use are what is held against.")
    if engine.reattach is None:
        pytest.skip("Releases are deployed on the stand-in for the provider.")
    program.check_out(release, tmp_path)
    assert broken_promises(module_tree(tmp_path), module_tree(synthesized)) == []
    diffs = [
        program.environment_diff(
            name, file, tmp_path, synthesized, executable=engine.executable, reattach=engine.reattach
        )
        for name, file in var_files((), engine.folder).items()
    ]
    assert [danger for diff in diffs for danger in diff.dangers] == []


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda tree: tree["resource"]["aws_iam_role"].pop("ecs_task_role"), "address aws_iam_role.ecs_task_role"),
        (lambda tree: tree["resource"].pop("aws_ecs_service"), "address aws_ecs_service.import_worker"),
        (lambda tree: tree["variable"].pop("tags"), "input tags"),
        (lambda tree: tree["variable"]["worker_cpu"].update(default=1024), "input worker_cpu"),
        (lambda tree: tree["variable"]["worker_cpu"].pop("default"), "input worker_cpu"),
        (lambda tree: tree["variable"]["vpc_id"].update(type="any"), "input vpc_id"),
        (lambda tree: tree["variable"].update(owner={"type": "string"}), "required input owner"),
        (lambda tree: tree["output"].pop("alarms"), "output alarms"),
        (lambda tree: tree["output"]["redis_port"].update(value="6379"), "output redis_port"),
    ],
)
def test_a_broken_promise_is_seen(module: Tree, change: Callable[[Tree], object], broken: str) -> None:
    """Whatever of the module's interface goes or changes is named; a new optional input is none."""
    changed = copy.deepcopy(module)
    changed["variable"]["optional"] = {"type": "string", "default": ""}
    assert broken_promises(module, changed) == []
    change(changed)
    assert broken_promises(module, changed) == [broken]
