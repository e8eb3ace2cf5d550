"""`product-import stand-in -- COMMAND`: a root of one's own on the stand-in, and its real state left alone."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from product_import.engine import Executable
from tests.project import MADE, PROJECT, Copy

import pytest

ROOT = """
terraform {
  backend "local" {
    path = "real.tfstate"
  }
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  region = "eu-central-1"
}
resource "aws_cloudwatch_log_group" "logs" {
  name = "logs"
}
output "arn" {
  value = aws_cloudwatch_log_group.logs.arn
}
"""
REAL = '{"version": 4, "serial": 7, "lineage": "real", "outputs": {}, "resources": []}'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a real state."""
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "main.tf").write_text(ROOT)
    (folder / "real.tfstate").write_text(REAL)
    return folder


@pytest.fixture
def name(executable: Executable) -> str:
    """The engine's name, as a user types it."""
    return Path(executable.path).name


def stand_in(
    folder: Path, executable: Executable, *command: str, provider: str = "5", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command with the stand-in behind it, as a user does, with these variables set."""
    return subprocess.run(
        line(*command, provider=provider),
        cwd=folder,
        env=environment_of(executable) | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def line(*command: str, provider: str = "5") -> list[str]:
    return [sys.executable, "-m", "product_import", "stand-in", "--provider", provider, "--", *command]


def environment_of(executable: Executable) -> dict[str, str]:
    env = os.environ | {"CHECKPOINT_DISABLE": "1", "PYTHONPATH": str(PROJECT), "TF_CLI_CONFIG_FILE": os.devnull}
    env["PATH"] = f"{Path(executable.path).parent}{os.pathsep}{env['PATH']}"
    return env


def test_a_root_lives_on_a_state_of_its_own(root: Path, executable: Executable, name: str) -> None:
    """From one command to the next, from inside and from outside; the real state is as it was."""
    assert stand_in(root, executable, name, "init", "-no-color").returncode == 0
    applied = stand_in(root, executable, name, "apply", "-auto-approve", "-no-color")
    assert applied.returncode == 0, applied.stderr
    arn = stand_in(root.parent, executable, name, "-chdir=root", "output", "-raw", "arn")
    assert arn.stdout == "arn:aws:logs:eu-central-1:123456789012:log-group:logs"
    again = stand_in(root.parent, executable, name, "-chdir=root", "plan", "-detailed-exitcode", "-no-color")
    assert again.returncode == 0, again.stdout
    assert (root / "real.tfstate").read_text() == REAL
    assert sorted(path.name for path in root.iterdir()) == [".terraform", "main.tf", "real.tfstate"]


def test_a_command_that_runs_the_engine_does_so_on_that_state(root: Path, executable: Executable, name: str) -> None:
    """A script's engine makes nothing up in the real state either."""
    script = f"cd root && {name} init -no-color && {name} apply -auto-approve -no-color"
    result = stand_in(root.parent, executable, "sh", "-ec", script)
    assert result.returncode == 0, result.stderr
    assert (root / "real.tfstate").read_text() == REAL
    made_up = json.loads((root / ".terraform/stand-in/made-up.tfstate").read_text())
    assert [resource["type"] for resource in made_up["resources"]] == ["aws_cloudwatch_log_group"]


def test_a_workspace_of_the_same_name_is_another(root: Path, executable: Executable, name: str) -> None:
    """The local backend keeps real ones in a folder beside the configuration."""
    real = root / "terraform.tfstate.d" / "production" / "terraform.tfstate"
    real.parent.mkdir(parents=True)
    real.write_text(REAL)
    script = f"{name} init && {name} workspace new production && {name} apply -auto-approve && {name} workspace list"
    result = stand_in(root, executable, "sh", "-ec", script)
    assert result.returncode == 0, result.stderr
    assert "* production" in result.stdout
    assert real.read_text() == REAL


def test_an_override_of_the_users_does_not_go_before(root: Path, executable: Executable, name: str) -> None:
    """Whatever its name; the root's own backend is another one then."""
    (root / "zzz_override.tf").write_text('terraform {\n  backend "local" {\n    path = "real.tfstate"\n  }\n}\n')
    applied = stand_in(root, executable, "sh", "-ec", f"{name} init && {name} apply -auto-approve")
    assert applied.returncode == 0, applied.stderr
    assert (root / "real.tfstate").read_text() == REAL


def test_a_state_without_a_configuration_is_left_alone(tmp_path: Path, executable: Executable, name: str) -> None:
    """An engine would destroy what it holds, which needs no configuration."""
    state = tmp_path / "terraform.tfstate"
    resource = {"mode": "managed", "type": "terraform_data", "name": "kept", "instances": []}
    resource["provider"] = 'provider["terraform.io/builtin/terraform"]'
    state.write_text(json.dumps(json.loads(REAL) | {"resources": [resource]}))
    before = state.read_text()
    stand_in(tmp_path, executable, "sh", "-c", f"{name} init && {name} destroy -auto-approve")
    assert state.read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".terraform", "terraform.tfstate"]


READ_ONLY = """
import errno, os, pathlib, sys
def refuse(*_, **__): raise OSError(errno.EROFS, os.strerror(errno.EROFS))
pathlib.Path.write_text = pathlib.Path.unlink = refuse
from product_import.own_state import Settings, main
sys.exit(main(Settings("ls", "/", "/socket", {}, "/", "/"), ["-A", "."]))
"""


def test_a_root_that_cannot_be_written_into_is_named(tmp_path: Path) -> None:
    """In one line; a file system that is read-only refuses even to remove what is not there."""
    (tmp_path / "a.tf").touch()
    result = subprocess.run(
        [sys.executable, "-c", READ_ONLY],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert re.fullmatch(r"error: the stand-in must be able to write .*Read-only file system\n", result.stderr)


@pytest.mark.parametrize("file", ["a.tf", "a.tf.json", "a.tofu", "a.tofu.json"])
def test_a_root_of_one_file_gets_the_override(tmp_path: Path, file: str) -> None:
    """Terraform does not read two of the names, OpenTofu does: a program in its place shows the folder."""
    (tmp_path / file).touch()
    settings = 'Settings("ls", "/", "/socket", {}, "/", "/")'
    code = f'from product_import.own_state import Settings, main; main({settings}, ["-A", "."])'
    ran = [sys.executable, "-c", code]
    shown = subprocess.run(
        ran, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=True
    )
    assert sorted(shown.stdout.split()) == [".terraform", file, "~stand_in_override.tf.json"]


def test_a_closed_terminal_leaves_nothing(root: Path, executable: Executable, name: str) -> None:
    """The override goes, though an apply waited for its `yes`; else the next real run would use the made-up state."""
    assert stand_in(root, executable, name, "init").returncode == 0
    waiting = subprocess.Popen(
        line(name, "apply"),
        cwd=root,
        env=environment_of(executable),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with waiting:
        assert waiting.stdout
        said = b""
        while b"Enter a value" not in said:
            said += os.read(waiting.stdout.fileno(), 4096)
        assert (root / "~stand_in_override.tf.json").exists()
        # What the kernel does to all that runs in a terminal.
        os.killpg(waiting.pid, signal.SIGHUP)
    until = time.monotonic() + 20
    while (root / "~stand_in_override.tf.json").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert sorted(path.name for path in root.iterdir()) == [".terraform", "main.tf", "real.tfstate"]


def test_an_engine_that_is_named_keeps_to_that_state_too(
    root: Path, executable: Executable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TF_BIN by its path, which the Makefile prefers."""
    monkeypatch.setenv("TF_BIN", executable.path)
    script = '"$TF_BIN" init -no-color && "$TF_BIN" apply -auto-approve -no-color'
    result = stand_in(root, executable, "sh", "-ec", script)
    assert result.returncode == 0, result.stderr
    assert (root / "real.tfstate").read_text() == REAL


def test_make_plan_plans_a_root_on_it(project: Copy, executable: Executable) -> None:
    """With var files that are named from the project's folder, though the engine runs in the root."""
    old = [f"--old-file={name}" for name in MADE]
    variables = "VARS=examples/consumer/production.tfvars"
    make = ["make", *old, "plan", "ROOT=examples/consumer", variables, "REPORT=report.md"]
    script = f"unset MAKEFLAGS MAKELEVEL; export TF_VAR_redis_auth_token=only-an-example-token; exec {' '.join(make)}"
    result = stand_in(project.folder, executable, "sh", "-c", script)
    assert result.returncode == 0, result.stderr
    assert "25 to create" in (project.folder / "report.md").read_text()


def test_the_other_major_version_of_the_provider(root: Path, executable: Executable, name: str) -> None:
    """It writes the region into each resource, which 5 does not know."""
    for version, told in (("5", "null"), ("6", '"eu-central-1"')):
        plan = f"{name} init && {name} plan -out=planned && {name} show -json planned"
        shown = stand_in(root, executable, "sh", "-ec", plan, provider=version)
        planned = json.loads(shown.stdout.splitlines()[-1])["planned_values"]["root_module"]["resources"][0]["values"]
        assert json.dumps(planned.get("region")) == told


def test_without_a_command_the_usage_is_told() -> None:
    """Status 2, as of any wrong usage."""
    line = [sys.executable, "-m", "product_import", "stand-in"]
    result = subprocess.run(line, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr == (
        "usage: product-import stand-in [-h] [--provider {5,6}] [--data FILE] -- COMMAND [ARGUMENT ...]\n"
        "error: the following arguments are required: COMMAND, ARGUMENT\n"
    )


def test_a_provider_that_is_attached_needs_no_lock(root: Path, executable: Executable, name: str) -> None:
    """No registry is asked about it: cdktf locks providers after its first `init`."""
    assert stand_in(root, executable, name, "init").returncode == 0
    locked = stand_in(root, executable, name, "providers", "lock", "-platform=linux_amd64")
    told = "The stand-in answers for hashicorp/aws, which needs no lock.\n"
    assert (locked.returncode, locked.stdout) == (0, told), locked.stderr


def test_other_providers_are_locked(root: Path, executable: Executable, name: str) -> None:
    """From where the options say: here a mirror that has none."""
    (root / "other.tf").write_text('resource "random_id" "id" {\n  byte_length = 8\n}\n')
    (root / "mirror").mkdir()
    locked = stand_in(root, executable, name, "providers", "lock", "-no-color", "-fs-mirror=mirror")
    assert locked.returncode == 1
    assert "hashicorp/random" in locked.stderr
    assert "hashicorp/aws" not in locked.stderr


def test_the_exit_status_is_the_commands(root: Path, executable: Executable, name: str) -> None:
    """`-detailed-exitcode` keeps its meaning."""
    done = stand_in(root, executable, "sh", "-c", f"{name} init && exec {name} plan -detailed-exitcode")
    assert done.returncode == 2


def test_types_without_facts_are_named_once(root: Path, executable: Executable, name: str) -> None:
    """At the end, on standard error, with what is known of their replacements."""
    (root / "jobs.tf").write_text(
        'resource "aws_sqs_queue" "a" {}\nresource "aws_sqs_queue" "b" {}\n'
        'resource "aws_bedrockagent_prompt" "ask" {\n  name = "ask"\n}\n'
    )
    result = stand_in(root, executable, "sh", "-ec", f"{name} init && {name} plan && {name} plan")
    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines()[-2:] == [
        "note: the stand-in has no facts of aws_sqs_queue: values are made up, replacements are those in the source of "
        "provider 5.4 or 5.46.",
        "note: the stand-in has no facts of aws_bedrockagent_prompt: values are made up, which changes replace a "
        "resource is not known, all are planned in place.",
    ]
    (root / "jobs.tf").unlink()
    assert stand_in(root, executable, name, "plan").stderr == ""


@pytest.mark.parametrize("module", [False, True], ids=["in the root", "in a module"])
def test_a_type_that_the_stand_in_lacks_is_named(root: Path, executable: Executable, name: str, module: bool) -> None:
    """In one line after what the engine says."""
    broker = 'resource "aws_wafv2_web_acl" "acl" {}\ndata "aws_nothing" "one" {}\n'
    (root / "inner").mkdir()
    ((root / "inner" if module else root) / "broker.tf").write_text(broker)
    (root / "module.tf").write_text('module "inner" {\n  source = "./inner"\n}\n')
    result = stand_in(root, executable, "sh", "-ec", f"{name} init -no-color; echo initialized; {name} plan -no-color")
    assert "\ninitialized\n" in result.stdout
    assert result.returncode == 1
    line = result.stderr.splitlines()[-1]
    assert line.startswith(
        "error: the stand-in for the AWS provider does not know data aws_nothing, resource aws_wafv2_web_acl. "
    )


@pytest.mark.parametrize(
    "text", ["[1]", '{"resource": [1, {"aws_mq_broker": {}}], "data": [["aws_x"], "aws_y"]}', "7", "{"]
)
def test_a_file_that_is_no_configuration_is_left_to_the_engine(
    root: Path, executable: Executable, name: str, text: str
) -> None:
    """It says what is wrong with it."""
    (root / "more.tf.json").write_text(text)
    result = stand_in(root, executable, name, "validate", "-no-color")
    assert result.returncode == 1
    assert "more.tf.json" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_of_the_users_is_not_overwritten(root: Path, executable: Executable, name: str) -> None:
    """The override's name may be taken."""
    (root / "~stand_in_override.tf.json").write_text("{}")
    result = stand_in(root, executable, name, "init")
    assert result.returncode == 1
    assert result.stderr == (
        "error: ~stand_in_override.tf.json: a file of that name is there, and the stand-in needs the name. Rename it.\n"
    )
    assert (root / "~stand_in_override.tf.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (("no-such-program",), "error: no-such-program: there is no such program.\n"),
        (("/bin/terraform",), "error: /bin/terraform: put its folder on the PATH and name it terraform.\n"),
    ],
)
def test_a_command_that_cannot_be_run_is_named(
    tmp_path: Path, executable: Executable, command: tuple[str, ...], error: str
) -> None:
    """In one line, with status 1."""
    result = stand_in(tmp_path, executable, *command)
    assert (result.returncode, result.stderr) == (1, error)


def test_an_engine_of_another_name_is_told(tmp_path: Path, executable: Executable) -> None:
    """Who copies a command of `terraform` may have OpenTofu alone."""
    (tmp_path / "tofu").symlink_to(executable.path)
    command = [sys.executable, "-m", "product_import", "stand-in", "--", "terraform", "version"]
    env = {"PATH": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    result = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    told = f"error: terraform: there is no such program. There is {executable}: name it tofu.\n"
    assert (result.returncode, result.stderr) == (1, told)
