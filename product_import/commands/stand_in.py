"""`product-import stand-in`: any command, with the stand-in for the AWS provider behind its engine."""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Set
from contextlib import ExitStack
from pathlib import Path

from product_import import engine as engines
from product_import.errors import UserError
from product_import.isolation import ATTACH_NOTHING, without_aws
from product_import.own_state import Settings
from product_import.own_state.relay import relayed
from product_import.stand_in import stand_in
from product_import.stand_in.data.fixtures import NO_FIXTURES, read_fixtures
from product_import.stand_in.facts import replacements_known
from product_import.stand_in.schema import MAJORS, provider_schema

EXAMPLE = """\
examples:
  product-import stand-in -- terraform -chdir=examples/consumer init
  product-import stand-in -- terraform -chdir=examples/consumer plan -var-file=production.tfvars
  product-import stand-in --provider 6 -- terraform -chdir=examples/consumer plan -var-file=production.tfvars

No account is asked. The state of what gets made up is in .terraform/stand-in/ of the root. A real state and its backend
are left alone, and credentials do not reach the engine. product_import/stand_in/README.md says what this protects, and
what it cannot. A root needs an `init` of its own for it. The exit status is the command's.
"""
ENGINES = ("terraform", "tofu")
ELSEWHERE = (
    "at", "batch", "devcontainer", "distrobox", "doas", "docker", "docker-compose", "finch", "flatpak-spawn", "incus",
    "limactl", "lxc", "machinectl", "nerdctl", "pkexec", "podman", "podman-compose", "run0", "runuser", "screen",
    "ssh", "su", "sudo", "systemd-run", "tmux", "toolbox", "vagrant",
)  # fmt: skip
"""Programs that start others without the environment that they get themselves."""
# `env` with the options that keep the environment. Others drop it, alone (-i), among letters (-vi), or in a text (-S).
_ENV = """\
value=
for argument in "$@"; do
  case $value,$argument in
    *TF_REATTACH_PROVIDERS*) {refusal} ;;
    value,*) value= ;;
    ,-u | ,--unset | ,-C | ,--chdir) value=value ;;
    ,-u* | ,--unset=* | ,-C* | ,--chdir=* | ,-0 | ,--null | ,--help | ,--version) ;;
    ,-*) {refusal} ;;
    *=*) ;;
    *) break ;;
  esac
done
exec {program} "$@"
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The provider's version and the command."""
    parser.usage = "product-import stand-in [-h] [--provider {5,6}] [--data FILE] -- COMMAND [ARGUMENT ...]"
    parser.add_argument(
        "--provider",
        type=int,
        choices=MAJORS,
        default=MAJORS[0],
        help="the major version of the AWS provider to stand in for (default: %(default)s)",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FILE",
        help="values of data sources, in TOML, in the place of made-up ones (see the README of the stand-in)",
    )
    parser.add_argument("program", metavar="COMMAND", help="as one would type it")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="its own")


def run(options: argparse.Namespace) -> int:
    """Serve the stand-in as long as the command runs, and return the command's exit status."""
    command: list[str] = [options.program, *options.arguments]
    name = Path(command[0]).name
    if name in (*ENGINES, *ELSEWHERE, "env") and name != command[0]:
        # By its path it would not be the wrapper.
        raise UserError(f"{command[0]}: put its folder on the PATH and name it {name}.")
    engine = engines.required()
    fixtures = read_fixtures(options.data, provider_schema(options.provider)) if options.data else NO_FIXTURES
    found = {name: path for name in ENGINES if (path := engines.program(name))}
    # What reads TF_BIN, as the Makefile does, must not get past the state of its own.
    wrapped = {**found, **({Path(engine.path).name: engine.path} if os.environ.get("TF_BIN") else {})}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        programs, home, names, socket = folder / "bin", folder / "home", folder / "names", str(folder / "provider")
        for each in (programs, home, names):
            each.mkdir()
        provider, reattach = stack.enter_context(
            stand_in(engine, major=options.provider, named=lambda: [file.name for file in names.iterdir()])
        )
        provider.fixtures = fixtures
        provider.states = lambda: names.glob("*.tfstate")
        entry = json.loads(reattach)["hashicorp/aws"]
        for wrapper, path in wrapped.items():
            settings = Settings(str(Path(path).absolute()), str(programs), socket, entry, str(home), str(names))
            _write(programs / wrapper, _engine(settings))
        _refuse_elsewhere(programs)
        with relayed(entry["Addr"]["String"], socket):
            status = _run(command, programs, engine)
        _report(provider.generic)
        return status


def _report(generic: Set[str]) -> None:
    """Say which plans and values are not those of the provider for sure."""
    for known, text in (
        (True, "replacements are those in the source of provider 5.4 or 5.46"),
        (False, "which changes replace a resource is not known, all are planned in place"),
    ):
        types = sorted(name for name in generic if replacements_known(name) is known)
        if types:
            print(
                f"note: the stand-in has no facts of {', '.join(types)}: values are made up, {text}.", file=sys.stderr
            )


def _run(command: list[str], programs: Path, engine: engines.Executable) -> int:
    # The safe state is the default: an engine that is not started by a wrapper stops.
    environment = without_aws(os.environ) | {"TF_REATTACH_PROVIDERS": ATTACH_NOTHING}
    environment["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if "TF_BIN" in environment:
        environment["TF_BIN"] = str(programs / Path(engine.path).name)
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        there = f" There is {engine}: name it {Path(engine.path).name}." if command[0] in ENGINES else ""
        raise UserError(f"{command[0]}: there is no such program.{there}")
    return subprocess.run([program, *command[1:]], env=environment, check=False).returncode


def _engine(settings: Settings) -> str:
    """Return a script that runs the engine on a state of its own."""
    package = str(Path(__file__).parents[2])
    code = (
        f"import sys; sys.path.insert(0, {package!r}); from product_import.own_state import Settings, main; "
        f"sys.exit(main({settings!r}, sys.argv[1:]))"
    )
    # -I: neither a module in the root nor a variable changes what runs.
    return f'exec {shlex.quote(sys.executable)} -I -c {shlex.quote(code)} "$@"\n'


def _refuse_elsewhere(programs: Path) -> None:
    """Write programs that refuse to start others without the environment, which is what stops an engine."""
    for name in (*ELSEWHERE, "env"):
        if (path := shutil.which(name)) is None:
            continue
        text = f"error: {name}: it would start programs outside the protection of the stand-in. Leave it out."
        refusal = f"echo {shlex.quote(text)} >&2; exit 1"
        _write(programs / name, _ENV.format(refusal=refusal, program=shlex.quote(path)) if name == "env" else refusal)


def _write(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    program.chmod(0o755)
