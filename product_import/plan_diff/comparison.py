"""What differs between two marked values, leaf by leaf."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from product_import.plan_diff.values import Missing, Sensitive, notation

# Elements of a list of objects are the same ones where one of these names them, wherever they stand.
ELEMENT_NAMES = ("name", "Name", "Sid", "id", "key")
# What is new or gone is shown whole up to here, else leaf by leaf.
WHOLE_IN_CHARACTERS = 120

# Beyond so many pairs of elements, lists and texts are compared by position.
MOST_PAIRS = 4_000_000

Difference = tuple[str, Any, Any]


def differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """Each path below which `old` and `new` differ, with both values; `Missing.ABSENT` on a side that lacks it.

    Lists of named objects are compared by name, as in `environment["LOG_LEVEL"].value`, other lists element by element
    and texts of several lines line by line, so that what came or went in front leaves the rest equal. A sensitive value
    is compared whole, with a value that is not too.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            old_member, new_member = old.get(name, Missing.ABSENT), new.get(name, Missing.ABSENT)
            if not same(old_member, new_member):
                yield from differences(old_member, new_member, step_into(path, name))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list_differences(old, new, path)
    elif isinstance(old, str) and isinstance(new, str) and "\n" in old.strip() + new.strip():
        yield from _text_differences(old, new, path)
    elif old is Missing.ABSENT and isinstance(new, (dict, list)) and len(notation(new)) > WHOLE_IN_CHARACTERS:
        yield from differences(type(new)(), new, path)
    elif new is Missing.ABSENT and isinstance(old, (dict, list)) and len(notation(old)) > WHOLE_IN_CHARACTERS:
        yield from differences(old, type(old)(), path)
    elif not same(old, new):
        yield path, old, new


def _list_differences(old: list[Any], new: list[Any], path: str) -> Iterator[Difference]:
    name = next((name for name in ELEMENT_NAMES if _names(old, name) and _names(new, name)), None)
    if name and (old or new):
        old_elements = {element[name]: element for element in old}
        new_elements = {element[name]: element for element in new}
        for key in {**old_elements, **new_elements}:
            old_element, new_element = old_elements.get(key, Missing.ABSENT), new_elements.get(key, Missing.ABSENT)
            if not same(old_element, new_element):
                yield from differences(old_element, new_element, f"{path}[{notation(key)}]")
        return
    for (old_start, old_end), (new_start, new_end) in _changed_runs(old, new, [*map(_key, old)], [*map(_key, new)]):
        pairs = zip_longest(old[old_start:old_end], new[new_start:new_end], fillvalue=Missing.ABSENT)
        for index, (old_element, new_element) in enumerate(pairs):
            start = old_start if new_element is Missing.ABSENT else new_start
            yield from differences(old_element, new_element, f"{path}[{start + index}]")


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


def _key(value: Any) -> str:
    """What is the same for equal elements alone; unlike a notation, it tells sensitive ones apart."""
    if isinstance(value, Sensitive):
        return f"sensitive {_key(value.value)}"
    if isinstance(value, dict):
        return f"{{{','.join(f'{name!r}:{_key(value[name])}' for name in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_key, value))}]"
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
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(item, new[name]) for name, item in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)  # to Python, 1 equals true


def step_into(path: str, step: Any) -> str:
    """The path of an object's member or a list's element, as one writes it in Terraform; of a set's, with its value."""
    if not isinstance(step, str) or not step.replace("-", "_").isidentifier():
        return f"{path}[{notation(step)}]"
    return f"{path}.{step}" if path else step
