"""`product-import demo`, whose output tests/test_readme.py looks at."""

from product_import.command_line import main
from product_import.engine import Executable

import pytest


def test_an_engine_whose_plans_cannot_be_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before it is run."""
    monkeypatch.setattr("product_import.engine.required", lambda: Executable("terraform", "Terraform", (1, 0, 11)))
    assert main(["demo"]) == 1
    output = capsys.readouterr()
    assert (output.out, output.err) == (
        "",
        "error: the demo wants Terraform 1.1 or newer, whose plans can be read. Found: Terraform 1.0.11.\n",
    )
