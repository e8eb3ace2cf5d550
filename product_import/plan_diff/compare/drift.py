"""Which of the changes made outside of Terraform a report lists.

Terraform lists those that a planned change refers to: `relevant_attributes` of the plan (internal/command/jsonformat,
diff.go and plan.go). What the plan reverts is a planned change anyway.
"""

import re

from product_import.plan_diff.compare.comparison import Paths, step_into
from product_import.plan_diff.compare.plan_secrets import configured_arguments
from product_import.plan_diff.read.plan import Plan, Resource

_TOP_LEVEL = re.compile(r"[^.\[]*")
_INDEX = re.compile(r"\[[^\]]*\]")
WHOLE = ""
"""The path of the whole object, where that is gone."""


class Drift:
    """Tells the changes of a plan's `resource_drift` apart."""

    def __init__(self, plan: Plan, *, empty: bool) -> None:
        """`empty` is whether the plan changes nothing, no output either."""
        self._configured = configured_arguments(plan)
        self._all = not plan.resource_changes  # a refresh-only plan; others hold what they leave alone, too
        self._relevant: dict[str, Paths] | None = None
        if plan.has_relevant_attributes:
            paths: dict[str, list[str]] = {}
            for attribute in [] if empty else plan.relevant_attributes or []:
                path = WHOLE
                for step in attribute.attribute:
                    path = step_into(path, step)
                paths.setdefault(attribute.resource, []).append(_INDEX.sub("[]", path))
            self._relevant = {address: Paths(found) for address, found in paths.items()}

    def lists(self, resource: Resource, path: str) -> bool:
        """Whether the change at a path is listed."""
        if self._all:
            return True
        if self._relevant is None:
            return self.counts(resource, path)
        relevant = self._relevant.get(resource.address)
        return relevant is not None and relevant.touch(_INDEX.sub("[]", path))

    def counts(self, resource: Resource, path: str) -> bool:
        """Whether the change at a path is one of what the configuration sets; the provider fills in the rest."""
        top_level = _TOP_LEVEL.match(path)
        return path == WHOLE or (top_level is not None and top_level[0] in self._configured(resource))
