"""`product-import stand-in`: any command, with the stand-in for the AWS provider behind its engine."""

import argparse
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from product_import import engine as engines
from product_import.errors import UserError
from product_import.stand_in import stand_in

EXAMPLE = """\
examples:
  product-import stand-in -- terraform -chdir=examples/consumer init
  product-import stand-in -- terraform -chdir=examples/consumer plan -var-file=production.tfvars

No account is asked. The state of what gets made up lies in .terraform/stand-in/ of the root: a real state and its
backend are left alone. A root needs an `init` of its own for it. The exit status is the command's.
"""
ENGINES = ("terraform", "tofu")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command."""
    parser.usage = "product-import stand-in [-h] -- COMMAND [ARGUMENT ...]"
    parser.add_argument("command_line", nargs=argparse.REMAINDER, metavar="COMMAND", help="as one would type it")


def run(options: argparse.Namespace) -> int:
    """Serve the stand-in as long as the command runs, and return the command's exit status."""
    command: list[str] = options.command_line[options.command_line[:1] == ["--"] :]
    if not command:
        raise UserError("stand-in needs a command: product-import stand-in -- terraform plan")
    if Path(command[0]).name in ENGINES and Path(command[0]).name != command[0]:
        # By its path it would not be run on a state of its own.
        raise UserError(f"{command[0]}: put its folder on the PATH and name it {Path(command[0]).name}.")
    with tempfile.TemporaryDirectory() as folder, stand_in(engines.required()) as (_, reattach):
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        for name in ENGINES:
            _wrap(name, Path(folder))
        return _run(command, {**os.environ, "PATH": path, "TF_REATTACH_PROVIDERS": reattach})


def _wrap(name: str, folder: Path) -> None:
    """Put a program of the engine's name into a folder: the engine on a state of its own."""
    engine = engines.program(name)
    if engine is None:
        return
    package = str(Path(__file__).parents[2])
    code = (
        f"import sys; sys.path.insert(0, {package!r}); from product_import.own_state import main; "
        f"sys.exit(main({engine!r}, sys.argv[1:]))"
    )
    wrapper = folder / name
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(code)} "$@"\n', encoding="utf-8")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise UserError(f"{command[0]}: there is no such program.")
    return subprocess.run([program, *command[1:]], env=environment, check=False).returncode
