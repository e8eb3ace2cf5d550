"""Hide secrets in the last step of each writer: every text of a plan passes `hiding` before it is printed."""

from collections.abc import Callable, Mapping
from functools import cache

from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.compare.secrets import union

Hide = Callable[[str], str]
NOTHING: Hide = str
"""Leaves every text as it is, for plans without secrets."""


def hiding(diffs: Mapping[str, PlanDiff]) -> Hide:
    """Return a function that replaces the secrets of all environments in a text: one may repeat those of another.

    Pass it a text before the text is cut, escaped or broken into lines. Results are cached, since a report is rendered
    several times until it fits.
    """
    secrets = union([diff.secrets for diff in diffs.values()])
    return cache(secrets.hide) if secrets.values else NOTHING
