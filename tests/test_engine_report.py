"""The section on the engine tests at the end of a run."""

from types import SimpleNamespace
from typing import Any

from tests.engine.report import pytest_terminal_summary
from tests.project import PROJECT

import pytest


class Reporter:
    """What the section needs of pytest's reporter, with one test that passed."""

    def __init__(self, *markers: str) -> None:
        self.config = SimpleNamespace(rootpath=PROJECT)
        self._passed = SimpleNamespace(nodeid="tests/engine/test_life.py::test_it", keywords=dict.fromkeys(markers, 1))
        self.printed: list[str] = []
        self.section = self.line = self.printed.append

    def getreports(self, outcome: str) -> list[Any]:
        return [self._passed] if outcome == "passed" else []


@pytest.mark.parametrize(("markers", "printed"), [(("programs",), True), ((), False)])
def test_it_is_printed_if_a_test_started_an_engine(markers: tuple[str, ...], printed: bool) -> None:
    """`make check` runs the other tests of the folder."""
    reporter = Reporter(*markers)
    pytest_terminal_summary(reporter)  # type: ignore[arg-type]
    assert ("checks: 1 passed, 0 failed, 0 error, 0 skipped" in reporter.printed) == printed
    assert bool(reporter.printed) == printed
