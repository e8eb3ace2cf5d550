"""The module's inputs: one table, from which come the Terraform variables, the checks and the documentation."""

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
from product_import.inputs.tokens import Later, without_tokens
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

    So it does in a list, and in a map as a key or a value; what is beside it is checked.

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
    values = [without_tokens(getattr(inputs, each)) for each in (name, *rule.others)]
    return not any(isinstance(value, Later) for value in values) and not rule.accepts(*values)


def _text(inputs: Inputs, row: Input, rule: Rule) -> str:
    given = "(sensitive value)" if row.sensitive else repr(getattr(inputs, row.name))
    return f"{rule.message(row.name)} Given: {given}."
