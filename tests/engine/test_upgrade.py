"""State goes on: a deployment of the module that was in use moves to this one by its `source`."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from product_import.engine import Engine, Executable
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.read.plan import read_plan
from product_import.stand_in import stand_in
from product_import.stand_in.provider import Provider
from tests.contract import ADDRESSES
from tests.engine import deployment, module_in_use
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment
from tests.engine.registry import PROVIDER_OF_REGISTRY
from tests.project import PROJECT

import pytest

Row = tuple[str, str]
REDIS = "aws_elasticache_replication_group.redis"
READER, COALESCED_TO_THE_PRIMARY = (
    f"${{coalesce({REDIS}.configuration_endpoint_address, {REDIS}.{endpoint})}}"
    for endpoint in ("reader_endpoint_address", "primary_endpoint_address")
)


@dataclass(frozen=True)
class InUse:
    """A deployment of the module in use, where this module's files have taken the place of that one's."""

    deployed: Deployment
    provider: Provider
    inputs: Mapping[str, Any]

    def diff(self, **inputs: Any) -> PlanDiff:
        plan = self.deployed.plan(**self.inputs, **inputs)
        return plan_diff(read_plan(json.dumps(plan).encode(), "plan"))

    def actions(self) -> dict[str, str]:
        return self.deployed.actions(**self.inputs)

    def replaced(self) -> set[str]:
        return {address for address, action in self.actions().items() if action != "update"}


Moved = Callable[..., InUse]
"""Of the provider's major version and, unless they are the module's own, the token and the endpoint."""


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, executable: Executable, synthesized: Path) -> Iterator[Moved]:
    """Makes deployments of the module in use, each once, without a judge: AWS refuses two of its parameters."""
    if PROVIDER_OF_REGISTRY:
        pytest.skip("The provider of the registry applies to an account: a migration starts from an apply.")
    with ExitStack() as stack:

        @cache
        def moved(major: int, token: str = module_in_use.TOKEN, endpoint: str = module_in_use.PRIMARY) -> InUse:
            provider, reattach = stack.enter_context(stand_in(executable, major=major))
            engine = Engine(tmp_path_factory.mktemp("moved"), executable, reattach)
            deployed = deployment.consumer(engine, synthesized)
            module = engine.folder / "modules/product-import"
            aside = module.rename(engine.folder / "aside")
            engine.write("modules/product-import/main.tf.json", module_in_use.module(token, endpoint))
            deployed.configure(engine, {**module_in_use.INPUTS, "aws_region": "us-east-1"})
            engine.init()
            deployed.apply(**module_in_use.INPUTS)
            shutil.rmtree(module)
            aside.rename(module)
            engine.init()
            return InUse(deployed, provider, {**module_in_use.INPUTS, "redis_auth_token": token})

        yield moved


@pytest.fixture
def in_use(moved: Moved, major: int) -> Iterator[InUse]:
    """One of the usual kind; tests only read it and plan with it."""
    in_use = moved(major)
    yield in_use
    in_use.provider.reset()


def lines(diff: PlanDiff) -> set[Row]:
    """Each address with each argument that a plan shows."""
    return {
        (change.address.removeprefix("module.product_import."), re.split(r"[.\[]", path)[0])
        for change in diff.resources
        for argument in change.arguments
        for path in argument.path.split(", ")
    }


def told() -> list[Row]:
    """The same of the changelog's table; a row names its reason, too."""
    changelog = (PROJECT / "CHANGELOG.md").read_text()
    rows = re.findall(r"^\| `(aws_\w+\.\w+)` \| ([^|]+) \| [^|]+ \|$", changelog, flags=re.MULTILINE)
    return [(address, argument) for address, arguments in rows for argument in re.findall(r"`(\w+)`", arguments)]


@both_majors
@pytest.mark.usefixtures("plans_defaults")
def test_the_changelog_tells_each_line_of_the_first_plan(in_use: InUse) -> None:
    """And no other, and none twice."""
    assert lines(in_use.diff()) == set(told())
    assert len(told()) == len(set(told()))


@both_majors
def test_no_resource_is_made_anew_but_the_task_definition(in_use: InUse, tmp_path: Path) -> None:
    """All addresses stay, all else changes in place or not at all, and then nothing is left to change."""
    deployed = deployment.copy(in_use.deployed, replace(in_use.deployed.engine, folder=tmp_path))
    in_use = replace(in_use, deployed=deployed)
    before = deployed.state()
    assert set(before) == ADDRESSES
    assert in_use.replaced() == {"aws_ecs_task_definition.import_worker"}

    deployed.engine.apply()
    after = deployed.state()
    assert {address: values["id"] for address, values in after.items()} == {
        address: values["id"] for address, values in before.items()
    }
    assert in_use.actions() == {}


def test_a_token_that_needs_encoding_makes_a_new_version_of_the_secret(moved: Moved, major: int) -> None:
    """The module in use wrote it into the URL as it was; a version cannot be changed in place."""
    in_use = moved(major, token="only-an-example-token#^&")
    assert in_use.replaced() == {
        "aws_ecs_task_definition.import_worker",
        "aws_secretsmanager_secret_version.redis_url",
    }
    in_use.deployed.engine.apply()
    after = in_use.deployed.state()
    url = json.loads(after["aws_secretsmanager_secret_version.redis_url"]["secret_string"])["url"]
    assert ":only-an-example-token%23%5E%26@" in url


@pytest.mark.parametrize(("endpoint", "replaced"), [(READER, True), (COALESCED_TO_THE_PRIMARY, False)])
def test_another_way_past_the_null_endpoint_makes_a_new_version_where_the_url_differs(
    moved: Moved, major: int, endpoint: str, *, replaced: bool
) -> None:
    """With a plain token, too: the host is the primary endpoint now."""
    version = "aws_secretsmanager_secret_version.redis_url"
    assert (version in moved(major, endpoint=endpoint).replaced()) is replaced


@both_majors
@pytest.mark.usefixtures("plans_defaults")
def test_a_redis_that_aws_upgraded_is_replaced_unless_the_input_says_so(in_use: InUse) -> None:
    """The danger says which input keeps every job; with it the first plan is as it would have been."""
    in_use.provider.change_outside(
        "aws_elasticache_replication_group",
        "production-product-import",
        engine_version="7.1",
        engine_version_actual="7.1.0",
    )
    (danger,) = in_use.diff().dangers
    assert danger.addresses == ("module.product_import.aws_elasticache_replication_group.redis",)
    assert danger.forced_by == ("engine_version",)
    assert danger.remedy is not None
    assert danger.remedy.advice.endswith("set redis_engine_version to the version that runs")
    set_right = in_use.diff(redis_engine_version="7.1")
    assert set_right.dangers == ()
    assert lines(set_right) == set(told())
