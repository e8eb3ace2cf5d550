"""Fixtures that tests of several parts share."""

import gc
from pathlib import Path
from typing import Any

from product_import import engine as engines
from product_import.engine import Executable
from tests.engine.report import pytest_terminal_summary
from tests.project import Copy, copy_project, module_tree
from tests.schedule import place, pytest_xdist_make_scheduler

import pytest

# Here, where pytest finds it whichever tests run on however many cores.
__all__ = ["pytest_terminal_summary", "pytest_xdist_make_scheduler"]
# Fixtures that start programs which Python's requirements do not bring, or that install something.
PROGRAMS = {
    "executable",
    "redis_program",
    "bull_queues",
    "worker_packages",
    "planned",
    "wheel",
    "browser",
    "actionlint",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that `make check` leaves out, and put those first that take longest."""
    for item in items:
        if PROGRAMS & set(getattr(item, "fixturenames", ())):
            item.add_marker("programs")
    items.sort(key=lambda item: place(item.location[0]))


# Garbage is looked for rarely, and not among what is loaded once all is collected, nor at the end in all there is.
gc.set_threshold(20_000, 20, 50)


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_sessionfinish() -> None:
    gc.freeze()


@pytest.fixture(scope="session")
def executable() -> Executable:
    """The engine of this run; without one a test is skipped."""
    found = engines.executable()
    if found is None:
        pytest.skip(engines.NO_ENGINE)
    return found


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cdktf.out/ and modules/, synthesized from the code as it is now. Read only."""
    # Not at the top: what starts the tests on all cores has no use for cdktf.
    from product_import.synthesis import synthesize  # noqa: PLC0415

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
