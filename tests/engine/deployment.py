"""The deployments that the engine tests run: the inputs, and the two kinds of root that come of the project."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from product_import import engine as engines
from product_import.engine import Engine
from product_import.plan_diff.environments import DOCUMENTED

Value = TypeVar("Value")


@dataclass(frozen=True)
class Deployment:
    """A root in an engine's folder, with addresses as they are inside the module."""

    engine: Engine
    configure: Callable[[Engine, Mapping[str, Any]], None]
    """Writes the inputs into the root."""
    prefix: str = ""
    """Of the addresses, where the root consumes the module."""

    def init(self) -> None:
        self.configure(self.engine, DOCUMENTED)
        self.engine.init()

    def plan(self, **inputs: Any) -> dict[str, Any]:
        """Plan with inputs over those of the documentation's example."""
        self.configure(self.engine, {**DOCUMENTED, **inputs})
        return self.engine.plan()

    def actions(self, **inputs: Any) -> dict[str, str]:
        """What such a plan does, by `actions` below."""
        self.configure(self.engine, {**DOCUMENTED, **inputs})
        return self._inside(actions(self.engine))

    def apply(self, **inputs: Any) -> None:
        """Plan and apply with inputs over those of the documentation's example."""
        self.configure(self.engine, {**DOCUMENTED, **inputs})
        self.engine.deploy()

    def state(self) -> dict[str, dict[str, Any]]:
        """The values of each resource that is there."""
        return self.resources(self.engine.state())

    def changes(self, plan: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        return self._inside(engines.changes(plan))

    def resources(self, shown: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        return self._inside(engines.resources(shown))

    def _inside(self, by_address: dict[str, Value]) -> dict[str, Value]:
        return {address.removeprefix(self.prefix): value for address, value in by_address.items()}


def actions(engine: Engine, *options: str) -> dict[str, str]:
    """What a plan does as it says itself, by address: `create`, `update`, `replace`, ..., in whichever order.

    It spares the run that shows values. The file stays, for `apply`.
    """
    messages = map(json.loads, engine.write_plan(*options).splitlines())
    planned = [message["change"] for message in messages if message["type"] == "planned_change"]
    return {change["resource"]["addr"]: change["action"] for change in planned if change["action"] != "read"}


def root(engine: Engine, artefacts: Path) -> Deployment:
    """The root that the project synthesizes; its engine runs deeper down, for the state leads out of cdktf.out/."""
    source = Path("cdktf.out/stacks/product-import")
    inner = replace(engine, folder=engine.folder / source)
    inner.write("cdk.tf.json", (artefacts / source / "cdk.tf.json").read_text())
    return Deployment(inner, lambda engine, inputs: engine.write("terraform.tfvars.json", inputs))


def consumer(engine: Engine, artefacts: Path) -> Deployment:
    """A root that consumes the module as the documentation shows, with the token in a sensitive variable."""
    add_module(engine, artefacts)
    return Deployment(engine, _consume, "module.product_import.")


def copy(deployed: Deployment, engine: Engine) -> Deployment:
    """The same with its state, initialized, in the empty folder of another engine, to be changed there."""
    shutil.copytree(deployed.engine.folder, engine.folder, symlinks=True, dirs_exist_ok=True)
    return replace(deployed, engine=engine)


def add_module(engine: Engine, artefacts: Path) -> Path:
    """Put the module into modules/product-import of the engine's folder."""
    module = engine.folder / "modules" / "product-import"
    shutil.copytree(artefacts / "modules" / "product-import", module, ignore=shutil.ignore_patterns("tests"))
    return module


def _consume(engine: Engine, inputs: Mapping[str, Any]) -> None:
    # By variables, as a consumer's values mostly are, so that the engine learns them at plan and not before.
    references = {name: f"${{var.{name}}}" for name in inputs}
    engine.write(
        "main.tf.json",
        {
            "variable": {name: {"sensitive": name == "redis_auth_token"} for name in inputs},
            "provider": {"aws": {"region": references["aws_region"]}},
            "module": {"product_import": {"source": "./modules/product-import", **references}},
        },
    )
    engine.write("terraform.tfvars.json", inputs)
