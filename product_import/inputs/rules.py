"""What an input must be: one rule, checked in Python and by Terraform, with one text."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, TypeGuard

from product_import.inputs.tokens import Later

# arn:<partition>:<service>:<region>:<account>:<resource>
_ARN_REGION = 3


@dataclass(frozen=True)
class Rule:
    """A rule on the value of an input.

    Attributes:
        allowed: completes the sentence "The <input> must ...".
        accepts: tells whether a value follows the rule; gets the value, then those of `others`. In a list or a map
            `Later` is the place of a token.
        condition: the same as a Terraform expression, which is false, not an error, for null; gets references to the
            same values.
        others: names of further inputs that decide. Such a rule can't be a variable's validation in Terraform 1.0. It
            is asked where all of these follow their own rules.
        brief: what a table says in the place of an `allowed` that is a table itself.
    """

    allowed: str
    accepts: Callable[..., bool]
    condition: Callable[..., str]
    others: tuple[str, ...] = ()
    brief: str = ""

    def message(self, name: str) -> str:
        """The error's text: a sentence, as Terraform wants it of a validation."""
        return f"The {name} must {self.allowed}."


def matches(pattern: str, allowed: str, *, longest: int | None = None, excluded: str | None = None) -> Rule:
    """The whole string matches a pattern (of the syntax that Python's re and Terraform's RE2 share)."""

    def accepts(value: object) -> bool:
        return (
            isinstance(value, str)
            and re.fullmatch(pattern, value, re.ASCII) is not None
            and (longest is None or len(value) <= longest)
            and (excluded is None or re.match(excluded, value) is None)
        )

    def condition(reference: str) -> str:
        parts = [_regex(f"^{pattern}$", reference)]
        if longest is not None:
            parts.append(f"try(length({reference}) <= {longest}, false)")
        if excluded is not None:
            parts.append("!" + _regex(f"^{excluded}", reference))
        return " && ".join(parts)

    return Rule(allowed, accepts, condition)


def each_matches(pattern: str, allowed: str, *, least: int = 1) -> Rule:
    """A list of so many strings at least, all of which match the pattern."""

    def accepts(value: object) -> bool:
        return (
            isinstance(value, list | tuple)
            and len(value) >= least
            and all(isinstance(item, str) and _fits(pattern, item) for item in value)
        )

    def condition(reference: str) -> str:
        items = f"[for item in {reference} : {_regex(f'^{pattern}$', 'item')}]"
        return f"try(length({reference}) >= {least} && alltrue({items}), false)"

    return Rule(allowed, accepts, condition)


def each_network(allowed: str) -> Rule:
    """A list of at least one IPv4 network, each written by its first address as AWS writes it back."""
    pattern = r"[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}"
    listed = each_matches(pattern, allowed)

    def is_network(text: str) -> bool:
        try:
            return isinstance(text, Later) or str(ip_network(text)) == text
        except ValueError:
            return False

    return Rule(
        allowed,
        lambda value: listed.accepts(value) and all(map(is_network, value)),
        lambda reference: (
            f"{listed.condition(reference)} && "
            f"try(alltrue([for item in {reference} : cidrsubnet(item, 0, 0) == item]), false)"
        ),
    )


def starts_with(words: Iterable[str], least: int, allowed: str) -> Rule:
    """A list of so many strings at least, none of them empty, the first one of the words."""
    first = list(words)
    listed = each_matches(r"(?s:.+)", allowed, least=least)
    return Rule(
        allowed,
        lambda value: listed.accepts(value) and (isinstance(value[0], Later) or value[0] in first),
        lambda reference: f"{listed.condition(reference)} && try(contains({json.dumps(first)}, {reference}[0]), false)",
    )


def whole_number(lowest: int, highest: int | None = None) -> Rule:
    """An integer within the bounds, both included."""
    allowed = (
        f"be a whole number of at least {lowest}"
        if highest is None
        else f"be a whole number from {lowest} to {highest}"
    )

    def accepts(value: object) -> bool:
        return _is_number(value) and value % 1 == 0 and lowest <= value <= (math.inf if highest is None else highest)

    def condition(reference: str) -> str:
        upper = "" if highest is None else f" && {reference} <= {highest}"
        return f"try({reference} >= {lowest}{upper} && floor({reference}) == {reference}, false)"

    return Rule(allowed, accepts, condition)


def positive() -> Rule:
    """A number above 0, with or without a fraction."""
    return Rule(
        "be a number above 0",
        lambda value: _is_number(value) and value > 0,
        lambda reference: f"try({reference} > 0, false)",
    )


def one_of(values: Iterable[int] | Iterable[str]) -> Rule:
    """One of some numbers, or of some strings."""
    known = list(values)
    return Rule(
        f"be one of {', '.join(map(json.dumps, known))}",
        lambda value: not isinstance(value, bool) and value in known,
        lambda reference: f"try(contains({json.dumps(known)}, {reference}), false)",
    )


def true_or_false() -> Rule:
    """Terraform's own type check says the same, but for null."""
    return Rule(
        "be true or false",
        lambda value: isinstance(value, bool),
        lambda reference: f"{reference} != null",
    )


def or_null(rule: Rule) -> Rule:
    """Nothing, or what follows the rule."""
    return Rule(
        f"{rule.allowed}, or null",
        lambda value: value is None or rule.accepts(value),
        lambda reference: f"{reference} == null || {rule.condition(reference)}",
    )


def at_least(other: str) -> Rule:
    """A number not below another input."""
    return Rule(
        f"not be below the {other}",
        lambda value, lowest: not (_is_number(value) and _is_number(lowest)) or value >= lowest,
        lambda reference, lowest: f"try({reference} >= {lowest}, false)",
        (other,),
    )


def paired_with(other: str, pairs: Mapping[Any, Sequence[int] | Sequence[str]], allowed: str, brief: str = "") -> Rule:
    """A value that goes with that of another input, after a table."""
    table = ", ".join(f'"{key}" = {_listed(values)}' for key, values in pairs.items())
    return Rule(
        allowed,
        # Another rule says what the key must be.
        lambda value, key: key not in pairs or value in pairs[key],
        lambda reference, key: f"try(contains({{ {table} }}[tostring({key})], {reference}), false)",
        (other,),
        brief,
    )


def last_part_is(other: str, allowed: str) -> Rule:
    """A name, or an ARN with the name after its last slash, that is another input's."""
    return Rule(
        allowed,
        lambda value, name: isinstance(value, str) and value.rpartition("/")[2] == name,
        lambda reference, name: f'try(regex("[^/]+$", {reference}) == {name}, false)',
        (other,),
    )


def in_region_of(other: str) -> Rule:
    """An ARN of the region that another input names; what is no ARN is of any region."""

    def accepts(value: object, region: object) -> bool:
        return not isinstance(value, str) or value.count(":") < _ARN_REGION or value.split(":")[_ARN_REGION] == region

    return Rule(
        f"be of the region that the {other} names",
        accepts,
        lambda reference, region: f'try(split(":", {reference})[{_ARN_REGION}], {region}) == {region}',
        (other,),
    )


def each_named(pattern: str, allowed: str, *, reserved: Iterable[str] = (), of: Rule | None = None) -> Rule:
    """A map of strings whose keys match the pattern and are none of the reserved ones; `of` is a rule on each value."""
    taken = list(reserved)

    def accepts(value: object) -> bool:
        return (
            isinstance(value, Mapping)
            and _is_map_of_strings(value)
            and all(_fits(pattern, key) and key not in taken for key in value)
            and (of is None or all(isinstance(item, Later) or of.accepts(item) for item in value.values()))
        )

    def condition(reference: str) -> str:
        parts = [_regex(f"^{pattern}$", "name"), f"!contains({json.dumps(taken)}, name)"]
        # A null is no string, although Terraform's type has it.
        parts.append("item != null" if of is None else of.condition("item"))
        items = f"[for name, item in {reference} : {' && '.join(parts)}]"
        return f"try(alltrue({items}), false)"

    return Rule(allowed, accepts, condition)


def apart_from(other: str) -> Rule:
    """A map that shares no key with another input."""
    return Rule(
        f"share no name with the {other}",
        lambda value, others: (
            not (isinstance(value, Mapping) and isinstance(others, Mapping)) or not value.keys() & others.keys()
        ),
        lambda reference, others: (
            f"try(alltrue([for name in keys({reference}) : !contains(keys({others}), name)]), false)"
        ),
        (other,),
    )


def _fits(pattern: str, text: str) -> bool:
    return isinstance(text, Later) or re.fullmatch(pattern, text, re.ASCII) is not None


def _is_map_of_strings(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(text, str) for item in value.items() for text in item)


def _regex(pattern: str, reference: str) -> str:
    return f"can(regex({json.dumps(pattern)}, {reference}))"


def _listed(values: Sequence[int] | Sequence[str]) -> str:
    if isinstance(values, range):
        return f"range({values.start}, {values.stop}, {values.step})"
    return json.dumps(list(values))


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
