"""`terraform test`: the suite that the module brings to its consumers, and a test of a root as its README shows it."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from product_import.engine import Engine, EngineError
from product_import.stand_in.checks import Check, anything
from product_import.stand_in.schema import provider_schema
from product_import.stand_in.validation import ARGUMENTS, Apart
from tests.engine import deployment
from tests.project import PROJECT, module_pages_of, module_tree

import pytest

SUITE = PROJECT / "modules/product-import/tests/module.tftest.hcl"
# What a mock of Terraform makes up: eight letters and digits (internal/moduletest/mocking/generate.go).
MADE_UP = "krdeu8of"
TOPICS = """
resource "aws_ecs_cluster" "own" { name = "production" }
resource "aws_sns_topic" "own" { name = "own" }
"""


@pytest.fixture
def mocking(engine: Engine) -> Engine:
    """An engine that knows mocked providers."""
    if engine.executable.version < ((1, 8, 0) if engine.executable.name == "OpenTofu" else (1, 7, 0)):
        pytest.skip(f"{engine.executable} has no mock_provider: it came with Terraform 1.7 and OpenTofu 1.8")
    return engine


@pytest.fixture
def module(mocking: Engine, synthesized: Path) -> Engine:
    """The module with its suite, in an engine's folder."""
    engine = mocking
    folder = deployment.add_module(engine, synthesized)
    shutil.copytree(PROJECT / "modules/product-import/tests", folder / "tests")
    return replace(engine, folder=folder)


@pytest.fixture
def tree(synthesized: Path) -> dict[str, Any]:
    """The synthesized module as one tree."""
    return module_tree(synthesized)


def test_the_module_passes_its_suite(module: Engine) -> None:
    """Each of its runs passes."""
    module.init()
    assert "8 passed, 0 failed" in module.test()


def test_a_broken_module_fails_its_suite(module: Engine) -> None:
    """The run that is about the broken argument fails, the others pass."""
    main = module.folder / "main.tf.json"
    text = main.read_text()
    assert '"noeviction"' in text
    main.write_text(text.replace('"noeviction"', '"allkeys-lru"'))
    module.init()
    with pytest.raises(EngineError, match="Redis must never drop a job") as error:
        module.test()
    assert "7 passed, 1 failed" in error.value.output


def test_a_suite_whose_mocks_make_up_arns_fails(module: Engine) -> None:
    """A mock asks the provider behind it to validate, which takes no random text for the ARN of a role."""
    suite = module.folder / "tests" / SUITE.name
    suite.write_text(re.sub(r'  mock_resource "aws_iam_role" \{.*?\n  \}\n', "", suite.read_text(), flags=re.DOTALL))
    module.init()
    with pytest.raises(EngineError, match=r'"task_role_arn" \(\w+\) is an invalid ARN: arn: invalid prefix'):
        module.test()


def test_each_mocked_value_that_is_validated_has_a_default(tree: Mapping[str, Any], synthesized: Path) -> None:
    """In the suite and the README: what a resource of the module computes, and another's checks refuse as made up."""
    needed = dict(_validated(tree["resource"]))
    assert {("aws_appautoscaling_policy", "arn"), ("aws_iam_role", "arn")} <= set(needed)
    page = module_pages_of(synthesized)["docs/testing.md"]
    for text in (SUITE.read_text(), page):
        defaults = {
            (mocked, name): json.loads(value)
            for mocked, body in re.findall(r'mock_resource "(\w+)" \{\n *defaults = \{\n(.*?)\}', text, re.DOTALL)
            for name, value in re.findall(r"^ *(\w+) += (.*)$", body, re.MULTILINE)
        }
        assert {value for value in needed if value not in defaults} == set()
        refused = [said for value, check in needed.items() for said in check(defaults[value], value[1])]
        assert refused == []


def _validated(types: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Check]]:
    """Computed values that arguments of other resources take as they are, with the check that they must pass."""
    for resource_type, bodies in types.items():
        for path, text in (each for body in bodies.values() for each in _texts(body)):
            argument = ARGUMENTS[resource_type].get(path, anything)
            check = argument.check if isinstance(argument, Apart) else argument
            match = re.fullmatch(r"\$\{(aws_\w+)\.(\w+)(?:\[0\])?\.(\w+)\}", text)
            if match is None or match[3] in types[match[1]][match[2]]:
                continue
            made = provider_schema(5).resource_types[match[1]].block.attributes[match[3]]
            if made.computed and list(check(MADE_UP, path)):
                yield (match[1], match[3]), check


def _texts(body: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text in a resource, with the path of its argument."""
    for name, value in body.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _texts(item, f"{path}{name}.")
            elif isinstance(item, str):
                yield path + name, item


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_the_readme_shows_how_to_test_a_root(mocking: Engine, synthesized: Path, command: str) -> None:
    """Its root passes its test, with a cluster and a topic of its own too, and a root of another environment fails."""
    pages = "\n".join(module_pages_of(synthesized).values())
    blocks = re.findall(r"^```hcl\n(.*?)^```", pages, flags=re.MULTILINE | re.DOTALL)
    (root,) = (block for block in blocks if 'provider "aws" {' in block and "mock" not in block)
    (suite,) = (block for block in blocks if "mock_provider" in block)
    assert "command = plan" in suite
    deployment.add_module(mocking, synthesized)
    mocking.write("tests/root.tftest.hcl", suite.replace("command = plan", f"command = {command}"))
    mocking.write("main.tf", root)
    mocking.init()
    assert "1 passed, 0 failed" in mocking.test()
    own = re.sub(r"(sns_\w+_topic_arn += ).*", r"\1aws_sns_topic.own.arn", root)
    own = re.sub(r"(ecs_cluster_id += ).*", r"\1aws_ecs_cluster.own.id", own)
    assert own.count(".own.") == 3
    mocking.write("main.tf", own + TOPICS)
    assert "1 passed, 0 failed" in mocking.test()
    mocking.write("main.tf", root.replace('= "production"', '= "staging"', 1))
    with pytest.raises(EngineError, match="service must be called <environment>-product-import-worker"):
        mocking.test()
