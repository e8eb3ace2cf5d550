"""What differs between two marked values, leaf by leaf."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product, zip_longest
from typing import Any

from product_import.plan_diff.compare.values import Document, Missing, Sensitive, notation

# Elements of a list of objects are the same ones where one of these names them, wherever they stand.
ELEMENT_NAMES = ("name", "Name", "Sid", "id", "key")
# What is new or gone is shown whole up to here, else leaf by leaf.
WHOLE_IN_CHARACTERS = 120

# Beyond so many pairs of elements, lists and texts are compared by position.
MOST_PAIRS = 4_000_000
# Beyond so many pairs of elements, objects are not searched for the most alike.
MOST_LIKENESSES = 1_000

_EMPTY: tuple[Any, ...] = (None, "", 0, False, [], {})

Difference = tuple[str, Any, Any]


@dataclass(frozen=True)
class Rules:
    """What a provider takes for the same in the arguments of a resource, where null means that one is not set."""

    empty_is_null: Callable[[str], bool]
    """Whether null and an empty value are the same at a path."""
    alike: Callable[[str, Any, Any], tuple[Any, Any]]
    """Both values of the documents at a path, alike in all that is the same."""


def differences(old: Any, new: Any, path: str = "", rules: Rules | None = None) -> Iterator[Difference]:
    """Each path below which `old` and `new` differ, with both values; `Missing.ABSENT` on a side that lacks it.

    Lists of named objects are compared by name, as in `environment["LOG_LEVEL"].value`, other lists element by element
    and texts of several lines line by line, so that what came or went in front leaves the rest as it is. A sensitive
    value is compared whole, with a value that is not too. With `rules`, members that are not set are left out of what
    only one side has.
    """
    if rules and Missing.ABSENT in (old, new):
        old, new = (_set_members(side, path.endswith("]"), rules.empty_is_null(path)) for side in (old, new))
    if isinstance(old, Document) and isinstance(new, Document):
        yield from differences(*(rules.alike(path, old.value, new.value) if rules else (old.value, new.value)), path)
    elif isinstance(old, Document) and new is Missing.ABSENT:
        yield from differences(old.value, new, path)
    elif isinstance(new, Document) and old is Missing.ABSENT:
        yield from differences(old, new.value, path)
    elif isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            old_member, new_member = old.get(name, Missing.ABSENT), new.get(name, Missing.ABSENT)
            if not same(old_member, new_member):
                yield from differences(old_member, new_member, step_into(path, name), rules)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list_differences(old, new, path, rules)
    elif isinstance(old, str) and isinstance(new, str) and "\n" in old.strip() + new.strip():
        yield from _text_differences(old, new, path)
    elif old is Missing.ABSENT and isinstance(new, (dict, list)) and len(notation(new)) > WHOLE_IN_CHARACTERS:
        yield from differences(type(new)(), new, path, rules)
    elif new is Missing.ABSENT and isinstance(old, (dict, list)) and len(notation(old)) > WHOLE_IN_CHARACTERS:
        yield from differences(old, type(old)(), path, rules)
    elif not same(old, new) and not (rules and _same_by(rules, path, old, new)):
        yield path, old, new


def _set_members(value: Any, in_list: bool, empty_is_null: bool) -> Any:
    """Without the members that are null, and those that are empty where that is the same and the object is a block.

    A block stands in a list; an object that does not is a map, whose keys are there whatever their values are.
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
    """Whether two leaves are the same to the provider; sensitive ones are compared without being shown."""
    old, new = (side.value if isinstance(side, Sensitive) else side for side in (old, new))
    if isinstance(old, Document) and isinstance(new, Document):
        return same(*rules.alike(path, old.value, new.value))
    return None in (old, new) and is_empty(old) and is_empty(new) and rules.empty_is_null(path)


def is_empty(value: Any) -> bool:
    """Whether it is null or what a provider takes for null."""
    return value in _EMPTY and not isinstance(value, Missing)


def _list_differences(old: list[Any], new: list[Any], path: str, rules: Rules | None) -> Iterator[Difference]:
    name = next((name for name in ELEMENT_NAMES if _names(old, name) and _names(new, name)), None)
    if name and (old or new):
        old_elements = {element[name]: element for element in old}
        new_elements = {element[name]: element for element in new}
        for key in {**old_elements, **new_elements}:
            old_element, new_element = old_elements.get(key, Missing.ABSENT), new_elements.get(key, Missing.ABSENT)
            if not same(old_element, new_element):
                yield from differences(old_element, new_element, f"{path}[{notation(key)}]", rules)
        return
    empty_is_null = rules is not None and rules.empty_is_null(path)
    keys = ([_key(item, empty_is_null) for item in side] for side in (old, new))
    for (old_start, old_end), (new_start, new_end) in _changed_runs(old, new, *keys):
        for old_index, new_index in _pairs(old[old_start:old_end], new[new_start:new_end]):
            old_element = Missing.ABSENT if old_index is None else old[old_start + old_index]
            new_element = Missing.ABSENT if new_index is None else new[new_start + new_index]
            index = old_start + (old_index or 0) if new_index is None else new_start + new_index
            yield from differences(old_element, new_element, f"{path}[{index}]", rules)


def _pairs(old: list[Any], new: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """The indexes of the elements of a changed run that are compared with each other, or with nothing.

    Where elements came or went, those stay together that are alike, and between them those at the same place: what is
    in front may not make all that follows look changed, where each element has an id that becomes unknown.
    """
    old_start = new_start = 0
    for old_end, new_end in [*_alike(old, new), (len(old), len(new))]:
        yield from zip_longest(range(old_start, old_end), range(new_start, new_end))
        if old_end < len(old) and new_end < len(new):
            yield old_end, new_end
        old_start, new_start = old_end + 1, new_end + 1


def _alike(old: list[Any], new: list[Any]) -> list[tuple[int, int]]:
    """The pairs of objects, in their order, that are alike the most in sum."""
    if len(old) == len(new) or not 0 < len(old) * len(new) <= MOST_LIKENESSES:
        return []
    likeness = [[_likeness(old_element, new_element) for new_element in new] for old_element in old]
    # The best sum of the elements from a place in each list on.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, j in product(reversed(range(len(old))), reversed(range(len(new)))):
        paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
        best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found = []
    i = j = 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(old: Any, new: Any) -> float:
    """The share of the members known in both objects that are the same, and 0 below a half; 1 where one names both."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return 0.0
    if any(isinstance(old.get(name), str) and old[name] == new.get(name) for name in ELEMENT_NAMES):
        return 1.0
    known = [name for name in old.keys() & new.keys() if old[name] is not None and new[name] is not Missing.UNKNOWN]
    share = sum(old[name] == new[name] for name in known) / len(known) if known else 0.0
    return share if share >= 0.5 else 0.0


def _text_differences(old: str, new: str, path: str) -> Iterator[Difference]:
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for (old_start, old_end), (new_start, new_end) in _changed_runs(old_lines, new_lines, old_lines, new_lines):
        start, end = (new_start, new_end) if new_end > new_start else (old_start, old_end)
        lines = f"line {start + 1}" if end == start + 1 else f"lines {start + 1} to {end}"
        yield (
            f"{path}, {lines}",
            "".join(old_lines[old_start:old_end]) if old_end > old_start else Missing.ABSENT,
            "".join(new_lines[new_start:new_end]) if new_end > new_start else Missing.ABSENT,
        )


def _changed_runs(
    old: Sequence[Any], new: Sequence[Any], old_keys: list[str], new_keys: list[str]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where runs of elements differ: from and to in each; elements are the same where their keys are."""
    end = _equal_end(old, new)
    old_keys, new_keys = old_keys[: len(old) - end], new_keys[: len(new) - end]
    if len(old_keys) * len(new_keys) > MOST_PAIRS:
        yield (0, len(old_keys)), (0, len(new_keys))
        return
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(None, old_keys, new_keys).get_opcodes():
        if kind != "equal":
            yield (old_start, old_end), (new_start, new_end)


def _key(value: Any, empty_is_null: bool) -> str:
    """What is the same for equal elements alone; unlike a notation, it tells sensitive ones apart."""
    if isinstance(value, Sensitive):
        return f"sensitive {_key(value.value, empty_is_null)}"
    if isinstance(value, Document):
        return f"document {_key(value.value, False)}"
    if isinstance(value, dict):
        names = sorted(name for name in value if not (empty_is_null and is_empty(value[name])))
        # In a map of its own keys, which is no block and stands in no list, an empty value is one.
        inner = {name: _key(value[name], empty_is_null and isinstance(value[name], list)) for name in names}
        return f"{{{','.join(f'{name!r}:{key}' for name, key in inner.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(_key(item, empty_is_null) for item in value)}]"
    return repr(value)


def _names(elements: list[Any], name: str) -> bool:
    """Whether `name` names each of the elements, and each differently."""
    values = [element.get(name) for element in elements if isinstance(element, dict)]
    return len(values) == len(elements) == len({value for value in values if isinstance(value, str)})


def _equal_end(old: Sequence[Any], new: Sequence[Any]) -> int:
    """How many elements are the same at the end of both."""
    pairs = zip(reversed(old), reversed(new), strict=False)
    return next((index for index, pair in enumerate(pairs) if not same(*pair)), min(len(old), len(new)))


def same(old: Any, new: Any) -> bool:
    """Whether both are the same to Terraform."""
    if type(old) is str:  # most are
        return bool(old == new)
    if isinstance(old, Document) and isinstance(new, Document):
        return same(old.value, new.value)
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(item, new[name]) for name, item in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)  # to Python, 1 equals true


def is_below(path: str, other: str) -> bool:
    """Whether a path leads to a part of what the other one leads to."""
    return path.startswith((f"{other}.", f"{other}["))


def touch(path: str, other: str) -> bool:
    """Whether two paths lead to the same, or one to a part of what the other one leads to."""
    return not other or path == other or is_below(path, other) or is_below(other, path)


def step_into(path: str, step: Any) -> str:
    """The path of an object's member or a list's element, as one writes it in Terraform; of a set's, with its value."""
    if not isinstance(step, str) or not step.replace("-", "_").isidentifier():
        return f"{path}[{notation(step)}]"
    return f"{path}.{step}" if path else step
