"""`make plan-diff`: what a change of the module would do to deployed environments."""

import json
import shutil
from pathlib import Path
from typing import Any

from product_import.checkout import MODULE
from product_import.command_line import main
from product_import.engine import Engine
from product_import.plan_diff import working_tree as program
from product_import.plan_diff.changes import PlanDiff
from product_import.plan_diff.environments import ENVIRONMENTS
from product_import.plan_diff.rendering import text

import pytest


@pytest.fixture
def head(synthesized: Path, tmp_path: Path) -> Path:
    """A copy of the module, for a pull request to change."""
    shutil.copytree(synthesized / MODULE, tmp_path / "head" / MODULE)
    return tmp_path / "head"


@pytest.fixture(autouse=True)
def one_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """One shows what there is to show."""
    monkeypatch.setattr(program, "ENVIRONMENTS", {"development": ENVIRONMENTS["development"]})


def edit(head: Path, change: Any) -> None:
    """Change the resources of a module."""
    path = head / MODULE / "main.tf.json"
    tree = json.loads(path.read_text())
    change(tree["resource"])
    path.write_text(json.dumps(tree))


def plan_diffs(base: Path, head: Path, engine: Engine) -> dict[str, PlanDiff]:
    """The plans of one module on what another one deployed."""
    if engine.executable.name == "Terraform" and engine.executable.version < (1, 1, 0):
        pytest.skip("Terraform before 1.1 writes plans in a form of its own (format_version 0.2).")
    if engine.reattach is None:
        pytest.skip("Plan diffs are made on the stand-in for the provider.")
    return program.plan_diffs(base, head, engine.executable, engine.reattach)


def test_the_same_module_changes_nothing(synthesized: Path, head: Path, engine: Engine) -> None:
    """Not even unknown values."""
    diffs = plan_diffs(synthesized, head, engine)
    assert list(diffs) == ["development"]
    assert not any(diff.has_changes for diff in diffs.values())


def test_a_threshold_is_one_line_and_no_danger(synthesized: Path, head: Path, engine: Engine) -> None:
    """With the old and the new value."""
    edit(head, lambda resources: resources["aws_cloudwatch_metric_alarm"]["queue_overload"].update(threshold=8000))
    diffs = plan_diffs(synthesized, head, engine)
    assert not any(diff.dangers for diff in diffs.values())
    report = text(diffs)
    assert "update module.product_import.aws_cloudwatch_metric_alarm.queue_overload" in report
    assert "~ threshold: 10000 -> 8000" in report


def test_a_renamed_resource_is_a_danger(synthesized: Path, head: Path, engine: Engine) -> None:
    """A changed address destroys the log group with its logs."""

    def rename(resources: Any) -> None:
        groups = resources["aws_cloudwatch_log_group"]
        groups["slow_log"] = groups.pop("redis_slow_log")
        logs = resources["aws_elasticache_replication_group"]["redis"]["log_delivery_configuration"]
        logs[0]["destination"] = "${aws_cloudwatch_log_group.slow_log.name}"

    edit(head, rename)
    diffs = plan_diffs(synthesized, head, engine)
    addresses = {address for diff in diffs.values() for danger in diff.dangers for address in danger.addresses}
    assert "module.product_import.aws_cloudwatch_log_group.redis_slow_log" in addresses


def test_inputs_that_only_one_module_has_are_left_out_of_the_other(
    synthesized: Path, head: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request that adds an input shows what the input does where it is set."""
    development = {**ENVIRONMENTS["development"], "queue_depth_image": "queue-depth:1"}
    monkeypatch.setattr(program, "ENVIRONMENTS", {"development": development})
    base = head.parent / "base"
    shutil.copytree(synthesized / MODULE, base / MODULE)
    for name in ("main.tf.json", "variables.tf.json"):
        path = base / MODULE / name
        tree = json.loads(path.read_text())
        tree.get("variable", {}).pop("queue_depth_image", None)
        path.write_text(json.dumps(tree).replace("var.queue_depth_image", '\\"\\"'))
    diffs = plan_diffs(base, head, engine)
    assert 'container_definitions["queue-depth"].image: "queue-depth:1"' in text(diffs)


@pytest.mark.parametrize("base", ["no-such-branch", "--output=x"])
@pytest.mark.usefixtures("executable")
def test_a_wrong_base_is_named(base: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and status 1: 2 would say that there are changes."""
    assert main(["plan-diff", f"--base={base}"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: BASE must be a git reference with modules/product-import in it. Given: ")


def test_the_module_of_a_reference_is_checked_out_whole(tmp_path: Path) -> None:
    """As it is committed."""
    program.check_out("HEAD", tmp_path)
    assert {path.name for path in (tmp_path / MODULE).glob("*.tf.json")} == {
        "main.tf.json",
        "outputs.tf.json",
        "variables.tf.json",
        "versions.tf.json",
    }
