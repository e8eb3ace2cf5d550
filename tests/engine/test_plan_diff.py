"""`make plan-diff`: what a change of the module would do to deployed environments."""

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from product_import.checkout import MODULE
from product_import.command_line import main
from product_import.configuration.variables import read_variables
from product_import.engine import Engine, Executable
from product_import.errors import UserError
from product_import.plan_diff import environments
from product_import.plan_diff import working_tree as program
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.environments import var_files
from product_import.plan_diff.write.text import text
from tests.project import PROJECT, Copy

import pytest

IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.org")


@pytest.fixture
def head(synthesized: Path, tmp_path: Path) -> Path:
    """A copy of the module, for a pull request to change."""
    shutil.copytree(synthesized / MODULE, tmp_path / "head" / MODULE)
    return tmp_path / "head"


@pytest.fixture(autouse=True)
def one_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """One shows what there is to show."""
    monkeypatch.setattr(environments, "ENVIRONMENTS", {"development": environments.ENVIRONMENTS["development"]})


def edit(head: Path, change: Any) -> None:
    """Change the resources of a module."""
    path = head / MODULE / "main.tf.json"
    tree = json.loads(path.read_text())
    change(tree["resource"])
    path.write_text(json.dumps(tree))


def plan_diffs(base: Path, head: Path, engine: Engine, files: Mapping[str, Path] | None = None) -> dict[str, PlanDiff]:
    """The plans of one module on what another one deployed."""
    if engine.executable.name == "Terraform" and engine.executable.version < (1, 1, 0):
        pytest.skip("Terraform before 1.1 writes plans in a form of its own (format_version 0.2).")
    if engine.reattach is None:
        pytest.skip("Plan diffs are made on the stand-in for the provider.")
    return {
        name: program.environment_diff(name, file, base, head, executable=engine.executable, reattach=engine.reattach)
        for name, file in (files or var_files((), engine.folder)).items()
    }


def test_a_renamed_resource_is_a_danger(synthesized: Path, head: Path, engine: Engine) -> None:
    """A changed address destroys the log group with its logs."""

    def rename(resources: Any) -> None:
        groups = resources["aws_cloudwatch_log_group"]
        groups["slow_log"] = groups.pop("redis_slow_log")
        logs = resources["aws_elasticache_replication_group"]["redis"]["log_delivery_configuration"]
        logs[0]["destination"] = "${aws_cloudwatch_log_group.slow_log.name}"

    edit(head, rename)
    diffs = plan_diffs(synthesized, head, engine)
    assert list(diffs) == ["development"]
    (danger,) = diffs["development"].dangers
    groups = "module.product_import.aws_cloudwatch_log_group"
    assert danger.addresses == (f"{groups}.redis_slow_log", f"{groups}.slow_log")


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


@dataclass(frozen=True)
class Compared:
    """What a pull request does to two environments of the user's, with the same inputs, and what is said of them."""

    diffs: Mapping[str, PlanDiff]
    warnings: str
    folder: Path
    """Of the first one's var file."""


@pytest.fixture(scope="module")
def compared(synthesized: Path, executable: Executable, tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """HCL and JSON, a folder and a file. The base has another threshold, and an input of the workers less."""
    if executable.name == "Terraform" and executable.version < (1, 1, 0):
        pytest.skip("Terraform before 1.1 writes plans in a form of its own (format_version 0.2).")
    tmp_path = tmp_path_factory.mktemp("compared")
    folder, staging = tmp_path / "vars", tmp_path / "staging.tfvars.json"
    folder.mkdir()
    production = folder / "production.tfvars"
    consumer = (PROJECT / "examples/consumer/production.tfvars").read_text()
    production.write_text(f'{consumer}queue_depth_image = "queue-depth:1"\n')
    staging.write_text(json.dumps(read_variables(production)))
    with production.open("a") as file:
        file.write('team = "one"\nowner = "of another module"\ncosts = 1\n')

    def deployed(_base: str, base: Path) -> None:
        shutil.copytree(synthesized / MODULE, base / MODULE)
        for path in (base / MODULE).glob("*.tf.json"):
            tree = json.loads(path.read_text())
            tree.get("variable", {}).pop("queue_depth_image", None)
            path.write_text(json.dumps(tree).replace("var.queue_depth_image", '\\"\\"'))
        edit(base, lambda resources: resources["aws_cloudwatch_metric_alarm"]["queue_overload"].update(threshold=9999))

    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(said):
        patch.setattr(program, "check_out", deployed)
        patch.setattr(program, "synthesize_module", lambda head: shutil.copytree(synthesized / MODULE, head))
        diffs = program.compare("", [folder, staging])
    return Compared(diffs, said.getvalue(), folder)


def test_the_users_own_environments_take_the_place_of_the_built_in_ones(compared: Compared) -> None:
    """Variables that the module does not have are left out, not quietly."""
    assert list(compared.diffs) == ["production", "staging"]
    file = compared.folder / "production.tfvars"
    warning = f"warning: production: {file}: the module has no input costs, owner, team.\n"
    assert compared.warnings == warning


@pytest.mark.parametrize("name", ["production", "staging"])
def test_a_threshold_is_one_line_and_no_danger(compared: Compared, name: str) -> None:
    """With the old and the new value."""
    diff = compared.diffs[name]
    assert not diff.dangers
    report = text({name: diff})
    assert "update module.product_import.aws_cloudwatch_metric_alarm.queue_overload" in report
    assert "~ threshold: 9999 -> 10000" in report


def test_inputs_that_only_one_module_has_are_left_out_of_the_other(compared: Compared) -> None:
    """A pull request that adds an input shows what the input does where it is set."""
    assert 'container_definitions["queue-depth"].image: "queue-depth:1"' in text(compared.diffs)


def test_what_is_made_up_is_no_difference(compared: Compared) -> None:
    """The same inputs in two environments give the same changes, the revision of what was deployed among them."""
    diffs = compared.diffs
    assert "task-definition/production-product-import-worker:1" in text({"staging": diffs["staging"]})
    assert diffs["staging"] == diffs["production"]


def test_the_same_module_changes_nothing_in_a_var_file_that_only_the_engine_reads(
    synthesized: Path, head: Path, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even unknown values. It is named, and planned all the same."""
    file = tmp_path / "production.tfvars"
    consumer = (PROJECT / "examples/consumer/production.tfvars").read_text()
    file.write_text(f'{consumer}owner = "%{{ if true }}somebody%{{ endif }}"\n')
    assert not plan_diffs(synthesized, head, engine, {"production": file})["production"].has_changes
    warning = "warning: production: whether an input takes each value is not known: "
    assert capsys.readouterr().err.startswith(warning + str(file))


def test_an_input_that_the_module_refuses_is_named_with_its_environment(
    synthesized: Path, head: Path, engine: Engine, tmp_path: Path
) -> None:
    """The var file is the user's, and so is the mistake."""
    file = tmp_path / "staging.tfvars.json"
    file.write_text(json.dumps({**environments.REQUIRED, "redis_num_replicas": 7}))
    with pytest.raises(UserError, match=r"^staging: apply .*failed:(.|\n)*redis_num_replicas must be a whole number"):
        plan_diffs(synthesized, head, engine, {"staging": file})


def test_a_var_file_that_is_no_text_is_named_with_its_environment(
    synthesized: Path, head: Path, engine: Engine, tmp_path: Path
) -> None:
    """In a few lines, although the engine has something to say of every character."""
    file = tmp_path / "staging.tfvars"
    file.write_text('environment = "staging"\n' * 9, encoding="utf-16")
    with pytest.raises(UserError, match=r"^staging: apply .*failed:(.|\n)*Invalid character encoding\n") as raised:
        plan_diffs(synthesized, head, engine, {"staging": file})
    assert len(str(raised.value).splitlines()) < 12


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (["none.tfvars"], "none.tfvars: must be a .tfvars or .tfvars.json file, or a folder of such."),
        (["empty"], "empty: no file in this folder ends in .tfvars or .tfvars.json."),
        (["a.tfvars", "more/a.tfvars"], "a.tfvars: another file has the same name, and an environment is named after "),
        (["notes.txt"], "notes.txt: must be a .tfvars or .tfvars.json file, or a folder of such."),
    ],
)
def test_a_wrong_var_file_is_named(tmp_path: Path, given: list[str], error: str) -> None:
    """Before anything is deployed."""
    for folder in ("empty", "more"):
        (tmp_path / folder).mkdir()
    for name in ("a.tfvars", "more/a.tfvars", "notes.txt"):
        (tmp_path / name).touch()
    with pytest.raises(UserError) as raised:
        var_files([tmp_path / name for name in given], tmp_path)
    assert str(raised.value).startswith(f"{tmp_path}/")
    assert error in str(raised.value)


def test_a_renamed_resource_that_the_documentation_speaks_of_is_compared(project: Copy, executable: Executable) -> None:
    """The documentation, which has not been told of the new name, is not rendered: the danger shows."""
    if executable.name == "Terraform" and executable.version < (1, 1, 0):
        pytest.skip("Terraform before 1.1 writes plans in a form of its own (format_version 0.2).")
    part = project.folder / "product_import/module/redis.py"
    code = part.read_text()
    renamed = re.sub(r'(ElasticacheReplicationGroup,\s+)"redis"', r'\1"cache"', code)
    assert renamed != code
    for command in (("init", "--quiet"), ("add", "--all"), (*IDENTITY, "commit", "--quiet", "--message=Base")):
        subprocess.run(("git", *command), cwd=project.folder, check=True)
    part.write_text(renamed)
    options = ("--base=HEAD", "--vars", "examples/consumer/production.tfvars")
    command = (sys.executable, "-m", "product_import", "plan-diff", *options)
    result = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)
    assert result.returncode == 2, result.stderr
    assert "aws_elasticache_replication_group.redis" in result.stdout
    assert "aws_elasticache_replication_group.cache" in result.stdout
