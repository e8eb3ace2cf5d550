"""`product-import stand-in`: any command, with the stand-in for the AWS provider behind its engine."""

import argparse
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from product_import import engine as engines
from product_import.errors import UserError
from product_import.stand_in import stand_in
from product_import.stand_in.schema import MAJORS

EXAMPLE = """\
examples:
  product-import stand-in -- terraform -chdir=examples/consumer init
  product-import stand-in -- terraform -chdir=examples/consumer plan -var-file=production.tfvars
  product-import stand-in --provider 6 -- terraform -chdir=examples/consumer plan -var-file=production.tfvars

No account is asked. The state of what gets made up lies in .terraform/stand-in/ of the root: a real state and its
backend are left alone. A root needs an `init` of its own for it. The exit status is the command's.
"""
ENGINES = ("terraform", "tofu")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The provider's version and the command."""
    parser.usage = "product-import stand-in [-h] [--provider {5,6}] -- COMMAND [ARGUMENT ...]"
    parser.add_argument(
        "--provider",
        type=int,
        choices=MAJORS,
        default=MAJORS[0],
        help="the major version of the AWS provider to stand in for (default: %(default)s)",
    )
    parser.add_argument("program", metavar="COMMAND", help="as one would type it")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="its own")


def run(options: argparse.Namespace) -> int:
    """Serve the stand-in as long as the command runs, and return the command's exit status."""
    command: list[str] = [options.program, *options.arguments]
    if Path(command[0]).name in ENGINES and Path(command[0]).name != command[0]:
        # By its path it would not be run on a state of its own.
        raise UserError(f"{command[0]}: put its folder on the PATH and name it {Path(command[0]).name}.")
    engine = engines.required()
    found = {name: path for name in ENGINES if (path := engines.program(name))}
    named = os.environ.get("TF_BIN")
    # What reads TF_BIN, as the Makefile does, must not get past the state of its own.
    wrapped = {**found, **({Path(engine.path).name: engine.path} if named else {})}
    with tempfile.TemporaryDirectory() as folder, stand_in(engine, major=options.provider) as (_, reattach):
        for name, path in wrapped.items():
            _wrap(Path(folder, name), Path(path).absolute())
        environment = {**os.environ, "TF_REATTACH_PROVIDERS": reattach}
        environment["PATH"] = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        if named:
            environment["TF_BIN"] = str(Path(folder, Path(engine.path).name))
        program = shutil.which(command[0], path=environment["PATH"])
        if program is None:
            there = f" There is {engine}: name it {Path(engine.path).name}." if command[0] in ENGINES else ""
            raise UserError(f"{command[0]}: there is no such program.{there}")
        return subprocess.run([program, *command[1:]], env=environment, check=False).returncode


def _wrap(wrapper: Path, engine: Path) -> None:
    """Write a program that runs the engine on a state of its own."""
    package = str(Path(__file__).parents[2])
    code = (
        f"import sys; sys.path.insert(0, {package!r}); from product_import.own_state import main; "
        f"sys.exit(main({str(engine)!r}, sys.argv[1:]))"
    )
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(code)} "$@"\n', encoding="utf-8")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
