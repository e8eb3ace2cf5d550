"""Fixtures that tests of several parts share."""

import gc
from pathlib import Path
from typing import Any

from product_import import engine as engines
from product_import.engine import Executable
from tests.engine.report import pytest_terminal_summary
from tests.project import Copy, copy_project, module_tree

import pytest

# Here, where pytest finds it whichever tests run on however many cores.
__all__ = ["pytest_terminal_summary"]
# Fixtures that start programs which Python's requirements do not bring, or that install something.
PROGRAMS = {"executable", "redis_program", "bull_queues", "planned", "wheel", "browser", "actionlint"}
# The files that take longest, longest first: one that came last would leave the other workers without work. Each of the
# workers begins with two, the first with those that wait most.
FIRST = (
    *("tests/publisher/test_silence.py", "tests/engine/test_options.py", "tests/test_readme.py"),
    *("tests/publisher/test_failures.py", "tests/acceptance/test_run.py", "tests/engine/test_life.py"),
    *("tests/engine/test_guide.py", "tests/engine/test_bad_inputs.py", "tests/engine/test_stand_in_command.py"),
    *("tests/engine/test_upgrade.py", "tests/engine/test_examples.py", "tests/engine/test_cli.py"),
    *("tests/engine/test_spot.py", "tests/engine/test_plan_diff.py", "tests/engine/test_consumers.py"),
    *("tests/engine/test_provider.py", "tests/test_installed.py", "tests/test_synthesis.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that `make check` leaves out, and put those first that take longest."""
    for item in items:
        if PROGRAMS & set(getattr(item, "fixturenames", ())):
            item.add_marker("programs")
    order = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(item.location[0], len(order)))


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
