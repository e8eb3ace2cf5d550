"""Fixtures of the doctor's tests."""

from collections.abc import Iterator
from pathlib import Path

from product_import.engine import Executable
from tests.doctor.answers import Answers
from tests.doctor.live import Live, applied, make_healthy

import pytest


@pytest.fixture(scope="package")
def live(executable: Executable, synthesized: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A healthy deployment, for all tests of this folder."""
    with applied(executable, synthesized, tmp_path_factory.mktemp("live")) as live:
        yield live


@pytest.fixture(scope="session")
def all_answers() -> Answers:
    return Answers()


@pytest.fixture
def answers(live: Live, all_answers: Answers) -> Answers:
    """What AWS answers of it, for a test to change."""
    all_answers.session._session.set_config_variable("region", None)
    make_healthy(live, all_answers)
    return all_answers
