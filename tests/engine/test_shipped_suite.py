"""`terraform test`: the suite that the module brings to its consumers, and a test of a root as its README shows it."""

import re
import shutil
from pathlib import Path

from product_import.engine import Engine, EngineError
from tests.engine import deployment
from tests.project import PROJECT

import pytest


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
    return Engine(folder, engine.executable, engine.reattach)


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


def test_the_readme_shows_how_to_test_a_root(mocking: Engine, synthesized: Path) -> None:
    """Its root passes its test, and a root of another environment fails it."""
    readme = (synthesized / "modules/product-import/README.md").read_text()
    blocks = re.findall(r"^```hcl\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)
    (root,) = (block for block in blocks if 'provider "aws" {' in block and "mock" not in block)
    (suite,) = (block for block in blocks if "mock_provider" in block)
    deployment.add_module(mocking, synthesized)
    mocking.write("tests/root.tftest.hcl", suite)
    mocking.write("main.tf", root)
    mocking.init()
    assert "1 passed, 0 failed" in mocking.test()
    mocking.write("main.tf", root.replace('= "production"', '= "staging"', 1))
    with pytest.raises(EngineError, match="service must be called <environment>-product-import-worker"):
        mocking.test()
