"""The engine of `AWS_PROVIDER=registry`, with the stand-in in the registry's place: what it asks for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from product_import.engine import Executable, changes
from tests.engine.conftest import Served, both_majors
from tests.engine.registry import RegistryEngine
from tests.engine.requirements import required_providers

import pytest

TOPIC: dict[str, Any] = {"resource": {"aws_sns_topic": {"alarms": {"name": "alarms"}}}}


@both_majors
@pytest.mark.parametrize("constraint", ["", ">= 5.28"])
def test_the_version_is_that_of_the_schema(
    tmp_path: Path, executable: Executable, served_providers: Callable[[int], Served], major: int, constraint: str
) -> None:
    """Whatever a root asks for, so that the provider can be held against the schema; and it plans."""
    engine = RegistryEngine(tmp_path, executable, served_providers(major)[1], major=major)
    aws = {"source": "hashicorp/aws", "version": constraint}
    asked = {"terraform": {"required_providers": {"aws": aws}}} if constraint else {}
    engine.write("main.tf.json", TOPIC | asked)
    engine.init()
    assert required_providers(engine) == [("hashicorp/aws", {5: "5.99.1", 6: "6.25.0"}[major])]
    assert changes(engine.plan()) == {"aws_sns_topic.alarms": ("create",)}
