"""State goes on: a deployment of the module that was in use moves to this one by its `source`."""

import json
import shutil
from pathlib import Path

from product_import.engine import Engine
from tests.contract import ADDRESSES
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment

MODULE_IN_USE = Path(__file__).parent / "module_in_use"


def moved(engine: Engine, artefacts: Path, token: str) -> Deployment:
    """A deployment of the module in use, where the new module's files have taken the place of the old one's."""
    deployed = deployment.consumer(engine, artefacts)
    module = engine.folder / "modules/product-import"
    aside = module.rename(engine.folder / "aside")
    shutil.copytree(MODULE_IN_USE, module)
    deployed.init()
    deployed.apply(redis_auth_token=token)
    shutil.rmtree(module)
    aside.rename(module)
    engine.init()
    return deployed


def replaced(changes: dict[str, tuple[str, ...]]) -> set[str]:
    return {address for address, actions in changes.items() if actions != ("update",)}


@both_majors
def test_no_resource_is_made_anew_but_the_task_definition(engine: Engine, synthesized: Path) -> None:
    """All addresses stay, all else changes in place or not at all, and then nothing is left to change."""
    token = "0123456789abcdefABCDEF"
    in_use = moved(engine, synthesized, token)
    before = in_use.resources(in_use.engine.state())
    assert set(before) == ADDRESSES

    plan = in_use.plan(redis_auth_token=token)
    assert replaced(in_use.changes(plan)) == {"aws_ecs_task_definition.import_worker"}

    after = in_use.resources(engine.apply())
    assert {address: values["id"] for address, values in after.items()} == {
        address: values["id"] for address, values in before.items()
    }
    assert in_use.changes(in_use.plan(redis_auth_token=token)) == {}


def test_a_token_that_needs_encoding_makes_a_new_version_of_the_secret(engine: Engine, synthesized: Path) -> None:
    """The module in use wrote it into the URL as it was; a version cannot be changed in place."""
    token = "0123456789abcdef#^&"
    in_use = moved(engine, synthesized, token)
    plan = in_use.plan(redis_auth_token=token)
    assert replaced(in_use.changes(plan)) == {
        "aws_ecs_task_definition.import_worker",
        "aws_secretsmanager_secret_version.redis_url",
    }
    secret = in_use.resources(engine.apply())["aws_secretsmanager_secret_version.redis_url"]["secret_string"]
    assert ":0123456789abcdef%23%5E%26@" in json.loads(secret)["url"]
