"""The inputs as Terraform variables, with the same rules as in Python."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from product_import.inputs.declaration import Input
from product_import.inputs.table import INPUTS, Inputs

from cdktf import TerraformLocal, TerraformStack, TerraformVariable, TerraformVariableValidationConfig, Token

# cdktf's names of the value of a variable and of a local, by type.
_VALUE = {
    "bool": ("boolean_value", "as_boolean"),
    "string": ("string_value", "as_string"),
    "number": ("number_value", "as_number"),
    "list(string)": ("list_value", "as_list"),
    "map(string)": ("value", "as_any_map"),
}
# The inputs that may hold quotes, backslashes or what looks like a template, and that stand in expressions.
_FREE = (
    *("worker_image", "worker_command", "worker_health_check_command", "worker_environment", "worker_secrets"),
    "queue_depth_image",
)


def variables(stack: TerraformStack) -> Inputs:
    """Declare a variable for each input and return the references to them."""
    return Inputs(**{row.name: _declare(stack, row) for row in INPUTS})


def real_values(stack: TerraformStack, inputs: Inputs) -> Inputs:
    """Prepare checked values for use in Terraform: nothing in them is taken for a template or leaves its quotes."""
    # cdktf copies the strings of an expression without escaping the quotes; the value of a local is plain JSON.
    rows = {row.name: row for row in INPUTS}
    free: dict[str, Any] = {
        name: getattr(TerraformLocal(stack, name, _literal(value)), _VALUE[rows[name].type][1])
        for name in _FREE
        if (value := getattr(inputs, name))
    }
    # jsii knows no tuples.
    lists = {row.name: list(value) for row in INPUTS if isinstance(value := getattr(inputs, row.name), tuple)}
    prepared = replace(inputs, **lists | free, tags=_literal(inputs.tags))
    if inputs.redis_auth_token is None:
        prepared = replace(prepared, redis_auth_token=_declare(stack, rows["redis_auth_token"]))
    return prepared


def _declare(stack: TerraformStack, row: Input) -> Any:
    """Declare a variable.

    A rule on several variables cannot be a validation in Terraform 1.0, and Terraform prints the value that a
    sensitive variable's validation refuses. Such a rule stands in a local in between, as a conversion of its own text
    to a number, which fails with that text.
    """
    in_local = [rule for rule in row.rules if rule.others or row.sensitive]
    variable = TerraformVariable(
        stack,
        row.name,
        type=row.type,
        description=f"{row.description}.",
        # None would make it required.
        default=Token.null_value() if row.default is None and not row.required else row.default,
        sensitive=row.sensitive or None,
        validation=[
            TerraformVariableValidationConfig(
                condition=f"${{{rule.condition(f'var.{row.name}')}}}", error_message=rule.message(row.name)
            )
            for rule in row.rules
            if rule not in in_local and rule.condition(row.name) != "true"
        ]
        or None,
    )
    of_variable, of_local = _VALUE[row.type]
    if not in_local:
        return getattr(variable, of_variable)
    value = reference = f"var.{row.name}"
    for rule in reversed(in_local):
        condition = rule.condition(reference, *(f"var.{other}" for other in rule.others))
        checked = f"{condition} ? {value} : tonumber({json.dumps(rule.message(row.name))})"
        value = checked if rule is in_local[0] else f"({checked})"
    local = TerraformLocal(stack, f"checked_{row.name}", f"${{{value}}}")
    return getattr(local, of_local)


def _literal(value: Any) -> Any:
    """A string that Terraform reads as it stands, or a list or a map of such; a token stays one."""
    if isinstance(value, Mapping):
        return {_literal(key): _literal(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_literal(item) for item in value]
    if "${" in value and Token.is_unresolved(value):
        return value
    return value.replace("${", "$${").replace("%{", "%%{")
