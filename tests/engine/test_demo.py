"""`product-import demo`, which the README shows."""

import re

from product_import.command_line import main
from product_import.engine import Executable
from tests.project import PROJECT

import pytest


def test_the_demo_prints_what_the_readme_shows(executable: Executable, capsys: pytest.CaptureFixture[str]) -> None:
    """To the letter: if not, the README's block is to be replaced by what `make demo` prints."""
    if executable.name == "Terraform" and executable.version < (1, 1, 0):
        assert main(["demo"]) == 1
        assert capsys.readouterr().err.startswith("error: the demo wants Terraform 1.1 or newer")
        return
    assert main(["demo"]) == 0
    shown = re.search(r"^```sh\nmake demo\n```\n\n```console\n(.*?)```", _readme(), re.MULTILINE | re.DOTALL)
    assert shown
    assert capsys.readouterr().out == shown[1]


def test_the_demo_comes_right_after_the_two_commands() -> None:
    """The README's second block of commands."""
    blocks = re.findall(r"^```sh\n(.*?)```", _readme(), re.MULTILINE | re.DOTALL)
    assert [line.partition(" #")[0].strip() for line in blocks[0].splitlines()] == ["make synth", "make test"]
    assert blocks[1] == "make demo\n"


def _readme() -> str:
    return (PROJECT / "README.md").read_text()
