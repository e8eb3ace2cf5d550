"""What differs between two marked values, leaf by leaf."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from product_import.plan_diff.values import Missing, notation

# Elements of a list of objects are the same ones where one of these names them, wherever they stand.
ELEMENT_NAMES = ("name", "Name", "Sid", "id", "key")
# What is new or gone is shown whole up to here, else leaf by leaf.
WHOLE_IN_CHARACTERS = 120

Difference = tuple[str, Any, Any]


def differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """Each path below which `old` and `new` differ, with both values; `Missing.ABSENT` on a side that lacks it.

    Lists of named objects are compared by name, as in `environment["LOG_LEVEL"].value`, other lists by position once
    their equal end is off. A sensitive value is compared whole, with a value that is not too.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            old_member, new_member = old.get(name, Missing.ABSENT), new.get(name, Missing.ABSENT)
            if not _same(old_member, new_member):
                yield from differences(old_member, new_member, step_into(path, name))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list_differences(old, new, path)
    elif old is Missing.ABSENT and isinstance(new, (dict, list)) and len(notation(new)) > WHOLE_IN_CHARACTERS:
        yield from differences(type(new)(), new, path)
    elif new is Missing.ABSENT and isinstance(old, (dict, list)) and len(notation(old)) > WHOLE_IN_CHARACTERS:
        yield from differences(old, type(old)(), path)
    elif not _same(old, new):
        yield path, old, new


def _list_differences(old: list[Any], new: list[Any], path: str) -> Iterator[Difference]:
    name = next((name for name in ELEMENT_NAMES if _names(old, name) and _names(new, name)), None)
    if name and (old or new):
        old_elements = {element[name]: element for element in old}
        new_elements = {element[name]: element for element in new}
        for key in {**old_elements, **new_elements}:
            old_element, new_element = old_elements.get(key, Missing.ABSENT), new_elements.get(key, Missing.ABSENT)
            if not _same(old_element, new_element):
                yield from differences(old_element, new_element, f"{path}[{notation(key)}]")
        return
    end = _equal_end(old, new)
    pairs = zip_longest(old[: len(old) - end], new[: len(new) - end], fillvalue=Missing.ABSENT)
    for index, (old_element, new_element) in enumerate(pairs):
        yield from differences(old_element, new_element, f"{path}[{index}]")


def _names(elements: list[Any], name: str) -> bool:
    """Whether `name` names each of the elements, and each differently."""
    values = [element.get(name) for element in elements if isinstance(element, dict)]
    return len(values) == len(elements) == len({value for value in values if isinstance(value, str)})


def _equal_end(old: list[Any], new: list[Any]) -> int:
    """How many elements are the same at the end of both."""
    pairs = zip(reversed(old), reversed(new), strict=False)
    return next((index for index, pair in enumerate(pairs) if not _same(*pair)), min(len(old), len(new)))


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(item, new[name]) for name, item in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)  # to Python, 1 equals true


def step_into(path: str, step: str | int) -> str:
    """The path of an object's member or a list's element, as one writes it in Terraform."""
    if isinstance(step, int) or not step.replace("-", "_").isidentifier():
        return f"{path}[{notation(step)}]"
    return f"{path}.{step}" if path else step
