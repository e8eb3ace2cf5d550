import sys
from collections.abc import Iterator
from pathlib import Path

from product_import import engine as engines
from product_import.engine import Engine, EngineError
from product_import.errors import UserError
from tests.engine.registry import RegistryEngine
from tests.project import write_program

import pytest


@pytest.fixture
def _undecided() -> Iterator[None]:
    """The choice of an engine is made once in a run: here it is made anew, and again afterwards."""
    engines.executable.cache_clear()
    yield
    engines.executable.cache_clear()


@pytest.mark.usefixtures("_undecided")
def test_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without an engine on the PATH, and without one of `make engine`, there is none, which is no error."""
    monkeypatch.delenv("TF_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert engines.executable() is None


@pytest.mark.usefixtures("_undecided")
def test_named_engine_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A name in TF_BIN that is no program is an error, not another engine."""
    monkeypatch.setenv("TF_BIN", str(tmp_path / "terraform"))
    with pytest.raises(UserError, match=r"TF_BIN: '.*/terraform' is not a program"):
        engines.executable()


@pytest.mark.usefixtures("_undecided")
@pytest.mark.parametrize(
    ("code", "said"),
    [("print('something else')", "0 and says 'something else"), ("exit('no idea')", "1 and says 'no idea")],
)
def test_named_program_is_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, said: str) -> None:
    """A program that is no Terraform engine is not taken for one."""
    program = tmp_path / "terraform"
    write_program(program, code)
    monkeypatch.setenv("TF_BIN", str(program))
    with pytest.raises(UserError, match=f"is not a Terraform engine: `version` ends with {said}"):
        engines.executable()


def test_the_users_settings_stay_out(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither variables nor options nor credentials of the user reach the engine."""
    monkeypatch.setenv("TF_VAR_name", "of the user")
    monkeypatch.setenv("TF_CLI_ARGS", "-no-such-option")
    monkeypatch.setenv("TF_DATA_DIR", str(tmp_path / "elsewhere"))
    engine.write(
        "main.tf.json", {"variable": {"name": {"default": "of the root"}}, "output": {"it": {"value": "${var.name}"}}}
    )
    engine.init()
    assert engine.plan()["planned_values"]["outputs"]["it"]["value"] == "of the root"
    assert not (tmp_path / "elsewhere").exists()


def test_variables(engine: Engine) -> None:
    """A test's own variables do reach it."""
    engine.write("main.tf.json", {"variable": {"name": {}}, "output": {"it": {"value": "${var.name}"}}})
    engine.variables["TF_VAR_name"] = "of the test"
    engine.init()
    assert engine.plan()["planned_values"]["outputs"]["it"]["value"] == "of the test"


def test_error_of_a_plan(engine: Engine) -> None:
    """A failed plan tells what and where, in one piece however long the text."""
    text = "The worker_max_count must not be below worker_min_count, which is what the autoscaler starts with."
    engine.write("main.tf.json", {"output": {"it": {"value": f'${{tonumber("{text}")}}'}}})
    engine.init()
    with pytest.raises(EngineError, match=text.replace(".", r"\.")) as failure:
        engine.plan()
    (diagnostic,) = failure.value.diagnostics
    assert diagnostic.severity == "error"
    assert text in diagnostic.detail


def test_error_of_init(engine: Engine) -> None:
    """A command without machine-readable errors gives its text, without frame and line breaks."""
    engine.write("main.tf.json", {"module": {"none": {"source": "./none"}}})
    with pytest.raises(EngineError, match="symlink: lstat none: no such file or directory"):
        engine.init()


def test_account_is_not_asked_for(engine: Engine) -> None:
    """With the provider of the registry a root gets what lets it plan without an account, and `apply` skips."""
    registry = RegistryEngine(engine.folder, engine.executable, engine.reattach)
    registry.write("main.tf", 'provider "aws" {\n  region = "eu-central-1"\n}\n')
    registry.init()
    assert engine.validate() == []
    assert (engine.folder / "without_account_override.tf.json").exists()
    with pytest.raises(pytest.skip.Exception, match="only plans run on it here"):
        registry.apply()


def test_terraform_test(engine: Engine) -> None:
    """`terraform test` runs on the stand-in, also with its own mock of the provider."""
    if engine.executable.version < (1, 7, 0):
        pytest.skip("`mock_provider` needs 1.7 or newer.")
    engine.write("main.tf", 'resource "aws_cloudwatch_log_group" "logs" {\n  name = "logs"\n}\n')
    engine.write(
        "tests/logs.tftest.hcl",
        'mock_provider "aws" {}\nrun "named" {\n  command = plan\n  assert {\n'
        '    condition = aws_cloudwatch_log_group.logs.name == "logs"\n    error_message = "Another name."\n  }\n}\n',
    )
    engine.init()
    assert "1 passed, 0 failed" in engine.test()
