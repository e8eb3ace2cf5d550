"""The inputs as Terraform variables, with the same rules as in Python."""

import json
from dataclasses import replace
from typing import Any

from product_import.inputs.declaration import Input
from product_import.inputs.table import INPUTS, Inputs

from cdktf import TerraformLocal, TerraformStack, TerraformVariable, TerraformVariableValidationConfig, Token

# cdktf's names of a variable's value, by its type.
_VALUE = {
    "string": "string_value",
    "number": "number_value",
    "list(string)": "list_value",
    "map(string)": "value",
}


def variables(stack: TerraformStack) -> Inputs:
    """Declare a variable for each input and return the references to them."""
    return Inputs(**{row.name: _declare(stack, row) for row in INPUTS})


def real_values(stack: TerraformStack, inputs: Inputs) -> Inputs:
    """Prepare checked values for use in Terraform: nothing in them is taken for a template or leaves its quotes."""
    # cdktf copies the strings of an expression without escaping the quotes; the value of a local is plain JSON.
    images: dict[str, Any] = {
        name: TerraformLocal(stack, name, _literal(image)).as_string
        for name in ("worker_image", "queue_depth_image")
        if (image := getattr(inputs, name))
    }
    tags = {_literal(key): _literal(value) for key, value in inputs.tags.items()}
    prepared = replace(inputs, **images, tags=tags)
    if inputs.redis_auth_token is None:
        (row,) = (row for row in INPUTS if row.name == "redis_auth_token")
        prepared = replace(prepared, redis_auth_token=_declare(stack, row))
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
        default=row.default,
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
    if not in_local:
        return getattr(variable, _VALUE[row.type])
    value = reference = f"var.{row.name}"
    for rule in reversed(in_local):
        condition = rule.condition(reference, *(f"var.{other}" for other in rule.others))
        checked = f"{condition} ? {value} : tonumber({json.dumps(rule.message(row.name))})"
        value = checked if rule is in_local[0] else f"({checked})"
    local = TerraformLocal(stack, f"checked_{row.name}", f"${{{value}}}")
    return local.as_number if row.type == "number" else local.as_string


def _literal(text: str) -> str:
    """A string that Terraform reads as it stands; a token stays one."""
    if "${" in text and Token.is_unresolved(text):
        return text
    return text.replace("${", "$${").replace("%{", "%%{")
