"""What a change of the module would do to deployed environments: `make plan-diff`, without an account.

The module of a git reference is deployed on the stand-in for AWS, in several environments; then the working tree's is
planned on each of their states.
"""

import io
import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from product_import import engine as engines
from product_import.checkout import MODULE, checkout
from product_import.engine import Engine
from product_import.errors import UserError
from product_import.plan_diff.changes import PlanDiff, plan_diff
from product_import.plan_diff.environments import ENVIRONMENTS
from product_import.plan_diff.plan import read_plan
from product_import.stand_in import stand_in
from product_import.synthesis import synthesize


def plan_diffs(base: Path, head: Path, executable: engines.Executable, reattach: str) -> dict[str, PlanDiff]:
    """The plan of `head` on what `base` deployed, by environment; both are folders that hold modules/product-import.

    Raises:
        EngineError: a module cannot be planned or applied.
    """
    diffs = {}
    for name, inputs in ENVIRONMENTS.items():
        with tempfile.TemporaryDirectory() as folder:
            engine = Engine(Path(folder), executable, reattach)
            _plan(engine, base / MODULE, inputs)
            engine.apply()
            content = json.dumps(_plan(engine, head / MODULE, inputs)).encode()
            diffs[name] = plan_diff(read_plan(content, name))
    return diffs


def _plan(engine: Engine, module: Path, inputs: Mapping[str, Any]) -> dict[str, Any]:
    declared = json.loads((module / "variables.tf.json").read_text())["variable"]
    outputs = json.loads((module / "outputs.tf.json").read_text())["output"]
    values = {name: value for name, value in inputs.items() if name in declared}
    root = {
        "variable": {name: {"sensitive": name == "redis_auth_token"} for name in values},
        "provider": {"aws": {"region": inputs.get("aws_region", "us-east-1")}},
        "module": {"product_import": {"source": str(module), **{name: f"${{var.{name}}}" for name in values}}},
        "output": {
            name: {"value": f"${{module.product_import.{name}}}", "sensitive": output.get("sensitive", False)}
            for name, output in outputs.items()
        },
    }
    engine.write("main.tf.json", root)
    engine.write("terraform.tfvars.json", values)
    engine.init()
    return engine.plan()


def check_out(reference: str, folder: Path) -> None:
    """Put the module that is committed at a git reference into a folder.

    Raises:
        UserError: there is none.
    """
    command = [
        "git",
        "-C",
        str(checkout()),
        "archive",
        "--format=zip",
        "--end-of-options",
        reference,
        MODULE.as_posix(),
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1]
        raise UserError(
            f"BASE must be a git reference with {MODULE.as_posix()} in it. Given: {reference!r} ({reason})."
        )
    with ZipFile(io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder)


def default_branch() -> str:
    """The remote's default branch where a remote is known, else main."""
    command = ["git", "-C", str(checkout()), "rev-parse", "--abbrev-ref", "origin/HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else "main"


def compare(base: str) -> dict[str, PlanDiff]:
    """The plan of the working tree's module on what a git reference's deployed, by environment.

    Raises:
        UserError: there is no engine, the reference holds no module, or one of the two fails to plan.
    """
    executable = engines.required()
    with tempfile.TemporaryDirectory() as temporary, stand_in(executable) as (_, reattach):
        deployed, head = Path(temporary, "base"), Path(temporary, "head")
        check_out(base or default_branch(), deployed)
        synthesize(head / "cdktf.out", head / "modules", {})
        return plan_diffs(deployed, head, executable, reattach)
