"""An engine that runs while somebody presses Ctrl-C: it ends what it has begun."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

from product_import.acceptance.record import Record
from product_import.acceptance.root import Root
from product_import.engine import Executable
from product_import.errors import UserError
from tests.engine.aws_models import session

import pytest

# Tells that it runs, and then until it is told to stop; writes down how it ended. A shell is there in no time, where a
# Python may not be before the time of the run is over.
ENGINE = """#!/bin/sh
end() {
  touch stopping
  until [ -e 'pressed again' ]; do sleep 0.01; done
  printf 'in order' > ended
  exit 1
}
trap end INT
touch started
while :; do sleep 0.01; done
"""


@pytest.fixture
def said() -> list[str]:
    """What a person is told."""
    return []


def root(folder: Path, program: str, said: list[str]) -> Root:
    engine = folder / "terraform"
    engine.write_text(program)
    engine.chmod(0o755)
    return Root(folder, RECORD, Executable(str(engine), "Terraform", (1, 11, 4)), session(), said.append)


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C does what it does, however the tests were started."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_an_engine_ends_in_order(tmp_path: Path, said: list[str]) -> None:
    """It is told to stop and waited for, however often: killed, it would forget what it was making."""

    def press() -> None:
        for file in ("started", "stopping"):
            while not (tmp_path / file).exists():
                sleep(0.01)
            os.kill(os.getpid(), signal.SIGINT)
        while not said:
            sleep(0.01)
        (tmp_path / "pressed again").touch()

    pressing = threading.Thread(target=press)
    pressing.start()
    with pytest.raises(KeyboardInterrupt):
        root(tmp_path, ENGINE, said).run("apply")
    pressing.join()
    assert said == ["    waiting for the engine to end what it has begun"]
    assert (tmp_path / "ended").read_text() == "in order"


@pytest.mark.usefixtures("ctrl_c")
def test_an_engine_that_just_started_ends_in_order(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C comes while Python still starts the process."""
    (tmp_path / "pressed again").touch()
    start = subprocess.Popen

    def started(*arguments: Any, **options: Any) -> Any:
        running = start(*arguments, **options)
        while not (tmp_path / "started").exists():
            sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
        return running

    monkeypatch.setattr("product_import.acceptance.root.subprocess.Popen", started)
    with pytest.raises(KeyboardInterrupt):
        root(tmp_path, ENGINE, said).run("apply")
    assert (tmp_path / "ended").read_text() == "in order"


@pytest.mark.usefixtures("ctrl_c")
def test_an_engine_has_an_end(tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told to stop after its time; one that does not is named, and not killed."""
    (tmp_path / "pressed again").touch()
    monkeypatch.setattr("product_import.acceptance.root.MINUTES", 1 / 60)
    with pytest.raises(UserError, match=r"^apply took more than \S+ minutes: .*/terraform\.log$"):
        root(tmp_path, ENGINE, said).run("apply")
    assert (tmp_path / "ended").read_text() == "in order"
    (tmp_path / "pressed again").unlink()
    monkeypatch.setattr("product_import.acceptance.root.STOPPING_MINUTES", 0.5 / 60)
    with pytest.raises(UserError, match=r"^the engine, process \d+, does not stop within \S+ minutes: .*log$"):
        root(tmp_path, ENGINE, said).run("apply")
    # For it to end now.
    (tmp_path / "pressed again").touch()


def test_a_failure_has_the_end_of_the_output(tmp_path: Path, said: list[str]) -> None:
    """And the log has all of it, under the command."""
    program = "#!/bin/sh\nfor line in 1 2 3 4 5 6 7 8 9 10 11 12 13; do echo line $line; done\nexit 1\n"
    failing = root(tmp_path, program, said)
    with pytest.raises(UserError) as failure:
        failing.run("apply")
    lines = str(failure.value).splitlines()
    assert lines[0] == f"apply failed ({tmp_path / 'terraform.log'}):"
    assert lines[1:] == [f"line {number}" for number in range(2, 14)]
    assert failing.log.read_text().startswith("\n$ terraform apply\nline 1\n")


RECORD = Record("pi-accept-00000000", "123456789012", "eu-central-1", "2026-01-01 00:00 UTC")


def test_a_root_has_a_state_before_the_engine_runs(tmp_path: Path, said: list[str]) -> None:
    """From then on a state that is missing or damaged is an error, and never an empty list."""
    created = Root(tmp_path / "module", RECORD, Executable("none", "Terraform", (1, 11, 4)), session(), said.append)
    created.create()
    assert (created.left(), created.outputs()) == ([], {})
    for damaged in ("", "{", "[]", "{}"):
        created.state.write_text(damaged)
        with pytest.raises(UserError, match=r"^the state is damaged: .*/module/terraform\.tfstate$"):
            created.left()
    created.state.unlink()
    with pytest.raises(UserError, match=r"^the state cannot be read: .*/terraform\.tfstate: No such file"):
        created.left()


def test_the_addresses_of_a_state(tmp_path: Path, said: list[str]) -> None:
    """As the engine writes them, without data sources."""
    created = Root(tmp_path / "module", RECORD, Executable("none", "Terraform", (1, 11, 4)), session(), said.append)
    created.create()
    instances = [{}, {"index_key": 0}, {"index_key": "a"}]
    here = {"mode": "managed", "type": "aws_vpc", "name": "this", "instances": instances}
    inside = {**here, "module": 'module.m["x"]', "instances": [{}]}
    empty = json.loads(created.state.read_text())
    created.write({"terraform.tfstate": {**empty, "resources": [here, inside, {**here, "mode": "data"}]}})
    vpcs = ["aws_vpc.this", "aws_vpc.this[0]", 'aws_vpc.this["a"]']
    assert created.left() == [*vpcs, 'module.m["x"].aws_vpc.this']


def test_the_provider_takes_the_confirmed_account_alone(tmp_path: Path, said: list[str]) -> None:
    """And tags all that it creates."""
    created = Root(tmp_path / "module", RECORD, Executable("none", "Terraform", (1, 11, 4)), session(), said.append)
    created.create()
    written = json.loads((created.folder / "provider.tf.json").read_text())
    assert written["provider"]["aws"] == {
        "region": "eu-central-1",
        "allowed_account_ids": ["123456789012"],
        "default_tags": {"tags": {"product-import-acceptance": "pi-accept-00000000"}},
    }
    assert written["terraform"]["backend"] == {"local": {"path": "terraform.tfstate"}}


def test_an_apply_that_creates_nothing_has_failed(tmp_path: Path, said: list[str]) -> None:
    """However well the engine ended."""
    idle = root(tmp_path, "#!/bin/sh\nexit 0\n", said)
    created = Root(tmp_path / "made", RECORD, idle.executable, session(), said.append)
    created.create()
    with pytest.raises(UserError, match=r"^apply ended well and created nothing: "):
        created.apply()


# Locks the state as an engine does, writes half of it, and the rest once it is told to.
WRITER = """
import fcntl, sys
with open("terraform.tfstate", "rb+") as file:
    whole = file.read()
    fcntl.lockf(file, fcntl.LOCK_EX)
    file.truncate(9)
    print("locked", flush=True)
    sys.stdin.read()
    file.seek(0)
    file.write(whole)
"""


def test_a_state_that_another_engine_writes_is_waited_for(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine of a run that was killed continues; while it writes, the state looks damaged."""
    folder = tmp_path / "module"
    made = Root(folder, RECORD, Executable("true", "Terraform", (1, 11, 4)), session(), said.append)
    made.create()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    assert writer.stdout.readline() == "locked\n"
    waits = []

    def end(seconds: float) -> None:
        waits.append(seconds)
        writer.communicate()

    monkeypatch.setattr("product_import.acceptance.root.sleep", end)
    made.destroy()
    assert len(waits) == 1
    assert made.left() == []
