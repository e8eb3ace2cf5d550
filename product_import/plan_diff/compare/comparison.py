"""Find the differences between two marked values, leaf by leaf."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from product_import.equivalence import canonical
from product_import.plan_diff.compare.alignment import changed_runs
from product_import.plan_diff.compare.likeness import ELEMENT_NAMES, pairs
from product_import.plan_diff.compare.values import Document, Missing, Sensitive, fits, notation
from product_import.plan_diff.compare.yaml_keys import keys_above

# An added or removed value up to this length is shown whole, a longer one leaf by leaf.
WHOLE_IN_CHARACTERS = 120

_EMPTY: tuple[Any, ...] = (None, "", 0, False, [], {})
_COMPOSED = (dict, list, Document)
# Where a step of a path starts, or a key in quotes, which is passed over: it may hold any number of dots.
_STEP = re.compile(r'[.\[]|"(?:[^"\\]|\\.)*"', re.DOTALL)

Difference = tuple[str, Any, Any]


@dataclass(frozen=True)
class Rules:
    """Which arguments of a resource are equal to the provider, although their values differ. Null means not set."""

    empty_is_null: Callable[[str], bool]
    """Whether null and an empty value are equal at a path."""
    alike: Callable[[str, Any, Any], tuple[Any, Any]]
    """Returns both values of the documents at a path, with equivalent parts written in the same way."""


def differences(old: Any, new: Any, path: str = "", rules: Rules | None = None) -> list[Difference]:
    """Return each path at which `old` and `new` differ, with both values; a side without the path has `Missing.ABSENT`.

    Lists of named objects are compared by name, as in `environment["LOG_LEVEL"].value`, other lists element by element,
    and texts of several lines line by line. An insertion does not change what follows it. A sensitive value is compared
    as a whole. With `rules`, the members that are not set are left out of an added or removed value.
    """
    found: list[Difference] = []
    _compare(old, new, path, rules, found)
    return found


def _compare(old: Any, new: Any, path: str, rules: Rules | None, found: list[Difference]) -> None:
    if old is Missing.ABSENT or new is Missing.ABSENT:
        value = new if old is Missing.ABSENT else old
        if rules and isinstance(value, (dict, list)):
            value = _set_members(value, path.endswith("]"), rules.empty_is_null(path))
        leaves: list[tuple[str, Any]] = []
        _add_leaves(value, path, leaves)
        found += [(leaf, old, item) if old is Missing.ABSENT else (leaf, item, new) for leaf, item in leaves]
    elif isinstance(old, Document) and isinstance(new, Document):
        old, new = rules.alike(path, old.value, new.value) if rules else (old.value, new.value)
        _compare(old, new, path, None, found)
    elif isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            old_member, new_member = old.get(name, Missing.ABSENT), new.get(name, Missing.ABSENT)
            if old_member is Missing.ABSENT and not isinstance(new_member, _COMPOSED):
                found.append((step_into(path, name), old_member, new_member))  # as most are where much is created
            elif not same(old_member, new_member):
                _compare(old_member, new_member, step_into(path, name), rules, found)
    elif isinstance(old, list) and isinstance(new, list):
        _compare_lists(old, new, path, rules, found)
    elif isinstance(old, str) and isinstance(new, str) and "\n" in old.strip() + new.strip():
        found.extend(_text_differences(old, new, path))
    elif not same(old, new) and not (rules and _same_by(rules, path, old, new)):
        found.append((path, old, new))


def _add_leaves(value: Any, path: str, leaves: list[tuple[str, Any]]) -> None:
    """Add a value that only one side has: whole if it is short, else leaf by leaf."""
    if isinstance(value, Document):
        value = value.value
    if not isinstance(value, (dict, list)) or fits(value, WHOLE_IN_CHARACTERS):
        leaves.append((path, value))
    elif isinstance(value, dict):
        for name in sorted(value):
            _add_leaves(value[name], step_into(path, name), leaves)
    elif name := _element_name(value):
        for item in value:
            _add_leaves(item, f"{path}[{notation(item[name])}]", leaves)
    else:
        for index, item in enumerate(value):
            _add_leaves(item, f"{path}[{index}]", leaves)


def _set_members(value: Any, in_list: bool, empty_is_null: bool) -> Any:
    """Return the value without null members, and without empty members of blocks if null and empty are equal.

    A block is an element of a list. Any other object is a map, which has its keys whatever their values are.
    """
    if isinstance(value, list):
        return [_set_members(item, True, empty_is_null) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _set_members(item, False, empty_is_null)
        for name, item in value.items()
        if item is not None and not (in_list and empty_is_null and item in ("", [], {}))
    }


def _same_by(rules: Rules, path: str, old: Any, new: Any) -> bool:
    """Whether two leaves are equal to the provider. The comparison looks into sensitive values."""
    old, new = (side.value if isinstance(side, Sensitive) else side for side in (old, new))
    if isinstance(old, Document) and isinstance(new, Document):
        return same(*rules.alike(path, old.value, new.value))
    return None in (old, new) and is_empty(old) and is_empty(new) and rules.empty_is_null(path)


def is_empty(value: Any) -> bool:
    """Whether the value is null, or one that a provider may treat as null."""
    return value in _EMPTY and not isinstance(value, Missing)


def _compare_lists(old: list[Any], new: list[Any], path: str, rules: Rules | None, found: list[Difference]) -> None:
    name = _element_name(old, new)
    if name:
        old_elements = {element[name]: element for element in old}
        new_elements = {element[name]: element for element in new}
        for key in {**old_elements, **new_elements}:
            old_element, new_element = old_elements.get(key, Missing.ABSENT), new_elements.get(key, Missing.ABSENT)
            if not same(old_element, new_element):
                _compare(old_element, new_element, f"{path}[{notation(key)}]", rules, found)
        return
    start = _equal_start(old, new)
    end = _equal_start(old[start:][::-1], new[start:][::-1])
    empty_is_null = rules is not None and rules.empty_is_null(path)
    keys = ([_key(item, empty_is_null) for item in side[start : len(side) - end]] for side in (old, new))
    for (old_start, old_end), (new_start, new_end) in changed_runs(*keys):
        old_run, new_run = old[start + old_start : start + old_end], new[start + new_start : start + new_end]
        for old_index, new_index in pairs(old_run, new_run):
            old_element = Missing.ABSENT if old_index is None else old_run[old_index]
            new_element = Missing.ABSENT if new_index is None else new_run[new_index]
            place = start + (old_start + (old_index or 0) if new_index is None else new_start + new_index)
            _compare(old_element, new_element, f"{path}[{place}]", rules, found)


def _text_differences(old: str, new: str, path: str) -> Iterator[Difference]:
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for (old_start, old_end), (new_start, new_end) in changed_runs(old_lines, new_lines):
        start, end = (new_start, new_end) if new_end > new_start else (old_start, old_end)
        lines = f"line {start + 1}" if end == start + 1 else f"lines {start + 1} to {end}"
        keys = keys_above(new_lines if new_end > new_start else old_lines, start)
        yield (
            f"{path}, {lines}{keys and f' ({keys})'}",
            "".join(old_lines[old_start:old_end]) if old_end > old_start else Missing.ABSENT,
            "".join(new_lines[new_start:new_end]) if new_end > new_start else Missing.ABSENT,
        )


def _key(value: Any, empty_is_null: bool) -> str:
    """Return a text that only equal elements share. Unlike a notation, it differs for different sensitive values."""
    if not empty_is_null:
        try:
            return canonical(value)
        except TypeError:  # one of the classes below is inside
            pass
    if isinstance(value, Sensitive):
        return f"sensitive {_key(value.value, empty_is_null)}"
    if isinstance(value, Document):
        return f"document {_key(value.value, False)}"
    if isinstance(value, dict):
        names = sorted(name for name in value if not (empty_is_null and is_empty(value[name])))
        # A map outside of a list is not a block: its empty values count.
        inner = {name: _key(value[name], empty_is_null and isinstance(value[name], list)) for name in names}
        return f"{{{','.join(f'{name!r}:{key}' for name, key in inner.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(_key(item, empty_is_null) for item in value)}]"
    return repr(value)


def _element_name(*sides: list[Any]) -> str | None:
    """Return the member that names the elements, with a different value in each element of a side."""
    first = next((side[0] for side in sides if side), None)
    if not isinstance(first, dict):
        return None
    return next((name for name in ELEMENT_NAMES if name in first and all(_names(side, name) for side in sides)), None)


def _names(elements: list[Any], name: str) -> bool:
    values = [element.get(name) for element in elements if isinstance(element, dict)]
    return len(values) == len(elements) == len({value for value in values if isinstance(value, str)})


def _equal_start(old: Sequence[Any], new: Sequence[Any]) -> int:
    """Count the equal elements at the start of both."""
    both = zip(old, new, strict=False)
    return next((index for index, pair in enumerate(both) if not same(*pair)), min(len(old), len(new)))


def same(old: Any, new: Any) -> bool:
    """Whether both values are the same to Terraform."""
    # To Python, 1 equals true. Other equal values are the same to Terraform too. Most are written in the same way.
    return bool(old == new) and (type(old) is str or repr(old) == repr(new) or _same_types(old, new))


def _same_types(old: Any, new: Any) -> bool:
    if isinstance(old, Document):
        return _same_types(old.value, new.value)
    if isinstance(old, dict):
        return all(_same_types(item, new[name]) for name, item in old.items())
    if isinstance(old, list):
        return all(map(_same_types, old, new))
    return isinstance(old, bool) == isinstance(new, bool)


class Paths:
    """A set of paths, to look up whether a path is in it, above one of its paths or below one."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._paths = frozenset(paths)
        self._above = {above for path in self._paths for above in _above(path)}

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def are_above(self, path: str) -> bool:
        """Whether the path is below one of these."""
        return any(above in self._paths for above in _above(path))

    def touch(self, path: str) -> bool:
        """Whether the path equals one of these, or is above or below one."""
        return bool(self._paths) and (path in self._paths or path in self._above or self.are_above(path))


def _above(path: str) -> Iterator[str]:
    """Yield the paths above a path, with the empty path, which is above all."""
    yield ""
    for step in _STEP.finditer(path):
        if step[0] in ".[":
            yield path[: step.start()]


def is_below(path: str, other: str) -> bool:
    """Whether a path is below the other one."""
    return path.startswith((f"{other}.", f"{other}["))


def step_into(path: str, step: Any) -> str:
    """Return the path of a member or an element in Terraform's notation; an element of a set has its value there."""
    if not isinstance(step, str) or not step.replace("-", "_").isidentifier():
        return f"{path}[{notation(step)}]"
    return f"{path}.{step}" if path else step
