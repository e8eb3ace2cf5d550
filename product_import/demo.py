"""What the module does, shown without an account: examples/consumer on a stand-in for AWS, with a real engine."""

import json
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import import engine as engines
from product_import.checkout import EXAMPLE, MODULE, shipped
from product_import.engine import Engine, EngineError
from product_import.errors import UserError
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.read.plan import read_plan
from product_import.plan_diff.write.text import text
from product_import.stand_in import stand_in
from product_import.terminal import coloured, progress

VALUES = "-var-file=production.tfvars"
CHANGE = "-var=worker_image=123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1.1.0"
MISTAKE = "-var=redis_num_replicas=7"
WIDTH_IN_CHARACTERS = 100


def demo() -> None:
    """Apply the example, change an input, give a wrong one, destroy it; print what happens.

    Raises:
        UserError: there is no engine, or it fails, or it is too old.
    """
    executable = engines.required()
    if executable.name == "Terraform" and executable.version < (1, 1, 0):
        raise UserError(f"the demo wants Terraform 1.1 or newer, whose plans can be read. Found: {executable}.")
    with tempfile.TemporaryDirectory() as folder, stand_in(executable) as (_, reattach):
        for part in (EXAMPLE, MODULE):
            shutil.copytree(shipped() / part, Path(folder, part), ignore=shutil.ignore_patterns(".terraform*"))
        engine = Engine(Path(folder, EXAMPLE), executable, reattach)
        engine.variables["TF_VAR_redis_auth_token"] = "an-example-of-a-token"
        with progress("terraform init"):
            engine.init()

        _say(f"terraform apply {VALUES}", "What a consumer of the module gets, on a stand-in for AWS:")
        with progress("terraform apply"):
            engine.deploy(VALUES)
        state = engine.state()
        _show_table(engines.resources(state))

        _say(f"terraform plan {VALUES} {CHANGE}", "The next image of the workers, as a review sees it:")
        with progress("terraform plan"):
            plan = json.dumps(engine.plan(VALUES, CHANGE)).encode()
        print(coloured(text({"production": plan_diff(read_plan(plan, "the plan"))}), sys.stdout))

        _say(f"terraform plan {VALUES} {MISTAKE}", "A wrong input is refused before anything happens:")
        _show_refusal(engine)

        _say(f"terraform destroy {VALUES}", "And it all goes again:")
        with progress("terraform destroy"):
            engine.destroy(VALUES)
        print(f"{len(engines.resources(state))} resources destroyed, {len(engines.resources(engine.state()))} left.")


def _say(command: str, what: str) -> None:
    print(f"{what}\n$ {command}\n", flush=True)


def _show_table(resources: Mapping[str, Mapping[str, Any]]) -> None:
    by_type = defaultdict(list)
    for address in resources:
        *_, resource_type, name = address.split(".")
        by_type[resource_type].append(name)
    for resource_type, names in sorted(by_type.items()):
        row = f"{len(names):>4}  {resource_type.removeprefix('aws_'):<32} {', '.join(sorted(names))}"
        print(row if len(row) <= WIDTH_IN_CHARACTERS else f"{row[: WIDTH_IN_CHARACTERS - 4]} ...")
    print(f"{len(resources):>4}  in all\n")


def _show_refusal(engine: Engine) -> None:
    try:
        engine.write_plan(VALUES, MISTAKE)
    except EngineError as refusal:
        for diagnostic in refusal.diagnostics:
            reason, _, _ = diagnostic.detail.partition("\n")
            print(f"{diagnostic.summary}: {reason}\n")
    else:
        raise AssertionError(f"{MISTAKE} was not refused")
