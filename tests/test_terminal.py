"""Progress and colours, which only a terminal gets."""

import io
import threading
from typing import TextIO

from product_import import terminal
from product_import.terminal import coloured, progress

import pytest


class Screen(io.StringIO):
    """A terminal that tells when something is written to it."""

    def __init__(self, *, is_terminal: bool = True) -> None:
        super().__init__()
        self.written = threading.Event()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        count = super().write(text)
        self.written.set()
        return count


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return monkeypatch


def test_a_long_step_is_shown_and_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its time; the next line of the command starts where it was."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(terminal, "PATIENCE_SECONDS", 0)
    with progress("terraform plan"):
        assert screen.written.wait(60)
    assert screen.getvalue().startswith("\rterraform plan ... 0 s")
    assert screen.getvalue().endswith("\r\033[K")


@pytest.mark.parametrize("patience", [0, 60])
@pytest.mark.parametrize("stream", [Screen(is_terminal=False), None], ids=["a file", "closed"])
def test_nothing_is_shown_elsewhere(monkeypatch: pytest.MonkeyPatch, patience: float, stream: TextIO | None) -> None:
    """However long the step takes: no thread is started."""
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(terminal, "PATIENCE_SECONDS", patience)
    before = threading.active_count()
    with progress("terraform plan"):
        assert threading.active_count() == before
    assert stream is None or stream.getvalue() == ""  # type: ignore[attr-defined]


def test_a_short_step_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is over before anybody waits."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with progress("terraform plan"):
        pass
    assert screen.getvalue() == ""


@pytest.mark.usefixtures("environment")
def test_signs_and_levels_are_coloured() -> None:
    """Those at the start of a line, and nothing in the values."""
    text = 'error: no plan\n  ~ update a.b\n        - "x - y"\n        + "x + y"\n-/+ replace c.d\n!!!\n'
    assert coloured(text, Screen()) == (
        "\033[31merror:\033[0m no plan\n  \033[33m~\033[0m update a.b\n"
        '        \033[31m-\033[0m "x - y"\n        \033[32m+\033[0m "x + y"\n\033[31m-/+\033[0m replace c.d\n!!!\n'
    )


@pytest.mark.parametrize(
    ("variables", "is_terminal"), [({"NO_COLOR": "1"}, True), ({"TERM": "dumb"}, True), ({}, False)]
)
def test_colours_are_off(environment: pytest.MonkeyPatch, variables: dict[str, str], is_terminal: bool) -> None:
    """By a variable, and where no terminal is."""
    for name, value in variables.items():
        environment.setenv(name, value)
    assert coloured("error: no plan", Screen(is_terminal=is_terminal)) == "error: no plan"
