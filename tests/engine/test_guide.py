"""The operations guide, followed: each command in its order, on the stand-in and on AWS in memory."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from product_import.engine import Engine, Executable
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.read.plan import read_plan
from product_import.plan_diff.write.text import text
from product_import.stand_in import stand_in
from product_import.stand_in.provider import Provider
from tests.engine import deployment, module_in_use
from tests.engine.emulator import Emulator, emulated
from tests.engine.registry import PROVIDER_OF_REGISTRY
from tests.project import PROJECT

import pytest
from botocore import xform_name  # type: ignore[import-untyped]
from moto.server import ThreadedMotoServer

GUIDE = PROJECT / "docs/operations.md"
REGION = "us-east-1"
SERVICE = "production-product-import-worker"
MARK = "‡"
ROTATION = "../modules/product-import/docs/token-rotation.md"
MIGRATION = PROJECT / "docs/migrate-from-the-original-module.md"


@dataclass
class Followed:
    """What came of the page."""

    plans: list[tuple[str, str]] = field(default_factory=list)
    """Each plan as the page shows it, and as it is."""
    refused: list[str] = field(default_factory=list)
    """The blocks that the emulator does not know."""
    marked: list[str] = field(default_factory=list)
    """The blocks that the page marks."""
    wanted: list[int] = field(default_factory=list)
    """The numbers of workers that were wanted, one after the other."""
    suspended: list[bool] = field(default_factory=list)
    """Whether scaling was suspended, one after the other."""


@dataclass(frozen=True)
class Block:
    kind: str
    text: str
    sentence: str
    """The last line of text before it."""


@dataclass
class Operator:
    """Who follows the page in a root."""

    root: Path
    executable: Executable
    environment: dict[str, str]
    followed: Followed

    def follow(self, block: Block) -> None:
        if block.kind == "hcl":
            write(self.root / "main.tf", block.text)
        elif block.kind == "console":
            shown = self.run(self.executable.path, "show", "-json", ".terraform/planned").stdout
            diff = plan_diff(read_plan(shown.encode(), "the plan"))
            self.followed.plans.append((block.text, text({"production": diff})))
        else:
            self.command(block)

    def command(self, block: Block) -> None:
        done = self.run("sh", "-euc", f"{block.text}\nenv > environment")
        if block.sentence.endswith(f"{MARK}:"):
            self.followed.marked.append(block.text)
        # What moto says of a call that it does not know, once the CLI has taken the command.
        if "500 Internal Server Error" in done.stderr:
            self.followed.refused.append(block.text)
            return
        assert done.returncode == 0, f"{block.text}\n{done.stdout}{done.stderr}"
        lines = (self.root / "environment").read_text().splitlines()
        exported = dict(line.split("=", 1) for line in lines if "=" in line)
        for line in re.findall(r"^export (.*)$", block.text, re.MULTILINE):
            self.environment |= {name: exported[name] for name in re.findall(r"(\w+)=", line)}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory, executable: Executable, aws_program: Path) -> Followed:
    """From the first block to the last, in one shell's environment and one root."""
    if PROVIDER_OF_REGISTRY:
        pytest.skip("The provider of the registry applies to an account.")
    project = tmp_path_factory.mktemp("guide")
    for part in ("examples/consumer", "modules/product-import"):
        shutil.copytree(PROJECT / part, project / part, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {"MOTO_ECS_SERVICE_RUNNING": "2"}))
        cloud = stack.enter_context(emulated(REGION, 5))
        cloud.client("ecs").create_cluster(clusterName="production")
        provider, reattach = stack.enter_context(stand_in(executable))
        provider.cloud = cloud
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        stack.callback(server.stop)
        url = "http://{}:{}".format(*server.get_host_and_port())
        root = project / "examples/consumer"
        network(root / "production.tfvars", cloud)
        environment = surroundings(root, executable, reattach, url)
        environment["PATH"] = f"{aws_program}:{environment['PATH']}"
        operator = Operator(root, executable, environment, Followed())
        for block in blocks(GUIDE):
            operator.follow(block)
            tell(provider, cloud, operator.followed)
        return operator.followed


def network(variables: Path, cloud: Emulator) -> None:
    """Write the emulator's VPC into a var file."""
    given = re.sub(r"(?m)^vpc_id .*$", f'vpc_id = "{cloud.vpc_id}"', variables.read_text())
    given = re.sub(r"(?m)^private_subnet_ids .*$", f"private_subnet_ids = {json.dumps(cloud.subnet_ids)}", given)
    variables.write_text(given)


def tell(provider: Provider, cloud: Emulator, followed: Followed) -> None:
    """Let a refresh find what the commands changed past Terraform."""
    services = cloud.client("ecs").describe_services(cluster="production", services=[SERVICE])["services"]
    targets = cloud.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")
    for service in services:
        provider.change_outside("aws_ecs_service", service["serviceArn"], desired_count=service["desiredCount"])
        if service["status"] == "ACTIVE" and followed.wanted[-1:] != [service["desiredCount"]]:
            followed.wanted.append(service["desiredCount"])
    for target in targets["ScalableTargets"]:
        state = {xform_name(name): value for name, value in target.get("SuspendedState", {}).items()}
        provider.change_outside(
            "aws_appautoscaling_target", target["ResourceId"], suspended_state=[state] if state else []
        )
        if followed.suspended[-1:] != [any(state.values())]:
            followed.suspended.append(any(state.values()))


def surroundings(root: Path, executable: Executable, reattach: str, url: str) -> dict[str, str]:
    """The environment of an operator who has an engine, the AWS CLI and credentials."""
    programs = root / "programs"
    programs.mkdir()
    (programs / "terraform").symlink_to(executable.path)
    return {
        "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": os.devnull,
        "TF_REATTACH_PROVIDERS": reattach,
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
        "GOGC": "400",
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_MAX_ATTEMPTS": "1",
        # Version 1 of the CLI knows this name only.
        "AWS_DEFAULT_REGION": REGION,
    }


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, with those of the token's rotation where it links to them."""
    text = page.read_text()
    text = text.replace(f"]({ROTATION})", f"]\n\n{(page.parent / ROTATION).read_text()}") if page == GUIDE else text
    for prose, kind, code in re.findall(r"(.*?)^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield Block(kind, code, next((line for line in reversed(prose.splitlines()) if line), ""))


def write(main: Path, block: str) -> None:
    """Set inputs in the module's block, as an editor would."""
    configuration = main.read_text()
    for name, value in re.findall(r"^(\w+) += (.*)$", block, re.MULTILINE):
        line = f"  {name} = {value}"
        found = re.search(rf"(?m)^  {name} +=.*$", configuration)
        configuration = configuration.replace(
            *(found[0], line) if found else ("\n  tags = {", f"\n{line}\n  tags = {{")
        )
    main.write_text(configuration)


@pytest.mark.usefixtures("plans_defaults")
def test_the_plans_are_those_that_the_page_shows(followed: Followed) -> None:
    """Whole, or as far as the dots."""
    assert len(followed.plans) == 13
    for shown, real in followed.plans:
        assert is_as_shown(shown, real)


def is_as_shown(shown: str, real: str) -> bool:
    return real.startswith(shown.removesuffix("...\n")) if shown.endswith("\n...\n") else shown == real


def test_the_commands_do_what_they_are_for(followed: Followed) -> None:
    """20 workers by hand while scaling is suspended; none while Redis is replaced, then those that the page starts."""
    assert followed.wanted == [2, 20, 0, 10]
    assert followed.suspended == [False, True, False]


def test_what_no_test_can_run_is_marked(followed: Followed) -> None:
    """Neither more nor less than what the emulator does not know."""
    assert [" ".join(block.split()[:3]) for block in followed.marked] == [
        "aws elasticache test-failover",
        "aws elasticache copy-snapshot",
    ]
    assert followed.refused == followed.marked


@pytest.mark.usefixtures("plans_defaults")
def test_a_move_from_the_hand_written_module(tmp_path: Path, executable: Executable) -> None:
    """The section of its own, in a root that has deployed that one."""
    if PROVIDER_OF_REGISTRY:
        pytest.skip("The provider of the registry applies to an account.")
    with stand_in(executable) as (_, reattach):
        engine = Engine(tmp_path, executable, reattach)
        in_use = deployment.consumer(engine, PROJECT)
        aside = (tmp_path / "modules/product-import").rename(tmp_path / "aside")
        engine.write("modules/product-import/main.tf.json", module_in_use.module())
        in_use.configure(engine, {**module_in_use.INPUTS, "aws_region": REGION})
        engine.init()
        in_use.apply(**module_in_use.INPUTS)
        shutil.rmtree(tmp_path / "modules/product-import")
        aside.rename(tmp_path / "modules/product-import")
        given = json.loads((tmp_path / "terraform.tfvars.json").read_text())
        (tmp_path / "terraform.tfvars.json").unlink()
        (tmp_path / "production.tfvars").write_text(
            "".join(f"{name} = {json.dumps(value)}\n" for name, value in given.items())
        )
        operator = Operator(tmp_path, executable, surroundings(tmp_path, executable, reattach, ""), Followed())
        for block in blocks(MIGRATION):
            operator.follow(block)
    assert len(operator.followed.plans) == 2
    for shown, real in operator.followed.plans:
        assert is_as_shown(shown, real)
