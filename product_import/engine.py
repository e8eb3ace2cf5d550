"""Run a Terraform engine in a folder: `terraform` or `tofu`, whichever is there, with the stand-in for the provider."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from product_import.errors import UserError
from product_import.isolation import ATTACH_NOTHING, without_aws

NO_ENGINE = "No Terraform engine on the PATH or in TF_BIN: `make engine` builds one."
# The commands are those of OpenTofu's documentation, "Installing OpenTofu".
HOW_TO_GET_ONE = """\
no Terraform engine on the PATH or in TF_BIN. Terraform 1.0 or newer will do, and so will OpenTofu:
  macOS, or Linux with Homebrew   brew install opentofu
  Debian, Ubuntu                  snap install --classic opentofu
  Fedora                          dnf install opentofu
  Windows                         winget install --exact --id=OpenTofu.Tofu
  anywhere, from a clone          make engine   (builds OpenTofu: some minutes)"""


@dataclass(frozen=True)
class Executable:
    path: str
    name: str
    """As the engine calls itself: Terraform or OpenTofu."""
    version: tuple[int, int, int]

    def __str__(self) -> str:
        return "{} {}.{}.{}".format(self.name, *self.version)

    @property
    def has_sdk_types(self) -> bool:
        """Whether it lets a provider of protocol 6 plan defaults (Provider.sdk_types)."""
        return self.name == "OpenTofu" or self.version >= (1, 1, 5)


def program(name: str) -> str | None:
    """The path of an engine of this name: the one on the PATH, else what `make engine` built."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.prefix, "bin")))


@cache
def executable() -> Executable | None:
    """The engine that TF_BIN names, else the first one on the PATH, else what `make engine` built.

    Raises:
        UserError: TF_BIN names nothing that runs, or all there is are the wrappers of a stand-in around this command.
    """
    if os.environ.get("TF_REATTACH_PROVIDERS") == ATTACH_NOTHING:
        raise UserError("this command starts an engine by itself: run it without `product-import stand-in` in front.")
    named = os.environ.get("TF_BIN")
    path = shutil.which(named) if named else program("terraform") or program("tofu")
    if path is None:
        if named:
            raise UserError(f"TF_BIN: {named!r} is not a program. It has to name a Terraform engine.")
        return None
    command = [path, "version"]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, errors="replace", check=False)
    match = re.match(r"(Terraform|OpenTofu) v(\d+)\.(\d+)\.(\d+)", done.stdout)
    if match is None:
        said = (done.stdout or done.stderr)[:80]
        raise UserError(f"{path} is not a Terraform engine: `version` ends with {done.returncode} and says {said!r}.")
    major, minor, patch = map(int, match.groups()[1:])
    return Executable(path, match[1], (major, minor, patch))


def required() -> Executable:
    """The engine.

    Raises:
        UserError: there is none; the text says how to get one.
    """
    found = executable()
    if found is None:
        raise UserError(HOW_TO_GET_ONE)
    return found


@dataclass(frozen=True)
class Diagnostic:
    severity: str
    summary: str
    detail: str
    address: str | None
    """Of the resource, where the engine knows one."""


class EngineError(UserError):
    """A run failed. As text: what the engine said, without its frames and line breaks."""

    def __init__(self, command: str, output: str, diagnostics: list[Diagnostic]) -> None:
        super().__init__(f"{command} failed:\n{_text(output, diagnostics)}")
        self.output = output
        """Standard output and standard error as they came: nothing secret may be in there."""
        self.diagnostics = diagnostics
        """Empty where the command has no `-json`, as `init` and `test`."""


@dataclass
class Engine:
    """An engine in one folder, away from the user's settings, credentials and caches.

    Files go to `folder`; each method is one run. All raise EngineError where the engine fails.
    """

    folder: Path
    executable: Executable
    reattach: str | None
    """The value of TF_REATTACH_PROVIDERS; None for the provider of the registry."""
    variables: dict[str, str] = field(default_factory=dict)
    """Environment variables to add, `TF_VAR_...` among them."""

    def write(self, name: str, content: str | Mapping[str, Any]) -> None:
        """A file of the configuration: text, or what becomes JSON."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))

    def init(self) -> None:
        self.run("init", "-input=false")

    def validate(self) -> list[Diagnostic]:
        """Returns warnings."""
        return _diagnostics(self.run("validate", "-json"))

    def plan(self, *options: str) -> dict[str, Any]:
        """Returns the plan as `show -json` has it; the file stays, for `apply`."""
        self.write_plan(*options)
        return self._json("show", "-json", "planned")

    def write_plan(self, *options: str) -> str:
        """Writes the file for `apply`, where nobody looks at the values; returns messages, a JSON document a line."""
        return self.run("plan", "-json", "-input=false", "-out=planned", *options)

    def apply(self, *options: str) -> None:
        """Applies what `plan` planned."""
        self.run("apply", "-json", "-input=false", *options, "planned")

    def deploy(self, *options: str) -> None:
        """Plans and applies in one run, where nobody looks at the plan."""
        self.run("apply", "-json", "-auto-approve", "-input=false", *options)

    def state(self) -> dict[str, Any]:
        """As `show -json` has it."""
        return self._json("show", "-json")

    def destroy(self, *options: str) -> None:
        self.run("destroy", "-json", "-auto-approve", "-input=false", *options)

    def test(self, *options: str) -> str:
        """`terraform test`; returns its text."""
        return self.run("test", *options)

    def run(self, *command: str) -> str:
        """Any command, for example `output -json`; returns standard output."""
        done = subprocess.run(
            [self.executable.path, *command, *(() if "-json" in command else ("-no-color",))],
            cwd=self.folder,
            env=_environment() | self._attachment() | self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise EngineError(" ".join(command), done.stdout + done.stderr, _diagnostics(done.stdout))
        return done.stdout

    def _attachment(self) -> dict[str, str]:
        return {"TF_REATTACH_PROVIDERS": self.reattach} if self.reattach else {}

    def _json(self, *command: str) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.run(*command))
        return parsed


def changes(plan: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What a plan does, by address, without what stays: `("create",)`, `("update",)`, `("delete", "create")`, ..."""
    actions = {change["address"]: tuple(change["change"]["actions"]) for change in plan.get("resource_changes", [])}
    return {address: action for address, action in actions.items() if action not in {("no-op",), ("read",)}}


def resources(shown: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The values of each managed resource of a state (`state()`) or a plan (`plan()`), modules' too, by address."""
    values = shown.get("planned_values") or shown.get("values") or {}
    found: dict[str, dict[str, Any]] = {}
    modules = [values["root_module"]] if values else []
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", [])
        found |= {resource["address"]: resource["values"] for resource in module.get("resources", [])}
    return found


def _environment() -> dict[str, str]:
    """The user's environment without what an engine or a provider would take from it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    return without_aws(kept) | {
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
        # Engines are written in Go, which would spend a quarter of so short a run on collecting garbage.
        "GOGC": "400",
        # The tests run on all cores as it is.
        "GOMAXPROCS": "1",
    }


def _diagnostics(output: str) -> list[Diagnostic]:
    """Of one JSON document (`validate`) or of one on each line (`plan`, `apply`, `destroy`)."""
    if not output.startswith("{"):
        return []
    if output.startswith("{\n"):
        entries = json.loads(output).get("diagnostics", [])
    else:
        entries = [line["diagnostic"] for line in map(json.loads, output.splitlines()) if "diagnostic" in line]
    return [
        Diagnostic(entry["severity"], entry["summary"], entry.get("detail", ""), entry.get("address"))
        for entry in entries
    ]


def _text(output: str, diagnostics: list[Diagnostic]) -> str:
    if diagnostics:
        # Once each: of a file that is no text an engine says the same of every character.
        return "\n".join(dict.fromkeys(f"{each.summary}\n{each.detail}" for each in diagnostics))
    # The engine breaks lines at 78 columns and draws a frame: who looks for a sentence wants neither.
    return re.sub(r"(?<=\S)\n(?=\S)", " ", re.sub(r"^[│╷╵] ?", "", output, flags=re.MULTILINE))
