"""Hide secrets in the last step of each writer: every text of a plan passes `hiding` before it is printed."""

from collections.abc import Callable, Mapping
from functools import cache

from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.compare.secrets import Secrets

Hide = Callable[[str], str]
NOTHING: Hide = str
"""Leaves every text as it is, for plans without secrets."""


def hiding(diffs: Mapping[str, PlanDiff]) -> Hide:
    """Return a function that replaces the secrets of all environments in a text: one may repeat those of another.

    Pass it a text before the text is cut, escaped or broken into lines. Results are cached, since a report is rendered
    several times until it fits.
    """
    found = [diff.secrets for diff in diffs.values()]
    values = frozenset[str]().union(*(secrets.values for secrets in found))
    if not values:
        return NOTHING
    in_names = frozenset[str]().union(*(secrets.in_names for secrets in found))
    # If one environment has all secrets, its search index is built already.
    made = (secrets for secrets in found if (secrets.values, secrets.in_names) == (values, in_names))
    return cache((next(made, None) or Secrets(values, in_names)).hide)
