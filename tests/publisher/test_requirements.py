"""What goes into the image."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pins(file: str) -> set[str]:
    """Each package with its version."""
    return set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / file).read_text(), re.MULTILINE))


def test_the_image_gets_the_versions_that_the_tests_run_with() -> None:
    """Every requirement of the publisher is pinned to the version of requirements/dev.txt, which the tests install."""
    assert {"redis", "botocore"} <= {pin.partition("==")[0] for pin in pins("publisher/requirements.txt")}
    assert pins("publisher/requirements.txt") <= pins("requirements/dev.txt")
