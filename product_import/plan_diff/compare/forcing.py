"""Find the arguments that force the replacement of a resource."""

from typing import Any

from product_import.plan_diff.compare.comparison import Paths, step_into
from product_import.plan_diff.compare.values import below, is_marked
from product_import.plan_diff.read.plan import Resource


def forcing_paths(resource: Resource) -> tuple[str, ...]:
    """Return the paths that force a replacement; if the plan names an argument and parts of it, only the argument.

    A path ends at a value that is marked as a whole. The keys of a marked map, for example, are secret.
    """
    change = resource.change
    if not change.replace_paths:
        return ()
    paths = []
    for first, *steps in filter(None, change.replace_paths):
        path = step_into("", first)
        masks = [
            mask if mask is True else below(mask, str(first))
            for mask in (change.before_sensitive, change.after_sensitive)
        ]
        for step in steps:
            if any(_hides_names(mask, step) for mask in masks):
                break
            path = step_into(path, step)
            masks = [below(mask, step) if isinstance(step, (str, int)) else None for mask in masks]
        paths.append(path)
    named = Paths(paths)
    return tuple(path for path in dict.fromkeys(paths) if not named.are_above(path))


def _hides_names(mask: Any, step: Any) -> bool:
    """Whether a mask also marks a step from a value: it marks all, or a part of a set, whose steps are its values."""
    return mask is True or (isinstance(mask, list) and not isinstance(step, int) and is_marked(mask))
