"""The module's inputs: one table, from which come the Terraform variables, the checks and the documentation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields

from product_import.inputs.alarms import AlarmInputs
from product_import.inputs.declaration import Input
from product_import.inputs.declaration import row as row_of
from product_import.inputs.environment import EnvironmentInputs
from product_import.inputs.redis import RedisInputs
from product_import.inputs.rules import Rule
from product_import.inputs.scaling import ScalingInputs
from product_import.inputs.security import SecurityInputs
from product_import.inputs.workers import WorkerInputs


@dataclass(frozen=True, kw_only=True)
class Inputs(EnvironmentInputs, RedisInputs, WorkerInputs, ScalingInputs, AlarmInputs, SecurityInputs):
    """The values of the module's inputs: real ones from a Python program, or references to Terraform variables.

    `redis_auth_token` may be left out: it is then a sensitive variable of the stack (TF_VAR_redis_auth_token), so that
    no secret is written to cdktf.out.
    """


# What the inputs are about, in the order of the documentation.
GROUPS: Mapping[str, type] = {
    "Environment": EnvironmentInputs,
    "Redis": RedisInputs,
    "Workers": WorkerInputs,
    "Scaling": ScalingInputs,
    "Alarms": AlarmInputs,
    "Security": SecurityInputs,
}
INPUTS = tuple(row_of(field, name) for name, group in GROUPS.items() for field in fields(group))


class InputError(ValueError):
    """Inputs that break their rules; the text has a line for each, with what is allowed and what was given."""


def check(inputs: Inputs) -> None:
    """Check real values. A token of cdktf, such as a reference to another stack, has no value yet and passes.

    Raises:
        InputError: for all broken rules together. A sensitive value does not show.
    """
    broken: dict[str, Rule] = {}
    for with_others in (False, True):
        for row in INPUTS:
            if not (row.sensitive and getattr(inputs, row.name) is None):
                for rule in row.rules:
                    if bool(rule.others) == with_others and _breaks(inputs, row.name, rule, broken):
                        broken[row.name] = rule
    if broken:
        raise InputError("\n".join(_text(inputs, row, broken[row.name]) for row in INPUTS if row.name in broken))


def _breaks(inputs: Inputs, name: str, rule: Rule, broken: Mapping[str, Rule]) -> bool:
    """Whether an input breaks a rule; not where another rule says already what is wrong."""
    if broken.keys() & {name, *rule.others}:
        return False
    values = [getattr(inputs, each) for each in (name, *rule.others)]
    return not rule.accepts(*values) and not any(map(_is_reference, values))


def _text(inputs: Inputs, row: Input, rule: Rule) -> str:
    given = "(sensitive value)" if row.sensitive else repr(getattr(inputs, row.name))
    return f"{rule.message(row.name)} Given: {given}."


def _is_reference(value: object) -> bool:
    """Whether a value is or holds a token of cdktf."""
    from cdktf import Token  # noqa: PLC0415, it starts Node

    try:
        # Infinity and NaN are no JSON: they would end the Node that answers here.
        json.dumps(value, allow_nan=False, default=str)
    except ValueError:
        return False
    return Token.is_unresolved(value) or (isinstance(value, list | tuple) and any(map(Token.is_unresolved, value)))
