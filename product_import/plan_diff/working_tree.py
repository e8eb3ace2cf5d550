"""What a change of the module would do to deployed environments: `make plan-diff`, without an account.

The module of a git reference is deployed on the stand-in for AWS, in several environments; then the working tree's is
planned on each of their states.
"""

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from product_import import engine as engines
from product_import.checkout import MODULE, checkout
from product_import.configuration.variables import read_variables, unknown_inputs
from product_import.engine import Engine, EngineError
from product_import.errors import UserError
from product_import.plan_diff import environments
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.environments import TOKEN
from product_import.plan_diff.read.plan import Plan, read_plan
from product_import.stand_in import stand_in
from product_import.synthesis import synthesize_module
from product_import.terminal import coloured, progress


def environment_diff(
    name: str,
    var_file: Path,
    base: Path,
    head: Path,
    *,
    executable: engines.Executable,
    reattach: str,
    of_plan: Callable[[Plan], PlanDiff] = plan_diff,
) -> PlanDiff:
    """The plan of `head` on what `base` deployed in one environment.

    Args:
        name: of the environment.
        var_file: its inputs. Those that a module does not have yet, or no more, are left out, with a warning.
        base: a folder that holds modules/product-import.
        head: another one.
        executable: the engine.
        reattach: what attaches the stand-in to it.
        of_plan: makes the diff of a plan.

    Raises:
        UserError: a module cannot be planned or applied with these inputs; the text names the environment.
    """
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder), executable, reattach)
        try:
            with progress(f"{name}: deploying the base, and planning the working tree on it"):
                write_root(engine, base / MODULE)
                engine.deploy(f"-var-file={var_file}")
                write_root(engine, head / MODULE)
                content = json.dumps(engine.plan(f"-var-file={var_file}")).encode()
        except EngineError as error:
            raise UserError(f"{name}: {error}") from None
        for warning in _warnings(var_file, head / MODULE):
            print(coloured(f"warning: {name}: {warning}", sys.stderr), file=sys.stderr)
        return of_plan(read_plan(content, name))


def _warnings(var_file: Path, module: Path) -> Iterator[str]:
    """What no input takes, perhaps for a typing error. An engine itself names any two of such and counts the others."""
    try:
        given = read_variables(var_file)
    except UserError as error:  # the engine knows more of the language
        yield f"whether an input takes each value is not known: {error}"
        return
    if unknown := unknown_inputs(given, _declared(module)):
        yield f"{var_file}: the module has no input {unknown}."


def write_root(engine: Engine, module: Path) -> None:
    """A root that consumes the module of a folder, with a variable for each input; the token is made up."""
    declared = _declared(module)
    outputs = json.loads((module / "outputs.tf.json").read_text())["output"]
    root = {
        "variable": {name: _variable(name, variable) for name, variable in declared.items()},
        "provider": {"aws": {"region": "${var.aws_region}"}},
        "module": {"product_import": {"source": str(module), **{name: f"${{var.{name}}}" for name in declared}}},
        "output": {
            name: {"value": f"${{module.product_import.{name}}}", "sensitive": output.get("sensitive", False)}
            for name, output in outputs.items()
        },
    }
    engine.write("main.tf.json", root)
    engine.init()


def _declared(module: Path) -> dict[str, Any]:
    variables: dict[str, Any] = json.loads((module / "variables.tf.json").read_text())["variable"]
    return variables


def _variable(name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """The module's variable as one of the root: what is not given is left to the module's default."""
    variable = {key: declared[key] for key in ("type", "default", "sensitive") if key in declared}
    # Nobody keeps the token in a var file.
    return {"default": TOKEN, **variable} if name == "redis_auth_token" else variable


def check_out(reference: str, folder: Path) -> None:
    """Put the module that is committed at a git reference into a folder.

    Raises:
        UserError: there is none.
    """
    done = _git("archive", "--format=zip", "--end-of-options", reference, MODULE.as_posix())
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise UserError(
            f"BASE must be a git reference with {MODULE.as_posix()} in it. Given: {reference!r} ({reason})."
        )
    with ZipFile(io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder)


def default_branch() -> str:
    """The remote's default branch where a remote is known, else main."""
    done = _git("rev-parse", "--abbrev-ref", "origin/HEAD")
    return done.stdout.decode().strip() if done.returncode == 0 else "main"


def _git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(["git", "-C", str(checkout()), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise UserError("git must be on the PATH: the module of BASE is read from the repository.") from None


def compare(
    base: str, var_files: Sequence[Path], of_plan: Callable[[Plan], PlanDiff] = plan_diff
) -> dict[str, PlanDiff]:
    """The plan of the working tree's module on what a git reference's deployed, by environment.

    Args:
        base: the reference; the default branch where it is empty.
        var_files: of the environments, or folders of such; the built-in environments where there are none.
        of_plan: makes the diff of a plan.

    Raises:
        UserError: there is no engine, the reference holds no module, or one of the two fails to plan.
    """
    executable = engines.required()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        deployed = environments.var_files(var_files, folder)
        check_out(base or default_branch(), folder / "base")
        synthesize_module(folder / "head" / MODULE)
        diffs = {}
        for name, var_file in deployed.items():
            # One stand-in would make up other values for the second environment of a name.
            with stand_in(executable) as (_, reattach):
                diffs[name] = environment_diff(
                    name,
                    var_file,
                    folder / "base",
                    folder / "head",
                    executable=executable,
                    reattach=reattach,
                    of_plan=of_plan,
                )
        return diffs
