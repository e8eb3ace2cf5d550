"""The last step of each writer: nothing of a plan is printed that did not pass the function of this module."""

from collections.abc import Callable, Mapping
from functools import cache

from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.compare.secrets import Secrets

Hide = Callable[[str], str]
NOTHING: Hide = str
"""Hides nothing, for plans without secrets."""


def hiding(diffs: Mapping[str, PlanDiff]) -> Hide:
    """What replaces the secrets of all environments in a text; one environment may repeat those of another.

    Pass it a text before the text is cut, escaped or broken into lines. Results are kept, since a report is rendered
    several times until it fits.
    """
    found = [diff.secrets for diff in diffs.values()]
    values = frozenset[str]().union(*(secrets.values for secrets in found))
    if not values:
        return NOTHING
    in_names = frozenset[str]().union(*(secrets.in_names for secrets in found))
    # One environment, or the largest, has the index already.
    made = (secrets for secrets in found if (secrets.values, secrets.in_names) == (values, in_names))
    return cache((next(made, None) or Secrets(values, in_names)).hide)
