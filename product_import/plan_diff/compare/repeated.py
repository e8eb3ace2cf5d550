"""Leave out the differences of maps in which a provider repeats another argument."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from product_import.plan_diff.compare.comparison import Difference, step_into
from product_import.plan_diff.compare.values import Missing

# Maps in which a provider repeats an argument: of AWS, and of Google since 5.0, whose upgrade guide names them.
REPEATED = {
    "tags_all": "tags",
    "terraform_labels": "labels",
    "effective_labels": "labels",
    "effective_annotations": "annotations",
}
_REPEATING, _ARE_REPEATED = tuple(REPEATED), frozenset(REPEATED.values())


def without_repeated(found: Iterable[Difference]) -> Iterator[Difference]:
    """Without the differences that a provider repeats in a map of all tags; the rest are its default tags."""
    all_differences = list(found)
    if not any(path.startswith(_REPEATING) for path, _, _ in all_differences):
        yield from all_differences
        return
    said: dict[str, tuple[Any, Any]] = {}
    for path, old, new in all_differences:
        said[path] = old, new
        if path in _ARE_REPEATED and all(map(_is_map, (old, new))):
            said.update(_members(path, old, new))
    for path, old, new in all_differences:
        name = re.split(r"[.\[]", path, maxsplit=1)[0] if path.startswith(_REPEATING) else ""
        source = REPEATED.get(name)
        if source is None:
            yield path, old, new
        elif path == name and _is_map(old) and _is_map(new):
            repeated = {key for key, pair in _members(source, old, new).items() if said.get(key) == pair}
            sides = [_without(side, source, repeated) for side in (old, new)] if repeated else [old, new]
            if sides != [Missing.ABSENT, Missing.ABSENT]:
                yield path, *sides
        elif said.get(source + path.removeprefix(name)) != (old, new):
            yield path, old, new


def _is_map(value: Any) -> bool:
    """Whether it is a map, or none."""
    return isinstance(value, dict) or value in (None, Missing.ABSENT)


def _members(path: str, old: Any, new: Any) -> dict[str, tuple[Any, Any]]:
    """The members of two maps that differ, by path; no map is an empty one."""
    sides = [side if isinstance(side, dict) else {} for side in (old, new)]
    pairs = {name: tuple(side.get(name, Missing.ABSENT) for side in sides) for name in sides[0] | sides[1]}
    return {step_into(path, name): (pair[0], pair[1]) for name, pair in pairs.items() if pair[0] != pair[1]}


def _without(side: Any, path: str, members: set[str]) -> Any:
    if not isinstance(side, dict):
        return Missing.ABSENT
    return {name: value for name, value in side.items() if step_into(path, name) not in members} or Missing.ABSENT
