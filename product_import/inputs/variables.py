"""The inputs as Terraform variables, with the same rules as in Python."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from product_import.inputs.declaration import Input
from product_import.inputs.rules import Rule
from product_import.inputs.table import INPUTS, Inputs
from product_import.inputs.tokens import is_token, of_type

from cdktf import Fn, TerraformLocal, TerraformStack, Token

# The inputs that may hold quotes, backslashes or what looks like a template, and that stand in expressions.
_FREE = (
    *("worker_image", "worker_command", "worker_health_check_command", "worker_environment", "worker_secrets"),
    "queue_depth_image",
)


class _Number(float):
    """cdktf's token of a number."""

    text: str


class _List(list[str]):
    """cdktf's token of a list."""

    text: str


def variables(stack: TerraformStack) -> Inputs:
    """Declare a variable for each input and return the references to them."""
    return Inputs(**_declare(stack, INPUTS, "${var.environment}"))


def real_values(stack: TerraformStack, inputs: Inputs) -> Inputs:
    """Prepare checked values for use in Terraform: nothing in them is taken for a template or leaves its quotes."""
    rows = {row.name: row for row in INPUTS}
    values = {name: _of_type(stack, row, getattr(inputs, name)) for name, row in rows.items()}
    # cdktf copies the strings of an expression without escaping the quotes; the value of a local is plain JSON.
    for name in _FREE:
        if values[name]:
            TerraformLocal(stack, name, _literal(values[name]))
            values[name] = _reference(f"local.{name}", rows[name].type)
    prepared = replace(inputs, **values | {"tags": _literal(values["tags"])})
    if inputs.redis_auth_token is None:
        prepared = replace(prepared, **_declare(stack, [rows["redis_auth_token"]], inputs.environment))
    return prepared


def _of_type(stack: TerraformStack, row: Input, value: Any) -> Any:
    """A value in the type of its input: Terraform takes 1024.0 for 1024, jsii knows no tuples."""
    typed = of_type(value, row.type)
    if isinstance(typed, float) and not is_token(typed) and typed.is_integer():
        return int(typed)
    if not isinstance(typed, list | tuple) or is_token(typed):
        return typed
    if not any(is_token([item]) for item in typed):
        return list(typed)
    # cdktf adds nothing to a token of a list.
    parts = f"{row.name}_parts"
    TerraformLocal(stack, parts, [[item] if is_token([item]) else _literal([item]) for item in typed])
    return _reference(f"flatten(local.{parts})", row.type)


def _declare(stack: TerraformStack, rows: Iterable[Input], environment: str) -> dict[str, Any]:
    """Declare variables, and return the references to them by name.

    A rule on several variables cannot be a validation in Terraform 1.0, and Terraform prints the value that a
    sensitive variable's validation refuses. Such a rule is in two locals instead. The first is its error, or "0". The
    second converts that to a number, which fails with the error, and so is a short line, which Terraform prints.
    """
    null = Token.null_value()
    variables: dict[str, Any] = {}
    checked: dict[str, str] = {}
    references: dict[str, Any] = {}
    for row in rows:
        in_local = [rule for rule in row.rules if rule.others or row.sensitive]
        variables[row.name] = _variable(row, [rule for rule in row.rules if rule not in in_local], null)
        if in_local:
            checked[f"error_{row.name}"] = f"${{{_error(row.name, in_local, environment)}}}"
            checked[f"checked_{row.name}"] = f"${{[var.{row.name}][tonumber(local.error_{row.name})]}}"
        references[row.name] = _reference(f"{'local.checked_' if in_local else 'var.'}{row.name}", row.type)
    # One construct for each takes as long as all the rest of the stack.
    stack.add_override("variable", variables)
    if checked:
        stack.add_override("locals", checked)
    return references


def _variable(row: Input, rules: Iterable[Rule], null: Any) -> dict[str, Any]:
    validations = [
        {"condition": f"${{{rule.condition(f'var.{row.name}')}}}", "error_message": rule.message(row.name)}
        for rule in rules
    ]
    return {
        "type": row.type,
        "description": f"{row.description}.",
        **({} if row.required else {"default": null if row.default is None else row.default}),
        **({"sensitive": True} if row.sensitive else {}),
        **({"validation": validations} if validations else {}),
    }


def _error(name: str, rules: Sequence[Rule], environment: str) -> str:
    """The environment and the text of the first rule that the variable breaks, or "0"."""
    error = '"0"'
    for rule in reversed(rules):
        condition = rule.condition(f"var.{name}", *(f"var.{other}" for other in rule.others))
        # Whoever deploys several environments in one root does not learn of which module Terraform speaks.
        error = f"{condition} ? {error} : {json.dumps(f'{environment}: {rule.message(name)}')}"
    return error


def _reference(text: str, of_type: str) -> Any:
    """A variable or a local as cdktf takes values of its type; `text` of it is what stands for it in an expression."""
    whole = f"${{{text}}}"
    if of_type in ("string", "map(string)"):
        return whole
    reference: Any
    if of_type == "number":
        reference = _Number(Token.as_number(whole))
    elif of_type == "list(string)":
        reference = _List(Token.as_list(whole))
    else:
        reference = Token.as_any(whole)
    # jsii's own objects let nobody add an attribute the usual way.
    object.__setattr__(reference, "text", text)
    return reference


def _literal(value: Any) -> Any:
    """A string that Terraform reads as it stands, or a list or a map of such; a token stays one."""
    if isinstance(value, Mapping):
        return {_literal(key): _literal(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_literal(item) for item in value]
    if is_token(value):
        # A number, or what may be one, is a string in a map of strings only if it is converted.
        return value if isinstance(value, str) else Fn.tostring(value)
    return value.replace("${", "$${").replace("%{", "%%{")
