"""The project through cdktf's own command line."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from product_import.engine import Engine, resources
from product_import.plan_diff import environments
from tests.engine.deployment import actions
from tests.project import PROJECT, Copy, copy_project

import pytest

STACK = Path("cdktf.out/stacks/product-import")
CDKTF = Path("node_modules/.bin/cdktf")


class Cli:
    """cdktf in a copy of the project, with no virtual environment active and nothing of the user's."""

    def __init__(self, project: Copy, engine: Engine, home: Path) -> None:
        self.project = project
        self.engine = replace(engine, folder=project.folder / STACK)
        programs = home / "bin"
        programs.mkdir(parents=True)
        (programs / "node").symlink_to(PROJECT / ".venv/bin/node")
        self._environment = {
            "PATH": f"{programs}{os.pathsep}{os.defpath}",
            "HOME": str(home),
            "CI": "1",
            "CHECKPOINT_DISABLE": "1",
            "TERRAFORM_BINARY_NAME": engine.executable.path,
            "TF_REATTACH_PROVIDERS": engine.reattach or "",
        }

    def __call__(self, *arguments: str, **variables: str) -> str:
        """Run cdktf; returns what it says."""
        return self._run([str(CDKTF), *arguments], self._environment | variables)

    def on_the_stand_in(self, *arguments: str, **variables: str) -> str:
        """Run cdktf behind `product-import stand-in`, which attaches the provider and starts the engine."""
        own = ("TERRAFORM_BINARY_NAME", "TF_REATTACH_PROVIDERS")
        kept = {name: value for name, value in self._environment.items() if name not in own}
        kept["PATH"] = f"{Path(self.engine.executable.path).parent}{os.pathsep}{kept['PATH']}"
        command = [sys.executable, "-m", "product_import", "stand-in", "--", str(CDKTF), *arguments]
        return self._run(command, kept | variables)

    def _run(self, command: list[str], environment: dict[str, str]) -> str:
        done = subprocess.run(
            command,
            cwd=self.project.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def cdktf(engine: Engine, tmp_path: Path) -> Cli:
    """The command line, ready to run; skips where it is not installed."""
    if not (PROJECT / CDKTF).exists():
        pytest.skip("cdktf's command line is not installed: run `make cdktf`")
    if engine.executable.name != "Terraform":
        pytest.skip(f"cdktf's command line runs Terraform, not {engine.executable}")
    if engine.reattach is None:
        pytest.skip("The provider of the registry applies to an account")
    return Cli(copy_project(tmp_path / "project"), engine, tmp_path / "home")


def test_a_deployment_by_cdktf(cdktf: Cli, synthesized: Path) -> None:
    """`diff` synthesizes what main.py writes, and shows 25 resources to add; `deploy` makes them all."""
    # cdktf locks the provider at its registry, unless it is locked already; what is attached needs no lock.
    cdktf.engine.write("main.tf.json", {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}})
    cdktf.engine.init()
    (provider,) = json.loads(cdktf.engine.run("providers", "schema", "-json"))["provider_schemas"]
    (cdktf.engine.folder / "main.tf.json").unlink()
    lock = f'provider "{provider}" {{\n  version = "5.99.1"\n  constraints = ">= 5.28.0, < 7.0.0"\n}}\n'
    cdktf.engine.write(".terraform.lock.hcl", lock)
    inputs = variables(environments.REQUIRED)
    assert "25 to add, 0 to change, 0 to destroy" in cdktf("diff", **inputs)
    written = cdktf.project.folder / STACK / "cdk.tf.json"
    assert written.read_bytes() == (synthesized / STACK / "cdk.tf.json").read_bytes()

    said = cdktf("deploy", "--skip-synth", "--auto-approve", **inputs)
    assert "worker_service_name = production-product-import-worker" in said
    assert environments.TOKEN not in said

    # The state is beside the project, where a clean of cdktf.out/ leaves it.
    assert (cdktf.project.folder / "terraform.product-import.tfstate").exists()
    cdktf.engine.variables.update(inputs)
    assert len(resources(cdktf.engine.state())) == 25
    assert actions(cdktf.engine) == {}


def test_a_deployment_by_cdktf_on_the_stand_in(cdktf: Cli) -> None:
    """`diff` and `deploy` need no lock of the provider; a second `diff` finds what was deployed."""
    inputs = variables(environments.REQUIRED)
    assert "25 to add, 0 to change, 0 to destroy" in cdktf.on_the_stand_in("diff", **inputs)
    said = cdktf.on_the_stand_in("deploy", "--auto-approve", **inputs)
    assert "worker_service_name = production-product-import-worker" in said
    assert "No changes." in cdktf.on_the_stand_in("diff", **inputs)


def variables(inputs: Mapping[str, object]) -> dict[str, str]:
    """Inputs as environment variables: strings as they are, lists as Terraform writes them."""
    return {f"TF_VAR_{name}": value if isinstance(value, str) else json.dumps(value) for name, value in inputs.items()}
