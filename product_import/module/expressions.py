"""Expressions of Terraform that cdktf has no words for."""

from collections.abc import Mapping, Sequence
from typing import Any

from cdktf import Fn, IResolvable, ListTerraformIterator, MapTerraformIterator, Op, TerraformIterator, Token


def only_if(condition: IResolvable | bool, value: Any) -> Any:
    """The value, or null: an argument that is null is as if it were not there."""
    return Fn.conditional(condition, value, Token.null_value())


def listed_if(condition: IResolvable | bool, item: Any) -> Any:
    """A list of the one item, or an empty list."""
    return Fn.conditional(condition, [item], [])


def is_given(value: Any) -> IResolvable | bool:
    """Whether a value is not null."""
    return False if value is None else Op.neq(value, Token.null_value())


def each_item(items: Sequence[str], expression: str) -> Any:
    """A list with an expression for each string of a list, which is `val` in it."""
    iterator: ListTerraformIterator = TerraformIterator.from_list(items)
    return iterator.for_expression_for_list(expression)


def each(mapping: Any, expression: str) -> Any:
    """A list with an expression for each item of a map, whose key is `key` and whose value is `val` in it."""
    known = mapping if isinstance(mapping, Mapping) else Token.as_any_map(mapping)
    iterator: MapTerraformIterator = TerraformIterator.from_map(known)
    return iterator.for_expression_for_list(expression)
