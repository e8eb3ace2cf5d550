"""Finding what a plan marks as sensitive where the mark was lost."""

from product_import.plan_diff.secrets import Secrets

import pytest


@pytest.mark.parametrize(
    ("text", "occurs"),
    [
        ("rediss://:s3cret!token#1@host:6379", True),
        ("rediss://:s3cret%21token%231@host:6379", True),
        ("s3cret!token#1", True),
        ("s3cret!token", False),
        ("", False),
        ("short", False),
    ],
)
def test_finds_a_secret_inside_other_text(text: str, occurs: bool) -> None:
    """A secret of eight characters or more is found within a text, also in the percent-encoding of URLs."""
    secrets = Secrets(["s3cret!token#1", "short"])
    assert secrets.occur_in(text) is occurs
