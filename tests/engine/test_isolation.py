"""`product-import stand-in` does not reach a real state or account, whatever starts the engine and with what.

Each test attacks a root with a real state, and compares all its files except those in `.terraform/stand-in/`. CI runs
the tests on several versions of Terraform and on OpenTofu (TF_BIN).
"""

import json
import os
import platform
import re
import shlex
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from product_import.commands.stand_in import ELSEWHERE
from product_import.engine import Engine, Executable
from product_import.errors import UserError
from product_import.isolation import REFUSED, REGISTRIES, attach
from product_import.own_state.backend import OVERRIDE, own_backend
from product_import.own_state.providers import HARMLESS, refuse
from tests.engine.test_stand_in_command import line, stand_in
from tests.project import PROJECT

import pytest

PAGE = PROJECT / "product_import/stand_in/README.md"
REAL = "real/real.tfstate"
BACKEND = """  backend "local" {
    path = "real/real.tfstate"
  }
"""
WITHOUT_BACKEND = """
terraform {
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
"""
ROOT = WITHOUT_BACKEND.replace("  required", f"{BACKEND}  required")
COMMANDS = (
    *("version", "init", "validate", "plan", "apply -auto-approve", "destroy -auto-approve", "refresh", "console"),
    *("output", "show", "graph", "providers", "taint aws_cloudwatch_log_group.logs", "force-unlock -force 1"),
    *("import aws_cloudwatch_log_group.other logs", "state list", "state pull", "state push real/real.tfstate"),
    *("state rm aws_cloudwatch_log_group.logs", "state mv aws_cloudwatch_log_group.logs aws_cloudwatch_log_group.b"),
    *("workspace list", "workspace new other", "workspace select default"),
)
ENDPOINT = "http://127.0.0.1:9"


def files(folder: Path) -> dict[str, bytes]:
    """All that is there, except what belongs to the stand-in."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".terraform/stand-in/" not in path.as_posix()
    }


@pytest.fixture
def root(tmp_path: Path, attached: Callable[..., Engine]) -> Path:
    """A root that was applied to its real state. Its engine found the provider where a user has an account."""
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "real").mkdir()
    (folder / "main.tf").write_text(ROOT)
    engine = attached(folder)
    engine.init()
    engine.deploy()
    # A run that reached this state would change it: it has another resource then.
    (folder / "main.tf").write_text(ROOT.replace('name = "logs"', 'name = "changed"'))
    return folder


@pytest.fixture
def name(executable: Executable) -> str:
    """The engine's name, as a user types it."""
    return Path(executable.path).name


@pytest.fixture
def requests() -> Iterator[tuple[str, list[str]]]:
    """A server as an account has one: its address, and the connections and requests that reach it."""
    received: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            received.append(f"{self.command} {self.path}")
            self.send_response(404)
            self.end_headers()

        do_POST = do_PUT = do_DELETE = do_LOCK = do_UNLOCK = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    class Listener(ThreadingHTTPServer):
        def process_request(self, *arguments: Any) -> None:
            # Also of one that speaks TLS, as engines do with a cloud.
            received.append("connection")
            super().process_request(*arguments)

    with Listener(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()
        thread.join()


def program(path: Path, text: str) -> Path:
    """Write a shell script."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


WAYS = {
    "by its path": "{engine} {arguments}",
    "by its path, in a shell of its own": "sh -c '{engine} {arguments}'",
    "login shell": "HOME={aside} bash -lc '{name} {arguments}'",
    "env PATH": "env PATH={folder}:/usr/bin:/bin {name} {arguments}",
    "a version manager": "{aside}/manager {arguments}",
    "a program with its own path": "{aside}/terragrunt {arguments}",
    "another name": "{aside}/terraform-1.x {arguments}",
    "another folder": "cd / && {engine} -chdir={root} {arguments}",
}


@pytest.mark.parametrize("way", WAYS)
def test_an_engine_past_the_wrapper_stops(
    root: Path, tmp_path: Path, executable: Executable, name: str, way: str
) -> None:
    """Each of its commands, with an error that says why."""
    aside, folder = tmp_path / "aside", Path(executable.path).parent
    aside.mkdir()
    path = f'PATH="{folder}:/usr/bin:/bin"'
    (aside / ".bash_profile").write_text(f"export {path}\n")
    program(aside / "manager", f'export {path}\nexec {name} "$@"')
    program(aside / "terragrunt", f'exec "{executable.path}" "$@"')
    (aside / "terraform-1.x").symlink_to(executable.path)
    before = files(root)
    lines = [
        WAYS[way].format(engine=executable.path, name=name, arguments=arguments, aside=aside, folder=folder, root=root)
        for arguments in COMMANDS
    ]
    script = "\n".join(f"({line}) </dev/null; echo status $?" for line in lines)
    result = stand_in(root, executable, "sh", "-c", script)
    statuses = [line for line in result.stdout.splitlines() if line.startswith("status")]
    assert statuses == ["status 1"] * len(COMMANDS)
    assert result.stderr.count(REFUSED) == len(COMMANDS)
    assert files(root) == before


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("{0} init -reconfigure", "-reconfigure"),
        ("{0} init -migrate-state", "-migrate-state"),
        ("yes yes | {0} init -force-copy", "-force-copy"),
        ("{0} init --backend-config=path=real/real.tfstate", "-backend-config"),
        ("{0} -chdir=. init -backend-config path=real/real.tfstate", "-backend-config"),
        ("cd real && {0} init -from-module=..", "-from-module"),
        ("{0} apply -auto-approve -backup=real/real.tfstate", "-backup"),
        ("{0} apply -auto-approve --backup real/real.tfstate", "-backup"),
        ("{0} destroy -auto-approve -state=real/real.tfstate", "-state"),
        ("{0} refresh -state-out=real/real.tfstate", "-state-out"),
        ("{0} state rm -backup=real/real.tfstate aws_cloudwatch_log_group.logs", "-backup"),
        ("{0} state rm -state=real/real.tfstate aws_cloudwatch_log_group.logs", "-state"),
        ("{0} state mv -backup-out=real/real.tfstate a.b a.c", "-backup-out"),
        ("{0} state mv -state-out real/real.tfstate a.b a.c", "-state-out"),
        ("{0} import -state=real/real.tfstate aws_cloudwatch_log_group.logs x", "-state"),
        ("{0} workspace new -state=real/real.tfstate other", "-state"),
        ("{0} taint -backup real/real.tfstate aws_cloudwatch_log_group.logs", "-backup"),
        # The folder has neither a configuration nor a state.
        ("mkdir empty && cd empty && {0} state rm -state=../real/real.tfstate aws_cloudwatch_log_group.logs", "-state"),
        ("TF_CLI_ARGS=\"-input=false '-state-out=real/real.tfstate'\" {0} apply", "-state-out"),
        ("TF_CLI_ARGS_init='-backend-config path=real/real.tfstate' {0} init", "-backend-config"),
        (r"TF_CLI_ARGS='\-state=real/real.tfstate' {0} destroy -auto-approve", "-state"),
        (r"TF_CLI_ARGS='-sta\te=real/real.tfstate' {0} destroy -auto-approve", "-state"),
        ("""TF_CLI_ARGS='-st"ate"=real/real.tfstate' {0} destroy -auto-approve""", "-state"),
        ("""TF_CLI_ARGS="'-backup=real/real.tfstate'" {0} destroy -auto-approve""", "-backup"),
        ("TF_CLI_ARGS_destroy=-state=real/real.tfstate {0} destroy -auto-approve", "-state"),
        ("TF_CLI_ARGS_state_rm=-backup=real/real.tfstate {0} state rm aws_cloudwatch_log_group.logs", "-backup"),
        ("TF_CLI_ARGS_workspace_new='-state real/real.tfstate' {0} workspace new other", "-state"),
        ("TF_CLI_ARGS='apply -auto-approve -backup=real/real.tfstate' {0}", "-backup"),
        ("TF_CLI_ARGS_init=-migrate-state {0} init", "-migrate-state"),
        ("{0} test -cloud-run=app.terraform.io/real/module/aws", "-cloud-run"),
    ],
)
def test_an_option_that_reaches_another_state_is_refused(
    root: Path, executable: Executable, name: str, command: str, option: str
) -> None:
    """On the line or in a variable, however it is quoted there."""
    before = files(root)
    result = stand_in(root, executable, "sh", "-c", command.format(name))
    assert result.returncode == 1
    assert result.stderr.startswith(f"error: {option} ")
    assert "on the stand-in the state is in .terraform/stand-in of the root" in result.stderr
    assert files(root) == before


def test_arguments_of_variables_get_to_the_engine(root: Path, executable: Executable, name: str) -> None:
    """In the order of the engine: those of its command, those of all commands, those of the line."""
    (root / "variable.tf").write_text('variable "said" {\n}\noutput "said" {\n  value = var.said\n}\n')
    script = f"{name} init && {name} apply -var 'said=of the line' -auto-approve && {name} output -raw said"
    variables = {"TF_CLI_ARGS_apply": "-var 'said=of the command' -parallelism=2", "TF_CLI_ARGS": "-no-color"}
    exports = "".join(f"export {key}={shlex.quote(value)}; " for key, value in variables.items())
    result = stand_in(root, executable, "sh", "-ec", exports + script)
    assert result.stdout.endswith("of the line"), result.stderr
    assert "\x1b" not in result.stdout
    wrong = stand_in(root, executable, "sh", "-c", f"TF_CLI_ARGS='\"' {name} plan")
    assert (wrong.returncode, wrong.stderr) == (
        1,
        'error: TF_CLI_ARGS is no list of arguments: No closing quotation. Given: "\n',
    )


def test_an_empty_argument_does_not_hide_the_command(root: Path, executable: Executable, name: str) -> None:
    """An unset variable in quotes makes one, and an engine skips it."""
    before = files(root)
    script = f'{name} "$UNSET" init && {name} "" "" apply -auto-approve && {name} -no-color "$UNSET" state list'
    result = stand_in(root, executable, "sh", "-c", script)
    assert "Apply complete! Resources: 1 added" in result.stdout, result.stderr
    assert files(root) == before


@pytest.mark.parametrize("link", ["", "/made-up.tfstate", "/terraform.tfstate", "/lock", "/workspaces/other"])
def test_a_link_in_the_place_of_the_state_is_refused(root: Path, executable: Executable, name: str, link: str) -> None:
    """What is written to it would get to its target."""
    path = root / f".terraform/stand-in{link}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(root / "real" if link in ("", "/workspaces/other") else root / REAL)
    before = files(root / "real")
    result = stand_in(root, executable, "sh", "-c", f"{name} init; {name} apply -auto-approve")
    error = f"error: {path.relative_to(root)}: a link is in the place of the stand-in's own state. Remove the link.\n"
    assert (result.returncode, result.stderr) == (1, error * 2)
    assert files(root / "real") == before


OVERRIDES = ("~~_override.tf", "~stand_in_override.tf.json_override.tf", "é_override.tf.json", "\U0001f0a1_override.tf")


@pytest.mark.parametrize("when", ["before the first init", "after it"])
@pytest.mark.parametrize("override", OVERRIDES)
def test_an_override_that_the_engine_reads_later_is_refused(
    root: Path, executable: Executable, name: str, override: str, when: str
) -> None:
    """By the engine's own word on which backend it would use."""
    if when == "after it":
        assert stand_in(root, executable, "sh", "-ec", f"{name} init && {name} apply -auto-approve").returncode == 0
    backend = {"terraform": {"backend": {"local": {"path": REAL}}}}
    native = f'terraform {{\n  backend "local" {{\n    path = "{REAL}"\n  }}\n}}\n'
    (root / override).write_text(json.dumps(backend) if override.endswith(".json") else native)
    before = files(root)
    commands = [command for command in COMMANDS if command.partition(" ")[0] not in ("version", "validate", "console")]
    script = "\n".join(f"yes yes | {name} {command}; echo status $?" for command in commands)
    result = stand_in(root, executable, "sh", "-c", script)
    statuses = [line for line in result.stdout.splitlines() if line.startswith("status")]
    assert statuses == ["status 1"] * len(commands)
    error = "error: the root does not use the state of the stand-in: an override that the engine reads after"
    assert result.stderr.count(error) == len(commands)
    assert result.stderr.count(f"It reads later: {override}.\n") == len(commands)
    assert files(root) == before


_ORGANIZATION = """    hostname     = "{1}"
    organization = "real"
    workspaces {{
      name = "real"
    }}
  }}"""
BACKENDS = {
    "http": 'backend "http" {{\n    address  = "{0}/state"\n    username = "real"\n    password = "real"\n  }}',
    "s3": """backend "s3" {{
    bucket                      = "real"
    key                         = "real"
    region                      = "eu-central-1"
    access_key                  = "AKIAREAL"
    secret_key                  = "real"
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    endpoint                    = "{0}"
  }}""",
    "consul": 'backend "consul" {{\n    address = "{1}"\n    path    = "real"\n  }}',
    "remote": 'backend "remote" {{\n' + _ORGANIZATION,
    "cloud": "cloud {{\n" + _ORGANIZATION,
}


@pytest.mark.parametrize("where", ["in the root", "in a later override"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_no_backend_gets_a_request(
    root: Path, executable: Executable, requests: tuple[str, list[str]], backend: str, where: str
) -> None:
    """Not even one that has its credentials in its block."""
    if backend == "cloud" and executable.name == "Terraform" and executable.version < (1, 1, 0):
        pytest.skip("Terraform 1.0 has no `cloud` block.")
    (url, received), name = requests, Path(executable.path).name
    block = BACKENDS[backend].format(url, url.removeprefix("http://"))
    text = f"terraform {{\n  {block}\n}}\n"
    if where == "in the root":
        (root / "main.tf").write_text(ROOT.replace(BACKEND, f"  {block}\n"))
    else:
        (root / "~~_override.tf").write_text(text)
    token = f"TF_TOKEN_{url.removeprefix('http://').replace('.', '_').replace(':', '_')}=real"
    script = f"export {token}; yes yes | {name} init; {name} apply -auto-approve; {name} state list"
    result = stand_in(root, executable, "sh", "-c", script)
    assert received == []
    ours = root / ".terraform/stand-in/made-up.tfstate"
    assert (result.stdout.endswith("aws_cloudwatch_log_group.logs\n"), ours.exists()) == (
        (True, True) if where == "in the root" else (False, False)
    ), result.stderr


@pytest.fixture
def real_plan(root: Path, attached: Callable[..., Engine]) -> Path:
    """A plan for the real state."""
    engine = attached(root)
    engine.write_plan()
    return root / "planned"


@pytest.mark.parametrize(
    "command",
    [
        "{0} apply planned",
        "{0} apply -auto-approve planned",
        "{0} apply -input=false ./planned",
        "cd .. && {0} -chdir=root apply planned",
        "mv planned a=b && {0} apply a=b",
        "TF_CLI_ARGS=planned {0} apply",
        "TF_CLI_ARGS='apply planned' {0}",
        "mkdir empty && cd empty && {0} apply ../planned",
    ],
)
@pytest.mark.usefixtures("real_plan")
def test_a_plan_for_the_real_state_is_refused(root: Path, executable: Executable, name: str, command: str) -> None:
    """The engine would use the backend that is in it."""
    assert stand_in(root, executable, name, "init").returncode == 0
    before = (root / REAL).read_bytes()
    result = stand_in(root, executable, "sh", "-c", command.format(name))
    assert result.returncode == 1
    assert result.stderr.startswith("error: ")
    assert "this plan is for another state, in the backend local. Plan again on the stand-in." in result.stderr
    assert (root / REAL).read_bytes() == before


@pytest.mark.parametrize("damage", [b"", b'{"encrypted_data": ""}'], ids=["cut off", "encrypted"])
def test_a_plan_that_cannot_be_read_is_refused(
    root: Path, real_plan: Path, executable: Executable, name: str, damage: bytes
) -> None:
    """Before an engine can read it that could: OpenTofu with a key."""
    if damage:
        real_plan.write_bytes(damage)
    else:
        with zipfile.ZipFile(real_plan) as archive:
            content = archive.read("tfplan")
        with zipfile.ZipFile(real_plan, "w") as archive:
            # The backend stands near the end.
            archive.writestr("tfplan", content[:10])
    result = stand_in(root, executable, name, "apply", "planned")
    assert (result.returncode, result.stderr) == (
        1,
        "error: planned: the stand-in cannot read which backend this plan is for. Plan again on it.\n",
    )


def test_a_plan_of_the_stand_in_is_applied(root: Path, executable: Executable, name: str) -> None:
    """And planned over: a plan may take an older one's place, and no other file's."""
    before = (root / REAL).read_bytes()
    script = f"{name} init && {name} plan -out=mine && {name} plan -out mine && {name} apply mine && {name} state list"
    result = stand_in(root, executable, "sh", "-ec", script)
    assert result.stdout.endswith("aws_cloudwatch_log_group.logs\n"), result.stderr
    refused = stand_in(root, executable, name, "plan", f"-out={REAL}")
    assert (refused.returncode, refused.stderr) == (
        1,
        f"error: -out={REAL}: a file that is no plan is there. Name another one, or remove it.\n",
    )
    for option, kind in (("-junit-xml", "report"), ("-json-into", "log")):
        refused = stand_in(root, executable, name, "test", f"{option}={REAL}")
        assert refused.stderr == (
            f"error: {option}={REAL}: a file that is no {kind} is there. Name another one, or remove it.\n"
        )
    assert (root / REAL).read_bytes() == before


@pytest.mark.parametrize("command", ["init", "-chdir=. init -lock=false", "init -upgrade"])
def test_an_init_moves_no_local_state(root: Path, executable: Executable, name: str, command: str) -> None:
    """An engine that gets a backend for the first time offers to move `terraform.tfstate` there, and empties it."""
    (root / "main.tf").write_text(WITHOUT_BACKEND)
    (root / REAL).rename(root / "terraform.tfstate")
    (root / ".terraform/terraform.tfstate").unlink()
    before = files(root)
    result = stand_in(root, executable, "sh", "-ec", f"yes yes | {name} {command}; {name} state list || true")
    assert files(root) == before
    assert "aws_cloudwatch_log_group" not in result.stdout


def test_a_workspace_without_a_configuration_is_left_alone(
    root: Path, tmp_path: Path, executable: Executable, name: str
) -> None:
    """A state is enough for a `destroy`, and that of a workspace is in a folder."""
    folder = tmp_path / "bare"
    state = folder / "terraform.tfstate.d/prod/terraform.tfstate"
    state.parent.mkdir(parents=True)
    state.write_bytes((root / REAL).read_bytes())
    before = files(folder)
    stand_in(folder, executable, "sh", "-c", f"export TF_WORKSPACE=prod; {name} destroy -auto-approve; {name} refresh")
    assert files(folder) == before


def test_a_backend_of_another_kind_is_not_trusted(root: Path, executable: Executable, name: str) -> None:
    """Whatever an engine or a user left as the saved one."""
    before = files(root)
    saved = root / ".terraform/stand-in/terraform.tfstate"
    saved.parent.mkdir()
    for text in ((root / ".terraform/terraform.tfstate").read_text(), "{", "[]", '{"backend": {"type": "s3"}}'):
        saved.write_text(text)
        result = stand_in(root, executable, "sh", "-ec", f"{name} init && {name} apply -auto-approve")
        assert result.returncode == 0, result.stderr
        assert files(root) == before


@pytest.mark.parametrize("source", ["registry.terraform.io", "registry.opentofu.org", "mirror.example.com"])
@pytest.mark.parametrize("where", ["root", "module"])
def test_the_stand_in_answers_for_every_registry(
    root: Path, executable: Executable, name: str, source: str, where: str
) -> None:
    """No engine installs the real provider because a root names its registry."""
    text = WITHOUT_BACKEND.replace('"hashicorp/aws"', f'"{source}/hashicorp/aws"')
    if where == "module":
        (root / "inner").mkdir()
        (root / "inner" / "main.tf").write_text(text)
        text = 'module "inner" {\n  source = "./inner"\n}\n'
    (root / "main.tf").write_text(text)
    result = stand_in(root, executable, "sh", "-ec", f"{name} init && {name} apply -auto-approve && {name} state list")
    assert result.stdout.endswith("aws_cloudwatch_log_group.logs\n"), result.stderr
    assert not list((root / ".terraform/stand-in").glob("providers/*/*/*"))


_MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
SYSTEM = f"{platform.system().lower()}_{_MACHINE}"
SECOND = ROOT.replace(
    "  required_providers {", '  required_providers {\n    second = {\n      source = "acme/aws"\n    }', 1
)
NOT_STARTED = "/acme/aws, since it could reach an account. It answers for hashicorp/aws and allows hashicorp/archive, "


@pytest.mark.parametrize("how", ["mirror", "dev_overrides", "installed before", "out of reach"])
def test_a_second_provider_does_not_start(
    root: Path, tmp_path: Path, executable: Executable, name: str, how: str
) -> None:
    """However its program gets there."""
    (root / "main.tf").write_text(SECOND + 'provider "second" {\n}\n')
    registry = "registry.opentofu.org" if executable.name == "OpenTofu" else "registry.terraform.io"
    place = Path(registry, "acme/aws/1.0.0", SYSTEM)
    mirror = tmp_path / "mirror"
    folder = root / ".terraform/stand-in/providers" / place if how == "installed before" else mirror / place
    folder.mkdir(parents=True)
    program(folder / "terraform-provider-aws_v1.0.0", f"touch {tmp_path}/started\nenv > {tmp_path}/started")
    settings = {
        "mirror": f'filesystem_mirror {{\n    path = "{mirror}"\n  }}',
        "dev_overrides": f'dev_overrides {{\n    "acme/aws" = "{folder}"\n  }}\n  direct {{\n  }}',
    }.get(how, 'filesystem_mirror {\n    path = "/nowhere"\n  }')
    (tmp_path / "cli.tfrc").write_text(f"provider_installation {{\n  {settings}\n}}\n")
    script = f"export TF_CLI_CONFIG_FILE={tmp_path}/cli.tfrc; {name} init; {name} plan; {name} apply -auto-approve"
    result = stand_in(root, executable, "sh", "-c", script)
    assert result.returncode == 1
    assert f"error: the stand-in does not start {registry}{NOT_STARTED}" in result.stderr
    assert not (tmp_path / "started").exists()
    assert not (root / ".terraform/stand-in/made-up.tfstate").exists()


def test_an_init_fails_that_installs_a_second_provider(
    root: Path, tmp_path: Path, executable: Executable, name: str
) -> None:
    """Not only the command after it."""
    (root / "main.tf").write_text(SECOND)
    registry = "registry.opentofu.org" if executable.name == "OpenTofu" else "registry.terraform.io"
    folder = tmp_path / "mirror" / registry / "acme/aws/1.0.0" / SYSTEM
    folder.mkdir(parents=True)
    program(folder / "terraform-provider-aws_v1.0.0", "exit 1")
    (tmp_path / "cli.tfrc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}/mirror"\n  }}\n}}\n'
    )
    result = stand_in(root, executable, name, "init", TF_CLI_CONFIG_FILE=f"{tmp_path}/cli.tfrc")
    assert "has been successfully initialized" in result.stdout, result.stderr
    assert (result.returncode, result.stderr.partition(NOT_STARTED)[0]) == (
        1,
        f"error: the stand-in does not start {registry}",
    )


def test_the_stand_in_answers_for_a_state_of_the_other_engine(root: Path, executable: Executable, name: str) -> None:
    """Which names the other registry, as no file of the root does."""
    assert stand_in(root, executable, "sh", "-ec", f"{name} init && {name} apply -auto-approve").returncode == 0
    state = root / ".terraform/stand-in/made-up.tfstate"
    text = state.read_text()
    used, other = sorted(REGISTRIES, key=lambda registry: registry not in text)
    state.write_text(text.replace(used, other))
    result = stand_in(root, executable, "sh", "-ec", f"{name} init && {name} destroy -auto-approve")
    assert "1 destroyed" in result.stdout, result.stderr


def test_an_init_whose_backend_is_not_known_gets_no_credentials(
    root: Path, tmp_path: Path, executable: Executable
) -> None:
    """An engine that cannot say which backend it would use may get to another one."""
    says = {
        "knows": "exit 0",
        "cannot say": "exit 1",
        "would use another one": "echo Initialization required >&2; exit 1",
    }
    for case, answer in says.items():
        folder = tmp_path / case
        folder.mkdir()
        cases = f'version) echo Terraform v1.11.4 ;; workspace) {answer} ;; init) env > "{folder}/init" ;;'
        program(folder / "terraform", f"case $1 in {cases} esac")
        engine = {"TF_BIN": f"{folder}/terraform", "GITHUB_TOKEN": "REAL"}
        stand_in(root, executable, "terraform", "init", **engine)
    assert "GITHUB_TOKEN=REAL" in (tmp_path / "knows/init").read_text()
    assert "REAL" not in (tmp_path / "cannot say/init").read_text()
    assert not (tmp_path / "would use another one/init").exists()


def test_an_init_may_download_with_ssh(root: Path, tmp_path: Path, executable: Executable, name: str) -> None:
    """As Git does for a private module. The wrapper that refuses `ssh` is for what may start an engine."""
    program(tmp_path / "ssh", f'echo "$@" >> "{tmp_path}/called"; exit 1')
    (root / "module.tf").write_text('module "a" {\n  source = "git::ssh://git@git.example/a.git"\n}\n')
    stand_in(root, executable, name, "init", PATH=f"{tmp_path}:{Path(executable.path).parent}:{os.environ['PATH']}")
    assert "git@git.example" in (tmp_path / "called").read_text()


def test_modules_that_are_there_are_used(root: Path, tmp_path: Path, executable: Executable, name: str) -> None:
    """The page says how, for those of S3, which keys that AWS refuses cannot download."""
    module = tmp_path / "module"
    module.mkdir()
    (module / "main.tf").write_text('output "a" {\n  value = "of the module"\n}\n')
    git = f"git -C {module} -c user.name=a -c user.email=a@example.com"
    subprocess.run(f"{git} init -q && {git} add . && {git} commit -qm a", shell=True, check=True)
    block = f'module "a" {{\n  source = "git::file://{module}"\n}}\noutput "a" {{\n  value = module.a.a\n}}\n'
    (root / "module.tf").write_text(block)
    script = f"{name} init && {name} apply -auto-approve && {name} output -raw a"
    subprocess.run([executable.path, "get"], cwd=root, check=True, capture_output=True)
    module.rename(tmp_path / "out of reach")
    assert stand_in(root, executable, "sh", "-ec", script).returncode == 1
    (section,) = re.findall(r"```sh\n(terraform -chdir=ROOT get\n.*?)```", PAGE.read_text(), re.DOTALL)
    copy = section.splitlines()[1].replace("ROOT", str(root))
    subprocess.run(copy, shell=True, check=True)
    result = stand_in(root, executable, "sh", "-ec", script)
    assert result.stdout.endswith("of the module"), result.stderr


CREDENTIALS = {
    **{
        f"AWS_{name}": "REAL" for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "PROFILE", "ROLE_ARN")
    },
    **{f"AWS_{name}": "REAL" for name in ("DEFAULT_PROFILE", "WEB_IDENTITY_TOKEN_FILE", "ENDPOINT_URL_S3")},
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://REAL",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/REAL",
    "AWS_CONFIG_FILE": "/REAL",
    "AWS_SHARED_CREDENTIALS_FILE": "/REAL",
}
OTHERS = (
    *(
        "TF_TOKEN_app_terraform_io",
        "GITHUB_TOKEN",
        "GOOGLE_CREDENTIALS",
        "ARM_CLIENT_SECRET",
        "KUBECONFIG",
        "PGPASSWORD",
    ),
    *("CONSUL_HTTP_AUTH", "BW_SESSION", "NETRC"),
    *("CONSUL_HTTP_TOKEN", "VAULT_ADDR", "SSH_AUTH_SOCK", "TF_HTTP_PASSWORD", "DOCKER_CONFIG", "XDG_CONFIG_HOME"),
)


def test_credentials_are_not_the_users(root: Path, tmp_path: Path, executable: Executable, name: str) -> None:
    """Neither the command nor what the engine starts has a key of AWS's, and the latter no other one and no home."""
    exec_ = f'env > "{tmp_path}/provisioner"; cat ~/.aws/credentials >> "{tmp_path}/provisioner"; true'
    provisioner = f'provisioner "local-exec" {{\n    command = {json.dumps(exec_)}\n  }}'
    (root / "main.tf").write_text(ROOT.replace('name = "logs"', f'name = "logs"\n  {provisioner}'))
    (tmp_path / "home/.aws").mkdir(parents=True)
    (tmp_path / "home/.aws/credentials").write_text("REAL")
    # What a profile or direnv sets after the stand-in counts no more than what was there before.
    set_later = "".join(f"export {variable}=REAL; " for variable in (*CREDENTIALS, *OTHERS))
    set_later += "export DATABASE_URL=postgres://me:REAL@db.example/a HTTPS_PROXY=http://me:REAL@proxy.example:3128; "
    set_later += "export PLAIN_URL=https://db.example:5432/a; "
    script = f"env > {tmp_path}/command; {set_later} {name} init && {name} apply -auto-approve"
    environment = {**CREDENTIALS, "HOME": f"{tmp_path}/home", "AWS_REGION": "eu-west-1", "TF_VAR_token": "input"}
    result = stand_in(root, executable, "sh", "-ec", script, **environment)
    assert result.returncode == 0, result.stderr
    for seen in ("command", "provisioner"):
        text = (tmp_path / seen).read_text()
        assert "REAL" not in text, text
        assert {"AWS_ACCESS_KEY_ID=none", "AWS_REGION=eu-west-1", "TF_VAR_token=input"} <= set(text.splitlines())
        assert {f"AWS_CONFIG_FILE={os.devnull}", f"AWS_ENDPOINT_URL={ENDPOINT}"} <= set(text.splitlines())
    assert "PLAIN_URL=https://db.example:5432/a" in (tmp_path / "provisioner").read_text()


def test_a_provisioner_reaches_no_other_root(root: Path, tmp_path: Path, executable: Executable, name: str) -> None:
    """It inherits how an engine finds the stand-in, which works in the root alone."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "main.tf").write_text(WITHOUT_BACKEND)
    exec_ = f"cd {other} && {executable.path} apply -auto-approve; echo status $?; ls -A {other}"
    provisioner = f'provisioner "local-exec" {{\n    command = {json.dumps(exec_)}\n  }}'
    (root / "main.tf").write_text(ROOT.replace('name = "logs"', f'name = "logs"\n  {provisioner}'))
    before = (root / REAL).read_bytes()
    result = stand_in(root, executable, "sh", "-ec", f"{name} init && {name} apply -auto-approve -no-color")
    assert "(local-exec): status 1" in result.stdout, result.stderr
    assert not list(other.glob("terraform.tfstate*"))
    assert (root / REAL).read_bytes() == before


def test_a_program_that_drops_the_environment_is_refused(
    root: Path, tmp_path: Path, executable: Executable, name: str
) -> None:
    """It would start an engine that nothing stops."""
    for refused in ELSEWHERE:
        program(tmp_path / refused, f"touch {tmp_path}/started")
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    error = "error: {}: it would start programs outside the protection of the stand-in. Leave it out.\n"
    script = "".join(f"{refused} {name} apply && exit 3; " for refused in ELSEWHERE)
    result = stand_in(root, executable, "sh", "-c", f"{script} exit 0", **environment)
    assert (result.returncode, result.stderr) == (0, "".join(map(error.format, ELSEWHERE)))
    result = stand_in(root, executable, "sudo", name, "apply", **environment)
    assert (result.returncode, result.stderr) == (1, error.format("sudo"))
    result = stand_in(root, executable, f"{tmp_path}/sudo", name, "apply", **environment)
    assert (result.returncode, result.stderr) == (
        1,
        f"error: {tmp_path}/sudo: put its folder on the PATH and name it sudo.\n",
    )
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    "options",
    [
        *("-i", "-", "--ignore-environment", "--ignore-e", "A=b -i", "-u TF_REATTACH_PROVIDERS"),
        *("TF_REATTACH_PROVIDERS=", "-vi", "-0i", "-u A -i", "-C / -i", "--unset A -i", "-uA -i", "-S -i", "-a x -i"),
    ],
)
def test_env_keeps_the_environment(root: Path, executable: Executable, options: str) -> None:
    """Its other uses go on."""
    command = f"env {options} {executable.path} version"
    result = stand_in(root, executable, "sh", "-c", command)
    error = "error: env: it would start programs outside the protection of the stand-in. Leave it out.\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", error)
    allowed = stand_in(root, executable, "sh", "-c", "env -u -i -C . A=b sh -c 'echo -i $A'")
    assert (allowed.returncode, allowed.stdout) == (0, "-i b\n")


def test_a_wrapper_needs_no_variable(root: Path, executable: Executable, name: str) -> None:
    """A program that clears all of them except the PATH starts an engine that is protected all the same.

    Nor does a file in the root change what the wrapper does.
    """
    script = f"/usr/bin/env -i PATH=\"$PATH\" sh -ec '{name} init && {name} apply -auto-approve && {name} state list'"
    before = (root / REAL).read_bytes()
    result = stand_in(root, executable, "sh", "-ec", f"echo 'raise SystemExit(1)' > json.py; {script}")
    assert result.stdout.endswith("aws_cloudwatch_log_group.logs\n"), result.stderr
    assert (root / REAL).read_bytes() == before


@pytest.mark.parametrize("command", ["demo", "plan-diff --base=HEAD", "stand-in -- true", "audit --offline"])
def test_a_command_with_an_engine_of_its_own_is_refused(root: Path, executable: Executable, command: str) -> None:
    """It has a stand-in of its own, which the wrapper would take away."""
    inner = [*line()[:3], *command.split()]
    result = stand_in(root, executable, *inner)
    assert result.returncode == 1
    assert "error: this command starts an engine by itself: run it without `product-import stand-in` in front." in (
        result.stderr
    )


NATIVE_TEST = 'run "a" {\n  /* first */ backend "local" {\n    path = "real/real.tfstate"\n  }\n}\n'
JSON_TEST = r'{"run": {"a": {"b\u0061ckend": {"local": {"path": "real/real.tfstate"}}}}}'


@pytest.mark.parametrize("file", ["a.tftest.hcl", "tests/a.tftest.json", "inner/a.tofutest.hcl"])
def test_a_test_has_no_backend(root: Path, tmp_path: Path, executable: Executable, name: str, file: str) -> None:
    """Terraform lets a `run` block have one, in the root or another folder, which may be a link."""
    folder, _, test = file.rpartition("/")
    elsewhere = tmp_path / "elsewhere" if folder else root
    elsewhere.mkdir(exist_ok=True)
    if folder:
        (root / folder).symlink_to(elsewhere)
    (elsewhere / test).write_text(JSON_TEST if test.endswith("json") else NATIVE_TEST)
    options = ("-test-directory=inner",) if folder == "inner" else ()
    result = stand_in(root, executable, name, "test", *options)
    assert (result.returncode, result.stderr) == (
        1,
        f"error: {file}: on the stand-in no test may have a backend. Remove the block.\n",
    )


def test_an_init_may_need_variables_to_read_the_root(root: Path, executable: Executable, name: str) -> None:
    """Then the engine cannot say before it which backend it would use."""
    if executable.name != "OpenTofu":
        pytest.skip("Terraform reads a root without its variables.")
    passphrase = 'key_provider "pbkdf2" "key" {\n      passphrase = var.passphrase\n    }'
    method = 'method "aes_gcm" "method" {\n      keys = key_provider.pbkdf2.key\n    }'
    state = "state {\n      method = method.aes_gcm.method\n    }"
    encryption = f"terraform {{\n  encryption {{\n    {passphrase}\n    {method}\n    {state}\n  }}\n}}\n"
    (root / "encryption.tf").write_text(f'variable "passphrase" {{\n}}\n{encryption}')
    before = files(root)
    script = f"{name} init $V && {name} apply -auto-approve $V && {name} state list $V"
    result = stand_in(root, executable, "sh", "-ec", script, V="-var passphrase=at-least-16-characters")
    assert result.stdout.endswith("aws_cloudwatch_log_group.logs\n"), result.stderr
    assert files(root) == before


def test_several_runs_in_a_root_share_its_backend(tmp_path: Path) -> None:
    """The first one that ends does not take it from the others."""
    with own_backend(tmp_path):
        with own_backend(tmp_path):
            pass
        assert (tmp_path / OVERRIDE).exists()
    assert not (tmp_path / OVERRIDE).exists()


def test_the_page_names_what_is_allowed_and_refused() -> None:
    """In the section that users read."""
    page = " ".join(PAGE.read_text().split())
    section = page[page.index("## What it protects") : page.index("## Check it on the real provider")]
    *names, last = HARMLESS
    assert f"except these of hashicorp: {', '.join(names)} and {last}." in section
    programs = {f"`{name}`" for name in ELSEWHERE}
    assert programs <= set(section.replace(",", " ").split())
    allowed = [f"{registry}/hashicorp/{name}" for registry in REGISTRIES for name in HARMLESS]
    refuse([*allowed, "terraform.io/builtin/terraform"], attach({}))
    for name in ("registry.terraform.io/hashicorp/google", "example.com/hashicorp/null"):
        with pytest.raises(UserError, match=f"does not start {name}, "):
            refuse([*allowed, name], attach({}))


@pytest.mark.parametrize(
    "script",
    [
        "unset TF_REATTACH_PROVIDERS; {0} version",
        '/usr/bin/env -i HOME="$HOME" {0} version',
        "TF_REATTACH_PROVIDERS= {0} version",
    ],
)
def test_what_cannot_be_prevented(root: Path, executable: Executable, script: str) -> None:
    """The page of the stand-in says so: a program that removes the variable and knows the engine's path can use it."""
    result = stand_in(root, executable, "sh", "-c", script.format(executable.path))
    assert (result.returncode, executable.name in result.stdout) == (0, True)


def test_what_needs_no_engine_cannot_be_prevented(root: Path, tmp_path: Path, executable: Executable) -> None:
    """The page says so."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text("REAL")
    result = stand_in(root, executable, "sh", "-c", f"cat ~/.aws/credentials; : > {REAL}", HOME=str(tmp_path))
    assert result.stdout == "REAL"
    assert not (root / REAL).read_bytes()


def test_what_a_configuration_carries_is_used(
    root: Path, executable: Executable, name: str, requests: tuple[str, list[str]]
) -> None:
    """The page says so."""
    url, received = requests
    data = 'data "terraform_remote_state" "a" {{\n  backend = "http"\n  config = {{\n    address = "{}"\n  }}\n}}\n'
    (root / "data.tf").write_text(data.format(f"{url}/state"))
    stand_in(root, executable, "sh", "-c", f"{name} init && {name} plan")
    assert "GET /state" in received


def test_the_engine_of_other_commands_has_no_credentials(
    tmp_path: Path, executable: Executable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`demo`, `plan-diff --base` and `audit` run their engine this way, in folders of their own."""
    for variable, value in CREDENTIALS.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("TF_CLI_ARGS", "-state=REAL")
    dump = program(tmp_path / "engine", "env")
    engine = Engine(tmp_path, Executable(str(dump), executable.name, executable.version), None)
    seen = subprocess.CompletedProcess([], 0, engine.run("env")).stdout
    assert "REAL" not in seen
    assert f"AWS_ENDPOINT_URL={ENDPOINT}\n" in seen
