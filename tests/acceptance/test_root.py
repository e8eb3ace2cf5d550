"""An engine that runs while somebody presses Ctrl-C: it ends what it has begun."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep

from product_import.acceptance.root import Root
from product_import.engine import Executable
from product_import.errors import UserError

import pytest

# Tells that it runs, and then until it is told to stop; writes down how it ended.
ENGINE = """#!{python}
import pathlib, signal, sys
signal.signal(signal.SIGINT, lambda *_: (pathlib.Path("ended").write_text("in order"), sys.exit(1)))
pathlib.Path("started").touch()
while True:
    signal.pause()
"""


def root(folder: Path, program: str) -> Root:
    engine = folder / "terraform"
    engine.write_text(program)
    engine.chmod(0o755)
    return Root(folder, Executable(str(engine), "Terraform", (1, 11, 4)), "a-token-of-the-test")


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C does what it does, however the tests were started."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_an_engine_ends_in_order(tmp_path: Path) -> None:
    """It is told to stop and waited for; killed, it would forget what it was making."""

    def press() -> None:
        while not (tmp_path / "started").exists():
            sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    pressing = threading.Thread(target=press)
    pressing.start()
    with pytest.raises(KeyboardInterrupt):
        root(tmp_path, ENGINE.format(python=sys.executable)).run("apply")
    pressing.join()
    assert (tmp_path / "ended").read_text() == "in order"


def test_a_failure_has_the_end_of_the_output(tmp_path: Path) -> None:
    """And the log has all of it, under the command."""
    failing = root(tmp_path, "#!/bin/sh\nfor line in 1 2 3 4 5 6 7 8 9 10 11 12 13; do echo line $line; done\nexit 1\n")
    with pytest.raises(UserError) as failure:
        failing.run("apply")
    lines = str(failure.value).splitlines()
    assert lines[0] == f"apply failed ({tmp_path / 'terraform.log'}):"
    assert lines[1:] == [f"line {number}" for number in range(2, 14)]
    assert failing.log.read_text().startswith("\n$ terraform apply\nline 1\n")
