"""What an engine says to bad inputs of the module."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from product_import.engine import Engine, EngineError
from product_import.plan_diff import environments
from tests.bad_inputs import ACCEPTED, BAD_IN_TERRAFORM_ONLY, BAD_INPUTS, ENGINES, FARGATE, MISSING, PLACES, BadInput
from tests.contract import OPTIONAL_ADDRESSES
from tests.engine import deployment
from tests.engine.conftest import Attached
from tests.engine.deployment import Deployment
from tests.engine.registry import since

import pytest

ROWS = [*BAD_INPUTS, *BAD_IN_TERRAFORM_ONLY]
TOKENS = [row for row in BAD_INPUTS if row.name == "redis_auth_token" and row.value]
Kind = Callable[[Engine, Path], Deployment]


def grouped(rows: list[BadInput]) -> Iterator[list[BadInput]]:
    """Rows that one plan can refuse together: each input once, and what is missing apart, for that ends a plan."""
    missing = [row for row in rows if row.value is MISSING]
    yield missing
    left = [row for row in rows if row not in missing]
    while left:
        group: dict[str, BadInput] = {}
        for row in left:
            # Errors in locals begin with the environment: where that is refused, they are not evaluated.
            in_local = row.others or row.name == "redis_auth_token"
            if not group.keys() & {row.name, *row.others, *(["environment"] if in_local else [])}:
                group |= dict.fromkeys((row.name, *row.others), row)
        chosen = list(dict.fromkeys(group.values()))
        yield chosen
        left = [row for row in left if row not in chosen]


def inputs(rows: list[BadInput]) -> dict[str, Any]:
    values = dict(environments.DOCUMENTED)
    for row in rows:
        values |= {**row.others, row.name: row.value}
    return {name: value for name, value in values.items() if value is not MISSING}


@pytest.fixture(scope="module")
def consumer(tmp_path_factory: pytest.TempPathFactory, attached: Attached, synthesized: Path) -> Deployment:
    deployed = deployment.consumer(attached(tmp_path_factory.mktemp("consumer")), synthesized)
    deployed.init()
    return deployed


@pytest.fixture(scope="module")
def refusals(consumer: Deployment) -> Mapping[BadInput, EngineError]:
    """What the engine says, by row; one plan refuses several rows."""
    errors: dict[BadInput, EngineError] = {}
    for rows in grouped(ROWS):
        consumer.configure(consumer.engine, inputs(rows))
        with pytest.raises(EngineError) as error:
            consumer.engine.write_plan()
        errors |= dict.fromkeys(rows, error.value)
    return errors


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_bad_input_is_refused_by_name(refusals: Mapping[BadInput, EngineError], row: BadInput) -> None:
    """The plan fails; the engine names the input and says what is allowed."""
    told = [f"{diagnostic.summary} {diagnostic.detail}" for diagnostic in refusals[row].diagnostics]
    assert [text for text in told if row.name in text and (row.terraform or row.text) in text], told


SEVERAL = """
    variable "token" { sensitive = true }
    module "product_import" {
        for_each = { staging = 2, production = 60 }
        source   = "./modules/product-import"
        environment      = each.key
        worker_min_count = each.value
        redis_auth_token = var.token
        %s
    }
    provider "aws" { region = "us-east-1" }
"""


def test_an_error_says_which_environment_it_is_about(engine: Engine, synthesized: Path) -> None:
    """On the screen the sentence is whole, before what Terraform says of it, and no rule is printed."""
    deployment.add_module(engine, synthesized)
    others = environments.REQUIRED.keys() - {"environment", "redis_auth_token"}
    given = {name: environments.REQUIRED[name] for name in sorted(others)}
    engine.write("main.tf", SEVERAL % "\n".join(f"{name} = {json.dumps(value)}" for name, value in given.items()))
    engine.variables["TF_VAR_token"] = "a-short-token15"
    engine.init()
    with pytest.raises(EngineError) as error:
        engine.run("plan", "-input=false")
    printed = error.value.output
    for sentence in (
        "production: The worker_max_count must not be below the worker_min_count.",
        "production: The redis_auth_token must be 16 to 128 letters, digits and characters of ! & # $ ^ < > -.",
        "staging: The redis_auth_token must be 16 to 128 letters, digits and characters of ! & # $ ^ < > -.",
    ):
        assert f'is "{sentence}"' in printed
    assert "staging: The worker_max_count" not in printed
    assert "try(" not in printed
    assert "regex(" not in printed
    assert not shown("a-short-token15", error.value)


def test_what_is_refused_cannot_be_applied(consumer: Deployment) -> None:
    """Some engines leave a file of a failed plan: they do not take it."""
    with pytest.raises(EngineError, match="redis_auth_token must be 16 to 128"):
        consumer.plan(redis_auth_token="a-short-token15")
    with pytest.raises(EngineError):
        consumer.engine.apply()
    assert consumer.state() == {}


@pytest.mark.parametrize("row", TOKENS, ids=str)
def test_a_bad_token_does_not_show(refusals: Mapping[BadInput, EngineError], row: BadInput) -> None:
    """An engine prints what a validation of a sensitive variable refuses; this rule is none."""
    assert not shown(row.value, refusals[row])


@pytest.mark.parametrize("kind", [deployment.consumer, deployment.root], ids=["consumer", "root"])
def test_a_bad_token_does_not_show_on_the_screen(kind: Kind, engine: Engine, synthesized: Path) -> None:
    """Nor does it where the engine writes for people, in a root of either kind."""
    deployed = kind(engine, synthesized)
    deployed.init()
    deployed.configure(deployed.engine, {**environments.DOCUMENTED, "redis_auth_token": "a-short-token15"})
    with pytest.raises(EngineError, match="redis_auth_token must be 16 to 128") as error:
        deployed.engine.run("plan", "-input=false")
    assert not shown("a-short-token15", error.value)


def shown(token: str, error: EngineError) -> bool:
    return token in error.output or json.dumps(token)[1:-1] in error.output


@pytest.mark.parametrize("index", range(max(len(ENGINES), len(PLACES), *map(len, ACCEPTED.values()))))
def test_inputs_at_the_edges_are_accepted(consumer: Deployment, index: int) -> None:
    """The last values on the right side of the rules make a plan, and AWS's models agree."""
    at_edges = {name: values[min(index, len(values) - 1)] for name, values in ACCEPTED.items()}
    at_edges |= {**ENGINES[min(index, len(ENGINES) - 1)], **PLACES[min(index, len(PLACES) - 1)]}
    if at_edges["redis_engine"] == "valkey":
        since("5.73.0", "Valkey")
    further = [address for option, addresses in OPTIONAL_ADDRESSES.items() if at_edges[option] for address in addresses]
    assert len(consumer.actions(**at_edges)) == 25 + len(further)


def test_sizes_of_fargate_are_accepted(engine: Engine, synthesized: Path) -> None:
    """The smallest and the largest memory of each CPU pass the module's rule, which stands here without resources."""
    module = synthesized / "modules/product-import"
    engine.write("rules/variables.tf.json", (module / "variables.tf.json").read_text())
    rules = json.loads((module / "main.tf.json").read_text())["locals"]
    memory = {"value": "${local.checked_worker_memory}"}
    engine.write("rules/main.tf.json", {"locals": rules, "output": {"memory": memory}})
    names = {f"size_{cpu}_{memory}": {"worker_cpu": cpu, "worker_memory": memory} for cpu, memory in FARGATE}
    arguments = {**environments.REQUIRED, "source": "./rules"}
    modules = {name: {**arguments, **size} for name, size in names.items()}
    outputs = {name: {"value": f"${{module.{name}.memory}}"} for name in names}
    engine.write("main.tf.json", {"module": modules, "output": outputs})
    engine.init()
    planned = engine.plan()["planned_values"]["outputs"]
    assert {name: output["value"] for name, output in planned.items()} == {
        name: size["worker_memory"] for name, size in names.items()
    }
