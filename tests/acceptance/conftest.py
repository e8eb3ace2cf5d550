"""Fixtures of the acceptance: AWS in memory, an engine that applies to it, and a run that meets both."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from product_import.engine import Executable
from product_import.stand_in.provider import Provider
from tests.acceptance.cloud import Cloud
from tests.acceptance.world import REGION, World, session_of, simulated
from tests.doctor.answers import Answers
from tests.engine.emulator import Emulator, emulated
from tests.engine.stand_in import stand_in

import pytest


@pytest.fixture(scope="module")
def attached(executable: Executable) -> Iterator[tuple[Provider, str]]:
    """A stand-in for the provider."""
    with stand_in(executable) as served:
        yield served


@pytest.fixture(scope="module")
def answers() -> Answers:
    """Answers of AWS, whose clients are made once."""
    return session_of(Answers())


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """AWS in memory."""
    with emulated(REGION, 5) as emulator:
        yield emulator


@pytest.fixture
def cloud(attached: tuple[Provider, str], emulator: Emulator) -> Iterator[Cloud]:
    """What the engine applies to."""
    provider, _ = attached
    provider.cloud = cloud = Cloud(emulator)
    yield cloud
    provider.reset()


@pytest.fixture
def world(
    answers: Answers, cloud: Cloud, attached: tuple[Provider, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """What a run meets, in a folder of the test's own."""
    world = World(answers, cloud.emulator)
    pace = world.pace()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("secrets.token_hex", lambda number: "00" * number)
    monkeypatch.setattr("product_import.acceptance.pace.Pace", lambda: pace)
    monkeypatch.setattr("product_import.acceptance.clean.Pace", lambda: pace)
    with simulated(answers.session, attached[1]):
        yield world


@pytest.fixture
def pressing(cloud: Cloud) -> Iterator[Callable[[str], None]]:
    """Lets somebody press Ctrl-C when a resource of a type was created, before the engine learns it."""

    def when(resource_type: str) -> None:
        cloud.after[resource_type] = lambda: os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield when
    signal.signal(signal.SIGINT, before)
