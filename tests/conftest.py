"""Fixtures that tests of several parts share."""

from pathlib import Path
from typing import Any

from product_import.synthesis import synthesize
from tests.engine.report import pytest_terminal_summary
from tests.project import Copy, copy_project, module_tree

import pytest

# Here, where pytest finds it whichever tests run on however many cores.
__all__ = ["pytest_terminal_summary"]


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cdktf.out/ and modules/, synthesized from the code as it is now. Read only."""
    folder = tmp_path_factory.mktemp("synthesized")
    synthesize(folder / "cdktf.out", folder / "modules", {"backend": "local"})
    return folder


@pytest.fixture(scope="session")
def module(synthesized: Path) -> dict[str, Any]:
    """The synthesized module as one tree."""
    return module_tree(synthesized)


@pytest.fixture
def project(tmp_path: Path) -> Copy:
    """A copy of the project, of the test's own."""
    return copy_project(tmp_path / "project")
